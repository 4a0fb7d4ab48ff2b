import assert from 'node:assert/strict';
import type { Buffers, Plan } from '../../../src/plan/model';
import { readPlan } from '../../../src/plan/read';
import { describeNode } from '../../../src/plan/words';
import { shape } from '../../../src/plan/find';
import { allFixtures, sharedPlans, type Captured } from './fixtures';

/** What holds for any plan. */
function sound(plan: Plan): void {
  figures(plan, 'plan');
  plan.nodes.forEach((node, place) => {
    assert.equal(node.id, place);
    assert.ok(node.parent === undefined ? place === 0 : node.parent < place);
    for (const child of node.children) assert.equal(plan.nodes[child]?.parent, place);
    if (node.neverExecuted)
      assert.deepEqual(
        [node.rows, node.totalRows, node.inclusiveMs, node.exclusiveMs, node.estimateFactor],
        [undefined, undefined, undefined, undefined, undefined],
      );
    if (node.inclusiveMs !== undefined) assert.ok((node.exclusiveMs ?? 0) <= node.inclusiveMs);
    if (node.estimateFactor !== undefined) assert.ok(node.estimateFactor >= 1);
    assert.doesNotMatch(describeNode(node), /undefined|NaN|Infinity|\be[+-]\d/);
  });
}

/** Every number in it is finite and not negative. */
function figures(value: unknown, path: string): void {
  if (typeof value === 'number') assert.ok(Number.isFinite(value) && value >= 0, `${path} is ${String(value)}`);
  else if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) figures(part, `${path}.${name}`);
}

function buffersAddUp(plan: Plan): void {
  const root = plan.nodes[0]?.buffers;
  if (root === undefined) return;
  for (const field of Object.keys(root) as (keyof Buffers)[]) {
    const sum = plan.nodes.reduce((total, node) => total + (node.exclusiveBuffers?.[field] ?? 0), 0);
    assert.equal(sum, root[field], field);
  }
}

function timesAddUp(plan: Plan): void {
  const root = plan.nodes[0]?.inclusiveMs;
  if (root === undefined) return;
  const sum = plan.nodes.reduce((total, node) => total + (node.exclusiveMs ?? 0), 0);
  const error = plan.nodes.reduce((total, node) => total + (node.errorMs ?? 0), 0);
  assert.ok(Math.abs(sum - root) <= error, `${String(sum)} for ${String(root)} ± ${String(error)}`);
}

/** A data-modifying CTE that its scans do not read to the end runs on after the root is done. */
const RUNS_ON = /modifying-cte-(?:limit|unread)/;
/** One process ran a part alone: its time is wall time, yet the others worked meanwhile. */
const OVERLAPS = /parallel-(?:append-one-process|bitmap)/;

function hold(plans: readonly Captured[]): void {
  for (const { name, text } of plans) {
    it(name, () => {
      const plan = readPlan(text);
      sound(plan);
      shape(plan);
      if (!RUNS_ON.test(name)) buffersAddUp(plan);
      if (!RUNS_ON.test(name) && !OVERLAPS.test(name)) timesAddUp(plan);
    });
  }
}

describe('plan: invariants of captured plans', () => {
  hold(allFixtures());

  it('no captured plan needs clamping beyond its error bars', () => {
    for (const { name, text } of allFixtures())
      assert.deepEqual([name, readPlan(text).nodes.filter((node) => node.clamped)], [name, []]);
  });
});

describe('plan: invariants of other projects’ plans', () => {
  const plans = sharedPlans();
  if (plans === undefined) it('skipped: ../shared/data/plans is not there');
  else hold(plans);
});
