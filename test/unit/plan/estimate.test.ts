import assert from 'node:assert/strict';
import { fixture, ofType, only, planOf } from './fixtures';

describe('plan: estimate factor', () => {
  const factor = (planRows: number, rows: number, loops = 1): number | undefined =>
    planOf({ 'Plan Rows': planRows, 'Actual Rows': rows, 'Actual Loops': loops }).nodes[0]?.estimateFactor;

  it('is max/min of rows per loop, either way', () => {
    assert.equal(factor(100, 1000), 10);
    assert.equal(factor(1000, 100), 10);
    assert.equal(factor(7, 7), 1);
  });

  it('no row states a bound; a part of a row is one', () => {
    assert.equal(factor(1000, 0), 1000);
    assert.equal(factor(1, 0), 1);
    assert.equal(factor(1, 0.01, 500), 1);
    assert.equal(factor(0, 30), 30);
  });

  it('nothing without a measurement', () => {
    assert.equal(factor(1000, 0, 0), undefined);
    assert.equal(planOf({ 'Plan Rows': 10 }).nodes[0]?.estimateFactor, undefined);
  });

  for (const server of ['pg15', 'pglite'] as const) {
    it(`means nothing for BitmapAnd, BitmapOr, ModifyTable (${server})`, () => {
      assert.equal(ofType(fixture(server, 'bitmap-and'), 'BitmapAnd').estimateFactor, undefined);
      assert.equal(ofType(fixture(server, 'bitmap-or'), 'BitmapOr').estimateFactor, undefined);
      assert.equal(ofType(fixture(server, 'insert'), 'Insert').estimateFactor, undefined);
    });

    it(`means nothing below LIMIT (${server})`, () => {
      const plan = fixture(server, 'limit');
      assert.equal(only(plan, ({ relation }) => relation === 'orders').estimateFactor, undefined);
      assert.equal(ofType(plan, 'Nested Loop').estimateFactor, undefined);
      assert.equal(ofType(plan, 'Limit').estimateFactor, 1);
    });

    it(`but does below a sort below LIMIT, which reads all (${server})`, () => {
      const plan = fixture(server, 'top-n');
      assert.equal(ofType(plan, 'Sort').estimateFactor, undefined);
      assert.equal(ofType(plan, 'Seq Scan').estimateFactor, 1);
    });

    it(`means nothing for the probe of an anti join, which stops at the first row (${server})`, () => {
      const plan = fixture(server, 'nested-loop-anti');
      assert.equal(only(plan, ({ relation }) => relation === 'orders').estimateFactor, undefined);
      assert.equal(only(plan, ({ relation }) => relation === 'customers').estimateFactor, 1);
    });

    it(`means nothing for the side of a merge join that was stopped (${server})`, () => {
      const plan = fixture(server, 'merge-join-stopped');
      assert.equal(only(plan, ({ relation }) => relation === 'orders').estimateFactor, undefined);
    });

    it(`means nothing where a merge join went back to a mark (${server})`, () => {
      const plan = fixture(server, 'merge-join-mark-restore');
      const [outer, inner] = plan.nodes.filter(({ type }) => type === 'Sort');
      assert.equal(outer?.estimateFactor, 1);
      assert.ok((inner?.rows ?? 0) > 40_000);
      assert.equal(inner?.estimateFactor, undefined);
    });

    it(`means nothing for what a hash join with an empty table did not read (${server})`, () => {
      const plan = fixture(server, 'hash-join-empty-inner');
      const orders = only(plan, ({ relation }) => relation === 'orders');
      assert.equal(orders.estimateFactor, undefined);
    });

    it(`does for the HashAggregate of a CTE that is read whole (${server})`, () => {
      const cte = only(fixture(server, 'cte-chain'), ({ subplan }) => subplan === 'CTE b');
      assert.ok(cte.estimateFactor !== undefined);
    });
  }

  it('more rows than planned count even where fewer would not', () => {
    const scan = { 'Node Type': 'Seq Scan', 'Plan Rows': 2, 'Actual Rows': 50, 'Actual Loops': 1 };
    assert.equal(ofType(planOf({ 'Node Type': 'Limit', Plans: [scan] }), 'Seq Scan').estimateFactor, 25);
  });
});
