import assert from 'node:assert/strict';
import { alikeOf, alikeTotals, commonName } from '../../../src/plan/alike';
import { readPlan } from '../../../src/plan/read';
import { fixture, planOf } from './fixtures';

const scan = (name: string, more: object = {}): object => ({
  'Node Type': 'Seq Scan',
  'Parent Relationship': 'Member',
  'Relation Name': name,
  Alias: name,
  'Plan Rows': 10,
  'Actual Total Time': 2,
  'Actual Rows': 3,
  'Actual Loops': 1,
  'Shared Hit Blocks': 4,
  ...more,
});
const append = (...plans: object[]): object => ({
  'Node Type': 'Append',
  'Actual Total Time': 100,
  'Actual Rows': 1,
  'Actual Loops': 1,
  'Shared Hit Blocks': 400,
  Plans: plans,
});
const names = (count: number): string[] =>
  Array.from({ length: count }, (_, place) => `orders_2024_${String(place + 1).padStart(2, '0')}`);

describe('plan: alike siblings', () => {
  it('five of one shape are a group, four are not', () => {
    assert.equal(alikeOf(planOf(append(...names(4).map((name) => scan(name))))).size, 0);
    assert.deepEqual(
      [...alikeOf(planOf(append(...names(5).map((name) => scan(name)))))],
      [[1, { members: [1, 2, 3, 4, 5] }]],
    );
  });

  it('they need not stand side by side; another shape is another group', () => {
    const bitmap = (name: string): object =>
      scan(name, {
        'Node Type': 'Bitmap Heap Scan',
        Plans: [{ 'Node Type': 'Bitmap Index Scan', 'Parent Relationship': 'Outer', 'Index Name': `${name}_idx` }],
      });
    const plan = planOf(append(...names(6).flatMap((name) => [scan(name), bitmap(name)])));
    assert.deepEqual(
      [...alikeOf(plan).values()].map(({ members }) => members),
      [
        [1, 4, 7, 10, 13, 16],
        [2, 5, 8, 11, 14, 17],
      ],
    );
  });

  it('a node that differs far below is not alike', () => {
    const sorted = (name: string, type: string): object => ({
      'Node Type': 'Sort',
      'Parent Relationship': 'Member',
      Plans: [scan(name, { 'Node Type': type, 'Parent Relationship': 'Outer' })],
    });
    const plan = planOf(
      append(...names(6).map((name, place) => sorted(name, place === 3 ? 'Index Scan' : 'Seq Scan'))),
    );
    const [group] = alikeOf(plan).values();
    assert.equal(group?.members.length, 5);
    assert.ok(!group.members.includes(7));
  });

  it('subplans are never grouped: each does its own thing', () => {
    const subplans = names(8).map((name, place) =>
      scan(name, { 'Parent Relationship': 'InitPlan', 'Subplan Name': `InitPlan ${place + 1}` }),
    );
    assert.equal(alikeOf(planOf(append(...subplans))).size, 0);
  });

  it('totals are sums of what is known', () => {
    const plan = planOf(append(...names(5).map((name) => scan(name)), scan('orders_2024_06', { 'Actual Loops': 0 })));
    const [group] = alikeOf(plan).values();
    assert.ok(group);
    const totals = alikeTotals(plan, group);
    assert.deepEqual(
      [totals.count, totals.neverExecuted, totals.pattern, totals.rows, totals.planRows, totals.inclusiveMs],
      [6, 1, 'orders_2024_*', 15, 50, 10],
    );
    assert.equal(totals.exclusiveMs, 10);
    assert.equal(totals.exclusiveBuffers?.sharedHit, 20);
  });

  it('what no member has stays unknown', () => {
    const plan = planOf({
      'Node Type': 'Append',
      Plans: names(5).map((name) => ({ 'Node Type': 'Seq Scan', 'Relation Name': name })),
    });
    const [group] = alikeOf(plan).values();
    assert.ok(group);
    const { rows, exclusiveMs, buffers, planRows } = alikeTotals(plan, group);
    assert.deepEqual([rows, exclusiveMs, buffers, planRows], [undefined, undefined, undefined, undefined]);
  });

  it('what the names share: no parts of words, numbers or characters', () => {
    assert.equal(commonName(names(9)), 'orders_2024_*');
    assert.equal(commonName(['p2023', 'p2024']), 'p*');
    assert.equal(commonName(['jan_2024_orders', 'feb_2024_orders']), '*_2024_orders');
    assert.equal(commonName(['region_eu_x', 'region_es_x']), 'region_*_x');
    assert.equal(commonName(['a', 'b']), undefined);
    assert.equal(commonName(['lines', 'lines']), 'lines');
    assert.equal(commonName(['t', 't_1']), 't*');
    assert.equal(commonName(['😀', '😁']), undefined);
    assert.equal(commonName([]), undefined);
  });

  it('groups in a captured plan are members of one parent', () => {
    const plan = fixture('pg15', 'partitions');
    for (const { members } of alikeOf(plan).values())
      assert.equal(new Set(members.map((id) => plan.nodes[id]?.parent)).size, 1);
  });

  it('10,000 partitions and 5,000 levels, without recursion', function () {
    this.timeout(20_000);
    const wide = planOf(append(...Array.from({ length: 10_000 }, (_, place) => scan(`p_${place}`))));
    const [group] = alikeOf(wide).values();
    assert.equal(group && alikeTotals(wide, group).pattern, 'p_*');
    // JSON.stringify would recurse.
    const level = '{"Node Type": "Materialize", "Plans": [';
    const deep = readPlan(`[{"Plan": ${level.repeat(5000)}${JSON.stringify(scan('p'))}${']}'.repeat(5000)}}]`);
    assert.equal(alikeOf(deep).size, 0);
  });
});
