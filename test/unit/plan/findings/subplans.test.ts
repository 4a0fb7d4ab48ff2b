import assert from 'node:assert/strict';
import type { Plan } from '../../../../src/plan/model';
import { fixture } from '../fixtures';
import { hit, node, on, outer, planOfNodes, says, sqlOf, statement, theOnly } from './statementPlans';

function withSubPlan(filter: string, subplan: object, rows = 100): Plan {
  return planOfNodes(node('Seq Scan', 100, rows, { ...on('a'), Filter: filter }, [subplan]), 100);
}

const subPlan = (type: string, ms: number, loops: number, more: object = {}): object =>
  node(type, ms, 1, { 'Parent Relationship': 'SubPlan', 'Subplan Name': 'SubPlan 1', 'Actual Loops': loops, ...more });

describe('correlated-subplan', () => {
  it('says how often, and where', () => {
    const finding = theOnly('correlated-subplan', fixture('pg15', 'parallel-sub-plan'));
    assert.match(finding.message, /^Ran SubPlan 1 40,000 times, .* evaluates in its Filter\.$/);
    const aggregate = theOnly('correlated-subplan', statement('correlated-subplan'));
    assert.match(aggregate.fixes[0]!.text, /FROM orders GROUP BY key/);
    assert.match(theOnly('correlated-subplan', statement('correlated-limit')).fixes[0]!.text, /DISTINCT ON/);
  });

  it('is silent for few loops, a small share, a hash table, and within the error bar', () => {
    assert.equal(says('correlated-subplan', withSubPlan('(x = (SubPlan 1))', subPlan('Aggregate', 1, 10))).length, 1);
    assert.deepEqual(says('correlated-subplan', withSubPlan('(x = (SubPlan 1))', subPlan('Aggregate', 9, 9))), []);
    assert.deepEqual(says('correlated-subplan', withSubPlan('(x = (SubPlan 1))', subPlan('Aggregate', 0.4, 10))), []);
    assert.deepEqual(says('correlated-subplan', withSubPlan('(x = (SubPlan 1))', subPlan('Aggregate', 0, 90_000))), []);
    assert.deepEqual(says('correlated-subplan', fixture('pg15', 'sub-plan-hashed')), []);
    assert.deepEqual(says('correlated-subplan', fixture('pg15', 'init-plan')), []);
  });
});

describe('not-in-subplan', () => {
  it('tells a hashed list from one that is searched', () => {
    assert.match(theOnly('not-in-subplan', statement('not-in-hashed')).message, /hash table of 60,000 rows/);
    const slow = theOnly('not-in-subplan', statement('not-in-unhashed'));
    assert.match(slow.message, /for each of 500 rows of Seq Scan on ranges: its list was too large to hash\.$/);
    assert.match(slow.fixes[0]!.text, /NOT EXISTS \(SELECT FROM orders s/);
    assert.deepEqual(says('correlated-subplan', statement('not-in-unhashed')), []);
  });

  it('reads the form of 17 and its column', () => {
    const plan = withSubPlan('(NOT (ANY (a.x = (hashed SubPlan 1).col1)))', subPlan('Seq Scan', 50, 1, on('b')));
    assert.match(theOnly('not-in-subplan', plan).fixes[0]!.text, /NOT EXISTS \(SELECT FROM b s WHERE s\.… = a\.x\)/);
  });

  it('is silent for NOT EXISTS, hashed or not, and for IN', () => {
    assert.deepEqual(says('not-in-subplan', statement('not-exists-or')), []);
    assert.deepEqual(says('not-in-subplan', withSubPlan('(NOT (SubPlan 1))', subPlan('Index Scan', 1, 50))), []);
    assert.deepEqual(says('not-in-subplan', withSubPlan('(NOT EXISTS(SubPlan 1))', subPlan('Index Scan', 1, 50))), []);
    assert.deepEqual(says('not-in-subplan', withSubPlan('(hashed SubPlan 1)', subPlan('Seq Scan', 50, 1))), []);
    assert.deepEqual(says('not-in-subplan', withSubPlan('(NOT (hashed SubPlan 1))', subPlan('Seq Scan', 4, 1))), []);
  });
});

describe('cte-filtered-late', () => {
  it('names the CTE', () => {
    const finding = theOnly('cte-filtered-late', statement('cte-filtered'));
    assert.match(finding.message, /^CTE c was computed whole, 20,000 rows; reading it then threw 99 % away\.$/);
    assert.match(finding.fixes[0]!.text, /WITH c AS NOT MATERIALIZED/);
  });

  it('is silent where a scan reads it all, and where it recurses or writes', () => {
    const plan = (cte: string, second: object): Plan =>
      planOfNodes(
        node('Append', 100, 2, {}, [
          node(cte, 80, 5000, { 'Parent Relationship': 'InitPlan', 'Subplan Name': 'CTE w' }),
          node('CTE Scan', 90, 10, {
            'Parent Relationship': 'Member',
            'CTE Name': 'w',
            Filter: '(x = 1)',
            'Rows Removed by Filter': 4990,
          }),
          node('CTE Scan', 2, 10, { 'Parent Relationship': 'Member', 'CTE Name': 'w', ...second }),
        ]),
        100,
      );
    const filtered = { Filter: '(x = 2)', 'Rows Removed by Filter': 4990 };
    assert.equal(says('cte-filtered-late', plan('Seq Scan', filtered)).length, 1);
    assert.deepEqual(says('cte-filtered-late', plan('Seq Scan', { 'Actual Rows': 5000 })), []);
    assert.deepEqual(says('cte-filtered-late', plan('Recursive Union', filtered)), []);
    assert.deepEqual(says('cte-filtered-late', plan('ModifyTable', filtered)), []);
    for (const name of ['cte', 'cte-chain', 'cte-shadowed'])
      assert.deepEqual(says('cte-filtered-late', fixture('pg15', name)), [], name);
  });
});

describe('large-offset', () => {
  it('writes the page by key', () => {
    const finding = theOnly('large-offset', statement('offset'));
    assert.match(finding.message, /^Computed 50,020 rows and skipped 50,000 of them/);
    assert.match(
      finding.fixes[0]!.text,
      /WHERE \(created, id\) < \(\$1, \$2\) ORDER BY created DESC, id DESC LIMIT 20\./,
    );
  });

  it('is silent without OFFSET, or where little was skipped', () => {
    assert.deepEqual(says('large-offset', statement('no-offset')), []);
    assert.deepEqual(says('large-offset', fixture('pg15', 'limit')), []);
    const limit = (read: number, given: number): Plan =>
      planOfNodes(node('Limit', 100, given, {}, [node('Index Scan', 90, read, { ...outer, ...on('a') })]), 100);
    assert.equal(says('large-offset', limit(1100, 100)).length, 1);
    assert.deepEqual(says('large-offset', limit(1098, 99)), []);
    assert.deepEqual(says('large-offset', limit(2000, 200)), []);
  });
});

describe('many-partitions', () => {
  it('counts those that gave nothing', () => {
    const finding = theOnly('many-partitions', statement('partitions-in-vain'));
    assert.match(finding.message, /^Searched 52 members; 51 of them \(98 %\) gave no row\.$/);
    assert.ok(finding.evidence.some(({ value }) => value.includes('day + 0')));
  });

  it('is silent where most gave rows, or there are few', () => {
    assert.deepEqual(says('many-partitions', statement('partitions-all')), []);
    const append = (empty: number, full: number, ms = 3): Plan =>
      planOfNodes(
        node(
          'Append',
          100,
          full,
          {},
          Array.from({ length: empty + full }, (_, place) =>
            node('Seq Scan', ms, place < empty ? 0 : 1, {
              'Parent Relationship': 'Member',
              ...on(`p${place}`),
              ...hit(1),
            }),
          ),
        ),
        100,
      );
    assert.equal(says('many-partitions', append(16, 4)).length, 1);
    assert.deepEqual(says('many-partitions', append(15, 4)), []);
    assert.deepEqual(says('many-partitions', append(15, 5)), []);
    assert.deepEqual(says('many-partitions', append(16, 4, 0)), [], 'nothing to save');
  });
});

describe('wide-rows', () => {
  it('names the node that pays', () => {
    const finding = theOnly('wide-rows', statement('wide-sort'));
    assert.match(finding.message, /^Sort carried 5,000 rows of about 2,888 bytes: 14 MB\.$/);
  });

  it('is silent for narrow or few rows, and speaks once', () => {
    const sort = (width: number, rows: number): Plan =>
      planOfNodes(
        node('Sort', 100, rows, { 'Plan Width': width }, [
          node('Gather', 50, rows, { ...outer, 'Plan Width': width }, [
            node('Seq Scan', 20, rows, { ...outer, ...on('a') }),
          ]),
        ]),
        100,
      );
    assert.equal(says('wide-rows', sort(2000, 5000)).length, 1);
    assert.deepEqual(says('wide-rows', sort(1999, 5000)), []);
    assert.deepEqual(says('wide-rows', sort(2000, 4000)), []);
    assert.deepEqual(says('wide-rows', fixture('pg15', 'sort-spill')), []);
  });
});

describe('foreign-filter-local', () => {
  it('tells what was fetched for nothing', () => {
    const finding = theOnly('foreign-filter-local', statement('foreign-local'));
    assert.match(finding.message, /^Foreign Scan on public\.far_orders fetched 60,000 rows and threw 59,981 away/);
    assert.ok(finding.evidence.some(({ name }) => name === 'Remote SQL'));
    assert.equal(sqlOf(finding).trim(), '');
  });

  it('is silent for files, and where more is kept', () => {
    const scan = (removed: number, kept: number, more: object = {}): Plan =>
      planOfNodes(
        node('Foreign Scan', 90, kept, { ...on('f'), Filter: '(x = 1)', 'Rows Removed by Filter': removed, ...more }),
        100,
      );
    assert.equal(says('foreign-filter-local', scan(1000, 1000)).length, 1);
    assert.deepEqual(says('foreign-filter-local', scan(1000, 1001)), []);
    assert.deepEqual(says('foreign-filter-local', scan(999, 1)), []);
    assert.deepEqual(says('foreign-filter-local', scan(1000, 1, { 'Foreign File': '/tmp/x' })), []);
  });
});
