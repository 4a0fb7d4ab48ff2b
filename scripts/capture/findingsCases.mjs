/**
 * What test/unit/plan/findings/fixtures holds: for each rule a plan on which it speaks, and near ones on which it is silent.
 * access.json is about tables and indexes, statement.json about the rest.
 */
import { parallel as workers } from './jsonCases.mjs';

const lines = (text) => text.trim().split('\n');

/** Line by line: VACUUM stands alone. */
const accessSetup = lines(String.raw`
CREATE TABLE events (id int PRIMARY KEY, account int NOT NULL, kind varchar(20) NOT NULL, note text, created timestamp NOT NULL, active boolean NOT NULL, deleted timestamp);
INSERT INTO events SELECT i, i % 400, (ARRAY['view','click','buy'])[1 + i % 3], 'note ' || md5(i::text), timestamp '2024-01-01' + i * interval '10 minutes', i % 50 = 0, CASE WHEN i % 3 > 0 THEN timestamp '2024-05-05' END FROM generate_series(1, 60000) i;
CREATE INDEX events_account_idx ON events (account);
CREATE INDEX events_created_idx ON events (created);
CREATE TABLE accounts (id int NOT NULL, "Region" text NOT NULL);
INSERT INTO accounts SELECT i, 'r' || i % 9 FROM generate_series(1, 400) i;
CREATE TABLE bloated (id int PRIMARY KEY, filler text NOT NULL);
INSERT INTO bloated SELECT i, repeat('x', 500) FROM generate_series(1, 20000) i;
DELETE FROM bloated WHERE id % 400 > 0;
CREATE TABLE unvacuumed (id int PRIMARY KEY, v int NOT NULL);
INSERT INTO unvacuumed SELECT i, i FROM generate_series(1, 20000) i;
CREATE TABLE docs (id int, data jsonb NOT NULL);
INSERT INTO docs SELECT i, CASE WHEN i % 500 = 0 THEN '{"a": {"d": 2}}' ELSE '{"a": {"c": 1}, "b": {"d": 2}}' END::jsonb FROM generate_series(1, 6000) i;
CREATE INDEX docs_data_idx ON docs USING gin (data);
CREATE TABLE notes (id int PRIMARY KEY, data jsonb NOT NULL, tags int[] NOT NULL, body text NOT NULL, valid int4range NOT NULL);
INSERT INTO notes SELECT i, jsonb_build_object('a', i % 1000), ARRAY[i % 500, i % 700], 'word' || i % 800 || ' and more', int4range(i, i + 3) FROM generate_series(1, 20000) i;
CREATE TABLE tall (id int, a int, b int);
INSERT INTO tall SELECT i, i % 2000, i FROM generate_series(1, 600000) i;
CREATE INDEX tall_a_idx ON tall (a);
ANALYZE;
VACUUM events, accounts, tall, notes;
`);

const statementSetup = ({ socket }) =>
  lines(`
CREATE TABLE customers (id int PRIMARY KEY, country text NOT NULL, city text NOT NULL, note text);
INSERT INTO customers SELECT i, 'c' || i % 100, 'city' || i % 100, repeat('n', 20) FROM generate_series(1, 20000) i;
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, created date NOT NULL, total numeric NOT NULL, body text NOT NULL);
INSERT INTO orders SELECT i, 1 + i * 7919 % 20000, date '2024-01-01' + i % 366, i % 1000, repeat('b', 200) FROM generate_series(1, 60000) i;
CREATE INDEX orders_created_idx ON orders (created);
CREATE TABLE wide (id int PRIMARY KEY, doc text NOT NULL);
ALTER TABLE wide ALTER COLUMN doc SET STORAGE PLAIN;
INSERT INTO wide SELECT i, repeat(md5(i::text), 90) FROM generate_series(1, 5000) i;
CREATE TABLE days (day date NOT NULL, v int NOT NULL) PARTITION BY RANGE (day);
DO $$ BEGIN FOR i IN 0..51 LOOP EXECUTE format('CREATE TABLE days_%s PARTITION OF days FOR VALUES FROM (%L) TO (%L)', i, date '2024-01-01' + i * 7, date '2024-01-08' + i * 7); END LOOP; END $$;
INSERT INTO days SELECT date '2024-01-01' + i % 364, i FROM generate_series(1, 200000) i;
CREATE TABLE ranges (id int NOT NULL, lo int NOT NULL, hi int NOT NULL);
INSERT INTO ranges SELECT i, i * 40, i * 40 + 39 FROM generate_series(0, 499) i;
CREATE TABLE skew (id int NOT NULL, v text NOT NULL);
INSERT INTO skew SELECT i, repeat('s', 50) FROM generate_series(1, 300000) i;
ALTER TABLE skew SET (parallel_workers = 0);
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int NOT NULL, parent_id int NOT NULL REFERENCES parent);
INSERT INTO parent SELECT generate_series(1, 2000);
INSERT INTO child SELECT i, 1000 + i % 1000 FROM generate_series(1, 20000) i;
CREATE TABLE lies (k int NOT NULL);
INSERT INTO lies SELECT i * 7919 % 20000 FROM generate_series(1, 30000) i;
ALTER TABLE lies ALTER COLUMN k SET (n_distinct = 50);
VACUUM ANALYZE;
CREATE TABLE regions (id int NOT NULL, name text NOT NULL);
INSERT INTO regions SELECT i, 'r' || i FROM generate_series(1, 300) i;
CREATE TABLE fresh (id int NOT NULL, filler text NOT NULL);
INSERT INTO fresh SELECT i, repeat('f', 400) FROM generate_series(1, 40000) i;
CREATE FUNCTION some_ids() RETURNS SETOF int LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT generate_series(1, 30000); END';
CREATE EXTENSION postgres_fdw;
CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${socket}', dbname 'postgres');
CREATE USER MAPPING FOR postgres SERVER here OPTIONS (user 'postgres');
CREATE FOREIGN TABLE far_orders (id int, customer_id int, created date) SERVER here OPTIONS (table_name 'orders');
`);

/** name, statement, settings, and what else it needs. */
const accessCases = [
  [
    'seq-scan-composite',
    `SELECT * FROM events WHERE kind = 'buy' AND note = 'x' AND id + 0 > 5 AND created > '2024-01-05'`,
    { enable_bitmapscan: 'off', enable_indexscan: 'off' },
  ],
  ['seq-scan-order', `SELECT * FROM events WHERE note > 'note f' AND kind = 'buy' ORDER BY note`],
  ['seq-scan-boolean', `SELECT * FROM events WHERE active`],
  ['seq-scan-prefix', `SELECT * FROM events WHERE note LIKE 'note ab%'`],
  ['seq-scan-deleted', `SELECT * FROM events WHERE kind = 'buy' AND deleted IS NULL AND NOT active`],
  ['function-lower', `SELECT * FROM events WHERE lower(note) = 'note 1'`],
  ['function-date', `SELECT * FROM events WHERE created::date = '2024-02-02'`],
  ['function-extract', `SELECT * FROM events e WHERE EXTRACT(day FROM created) = 31`],
  ['function-arithmetic', `SELECT * FROM events WHERE id + 5 = 900`],
  ['function-cast', `SELECT * FROM events WHERE id = 900.0`],
  ['leading-wildcard', `SELECT * FROM events WHERE note LIKE '%abcd%'`],
  ['leading-wildcard-lower', `SELECT * FROM events WHERE lower(note) LIKE '%abcd%'`],
  ['not-like', `SELECT * FROM events WHERE note NOT LIKE '%a%'`],
  ['impossible-index', `SELECT * FROM events WHERE id = ANY ('{}'::int[])`],
  ['impossible-filter', `SELECT * FROM events WHERE account + 0 = ANY ('{}'::int[])`],
  ['index-filter', `SELECT * FROM events WHERE account = 17 AND kind = 'buy' AND note > 'note e'`],
  [
    'index-filter-plain',
    `SELECT * FROM events WHERE account = 17 AND kind = 'buy' AND note > 'note e'`,
    { enable_bitmapscan: 'off' },
  ],
  ['index-filter-other', `SELECT * FROM events WHERE account = 17 AND md5(note) || kind < '05'`],
  [
    'index-low-selectivity',
    `SELECT * FROM events WHERE account = 17 AND md5(note) <> ALL (ARRAY['x']) AND random() < 0.01`,
  ],
  ['index-recheck', `SELECT * FROM docs WHERE data @> '{"a": {"d": 2}}'`, { enable_seqscan: 'off' }],
  ['index-scan-then-sort', `SELECT * FROM events WHERE account = 17 ORDER BY created`],
  ['index-scan-then-sort-range', `SELECT * FROM events WHERE account BETWEEN 17 AND 20 ORDER BY created`],
  [
    'order-by-limit-wrong-index',
    `SELECT * FROM events WHERE account = 17 AND kind = 'buy' ORDER BY created DESC LIMIT 5000`,
    { enable_bitmapscan: 'off', enable_seqscan: 'off', enable_sort: 'off' },
  ],
  ['order-by-limit-good', `SELECT * FROM events WHERE kind = 'buy' ORDER BY created LIMIT 10`],
  [
    'lossy-bitmap',
    `SELECT count(*) FROM tall WHERE a > 100 AND b > 0`,
    { work_mem: '64kB', enable_seqscan: 'off', enable_indexscan: 'off', effective_io_concurrency: 0 },
  ],
  [
    'exact-bitmap',
    `SELECT count(*) FROM tall WHERE a > 100 AND b > 0`,
    { work_mem: '4MB', enable_seqscan: 'off', enable_indexscan: 'off' },
  ],
  [
    'heap-fetches',
    `SELECT id FROM unvacuumed WHERE id BETWEEN 100 AND 9000`,
    { enable_seqscan: 'off', enable_bitmapscan: 'off' },
  ],
  [
    'bloated-index',
    `SELECT * FROM bloated WHERE id BETWEEN 1 AND 19999`,
    { enable_seqscan: 'off', enable_bitmapscan: 'off' },
    { once: true },
  ],
  ['bloated-seq', `SELECT count(*) FROM bloated`, { enable_indexonlyscan: 'off' }],
  [
    'join-inner',
    `SELECT count(*) FROM accounts a JOIN accounts b ON a.id = b.id + 0 AND b."Region" = a."Region"`,
    { enable_hashjoin: 'off', enable_mergejoin: 'off', enable_material: 'off' },
  ],
  [
    'join-materialized',
    `SELECT count(*) FROM accounts a JOIN accounts b ON a.id = b.id`,
    { enable_hashjoin: 'off', enable_mergejoin: 'off' },
  ],
  [
    'join-lateral',
    `SELECT count(*) FROM accounts a CROSS JOIN LATERAL (SELECT * FROM accounts b WHERE b."Region" = a."Region" AND b.id < 200 OFFSET 0) x`,
    { enable_hashjoin: 'off', enable_mergejoin: 'off', enable_memoize: 'off' },
  ],
  [
    'materialize-temp',
    `SELECT count(*) FROM accounts a LEFT JOIN (SELECT note, id FROM events OFFSET 0) e ON e.id = a.id WHERE a.id < 6`,
    { enable_hashjoin: 'off', enable_mergejoin: 'off', work_mem: '64kB' },
  ],
  [
    'cte-temp',
    `WITH e AS MATERIALIZED (SELECT id, note FROM events) SELECT count(*) FROM e JOIN e f ON e.id = f.id - 1 WHERE e.id < 100`,
    { work_mem: '1MB' },
  ],
  ['cte-small', `WITH e AS MATERIALIZED (SELECT id, note FROM events WHERE id < 100) SELECT count(*) FROM e`],
  [
    'bitmap-and',
    `SELECT * FROM events WHERE account = 17 AND created BETWEEN '2024-02-02' AND '2024-04-02'`,
    { enable_seqscan: 'off', enable_indexscan: 'off' },
  ],
  ['bitmap-or', `SELECT count(*) FROM events WHERE account = 17 OR created < '2024-08-01'`, { enable_seqscan: 'off' }],
  ['bitmap-or-same', `SELECT id FROM events WHERE account = 17 OR account = 401 OR account = 9`],
  [
    'incremental-spill',
    `SELECT * FROM (SELECT * FROM tall ORDER BY a OFFSET 0) t ORDER BY a, b DESC`,
    { work_mem: '64kB' },
  ],
  [
    'parallel-spill',
    `SELECT * FROM tall ORDER BY b DESC, a`,
    {
      max_parallel_workers_per_gather: 2,
      parallel_setup_cost: 0,
      parallel_tuple_cost: 0,
      min_parallel_table_scan_size: 0,
      work_mem: '64kB',
    },
  ],
  ['top-n-filter', `SELECT * FROM events WHERE kind = 'buy' AND note > 'note 5' ORDER BY id + 0, note LIMIT 5`],
  [
    'top-n-equal',
    `SELECT * FROM events WHERE kind = 'buy' AND note > 'note 5' ORDER BY deleted DESC NULLS LAST, id LIMIT 5`,
  ],
  [
    'verbose-qualified',
    `SELECT * FROM events e WHERE e.note = 'y' AND e.kind = 'buy'`,
    {},
    { options: 'ANALYZE, BUFFERS, VERBOSE, FORMAT JSON' },
  ],
  ['estimate-only', `SELECT * FROM events WHERE note = 'y'`, {}, { options: 'FORMAT JSON' }],
  ['timing-off', `SELECT * FROM events WHERE note = 'y'`, {}, { options: 'ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON' }],
  [
    'hash-fits',
    `SELECT count(*) FROM accounts a JOIN events e ON e.account = a.id`,
    { enable_mergejoin: 'off', enable_nestloop: 'off' },
  ],
  [
    'hash-aggregate-fits',
    `SELECT account, count(*) FROM events GROUP BY account`,
    { enable_sort: 'off', enable_indexscan: 'off', enable_indexonlyscan: 'off' },
  ],
  ['sort-fits', `SELECT * FROM accounts ORDER BY "Region", id`],
  ['contains-jsonb', `SELECT * FROM notes WHERE data @> '{"a": 7}'`],
  ['contains-array', `SELECT * FROM notes WHERE tags @> '{3,203}'`],
  ['contains-words', `SELECT * FROM notes WHERE to_tsvector('english', body) @@ to_tsquery('english', 'word77')`],
  ['overlaps-range', `SELECT * FROM notes WHERE valid && '[700,705)'`],
  [
    'correlated',
    `SELECT id, (SELECT count(*) FROM accounts b WHERE b."Region" = a."Region" AND b.id = a.id) FROM accounts a`,
  ],
];

const serial = { max_parallel_workers_per_gather: '0', jit: 'off' };
const parallel = { ...workers, jit: 'off' };

const statementCases = [
  [
    'correlated-columns',
    `SELECT count(o.body) FROM customers c JOIN orders o ON o.id BETWEEN c.id AND c.id + 50 WHERE c.country = 'c7' AND c.city = 'city7'`,
    serial,
  ],
  [
    'expression-estimate',
    `SELECT count(*) FROM orders a JOIN customers c ON c.id = a.customer_id WHERE a.id % 2 = 0`,
    serial,
  ],
  ['overestimated-function', `SELECT count(*) FROM orders WHERE id IN (SELECT some_ids())`, serial],
  [
    'function-rows',
    `SELECT count(*) FROM some_ids() s JOIN orders o ON o.id = s`,
    { ...serial, enable_mergejoin: 'off', enable_hashjoin: 'off' },
  ],
  [
    'having',
    `SELECT c.id FROM customers c JOIN (SELECT customer_id FROM orders GROUP BY customer_id HAVING min(id) < 5) o ON o.customer_id = c.id WHERE repeat(c.note, 30) LIKE '%n%'`,
    serial,
  ],
  [
    'many-loops',
    `SELECT count(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id`,
    { ...serial, enable_hashjoin: 'off', enable_mergejoin: 'off', enable_memoize: 'off' },
  ],
  [
    'range-join',
    `SELECT count(*) FROM ranges r JOIN customers c ON c.id BETWEEN r.lo AND r.hi`,
    { ...serial, enable_indexscan: 'off', enable_indexonlyscan: 'off', enable_bitmapscan: 'off' },
  ],
  [
    'equality-loop',
    `SELECT count(*) FROM ranges r JOIN regions g ON g.id = r.id`,
    { ...serial, enable_hashjoin: 'off', enable_mergejoin: 'off' },
  ],
  [
    'or-join',
    `SELECT count(*) FROM ranges r JOIN customers c ON c.id = r.lo OR c.id = r.hi`,
    { ...serial, enable_indexscan: 'off', enable_indexonlyscan: 'off', enable_bitmapscan: 'off' },
  ],
  ['cartesian', `SELECT count(*) FROM ranges r, regions g WHERE r.id > 10`, serial],
  ['lateral-pairs', `SELECT count(*) FROM ranges r, LATERAL generate_series(1, 300 + r.id % 2) g`, serial],
  [
    'materialize-inequality',
    `SELECT count(*) FROM customers c JOIN ranges r ON c.id > r.lo WHERE c.id > 15000`,
    { ...serial, enable_indexscan: 'off', enable_indexonlyscan: 'off', enable_bitmapscan: 'off' },
  ],
  [
    'correlated-subplan',
    `SELECT c.id, (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id < 20`,
    serial,
  ],
  [
    'correlated-limit',
    `SELECT c.id, (SELECT o.id FROM orders o WHERE o.customer_id = c.id ORDER BY o.created DESC LIMIT 1) FROM customers c WHERE c.id < 20`,
    serial,
  ],
  ['not-in-hashed', `SELECT count(*) FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)`, serial],
  [
    'not-in-unhashed',
    `SELECT count(*) FROM ranges WHERE id NOT IN (SELECT customer_id FROM orders)`,
    { ...serial, work_mem: '64kB' },
  ],
  [
    'not-exists-or',
    `SELECT count(*) FROM customers c WHERE c.id < 5 OR NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id)`,
    serial,
  ],
  ['wide-sort', `SELECT * FROM wide ORDER BY doc DESC`, { ...serial, work_mem: '64MB' }],
  [
    'offset',
    `SELECT * FROM orders ORDER BY created DESC, id DESC OFFSET 50000 LIMIT 20`,
    { ...serial, work_mem: '64MB' },
  ],
  ['no-offset', `SELECT * FROM orders ORDER BY created DESC, id DESC LIMIT 20`, serial],
  [
    'cte-filtered',
    `WITH c AS MATERIALIZED (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) SELECT * FROM c WHERE customer_id = 5`,
    serial,
  ],
  ['partitions-in-vain', `SELECT * FROM days WHERE day + 0 = date '2024-05-05'`, serial],
  ['partitions-all', `SELECT count(*) FROM days WHERE v > 5`, serial],
  [
    'memoize-evicts',
    `SELECT count(c.note) FROM lies l JOIN customers c ON c.id = l.k`,
    { ...serial, enable_hashjoin: 'off', enable_mergejoin: 'off', work_mem: '64kB' },
  ],
  [
    'memoize-no-hits',
    `SELECT count(c.note) FROM (SELECT * FROM lies LIMIT 2000) l JOIN customers c ON c.id BETWEEN l.k AND l.k + 50`,
    { ...serial, enable_hashjoin: 'off', enable_mergejoin: 'off', work_mem: '16MB' },
  ],
  ['delete-parents', `DELETE FROM parent WHERE id < 900`, serial],
  ['insert-children', `INSERT INTO child SELECT i, 1 + i % 2000 FROM generate_series(1, 5000) i`, serial],
  ['never-analyzed', `SELECT count(*) FROM regions a JOIN ranges b ON a.id = b.id`, serial],
  [
    'skewed',
    `SELECT count(*) FROM (SELECT id, v FROM skew WHERE v LIKE '%x%y%' OR id > 0 UNION ALL SELECT id, note FROM customers) u`,
    { ...parallel, jit: 'off' },
    { options: 'ANALYZE, VERBOSE, BUFFERS, FORMAT JSON' },
  ],
  ['cold', `SELECT count(total) FROM orders`, serial, { cold: true, once: true }],
  ['cold-timed', `SELECT count(total) FROM orders`, { ...serial, track_io_timing: 'on' }, { cold: true, once: true }],
  [
    'jit',
    `SELECT sum(total) FROM orders WHERE total > 5 AND id > 7`,
    { ...serial, jit: 'on', jit_above_cost: '10', jit_inline_above_cost: '10', jit_optimize_above_cost: '10' },
    { once: true },
  ],
  [
    'settings',
    `SELECT count(*) FROM orders WHERE id = 5`,
    { ...serial, enable_indexscan: 'off', random_page_cost: '0.5', work_mem: '8MB' },
    { options: 'ANALYZE, SETTINGS, FORMAT JSON' },
  ],
  [
    'disabled-joins',
    `SELECT count(*) FROM ranges r JOIN customers c ON c.id > r.lo`,
    { ...serial, enable_nestloop: 'off' },
  ],
  [
    'full-pages',
    `UPDATE orders SET total = total + 1 WHERE id % 10 = 0`,
    serial,
    { options: 'ANALYZE, BUFFERS, WAL, FORMAT JSON', cold: true, checkpoint: true, once: true },
  ],
  [
    'foreign-local',
    `SELECT id FROM far_orders WHERE md5(id::text) LIKE 'abc%' OR random() < 0`,
    serial,
    { options: 'ANALYZE, VERBOSE, BUFFERS, FORMAT JSON' },
  ],
  ['reader-dirties', `SELECT count(*) FROM fresh`, serial, { once: true }],
  ['lock-wait', `UPDATE customers SET note = 'y' WHERE id = 1`, serial, { locked: true }],
  ['for-update', `SELECT id FROM customers WHERE id = 2 FOR UPDATE`, serial, { locked: true }],
  ['update-many', `UPDATE customers SET note = 'z' WHERE id > 10000`, serial],
];

/**
 * `options`: EXPLAIN's. `once`: without running the statement before, which would warm the caches, remove dead entries and
 * set hint bits. `cold`: after a restart. `checkpoint`: right after one. `locked`: another session holds the rows of
 * customers for 400 ms.
 */
const named = ([name, sql, settings = {}, { options = 'ANALYZE, BUFFERS, FORMAT JSON', ...needs } = {}]) => ({
  name,
  sql,
  settings,
  options,
  ...needs,
});

/** @param server `{ socket }`: where postgres_fdw finds the server itself */
export const findingsSets = (server) => ({
  access: { setup: accessSetup, cases: accessCases.map(named) },
  statement: { setup: statementSetup(server), cases: statementCases.map(named) },
});
