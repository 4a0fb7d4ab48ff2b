import assert from 'node:assert/strict';
import { alikeOf } from '../../../../src/plan/alike';
import { firstRightOf, itemAt, layoutFlame, type FlameLayout } from '../../../../src/plan/layout/flame';
import { figuresOf, formatShare, metricFor, metricsOf, type Metric } from '../../../../src/plan/layout/metric';
import type { Plan } from '../../../../src/plan/model';
import { readPlan } from '../../../../src/plan/read';
import { allFixtures, fixture, planOf } from '../fixtures';
import { actual, append, chain } from './plans';

const flame = (plan: Plan, metric: Metric, open: ReadonlySet<number> = new Set()): FlameLayout =>
  layoutFlame(plan, figuresOf(plan, metric), alikeOf(plan), open);

/** Items that stick out of their parent, or over the sibling before them. */
function misplaced({ items, left, width, level }: FlameLayout): number[] {
  const ends = new Map<number, number>();
  return items
    .filter(({ index, parent, kind }) => {
      if (parent < 0 || kind === 'frame') return false;
      const from = left[index] ?? NaN;
      const to = from + (width[index] ?? NaN);
      const parentTo = (left[parent] ?? 0) + (width[parent] ?? 0);
      const before = ends.get(parent) ?? left[parent] ?? 0;
      ends.set(parent, to);
      const fits = from >= before - 1e-9 && to <= parentTo + 1e-9 && level[index] === (level[parent] ?? 0) + 1;
      return !fits;
    })
    .map(({ index }) => index);
}

describe('flame layout', () => {
  it('holds every child within its parent, on every plan and by every measure', () => {
    for (const { name, text } of allFixtures()) {
      const plan = readPlan(text);
      for (const metric of metricsOf(plan)) assert.deepEqual(misplaced(flame(plan, metric)), [], `${name} ${metric}`);
    }
  });

  it('is as wide as what a node and all below it took', () => {
    const layout = flame(append(5), 'time');
    // 10 ms of its own, and 1 + 2 + 3 + 4.
    assert.equal(layout.total, 20);
    assert.deepEqual([...layout.width], [1, 0.05, 0.1, 0.15, 0.2]);
    assert.deepEqual(
      Array.from(layout.left, (share) => share.toFixed(2)),
      ['0.00', '0.00', '0.05', '0.15', '0.30'],
    );
  });

  it('draws a closed group as one, and its members opened', () => {
    const plan = append(101);
    const closed = flame(plan, 'time');
    assert.equal(closed.items.length, 2);
    assert.equal(closed.spent[1], 5050);
    const open = flame(plan, 'time', new Set([1]));
    assert.equal(open.items.length, 102);
    assert.equal(open.width[1], 0); // the frame
    assert.deepEqual(misplaced(open), []);
    assert.equal(open.levels[1]?.length, 100);
  });

  it('draws a CTE once, not again in what reads it', () => {
    const plan = fixture('pg15', 'cte');
    const { total, squeezed } = flame(plan, 'time');
    const root = plan.nodes[0]?.inclusiveMs ?? 0;
    assert.ok(Math.abs(total - root) <= 0.05 * root, `${total} ${root}`);
    assert.equal(squeezed.size, 0);
  });

  it('draws children narrower that ran side by side, and says so', () => {
    const plan = planOf({
      'Node Type': 'Append',
      ...actual(10, 2),
      Plans: [
        { 'Node Type': 'Foreign Scan', 'Async Capable': true, ...actual(9, 1) },
        { 'Node Type': 'Foreign Scan', 'Async Capable': true, ...actual(9, 1) },
      ],
    });
    const layout = flame(plan, 'time');
    assert.deepEqual([...layout.squeezed], [0]);
    assert.equal(layout.total, 10);
    assert.deepEqual([...layout.width], [1, 0.5, 0.5]);
  });

  it('has no width for what never ran, and no figures where there are none', () => {
    const plan = fixture('pg15', 'never-executed');
    const layout = flame(plan, 'time');
    for (const { id, neverExecuted } of plan.nodes) if (neverExecuted) assert.equal(layout.width[id], 0);
    const untimed = fixture('pg15', 'timing-off');
    assert.ok(!metricsOf(untimed).includes('time'));
    assert.equal(metricFor(untimed, 'time'), metricsOf(untimed)[0]);
    assert.equal(flame(untimed, 'time').total, 0);
  });

  it('finds what is at a place', () => {
    const layout = flame(append(5), 'time');
    assert.equal(itemAt(layout, 0, 0.99), 0);
    assert.deepEqual(
      [0, 0.06, 0.2, 0.49, 0.51].map((share) => itemAt(layout, 1, share)),
      [1, 2, 3, 4, undefined],
    );
    assert.equal(itemAt(layout, 7, 0.5), undefined);
    assert.equal(firstRightOf(layout, 1, 0.05), 1);
  });

  it('takes 10,000 siblings and 5,000 levels', () => {
    assert.equal(flame(append(10_000), 'time', new Set([1])).levels[1]?.length, 9_999);
    assert.equal(flame(chain(5_000), 'time').total, 0);
  });
});

describe('figures of a measure', () => {
  it('have own cost, own rows, own buffers', () => {
    const plan = planOf({
      'Total Cost': 100,
      'Plan Rows': 4,
      Plans: [{ 'Node Type': 'Sort', 'Total Cost': 70, 'Plan Rows': 9 }],
    });
    assert.deepEqual(figuresOf(plan, 'cost').own, [30, 70]);
    assert.deepEqual(figuresOf(plan, 'rows').own, [4, 9]);
    assert.deepEqual(figuresOf(plan, 'buffers').own, [undefined, undefined]);
    assert.equal(figuresOf(plan, 'cost').total, 100);
  });

  it('says a share only of something', () => {
    assert.deepEqual(
      [formatShare(1, 0), formatShare(0, 5), formatShare(0.001, 5), formatShare(1, 3)],
      [undefined, '0 %', '< 1 %', '33 %'],
    );
  });
});
