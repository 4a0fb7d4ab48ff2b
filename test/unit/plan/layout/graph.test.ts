import assert from 'node:assert/strict';
import { alikeOf } from '../../../../src/plan/alike';
import { BOX_HEIGHT, BOX_WIDTH, layoutGraph, type Direction, type Placed } from '../../../../src/plan/layout/graph';
import { childrenShown, siblingsShown, step } from '../../../../src/plan/layout/walk';
import type { Plan } from '../../../../src/plan/model';
import { readPlan } from '../../../../src/plan/read';
import { allFixtures, seeded } from '../fixtures';
import { append, chain, randomTree } from './plans';

const NONE = new Map<number, never>();

function overlaps(a: Placed, b: Placed): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Pairs of boxes that cover each other, of which neither is the frame that the other stands in. */
function collisions(boxes: readonly Placed[]): string[] {
  const found: string[] = [];
  const sorted = boxes.toSorted((a, b) => a.x - b.x);
  for (const [place, a] of sorted.entries()) {
    for (const b of sorted.slice(place + 1)) {
      if (b.x >= a.x + a.width) break;
      if (overlaps(a, b) && !stands(boxes, a, b) && !stands(boxes, b, a)) {
        found.push(`${a.item.index} ${b.item.index}`);
      }
    }
  }
  return found;
}

function stands(boxes: readonly Placed[], inner: Placed, frame: Placed): boolean {
  for (let at = inner.item.frame; at >= 0; at = boxes[at]?.item.frame ?? -1) if (at === frame.item.index) return true;
  return false;
}

describe('graph layout', () => {
  for (const direction of ['right', 'down'] as Direction[]) {
    it(`places no box over another, growing ${direction}`, () => {
      const random = seeded(3);
      const plans: Plan[] = allFixtures().map(({ text }) => readPlan(text));
      for (let count = 0; count < 40; count++) plans.push(randomTree(2 + Math.floor(random() * 150), random));
      for (const plan of plans) {
        const alike = alikeOf(plan);
        for (const open of [new Set<number>(), new Set(alike.keys())]) {
          const { boxes, width, height } = layoutGraph(plan, alike, open, direction);
          assert.deepEqual(collisions(boxes), []);
          for (const box of boxes) {
            assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 1 && box.y + box.height <= height + 1);
          }
        }
      }
    });
  }

  it('puts a parent in the middle of its children, and all of a level at one depth', () => {
    const plan = randomTree(200, seeded(5));
    const { boxes } = layoutGraph(plan, NONE, new Set(), 'down');
    for (const { item, x } of boxes) {
      const [first, last] = [boxes[item.children[0] ?? -1], boxes[item.children.at(-1) ?? -1]];
      if (first !== undefined && last !== undefined) assert.ok(Math.abs((first.x + last.x) / 2 - x) <= 1);
    }
    const depths = new Map<number, number>();
    for (const { item, y } of boxes) {
      const depth = plan.nodes[item.node]?.depth ?? 0;
      assert.equal(depths.get(depth) ?? y, y);
      depths.set(depth, y);
    }
  });

  it('lets subtrees of different depths share the breadth', () => {
    // Each join has a leaf at its side: a tree in bands would be as broad as it has leaves.
    let tree = '{"Node Type": "Seq Scan"}';
    for (let level = 0; level < 30; level++) {
      tree = `{"Node Type": "Hash Join", "Plans": [${tree}, {"Node Type": "Hash"}]}`;
    }
    const { width } = layoutGraph(readPlan(`[{"Plan": ${tree}}]`), NONE, new Set(), 'down');
    assert.ok(width < 20 * BOX_WIDTH, String(width));
  });

  it('shows alike children as one box, and opened as a grid of all', () => {
    const plan = append(1001);
    const alike = alikeOf(plan);
    const closed = layoutGraph(plan, alike, new Set(), 'right');
    assert.deepEqual(
      closed.boxes.map(({ item }) => [item.kind, item.node, item.members.length]),
      [
        ['node', 0, 0],
        ['group', 1, 1000],
      ],
    );
    assert.equal(closed.shownBy[700], 1);
    const open = layoutGraph(plan, alike, new Set([1]), 'right');
    assert.equal(open.boxes.length, 1002);
    assert.equal(open.boxes[1]?.item.kind, 'frame');
    const ratio = open.width / open.height;
    assert.ok(ratio > 0.8 && ratio < 4, String(ratio));
    assert.equal(open.boxes[open.shownBy[700] ?? 0]?.item.node, 700);
  });

  it('is linear and does not recurse: 10,000 siblings, 5,000 levels, 100,000 nodes', () => {
    const wide = append(10_000);
    const alike = alikeOf(wide);
    assert.equal(layoutGraph(wide, alike, new Set(alike.keys()), 'down').boxes.length, 10_001);
    // All beside each other, as where they are not alike.
    assert.ok(layoutGraph(wide, NONE, new Set(), 'down').width >= 9_999 * BOX_WIDTH);
    const deep = layoutGraph(chain(5_000), NONE, new Set(), 'down');
    assert.ok(deep.height >= 5_000 * BOX_HEIGHT);
    assert.equal(deep.width, BOX_WIDTH);
    assert.equal(layoutGraph(randomTree(100_000, seeded(9), Infinity), NONE, new Set(), 'right').boxes.length, 100_000);
  });
});

describe('walking a graph', () => {
  const plan = append(7);
  const alike = alikeOf(plan);
  const items = (open: ReadonlySet<number>) => layoutGraph(plan, alike, open, 'down').boxes.map(({ item }) => item);

  it('goes to a closed group as to a node', () => {
    const closed = items(new Set());
    assert.equal(step(closed, 0, 'child'), 1);
    assert.equal(step(closed, 1, 'parent'), 0);
    assert.equal(step(closed, 0, 'parent'), 0);
    assert.equal(step(closed, 1, 'next'), 1);
  });

  it('goes through the members of an open group, never to its frame', () => {
    const open = items(new Set([1]));
    assert.deepEqual(childrenShown(open, 0), [2, 3, 4, 5, 6, 7]);
    assert.equal(step(open, 0, 'child'), 2);
    assert.equal(step(open, 2, 'next'), 3);
    assert.equal(step(open, 2, 'previous'), 2);
    assert.equal(step(open, 7, 'next'), 7);
    assert.equal(step(open, 4, 'first'), 2);
    assert.equal(step(open, 4, 'last'), 7);
    assert.equal(step(open, 4, 'parent'), 0);
    assert.deepEqual(siblingsShown(open, 4), [2, 3, 4, 5, 6, 7]);
    assert.equal(
      step(open, 4, 'next', (index) => index !== 5),
      6,
    );
  });
});
