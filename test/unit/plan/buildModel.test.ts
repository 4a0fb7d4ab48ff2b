import assert from 'node:assert/strict';
import { detailsOf } from '../../../src/plan/details';
import { sharedBuffers, type PlanNode } from '../../../src/plan/model';
import { readPlan } from '../../../src/plan/read';
import { ancestorsOf, childrenOf, endOf, nodeAt } from '../../../src/plan/tree';
import { fixture, ofType, only, planOf } from './fixtures';

const own = (node: PlanNode): number =>
  node.exclusiveBuffers === undefined ? Number.NaN : sharedBuffers(node.exclusiveBuffers);
const all = (node: PlanNode): number => (node.buffers === undefined ? Number.NaN : sharedBuffers(node.buffers));
const near = (actual: number | undefined, expected: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-9, `${String(actual)}, not ${String(expected)}`);

/** A node with times; children follow. */
const node = (type: string, ms: number, loops: number, properties: object, ...plans: object[]): object => ({
  'Node Type': type,
  'Parent Relationship': 'Outer',
  'Plan Rows': 10,
  'Actual Total Time': ms,
  'Actual Rows': 10,
  'Actual Loops': loops,
  ...properties,
  Plans: plans,
});

describe('plan: time of loops', () => {
  it('is the time of one loop × loops, with the error that rounding makes of it', () => {
    const plan = planOf(
      node(
        'Nested Loop',
        58.5,
        1,
        {},
        node('Seq Scan', 1, 1, {}),
        node('Index Scan', 0.003, 19_499, { 'Parent Relationship': 'Inner' }),
      ),
    );
    const inner = ofType(plan, 'Index Scan');
    near(inner.inclusiveMs, 58.497);
    near(inner.errorMs, 9.7495);
    const [loop] = plan.nodes;
    // 58.5 − 1 − 58.497 is below 0, but not by more than the rounding.
    assert.equal(loop?.exclusiveMs, 0);
    assert.equal(loop.clamped, false);
  });

  it('says when children took more than their parent and rounding does not explain it', () => {
    const plan = planOf(
      node('Append', 10, 1, {}, node('Async Foreign Scan', 8, 1, {}), node('Async Foreign Scan', 9, 1, {})),
    );
    assert.deepEqual([plan.nodes[0]?.exclusiveMs, plan.nodes[0]?.clamped], [0, true]);
  });

  it('knows rows of all loops, fractional ones too', () => {
    const lateral = fixture('pglite', 'lateral');
    const heap = ofType(lateral, 'Bitmap Heap Scan');
    assert.equal(heap.loops, 99);
    assert.ok(!Number.isInteger(heap.rows));
    near(heap.totalRows, (heap.rows ?? 0) * 99);
  });
});

/** Plans of ../shared/data/plans/pev2/spec-inline that are in text form there, as JSON. */
describe('plan: times of reported bugs', () => {
  it('02 actual duration of loops: 0.008 × 402 − 0.015, and what that leaves the join', () => {
    const plan = planOf(
      node(
        'Nested Loop',
        10.198,
        1,
        {},
        node('Seq Scan', 0.058, 1, {}),
        node('Materialize', 0.008, 402, { 'Parent Relationship': 'Inner' }, node('Seq Scan', 0.015, 1, {})),
      ),
    );
    near(ofType(plan, 'Materialize').exclusiveMs, 3.201);
    near(plan.nodes[0]?.exclusiveMs, 6.924);
  });

  it('03 a CTE’s second is not its owner’s', () => {
    const plan = planOf(
      node(
        'Result',
        1001.087,
        1,
        {},
        node('Result', 1001.076, 1, { 'Parent Relationship': 'InitPlan', 'Subplan Name': 'CTE test' }),
        node(
          'Append',
          1001.085,
          1,
          {},
          node('CTE Scan', 1001.082, 1, { 'CTE Name': 'test' }),
          node('CTE Scan', 0.002, 1, { 'CTE Name': 'test' }),
        ),
      ),
    );
    assert.ok((plan.nodes[0]?.exclusiveMs ?? 1) < 0.0021);
    near(
      plan.nodes.reduce((sum, { exclusiveMs }) => sum + (exclusiveMs ?? 0), 0),
      1001.087,
    );
  });

  it('05 loops of all processes: 14.023 × 81,357 ÷ 4', () => {
    const plan = planOf(
      node(
        'Gather',
        383_125.49,
        1,
        { 'Workers Launched': 3 },
        node(
          'Nested Loop',
          378_991.611,
          4,
          {},
          node('Index Scan', 122.561, 4, { 'Parallel Aware': true }),
          node(
            'Bitmap Heap Scan',
            18.601,
            81_357,
            { 'Parent Relationship': 'Inner' },
            node(
              'BitmapAnd',
              15.192,
              81_357,
              {},
              node('Bitmap Index Scan', 14.023, 81_357, { 'Parent Relationship': 'Member' }),
            ),
          ),
        ),
      ),
    );
    near(ofType(plan, 'Bitmap Index Scan').exclusiveMs, 285_217.30275);
  });

  it('05 of 24 workers planned, 7 came', () => {
    const plan = planOf(
      node(
        'Gather',
        1094.352,
        1,
        { 'Workers Planned': 24, 'Workers Launched': 7 },
        node(
          'Nested Loop',
          1072.781,
          8,
          {},
          node('Seq Scan', 1.455, 8, { 'Parallel Aware': true }),
          node('Function Scan', 0.084, 100_000, { 'Parent Relationship': 'Inner' }),
        ),
      ),
    );
    near(ofType(plan, 'Function Scan').exclusiveMs, 1050);
  });
});

describe('plan: parallel', () => {
  it('divides by the processes that ran a node', () => {
    const plan = fixture('pg15', 'parallel-seq-scan');
    const scan = ofType(plan, 'Parallel Seq Scan');
    assert.equal(scan.loops, 3);
    const gather = ofType(plan, 'Gather');
    assert.ok((scan.inclusiveMs ?? Infinity) < (gather.inclusiveMs ?? 0));
  });

  it('does not divide what one process ran alone (pev2: 9 ms for a scan of 27)', () => {
    const one = planOf(
      node(
        'Gather',
        30,
        1,
        { 'Workers Launched': 2 },
        node(
          'Append',
          20,
          3,
          { 'Parallel Aware': true },
          node('Seq Scan', 27, 1, {}),
          node('Seq Scan', 9, 3, { 'Parallel Aware': true }),
        ),
      ),
    );
    near(only(one, ({ type }) => type === 'Seq Scan').inclusiveMs, 27);
    near(ofType(one, 'Parallel Seq Scan').inclusiveMs, 9);
    // 60 process-ms, less 27 and 27, by 3 processes.
    near(ofType(one, 'Parallel Append').exclusiveMs, 2);
    near(ofType(one, 'Gather').exclusiveMs, 10);
  });

  it('does not divide the loops of a process by all processes, deep below it', () => {
    const plan = planOf(
      node(
        'Gather',
        30,
        1,
        { 'Workers Launched': 2 },
        node(
          'Append',
          10,
          3,
          { 'Parallel Aware': true },
          node(
            'Nested Loop',
            25,
            1,
            {},
            node('Seq Scan', 1, 1, {}),
            node('Index Scan', 0.02, 1000, { 'Parent Relationship': 'Inner' }),
          ),
        ),
      ),
    );
    near(ofType(plan, 'Index Scan').inclusiveMs, 20);
    near(ofType(plan, 'Nested Loop').exclusiveMs, 4);
  });

  it('a bitmap is built by one process', () => {
    const plan = fixture('pg15', 'parallel-bitmap');
    const index = ofType(plan, 'Bitmap Index Scan');
    assert.equal(index.loops, 1);
    assert.ok((index.errorMs ?? 0) < 0.0006);
  });

  it('but by every worker under a Bitmap Heap Scan that is not parallel', () => {
    const plan = planOf(
      node(
        'Gather',
        9,
        1,
        { 'Workers Launched': 3 },
        node(
          'Nested Loop',
          8,
          4,
          {},
          node('Seq Scan', 1, 4, { 'Parallel Aware': true }),
          node(
            'Bitmap Heap Scan',
            0.02,
            8000,
            { 'Parent Relationship': 'Inner' },
            node('Bitmap Index Scan', 0.01, 8000, {}),
          ),
        ),
      ),
    );
    near(ofType(plan, 'Bitmap Index Scan').inclusiveMs, 20);
  });

  it('reads from VERBOSE which workers ran a node', () => {
    const worker = (number: number, loops: number): object => ({ 'Worker Number': number, 'Actual Loops': loops });
    const plan = planOf(
      node(
        'Gather',
        30,
        1,
        { 'Workers Launched': 2 },
        node(
          'Append',
          20,
          3,
          { 'Parallel Aware': true, Workers: [worker(0, 1), worker(1, 1)] },
          node('Index Scan', 0.02, 900, { Workers: [worker(1, 900)] }),
        ),
      ),
    );
    near(ofType(plan, 'Index Scan').inclusiveMs, 18);
    assert.deepEqual(detailsOf(ofType(plan, 'Index Scan')), [{ name: 'Worker 1', value: 'Actual Loops: 900' }]);
  });

  it('counts no leader where it did not take part, and no workers where none came', () => {
    assert.equal(ofType(fixture('pg15', 'parallel-no-leader'), 'Parallel Seq Scan').loops, 2);
    const alone = fixture('pg15', 'parallel-no-workers');
    assert.ok((ofType(alone, 'Parallel Seq Scan').errorMs ?? 0) < 0.0006);
  });

  it('divides by processes, not by the loops of its Gather', () => {
    const plan = fixture('pg15', 'parallel-in-loop');
    const scan = only(plan, ({ relation }) => relation === 'orders');
    assert.equal(scan.loops, 9);
    near(scan.errorMs, 0.0005 * 3);
  });

  it('never divides buffers: they are totals', () => {
    assert.equal(
      own(ofType(fixture('pg15', 'parallel-seq-scan'), 'Parallel Seq Scan')),
      all(fixture('pg15', 'parallel-seq-scan').nodes[0] ?? assert.fail()),
    );
  });
});

describe('plan: CTE', () => {
  for (const server of ['pg15', 'pglite'] as const) {
    it(`its work is taken off its scans, not off its owner (${server})`, () => {
      const plan = fixture(server, 'cte');
      const cte = only(plan, ({ subplan }) => subplan === 'CTE recent');
      const scans = plan.nodes.filter(({ type }) => type === 'CTE Scan');
      assert.equal(scans.length, 2);
      assert.ok(own(cte) > 20);
      assert.deepEqual(scans.map(own), [0, 0]);
      for (const scan of scans) assert.ok((scan.exclusiveMs ?? 0) <= (scan.inclusiveMs ?? 0));
    });

    it(`names shadow: the inner w reads the outer one (${server})`, () => {
      const plan = fixture(server, 'cte-shadowed');
      const [outer, inner] = plan.nodes.filter(({ subplan }) => subplan === 'CTE w');
      assert.equal(outer?.type, 'Seq Scan');
      assert.equal(inner?.type, 'CTE Scan');
      const last = plan.nodes.at(-1);
      assert.equal(last?.type, 'CTE Scan');
      // The outer w was read by the last scan first: 255 buffers came through it.
      assert.deepEqual([all(last), own(last), own(outer)], [255, 0, 255]);
      assert.equal(
        plan.nodes.some(({ clamped }) => clamped),
        false,
      );
    });

    it(`that nothing scanned was never executed, and leaves no NaN (${server})`, () => {
      const plan = fixture(server, 'cte-never-scanned');
      assert.equal(only(plan, ({ subplan }) => subplan === 'CTE w').neverExecuted, true);
      assert.equal(only(plan, ({ type }) => type === 'CTE Scan').exclusiveMs, undefined);
    });

    it(`a data-modifying one keeps its time, though the root holds it not (${server})`, () => {
      const plan = fixture(server, 'modifying-cte-unread');
      const gone = only(plan, ({ subplan }) => subplan === 'CTE gone');
      assert.equal(gone.type, 'Delete');
      assert.ok((gone.inclusiveMs ?? 0) > (plan.nodes[0]?.inclusiveMs ?? 0));
      assert.ok((gone.inclusiveMs ?? 0) < (plan.executionMs ?? 0));
      assert.equal(all(plan.nodes[0] ?? assert.fail()), 5);
    });
  }

  it('an early scan of 0.000 ms does not make NaN', () => {
    const plan = planOf(
      node(
        'Append',
        1,
        1,
        {},
        node('Result', 0.5, 1, { 'Parent Relationship': 'InitPlan', 'Subplan Name': 'CTE x' }),
        node('CTE Scan', 0, 1, { 'CTE Name': 'x' }),
      ),
    );
    assert.equal(ofType(plan, 'CTE Scan').exclusiveMs, 0);
  });
});

describe('plan: InitPlan and SubPlan', () => {
  for (const server of ['pg15', 'pglite'] as const) {
    it(`is charged to the node that reads its value (${server})`, () => {
      const plan = fixture(server, 'init-plan-inner-side');
      const [join, initPlan] = plan.nodes;
      assert.equal(initPlan?.relationship, 'InitPlan');
      const orders = only(plan, ({ relation }) => relation === 'orders');
      assert.equal(all(orders) - own(orders), 433);
      assert.ok((orders.exclusiveMs ?? Infinity) < (initPlan.inclusiveMs ?? 0));
      assert.equal(own(join ?? assert.fail()), 0);
    });

    it(`each of two to its own reader (${server})`, () => {
      const plan = fixture(server, 'init-plan-two-readers');
      for (const reader of plan.nodes.filter(({ type, subplan }) => type === 'Index Scan' && subplan === undefined))
        assert.equal(all(reader) - own(reader), 433);
    });

    it(`does not mix InitPlan 1 with InitPlan 10 (${server})`, () => {
      const plan = fixture(server, 'init-plans-eleven');
      const [scan] = plan.nodes;
      assert.ok(own(scan ?? assert.fail()) < 40);
      assert.equal(
        plan.nodes.some(({ clamped }) => clamped),
        false,
      );
    });

    it(`nested (${server})`, () => {
      const plan = fixture(server, 'init-plan-nested');
      const keys = only(plan, ({ relation }) => relation === 'keys');
      assert.deepEqual([all(keys), own(keys)], [456, 23]);
    });

    it(`whose reader only VERBOSE shows is charged to what can hold it (${server})`, () => {
      const plan = fixture(server, 'init-plan-output');
      assert.equal(own(plan.nodes[0] ?? assert.fail()), all(plan.nodes[0] ?? assert.fail()) - 433);
    });

    it(`a correlated SubPlan is taken off its parent, in time and buffers (${server})`, () => {
      const plan = fixture(server, 'sub-plan');
      const [scan] = plan.nodes;
      const sub = only(plan, ({ subplan }) => subplan === 'SubPlan 1');
      assert.equal(sub.loops, 299);
      assert.equal(own(scan ?? assert.fail()), all(scan ?? assert.fail()) - all(sub));
    });

    it(`a hashed one too (${server})`, () => {
      const plan = fixture(server, 'sub-plan-hashed');
      assert.equal(own(plan.nodes[0] ?? assert.fail()), 255);
    });
  }

  it('in a parallel plan is run by the Gather for what is below it', () => {
    const plan = fixture('pg15', 'parallel-init-plan');
    const gathers = plan.nodes.filter(({ type }) => type === 'Gather');
    assert.equal(gathers.length, 2);
    assert.deepEqual(gathers.map(own), [0, 0]);
    const [main, initPlan] = [gathers.at(-1), plan.nodes[1]];
    assert.ok((main?.exclusiveMs ?? Infinity) <= (main?.inclusiveMs ?? 0) - (initPlan?.inclusiveMs ?? 0));
  });

  it('is charged once where two nodes mention it', () => {
    const plan = planOf(
      node(
        'Hash Join',
        30,
        1,
        {},
        node('Aggregate', 10, 1, { 'Parent Relationship': 'InitPlan', 'Subplan Name': 'InitPlan 1 (returns $0)' }),
        node('Seq Scan', 15, 1, { Filter: '(a < $0)' }),
        node('Hash', 4, 1, { 'Parent Relationship': 'Inner' }, node('Index Scan', 3, 1, { 'Index Cond': '(b < $0)' })),
      ),
    );
    near(ofType(plan, 'Seq Scan').exclusiveMs, 5);
    near(ofType(plan, 'Index Scan').exclusiveMs, 3);
  });

  it('is found under the names of 19', () => {
    const plan = planOf(
      node(
        'Append',
        30,
        1,
        {},
        node('Result', 10, 1, { 'Parent Relationship': 'InitPlan', 'Subplan Name': 'InitPlan expr_1' }),
        node('Seq Scan', 12, 1, { Filter: '(a < (InitPlan expr_1).col1)' }),
        node('Index Scan', 14, 1, {}),
      ),
    );
    near(ofType(plan, 'Seq Scan').exclusiveMs, 2);
  });
});

describe('plan: counters', () => {
  it('I/O under the names of each version, own and all', () => {
    const io = (names: readonly [string, string], own: object = {}): PlanNode['exclusiveIo'] =>
      planOf({
        'Actual Loops': 1,
        [names[0]]: 5.25,
        [names[1]]: 0.5,
        ...own,
        Plans: [{ 'Node Type': 'Seq Scan', 'Parent Relationship': 'Outer', 'Actual Loops': 1, [names[0]]: 4 }],
      }).nodes[0]?.exclusiveIo;
    const none = { localReadMs: 0, localWriteMs: 0, tempReadMs: 0, tempWriteMs: 0 };
    assert.deepEqual(io(['I/O Read Time', 'I/O Write Time']), { ...none, sharedReadMs: 1.25, sharedWriteMs: 0.5 });
    assert.deepEqual(io(['Shared I/O Read Time', 'Shared I/O Write Time'], { 'Temp I/O Read Time': 2 }), {
      ...none,
      sharedReadMs: 1.25,
      sharedWriteMs: 0.5,
      tempReadMs: 2,
    });
    assert.equal(io(['Local I/O Read Time', 'Temp I/O Write Time'])?.localReadMs, 1.25);
    assert.equal(planOf({ 'Actual Loops': 1 }).nodes[0]?.io, undefined);
  });

  it('WAL, own and all', () => {
    const wal = { 'WAL Records': 10, 'WAL FPI': 2, 'WAL Bytes': 9000, 'WAL Buffers Full': 1 };
    const child = { 'Node Type': 'Seq Scan', 'Actual Loops': 1, 'WAL Records': 3, 'WAL FPI': 0, 'WAL Bytes': 500 };
    const [update] = planOf({ 'Actual Loops': 1, ...wal, Plans: [child] }).nodes;
    assert.deepEqual(update?.wal, { records: 10, fpi: 2, bytes: 9000, buffersFull: 1 });
    assert.deepEqual(update.exclusiveWal, { records: 7, fpi: 2, bytes: 8500, buffersFull: 1 });
    assert.ok((fixture('pg15', 'verbose-wal-settings').nodes[0]?.exclusiveWal?.records ?? 0) > 0);
  });

  it('what a node left out is 0 where others have it (the text form), but not of what never ran', () => {
    const [, zero, never] = planOf({
      'Actual Loops': 1,
      'Shared Hit Blocks': 4,
      Plans: [
        { 'Node Type': 'Seq Scan', 'Actual Loops': 1 },
        { 'Node Type': 'Seq Scan', 'Actual Loops': 0, 'Shared Hit Blocks': 0 },
      ],
    }).nodes;
    assert.deepEqual([zero?.buffers?.sharedHit, never?.buffers], [0, undefined]);
  });
});

describe('plan: disabled nodes', () => {
  it('18 says so', () => {
    assert.equal(planOf({ Disabled: true }).nodes[0]?.disabled, true);
    assert.equal(planOf({ Disabled: false, 'Startup Cost': 2e10 }).nodes[0]?.disabled, false);
  });

  it('before, 1e10 of startup cost that no child explains', () => {
    assert.equal(fixture('pg15', 'disabled').nodes[0]?.disabled, true);
    const scan = { 'Node Type': 'Seq Scan', 'Startup Cost': 1e10, 'Total Cost': 10_000_000_470 };
    const loop = { 'Node Type': 'Nested Loop', 'Startup Cost': 10_000_000_066, 'Total Cost': 10_000_023_213 };
    const disabled = (top: object): (boolean | undefined)[] =>
      planOf({ ...top, Plans: [scan] }).nodes.map((node) => node.disabled);
    assert.deepEqual(disabled(loop), [false, true]);
    assert.deepEqual(disabled({ ...loop, 'Startup Cost': 20_000_000_066 }), [true, true]);
    // Dear, not disabled: it costs nothing to start.
    assert.equal(planOf({ ...scan, 'Startup Cost': 0, 'Total Cost': 3e10 }).nodes[0]?.disabled, false);
  });
});

describe('plan: ways through the tree', () => {
  const plan = fixture('pg15', 'cte-shadowed');

  it('children, ancestors, the end of a subtree', () => {
    const last = nodeAt(plan, plan.nodes.length - 1);
    const root = nodeAt(plan, 0);
    assert.equal(endOf(plan, root), plan.nodes.length);
    assert.equal(endOf(plan, last), plan.nodes.length);
    assert.deepEqual([...ancestorsOf(plan, last)], [root]);
    assert.deepEqual(
      childrenOf(plan, root).map((node) => node.parent),
      root.children.map(() => 0),
    );
    assert.throws(() => nodeAt(plan, plan.nodes.length), RangeError);
  });
});

describe('plan: what was not measured', () => {
  for (const server of ['pg15', 'pglite'] as const) {
    it(`never executed is not 0 ms (${server})`, () => {
      const node = only(fixture(server, 'never-executed'), ({ relation }) => relation === 'orders');
      assert.deepEqual(
        [node.neverExecuted, node.loops, node.rows, node.inclusiveMs, node.startupMs],
        [true, 0, undefined, undefined, undefined],
      );
    });

    it(`TIMING OFF has rows and no times (${server})`, () => {
      const plan = fixture(server, 'timing-off');
      assert.equal(plan.analyzed, true);
      for (const node of plan.nodes) {
        assert.ok(node.rows !== undefined && node.estimateFactor !== undefined && node.exclusiveBuffers !== undefined);
        assert.deepEqual([node.inclusiveMs, node.exclusiveMs, node.errorMs], [undefined, undefined, undefined]);
      }
    });

    it(`BUFFERS OFF has no buffers (${server})`, () => {
      for (const node of fixture(server, 'buffers-off').nodes)
        assert.deepEqual([node.buffers, node.exclusiveBuffers], [undefined, undefined]);
    });

    it(`without ANALYZE there are only estimates (${server})`, () => {
      const plan = fixture(server, 'no-analyze');
      assert.deepEqual([plan.analyzed, plan.planningMs, plan.executionMs], [false, undefined, undefined]);
      for (const node of plan.nodes)
        assert.deepEqual(
          [node.neverExecuted, node.rows, node.loops, node.estimateFactor],
          [false, undefined, undefined, undefined],
        );
    });

    it(`COSTS OFF has no estimates (${server})`, () => {
      for (const node of fixture(server, 'costs-off').nodes)
        assert.deepEqual([node.planRows, node.totalCost, node.planWidth], [undefined, undefined, undefined]);
    });
  }
});

describe('plan: beside the tree', () => {
  it('settings, triggers, planning buffers, JIT, serialization', () => {
    assert.equal(fixture('pg15', 'verbose-wal-settings').settings['work_mem'], '2MB');
    assert.match(
      fixture('pg15', 'insert-foreign-key').extras.find(
        ({ name }) => name === 'Trigger for constraint reservations_product_fkey on reservations',
      )?.value ?? '',
      /^Time: .*, Calls: 200$/,
    );
    assert.match(
      fixture('pg15', 'timing-off').extras.find(({ name }) => name === 'Planning buffers')?.value ?? '',
      /^shared hit=\d+$/,
    );
    assert.match(
      fixture('pg15', 'jit').extras.find(({ name }) => name === 'JIT')?.value ?? '',
      /^Functions: \d+, Options: \(Inlining: false/,
    );
    assert.match(
      fixture('pglite', 'memory-serialize')
        .extras.map(({ name, value }) => `${name} ${value}`)
        .join('\n'),
      /Planning Memory Used: \d+.*\nSerialization Time: .*Format: text/s,
    );
  });

  it('keeps what it does not know, and identifiers to the last digit', () => {
    const plan = planOf({ 'New in 20': { a: 1, b: ['x', 'y'] } });
    assert.deepEqual(detailsOf(plan.nodes[0] ?? assert.fail()), [{ name: 'New in 20', value: 'a: 1, b: (x, y)' }]);
    const text = '{"Plan": {"Node Type": "Result"}, "Query Identifier": -5424821330993577306}';
    assert.deepEqual(readPlan(text).extras, [{ name: 'Query Identifier', value: '-5424821330993577306' }]);
  });

  it('the I/O section of 19 is a detail', () => {
    const plan = planOf({ 'I/O': { Count: 12, Waits: 3 }, 'Prefetch Distance': 4.5 });
    assert.deepEqual(detailsOf(plan.nodes[0] ?? assert.fail()), [
      { name: 'I/O', value: 'Count: 12, Waits: 3' },
      { name: 'Prefetch Distance', value: '4.5' },
    ]);
  });

  it('WAL stays in the details', () => {
    const update = fixture('pg15', 'verbose-wal-settings').nodes[0] ?? assert.fail();
    assert.match(detailsOf(update).find(({ name }) => name === 'WAL Records')?.value ?? '', /^\d+$/);
  });

  it('a setting called __proto__ is a setting', () => {
    const plan = readPlan('{"Plan": {"Node Type": "Result"}, "Settings": {"__proto__": "x"}}');
    assert.deepEqual(Object.entries(plan.settings), [['__proto__', 'x']]);
  });
});
