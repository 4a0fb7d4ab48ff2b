import assert from 'node:assert/strict';
import {
  readsOf,
  rootBuffers,
  shape,
  tablesOf,
  worstByBuffers,
  worstByTime,
  worstEstimate,
} from '../../../src/plan/find';
import { readPlan } from '../../../src/plan/read';
import { fixture, planOf } from './fixtures';

const reads = (server: 'pg15' | 'pglite', name: string, relation?: string): string[] =>
  readsOf(fixture(server, name), relation).map((read) => [read.relation, read.how, ...read.indexes].join(' '));

describe('plan: find', () => {
  for (const server of ['pg15', 'pglite'] as const) {
    it(`how each table was read (${server})`, () => {
      assert.deepEqual(reads(server, 'seq-scan'), ['orders seq']);
      assert.deepEqual(reads(server, 'index-scan'), ['orders index orders_pkey']);
      assert.deepEqual(reads(server, 'index-scan-backward'), ['orders index orders_pkey']);
      assert.deepEqual(reads(server, 'index-only-scan'), ['orders index-only orders_customer_id_idx']);
      assert.deepEqual(reads(server, 'bitmap-scan'), ['orders bitmap orders_customer_id_idx']);
      assert.deepEqual(reads(server, 'bitmap-or'), ['orders bitmap orders_customer_id_idx orders_created_idx']);
      assert.deepEqual(reads(server, 'bitmap-and')[0]?.split(' ').slice(0, 2), ['orders', 'bitmap']);
      assert.deepEqual(reads(server, 'tid-scan'), ['orders other']);
      assert.deepEqual(reads(server, 'sample-scan'), ['orders other']);
    });

    it(`only of the table asked for, never executed scans too (${server})`, () => {
      assert.deepEqual(reads(server, 'never-executed', 'nobody'), ['nobody seq']);
      const [read] = readsOf(fixture(server, 'never-executed'), 'orders');
      assert.equal(read?.node.neverExecuted, true);
    });

    it(`what is written is not read, and a CTE is no table (${server})`, () => {
      assert.deepEqual(reads(server, 'insert'), []);
      assert.deepEqual(reads(server, 'modifying-cte-unread', 'lines'), ['lines bitmap lines_pkey']);
      assert.deepEqual(reads(server, 'cte', 'recent'), []);
    });
  }

  it('names its tables once, with their schema unless that is public', () => {
    const scan = (relation: string, schema?: string): object => ({
      'Node Type': 'Seq Scan',
      'Relation Name': relation,
      ...(schema !== undefined && { Schema: schema }),
    });
    const plan = {
      'Node Type': 'Append',
      Plans: [scan('a', 'public'), scan('a', 'mine'), scan('b'), scan('a', 'public')],
    };
    assert.deepEqual(tablesOf(readPlan(JSON.stringify([{ Plan: plan }]))), ['a', 'mine.a', 'b']);
  });

  it('parallel scans', () => {
    assert.deepEqual(reads('pg15', 'parallel-seq-scan'), ['orders seq']);
    assert.deepEqual(reads('pg15', 'parallel-bitmap'), ['orders bitmap orders_customer_id_idx']);
    assert.deepEqual(reads('pg15', 'parallel-index-only'), ['orders index-only orders_pkey']);
  });

  it('buffers of all, and the worst of each kind', () => {
    const plan = fixture('pg15', 'init-plan');
    assert.equal(rootBuffers(plan), 510);
    assert.equal(rootBuffers(fixture('pg15', 'buffers-off')), undefined);
    assert.equal(worstByBuffers(fixture('pg15', 'many-loops'))?.relation, 'lines');
    assert.equal(worstByBuffers(fixture('pg15', 'buffers-off')), undefined);
    assert.equal(worstByTime(fixture('pg15', 'timing-off')), undefined);
    assert.equal(worstByTime(fixture('pg15', 'sort-spill'))?.type, 'Sort');
    assert.equal(worstEstimate(fixture('pg15', 'no-analyze')), undefined);
  });

  it('the worst estimate is where the error began', () => {
    const scan = { 'Node Type': 'Seq Scan', 'Plan Rows': 1, 'Actual Rows': 900, 'Actual Loops': 1 };
    const plan = planOf({ ...scan, 'Node Type': 'Unique', Plans: [{ ...scan, 'Node Type': 'Sort', Plans: [scan] }] });
    assert.equal(worstEstimate(plan)?.type, 'Seq Scan');
  });
});

describe('plan: shape', () => {
  it('is types, relations and indexes', () => {
    assert.equal(
      shape(fixture('pg15', 'bitmap-and')),
      'Bitmap Heap Scan orders(BitmapAnd(Bitmap Index Scan [orders_customer_id_idx], Bitmap Index Scan [orders_status_idx]))',
    );
    assert.equal(shape(fixture('pg15', 'init-plan')), 'Seq Scan orders(InitPlan: Aggregate(Seq Scan orders))');
    assert.equal(
      shape(fixture('pg15', 'cte-shadowed')),
      'Aggregate(CTE w: Seq Scan orders, InitPlan: Aggregate(CTE w: CTE Scan w, CTE Scan w), CTE Scan w)',
    );
  });

  it('holds no figures: the same query on another server is the same shape', () => {
    for (const name of ['seq-scan', 'sub-plan', 'never-executed', 'modifying-cte-unread', 'sort-spill'])
      assert.equal(shape(fixture('pg15', name)), shape(fixture('pglite', name)), name);
  });

  it('takes another word for an index, and says of which table', () => {
    const seen: string[] = [];
    const text = shape(fixture('pg15', 'bitmap-scan'), (index, relation) => {
      seen.push(`${index} of ${relation ?? '?'}`);
      return '(customer_id)';
    });
    assert.deepEqual(seen, ['orders_customer_id_idx of orders']);
    assert.equal(text, 'Bitmap Heap Scan orders(Bitmap Index Scan [(customer_id)])');
  });

  it('is the same with and without ANALYZE', () => {
    const { nodes } = readPlan('{"Plan": {"Node Type": "Seq Scan", "Relation Name": "t"}}');
    assert.equal(shape({ ...fixture('pg15', 'no-analyze'), nodes }), 'Seq Scan t');
    assert.equal(shape(fixture('pg15', 'no-analyze')), shape(fixture('pg15', 'timing-off')));
  });
});
