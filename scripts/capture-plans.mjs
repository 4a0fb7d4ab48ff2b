/**
 * Captures the fixtures of test/unit/plan from real servers:
 *   node scripts/capture-plans.mjs [--only NAME]      takes 15 s
 * `pg15` is a disposable native cluster (PG_BIN, default /usr/lib/postgresql/15/bin; run as `postgres` where the caller is root),
 * `pglite` is the embedded engine (18). One file per statement holds EXPLAIN's output and nothing else, its numbers as printed;
 * fixtures/cases.json says which statement made it.
 */
import { PGlite } from '@electric-sql/pglite';
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const bin = process.env.PG_BIN ?? '/usr/lib/postgresql/15/bin';
const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'unit', 'plan', 'fixtures');
const only = process.argv[2] === '--only' ? process.argv[3] : undefined;

const schema = `
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, country text NOT NULL, active boolean NOT NULL);
INSERT INTO customers SELECT i, 'Customer ' || i, (ARRAY['AT','BE','CH','DE','ES','FR'])[1 + abs(hashint8extended(i, 1)) % 6], i % 7 > 0
  FROM generate_series(1, 2000) i;
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL, total numeric(10,2) NOT NULL, created date NOT NULL);
INSERT INTO orders SELECT i, 1 + abs(hashint8extended(i, 2)) % 2000, (ARRAY['new','paid','sent','done','done','done'])[1 + abs(hashint8extended(i, 3)) % 6],
  (abs(hashint8extended(i, 4)) % 100000) / 100.0, date '2024-01-01' + (i / 100)
  FROM generate_series(1, 40000) i;
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX orders_status_idx ON orders (status);
CREATE INDEX orders_created_idx ON orders (created);
CREATE TABLE lines (order_id int NOT NULL, line int NOT NULL, product int NOT NULL, quantity int NOT NULL, PRIMARY KEY (order_id, line));
INSERT INTO lines SELECT o, l, 1 + abs(hashint8extended(o * 10 + l, 5)) % 500, 1 + abs(hashint8extended(o * 10 + l, 6)) % 9
  FROM generate_series(1, 40000) o, generate_series(1, 2) l;
CREATE TABLE keys (k int NOT NULL);
INSERT INTO keys SELECT i / 10 FROM generate_series(0, 4999) i;
CREATE TABLE nobody (id int);
CREATE TABLE tree (id int PRIMARY KEY, parent int);
INSERT INTO tree SELECT i, i / 3 FROM generate_series(1, 1000) i;
CREATE TABLE measurements (id int NOT NULL, day date NOT NULL, value int NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE measurements_q1 PARTITION OF measurements FOR VALUES FROM ('2024-01-01') TO ('2024-04-01');
CREATE TABLE measurements_q2 PARTITION OF measurements FOR VALUES FROM ('2024-04-01') TO ('2024-07-01');
CREATE TABLE measurements_q3 PARTITION OF measurements FOR VALUES FROM ('2024-07-01') TO ('2024-10-01');
INSERT INTO measurements SELECT i, date '2024-01-01' + i % 270, i % 100 FROM generate_series(1, 9000) i;
CREATE INDEX ON measurements (day);
CREATE TABLE stock (product int PRIMARY KEY, quantity int NOT NULL);
INSERT INTO stock SELECT i, 100 FROM generate_series(1, 300) i;
CREATE TABLE reservations (id int PRIMARY KEY, product int REFERENCES stock);
`;

const full = 'ANALYZE, BUFFERS, FORMAT JSON';
const parallel = {
  parallel_setup_cost: '0',
  parallel_tuple_cost: '0',
  min_parallel_table_scan_size: '0',
  min_parallel_index_scan_size: '0',
  max_parallel_workers_per_gather: '2',
};

/** name, statement, settings, EXPLAIN's options, servers that can show it. */
const cases = [
  ['seq-scan', `SELECT * FROM orders WHERE total < 10`],
  ['index-scan', `SELECT * FROM orders WHERE id = 4242`],
  [
    'index-only-scan',
    `SELECT customer_id FROM orders WHERE customer_id BETWEEN 10 AND 40`,
    { enable_bitmapscan: 'off' },
  ],
  ['index-scan-backward', `SELECT * FROM orders ORDER BY id DESC LIMIT 5`],
  ['bitmap-scan', `SELECT * FROM orders WHERE customer_id = 17`],
  ['bitmap-or', `SELECT * FROM orders WHERE customer_id = 17 OR customer_id = 4 OR created = '2024-02-02'`],
  [
    'bitmap-and',
    `SELECT * FROM orders WHERE status = 'new' AND created BETWEEN '2024-02-02' AND '2024-04-02' AND customer_id BETWEEN 1 AND 200`,
    { enable_seqscan: 'off', enable_indexscan: 'off' },
  ],
  ['tid-scan', `SELECT * FROM orders WHERE ctid = '(3,4)'`],
  ['tid-range-scan', `SELECT * FROM orders WHERE ctid < '(3,4)'`],
  ['sample-scan', `SELECT count(*) FROM orders TABLESAMPLE SYSTEM (20) REPEATABLE (1)`],
  ['values-scan', `SELECT * FROM (VALUES (1), (2), (3)) v(x) WHERE x > 1`],
  ['function-scan', `SELECT g, count(*) FROM generate_series(1, 20) g GROUP BY g ORDER BY g`],
  ['result', `SELECT 1 WHERE false`],
  [
    'hash-left-join',
    `SELECT c.name, o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.country = 'AT'`,
  ],
  ['hash-full-join', `SELECT * FROM keys FULL JOIN tree ON keys.k = tree.id`, { enable_mergejoin: 'off' }],
  [
    'hash-join-empty-inner',
    `SELECT * FROM orders o JOIN nobody n ON n.id = o.id`,
    { enable_nestloop: 'off', enable_mergejoin: 'off' },
  ],
  [
    'hash-semi-join',
    `SELECT * FROM customers c WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.status = 'new')`,
    { enable_nestloop: 'off', enable_mergejoin: 'off' },
  ],
  [
    'nested-loop-anti',
    `SELECT * FROM customers c WHERE NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id)`,
    { enable_hashjoin: 'off', enable_mergejoin: 'off' },
  ],
  ['nested-loop-materialize', `SELECT count(*) FROM tree t1, tree t2 WHERE t1.id > t2.parent AND t1.id < 200`],
  [
    'merge-join-mark-restore',
    `SELECT count(*) FROM keys a JOIN keys b ON a.k = b.k`,
    { enable_hashjoin: 'off', enable_nestloop: 'off' },
  ],
  [
    'merge-join-stopped',
    `SELECT count(*) FROM stock s JOIN orders o ON o.id = s.product`,
    { enable_hashjoin: 'off', enable_nestloop: 'off' },
  ],
  [
    'merge-join-materialize',
    `SELECT count(*) FROM keys a LEFT JOIN (SELECT k FROM keys ORDER BY k OFFSET 10) b ON a.k = b.k`,
    { enable_hashjoin: 'off', enable_nestloop: 'off' },
  ],
  [
    'memoize',
    `SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id + 0 WHERE o.id < 3000`,
    { enable_hashjoin: 'off', enable_mergejoin: 'off' },
  ],
  ['plain-aggregate', `SELECT count(*), sum(total) FROM orders`],
  ['hash-aggregate', `SELECT status, count(*) FROM orders GROUP BY status`],
  ['group-aggregate', `SELECT customer_id, count(*) FROM orders GROUP BY customer_id`, { enable_hashagg: 'off' }],
  ['mixed-aggregate', `SELECT status, customer_id, count(*) FROM orders GROUP BY CUBE (status, customer_id)`],
  [
    'hash-aggregate-spill',
    `SELECT order_id, line, count(*) FROM lines GROUP BY order_id, line`,
    { work_mem: '64kB', enable_sort: 'off', enable_indexscan: 'off', enable_indexonlyscan: 'off' },
  ],
  ['distinct', `SELECT DISTINCT country FROM customers ORDER BY country`],
  ['window', `SELECT id, rank() OVER (PARTITION BY customer_id ORDER BY total) FROM orders WHERE id < 2000`],
  ['window-limit', `SELECT id, row_number() OVER (ORDER BY id) FROM orders LIMIT 10`],
  ['except', `SELECT id FROM tree EXCEPT SELECT k FROM keys`],
  ['intersect-all', `SELECT id FROM tree INTERSECT ALL SELECT k FROM keys`, { enable_hashagg: 'off' }],
  ['union-all', `SELECT id FROM tree UNION ALL SELECT k FROM keys WHERE k > 400`],
  ['incremental-sort', `SELECT * FROM orders ORDER BY created, total LIMIT 250`],
  ['sort-spill', `SELECT * FROM lines ORDER BY quantity, product`, { work_mem: '64kB' }],
  [
    'hash-spill',
    `SELECT count(*) FROM orders o JOIN lines l ON l.order_id = o.id`,
    { work_mem: '64kB', enable_mergejoin: 'off', enable_nestloop: 'off' },
  ],
  ['limit', `SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.total > 500 LIMIT 20`],
  ['top-n', `SELECT * FROM orders ORDER BY total DESC LIMIT 10`],
  [
    'cte',
    `WITH recent AS MATERIALIZED (SELECT * FROM orders WHERE created > '2024-12-01') SELECT count(*) FROM recent a JOIN recent b ON a.id = b.id + 1`,
  ],
  [
    'cte-chain',
    `WITH a AS MATERIALIZED (SELECT * FROM orders WHERE total < 50), b AS MATERIALIZED (SELECT customer_id, count(*) FROM a GROUP BY 1) SELECT * FROM b JOIN a USING (customer_id) LIMIT 30`,
  ],
  [
    'cte-shadowed',
    `WITH w AS MATERIALIZED (SELECT id FROM orders WHERE total < 30) SELECT count(*), (WITH w AS MATERIALIZED (SELECT id + 1 AS id FROM w) SELECT max(id) FROM w) FROM w`,
  ],
  ['cte-never-scanned', `WITH w AS MATERIALIZED (SELECT * FROM orders) SELECT * FROM nobody n JOIN w ON w.id = n.id`],
  [
    'cte-recursive',
    `WITH RECURSIVE down AS (SELECT id, 0 AS level FROM tree WHERE id = 1 UNION ALL SELECT t.id, level + 1 FROM tree t JOIN down ON t.parent = down.id) SELECT level, count(*) FROM down GROUP BY level`,
  ],
  ['init-plan', `SELECT * FROM orders WHERE total > (SELECT 1.9 * avg(total) FROM orders)`],
  [
    'init-plan-two-readers',
    `SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id < s.m AND c.id < s.m`.replaceAll(
      's.m',
      '(SELECT count(*) / 40 FROM lines)',
    ),
  ],
  [
    'init-plans-eleven',
    `SELECT * FROM tree WHERE id IN (${Array.from({ length: 11 }, (_, i) => `(SELECT ${i === 9 ? 'count(*)::int FROM lines' : `min(product) FROM stock WHERE product > ${i}`})`).join(', ')})`,
  ],
  ['init-plan-min-max', `SELECT min(id), max(created) FROM orders`],
  ['init-plan-output', `SELECT id, (SELECT count(*) FROM lines) FROM tree WHERE id < 10`],
  [
    'init-plan-nested',
    `SELECT * FROM tree WHERE id = (SELECT count(*) FROM keys WHERE k < (SELECT count(*) / 1000 FROM lines))`,
  ],
  [
    'init-plan-inner-side',
    `SELECT * FROM stock s LEFT JOIN orders o ON o.id = s.product AND o.customer_id < (SELECT count(*) FROM lines) WHERE s.product < 9`,
    { enable_hashjoin: 'off', enable_mergejoin: 'off' },
  ],
  [
    'sub-plan',
    `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id < 300`,
  ],
  ['sub-plan-hashed', `SELECT * FROM orders WHERE customer_id NOT IN (SELECT id FROM customers WHERE active)`],
  [
    'sub-plan-alternatives',
    `SELECT * FROM customers c WHERE c.id < 50 OR EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.total > 990)`,
  ],
  [
    'sub-plan-in-cte-scan',
    `WITH w AS MATERIALIZED (SELECT * FROM customers WHERE id < 200) SELECT * FROM w WHERE (SELECT count(*) FROM orders o WHERE o.customer_id = w.id) > 20`,
  ],
  [
    'lateral',
    `SELECT * FROM customers c, LATERAL (SELECT * FROM orders o WHERE o.customer_id = c.id ORDER BY created DESC LIMIT 2) l WHERE c.id < 100`,
  ],
  [
    'never-executed',
    `SELECT * FROM nobody n JOIN orders o ON o.id = n.id`,
    { enable_hashjoin: 'off', enable_mergejoin: 'off' },
  ],
  ['partitions', `SELECT count(*) FROM measurements WHERE value = 5`],
  ['partitions-ordered', `SELECT * FROM measurements ORDER BY day LIMIT 100`],
  ['partitions-pruned', `SELECT count(*) FROM measurements WHERE day = (SELECT date '2024-05-05')`],
  ['insert', `INSERT INTO stock SELECT i, 1 FROM generate_series(1000, 1100) i`],
  [
    'insert-conflict',
    `INSERT INTO stock SELECT i, 1 FROM generate_series(290, 310) i ON CONFLICT (product) DO UPDATE SET quantity = excluded.quantity`,
  ],
  ['insert-foreign-key', `INSERT INTO reservations SELECT i, i FROM generate_series(1, 200) i`],
  ['update', `UPDATE orders SET status = 'sent' WHERE customer_id = 17 RETURNING id`],
  ['update-partitions', `UPDATE measurements SET value = 0 WHERE value = 7`],
  ['delete', `DELETE FROM lines WHERE order_id < 50`],
  [
    'merge',
    `MERGE INTO stock s USING (SELECT generate_series(295, 305) AS p) n ON s.product = n.p WHEN MATCHED THEN UPDATE SET quantity = 5 WHEN NOT MATCHED THEN INSERT VALUES (n.p, 1)`,
  ],
  [
    'modifying-cte',
    `WITH gone AS (DELETE FROM lines WHERE order_id < 500 RETURNING *) SELECT product, sum(quantity) FROM gone GROUP BY product`,
  ],
  [
    'modifying-cte-unread',
    `WITH gone AS (DELETE FROM lines WHERE order_id < 5000 RETURNING *) SELECT count(*) FROM tree`,
  ],
  [
    'modifying-cte-limit',
    `WITH gone AS (DELETE FROM lines WHERE order_id < 5000 RETURNING *) SELECT * FROM gone LIMIT 3`,
  ],
  [
    'timing-off',
    `SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id`,
    {},
    'ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON',
  ],
  [
    'buffers-off',
    `SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id`,
    {},
    'ANALYZE, BUFFERS OFF, FORMAT JSON',
  ],
  ['no-analyze', `SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id`, {}, 'FORMAT JSON'],
  ['costs-off', `SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id`, {}, 'COSTS OFF, FORMAT JSON'],
  ['summary-off', `SELECT count(*) FROM orders`, {}, 'ANALYZE, BUFFERS, SUMMARY OFF, FORMAT JSON'],
  [
    'verbose-wal-settings',
    `UPDATE stock SET quantity = quantity + 1 WHERE product < 20`,
    { work_mem: '2MB', random_page_cost: '1.1' },
    'ANALYZE, VERBOSE, BUFFERS, WAL, SETTINGS, FORMAT JSON',
  ],
  [
    'local-buffers',
    `SELECT count(*) FROM scratch`,
    {},
    full,
    ['pg15', 'pglite'],
    'CREATE TEMP TABLE scratch AS SELECT generate_series(1, 3000) i',
  ],
  [
    'memory-serialize',
    `SELECT * FROM customers WHERE id < 20`,
    {},
    'ANALYZE, BUFFERS, MEMORY, SERIALIZE, FORMAT JSON',
    ['pglite'],
  ],
  ['io-timing', `SELECT count(*) FROM lines`, { track_io_timing: 'on' }],
  [
    'many-loops',
    `SELECT count(*) FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.id < 15000`,
    { enable_hashjoin: 'off', enable_mergejoin: 'off', enable_memoize: 'off' },
  ],
  ['disabled', `SELECT * FROM tree WHERE parent = 3`, { enable_seqscan: 'off' }],
  ['parallel-seq-scan', `SELECT count(*) FROM orders WHERE total > 10`, parallel, full, ['pg15']],
  [
    'parallel-verbose',
    `SELECT status, count(*) FROM orders WHERE total > 10 GROUP BY status`,
    parallel,
    'ANALYZE, VERBOSE, BUFFERS, FORMAT JSON',
    ['pg15'],
  ],
  [
    'parallel-hash-join',
    `SELECT count(*) FROM orders o JOIN lines l ON l.order_id = o.id`,
    { ...parallel, enable_mergejoin: 'off', enable_nestloop: 'off' },
    full,
    ['pg15'],
  ],
  [
    'parallel-hash-in-every-worker',
    `SELECT count(*) FROM orders o JOIN lines l ON l.order_id = o.id`,
    { ...parallel, enable_mergejoin: 'off', enable_nestloop: 'off', enable_parallel_hash: 'off' },
    full,
    ['pg15'],
  ],
  [
    'parallel-bitmap',
    `SELECT count(*) FROM orders WHERE customer_id BETWEEN 1 AND 400`,
    { ...parallel, enable_seqscan: 'off', enable_indexscan: 'off', enable_indexonlyscan: 'off' },
    full,
    ['pg15'],
  ],
  [
    'parallel-index-only',
    `SELECT count(*) FROM orders WHERE id < 30000`,
    { ...parallel, enable_seqscan: 'off', enable_bitmapscan: 'off' },
    full,
    ['pg15'],
  ],
  [
    'parallel-append-one-process',
    `SELECT count(*) FROM (SELECT id FROM unshared UNION ALL SELECT id FROM orders UNION ALL SELECT order_id FROM lines) u`,
    parallel,
    full,
    ['pg15'],
    'CREATE TABLE unshared AS SELECT i AS id FROM generate_series(1, 40000) i; ALTER TABLE unshared SET (parallel_workers = 0); ANALYZE unshared',
  ],
  [
    'parallel-append-one-process-verbose',
    `SELECT count(*) FROM (SELECT id FROM unshared UNION ALL SELECT id FROM orders UNION ALL SELECT order_id FROM lines) u`,
    parallel,
    'ANALYZE, VERBOSE, BUFFERS, FORMAT JSON',
    ['pg15'],
    'CREATE TABLE unshared AS SELECT i AS id FROM generate_series(1, 40000) i; ALTER TABLE unshared SET (parallel_workers = 0); ANALYZE unshared',
  ],
  ['parallel-gather-merge', `SELECT * FROM lines ORDER BY quantity, product LIMIT 100`, parallel, full, ['pg15']],
  [
    'parallel-init-plan',
    `SELECT count(*) FROM lines WHERE quantity > (SELECT avg(total) / 250 FROM orders)`,
    parallel,
    full,
    ['pg15'],
  ],
  [
    'parallel-no-leader',
    `SELECT count(*) FROM lines`,
    { ...parallel, parallel_leader_participation: 'off' },
    full,
    ['pg15'],
  ],
  ['parallel-no-workers', `SELECT count(*) FROM lines`, { ...parallel, max_parallel_workers: '0' }, full, ['pg15']],
  [
    'parallel-sub-plan',
    `SELECT count(*) FROM orders o WHERE (SELECT quantity FROM lines l WHERE l.order_id = o.id AND line = 1) > 5`,
    parallel,
    full,
    ['pg15'],
  ],
  [
    'parallel-in-loop',
    `SELECT count(*) FROM stock s JOIN (SELECT * FROM orders WHERE total < 100 OFFSET 0) o ON o.id > s.product * 130 WHERE s.product < 4`,
    { ...parallel, enable_material: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off' },
    full,
    ['pg15'],
  ],
  ['jit', `SELECT sum(total) FROM orders`, { ...parallel, jit: 'on', jit_above_cost: '0' }, full, ['pg15']],
].map(([name, sql, settings = {}, options = full, servers = ['pg15', 'pglite'], before]) => ({
  name,
  sql,
  settings,
  options,
  servers,
  before,
}));

/** EXPLAIN's text, on few lines. A newline inside a JSON string is escaped, so each of these stands between tokens. */
const compact = (text) =>
  `${text
    .replace(/\n\s*("Node Type")/g, '\n$1')
    .replace(/\n(?!"Node Type")\s*/g, ' ')
    .trim()}\n`;

/** @param {(sql: string) => Promise<string | undefined>} run Runs one or more statements; the last one's first cell. */
async function capture(server, run) {
  const folder = join(fixtures, server);
  mkdirSync(folder, { recursive: true });
  for (const { name, sql, settings, options, servers, before } of cases) {
    if (!servers.includes(server) || (only !== undefined && only !== name)) continue;
    await run('BEGIN');
    try {
      if (before !== undefined) await run(before);
      for (const [key, value] of Object.entries(settings)) await run(`SET LOCAL ${key} = '${value}'`);
      // Once to warm the caches, so that hit and read are the same at each capture; what it writes is undone.
      await run('SAVEPOINT warm');
      await run(sql);
      await run('ROLLBACK TO warm');
      writeFileSync(join(folder, `${name}.json`), compact(await run(`EXPLAIN (${options}) ${sql}`)));
    } catch (error) {
      throw new Error(`${server} ${name}: ${error.message}`, { cause: error });
    } finally {
      await run('ROLLBACK');
    }
  }
  console.log(`${server}: ${await run('SHOW server_version')}`);
}

async function prepare(run) {
  await run(schema);
  await run('VACUUM (FREEZE, ANALYZE)');
}

async function native() {
  const base = mkdtempSync(join(tmpdir(), 'pgl-plans-'));
  const data = join(base, 'data');
  const root = process.getuid?.() === 0;
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const as = root ? { uid: id('-u'), gid: id('-g') } : {};
  if (root) chownSync(base, as.uid, as.gid);
  let server;
  try {
    execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'], {
      ...as,
      cwd: base,
      stdio: 'ignore',
    });
    const flags = {
      listen_addresses: '',
      unix_socket_directories: base,
      shared_buffers: '256MB',
      synchronize_seqscans: 'off',
      autovacuum: 'off',
      fsync: 'off',
      jit: 'off',
      timezone: 'UTC',
      max_parallel_workers_per_gather: '0',
    };
    server = spawn(
      join(bin, 'postgres'),
      ['-D', data, ...Object.entries(flags).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      { ...as, cwd: base, stdio: 'ignore' },
    );
    const client = await connect(base);
    const run = async (sql) => {
      const result = [await client.query({ text: sql, rowMode: 'array' })].flat().at(-1);
      return result.rows[0]?.[0];
    };
    await prepare(run);
    await capture('pg15', run);
    await client.end();
  } finally {
    if (server !== undefined) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
    }
    rmSync(base, { recursive: true, force: true });
  }
}

async function connect(host) {
  for (let attempt = 1; ; attempt++) {
    // `types`: every value as the server printed it.
    const client = new pg.Client({
      host,
      user: 'postgres',
      database: 'postgres',
      types: { getTypeParser: () => (value) => value },
    });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function embedded() {
  const db = await PGlite.create();
  const run = async (sql) => {
    const results = await db.exec(sql, { rowMode: 'array', parsers: { 114: (value) => value } });
    return results.at(-1)?.rows[0]?.[0];
  };
  await prepare(run);
  await capture('pglite', run);
  await db.close();
}

mkdirSync(fixtures, { recursive: true });
await native();
await embedded();
writeFileSync(
  join(fixtures, 'cases.json'),
  `${JSON.stringify(
    cases.map(({ name, sql, settings, options, before }) => ({ name, sql, options, settings, before })),
    null,
    1,
  )}\n`,
);
