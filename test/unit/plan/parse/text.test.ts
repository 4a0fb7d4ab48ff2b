import assert from 'node:assert/strict';
import { parseText } from '../../../../src/plan/parse/text';
import { PlanParseError } from '../../../../src/plan/parse/parseError';
import type { RawProperties } from '../../../../src/plan/raw';

function root(text: string): RawProperties {
  const [plan] = parseText(text);
  assert.ok(plan !== undefined);
  return plan.root;
}

function sections(text: string): RawProperties {
  const [plan] = parseText(text);
  assert.ok(plan !== undefined);
  return plan.sections;
}

function plans(node: RawProperties): RawProperties[] {
  return (node['Plans'] ?? []) as RawProperties[];
}

const COST = '  (cost=0.00..1.00 rows=1 width=4)';
const RUN = `${COST} (actual time=0.010..0.020 rows=1 loops=1)`;

/** @param expected some of its properties, `undefined` for one that must be absent */
function nodeIs(head: string, expected: Record<string, unknown>): void {
  const node = root(`${head}${COST}`);
  const { 'Node Type': type } = node;
  assert.deepEqual(
    Object.fromEntries(Object.keys({ 'Node Type': type, ...expected }).map((name) => [name, node[name]])),
    expected,
    head,
  );
  // COSTS OFF says the same.
  if (!head.includes('(cost=')) assert.equal(root(head)['Node Type'], expected['Node Type']);
}

/** @param lines below a node of this type */
function propertiesAre(type: string, lines: string[], expected: Record<string, unknown>): void {
  const node = root([`${type}${RUN}`, ...lines.map((line) => `  ${line}`)].join('\n'));
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, node[name]])), expected);
}

describe('the text form: a node’s line', () => {
  const nodes: [head: string, expected: Record<string, unknown>][] = [
    ['Seq Scan on t', { 'Node Type': 'Seq Scan', 'Relation Name': 't', Alias: 't', Schema: undefined }],
    ['Parallel Seq Scan on t x', { 'Node Type': 'Seq Scan', 'Parallel Aware': true, Alias: 'x' }],
    ['Async Foreign Scan on ft', { 'Node Type': 'Foreign Scan', 'Async Capable': true, Operation: 'Select' }],
    ['Foreign Scan', { 'Node Type': 'Foreign Scan', 'Relation Name': undefined }],
    ['Foreign Update on public.ft', { 'Node Type': 'Foreign Scan', Operation: 'Update', Schema: 'public' }],
    ['Insert on public.t', { 'Node Type': 'ModifyTable', Operation: 'Insert', Schema: 'public', 'Relation Name': 't' }],
    ['Merge on t m', { 'Node Type': 'ModifyTable', Operation: 'Merge', 'Relation Name': 't', Alias: 'm' }],
    [
      'Index Only Scan Backward using "my idx" on "sch ema"."t ""q""" "al.ias"',
      {
        'Node Type': 'Index Only Scan',
        'Scan Direction': 'Backward',
        'Index Name': 'my idx',
        Schema: 'sch ema',
        'Relation Name': 't "q"',
        Alias: 'al.ias',
      },
    ],
    [
      'Index Scan using größe_idx on größe',
      { 'Node Type': 'Index Scan', 'Scan Direction': 'Forward', 'Index Name': 'größe_idx' },
    ],
    ['Seq Scan on "x (cost=1..2 on y"', { 'Node Type': 'Seq Scan', 'Relation Name': 'x (cost=1..2 on y' }],
    ['Bitmap Index Scan on idx', { 'Node Type': 'Bitmap Index Scan', 'Index Name': 'idx', 'Relation Name': undefined }],
    [
      'Function Scan on pg_catalog.generate_series g',
      { 'Node Type': 'Function Scan', 'Function Name': 'generate_series', Alias: 'g' },
    ],
    ['Table Function Scan on "xmltable" x', { 'Node Type': 'Table Function Scan', 'Table Function Name': 'xmltable' }],
    ['Values Scan on "*VALUES*"', { 'Node Type': 'Values Scan', Alias: '*VALUES*', 'Relation Name': undefined }],
    ['CTE Scan on recent r', { 'Node Type': 'CTE Scan', 'CTE Name': 'recent', Alias: 'r' }],
    ['WorkTable Scan on tree', { 'Node Type': 'WorkTable Scan', 'CTE Name': 'tree' }],
    [
      'Subquery Scan on "ANY_subquery"',
      { 'Node Type': 'Subquery Scan', Alias: 'ANY_subquery', 'Relation Name': undefined },
    ],
    [
      'Custom Scan (Chunk on Append) on metrics m',
      { 'Node Type': 'Custom Scan', 'Custom Plan Provider': 'Chunk on Append', Alias: 'm' },
    ],
    ['Nested Loop', { 'Node Type': 'Nested Loop', 'Join Type': 'Inner' }],
    ['Nested Loop Left Join', { 'Node Type': 'Nested Loop', 'Join Type': 'Left' }],
    ['Hash Join', { 'Node Type': 'Hash Join', 'Join Type': 'Inner' }],
    ['Parallel Hash Right Anti Join', { 'Node Type': 'Hash Join', 'Join Type': 'Right Anti', 'Parallel Aware': true }],
    ['Merge Full Join', { 'Node Type': 'Merge Join', 'Join Type': 'Full' }],
    ['Aggregate', { 'Node Type': 'Aggregate', Strategy: 'Plain', 'Partial Mode': 'Simple' }],
    ['Partial HashAggregate', { 'Node Type': 'Aggregate', Strategy: 'Hashed', 'Partial Mode': 'Partial' }],
    ['Finalize GroupAggregate', { 'Node Type': 'Aggregate', Strategy: 'Sorted', 'Partial Mode': 'Finalize' }],
    ['MixedAggregate', { 'Node Type': 'Aggregate', Strategy: 'Mixed' }],
    ['HashSetOp Except All', { 'Node Type': 'SetOp', Strategy: 'Hashed', Command: 'Except All' }],
    ['SetOp Intersect', { 'Node Type': 'SetOp', Strategy: 'Sorted', Command: 'Intersect' }],
    ...[
      ...['Result', 'ProjectSet', 'LockRows', 'Recursive Union', 'BitmapAnd', 'BitmapOr', 'Merge Append', 'Memoize'],
      ...['Incremental Sort', 'WindowAgg', 'Unique', 'Limit', 'Gather Merge', 'Materialize', 'Group'],
    ].map((type): [string, Record<string, unknown>] => [type, { 'Node Type': type }]),
    ...['Tid Range Scan', 'Sample Scan', 'Named Tuplestore Scan'].map((type): [string, Record<string, unknown>] => [
      `${type} on t`,
      { 'Node Type': type },
    ]),
  ];
  for (const [head, expected] of nodes) it(head, () => nodeIs(head, expected));

  it('has costs, times, rows and loops', () => {
    assert.deepEqual(
      root('Result  (cost=1.50..20000000000.25 rows=3 width=8) (actual time=0.010..1.500 rows=2 loops=7)'),
      {
        'Node Type': 'Result',
        'Parallel Aware': false,
        'Async Capable': false,
        'Startup Cost': 1.5,
        'Total Cost': 20000000000.25,
        'Plan Rows': 3,
        'Plan Width': 8,
        'Actual Startup Time': 0.01,
        'Actual Total Time': 1.5,
        'Actual Rows': 2,
        'Actual Loops': 7,
      },
    );
  });

  it('has no times with TIMING OFF, and none of what was never executed', () => {
    const timingOff = root(`Result${COST} (actual rows=2 loops=1)\n  ->  Result${COST} (never executed)`);
    assert.equal('Actual Total Time' in timingOff, false);
    assert.deepEqual(
      ['Actual Total Time', 'Actual Rows', 'Actual Loops'].map((name) => plans(timingOff)[0]?.[name]),
      [undefined, 0, 0],
    );
  });

  it('knows 18 by its decimals', () => {
    const plan = parseText(`Result${COST} (actual time=0.010..0.020 rows=0.25 loops=4)`)[0];
    assert.equal(plan?.fractionalRows, true);
    assert.equal(plan.root['Actual Rows'], 0.25);
    assert.equal(parseText(`Result${RUN}`)[0]?.fractionalRows, false);
  });
});

describe('the text form: the tree', () => {
  it('has the relationships that explain.c gives', () => {
    const text = `Append${COST}
  InitPlan 1 (returns $0)
    ->  Result${COST}
  CTE my cte
    ->  Recursive Union${COST}
          ->  Seq Scan on a${COST}
          ->  WorkTable Scan on "my cte"${COST}
  ->  Hash Join${COST}
        Join Filter: (SubPlan 2)
        ->  Subquery Scan on s${COST}
              ->  Limit${COST}
        ->  Hash${COST}
              ->  Bitmap Heap Scan on b${COST}
                    ->  BitmapOr${COST}
                          ->  Bitmap Index Scan on i${COST}
                          ->  Bitmap Index Scan on j${COST}
        SubPlan 2
          ->  Result${COST}
        SubPlan exists_1
          ->  Result${COST}
  ->  Custom Scan (Many)${COST}
        ->  Result${COST}
        ->  Result${COST}`;
    const told: unknown[] = [];
    const walk = (node: RawProperties): void => {
      told.push(
        [node['Node Type'], node['Parent Relationship'], node['Subplan Name']]
          .filter((part) => typeof part === 'string')
          .join(' '),
      );
      plans(node).forEach(walk);
    };
    walk(root(text));
    assert.deepEqual(told, [
      'Append',
      'Result InitPlan InitPlan 1 (returns $0)',
      'Recursive Union InitPlan CTE my cte',
      'Seq Scan Outer',
      'WorkTable Scan Inner',
      'Hash Join Member',
      'Subquery Scan Outer',
      'Limit Subquery',
      'Hash Inner',
      'Bitmap Heap Scan Outer',
      'BitmapOr Outer',
      'Bitmap Index Scan Member',
      'Bitmap Index Scan Member',
      'Result SubPlan SubPlan 2',
      'Result SubPlan SubPlan exists_1',
      'Custom Scan Member',
      'Result children',
      'Result children',
    ]);
  });

  it('is read from whatever indentation there is', () => {
    for (const blanks of ['\t', ' ', '    ']) {
      const text = `Sort${COST}\n${blanks}->  Hash${COST}\n${blanks.repeat(3)}->  Limit${COST}\n${blanks}->  Result${COST}`;
      const node = root(text);
      assert.deepEqual(
        plans(node).map((child) => child['Node Type']),
        ['Hash', 'Result'],
        JSON.stringify(blanks),
      );
      assert.equal(plans(plans(node)[0] ?? {})[0]?.['Node Type'], 'Limit');
    }
  });

  it('is an error where the indentation is lost', () => {
    assert.throws(
      () => parseText(`Hash Join${COST}\n->  Seq Scan on a${COST}\n->  Hash${COST}\n->  Seq Scan on b${COST}`),
      (error: unknown) => error instanceof PlanParseError && error.line === 3 && /indentation/.test(error.message),
    );
  });

  it('is an error where its beginning is missing', () => {
    assert.throws(
      () => parseText(`  ->  Seq Scan on a${COST}\n  ->  Seq Scan on b${COST}`),
      (error: unknown) => error instanceof PlanParseError && error.line === 2 && /beginning/.test(error.message),
    );
  });

  it('is an error where it ends inside a line', () => {
    assert.throws(
      () => parseText(`Limit${COST}\n  ->  Seq Scan on a  (cost=0.00..1.0`),
      (error: unknown) => error instanceof PlanParseError && error.line === 2 && /ends/.test(error.message),
    );
  });

  it('may be deep', () => {
    const lines = [`Limit${COST}`];
    for (let depth = 0; depth < 5000; depth++) lines.push(`${' '.repeat(2 + depth)}->  Limit${COST}`);
    let deepest = 0;
    for (let node: RawProperties | undefined = root(lines.join('\n')); node !== undefined; node = plans(node)[0])
      deepest++;
    assert.equal(deepest, 5001);
  });
});

describe('the text form: what stands below a node', () => {
  it('expressions and lists', () => {
    propertiesAre(
      'Sort',
      ['Output: a, COALESCE(b, \'x, y\'), "c, d"', 'Sort Key: (ARRAY[a, b]) DESC, c', 'Presorted Key: c'],
      {
        Output: ['a', "COALESCE(b, 'x, y')", '"c, d"'],
        'Sort Key': ['(ARRAY[a, b]) DESC', 'c'],
        'Presorted Key': ['c'],
      },
    );
    propertiesAre('Seq Scan on t', ["Filter: (a: b = 'x''y: (')", 'Rows Removed by Filter: 12'], {
      Filter: "(a: b = 'x''y: (')",
      'Rows Removed by Filter': 12,
    });
    propertiesAre('Seq Scan on t', ['Filter: a'], { 'Rows Removed by Filter': 0 });
  });

  it('a sort’s space, and each worker’s', () => {
    propertiesAre(
      'Sort',
      [
        'Sort Method: external merge  Disk: 125168kB',
        'Worker 0:  Sort Method: quicksort  Memory: 50kB',
        'Worker 1: actual time=0.1..0.2 rows=3 loops=1',
        '  Buffers: shared hit=4',
      ],
      {
        'Sort Method': 'external merge',
        'Sort Space Used': 125168,
        'Sort Space Type': 'Disk',
        Workers: [
          { 'Worker Number': 0, 'Sort Method': 'quicksort', 'Sort Space Used': 50, 'Sort Space Type': 'Memory' },
          {
            'Worker Number': 1,
            'Actual Startup Time': 0.1,
            'Actual Total Time': 0.2,
            'Actual Rows': 3,
            'Actual Loops': 1,
            ...buffers({ 'Shared Hit Blocks': 4 }),
          },
        ],
      },
    );
  });

  it('a worker’s lines in two places are one worker’s, its JIT inside', () => {
    propertiesAre(
      'Sort',
      [
        'Worker 0:  Sort Method: quicksort  Memory: 50kB',
        'Worker 0: actual rows=3 loops=1',
        '  JIT:',
        '    Functions: 49',
        '    Options: Inlining true, Optimization false, Expressions true, Deforming true',
        '    Timing: Generation 11.376 ms (Deform 1.000 ms), Inlining 86.302 ms, Total 97.678 ms',
        '  Buffers: shared hit=41',
      ],
      {
        Workers: [
          {
            'Worker Number': 0,
            'Sort Method': 'quicksort',
            'Sort Space Used': 50,
            'Sort Space Type': 'Memory',
            'Actual Rows': 3,
            'Actual Loops': 1,
            JIT: {
              Functions: 49,
              Options: { Inlining: true, Optimization: false, Expressions: true, Deforming: true },
              Timing: { Generation: { Deform: 1, Total: 11.376 }, Inlining: 86.302, Total: 97.678 },
            },
            ...buffers({ 'Shared Hit Blocks': 41 }),
          },
        ],
      },
    );
  });

  it('hash tables', () => {
    propertiesAre('Hash', ['Buckets: 2048 (originally 1024)  Batches: 4 (originally 1)  Memory Usage: 12kB'], {
      'Hash Buckets': 2048,
      'Original Hash Buckets': 1024,
      'Hash Batches': 4,
      'Original Hash Batches': 1,
      'Peak Memory Usage': 12,
    });
    propertiesAre('HashAggregate', ['Group Key: a, b', 'Batches: 5  Memory Usage: 4145kB  Disk Usage: 400kB'], {
      'Group Key': ['a', 'b'],
      'Planned Partitions': 0,
      'HashAgg Batches': 5,
      'Peak Memory Usage': 4145,
      'Disk Usage': 400,
    });
    propertiesAre('HashAggregate', ['Planned Partitions: 32  Batches: 1  Memory Usage: 24kB'], {
      'Planned Partitions': 32,
      'HashAgg Batches': 1,
      'Disk Usage': 0,
    });
  });

  it('grouping sets', () => {
    propertiesAre(
      'MixedAggregate',
      [
        'Hash Key: a, b',
        'Hash Key: c',
        'Group Key: d, e',
        'Group Key: d',
        'Group Key: ()',
        'Sort Key: f',
        '  Group Key: f',
        'Batches: 1  Memory Usage: 9kB',
      ],
      {
        'Grouping Sets': [
          { 'Hash Keys': [['a', 'b']] },
          { 'Hash Keys': [['c']] },
          { 'Group Keys': [['d', 'e'], ['d'], []] },
          { 'Sort Key': ['f'], 'Group Keys': [['f']] },
        ],
        'HashAgg Batches': 1,
      },
    );
  });

  it('Memoize, Incremental Sort, storage, samples, bitmaps', () => {
    propertiesAre(
      'Memoize',
      ['Cache Key: a, b', 'Cache Mode: logical', 'Hits: 10  Misses: 2  Evictions: 1  Overflows: 0  Memory Usage: 3kB'],
      {
        'Cache Key': 'a, b',
        'Cache Mode': 'logical',
        'Cache Hits': 10,
        'Cache Misses': 2,
        'Cache Evictions': 1,
        'Cache Overflows': 0,
        'Peak Memory Usage': 3,
      },
    );
    propertiesAre(
      'Incremental Sort',
      [
        'Full-sort Groups: 1  Sort Method: quicksort  Average Memory: 26kB  Peak Memory: 27kB',
        'Pre-sorted Groups: 5  Sort Methods: top-N heapsort, external merge  Average Memory: 1kB  Peak Memory: 2kB  Average Disk: 3kB  Peak Disk: 4kB',
      ],
      {
        'Full-sort Groups': {
          'Group Count': 1,
          'Sort Methods Used': ['quicksort'],
          'Sort Space Memory': { 'Average Sort Space Used': 26, 'Peak Sort Space Used': 27 },
        },
        'Pre-sorted Groups': {
          'Group Count': 5,
          'Sort Methods Used': ['top-N heapsort', 'external merge'],
          'Sort Space Memory': { 'Average Sort Space Used': 1, 'Peak Sort Space Used': 2 },
          'Sort Space Disk': { 'Average Sort Space Used': 3, 'Peak Sort Space Used': 4 },
        },
      },
    );
    propertiesAre(
      'WindowAgg',
      ['Window: w1 AS (PARTITION BY a ORDER BY b)', 'Run Condition: (a)', 'Storage: Disk  Maximum Storage: 17kB'],
      {
        Window: 'w1 AS (PARTITION BY a ORDER BY b)',
        'Run Condition': '(a)',
        Storage: 'Disk',
        'Maximum Storage': 17,
      },
    );
    propertiesAre('Sample Scan on t', ["Sampling: bernoulli ('10'::real, 'a) b') REPEATABLE ('1'::double precision)"], {
      'Sampling Method': 'bernoulli',
      'Sampling Parameters': ["'10'::real", "'a) b'"],
      'Repeatable Seed': "'1'::double precision",
    });
    propertiesAre('Bitmap Heap Scan on t', ['Recheck Cond: (a)', 'Heap Blocks: exact=5 lossy=2'], {
      'Recheck Cond': '(a)',
      'Exact Heap Blocks': 5,
      'Lossy Heap Blocks': 2,
      'Rows Removed by Index Recheck': 0,
    });
    propertiesAre(
      'Index Only Scan using i on t',
      ['Index Cond: (a)', 'Heap Fetches: 3', 'Index Searches: 4', 'Disabled: true'],
      {
        'Heap Fetches': 3,
        'Index Searches': 4,
        Disabled: true,
      },
    );
  });

  it('what is modified', () => {
    propertiesAre(
      'Insert on t',
      [
        'Conflict Resolution: UPDATE',
        'Conflict Arbiter Indexes: t_pkey, t_b',
        'Conflict Filter: (a)',
        'Tuples Inserted: 3',
        'Conflicting Tuples: 1',
      ],
      {
        'Conflict Resolution': 'UPDATE',
        'Conflict Arbiter Indexes': ['t_pkey', 't_b'],
        'Rows Removed by Conflict Filter': 0,
        'Tuples Inserted': 3,
        'Conflicting Tuples': 1,
      },
    );
    propertiesAre('Merge on t', ['Tuples: inserted=1 updated=2 skipped=4'], {
      'Tuples Inserted': 1,
      'Tuples Updated': 2,
      'Tuples Deleted': 0,
      'Tuples Skipped': 4,
    });
    propertiesAre(
      'Update on public.t',
      ['Update on public.t_1', 'Foreign Update on public.t_2 x', '  Remote SQL: UPDATE t SET a = $2'],
      {
        'Target Tables': [
          { Schema: 'public', 'Relation Name': 't_1', Alias: 't_1' },
          { Schema: 'public', 'Relation Name': 't_2', Alias: 'x', 'Remote SQL': 'UPDATE t SET a = $2' },
        ],
      },
    );
  });

  it('buffers, I/O timings of every version, WAL', () => {
    propertiesAre(
      'Result',
      [
        'Buffers: shared hit=12 read=3, local dirtied=1, temp read=4 written=5',
        'WAL: records=3 fpi=1 bytes=245 buffers full=2',
      ],
      {
        ...buffers({
          'Shared Hit Blocks': 12,
          'Shared Read Blocks': 3,
          'Local Dirtied Blocks': 1,
          'Temp Read Blocks': 4,
          'Temp Written Blocks': 5,
        }),
        'WAL Records': 3,
        'WAL FPI': 1,
        'WAL Bytes': 245,
        'WAL Buffers Full': 2,
      },
    );
    propertiesAre('Result', ['I/O Timings: read=1.5'], {
      'I/O Read Time': 1.5,
      'I/O Write Time': 0,
      'Temp I/O Read Time': undefined,
    });
    propertiesAre('Result', ['I/O Timings: shared/local read=1.5, temp write=2'], {
      'I/O Read Time': 1.5,
      'I/O Write Time': 0,
      'Temp I/O Read Time': 0,
      'Temp I/O Write Time': 2,
    });
    propertiesAre('Result', ['I/O Timings: shared read=1.5 write=3, local read=2'], {
      'Shared I/O Read Time': 1.5,
      'Shared I/O Write Time': 3,
      'Local I/O Read Time': 2,
      'Local I/O Write Time': 0,
      'Temp I/O Read Time': 0,
      'I/O Read Time': undefined,
    });
  });

  it('says 0 where another line proves that it was measured, and nothing where none does', () => {
    const node = root(`Limit${RUN}\n  Buffers: shared hit=1\n  ->  Result${RUN}\n`);
    assert.equal(plans(node)[0]?.['Shared Hit Blocks'], 0);
    assert.equal('WAL Records' in node, false);
    assert.equal('I/O Read Time' in node, false);
    assert.equal('Shared Hit Blocks' in root(`Limit${RUN}\n  ->  Result${RUN}`), false);
    assert.equal('Rows Removed by Filter' in root(`Result${COST}\n  Filter: a`), false);
  });

  it('what nobody knows yet', () => {
    propertiesAre('Custom Scan (Citus Adaptive)', ['Task Count: 32', 'Tasks Shown: One of 32', 'Fancy: true'], {
      'Task Count': 32,
      'Tasks Shown': 'One of 32',
      Fancy: true,
    });
    propertiesAre(
      'Seq Scan on t',
      ['Prefetch: avg=2.00 max=8 capacity=16', 'I/O: count=4 waits=1 size=2.50 in-progress=1.50'],
      {
        'Average Prefetch Distance': 2,
        'Max Prefetch Distance': 8,
        'Prefetch Capacity': 16,
        'I/O Count': 4,
        'I/O Waits': 1,
        'Average I/O Size': 2.5,
        'Average I/Os In Progress': 1.5,
      },
    );
    const node = root(`Result${RUN}\n  __proto__: x\n  Constructor: y`);
    assert.equal(Object.getPrototypeOf(node), Object.prototype);
    assert.equal(node['Constructor'], 'y');
  });

  it('a literal with line breaks, and one with words of a plan', () => {
    propertiesAre('Seq Scan on t', ["Filter: (a = 'x\n\n(1 row\nCTE y\nz'::text)", 'Rows Removed by Filter: 1'], {
      Filter: "(a = 'x\n(1 row\nCTE y\nz'::text)",
      'Rows Removed by Filter': 1,
    });
  });
});

describe('the text form: what stands below the tree', () => {
  const text = `Insert on t${RUN}
  Buffers: shared hit=1
  ->  Result${RUN}
Settings: work_mem = '1MB', search_path = '"$user", public', jit = 'off'
Query Identifier: -5424821330993577306
Planning:
  Buffers: shared hit=3
  Memory: used=6kB  allocated=8kB
Planning Time: 0.065 ms
Trigger for constraint t_fkey: time=0.401 calls=1
Trigger RI_ConstraintTrigger_c_16499 for constraint t_fkey on t2: time=0.402 calls=2
Trigger a:b: calls=3
JIT:
  Functions: 3
  Options: Inlining false, Optimization false, Expressions true, Deforming true
  Timing: Generation 0.340 ms, Inlining 0.000 ms, Optimization 0.168 ms, Emission 1.907 ms, Total 2.414 ms
Serialization: time=4.690 ms  output=31251kB  format=text
  Buffers: shared hit=200
Execution Time: 4.812 ms`;
  const expected = {
    Settings: { work_mem: '1MB', search_path: '"$user", public', jit: 'off' },
    'Query Identifier': '-5424821330993577306',
    Planning: { ...buffers({ 'Shared Hit Blocks': 3 }), 'Memory Used': 6, 'Memory Allocated': 8 },
    'Planning Time': 0.065,
    Triggers: [
      { 'Constraint Name': 't_fkey', Time: 0.401, Calls: 1 },
      {
        'Trigger Name': 'RI_ConstraintTrigger_c_16499',
        'Constraint Name': 't_fkey',
        Relation: 't2',
        Time: 0.402,
        Calls: 2,
      },
      { 'Trigger Name': 'a:b', Calls: 3 },
    ],
    JIT: {
      Functions: 3,
      Options: { Inlining: false, Optimization: false, Expressions: true, Deforming: true },
      Timing: { Generation: 0.34, Inlining: 0, Optimization: 0.168, Emission: 1.907, Total: 2.414 },
    },
    Serialization: { Time: 4.69, 'Output Volume': 31251, Format: 'text', ...buffers({ 'Shared Hit Blocks': 200 }) },
    'Execution Time': 4.812,
  };

  it('all sections', () => {
    const { Plan: plan, ...rest } = sections(text);
    assert.deepEqual(rest, expected);
    assert.equal((plan as RawProperties)['Shared Hit Blocks'], 1);
  });

  it('all sections without any indentation of their own', () => {
    const { Plan: plan, ...rest } = sections(text.replace(/\n {2}(?=Buffers|Memory|Functions|Options|Timing)/g, '\n'));
    assert.ok(plan !== undefined);
    assert.deepEqual(rest, expected);
  });

  it('the old names', () => {
    assert.equal(sections(`Result${RUN}\n Total runtime: 0.234 ms`)['Total Runtime'], 0.234);
    assert.equal(sections(`Result${RUN}\n Planning time: 0.1 ms\n Execution time: 0.2 ms`)['Execution Time'], 0.2);
  });
});

function buffers(counts: Record<string, number>): Record<string, number> {
  const names = ['Shared', 'Local'].flatMap((scope) =>
    ['Hit', 'Read', 'Dirtied', 'Written'].map((what) => `${scope} ${what} Blocks`),
  );
  return {
    ...Object.fromEntries([...names, 'Temp Read Blocks', 'Temp Written Blocks'].map((name) => [name, 0])),
    ...counts,
  };
}
