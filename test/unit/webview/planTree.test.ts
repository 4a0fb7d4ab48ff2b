import assert from 'node:assert/strict';
import { NO_BUFFERS } from '../../../src/plan/buffers';
import type { PlanNode } from '../../../src/plan/model';
import { readPlan } from '../../../src/plan/read';
import {
  estimatedRows,
  misestimate,
  rowsOf,
  scaleOf,
  toggle,
  unfoldedFor,
  walk,
  type Walk,
} from '../../../src/webview/plan/tree';

/** A plan node with its parent's id, or none; the rest does not matter here. */
function nodes(...parents: (number | undefined)[]): PlanNode[] {
  const made: PlanNode[] = [];
  for (const [id, parent] of parents.entries()) {
    const children = parents.flatMap((of, child) => (of === id ? [child] : []));
    made.push(node({ id, parent, children, depth: parent === undefined ? 0 : (made[parent]?.depth ?? 0) + 1 }));
  }
  return made;
}

/** A node without any figures but the given ones. */
function node(over: Partial<PlanNode>): PlanNode {
  return { ...readPlan('[{"Plan": {"Node Type": "Seq Scan"}}]').nodes[0], ...over } as PlanNode;
}

// 0 ─ 1 ─ 2
//   │   └ 3
//   └ 4 ─ 5
const tree = nodes(undefined, 0, 1, 1, 0, 4);
const at = (selected: number, ...folded: number[]): Walk => ({ selected, folded: new Set(folded) });

describe('rows of a plan', () => {
  it('are all nodes, but those under a folded one', () => {
    assert.deepEqual(rowsOf(tree, new Set()), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(rowsOf(tree, new Set([1])), [0, 1, 4, 5]);
    assert.deepEqual(rowsOf(tree, new Set([0, 1])), [0]);
    assert.deepEqual(rowsOf(tree, new Set([2])), [0, 1, 2, 3, 4, 5]);
  });

  it('unfold so far that a node is in sight', () => {
    assert.deepEqual(unfoldedFor(3, tree, new Set([0, 1, 4])), new Set([4]));
  });

  it('take the selection along when they fold over it', () => {
    assert.deepEqual(toggle(at(3), 1, tree), at(1, 1));
    assert.deepEqual(toggle(at(5), 1, tree), at(5, 1));
    assert.deepEqual(toggle(at(1, 1), 1, tree), at(1));
  });
});

describe('walking a plan by keys', () => {
  const cases: [string, Walk, Walk][] = [
    ['ArrowDown', at(1, 1), at(4, 1)],
    ['ArrowUp', at(4, 1), at(1, 1)],
    ['ArrowUp', at(0), at(0)],
    ['ArrowDown', at(5), at(5)],
    ['Home', at(5), at(0)],
    ['End', at(0, 4), at(4, 4)],
    ['PageDown', at(0), at(3)],
    ['ArrowRight', at(1, 1), at(1)],
    ['ArrowRight', at(1), at(2)],
    ['ArrowRight', at(2), at(2)],
    ['ArrowLeft', at(2), at(1)],
    ['ArrowLeft', at(1), at(1, 1)],
    ['ArrowLeft', at(1, 1), at(0, 1)],
    ['ArrowLeft', at(0, 0), at(0, 0)],
    ['Enter', at(4), at(4, 4)],
  ];
  for (const [key, from, to] of cases) {
    it(`${key} from ${from.selected}${from.folded.size > 0 ? ` with ${[...from.folded].join()} folded` : ''}`, () =>
      assert.deepEqual(walk(from, key, tree, 3), to));
  }

  it('starts at the root if the selected node is not in sight', () => {
    assert.deepEqual(walk(at(3, 1), 'ArrowDown', tree, 3), at(0, 1));
  });

  it('leaves other keys alone', () => {
    assert.equal(walk(at(0), 'x', tree, 3), undefined);
  });
});

describe('the figures beside a plan', () => {
  const buffers = (sharedHit: number) => ({ ...NO_BUFFERS, sharedHit });
  const plan = (all: PlanNode[]) => ({
    nodes: all,
    planningMs: undefined,
    executionMs: undefined,
    analyzed: true,
    settings: {},
    extras: [],
  });

  it('name the nodes with the most time and the most buffers', () => {
    const scale = scaleOf(
      plan([
        node({ id: 0, exclusiveMs: 1, exclusiveBuffers: buffers(0) }),
        node({ id: 1, parent: 0, exclusiveMs: 5, exclusiveBuffers: buffers(3) }),
        node({ id: 2, parent: 0, exclusiveMs: 2, exclusiveBuffers: buffers(90) }),
      ]),
    );
    assert.deepEqual(scale.costliest, { time: 1, buffers: 2 });
    assert.deepEqual([scale.mostMs, scale.mostBuffers], [5, 90]);
  });

  it('name none where there is nothing to compare', () => {
    assert.deepEqual(scaleOf(plan([node({ exclusiveMs: 5 })])).costliest, { time: undefined, buffers: undefined });
    const untimed = scaleOf(plan([node({ id: 0 }), node({ id: 1, parent: 0 })]));
    assert.deepEqual(untimed.costliest, { time: undefined, buffers: undefined });
    assert.deepEqual([untimed.hasTime, untimed.hasBuffers, untimed.hasCost], [false, false, false]);
  });

  it('speak of an estimate that is ten times off', () => {
    assert.equal(misestimate(node({ estimateFactor: 9.9, rows: 99, planRows: 10 })), undefined);
    assert.equal(misestimate(node({ estimateFactor: 24, rows: 240, planRows: 10 })), '24 × more');
    assert.equal(misestimate(node({ estimateFactor: 4200, rows: 1, planRows: 4200 })), '4,200 × fewer');
    assert.equal(misestimate(node({ rows: 240, planRows: 10 })), undefined);
  });

  it('compare the estimate with the rows of all loops', () => {
    assert.equal(estimatedRows(node({ planRows: 10, loops: 3 })), 30);
    assert.equal(estimatedRows(node({ planRows: 10, loops: 0 })), 10);
    assert.equal(estimatedRows(node({})), undefined);
  });
});
