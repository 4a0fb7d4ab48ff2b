import assert from 'node:assert/strict';
import { parseStringPromise } from 'xml2js';
import { planSvg } from '../../../../src/plan/export/svg';
import { readPlan } from '../../../../src/plan/read';
import { allFixtures, fixture, planOf } from '../fixtures';
import { append } from '../layout/plans';

/** @throws when it is not well-formed */
async function parsed(svg: string): Promise<Record<string, unknown>> {
  return ((await parseStringPromise(svg)) as { svg: Record<string, unknown> }).svg;
}

describe('a plan as SVG', () => {
  it('is well-formed for every plan, in both themes', async () => {
    for (const { name, text } of allFixtures()) {
      for (const theme of ['light', 'dark'] as const) {
        const svg = planSvg(readPlan(text), { theme });
        await assert.doesNotReject(parsed(svg), name);
        assert.ok(!/NaN|undefined|Infinity/.test(svg), name);
      }
    }
  });

  it('refers to nothing outside and has nothing that runs', () => {
    const svg = planSvg(fixture('pg15', 'hash-spill'));
    assert.deepEqual(svg.match(/https?:[^"]*/g), ['http://www.w3.org/2000/svg']);
    assert.ok(!/href|url\(|<script|style=|<foreignObject/i.test(svg));
  });

  it('writes names as text, whatever they hold', async () => {
    const name = `<img src=x onerror="alert(1)">&\u0001]]>\ud800`;
    const svg = planSvg(planOf({ 'Node Type': 'Seq Scan', 'Relation Name': name, Alias: '__proto__' }));
    await parsed(svg);
    assert.ok(!svg.includes('<img') && svg.includes('&lt;img'));
    // eslint-disable-next-line no-control-regex -- what must not be in it
    assert.ok(!/[\u0000-\u0008]/.test(svg) && svg.isWellFormed());
  });

  it('keeps 10,000 alike scans as one box', () => {
    const svg = planSvg(append(10_000));
    assert.ok(svg.length < 5_000, String(svg.length));
    assert.ok(svg.includes('9,999 × Seq Scan'));
    const open = planSvg(append(20), { open: new Set([1]) });
    assert.equal(open.match(/>on part_\d+</g)?.length, 19);
  });

  it('says in words what never ran', () => {
    assert.ok(planSvg(fixture('pg15', 'never-executed')).includes('>never executed<'));
  });

  it('fits the width that is asked for, and grows no larger than it is', async () => {
    const of = async (width?: number): Promise<number> => {
      const { $ } = (await parsed(planSvg(fixture('pg15', 'hash-spill'), width === undefined ? {} : { width }))) as {
        $: { width: string };
      };
      return Number($.width);
    };
    assert.equal(await of(200), 200);
    assert.equal(await of(100_000), await of());
  });
});
