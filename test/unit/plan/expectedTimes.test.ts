import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlan } from '../../../src/plan/read';
import { SHARED } from './fixtures';

interface Expected {
  readonly plan: string;
  readonly node: string;
  readonly value?: number;
}

/** Where each expected node is, pre-order. Those whose plan is text wait for the text parser. */
const PLACES: Readonly<Record<string, number>> = {
  'root.Plans[0] Sort': 1,
  'root.Plans[0].Plans[0] Parallel Seq Scan': 2,
};

describe('plan: expected times of reported bugs', () => {
  const path = join(SHARED, 'expected-times.json');
  if (!existsSync(path)) {
    it('skipped: ../shared/data/plans is not there');
    return;
  }
  for (const { plan, node, value } of JSON.parse(readFileSync(path, 'utf8')) as Expected[]) {
    const text = readFileSync(join(SHARED, plan), 'utf8');
    if (!text.trimStart().startsWith('[')) {
      it(`${plan} ${node}: skipped, a text plan`);
      continue;
    }
    it(`${plan} ${node}`, () => {
      const place = PLACES[node];
      assert.ok(place !== undefined && value !== undefined);
      const exclusive = readPlan(text).nodes[place]?.exclusiveMs;
      assert.ok(Math.abs((exclusive ?? 0) - value) < 0.001, `${String(exclusive)}, not ${String(value)}`);
    });
  }
});
