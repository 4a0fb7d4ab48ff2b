import assert from 'node:assert/strict';
import { fixture, sharedPlans } from '../fixtures';
import { readPlan } from '../../../../src/plan/read';
import { inner, node, on, outer, planOfNodes, says, sqlOf, statement, theOnly } from './statementPlans';

describe('misestimate', () => {
  it('proposes statistics of columns that go together', () => {
    const finding = says('misestimate', statement('correlated-columns'))[0]!;
    assert.match(
      finding.message,
      /^Expected 2 rows of Seq Scan on customers c and got 200: 100 × too few\. So a nested loop/,
    );
    assert.match(
      sqlOf(finding),
      /CREATE STATISTICS customers_country_city_stats ON country, city FROM customers;\nANALYZE customers;/,
    );
    assert.ok(finding.stake.ms! > 0 && finding.shareOfTime! < 0.5);
  });

  it('proposes statistics of an expression, and knows the default share', () => {
    const finding = theOnly('misestimate', statement('expression-estimate'));
    assert.match(sqlOf(finding), /ON \(id % 2\) FROM orders/);
    assert.ok(finding.evidence.some(({ name, value }) => name === 'Share assumed' && value.includes('default')));
  });

  it('proposes the rows of a function', () => {
    const finding = theOnly('misestimate', statement('function-rows'));
    assert.match(sqlOf(finding), /ALTER FUNCTION some_ids ROWS 30000;/);
  });

  it('does not state a number of values for groups that HAVING left', () => {
    const finding = theOnly('misestimate', statement('having'));
    assert.match(finding.message, /HashAggregate and got 4/);
    assert.equal(sqlOf(finding).includes('n_distinct'), false);
  });

  it('is reported where it begins, not at each parent', () => {
    const plan = planOfNodes(
      node('Nested Loop', 100, 5000, { 'Join Type': 'Inner', 'Plan Rows': 5 }, [
        node('Nested Loop', 60, 5000, { ...outer, 'Join Type': 'Inner', 'Plan Rows': 5 }, [
          node('Seq Scan', 10, 5000, { ...outer, ...on('a'), 'Plan Rows': 5, Filter: '(x = 1)' }),
          node('Index Scan', 0.01, 1, { ...inner, ...on('b'), 'Index Name': 'b_x', 'Actual Loops': 5000 }),
        ]),
        node('Index Scan', 0.008, 1, { ...inner, ...on('c'), 'Index Name': 'c_x', 'Actual Loops': 5000 }),
      ]),
      100,
    );
    const finding = theOnly('misestimate', plan);
    assert.equal(plan.nodes[finding.node!]!.relation, 'a');
    assert.ok(Math.abs(finding.stake.ms! - 90) < 1e-6, 'what both inner sides took');
  });

  it('states a bound where nothing came', () => {
    const plan = planOfNodes(
      node('Hash Join', 100, 0, { 'Join Type': 'Left', 'Plan Rows': 5000 }, [
        node('Seq Scan', 80, 4000, { ...outer, ...on('a') }),
        node('Hash', 10, 0, { ...inner, 'Plan Rows': 5000 }, [
          node('Seq Scan', 10, 0, { ...outer, ...on('b'), 'Plan Rows': 5000, Filter: '(x = $1)' }),
        ]),
      ]),
      100,
    );
    const finding = theOnly('misestimate', plan);
    assert.match(
      finding.message,
      /^Expected 5,000 rows of Seq Scan on b and got none: at least 5,000 × too many\. So a hash join read 4,000 rows/,
    );
    assert.match(sqlOf(finding), /SET plan_cache_mode = force_custom_plan;/);
  });

  it('is silent below 10 ×, and where nothing came of it', () => {
    const scan = (planned: number): ReturnType<typeof planOfNodes> =>
      planOfNodes(node('Seq Scan', 100, 900, { ...on('a'), 'Plan Rows': planned, Filter: '(x = 1)' }), 100);
    assert.deepEqual(says('misestimate', scan(91)), []);
    assert.deepEqual(says('misestimate', scan(1)), [], 'the scan would be the same');
    assert.deepEqual(says('misestimate', statement('not-in-hashed')), [], 'no index could tell what is not in a list');
    for (const name of ['many-loops', 'hash-semi-join', 'limit', 'merge-join-stopped'])
      assert.deepEqual(says('misestimate', fixture('pg15', name)), [], name);
  });

  it('is silent within the error bar', () => {
    const loops = 10_000;
    const plan = (ms: number): ReturnType<typeof planOfNodes> =>
      planOfNodes(
        node('Nested Loop', 20, loops, { 'Join Type': 'Inner', 'Plan Rows': 1000 }, [
          node('Seq Scan', 10, loops, { ...outer, ...on('a'), 'Plan Rows': 1000, Filter: '(x = 1)' }),
          node('Index Scan', ms, 1, { ...inner, ...on('b'), 'Index Name': 'b_x', 'Actual Loops': loops }),
        ]),
        20,
      );
    assert.equal(says('misestimate', plan(0.001)).length, 1, '10 ± 5 ms');
    assert.deepEqual(says('misestimate', plan(0)), [], '0 ± 5 ms');
  });
});

describe('never-analyzed', () => {
  it('knows the default size', () => {
    const finding = theOnly('never-analyzed', statement('never-analyzed'));
    assert.match(finding.message, /^regions looks as if never analyzed/);
    assert.match(sqlOf(finding), /^ANALYZE regions;$/);
    assert.equal(finding.node, statement('never-analyzed').nodes.find(({ relation }) => relation === 'regions')?.id);
  });

  it('is silent where the numbers are right, or the table has as many pages', () => {
    const join = (rows: number, blocks: number): ReturnType<typeof planOfNodes> =>
      planOfNodes(
        node('Hash Join', 1, 1, { 'Join Type': 'Inner' }, [
          node('Seq Scan', 0.5, rows, {
            ...outer,
            ...on('a'),
            'Plan Rows': 1270,
            'Total Cost': 22.7,
            'Shared Hit Blocks': blocks,
          }),
        ]),
        1,
      );
    assert.equal(says('never-analyzed', join(3, 1)).length, 1);
    assert.deepEqual(says('never-analyzed', join(1270, 1)), []);
    assert.deepEqual(says('never-analyzed', join(3, 10)), [], 'a table of 10 pages, from which rows were deleted');
    for (const name of ['hash-left-join', 'union-all', 'cte-recursive'])
      assert.deepEqual(says('never-analyzed', fixture('pg15', name)), [], name);
  });

  it('finds it in TPC-H plans that were made before ANALYZE', function () {
    const plan = sharedPlans()?.find(({ name }) => name.endsWith('tpch-q8-analyze.plan.json'));
    if (plan === undefined) this.skip();
    const finding = theOnly('never-analyzed', readPlan(plan.text));
    assert.match(finding.message, /pg_temp\.nation, pg_temp\.supplier and pg_temp\.lineitem/);
  });
});
