import assert from 'node:assert/strict';
import { alikeOf } from '../../../src/plan/alike';
import { readPlan } from '../../../src/plan/read';
import {
  type Folding,
  groupKey,
  placesOf,
  rowsByDepth,
  rowShowing,
  rowsOf,
  toggled,
  treeOf,
  unfoldedFor,
  walk,
} from '../../../src/webview/plan/rows';

interface Shape {
  readonly [type: string]: readonly Shape[];
}

/** A plan of nodes with the given types. */
function planOf(shape: Shape) {
  const raw = (of: Shape): object => {
    const [[type, below] = ['Result', []]] = Object.entries(of);
    return { 'Node Type': type, Plans: below.map(raw) };
  };
  return readPlan(JSON.stringify([{ Plan: raw(shape) }]));
}

// 0 ─ 1 ─ 2
//   │   └ 3
//   └ 4 ─ 5
const plain = planOf({
  'Nested Loop': [{ 'Hash Join': [{ Limit: [] }, { Unique: [] }] }, { Sort: [{ Result: [] }] }],
});
const tree = treeOf(plain.nodes, new Map());
const folding = (folded: readonly number[] = [], open: readonly number[] = []): Folding => ({
  folded: new Set(folded),
  openGroups: new Set(open),
});
const keys = (of: Folding, from = tree): number[] => rowsOf(from, of).map(({ key }) => key);

describe('rows of a plan', () => {
  it('are all nodes, but those under a folded one', () => {
    assert.deepEqual(keys(folding()), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(keys(folding([1])), [0, 1, 4, 5]);
    assert.deepEqual(keys(folding([0, 1])), [0]);
    assert.deepEqual(keys(folding([2])), [0, 1, 2, 3, 4, 5]);
  });

  it('know their level, their place among their siblings, and whether they unfold', () => {
    const rows = rowsOf(tree, folding([1]));
    assert.deepEqual(
      rows.map(({ depth, position, size, expanded }) => [depth, position, size, expanded]),
      [
        [0, 1, 1, true],
        [1, 1, 2, false],
        [1, 2, 2, true],
        [2, 1, 1, undefined],
      ],
    );
  });

  it('unfold so far that a node is in sight', () => {
    assert.deepEqual(unfoldedFor(tree, 3, folding([0, 1, 4])), folding([4]));
  });

  it('show a hidden node by what hides it', () => {
    const places = placesOf(rowsOf(tree, folding([1])));
    assert.equal(rowShowing(tree, places, 3), 1);
    assert.equal(rowShowing(tree, places, 4), 2);
    assert.equal(rowShowing(treeOf([], new Map()), new Map(), 0), -1);
  });
});

describe('rows of alike nodes', () => {
  // 0 Append ─ 1 Sort ─ 2, 3 Result, 4 Sort ─ 5, 6 Sort ─ 7, 8 Sort ─ 9, 10 Sort ─ 11
  const sort = { Sort: [{ 'Seq Scan': [] }] };
  const plan = planOf({ Append: [sort, { Result: [] }, sort, sort, sort, sort] });
  const parts = treeOf(plan.nodes, alikeOf(plan));
  const key = groupKey(1);

  it('are one until they are opened, and then stand together below it', () => {
    assert.deepEqual(keys(folding(), parts), [0, key, 3]);
    const open = rowsOf(parts, folding([], [1]));
    assert.deepEqual(
      open.map((row) => [row.key, row.depth]),
      [
        [0, 0],
        [key, 1],
        ...[1, 4, 6, 8, 10].flatMap((id) => [
          [id, 2],
          [id + 1, 3],
        ]),
        [3, 1],
      ],
    );
    assert.deepEqual([open[1]?.size, open[2]?.size, open[1]?.id], [2, 5, 1]);
  });

  it('open for a node in them', () => {
    assert.deepEqual(unfoldedFor(parts, 7, folding([6])), folding([], [1]));
    assert.deepEqual(toggled(folding([2]), key), folding([2], [1]));
  });

  it('show their members while they are closed', () => {
    const places = placesOf(rowsOf(parts, folding()));
    assert.equal(rowShowing(parts, places, 9), 1);
    assert.equal(rowShowing(parts, places, key), 1);
  });
});

describe('rows of a list of depths', () => {
  it('fold like a tree', () => {
    const depths = [0, 1, 2, 1, 0];
    const rows = rowsByDepth(depths, new Set([1]));
    assert.deepEqual(
      rows.map(({ key, position, size, expanded }) => [key, position, size, expanded]),
      [
        [0, 1, 2, true],
        [1, 1, 2, false],
        [3, 2, 2, undefined],
        [4, 2, 2, undefined],
      ],
    );
  });
});

describe('walking rows by keys', () => {
  const rows = rowsOf(tree, folding());
  const go = (row: number) => ({ kind: 'go', row });
  const toggle = (row: number) => ({ kind: 'toggle', row });
  const cases: [string, number, object][] = [
    ['ArrowDown', 1, go(2)],
    ['ArrowUp', 4, go(3)],
    ['ArrowUp', 0, go(0)],
    ['ArrowDown', 5, go(5)],
    ['Home', 5, go(0)],
    ['End', 0, go(5)],
    ['PageDown', 0, go(3)],
    ['PageUp', 4, go(1)],
    ['ArrowRight', 1, go(2)],
    ['ArrowRight', 2, go(2)],
    ['ArrowLeft', 3, go(1)],
    ['ArrowLeft', 1, toggle(1)],
    ['Enter', 4, toggle(4)],
    [' ', 2, go(2)],
  ];
  for (const [key, from, to] of cases) {
    it(`${key} from row ${from}`, () => assert.deepEqual(walk(rows, from, key, 3), to));
  }

  it('unfolds a folded row, and leaves it for its parent', () => {
    const folded = rowsOf(tree, folding([1, 0]));
    assert.deepEqual(walk(folded, 0, 'ArrowRight', 3), toggle(0));
    assert.deepEqual(walk(folded, 0, 'ArrowLeft', 3), go(0));
    assert.deepEqual(walk(rowsOf(tree, folding([1])), 1, 'ArrowLeft', 3), go(0));
  });

  it('starts at the top where nothing is selected', () => {
    assert.deepEqual(walk(rows, -1, 'ArrowDown', 3), go(0));
  });

  it('leaves other keys alone', () => {
    assert.equal(walk(rows, 0, 'x', 3), undefined);
    assert.equal(walk(rows, -1, 'Tab', 3), undefined);
  });
});
