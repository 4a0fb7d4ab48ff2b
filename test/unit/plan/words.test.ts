import assert from 'node:assert/strict';
import {
  describeNode,
  formatBlocks,
  formatBuffers,
  formatBytes,
  formatCount,
  formatFactor,
  formatMs,
  formatRows,
  formatShort,
  nodeTitle,
} from '../../../src/plan/words';
import { fixture, only, planOf } from './fixtures';

describe('plan: numbers in words', () => {
  const table = (
    name: string,
    words: (value: number) => string,
    rows: readonly (readonly [number, string])[],
  ): void => {
    it(name, () => {
      for (const [value, text] of rows) assert.equal(words(value), text);
    });
  };
  table('ms', formatMs, [
    [0, '0 ms'],
    [0.0254, '0.025 ms'],
    [0.9996, '1 ms'],
    [1.25, '1.3 ms'],
    [31.2, '31.2 ms'],
    [312.4, '312 ms'],
    [999.4, '999 ms'],
    [4213, '4.21 s'],
    [42_130, '42.1 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
  ]);
  table('counts', formatCount, [
    [0, '0'],
    [0.01, '0.01'],
    [1.5, '1.5'],
    [20.08, '20.1'],
    [999, '999'],
    [2942, '2,942'],
    [1_234_567.8, '1,234,568'],
    [Number.POSITIVE_INFINITY, '?'],
  ]);
  table('short', formatShort, [
    [0, '0'],
    [950, '950'],
    [12_400, '12.4 k'],
    [999_960, '1 M'],
    [3_100_000, '3.1 M'],
    [120_000_000_000, '120 G'],
  ]);
  table('rows', formatRows, [
    [1, '1 row'],
    [0, '0 rows'],
    [400_000, '400,000 rows'],
    [0.5, '0.5 rows'],
  ]);
  table('buffers', formatBuffers, [
    [1, '1 buffer'],
    [2942, '2,942 buffers'],
  ]);
  table('bytes', formatBytes, [
    [1, '1 byte'],
    [900, '900 bytes'],
    [8192, '8 kB'],
    [1_048_570, '1 MB'],
    [24_117_248, '23 MB'],
    [1_610_612_736, '1.5 GB'],
  ]);
  table('blocks', formatBlocks, [
    [1, '8 kB'],
    [2942, '23 MB'],
  ]);
  table('factors', formatFactor, [
    [1, '1 ×'],
    [2.96, '3 ×'],
    [12.4, '12 ×'],
    [4200, '4,200 ×'],
  ]);
});

describe('plan: nodes in words', () => {
  it('titles are EXPLAIN’s own', () => {
    const title = (properties: object): string => nodeTitle(planOf(properties).nodes[0] ?? assert.fail());
    assert.equal(title({ 'Node Type': 'Seq Scan', 'Relation Name': 'orders', Alias: 'orders' }), 'Seq Scan on orders');
    assert.equal(
      title({ 'Node Type': 'Seq Scan', Schema: 'public', 'Relation Name': 'orders', Alias: 'o' }),
      'Seq Scan on public.orders o',
    );
    assert.equal(
      title({
        'Node Type': 'Index Scan',
        'Scan Direction': 'Backward',
        'Index Name': 'orders_pkey',
        'Relation Name': 'orders',
        Alias: 'o',
      }),
      'Index Scan Backward using orders_pkey on orders o',
    );
    assert.equal(
      title({ 'Node Type': 'Bitmap Index Scan', 'Index Name': 'orders_pkey' }),
      'Bitmap Index Scan on orders_pkey',
    );
    assert.equal(title({ 'Node Type': 'CTE Scan', 'CTE Name': 'recent', Alias: 'r' }), 'CTE Scan on recent r');
    assert.equal(
      title({ 'Node Type': 'Function Scan', 'Function Name': 'generate_series', Alias: 'g' }),
      'Function Scan on generate_series g',
    );
    assert.equal(title({ 'Node Type': 'Subquery Scan', Alias: 'x' }), 'Subquery Scan on x');
    assert.equal(
      title({ 'Node Type': 'ModifyTable', Operation: 'Update', 'Relation Name': 'stock', Alias: 's' }),
      'Update on stock s',
    );
    assert.equal(title({ 'Node Type': 'Sort' }), 'Sort');
  });

  it('one sentence says a node', () => {
    const scan = planOf({
      'Node Type': 'Seq Scan',
      'Relation Name': 'orders',
      Alias: 'orders',
      'Plan Rows': 398_211,
      'Actual Rows': 400_000,
      'Actual Loops': 1,
      'Actual Total Time': 31.2,
      'Shared Hit Blocks': 2900,
      'Shared Read Blocks': 42,
    });
    assert.equal(
      describeNode(scan.nodes[0] ?? assert.fail()),
      'Seq Scan on orders, 400,000 rows of estimated 398,211, 31.2 ms of its own, 2,942 buffers',
    );
  });

  it('loops, rounding, never executed, only estimated', () => {
    const loops = {
      'Node Type': 'Index Scan',
      'Index Name': 'i',
      'Relation Name': 't',
      'Plan Rows': 2,
      'Actual Rows': 2,
      'Actual Loops': 20_000,
      'Actual Total Time': 0,
    };
    assert.equal(
      describeNode(planOf(loops).nodes[0] ?? assert.fail()),
      'Index Scan using i on t, 2 rows of estimated 2 in each of 20,000 loops, at most 10 ms of its own',
    );
    assert.match(
      describeNode(only(fixture('pg15', 'never-executed'), ({ relation }) => relation === 'orders')),
      /, never executed$/,
    );
    assert.equal(describeNode(planOf({ 'Plan Rows': 1 }).nodes[0] ?? assert.fail()), 'Result, estimated 1 row');
    assert.match(
      describeNode(only(fixture('pg15', 'cte'), ({ subplan }) => subplan === 'CTE recent')),
      /^CTE recent: /,
    );
  });
});
