import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, PlanNode } from '../../../src/plan/model';
import { readPlan } from '../../../src/plan/read';
import { childrenOf, nodeAt } from '../../../src/plan/tree';
import { ofType, SHARED } from './fixtures';

interface Expected {
  readonly plan: string;
  /** "root.Plans[0].Plans[0] Sort", "pre-order node 12 (…)" or a type that only one node has. */
  readonly node: string;
  readonly value?: number;
  readonly max?: number;
  readonly tol?: number;
}

function nodeMeant(plan: Plan, node: string): PlanNode {
  const place = /^pre-order node (\d+)/.exec(node)?.[1];
  if (place !== undefined) return nodeAt(plan, Number(place) - 1); // Counted from 1.
  const path = /^root((?:\.Plans\[\d+\])*) (.+)$/.exec(node);
  if (path === null) return ofType(plan, node);
  let found = nodeAt(plan, 0);
  for (const [, child] of (path[1] ?? '').matchAll(/\[(\d+)\]/g)) {
    // A CTE or an InitPlan is printed first, and counted.
    found = childrenOf(plan, found)[Number(child)] ?? assert.fail(node);
  }
  assert.equal(found.type, path[2]);
  return found;
}

describe('plan: expected times of reported bugs', () => {
  const path = join(SHARED, 'expected-times.json');
  if (!existsSync(path)) {
    it('../shared/data/plans', function () {
      this.skip();
    });
    return;
  }
  for (const { plan, node, value, max, tol } of JSON.parse(readFileSync(path, 'utf8')) as Expected[]) {
    it(`${plan} ${node}`, () => {
      const exclusive = nodeMeant(readPlan(readFileSync(join(SHARED, plan), 'utf8')), node).exclusiveMs;
      assert.ok(exclusive !== undefined);
      // One case says what it is at most, in whole figures of EXPLAIN's 0.001 ms.
      if (value === undefined) assert.ok(exclusive <= (max ?? assert.fail()) + 1e-9, String(exclusive));
      else assert.ok(Math.abs(exclusive - value) <= (tol ?? 0.0005), `${String(exclusive)}, not ${String(value)}`);
    });
  }
});
