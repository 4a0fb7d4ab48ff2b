import assert from 'node:assert/strict';
import { comparePlans, regressionOf, type Comparison } from '../../../../src/plan/compare';
import type { Plan } from '../../../../src/plan/model';
import { nodeTitle } from '../../../../src/plan/words';
import { allFixtures, fixture, planOf } from '../fixtures';
import { readPlan } from '../../../../src/plan/read';

type Properties = Record<string, unknown>;

/** A node with measurements; children follow. */
const node = (type: string, properties: Properties = {}, ...plans: object[]): Properties => ({
  'Node Type': type,
  'Parent Relationship': 'Outer',
  'Startup Cost': 0,
  'Total Cost': 100,
  'Plan Rows': 10,
  'Actual Startup Time': 0,
  'Actual Total Time': 10,
  'Actual Rows': 10,
  'Actual Loops': 1,
  'Shared Hit Blocks': 100,
  'Shared Read Blocks': 0,
  ...properties,
  ...(plans.length > 0 && { Plans: plans }),
});
const scan = (relation: string, properties: Properties = {}, type = 'Seq Scan'): Properties =>
  node(type, { 'Relation Name': relation, Alias: relation, ...properties });
const hit = (blocks: number): Properties => ({ 'Shared Hit Blocks': blocks });
const inner = (properties: Properties): Properties => ({ ...properties, 'Parent Relationship': 'Inner' });

const compare = (before: object, after: object): Comparison => comparePlans(planOf(before), planOf(after));

/** "changed Seq Scan on orders → Index Scan …" of each row, without words. */
const rows = ({ before, after, pairs }: Comparison): string[] =>
  pairs.map(({ before: a, after: b, change, depth }) => {
    const name = (plan: Comparison['before'], id: number | undefined): string =>
      id === undefined ? '–' : nodeTitle(plan.nodes[id]!);
    return `${'  '.repeat(depth)}${change} ${name(before, a)} | ${name(after, b)}`;
  });

describe('plan: compare, the verdict', () => {
  it('names the scan that became another', () => {
    const after = scan('orders', { ...hit(44), 'Index Name': 'orders_customer_id_idx' }, 'Index Scan');
    const { verdict, outcome } = compare(scan('orders', hit(2942)), after);
    assert.equal(
      verdict,
      'Seq Scan on orders became Index Scan using orders_customer_id_idx: 67 × fewer buffers (2,942 → 44)',
    );
    assert.equal(outcome, 'better');
  });

  it('names the indexes that a bitmap is made of', () => {
    const { verdict } = comparePlans(fixture('pg15', 'seq-scan'), fixture('pg15', 'bitmap-scan'));
    assert.match(
      verdict,
      /^Seq Scan on orders became Bitmap Heap Scan using orders_customer_id_idx: 9.8 × fewer buffers/,
    );
  });

  const hashJoin = node('Hash Join', hit(100), scan('a', hit(50)), inner(node('Hash', hit(50), scan('b', hit(50)))));
  const nestedLoop = node(
    'Nested Loop',
    hit(1250),
    scan('a', hit(50)),
    inner(scan('b', { ...hit(1200), 'Actual Loops': 400, 'Index Name': 'b_pkey' }, 'Index Scan')),
  );

  it('a join that became worse comes before the scan that it brought', () => {
    assert.equal(
      compare(hashJoin, nestedLoop).verdict,
      'Hash Join became Nested Loop, and Seq Scan on b became Index Scan using b_pkey: 13 × more buffers (100 → 1,250)',
    );
    assert.match(
      compare(nestedLoop, hashJoin).verdict,
      /^Index Scan using b_pkey on b became Seq Scan, and Nested Loop became Hash Join/,
    );
  });

  it('counts what an unchanged scan costs for the join that runs it again and again', () => {
    const loop = node(
      'Nested Loop',
      hit(20_050),
      scan('a', hit(50)),
      inner(scan('b', { ...hit(20_000), 'Actual Loops': 400 })),
    );
    assert.match(
      compare(hashJoin, loop).verdict,
      /^Hash Join became Nested Loop: 2\d\d × more buffers \(100 → 20,050\)$/,
    );
  });

  it('says when only the time differs', () => {
    const cold = scan('orders', { 'Actual Total Time': 30, 'Shared Read Blocks': 100, 'Shared Hit Blocks': 0 });
    const { verdict, outcome } = compare(cold, scan('orders'));
    assert.equal(verdict, 'Same plan; 3 × faster, the same buffers: cache or load');
    assert.equal(outcome, 'same');
  });

  it('small differences of time are not called faster', () => {
    for (const ms of [10.2, 11.9, 8.5]) {
      const { verdict, outcome, pairs } = compare(scan('orders'), scan('orders', { 'Actual Total Time': ms }));
      assert.equal(verdict, 'The same plan, within the rounding');
      assert.equal(outcome, 'same');
      assert.deepEqual(
        pairs.map(({ change }) => change),
        ['same'],
      );
    }
  });

  it('nor is what rounding can have done: 0.002 ms × 10,000 loops against 0.001', () => {
    const loops = (ms: number): object => scan('orders', { 'Actual Total Time': ms, 'Actual Loops': 10_000 });
    assert.equal(compare(loops(0.002), loops(0.001)).verdict, 'The same plan, within the rounding');
    assert.match(compare(loops(0.02), loops(0.01)).verdict, /2 × faster/);
  });

  it('nothing is divided by 0', () => {
    const none = compare(scan('orders', hit(0)), scan('orders', hit(44)));
    assert.equal(none.verdict, 'Same plan; 44 buffers instead of none');
    assert.equal(none.outcome, 'worse');
    assert.equal(
      compare(scan('orders', hit(44)), scan('orders', hit(0))).verdict,
      'Same plan; no buffers instead of 44',
    );
  });

  it('fewer buffers but slower: both', () => {
    const after = scan('orders', { ...hit(10), 'Actual Total Time': 50, 'Index Name': 'i' }, 'Index Scan');
    assert.match(compare(scan('orders'), after).verdict, /10 × fewer buffers \(100 → 10\), yet 5 × slower$/);
  });

  it('a sort that is no longer needed', () => {
    const sorted = node(
      'Sort',
      { ...hit(100), 'Sort Key': ['created'], 'Temp Read Blocks': 400, 'Temp Written Blocks': 400 },
      scan('orders'),
    );
    const comparison = compare(sorted, scan('orders'));
    assert.equal(comparison.verdict, 'Sort is gone: no temp blocks instead of 800');
    assert.deepEqual(rows(comparison), ['removed Sort | –', 'same Seq Scan on orders | Seq Scan on orders']);
  });

  it('a sort that spills no longer', () => {
    const sort = (method: string, space: string, blocks: number): object =>
      node(
        'Sort',
        { 'Sort Key': ['created'], 'Sort Method': method, 'Sort Space Type': space, 'Temp Written Blocks': blocks },
        scan('orders'),
      );
    const { verdict } = compare(sort('external merge', 'Disk', 500), sort('quicksort', 'Memory', 0));
    assert.equal(verdict, 'Sort changed (external merge on disk → quicksort in memory): no temp blocks instead of 500');
  });

  it('estimated plans compare by cost', () => {
    const estimated = (type: string, cost: number): object => ({
      'Node Type': type,
      'Relation Name': 'orders',
      'Total Cost': cost,
      'Plan Rows': 5,
      ...(type === 'Index Scan' && { 'Index Name': 'i' }),
    });
    const { verdict, outcome } = compare(estimated('Seq Scan', 800), estimated('Index Scan', 8));
    assert.equal(verdict, 'Seq Scan on orders became Index Scan using i: 100 × lower estimated cost (800 → 8)');
    assert.equal(outcome, 'better');
    assert.equal(compare(estimated('Seq Scan', 8), estimated('Seq Scan', 8)).verdict, 'The same plan at the same cost');
    assert.equal(compare({ 'Node Type': 'Seq Scan' }, { 'Node Type': 'Seq Scan' }).outcome, 'unknown');
  });

  it('without buffers by time, and where shape changed with the same buffers too', () => {
    const timed = (type: string, ms: number): object => ({
      ...scan('orders', { 'Actual Total Time': ms }, type),
      'Shared Hit Blocks': undefined,
      'Shared Read Blocks': undefined,
    });
    assert.match(compare(timed('Seq Scan', 100), timed('Index Scan', 4)).verdict, /: 25 × faster \(100 ms → 4 ms\)$/);
    const { verdict, outcome } = compare(scan('orders'), scan('orders', { 'Actual Total Time': 40 }, 'Index Scan'));
    assert.match(verdict, /: 4 × slower \(10 ms → 40 ms\), the same buffers$/);
    assert.equal(outcome, 'worse');
  });

  it('plans with nothing in common', () => {
    const called = (name: string): object => node('Function Scan', { ...hit(1), 'Function Name': name, Alias: name });
    const { verdict, outcome } = compare(called('f'), node('Result'));
    assert.match(verdict, /^The plans have nothing in common/);
    assert.equal(outcome, 'unknown');
  });

  it('of two statements that read different tables neither is better', () => {
    const { verdict, outcome } = compare(
      node('Limit', hit(900), scan('a', hit(900))),
      node('Aggregate', hit(3), scan('b', hit(3))),
    );
    assert.equal(verdict, 'The plans read different tables (a before, b after): 300 × fewer buffers (900 → 3)');
    assert.equal(outcome, 'unknown');
    const join = node('Hash Join', hit(9), scan('a', hit(3)), inner(scan('b', hit(3))), inner(scan('c', hit(3))));
    assert.match(
      compare(join, scan('d', hit(9))).verdict,
      /^The plans read different tables \(a, b and 1 more before, d after\)/,
    );
  });

  it('other partitions of one table are no other table', () => {
    const part = (relation: string, alias: string, blocks: number): object =>
      scan(relation, { Alias: alias, ...hit(blocks) });
    for (const [a, b] of [
      [part('events_de', 'events', 9), part('events_fr', 'events_2', 900)],
      [part('events_202301', 'e', 9), part('events_202302', 'e', 900)],
    ] as const)
      assert.equal(compare(a, b).outcome, 'worse');
  });

  it('says where the result is another', () => {
    const one = scan('orders', { ...hit(4), 'Actual Rows': 1, 'Index Name': 'orders_pkey' }, 'Index Scan');
    assert.equal(
      compare(scan('orders', { ...hit(400), 'Actual Rows': 40_000 }), one).verdict,
      'Seq Scan on orders became Index Scan using orders_pkey: 100 × fewer buffers (400 → 4); it gives 1 row instead of 40,000',
    );
  });

  it('names the table that is read no more, not what stood around it', () => {
    const sides = [scan('orders', hit(900)), inner(node('Hash', hit(100), scan('customers')))];
    const { verdict } = compare(
      node('Aggregate', hit(1000), node('Gather', hit(1000), node('Hash Join', hit(1000), ...sides))),
      node('Aggregate', hit(100), scan('customers')),
    );
    assert.match(verdict, /^Seq Scan on orders is gone: 10 × fewer buffers/);
  });

  it('joins in another order', () => {
    const joined = (first: string, second: string, ms: number): object => {
      const hash = (table: string): object => inner(node('Hash', hit(10), scan(table, hit(10))));
      const lower = node('Hash Join', { ...hit(110), 'Actual Total Time': ms }, scan('lines'), hash(first));
      return node('Hash Join', { ...hit(120), 'Actual Total Time': ms + 10 }, lower, hash(second));
    };
    assert.match(
      compare(joined('products', 'orders', 200), joined('orders', 'products', 50)).verdict,
      /^The join order changed \(Hash of Seq Scan on (?:orders|products) moved\): 3\.5 × faster/,
    );
  });

  it('a subquery that became a join', () => {
    const looped = { ...hit(6000), 'Parent Relationship': 'SubPlan', 'Subplan Name': 'SubPlan 1', 'Actual Loops': 60 };
    const { verdict } = compare(
      { ...scan('customers', hit(6010)), Plans: [scan('orders', looped)] },
      node('Hash Join', hit(110), scan('orders', hit(100)), inner(node('Hash', hit(10), scan('customers', hit(10))))),
    );
    assert.match(verdict, /^Seq Scan on orders moved out of SubPlan 1: 55 × fewer buffers/);
  });

  it('a trigger that became faster is no cache', () => {
    const deleted = (ms: number): Plan =>
      readPlan(
        JSON.stringify([
          {
            Plan: node(
              'ModifyTable',
              { Operation: 'Delete', 'Relation Name': 'orders', Alias: 'orders' },
              scan('orders'),
            ),
            Triggers: [
              {
                'Trigger Name': 'RI_1',
                'Constraint Name': 'lines_order_id_fkey',
                Relation: 'orders',
                Time: ms,
                Calls: 11,
              },
            ],
            'Execution Time': 10 + ms,
          },
        ]),
      );
    const { verdict, outcome } = comparePlans(deleted(290), deleted(0.5));
    assert.equal(
      verdict,
      'Same plan; 29 × faster (300 ms → 10.5 ms), the same buffers: trigger for constraint lines_order_id_fkey 290 ms → 0.5 ms',
    );
    assert.equal(outcome, 'better');
  });

  it('nor is JIT that was switched on', () => {
    const run = (ms: number, jit: object): Plan =>
      readPlan(JSON.stringify([{ Plan: scan('orders', { 'Actual Total Time': ms }), ...jit, 'Execution Time': ms }]));
    const { verdict, outcome } = comparePlans(
      run(10, {}),
      run(100, {
        JIT: { Functions: 5, Timing: { Generation: 1, Inlining: 4, Optimization: 40, Emission: 40, Total: 85 } },
      }),
    );
    assert.match(verdict, /^Same plan; 10 × slower .*: JIT none → 85 ms$/);
    assert.equal(outcome, 'worse');
  });

  it('partitions that changed alike are one cause', () => {
    const append = (type: string, blocks: number): object =>
      node(
        'Append',
        hit(blocks * 12),
        ...Array.from({ length: 12 }, (_, month) =>
          scan(`orders_2024_${month + 1}`, { ...hit(blocks), 'Parent Relationship': 'Member' }, type),
        ),
      );
    assert.equal(
      compare(append('Seq Scan', 100), append('Index Scan', 10)).verdict,
      '12 × Seq Scan on orders_2024_* became Index Scan: 10 × fewer buffers (1,200 → 120)',
    );
  });

  it('pruned partitions too, whatever their aliases are numbered now', () => {
    const append = (...months: number[]): object =>
      node(
        'Append',
        hit(months.length * 100),
        ...months.map((month, place) =>
          scan(`orders_${month}`, { Alias: `orders_${place + 1}`, 'Parent Relationship': 'Member' }),
        ),
      );
    const comparison = compare(append(1, 2, 3, 4, 5, 6, 7, 8), append(7, 8));
    assert.equal(comparison.verdict, '6 × Seq Scan on orders_* are gone: 4 × fewer buffers (800 → 200)');
    assert.equal(comparison.pairs.filter(({ change }) => change === 'removed').length, 6);
  });
});

describe('plan: compare, who does whose work', () => {
  it('joins by what they bring together, scans by relation, in another order', () => {
    const before = node(
      'Hash Join',
      {},
      node('Hash Join', {}, scan('a'), inner(node('Hash', {}, scan('b')))),
      inner(node('Hash', {}, scan('c'))),
    );
    const after = node(
      'Nested Loop',
      {},
      inner(scan('c')),
      node('Hash Join', {}, scan('b'), inner(node('Hash', {}, scan('a')))),
    );
    const comparison = compare(before, after);
    const partner = (relation: string): string[] =>
      comparison.pairs
        .filter((pair) => pair.before !== undefined && comparison.before.nodes[pair.before]?.relation === relation)
        .map((pair) => comparison.after.nodes[pair.after ?? -1]?.relation ?? '–');
    assert.deepEqual([partner('a'), partner('b'), partner('c')], [['a'], ['b'], ['c']]);
    const lower = comparison.pairs.find(({ before: id }) => id === 1);
    assert.equal(comparison.after.nodes[lower?.after ?? -1]?.type, 'Hash Join');
  });

  it('a scan in a CTE is not taken for one outside', () => {
    const cte = { ...scan('orders', { 'Parent Relationship': 'InitPlan', 'Subplan Name': 'CTE recent' }) };
    const before = node(
      'Hash Join',
      {},
      cte,
      scan('orders', { Alias: 'o' }),
      inner(node('Hash', {}, node('CTE Scan', { 'CTE Name': 'recent', Alias: 'r' }))),
    );
    const { pairs } = compare(before, before);
    for (const pair of pairs) assert.equal(pair.before, pair.after);
  });

  it('says where a node moved', () => {
    const sort = (relation: string): object => node('Sort', { 'Sort Key': ['x'] }, scan(relation));
    const { pairs } = compare(node('Append', {}, sort('a'), scan('b')), node('Append', {}, scan('a'), sort('b')));
    assert.deepEqual(
      pairs.filter(({ change }) => change === 'moved').map(({ words }) => words),
      [['moved from below Sort to below Append'], ['moved from below Append to below Sort']],
    );
  });

  it('tells conditions, rows, buffers and estimates in short phrases', () => {
    const before = scan('orders', {
      ...hit(2942),
      Filter: '(customer_id = 42)',
      'Rows Removed by Filter': 39_990,
      'Plan Rows': 2000,
    });
    const after = scan(
      'orders',
      { ...hit(44), 'Actual Rows': 12, 'Index Name': 'i', 'Index Cond': '(customer_id = 42)', 'Plan Rows': 12 },
      'Index Scan',
    );
    assert.deepEqual(compare(before, after).pairs[0]?.words, [
      'Seq Scan → Index Scan using i',
      'Index Cond (customer_id = 42) is new',
      'Filter (customer_id = 42) is gone',
      'rows 10 → 12',
      'rows removed 39,990 → 0',
      'estimated rows 2,000 → 12',
      'own buffers 2,942 → 44',
    ]);
  });

  it('a plan compared with itself is the same, node by node', function () {
    this.timeout(60_000);
    for (const { name, text } of allFixtures()) {
      const comparison = comparePlans(readPlan(text), readPlan(text));
      assert.ok(['same', 'unknown'].includes(comparison.outcome), name);
      assert.match(comparison.verdict, /^The same plan/, name);
      for (const pair of comparison.pairs) {
        assert.deepEqual([pair.change, pair.words], ['same', []], name);
        assert.equal(pair.before, pair.after, name);
      }
    }
  });

  it('every node of both plans is in one pair, and no figure is nonsense', function () {
    this.timeout(60_000);
    const plans = allFixtures().map(({ name, text }) => ({ name, plan: readPlan(text) }));
    plans.forEach(({ name, plan: before }, place) => {
      for (const step of [1, 7, 31]) {
        const other = plans[(place + step) % plans.length]!;
        const comparison = comparePlans(before, other.plan);
        const label = `${name} ${other.name}`;
        const ids = (side: 'before' | 'after'): number[] =>
          comparison.pairs.flatMap((pair) => pair[side] ?? []).sort((a, b) => a - b);
        assert.deepEqual(
          ids('before'),
          before.nodes.map(({ id }) => id),
          label,
        );
        assert.deepEqual(
          ids('after'),
          other.plan.nodes.map(({ id }) => id),
          label,
        );
        // In the order of the after-plan.
        const order = comparison.pairs.flatMap((pair) => pair.after ?? []);
        assert.deepEqual(
          order,
          other.plan.nodes.map(({ id }) => id),
          label,
        );
        for (const words of [comparison.verdict, ...comparison.pairs.flatMap((pair) => pair.words)])
          assert.doesNotMatch(words, /NaN|Infinity|undefined|\?/, `${label}: ${words}`);
      }
    });
  });

  it('10,000 nodes and 5,000 levels take a moment', function () {
    this.timeout(20_000);
    const wide = (type: string): object =>
      node('Append', {}, ...Array.from({ length: 10_000 }, (_, place) => scan(`p_${place}`, {}, type)));
    const started = performance.now();
    assert.equal(compare(wide('Seq Scan'), wide('Index Scan')).pairs.length, 10_001);
    // JSON.stringify would recurse.
    const deep = (levels: number): Plan =>
      readPlan(
        `[{"Plan": ${'{"Node Type": "Limit", "Actual Rows": 1, "Actual Loops": 1, "Plans": ['.repeat(levels)}${JSON.stringify(scan('a'))}${']}'.repeat(levels)}}]`,
      );
    const { pairs } = comparePlans(deep(5000), deep(5001));
    assert.equal(pairs.length, 5002);
    assert.equal(pairs.filter(({ change }) => change === 'added').length, 1);
    assert.ok(performance.now() - started < 10_000);
  });
});

describe('plan: compare, regression', () => {
  it('is the growth of what decided', () => {
    assert.equal(regressionOf(compare(scan('a', hit(100)), scan('a', hit(150)))), 0.5);
    assert.equal(regressionOf(compare(scan('a', hit(150)), scan('a', hit(100)))), 0);
    assert.equal(regressionOf(compare(scan('a', hit(0)), scan('a', hit(1)))), Number.MAX_VALUE);
    assert.equal(regressionOf(compare(scan('a'), scan('a', { 'Actual Total Time': 100 }))), 0);
    assert.equal(
      regressionOf(compare({ 'Node Type': 'Result', 'Total Cost': 10 }, { 'Node Type': 'Result', 'Total Cost': 40 })),
      3,
    );
  });
});
