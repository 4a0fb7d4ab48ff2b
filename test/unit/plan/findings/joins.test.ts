import assert from 'node:assert/strict';
import type { Plan } from '../../../../src/plan/model';
import { fixture } from '../fixtures';
import { inner, node, on, outer, planOfNodes, says, sqlOf, statement, theOnly } from './statementPlans';

/** A nested loop over `loops` outer rows. */
function loop(loops: number, innerMs: number, properties: object, below: object, executionMs = 100): Plan {
  return planOfNodes(
    node('Nested Loop', executionMs * 0.9, loops, { 'Join Type': 'Inner', ...properties }, [
      node('Seq Scan', 1, loops, { ...outer, ...on('a') }),
      node('Index Scan', innerMs, 1, { ...inner, ...on('b'), 'Index Name': 'b_x', 'Actual Loops': loops, ...below }),
    ]),
    executionMs,
  );
}

const indexed = { 'Index Cond': '(x = a.x)' };

describe('nested-loop-many-loops', () => {
  it('counts the loops and their time', () => {
    const finding = theOnly('nested-loop-many-loops', statement('many-loops'));
    assert.match(finding.message, /^Ran Index Only Scan using customers_pkey on customers c 60,000 times/);
    assert.match(sqlOf(finding), /SET enable_nestloop = off;/);
    assert.equal(says('nested-loop-many-loops', fixture('pg15', 'many-loops')).length, 1);
  });

  it('is silent below 1,000 loops, 10 % or the error bar', () => {
    assert.equal(says('nested-loop-many-loops', loop(1000, 0.05, {}, indexed)).length, 1);
    assert.deepEqual(says('nested-loop-many-loops', loop(999, 0.05, {}, indexed)), []);
    assert.deepEqual(says('nested-loop-many-loops', loop(1000, 0.009, {}, indexed)), []);
    assert.deepEqual(says('nested-loop-many-loops', loop(100_000, 0, {}, indexed)), [], '0 ± 50 ms');
  });

  it('leaves Memoize and functions without another join alone', () => {
    assert.deepEqual(says('nested-loop-many-loops', fixture('pg15', 'memoize')), []);
    const lateral = loop(
      1000,
      0.05,
      {},
      { 'Node Type': 'Function Scan', 'Relation Name': undefined, 'Index Name': undefined },
    );
    assert.equal(sqlOf(theOnly('nested-loop-many-loops', lateral)).trim(), '');
  });
});

describe('join-filter', () => {
  it('speaks of OR', () => {
    const finding = theOnly('join-filter', statement('or-join'));
    assert.match(finding.message, /^Compared 10,000,000 pairs of rows and threw 99 % of them away/);
    assert.match(finding.fixes[0]!.text, /^Split the OR/);
  });

  it('leaves what an index spares to join-inner-without-index', () => {
    assert.deepEqual(says('join-filter', statement('range-join')), []);
    assert.deepEqual(says('join-filter', statement('equality-loop')), []);
  });

  it('is silent where few pairs, or few of them, were removed, and within the error bar', () => {
    const merge = (removed: number, kept: number, loops = 1): Plan =>
      planOfNodes(
        node('Merge Join', 90 / loops, kept, {
          'Join Type': 'Inner',
          'Join Filter': '(a.x <> b.x)',
          'Rows Removed by Join Filter': removed,
          'Actual Loops': loops,
        }),
        100,
      );
    assert.equal(says('join-filter', merge(10_000, 100)).length, 1);
    assert.deepEqual(says('join-filter', merge(999, 1)), []);
    assert.deepEqual(says('join-filter', merge(10_000, 1001)), []);
    assert.deepEqual(says('join-filter', merge(1, 0, 1500)), [], '1,500 ± 750 rows');
  });
});

describe('cartesian-join', () => {
  it('finds a join without a condition', () => {
    const finding = theOnly('cartesian-join', statement('cartesian'));
    assert.match(finding.message, /146,700 rows, with no condition between the two sides\.$/);
    assert.deepEqual(says('nested-loop-many-loops', statement('cartesian')), []);
  });

  it('is silent where the inner side asks for an outer column, or may', () => {
    assert.deepEqual(says('cartesian-join', statement('lateral-pairs')), []);
    assert.deepEqual(says('cartesian-join', statement('materialize-inequality')), []);
    assert.deepEqual(says('cartesian-join', fixture('pg15', 'nested-loop-materialize')), []);
    const pairs = (condition: string, rows = 50): Plan =>
      planOfNodes(
        node('Nested Loop', 90, 300 * rows, { 'Join Type': 'Inner' }, [
          node('Seq Scan', 1, 300, { ...outer, ...on('a', 'My "a') }),
          node('Seq Scan', 0.2, rows, { ...inner, ...on('b'), Filter: condition, 'Actual Loops': 300 }),
        ]),
        100,
      );
    assert.equal(says('cartesian-join', pairs('(b.x > 5)')).length, 1);
    assert.deepEqual(says('cartesian-join', pairs('(b.x > "My ""a".x)')), []);
    assert.deepEqual(says('cartesian-join', pairs('(b.x > $0)')), []);
    assert.deepEqual(says('cartesian-join', pairs('(b.x > 5)', 30)), [], 'fewer than 10,000 rows');
  });
});

describe('materialize-rescans', () => {
  it('counts the rows that were read again', () => {
    const finding = theOnly('materialize-rescans', statement('materialize-inequality'));
    assert.match(finding.message, /^Read 500 rows again for each of 5,000 outer rows: 2,500,000 rows in all\.$/);
  });

  it('is silent where there are fewer, or another rule says more', () => {
    const stored = (rows: number, properties: object): Plan =>
      loop(1000, 0.08, properties, { 'Node Type': 'Materialize', 'Actual Rows': rows, 'Relation Name': undefined });
    const kept = { 'Join Filter': '(a.x > b.x)', 'Actual Rows': 900_000, 'Rows Removed by Join Filter': 100_000 };
    const removed = { 'Join Filter': '(a.x > b.x)', 'Actual Rows': 1000, 'Rows Removed by Join Filter': 999_000 };
    assert.equal(says('materialize-rescans', stored(1000, kept)).length, 1);
    assert.deepEqual(says('materialize-rescans', stored(999, kept)), []);
    assert.deepEqual(says('materialize-rescans', stored(1000, removed)), []);
  });
});

describe('memoize-thrashing', () => {
  it('tells the memory that would hold the keys', () => {
    const finding = theOnly('memoize-thrashing', statement('memoize-evicts'));
    assert.match(finding.message, /^Memoize threw [\d,]+ entries out of its cache/);
    assert.match(sqlOf(finding), /^SET work_mem = '\d+MB';$/);
  });

  it('tells a cache that is not hit', () => {
    const finding = theOnly('memoize-thrashing', statement('memoize-no-hits'));
    assert.match(finding.message, /^Memoize found only 0 % of 2,000 look-ups/);
    assert.match(sqlOf(finding), /SET enable_memoize = off;/);
  });

  it('is silent where it helps', () => {
    const memoize = (hits: number, misses: number, evictions: number): Plan =>
      loop(
        2000,
        0.04,
        {},
        {
          'Node Type': 'Memoize',
          'Relation Name': undefined,
          'Cache Key': 'a.x',
          'Cache Hits': hits,
          'Cache Misses': misses,
          'Cache Evictions': evictions,
          'Cache Overflows': 0,
          'Peak Memory Usage': 4096,
        },
      );
    assert.equal(says('memoize-thrashing', memoize(1500, 500, 60)).length, 1);
    assert.deepEqual(says('memoize-thrashing', memoize(1500, 500, 10)), []);
    assert.equal(says('memoize-thrashing', memoize(300, 1700, 0)).length, 1);
    assert.deepEqual(says('memoize-thrashing', memoize(500, 1500, 0)), []);
    assert.deepEqual(says('memoize-thrashing', fixture('pg15', 'memoize')), []);
  });
});
