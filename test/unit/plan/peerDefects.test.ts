import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, PlanNode } from '../../../src/plan/model';
import { readPlan } from '../../../src/plan/read';
import { isInitPlan, nodeAt } from '../../../src/plan/tree';
import { describeNode } from '../../../src/plan/words';
import { fixture, ofType, only, SHARED } from './fixtures';

/** What other tools get wrong, one test each: the defects that plan-rules.md names. Plans are real, or as small as the defect. */

const near = (actual: number | undefined, expected: number, tolerance = 1e-9): void =>
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= tolerance,
    `${String(actual)}, not ${String(expected)}`,
  );

const onRelation = (plan: Plan, relation: string): PlanNode => only(plan, (node) => node.relation === relation);

const sumOf = (plan: Plan, figure: (node: PlanNode) => number | undefined): number =>
  plan.nodes.reduce((sum, node) => sum + (figure(node) ?? 0), 0);

describe('plan: defects of peers, parallel', () => {
  it('pev2 #482: what one process ran in 30 loops is not divided by all processes (41.2 ms for 123.57)', () => {
    const plan = readPlan(`
Gather  (cost=1.00..900.00 rows=90 width=8) (actual time=0.5..261.170 rows=90 loops=1)
  Workers Planned: 2
  Workers Launched: 2
  ->  Parallel Append  (cost=0.00..800.00 rows=45 width=8) (actual time=0.4..130.000 rows=30 loops=3)
        ->  Nested Loop  (cost=0.00..400.00 rows=30 width=8) (actual time=0.3..125.000 rows=30 loops=1)
              ->  Seq Scan on few  (cost=0.00..1.30 rows=30 width=8) (actual time=0.01..0.020 rows=30 loops=1)
              ->  Index Scan using many_pkey on many  (cost=0.4..8.0 rows=1 width=8) (actual time=4.0..4.119 rows=1 loops=30)
        ->  Parallel Seq Scan on other  (cost=0.00..400.00 rows=30 width=8) (actual time=0.1..80.000 rows=20 loops=3)
`);
    const many = onRelation(plan, 'many');
    near(many.inclusiveMs, 123.57);
    assert.equal(many.processes, 1);
    near(ofType(plan, 'Nested Loop').exclusiveMs, 125 - 123.57 - 0.02);
    near(onRelation(plan, 'other').inclusiveMs, 80);
  });

  it('pev2 #421: a scan of 27 ms in the leader alone takes 27 ms, not 9', () => {
    const plan = readPlan(`
Gather  (actual time=0.5..30.000 rows=300 loops=1)
  Workers Planned: 2
  Workers Launched: 2
  ->  Parallel Append  (actual time=0.0..20.000 rows=100 loops=3)
        ->  Seq Scan on small  (actual time=0.0..27.000 rows=100 loops=1)
        ->  Parallel Seq Scan on large  (actual time=0.0..9.000 rows=66 loops=3)
`);
    near(onRelation(plan, 'small').inclusiveMs, 27);
    near(onRelation(plan, 'large').inclusiveMs, 9);
  });

  it('pev2 #696: a bitmap is built by one process, and the others wait for it', () => {
    const plan = fixture('pg15', 'parallel-bitmap');
    const [heap, index] = [ofType(plan, 'Parallel Bitmap Heap Scan'), ofType(plan, 'Bitmap Index Scan')];
    assert.deepEqual([heap.loops, heap.processes, index.loops, index.processes], [3, 3, 1, 1]);
    near(index.inclusiveMs, 0.55);
    near(heap.exclusiveMs, (heap.inclusiveMs ?? 0) - 0.55);
  });

  it('pev2 #418: I/O time is a sum over processes, so it may exceed a node’s time but not that of its processes', () => {
    const plan = readPlan(`
Gather  (actual time=10.0..2735.000 rows=10573 loops=1)
  Workers Planned: 2
  Workers Launched: 2
  Buffers: shared read=40000
  I/O Timings: shared read=6200.000
  ->  Nested Loop  (actual time=1.0..2700.000 rows=3524 loops=3)
        Buffers: shared read=40000
        I/O Timings: shared read=6200.000
        ->  Parallel Seq Scan on a  (actual time=0.1..200.000 rows=3524 loops=3)
              Buffers: shared read=400
              I/O Timings: shared read=73.000
        ->  Index Scan using b_pkey on b  (actual time=0.6..0.632 rows=1 loops=10573)
              Buffers: shared read=39600
              I/O Timings: shared read=6127.000
`);
    const scan = onRelation(plan, 'b');
    near(scan.inclusiveMs, (0.632 * 10_573) / 3);
    near(scan.io?.sharedReadMs, 6127);
    assert.ok((scan.io?.sharedReadMs ?? 0) <= (scan.inclusiveMs ?? 0) * scan.processes);
    near(ofType(plan, 'Nested Loop').exclusiveIo?.sharedReadMs, 0);
  });

  it('pev2: of 24 workers planned, those that came count', () => {
    const plan = readPlan(`
Gather  (actual time=1.0..1094.352 rows=100000 loops=1)
  Workers Planned: 24
  Workers Launched: 7
  ->  Nested Loop  (actual time=1.0..1072.781 rows=12500 loops=8)
        ->  Parallel Seq Scan on t  (actual time=0.1..1.455 rows=12500 loops=8)
        ->  Function Scan on f  (actual time=0.08..0.084 rows=1 loops=100000)
`);
    near(ofType(plan, 'Function Scan').exclusiveMs, 1050);
  });

  it('buffers of parallel nodes are totals: no division by loops', () => {
    const plan = fixture('pg15', 'parallel-seq-scan');
    const scan = ofType(plan, 'Parallel Seq Scan');
    assert.equal(scan.loops, 3);
    assert.deepEqual(scan.exclusiveBuffers, nodeAt(plan, 0).buffers);
  });
});

describe('plan: defects of peers, loops and rounding', () => {
  it('pev2 #648: 0 rows in a million loops may be 400,000', () => {
    const plan = readPlan(`
Nested Loop  (cost=0.4..900000.00 rows=500000 width=8) (actual time=0.1..5000.000 rows=400000 loops=1)
  ->  Seq Scan on a  (cost=0.00..15406.00 rows=1000000 width=4) (actual time=0.0..100.000 rows=1000000 loops=1)
  ->  Index Scan using b_aid_d_idx on b  (cost=0.4..0.5 rows=2 width=4) (actual time=0.000..0.000 rows=0 loops=1000000)
        Filter: (c > 6)
        Rows Removed by Filter: 1
`);
    const scan = onRelation(plan, 'b');
    assert.deepEqual([scan.totalRows, scan.rowsError], [0, 500_000]);
    assert.ok((scan.totalRows ?? 0) + (scan.rowsError ?? 0) >= 400_000);
    assert.deepEqual([scan.estimateFactor, scan.estimateIsBound], [2, true]);
    // Its time is 0 ± 500 ms.
    assert.deepEqual([scan.inclusiveMs, scan.inclusiveErrorMs], [0, 500]);
    assert.match(describeNode(scan), /at most 500 ms/);
  });

  it('from 18 on, rows have two decimals: 0.40 rows in a million loops are 400,000 ± 5,000', () => {
    const plan = readPlan(
      'Index Scan using i on b  (cost=0.4..0.5 rows=2 width=4) (actual time=0.000..0.001 rows=0.40 loops=1000000)',
    );
    near(nodeAt(plan, 0).totalRows, 400_000);
    near(nodeAt(plan, 0).rowsError, 5000);
    assert.equal(readPlan('Seq Scan on t  (actual time=0.0..1.0 rows=7.00 loops=1)').nodes[0]?.rowsError, 0);
  });

  it('0.003 ms × 19,499 is “less” than its child’s 100.3 ms: within the error, so no clamping', () => {
    const plan = readPlan(`
Nested Loop  (actual time=0.1..200.000 rows=19499 loops=1)
  ->  Seq Scan on t  (actual time=0.0..10.000 rows=19499 loops=1)
  ->  Materialize  (actual time=0.000..0.003 rows=1 loops=19499)
        ->  Seq Scan on u  (actual time=0.0..60.300 rows=1 loops=1)
`);
    const materialize = ofType(plan, 'Materialize');
    near(materialize.inclusiveMs, 58.497);
    near(materialize.inclusiveErrorMs, 9.7495);
    assert.deepEqual([materialize.exclusiveMs, materialize.clamped], [0, false]);
    // Beyond it, it is said.
    const beyond = readPlan(`
Materialize  (actual time=0.000..0.003 rows=1 loops=19499)
  ->  Seq Scan on u  (actual time=0.0..100.300 rows=1 loops=1)
`);
    assert.deepEqual([nodeAt(beyond, 0).exclusiveMs, nodeAt(beyond, 0).clamped], [0, true]);
  });

  it('children of an asynchronous Append overlap: clamped, and said', () => {
    const plan = readPlan(`
Append  (actual time=1.0..10.000 rows=20 loops=1)
  ->  Async Foreign Scan on a  (actual time=0.5..8.000 rows=10 loops=1)
  ->  Async Foreign Scan on b  (actual time=0.5..9.000 rows=10 loops=1)
`);
    assert.deepEqual([nodeAt(plan, 0).exclusiveMs, nodeAt(plan, 0).clamped], [0, true]);
  });
});

describe('plan: defects of peers, CTEs and subplans', () => {
  it('a CTE scan that never ran is not 0/0', () => {
    const plan = readPlan(`
Append  (actual time=0.1..5.000 rows=10 loops=1)
  CTE w
    ->  Seq Scan on t  (actual time=0.0..4.000 rows=10 loops=1)
  ->  CTE Scan on w  (actual time=0.1..4.500 rows=10 loops=1)
  ->  CTE Scan on w w_1  (never executed)
`);
    const [ran, never] = plan.nodes.filter(({ type }) => type === 'CTE Scan');
    near(ran?.exclusiveMs, 0.5);
    assert.deepEqual([never?.neverExecuted, never?.exclusiveMs, never?.buffers], [true, undefined, undefined]);
    near(
      sumOf(plan, (node) => node.exclusiveMs),
      5,
    );
  });

  it('a CTE that only scans of 0.000 ms read takes nothing of them', () => {
    const plan = readPlan(`
Append  (actual time=0.1..5.000 rows=0 loops=1)
  CTE w
    ->  Result  (actual time=0.0..0.000 rows=0 loops=1)
  ->  CTE Scan on w  (actual time=0.0..0.000 rows=0 loops=1)
  ->  CTE Scan on w w_1  (actual time=0.0..0.000 rows=0 loops=1)
`);
    for (const scan of plan.nodes.filter(({ type }) => type === 'CTE Scan')) assert.equal(scan.exclusiveMs, 0);
  });

  it('a CTE’s time is shared by its scans in proportion', () => {
    const plan = readPlan(`
Append  (actual time=0.1..12.000 rows=20 loops=1)
  CTE w
    ->  Seq Scan on t  (actual time=0.0..8.000 rows=10 loops=1)
  ->  CTE Scan on w  (actual time=0.1..7.500 rows=10 loops=1)
  ->  CTE Scan on w w_1  (actual time=0.1..2.500 rows=10 loops=1)
`);
    const scans = plan.nodes.filter(({ type }) => type === 'CTE Scan');
    near(scans[0]?.exclusiveMs, 1.5);
    near(scans[1]?.exclusiveMs, 0.5);
  });

  it('names of CTEs shadow: the scan of the inner one pays for the inner one', () => {
    const plan = readPlan(`
Append  (actual time=0.1..30.000 rows=20 loops=1)
  CTE w
    ->  Seq Scan on outer_table  (actual time=0.0..8.000 rows=10 loops=1)
  ->  CTE Scan on w  (actual time=0.1..9.000 rows=10 loops=1)
  ->  Subquery Scan on s  (actual time=0.1..20.000 rows=10 loops=1)
        ->  Unique  (actual time=0.1..19.000 rows=10 loops=1)
              CTE w
                ->  Seq Scan on inner_table  (actual time=0.0..15.000 rows=10 loops=1)
              ->  CTE Scan on w w_1  (actual time=0.1..16.000 rows=10 loops=1)
`);
    const [outer, inner] = plan.nodes.filter(({ type }) => type === 'CTE Scan');
    near(outer?.exclusiveMs, 1);
    near(inner?.exclusiveMs, 1);
  });

  it('pev2’s −4.468 ms: an InitPlan that two nodes mention is charged to one, and nothing is negative', () => {
    const plan = readPlan(`
Hash Join  (actual time=6.0..9.000 rows=10 loops=1)
  Hash Cond: (a.id = b.id)
  InitPlan 1 (returns $0)
    ->  Aggregate  (actual time=4.9..5.000 rows=1 loops=1)
          ->  Seq Scan on c  (actual time=0.0..4.000 rows=1000 loops=1)
  ->  Seq Scan on a  (actual time=5.1..7.000 rows=10 loops=1)
        Filter: (x < $0)
  ->  Hash  (actual time=0.532..0.532 rows=10 loops=1)
        ->  Seq Scan on b  (actual time=0.1..0.532 rows=10 loops=1)
              Filter: (x < $0)
`);
    near(onRelation(plan, 'a').exclusiveMs, 2);
    near(onRelation(plan, 'b').exclusiveMs, 0.532);
    near(
      sumOf(plan, (node) => node.exclusiveMs),
      9,
    );
  });

  it('in a real plan: the InitPlan of TPC-H 22 is the scan’s, of 15 the CTE scan’s', function () {
    const folder = join(SHARED, 'tpch-query-graphs', 'tpch');
    if (!existsSync(folder)) this.skip();
    for (const [query, sum] of [
      ['q22', 0.454],
      ['q15', 0.378],
    ] as const) {
      const plan = readPlan(readFileSync(join(folder, `tpch-${query}-analyze.plan.json`), 'utf8'));
      assert.ok(plan.nodes.some(isInitPlan));
      near(
        sumOf(plan, (node) => node.exclusiveMs),
        sum,
        0.01,
      );
      assert.equal(
        plan.nodes.some((node) => node.clamped),
        false,
      );
    }
  });

  it('InitPlan 10 is not InitPlan 1, in the form of 16 and of 17', () => {
    for (const [name, value] of [
      [(n: number) => `InitPlan ${String(n)} (returns $${String(n)})`, (n: number) => `$${String(n)}`],
      [(n: number) => `InitPlan ${String(n)}`, (n: number) => `(InitPlan ${String(n)}).col1`],
    ] as const) {
      const plan = readPlan(`
Append  (actual time=0.1..40.000 rows=20 loops=1)
  ${name(1)}
    ->  Result  (actual time=0.0..5.000 rows=1 loops=1)
  ${name(10)}
    ->  Result  (actual time=0.0..11.000 rows=1 loops=1)
  ->  Seq Scan on a  (actual time=0.1..18.000 rows=10 loops=1)
        Filter: (x < ${value(1)})
  ->  Seq Scan on b  (actual time=0.1..20.000 rows=10 loops=1)
        Filter: (x < ${value(10)})
`);
      near(onRelation(plan, 'a').exclusiveMs, 13);
      near(onRelation(plan, 'b').exclusiveMs, 9);
    }
  });

  it('an InitPlan’s buffers must fit too: of two that mention it, the one that can have read them ran it', () => {
    const plan = readPlan(`
Append  (actual time=0.1..40.000 rows=20 loops=1)
  Buffers: shared hit=140
  InitPlan 1 (returns $0)
    ->  Seq Scan on c  (actual time=0.0..5.000 rows=1 loops=1)
          Buffers: shared hit=100
  ->  Seq Scan on a  (actual time=0.1..18.000 rows=10 loops=1)
        Filter: (x < $0)
        Buffers: shared hit=20
  ->  Seq Scan on b  (actual time=0.1..17.000 rows=10 loops=1)
        Filter: (x < $0)
        Buffers: shared hit=120
`);
    near(onRelation(plan, 'b').exclusiveMs, 12);
    assert.equal(onRelation(plan, 'b').exclusiveBuffers?.sharedHit, 20);
    near(onRelation(plan, 'a').exclusiveMs, 18);
  });

  it('an InitPlan by whose value an Append passes members over is the Append’s, not that of a member which mentions it', () => {
    const pruned = (first: string, second: string, startup: number): Plan =>
      readPlan(`
Append  (actual time=${startup}..20.000 rows=1000 loops=1)
  InitPlan 1 (returns $0)
    ->  Result  (actual time=0.0..4.000 rows=1 loops=1)
  ->  Seq Scan on a  (${first})
        Filter: (x = $0)
  ->  Seq Scan on b  (${second})
        Filter: (x = $0)
`);
    const append = (plan: Plan): number | undefined => nodeAt(plan, 0).exclusiveMs;
    near(append(pruned('never executed', 'actual time=0.1..14.000 rows=1000 loops=1', 4.2)), 2);
    near(append(pruned('actual time=0.1..14.000 rows=1000 loops=1', 'never executed', 4.2)), 2);
    near(append(pruned('never executed', 'never executed', 20)), 16);
    // Its first row came as soon as the member's: this one evaluated the value, and a LIMIT left the other out.
    near(append(pruned('actual time=4.1..14.000 rows=1000 loops=1', 'never executed', 4.2)), 6);
  });

  it('of two that mention an InitPlan the first that waited for it ran it, however slow the other is', () => {
    const plan = readPlan(`
Nested Loop  (actual time=8.2..90.000 rows=100 loops=1)
  InitPlan 1 (returns $0)
    ->  Result  (actual time=0.0..8.000 rows=1 loops=1)
  ->  Seq Scan on a  (actual time=8.1..10.000 rows=100 loops=1)
        Filter: (x < $0)
  ->  Seq Scan on b  (actual time=0.1..0.700 rows=1 loops=100)
        Filter: (y < $0)
`);
    near(onRelation(plan, 'a').exclusiveMs, 2);
    near(onRelation(plan, 'b').exclusiveMs, 70);
  });

  it('a SubPlan’s buffers are not its parent’s', () => {
    const plan = fixture('pg15', 'sub-plan');
    const [scan, sub] = [nodeAt(plan, 0), only(plan, ({ subplan }) => subplan === 'SubPlan 1')];
    assert.deepEqual(
      [scan.buffers?.sharedHit, sub.buffers?.sharedHit, scan.exclusiveBuffers?.sharedHit],
      [602, 599, 3],
    );
  });

  it('SubPlans and InitPlans by the names of 19', () => {
    const plan = readPlan(`
Seq Scan on a  (actual time=0.1..18.000 rows=10 loops=1)
  Filter: ((x < (InitPlan minmax_1).col1) AND (y = (SubPlan expr_1)) AND (NOT (ANY (z = (hashed SubPlan any_1).col1))))
  InitPlan minmax_1
    ->  Result  (actual time=0.0..5.000 rows=1 loops=1)
  SubPlan expr_1
    ->  Index Scan using i on b  (cost=0.1..1.0 rows=9 width=4) (actual time=0.0..0.100 rows=3 loops=10)
  SubPlan any_1
    ->  Seq Scan on c  (cost=0.1..1.0 rows=9 width=4) (actual time=0.0..1.000 rows=3 loops=1)
`);
    near(nodeAt(plan, 0).exclusiveMs, 18 - 5 - 1 - 1);
    assert.deepEqual(
      plan.nodes.slice(1).map(({ subplan }) => subplan),
      ['InitPlan minmax_1', 'SubPlan expr_1', 'SubPlan any_1'],
    );
    // A hashed SubPlan reads everything, so its estimate means something; of the other that is not known.
    assert.deepEqual(
      ['b', 'c'].map((relation) => onRelation(plan, relation).estimateFactor),
      [undefined, 3],
    );
  });

  it('a data-modifying CTE runs on after the root: 100 % is the execution time', () => {
    const plan = fixture('pg15', 'modifying-cte-limit');
    const gone = only(plan, ({ subplan }) => subplan === 'CTE gone');
    assert.ok((gone.inclusiveMs ?? 0) > 50 * (nodeAt(plan, 0).inclusiveMs ?? 0));
    assert.equal(plan.spanMs, plan.executionMs);
    assert.ok((gone.inclusiveMs ?? 0) < (plan.spanMs ?? 0));
  });
});

describe('plan: defects of peers, what is not there', () => {
  it('0 rows state a bound, not Infinity', () => {
    const { nodes } = readPlan(
      'Seq Scan on t  (cost=0.0..9.0 rows=5000 width=4) (actual time=0.0..1.0 rows=0 loops=1)',
    );
    assert.deepEqual([nodes[0]?.estimateFactor, nodes[0]?.estimateIsBound], [5000, true]);
  });

  it('never executed is not 0 ms', () => {
    const plan = readPlan(`
Nested Loop  (cost=0.0..9.0 rows=5 width=4) (actual time=0.1..1.000 rows=0 loops=1)
  Buffers: shared hit=3
  ->  Seq Scan on a  (cost=0.0..9.0 rows=5 width=4) (actual time=0.0..0.900 rows=0 loops=1)
        Buffers: shared hit=3
  ->  Index Scan using i on b  (cost=0.0..9.0 rows=5 width=4) (never executed)
`);
    const never = onRelation(plan, 'b');
    assert.equal(never.neverExecuted, true);
    for (const figure of [
      never.rows,
      never.totalRows,
      never.inclusiveMs,
      never.exclusiveMs,
      never.buffers,
      never.errorMs,
    ])
      assert.equal(figure, undefined);
    assert.match(describeNode(never), /never executed$/);
  });

  it('TIMING OFF has rows and no times', () => {
    const plan = readPlan(`
Seq Scan on t  (cost=0.0..9.0 rows=5 width=4) (actual rows=7 loops=2)
Execution Time: 3.000 ms
`);
    const [scan] = plan.nodes;
    assert.deepEqual(
      [
        scan?.rows,
        scan?.totalRows,
        scan?.startupMs,
        scan?.inclusiveMs,
        scan?.exclusiveMs,
        scan?.errorMs,
        scan?.clamped,
      ],
      [7, 14, undefined, undefined, undefined, undefined, false],
    );
    assert.doesNotMatch(describeNode(scan ?? assert.fail()), /ms/);
  });

  it('planning, triggers, JIT and serialization stand outside the tree', () => {
    const plan = readPlan(
      JSON.stringify([
        {
          Plan: { 'Node Type': 'Result', 'Actual Total Time': 5, 'Actual Loops': 1, 'Actual Rows': 1 },
          Planning: { 'Shared Hit Blocks': 4, 'Memory Used': 10, 'Memory Allocated': 16 },
          'Planning Time': 2,
          Triggers: [
            { 'Trigger Name': 'RI_1', 'Constraint Name': 'fk', Relation: 't', Time: 3.5, Calls: 200 },
            { 'Trigger Name': 'audit', Relation: 't', Calls: 1 },
          ],
          JIT: {
            Functions: 11,
            Timing: {
              Generation: { Deform: 0.4, Total: 1.1 },
              Inlining: 0,
              Optimization: 0.8,
              Emission: 16,
              Total: 17.9,
            },
          },
          Serialization: { Time: 0.25, 'Output Volume': 3, Format: 'text', 'Shared Hit Blocks': 9 },
          'Execution Time': 9,
        },
      ]),
    );
    assert.equal(nodeAt(plan, 0).exclusiveMs, 5);
    assert.deepEqual([plan.planningMs, plan.executionMs, plan.spanMs], [2, 9, 9]);
    assert.equal(plan.planningBuffers?.sharedHit, 4);
    assert.deepEqual(plan.planningMemory, { usedBytes: 10 * 1024, allocatedBytes: 16 * 1024 });
    assert.deepEqual(plan.triggers, [
      { name: 'RI_1', constraint: 'fk', relation: 't', ms: 3.5, calls: 200 },
      { name: 'audit', constraint: undefined, relation: 't', ms: undefined, calls: 1 },
    ]);
    assert.deepEqual(plan.jit, {
      functions: 11,
      totalMs: 17.9,
      generationMs: 1.1,
      deformMs: 0.4,
      inliningMs: 0,
      optimizationMs: 0.8,
      emissionMs: 16,
    });
    assert.deepEqual([plan.serialization?.ms, plan.serialization?.outputBytes], [0.25, 3072]);
    assert.equal(plan.serialization?.buffers?.sharedHit, 9);
    assert.equal(fixture('pg15', 'jit').jit?.generationMs, 1.063);
    assert.equal(fixture('pg15', 'jit').jit?.deformMs, undefined);
  });
});
