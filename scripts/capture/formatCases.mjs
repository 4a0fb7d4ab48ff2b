import { parallel } from './jsonCases.mjs';

/**
 * What fixtures/formats holds: each captured as JSON, text, YAML and XML. BUFFERS only where the blocks matter: they are
 * a third of the bytes.
 */
const RUN = 'ANALYZE, BUFFERS OFF';
const BLOCKS = 'ANALYZE, BUFFERS';

const joined = `SELECT count(*) FROM customers c JOIN orders o ON o.customer_id = c.id`;
const odd = `"Shop -> <b>&amp; 'x'"."Seq Scan on ""t""  (cost=1.00..2.00 rows=3 width=4)"`;
const hashOnly = { enable_mergejoin: 'off', enable_nestloop: 'off' };
const loopOnly = { enable_hashjoin: 'off', enable_mergejoin: 'off' };
const mergeOnly = { enable_hashjoin: 'off', enable_nestloop: 'off' };
/** One of two workers does it all: what each process did is the same each time. */
const oneWorker = { ...parallel, max_parallel_workers: '1', parallel_leader_participation: 'off' };

/** What a case writes is rolled back and stays as dead rows: so the next run finds the table as this one did. */
const afresh = (table) => `VACUUM FULL ${table}; VACUUM (FREEZE) ${table}`;

/**
 * name: [statement, what differs from the usual]. `set`: settings; `options`: EXPLAIN's, without FORMAT; `from`, `to`: major
 * versions; `native`: not the embedded engine; `before`: statements in the same transaction; `cold`: after a restart;
 * `races`: processes share the work by chance, so the formats differ in figures;
 * `prepare`: outside the transaction, before each run and at the end.
 */
const cases = {
  // EXPLAIN's options
  'no-analyze': [joined, { options: '' }],
  'costs-off': [joined, { options: 'COSTS OFF' }],
  'costs-off-analyze': [joined, { options: 'ANALYZE, COSTS OFF, BUFFERS OFF' }],
  'timing-off': [joined, { options: 'ANALYZE, TIMING OFF, BUFFERS' }],
  'costs-timing-summary-off': [joined, { options: 'ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF' }],
  'summary-off': [joined, { options: 'ANALYZE, SUMMARY OFF, BUFFERS OFF' }],
  'summary-on': [joined, { options: 'SUMMARY' }],
  'buffers-without-analyze': [joined, { options: 'BUFFERS, SUMMARY' }],
  verbose: [
    `SELECT o.id, upper(c.name) AS "Name", o.total * 2 FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id < 5`,
    { options: 'VERBOSE' },
  ],
  'verbose-query-identifier': [joined, { options: 'ANALYZE, VERBOSE, BUFFERS OFF', set: { compute_query_id: 'on' } }],
  settings: [
    joined,
    {
      options: 'SETTINGS',
      set: { work_mem: '64kB', random_page_cost: '1.1', enable_nestloop: 'off' },
      before: `SET LOCAL search_path = public, "a, b = 'c'"`,
    },
  ],
  wal: [
    `UPDATE stock SET quantity = quantity + 1 WHERE product < 20`,
    { options: 'ANALYZE, BUFFERS, WAL', prepare: afresh('stock') },
  ],
  'wal-full-pages': [
    `UPDATE stock SET quantity = quantity + 1 WHERE product < 20`,
    { options: 'ANALYZE, BUFFERS OFF, WAL', prepare: `${afresh('stock')}; CHECKPOINT`, unwarmed: true, native: true },
  ],
  memory: [joined, { options: 'MEMORY, SUMMARY', from: 17 }],
  'serialize-text': [`SELECT * FROM customers WHERE id < 20`, { options: 'ANALYZE, BUFFERS, SERIALIZE', from: 17 }],
  'serialize-binary': [
    `SELECT * FROM customers WHERE id < 20`,
    { options: 'ANALYZE, BUFFERS OFF, TIMING OFF, SERIALIZE BINARY', from: 17 },
  ],
  'generic-plan': [
    `SELECT * FROM orders WHERE customer_id = $1 AND status = $2`,
    { options: 'GENERIC_PLAN', from: 16 },
  ],
  'all-options': [
    `SELECT status, count(*) FROM orders WHERE id < 200 GROUP BY status`,
    { options: 'ANALYZE, VERBOSE, BUFFERS, WAL, SETTINGS, MEMORY, SERIALIZE', from: 17 },
  ],

  // Scans
  'seq-scan': [`SELECT * FROM orders WHERE total < 10`, { options: BLOCKS }],
  'index-scan': [`SELECT * FROM orders WHERE id = 4242 AND status <> 'x'`, { options: BLOCKS }],
  'index-scan-list': [
    `SELECT * FROM orders WHERE id IN (1, 20000, 39999)`,
    { set: { enable_bitmapscan: 'off', enable_seqscan: 'off' } },
  ],
  'index-scan-backward': [`SELECT * FROM orders ORDER BY id DESC LIMIT 5`],
  'index-only-scan': [
    `SELECT customer_id FROM orders WHERE customer_id BETWEEN 10 AND 40`,
    {
      set: { enable_bitmapscan: 'off' },
      before: `UPDATE orders SET total = 1 WHERE customer_id = 11`,
      prepare: afresh('orders'),
    },
  ],
  'index-order-by': [`SELECT id FROM points ORDER BY p <-> point '(3,4)' LIMIT 4`],
  'bitmap-or': [
    `SELECT * FROM orders WHERE customer_id = 17 OR customer_id = 4 OR created = '2024-02-02'`,
    { options: BLOCKS },
  ],
  'bitmap-and': [
    `SELECT * FROM orders WHERE status = 'new' AND created BETWEEN '2024-02-02' AND '2024-04-02' AND customer_id BETWEEN 1 AND 200`,
    { set: { enable_seqscan: 'off', enable_indexscan: 'off' } },
  ],
  'bitmap-lossy': [
    `SELECT count(*) FROM wide WHERE k BETWEEN 1 AND 45`,
    { set: { work_mem: '64kB', enable_seqscan: 'off', enable_indexscan: 'off', enable_indexonlyscan: 'off' } },
  ],
  'bitmap-brin': [`SELECT * FROM points WHERE day = 7`, { set: { enable_seqscan: 'off' } }],
  'bitmap-gin': [`SELECT * FROM points WHERE tags @> '{3,4}'`, { set: { enable_seqscan: 'off' } }],
  'tid-scan': [`SELECT * FROM orders WHERE ctid = '(3,4)' OR ctid = '(3,5)'`],
  'tid-range-scan': [`SELECT * FROM orders WHERE ctid < '(1,4)' AND ctid > '(0,3)'`],
  'sample-scan': [`SELECT count(*) FROM orders TABLESAMPLE SYSTEM (20) REPEATABLE (1)`],
  'values-scan': [`SELECT * FROM (VALUES (1, 'a'), (2, 'b, c'), (3, 'd')) v(x, y) WHERE x > 1`],
  'function-scan': [
    `SELECT * FROM ROWS FROM (generate_series(1, 5), volatile_two(3)) WITH ORDINALITY AS f(a, b, c) WHERE a > 1`,
    { options: 'ANALYZE, VERBOSE, BUFFERS OFF' },
  ],
  'table-function-scan': [
    `SELECT * FROM json_table('[{"a":1},{"a":2}]', '$[*]' COLUMNS (a int PATH '$.a')) j`,
    { options: 'ANALYZE, VERBOSE, BUFFERS OFF', from: 17 },
  ],
  'project-set': [`SELECT generate_series(1, 3), product FROM stock LIMIT 5`],
  result: [`SELECT 1 WHERE false`],
  'result-one-time-filter': [`SELECT id FROM tree WHERE (SELECT count(*) FROM nobody) > 0`],
  'disabled-seq-scan': [
    `SELECT * FROM keys ORDER BY k LIMIT 2`,
    { set: { enable_seqscan: 'off', enable_sort: 'off' } },
  ],

  // Joins
  'hash-left-join': [
    `SELECT c.name, o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.total < 1 WHERE c.country = 'AT'`,
  ],
  'hash-full-join': [`SELECT * FROM keys FULL JOIN tree ON keys.k = tree.id`, { set: { enable_mergejoin: 'off' } }],
  'hash-semi-join': [
    `SELECT * FROM customers c WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.status = 'new')`,
    { set: hashOnly },
  ],
  'hash-spill': [
    `SELECT count(*) FROM orders o JOIN lines l ON l.order_id = o.id`,
    { set: { ...hashOnly, work_mem: '64kB' }, options: BLOCKS },
  ],
  'anti-join': [
    `SELECT * FROM customers c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id)`,
    { set: loopOnly },
  ],
  'merge-join': [`SELECT count(*) FROM keys a JOIN keys b ON a.k = b.k`, { set: mergeOnly }],
  'merge-join-stopped': [
    `SELECT count(*) FROM stock s JOIN orders o ON o.id = s.product AND o.customer_id > s.quantity`,
    { set: mergeOnly },
  ],
  'nested-loop-join-filter': [
    `SELECT count(*) FROM tree t1 LEFT JOIN tree t2 ON t1.id > t2.parent + 990 AND t2.id < 100 WHERE t1.id < 200`,
  ],
  memoize: [
    `SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id + 0 WHERE o.id < 3000`,
    { set: { ...loopOnly, work_mem: '64kB' }, options: BLOCKS },
  ],
  'never-executed': [`SELECT * FROM nobody n JOIN orders o ON o.id = n.id`, { set: loopOnly, options: BLOCKS }],
  'fractional-rows': [
    `SELECT * FROM stock s JOIN orders o ON o.customer_id = s.product AND o.total < 300 WHERE s.product < 8`,
    { set: { ...loopOnly, enable_memoize: 'off', enable_material: 'off' } },
  ],
  lateral: [
    `SELECT * FROM customers c, LATERAL (SELECT * FROM orders o WHERE o.customer_id = c.id ORDER BY created DESC LIMIT 2) l WHERE c.id < 30`,
  ],

  // Aggregates, sorts, windows, sets
  'plain-aggregate': [`SELECT count(*) FILTER (WHERE total > 3), sum(total) FROM orders`],
  'hash-aggregate': [`SELECT status, count(*) FROM orders GROUP BY status HAVING count(*) > 10`],
  'hash-aggregate-spill': [
    `SELECT order_id, line, count(*) FROM lines GROUP BY order_id, line`,
    {
      set: { work_mem: '64kB', enable_sort: 'off', enable_indexscan: 'off', enable_indexonlyscan: 'off' },
      options: BLOCKS,
    },
  ],
  'group-aggregate': [
    `SELECT customer_id, count(DISTINCT status) FROM orders GROUP BY customer_id`,
    { set: { enable_hashagg: 'off' } },
  ],
  'grouping-sets': [
    `SELECT status, customer_id % 3, created, count(*) FROM orders GROUP BY GROUPING SETS (CUBE (status, (customer_id % 3)), (created), ())`,
  ],
  'grouping-sets-sorted': [
    `SELECT status, customer_id % 3, count(*) FROM orders GROUP BY ROLLUP (status, (customer_id % 3)), GROUPING SETS ((), (created))`,
    { set: { enable_hashagg: 'off' } },
  ],
  'group-and-unique': [
    `SELECT DISTINCT country, active FROM (SELECT country, active FROM customers GROUP BY 1, 2 OFFSET 0) c`,
    { set: { enable_hashagg: 'off' } },
  ],
  'sort-keys': [
    `SELECT * FROM customers ORDER BY coalesce(name, country), lower(name) COLLATE "C" DESC NULLS LAST, replace(name, ', ', '(') LIMIT 7`,
  ],
  'sort-spill': [`SELECT * FROM lines ORDER BY quantity, product`, { set: { work_mem: '64kB' }, options: BLOCKS }],
  'incremental-sort': [`SELECT * FROM orders ORDER BY created, total LIMIT 250`],
  'incremental-sort-presorted': [
    `SELECT id, customer_id, total FROM orders ORDER BY customer_id, total`,
    { set: { enable_sort: 'off', enable_seqscan: 'off', enable_bitmapscan: 'off' } },
  ],
  window: [
    `SELECT id, rank() OVER w, sum(total) OVER (PARTITION BY customer_id) FROM orders WHERE id < 2000 WINDOW w AS (PARTITION BY customer_id ORDER BY total)`,
  ],
  'window-run-condition': [
    `SELECT * FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM orders) o WHERE n <= 3`,
  ],
  'except-intersect': [`(SELECT id FROM tree EXCEPT SELECT k FROM keys) INTERSECT ALL SELECT product FROM stock`],
  'union-all': [`SELECT id FROM tree UNION ALL SELECT k + 1 FROM keys WHERE k > 400 UNION ALL SELECT 7`],

  // CTEs and sub-queries
  'cte-twice': [
    `WITH recent AS MATERIALIZED (SELECT * FROM orders WHERE created > '2025-01-20') SELECT count(*) FROM recent a JOIN recent "b c" ON a.id = "b c".id + 1`,
    { options: BLOCKS },
  ],
  'cte-shadowed': [
    `WITH w AS MATERIALIZED (SELECT id FROM orders WHERE total < 30) SELECT count(*), (WITH w AS MATERIALIZED (SELECT id + 1 AS id FROM w) SELECT max(id) FROM w) FROM w`,
  ],
  'cte-recursive': [
    `WITH RECURSIVE down AS (SELECT id, 0 AS level FROM tree WHERE id = 1 UNION ALL SELECT t.id, level + 1 FROM tree t JOIN down ON t.parent = down.id) SELECT level, count(*) FROM down GROUP BY level`,
  ],
  'cte-odd-name': [
    `WITH "CTE x -> y (z)" AS MATERIALIZED (SELECT 1 AS "InitPlan 1") SELECT * FROM "CTE x -> y (z)" AS "a (b)" WHERE "InitPlan 1" = 1`,
  ],
  'init-plans': [
    `SELECT id, (SELECT count(*) FROM lines) FROM tree WHERE id < (SELECT max(k) / 50 FROM keys) AND id > (SELECT min(product) FROM stock WHERE product > 3)`,
    { options: BLOCKS },
  ],
  'sub-plan': [
    `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id < 30`,
    { options: BLOCKS },
  ],
  'sub-plan-hashed': [`SELECT count(*) FROM orders WHERE customer_id NOT IN (SELECT id FROM customers WHERE active)`],
  'sub-plan-alternatives': [
    `SELECT * FROM customers c WHERE c.id < 5 OR EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.total > 999)`,
  ],
  'sub-plan-nested': [
    `SELECT (SELECT count(*) FROM stock s WHERE s.product < t.id AND s.quantity > (SELECT min(k) FROM keys WHERE k > t.id)) FROM tree t WHERE t.id < 4`,
  ],
  'subquery-scan': [`SELECT * FROM (SELECT id, total FROM orders ORDER BY total LIMIT 30) o WHERE id % 2 = 0`],

  // Partitions
  partitions: [`SELECT count(*) FROM measurements WHERE value = 5`, { options: BLOCKS }],
  'partitions-ordered': [`SELECT * FROM measurements ORDER BY day LIMIT 100`, { set: { enable_sort: 'off' } }],
  'partitions-merge-append': [
    `SELECT * FROM measurements ORDER BY value LIMIT 100`,
    { set: { enable_sort: 'off' }, before: 'CREATE INDEX ON measurements (value)' },
  ],
  'partitions-removed': [
    `SELECT count(*) FROM measurements WHERE day < timestamptz '2024-05-01 00:00+00'`,
    { set: { enable_bitmapscan: 'off', enable_indexscan: 'off', enable_indexonlyscan: 'off' } },
  ],
  'partitions-merge-append-removed': [
    `SELECT * FROM measurements WHERE day < timestamptz '2024-05-01 00:00+00' ORDER BY value DESC LIMIT 5`,
    { set: { enable_sort: 'off' }, before: 'CREATE INDEX ON measurements (value)' },
  ],
  'partitions-in-loop': [
    `SELECT * FROM (VALUES (date '2024-02-01'), (date '2024-02-03')) v(d) JOIN measurements m ON m.day = v.d`,
    { set: loopOnly },
  ],

  // What writes
  insert: [
    `INSERT INTO fresh SELECT i, 1 FROM generate_series(1000, 1100) i`,
    { options: BLOCKS, before: 'CREATE TABLE fresh (product int PRIMARY KEY, quantity int)' },
  ],
  'insert-conflict-update': [
    `INSERT INTO stock AS s SELECT i, 1 FROM generate_series(290, 310) i ON CONFLICT (product) DO UPDATE SET quantity = excluded.quantity WHERE s.product > 295`,
    { prepare: afresh('stock') },
  ],
  'insert-conflict-nothing': [
    `INSERT INTO stock VALUES (1, 2), (1001, 2) ON CONFLICT DO NOTHING`,
    { prepare: afresh('stock') },
  ],
  'insert-foreign-key': [
    `INSERT INTO reservations SELECT i, i FROM generate_series(1, 20) i`,
    { prepare: afresh('reservations') },
  ],
  'update-returning': [
    `UPDATE orders SET status = 'sent' FROM customers c WHERE c.id = customer_id AND c.id = 17 RETURNING orders.id`,
    { prepare: afresh('orders') },
  ],
  'update-partitions': [
    `UPDATE measurements SET value = 0 WHERE value = 7 AND day < '2024-07-01'`,
    { prepare: afresh('measurements') },
  ],
  'update-trigger': [`UPDATE audited SET quantity = 0 WHERE id < 20`, { prepare: afresh('audited') }],
  'delete-cascade': [`DELETE FROM parents WHERE id < 4`, { options: 'ANALYZE, VERBOSE, BUFFERS OFF' }],
  merge: [
    `MERGE INTO stock s USING (SELECT generate_series(295, 305) AS p) n ON s.product = n.p WHEN MATCHED AND n.p < 297 THEN DELETE WHEN MATCHED AND n.p < 299 THEN DO NOTHING WHEN MATCHED THEN UPDATE SET quantity = 5 WHEN NOT MATCHED THEN INSERT VALUES (n.p, 1)`,
    { from: 15, prepare: afresh('stock') },
  ],
  'modifying-cte': [
    `WITH gone AS (DELETE FROM lines WHERE order_id < 20 RETURNING *) SELECT product, sum(quantity) FROM gone GROUP BY product`,
    { options: BLOCKS },
  ],
  'modifying-cte-unread': [
    `WITH gone AS (DELETE FROM lines WHERE order_id < 50 RETURNING *) SELECT count(*) FROM tree`,
  ],
  'for-update': [`SELECT * FROM stock WHERE product < 5 FOR UPDATE`],
  'create-table-as': [`CREATE TABLE copied AS SELECT * FROM keys WHERE k < 9`],
  'rule-two-plans': [
    `DELETE FROM stock WHERE product = 3`,
    {
      before: `CREATE RULE also AS ON DELETE TO stock DO ALSO DELETE FROM audited WHERE id = old.product`,
      options: BLOCKS,
    },
  ],

  // Names that look like something else
  'odd-names': [
    `SELECT "a b", "ключ: значение", "true" FROM ${odd} AS "on x  (actual" WHERE "a b" < 30 AND "true"`,
    { options: 'ANALYZE, VERBOSE, BUFFERS OFF' },
  ],
  'odd-index': [
    `SELECT * FROM ${odd} x WHERE "<i>" = '<7>'`,
    { set: { enable_seqscan: 'off', enable_bitmapscan: 'off' } },
  ],
  'odd-bitmap': [
    `SELECT * FROM ${odd} WHERE "<i>" = '<7>'`,
    { set: { enable_seqscan: 'off', enable_indexscan: 'off' } },
  ],
  'odd-literals': [
    String.raw`SELECT * FROM customers WHERE name IN (E'a\nSeq Scan on x  (cost=0.00..1.00 rows=1 width=1)', E'tab\there', 'quote"s', E'back\\slash', '<![CDATA[x]]> &amp; é 🐘', '  ->  Sort') AND country <> E'\u0007'`,
  ],
  'numbers-as-names': [
    `SELECT "1", "null" FROM "42" AS "1e3" JOIN "表 🐘" ON x = "1" WHERE "null" = 3`,
    { options: 'VERBOSE' },
  ],

  // Blocks of other kinds, and their times
  'local-buffers': [
    `SELECT count(*) FROM scratch`,
    {
      options: BLOCKS,
      before: 'CREATE TEMP TABLE scratch AS SELECT generate_series(1, 300000) i',
      set: { track_io_timing: 'on' },
    },
  ],
  'temp-io-timing': [
    `SELECT count(*) FROM (SELECT * FROM lines ORDER BY quantity, product OFFSET 0) l`,
    { options: BLOCKS, set: { work_mem: '64kB', track_io_timing: 'on' } },
  ],
  'cold-io-timing': [
    `SELECT count(*) FROM lines l JOIN stock s USING (product)`,
    { options: BLOCKS, set: { track_io_timing: 'on' }, cold: true, native: true },
  ],
  'dirtied-and-written': [
    `UPDATE stock SET quantity = quantity + 1`,
    {
      options: 'ANALYZE, BUFFERS, WAL',
      set: { track_io_timing: 'on' },
      cold: true,
      native: true,
      prepare: afresh('stock'),
    },
  ],

  // Several processes
  'parallel-aggregate': [
    `SELECT status, count(*) FROM orders GROUP BY status`,
    { set: parallel, races: true, native: true },
  ],
  'parallel-verbose': [
    `SELECT status, count(*) FROM orders GROUP BY status`,
    { set: oneWorker, options: 'ANALYZE, VERBOSE, BUFFERS', native: true },
  ],
  'parallel-sort-verbose': [
    `SELECT * FROM lines ORDER BY quantity, product LIMIT 100`,
    { set: { ...oneWorker, work_mem: '64kB' }, options: 'ANALYZE, VERBOSE, BUFFERS OFF', native: true },
  ],
  'parallel-hash': [
    `SELECT count(*) FROM orders o JOIN lines l ON l.order_id = o.id`,
    { set: { ...parallel, ...hashOnly }, races: true, native: true },
  ],
  'parallel-hash-verbose': [
    `SELECT count(*) FROM orders o JOIN lines l ON l.order_id = o.id`,
    { set: { ...oneWorker, ...hashOnly }, options: 'ANALYZE, VERBOSE, BUFFERS OFF', native: true },
  ],
  'parallel-two-workers-verbose': [
    `SELECT customer_id % 3, count(*) FROM orders GROUP BY 1`,
    { set: parallel, options: 'ANALYZE, VERBOSE, BUFFERS', races: true, native: true },
  ],
  'parallel-bitmap': [
    `SELECT count(*) FROM orders WHERE customer_id BETWEEN 1 AND 400`,
    {
      set: { ...parallel, enable_seqscan: 'off', enable_indexscan: 'off', enable_indexonlyscan: 'off' },
      races: true,
      native: true,
    },
  ],
  'parallel-append': [
    `SELECT count(*) FROM (SELECT id FROM orders UNION ALL SELECT order_id FROM lines) u`,
    { set: parallel, races: true, native: true },
  ],
  'parallel-memoize-verbose': [
    `SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id + 0 WHERE o.id < 3000`,
    { set: { ...oneWorker, ...loopOnly }, options: 'ANALYZE, VERBOSE, BUFFERS OFF', native: true },
  ],
  'parallel-incremental-sort-verbose': [
    `SELECT id, customer_id, total FROM orders ORDER BY customer_id, total`,
    {
      set: { ...oneWorker, enable_sort: 'off', enable_seqscan: 'off', enable_bitmapscan: 'off' },
      options: 'ANALYZE, VERBOSE, BUFFERS OFF',
      native: true,
    },
  ],
  'parallel-init-plan': [
    `SELECT count(*) FROM lines WHERE quantity > (SELECT avg(total) / 250 FROM orders)`,
    { set: parallel, races: true, native: true },
  ],
  'parallel-no-workers': [
    `SELECT count(*) FROM lines`,
    { set: { ...parallel, max_parallel_workers: '0' }, native: true },
  ],
  'parallel-single-copy': [
    `SELECT count(*) FROM tree`,
    {
      set: { max_parallel_workers_per_gather: '2' },
      setFrom: { 14: 'force_parallel_mode', 16: 'debug_parallel_query' },
      native: true,
    },
  ],

  // Other servers
  'foreign-scan': [
    `SELECT * FROM far_orders WHERE total < 3 AND customer_id < 500`,
    { options: 'ANALYZE, VERBOSE, BUFFERS OFF', native: true },
  ],
  'foreign-join': [
    `SELECT c.country, count(*) FROM far_orders o JOIN far_customers c ON c.id = o.customer_id GROUP BY 1`,
    { options: 'ANALYZE, VERBOSE, BUFFERS OFF', native: true },
  ],
  'foreign-update': [
    `UPDATE far_stock SET quantity = 3 WHERE product < 4`,
    { options: 'ANALYZE, VERBOSE, BUFFERS OFF', native: true, prepare: afresh('stock') },
  ],
  'foreign-insert': [
    `INSERT INTO far_stock SELECT i, 2 FROM generate_series(900, 905) i`,
    { options: 'ANALYZE, VERBOSE, BUFFERS OFF', native: true, prepare: afresh('stock') },
  ],
  'foreign-async-append': [`SELECT count(*) FROM regions WHERE v < 50`, { races: true, native: true }],
  'foreign-file': [`SELECT * FROM cities WHERE people > 30000`, { native: true }],
};

export const formatCases = Object.entries(cases).map(([name, [sql, what = {}]]) => ({
  name,
  sql,
  options: RUN,
  set: {},
  ...what,
}));

/** What auto_explain logs: statements of one session. */
export const logged = [
  `SELECT c.name, count(*) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id < 30 GROUP BY 1`,
  `SELECT * FROM ${odd} WHERE "a b" = 7`,
  `UPDATE audited SET quantity = quantity + 1 WHERE id = 3`,
  `INSERT INTO reservations SELECT i, i FROM generate_series(1, 5) i`,
  `SELECT name,\n       country\n  FROM customers -- a comment\n WHERE id = 5`,
];
