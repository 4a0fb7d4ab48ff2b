import assert from 'node:assert/strict';
import type { Plan, PlanNode } from '../../../src/plan/model';
import { detailsOf } from '../../../src/plan/details';
import { shape } from '../../../src/plan/find';
import { PlanParseError } from '../../../src/plan/parse/parseError';
import { readPlans } from '../../../src/plan/read';
import { childrenOf, endOf, isCte, isGather, isInitPlan, nodeAt } from '../../../src/plan/tree';
import { describeNode } from '../../../src/plan/words';
import { allFixtures, sharedPlans, type Captured } from './fixtures';
import { captures } from './formatFixtures';

/** What holds for any plan. */
function sound(plan: Plan): void {
  plan.nodes.forEach((node) => figures({ ...node, properties: undefined }, `nodes.${String(node.id)}`));
  figures({ ...plan, nodes: undefined }, 'plan');
  plan.nodes.forEach((node, place) => {
    assert.equal(node.id, place);
    assert.ok(node.parent === undefined ? place === 0 : node.parent < place);
    for (const child of childrenOf(plan, node)) assert.deepEqual([child.parent, child.depth], [place, node.depth + 1]);
    const next = plan.nodes.slice(place + 1).findIndex(({ depth }) => depth <= node.depth);
    assert.equal(endOf(plan, node), next < 0 ? plan.nodes.length : place + 1 + next);
    measured(node);
    detailsOf(node);
    assert.doesNotMatch(describeNode(node), /undefined|NaN|Infinity|\be[+-]\d/);
  });
}

/** Figures are there or not, together, and within each other. */
function measured(node: PlanNode): void {
  if (node.neverExecuted)
    assert.deepEqual(
      [node.rows, node.totalRows, node.rowsError, node.startupMs, node.inclusiveMs, node.buffers, node.estimateFactor],
      [undefined, undefined, undefined, undefined, undefined, undefined, undefined],
    );
  const times = [node.inclusiveMs, node.exclusiveMs, node.inclusiveErrorMs, node.errorMs];
  assert.ok(
    times.every((ms) => (ms === undefined) === (node.inclusiveMs === undefined)),
    times.join(),
  );
  if (node.inclusiveMs !== undefined) {
    assert.ok((node.exclusiveMs ?? 0) <= node.inclusiveMs);
    assert.ok((node.inclusiveErrorMs ?? 0) > 0 && (node.errorMs ?? 0) >= (node.inclusiveErrorMs ?? 0));
  }
  assert.equal(node.rowsError === undefined, node.rows === undefined || node.loops === undefined);
  assert.ok(node.processes >= 1);
  if (node.estimateFactor !== undefined) assert.ok(node.estimateFactor >= 1);
  if (node.estimateIsBound) assert.ok(node.estimateFactor !== undefined && (node.rows ?? 1) < 1);
  for (const [all, own] of counters(node)) {
    assert.equal(all === undefined, own === undefined);
    for (const [name, value] of Object.entries(own ?? {}))
      assert.ok(value <= (all?.[name] ?? 0), `${name}: ${String(value)} of ${String(all?.[name])}`);
  }
}

type Counters = Readonly<Record<string, number>> | undefined;

function counters(node: PlanNode): [all: Counters, own: Counters][] {
  return [
    [node.buffers && { ...node.buffers }, node.exclusiveBuffers && { ...node.exclusiveBuffers }],
    [node.io && { ...node.io }, node.exclusiveIo && { ...node.exclusiveIo }],
    [node.wal && { ...node.wal }, node.exclusiveWal && { ...node.exclusiveWal }],
  ];
}

/** Every number in it is finite and not negative. */
function figures(value: unknown, path: string): void {
  if (typeof value === 'number') assert.ok(Number.isFinite(value) && value >= 0, `${path} is ${String(value)}`);
  else if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) figures(part, `${path}.${name}`);
}

/**
 * The counters of all nodes are the root's. Not where a data-modifying CTE runs on after the root is done: then they are more, by
 * at most what that CTE took.
 */
function countersAddUp(plan: Plan): void {
  const modifying = plan.nodes.filter((node) => isCte(node) && node.kind === 'ModifyTable');
  const root = plan.nodes[0] ?? assert.fail();
  counters(root).forEach(([all], kind) => {
    for (const [name, total] of Object.entries(all ?? {})) {
      const sumOf = (nodes: readonly PlanNode[], part: 0 | 1): number =>
        nodes.reduce((sum, node) => sum + (counters(node)[kind]?.[part]?.[name] ?? 0), 0);
      const sum = sumOf(plan.nodes, 1);
      // Each node's I/O time is rounded to 0.001 ms, each of the others is exact.
      const error = kind === 1 ? 0.001 * plan.nodes.length : 0;
      assert.ok(sum >= total - error, `${name}: ${String(sum)} of ${String(total)}`);
      assert.ok(sum <= total + error + sumOf(modifying, 0), `${name}: ${String(sum)} of ${String(total)}`);
    }
  });
}

/**
 * The times of all nodes are the root's. Under a Gather, a part that some processes ran alone took wall time while the others
 * did something else: there, a node counts with its share of the processes. More than the root's where children overlapped
 * (`clamped`) or a data-modifying CTE ran on.
 */
function timesAddUp(plan: Plan): void {
  const root = plan.nodes[0]?.inclusiveMs;
  if (root === undefined) return;
  const weights: number[] = [];
  let sum = 0;
  let error = 1e-9 * root;
  let clamped = 0;
  for (const node of plan.nodes) {
    const parent = node.parent === undefined ? undefined : nodeAt(plan, node.parent);
    const weight = parent === undefined ? 1 : (weights[parent.id] ?? 1) * shareOf(parent, node);
    weights.push(weight);
    sum += weight * (node.exclusiveMs ?? 0);
    error += weight * (node.errorMs ?? 0);
    if (node.clamped || (isCte(node) && node.kind === 'ModifyTable')) clamped += node.inclusiveMs ?? 0;
  }
  assert.ok(sum >= root - error, `${String(sum)} for ${String(root)} ± ${String(error)}`);
  if (clamped === 0) assert.ok(sum <= root + error, `${String(sum)} for ${String(root)} ± ${String(error)}`);
}

function shareOf(parent: PlanNode, node: PlanNode): number {
  if (isCte(node) || isInitPlan(node) || (isGather(parent) && node.relationship === 'Outer')) return 1;
  const share = node.processes / parent.processes;
  if (parent.type !== 'Parallel Bitmap Heap Scan' || share >= 1 || node.inclusiveMs === undefined) return share;
  // All processes wait for the bitmap that one builds, as far as they were there.
  return Math.max(share, Math.min(1, (parent.inclusiveMs ?? 0) / node.inclusiveMs));
}

function hold({ text }: Captured): readonly Plan[] {
  const plans = readPlans(text);
  assert.ok(plans.length > 0);
  for (const plan of plans) {
    sound(plan);
    shape(plan);
    countersAddUp(plan);
    timesAddUp(plan);
  }
  return plans;
}

describe('plan: invariants of captured plans', () => {
  for (const plan of allFixtures()) it(plan.name, () => void hold(plan));

  it('no captured plan needs clamping beyond its error bars', () => {
    for (const { name, text } of allFixtures())
      for (const plan of readPlans(text))
        assert.deepEqual([name, plan.nodes.filter((node) => node.clamped)], [name, []]);
  });
});

describe('plan: invariants of what was captured of each server', () => {
  for (const { id, json, text, yaml, xml } of captures())
    it(id, () => {
      for (const format of [json, text, yaml, xml]) hold({ name: id, text: format });
    });
});

describe('plan: invariants of other projects’ plans', () => {
  const plans = sharedPlans();
  if (plans === undefined) {
    it('../shared/data/plans', function () {
      this.skip();
    });
    return;
  }
  for (const plan of plans) {
    it(plan.name, function () {
      try {
        hold(plan);
      } catch (error) {
        if (error instanceof PlanParseError && !isJson(plan.text)) this.skip();
        throw error;
      }
    });
  }
});

/** Then it must be read; of other formats, whether they are read is another test's matter. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
