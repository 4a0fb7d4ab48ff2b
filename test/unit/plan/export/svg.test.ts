import assert from 'node:assert/strict';
import { planSvg } from '../../../../src/plan/export/svg';
import { readPlan } from '../../../../src/plan/read';
import { allFixtures, fixture, planOf } from '../fixtures';
import { append } from '../layout/plans';

const TOKEN = /<\/([a-z]+)>|<([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>|(?:[^<>&]|&(?:amp|lt|gt|quot);)+/y;

/** The first element's attributes. @throws when it is not well-formed, as far as our writer could get it wrong. */
function parsed(svg: string): ReadonlyMap<string, string> {
  const open: string[] = [];
  let first: string | undefined;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < svg.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(svg);
    assert.ok(token !== null, `Not well-formed at: ${svg.slice(at, at + 80)}`);
    const [, closed, opened, attributes, end] = token;
    if (closed !== undefined) assert.equal(open.pop(), closed);
    if (opened === undefined) continue;
    first ??= attributes;
    assert.ok(!/&(?!(?:amp|lt|gt|quot);)/.test(attributes ?? ''));
    if (end === '') open.push(opened);
  }
  assert.deepEqual(open, []);
  return new Map(
    Array.from((first ?? '').matchAll(/ ([^=]+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]),
  );
}

describe('a plan as SVG', () => {
  it('is well-formed for every plan, in both themes', () => {
    for (const { name, text } of allFixtures()) {
      for (const theme of ['light', 'dark'] as const) {
        const svg = planSvg(readPlan(text), { theme });
        assert.doesNotThrow(() => parsed(svg), name);
        assert.ok(!/NaN|undefined|Infinity/.test(svg), name);
      }
    }
  });

  it('refers to nothing outside and has nothing that runs', () => {
    const svg = planSvg(fixture('pg15', 'hash-spill'));
    assert.deepEqual(svg.match(/https?:[^"]*/g), ['http://www.w3.org/2000/svg']);
    assert.ok(!/href|url\(|<script|style=|<foreignObject/i.test(svg));
  });

  it('writes names as text, whatever they hold', () => {
    const name = `<img src=x onerror="alert(1)">&\u0001]]>\ud800`;
    const svg = planSvg(planOf({ 'Node Type': 'Seq Scan', 'Relation Name': name, Alias: '__proto__' }));
    parsed(svg);
    assert.ok(!svg.includes('<img') && svg.includes('&lt;img'));
    // Neither control characters nor halves of a pair.
    assert.ok(/^[\n\P{C}]*$/u.test(svg));
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

  it('fits the width that is asked for, and grows no larger than it is', () => {
    const of = (width?: number): number => {
      const svg = planSvg(fixture('pg15', 'hash-spill'), width === undefined ? {} : { width });
      return Number(parsed(svg).get('width'));
    };
    assert.equal(of(200), 200);
    assert.ok(of() > 200);
    assert.equal(of(100_000), of());
  });
});
