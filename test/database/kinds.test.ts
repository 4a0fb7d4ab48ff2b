import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { readAttempt } from '../../src/check/attempt';
import { evaluate } from '../../src/check/evaluate';
import { apply } from '../../src/check/measure';
import { pin } from '../../src/check/pinned';
import type { Reference } from '../../src/check/reference';
import type { Outcome } from '../../src/check/verdict';
import { parseDataset } from '../../src/course/dataset';
import type { Exercise } from '../../src/course/lesson';
import { EXPECTATION_KINDS, exerciseSchema } from '../../src/course/schema';
import { EmbeddedEngine } from '../../src/database/embedded';
import type { Database, Engine, LessonDatabaseSpec } from '../../src/database/engine';
import { resolveConnection, ServerEngine } from '../../src/database/server';
import { sharedCluster } from '../support/cluster';
import { pgliteAssets } from '../support/pglite';

const dataset = parseDataset(`-- A small shop.
-- variant rows=300 seed=5
\\set rows 30000
\\set seed 1

CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, email varchar(80), city text, country text);
INSERT INTO customer SELECT g, 'name ' || g, 'c' || g || '@example.com', 'city ' || g % 50, 'country ' || g % 50 / 10 FROM generate_series(1, 500) g;
CREATE TABLE sale (
  id int PRIMARY KEY,
  customer int NOT NULL REFERENCES customer,
  total numeric(8,2) NOT NULL CONSTRAINT sale_total CHECK (total >= 0),
  at timestamptz NOT NULL,
  note text
) WITH (fillfactor = 90);
INSERT INTO sale SELECT g, 1 + (g * 7919 + :seed) % 500, (g % 97) + 0.5, '2025-01-01'::timestamptz + g * interval '10 minutes', repeat('x', 60)
  FROM generate_series(1, :rows) g;
CREATE TABLE log (id int NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
INSERT INTO log SELECT g, '2025-01-01'::date + g % 59 FROM generate_series(1, 8000) g;
CREATE SCHEMA other;
CREATE TABLE other.sale (id int, customer text);
CREATE INDEX ON other.sale (customer);
`);
assert.deepEqual(dataset.problems, []);

const spec: LessonDatabaseSpec = {
  course: 'course',
  lesson: 'kinds',
  dataset: { name: 'shop', sql: dataset.sql },
};

function exercise(expect: string, solution: string, starter = ''): Exercise {
  const file = exerciseSchema.parse({ id: 'task', expect: parse(expect) as unknown });
  const code = (text: string) => ({ text, line: 0 });
  return {
    ...file,
    title: 'Task',
    line: 0,
    starter: code(starter),
    solution: code(solution),
    hints: [],
    wrong: [],
    alternatives: [],
  };
}

interface Case {
  readonly expect: string;
  readonly solution: string;
  readonly starter?: string;
  /** Other right answers. */
  readonly passes?: readonly string[];
  /** An attempt, and the message of its first failing outcome. */
  readonly fails: readonly (readonly [string, RegExp])[];
  /** PGlite runs in one process. */
  readonly serverOnly?: boolean;
}

const TOTALS =
  'SELECT customer, sum(total + customer) AS total FROM sale GROUP BY customer ORDER BY total DESC, customer LIMIT 5';
const ONE = 'SELECT sum(total) FROM sale WHERE customer = $1';
const RANGE = 'SELECT id, total FROM sale WHERE customer = $1 AND at >= $2 ORDER BY at';

const CASES: Record<string, Case> = {
  'rows, any order': {
    expect: '- rows:',
    solution: 'SELECT city, count(*) FROM customer GROUP BY city',
    passes: ['SELECT city, count(*) AS n FROM customer GROUP BY 1 ORDER BY 1 DESC'],
    fails: [
      [
        "SELECT city, count(*) FROM customer GROUP BY city HAVING city < 'city 9'",
        /^The rows differ: 1 row missing\.$/,
      ],
      [
        'SELECT city, count(*) + 1 FROM customer GROUP BY city',
        /^The rows differ: 50 rows missing, 50 rows too many\.$/,
      ],
      ['SELECT city FROM customer', /^The result has 1 column; 2 are asked for/],
      [
        'SELECT c.city, s.count FROM customer c JOIN (SELECT city, count(*) FROM customer GROUP BY 1) s USING (city)',
        /come more often than asked for/,
      ],
      ['SELECT nonsense FROM customer', /^The query fails: column "nonsense" does not exist/],
      ['-- nothing', /has no query/],
    ],
  },
  'rows, stated order, names and types': {
    expect: '- rows: { order: [total desc], columns: true, types: true }',
    solution: TOTALS,
    passes: [TOTALS.replace('DESC, customer', 'DESC, customer + 0')],
    fails: [
      [
        `SELECT * FROM (${TOTALS}) t ORDER BY total`,
        /^Right rows, in the wrong order from row 1 on: sort by total desc\.$/,
      ],
      [
        TOTALS.replace('AS total', 'AS sum').replace('BY total', 'BY sum'),
        /^Column 2 is called “sum”; “total” is asked for\.$/,
      ],
      [
        `SELECT customer, total::text AS total FROM (${TOTALS}) t`,
        /^Column 2 \(“total”\) is text; a number is asked for\.$/,
      ],
    ],
  },
  'rows, exact order': {
    expect: '- rows: { order: exact }',
    solution: 'SELECT id FROM customer ORDER BY city, id LIMIT 20',
    fails: [
      [
        'SELECT * FROM (SELECT id FROM customer ORDER BY city, id LIMIT 20) t ORDER BY id',
        /wrong order from row \d+ on: the order of all rows counts/,
      ],
    ],
  },
  'rows, within a tolerance': {
    expect: '- rows: { tolerance: 1 % }',
    solution: 'SELECT country, avg(id) FROM customer GROUP BY 1',
    passes: [
      'SELECT country, round(avg(id)) FROM customer GROUP BY 1',
      'SELECT country, avg(id) * 1.009 FROM customer GROUP BY 1',
    ],
    fails: [
      [
        'SELECT country, avg(id) * 1.02 FROM customer GROUP BY 1',
        /^The rows differ: 5 rows missing, 5 rows too many\.$/,
      ],
    ],
  },
  'rows, on the hidden variant': {
    expect: '- rows: { variant: true }',
    solution: 'SELECT count(*) AS n, max(total) FROM sale WHERE customer < 100',
    passes: [
      'SELECT count(*), max(total) FROM public.sale WHERE customer <= 99',
      'CREATE VIEW few AS SELECT total FROM sale WHERE customer < 100; BEGIN; SELECT count(*), max(total) FROM few; COMMIT',
    ],
    fails: [
      [
        'SELECT n, 96.5 FROM (SELECT count(*) AS n FROM sale WHERE customer < 100) t WHERE n > 5000',
        /^Right on the data you see; on other data of the same kind 1 row is missing\.$/,
      ],
      ['VALUES (5940, 96.50)', /on other data of the same kind 1 row is missing, 1 row too many\.$/],
      [
        'SELECT count(*), max(total) / (CASE WHEN count(*) < 1000 THEN 0 ELSE 1 END) FROM sale WHERE customer < 100',
        /on other data of the same kind the query fails: division by zero\.$/,
      ],
    ],
  },
  'plan: reads by an index': {
    expect: `- plan: { query: "${ONE}", parameters: [17, 499], reads: { sale: index }, buffers: 1.5 x solution, rows: 0.1 x start }`,
    solution: 'CREATE INDEX ON sale (customer)',
    starter: 'SELECT 1',
    passes: ['CREATE INDEX ON sale (customer) INCLUDE (total)', 'CREATE INDEX ON sale USING hash (customer)'],
    fails: [
      ['SELECT 1', /^sale is read by a Seq Scan\.$/],
      [
        'CREATE INDEX ON sale (total, customer)',
        /^Reads [\d,]+ buffers, \d+ at most are asked for\.$|^sale is read by a Seq Scan/,
      ],
      ['CREATE INDEX ON sale (customer) WHERE customer = 17', /^sale is read by a Seq Scan\.$/],
    ],
  },
  'plan: by an index on certain columns': {
    expect: `- plan: { query: "${RANGE}", parameters: [[17, '2025-06-01']], reads: { sale: { on: [customer, at] } } }`,
    solution: 'CREATE INDEX ON sale (customer, at)',
    passes: ['CREATE INDEX ON sale (customer, at, total)', 'CREATE INDEX mine ON sale (customer, at DESC)'],
    fails: [
      [
        'CREATE INDEX ON sale (customer)',
        /^sale is read through sale_customer_idx, which does not begin with the columns that this needs\.$/,
      ],
      ['SELECT 1', /Seq Scan/],
    ],
  },
  'plan: index-only, by name': {
    expect:
      '- plan: { query: SELECT count(customer) FROM sale WHERE customer = 7, reads: { sale: { by: [index-only, bitmap], index: wanted } } }',
    solution: 'CREATE INDEX wanted ON sale (customer)',
    fails: [['CREATE INDEX unwanted ON sale (customer)', /^sale is read without the index wanted\.$/]],
  },
  'plan: by an index on an expression': {
    expect:
      '- plan: { query: "SELECT * FROM customer WHERE lower(email) = $1", parameters: [c7@example.com], reads: { customer: { on: [lower( email )] } } }',
    solution: 'CREATE INDEX ON customer (lower(email))',
    fails: [['CREATE INDEX ON customer (email)', /^customer is read by a Seq Scan\.$/]],
  },
  'plan: every partition': {
    expect: '- plan: { query: SELECT * FROM log WHERE id = 77, reads: { log: index } }',
    solution: 'CREATE INDEX ON log (id)',
    fails: [['CREATE INDEX ON log_1 (id)', /^log_2 of log is read by a Seq Scan\.$/]],
  },
  'plan: a partition that is not read': {
    expect: '- plan: { reads: { log_2: none, log: seq } }',
    solution: "SELECT count(*) FROM log WHERE day = '2025-01-05'",
    fails: [["SELECT count(*) FROM log WHERE to_char(day, 'YYYY-MM-DD') = '2025-01-05'", /^The plan reads log_2\.$/]],
  },
  'plan: nodes': {
    expect: '- plan: { uses: [Aggregate, Hash Join], avoids: [Nested Loop, Sort] }',
    solution: 'SELECT c.city, count(*) FROM customer c JOIN sale s ON s.customer = c.id GROUP BY 1',
    fails: [
      ['SELECT city FROM customer', /^The plan has no Aggregate\.$/],
      [
        'SELECT c.city, count(*) FROM customer c JOIN sale s ON s.customer = c.id GROUP BY 1 ORDER BY 2',
        /^The plan still has a Sort\.$/,
      ],
    ],
  },
  'plan: joins of certain tables': {
    expect: '- plan: { joins: { method: [hash, merge], of: [customer, sale] } }',
    solution: 'SELECT count(*) FROM customer c JOIN sale s ON s.customer = c.id',
    fails: [
      [
        'SELECT count(*) FROM customer c JOIN sale s ON s.customer < c.id WHERE c.id < 3',
        /^customer and sale are joined by a Nested Loop\.$/,
      ],
      ['SELECT count(*) FROM customer', /^customer and sale are not joined\.$/],
    ],
  },
  'plan: no join': {
    expect: '- plan: { joins: none }',
    solution: 'SELECT count(DISTINCT customer) FROM sale',
    fails: [
      [
        'SELECT count(*) FROM customer c WHERE EXISTS (SELECT FROM sale s WHERE s.customer = c.id)',
        /^The plan still has a /,
      ],
    ],
  },
  'plan: spills': {
    expect: '- plan: { spills: none }',
    solution: 'SELECT id FROM sale CROSS JOIN LATERAL (VALUES (1), (2), (3)) v ORDER BY note, id LIMIT 10',
    fails: [
      ['SELECT id FROM sale, generate_series(1, 3) ORDER BY note || id', /^A Sort writes [\d,]+ temporary blocks\.$/],
    ],
  },
  'plan: sorts': {
    expect: '- plan: { sorts: none }',
    solution: 'SELECT id FROM sale ORDER BY id LIMIT 10',
    fails: [['SELECT id FROM sale ORDER BY note LIMIT 10', /^The plan sorts once; no sort is asked for\.$/]],
  },
  'plan: estimates': {
    expect:
      '- plan: { query: "SELECT * FROM customer WHERE city = $1 AND country = $2", parameters: [[city 7, country 0]], estimate: { at-most: 2, of: customer } }',
    solution: 'CREATE STATISTICS place ON city, country FROM customer; ANALYZE customer',
    fails: [['SELECT 1', /^A row estimate is off by [\d.]+ ×, at Seq Scan on customer\.$/]],
  },
  'plan: generic too': {
    expect:
      '- plan: { query: SELECT count(*) FROM sale WHERE customer = $1, parameters: [17], generic: true, reads: { sale: index } }',
    solution: 'CREATE INDEX ON sale (customer)',
    // a partial index serves the value it is made for, and never the plan for any value
    fails: [['CREATE INDEX ON sale (customer) WHERE customer = 17', /^sale is read by a Seq Scan\.$/]],
  },
  'plan: workers': {
    expect: '- plan: { workers: 1 }',
    solution:
      "SET min_parallel_table_scan_size = '8kB'; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SELECT count(*) FROM sale WHERE note LIKE '%y%'",
    fails: [['SELECT 1', /^The plan is not parallel\.$/]],
    serverOnly: true,
  },
  'plan: no workers': {
    expect: '- plan: { query: SELECT count(*) FROM sale, workers: none }',
    solution: 'SELECT 1',
    fails: [
      [
        "SET min_parallel_table_scan_size = '8kB'; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0",
        /^The plan asks for \d workers?\.$/,
      ],
    ],
    serverOnly: true,
  },
  state: {
    expect: `- state: { query: "SELECT EXISTS (SELECT FROM pg_statistic_ext WHERE stxname = 's')", message: There are no statistics s. }`,
    solution: 'CREATE STATISTICS s ON city, country FROM customer',
    fails: [['SELECT 1', /^There are no statistics s\.$/]],
  },
  'state of what is not there yet': {
    expect: '- state: { query: SELECT count(*) = 0 FROM queue, message: There is no empty queue. }',
    solution: 'CREATE TABLE queue ()',
    fails: [['SELECT 1', /^There is no empty queue\.$/]],
  },
  'setting of the role': {
    expect: '- setting: { name: work_mem, at-least: 64MB, at-most: 1GB, scope: role }',
    solution: "ALTER ROLE CURRENT_USER SET work_mem = '64MB'",
    passes: ['ALTER ROLE CURRENT_USER SET work_mem = 131072'],
    fails: [
      ["ALTER ROLE CURRENT_USER SET work_mem = '32MB'", /^work_mem is 32MB; at least 64MB is asked for\.$/],
      ["ALTER ROLE CURRENT_USER SET work_mem = '1500MB'", /^work_mem is 1500MB; at most 1GB is asked for\.$/],
      ["SET work_mem = '64MB'", /^work_mem is not set for the role\.$/],
    ],
  },
  'setting of the database': {
    expect: '- setting: { name: statement_timeout, value: 1min, scope: database }',
    solution:
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = 60000', current_database()); END $$",
    fails: [
      [
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = 59000', current_database()); END $$",
        /^statement_timeout is 59s; 1min is asked for\.$/,
      ],
      ['SELECT 1', /^statement_timeout is not set for this database\.$/],
    ],
  },
  'setting of the session': {
    expect: '- setting: { name: enable_seqscan, value: false, scope: session }',
    solution: 'SET enable_seqscan = off',
    passes: ["SELECT set_config('enable_seqscan', 'no', false)"],
    fails: [
      ['SET enable_seqscan = on', /^enable_seqscan is on; false is asked for\.$/],
      ['SELECT 1', /^enable_seqscan is not set by the statements of the file\.$/],
    ],
  },
  index: {
    expect: '- index: sale (customer, at)',
    solution: 'CREATE INDEX ON sale (customer, at)',
    passes: ['CREATE INDEX x ON sale USING btree (customer, at DESC) INCLUDE (total)'],
    fails: [
      ['CREATE INDEX ON sale (at, customer)', /^No index of sale is the one that is asked for\.$/],
      ['CREATE INDEX ON sale (customer)', /^No index of sale/],
    ],
  },
  'index with all its facts': {
    expect:
      '- index: { table: customer, on: ["lower(email) text_pattern_ops", id desc], unique: true, include: [name], where: "city is not null", method: btree }',
    solution:
      'CREATE UNIQUE INDEX ON customer (lower(email) text_pattern_ops, id DESC) INCLUDE (name) WHERE city IS NOT NULL',
    passes: [
      'CREATE UNIQUE INDEX ON customer (lower(email) text_pattern_ops DESC, id) INCLUDE (city, name) WHERE (city IS NOT NULL)',
    ],
    fails: [
      [
        'CREATE INDEX ON customer (lower(email) text_pattern_ops, id DESC) INCLUDE (name) WHERE city IS NOT NULL',
        /^customer_lower_id_name_idx is not unique\.$/,
      ],
      ['CREATE UNIQUE INDEX ON customer (lower(email) text_pattern_ops, id DESC) INCLUDE (name)', /is not partial\.$/],
      [
        'CREATE UNIQUE INDEX ON customer (lower(email), id DESC) INCLUDE (name) WHERE city IS NOT NULL',
        /has another operator class\.$/,
      ],
      [
        'CREATE UNIQUE INDEX ON customer (lower(email) text_pattern_ops, id) INCLUDE (name) WHERE city IS NOT NULL',
        /is sorted in another direction\.$/,
      ],
      [
        'CREATE UNIQUE INDEX ON customer (lower(email) text_pattern_ops, id DESC) WHERE city IS NOT NULL',
        /does not include all columns/,
      ],
    ],
  },
  'index, by its method': {
    expect: '- index: { table: sale, on: [at], method: brin }',
    solution: 'CREATE INDEX ON sale USING brin (at)',
    fails: [['CREATE INDEX ON sale (at)', /^sale_at_idx is a btree index; brin is asked for\.$/]],
  },
  'index that must go': {
    expect: '- index: { table: log_1, on: [id], absent: true, at-most: 0 }',
    solution: '',
    fails: [
      ['CREATE INDEX ON log_1 (id)', /^log_1_id_idx is still there\.$/],
      ['CREATE INDEX ON log_1 (day)', /^log_1 has 1 index; 0 at most are asked for\.$/],
    ],
  },
  table: {
    expect: `- table:
    name: visit
    columns: { id: bigint, who: { type: varchar, not-null: true }, at: { type: timestamptz, default: true }, gone: { absent: true } }
    primary-key: id
    unique: [[who, at]]
    foreign-keys: { sale: sale }
    check: [who]
    refuses: ["INSERT INTO visit (id, who) VALUES (1, '')"]
    accepts: ["INSERT INTO visit (id, who) VALUES (1, 'me')"]`,
    solution:
      "CREATE TABLE visit (id int8 PRIMARY KEY, who varchar(20) NOT NULL CHECK (who <> ''), at timestamptz DEFAULT now(), sale int REFERENCES sale, UNIQUE (at, who))",
    fails: [
      ['SELECT 1', /^There is no table visit\.$/],
      ['CREATE TABLE visit (id int, who text)', /^visit\.id is integer; bigint is asked for\.$/],
      [
        'CREATE TABLE visit (id int8 PRIMARY KEY, who varchar(20) NOT NULL CHECK (length(who) >= 0), at timestamptz DEFAULT now(), sale int REFERENCES sale, UNIQUE (at, who))',
        /^visit takes a row that it must refuse\.$/,
      ],
      [
        "CREATE TABLE visit (id int8 PRIMARY KEY, who varchar(20) NOT NULL CHECK (who <> ''), at timestamptz DEFAULT now(), sale int REFERENCES customer, UNIQUE (at, who))",
        /^sale of visit does not refer to sale\.$/,
      ],
    ],
  },
  'table: partitions, storage, statistics': {
    expect: `- table: { name: log, partitioned-by: range (day), partitions: { at-least: 3 } }
- table: { name: sale, options: { fillfactor: 70, autovacuum_vacuum_scale_factor: { at-most: 0.05 } }, columns: { note: { statistics: 500 } } }
- table: { name: customer, statistics: [[city, country]], unlogged: false }`,
    solution: `CREATE TABLE log_3 PARTITION OF log FOR VALUES FROM ('2025-03-01') TO ('2025-04-01');
      ALTER TABLE sale SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02), ALTER COLUMN note SET STATISTICS 1000;
      CREATE STATISTICS place ON country, city FROM customer`,
    fails: [
      ['SELECT 1', /^log has 2 partitions; at least 3 are asked for\.$/],
      [
        'CREATE TABLE log_3 PARTITION OF log DEFAULT; ALTER TABLE sale SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.2)',
        /^sale\.note has the default statistics target/,
      ],
    ],
  },
  'table that must go': {
    expect: '- table: { name: log_2, absent: true }\n- table: { name: totals, kind: materialized-view }',
    solution: 'DROP TABLE log_2; CREATE MATERIALIZED VIEW totals AS SELECT 1',
    fails: [
      ['SELECT 1', /^log_2 is still there\.$/],
      ['DROP TABLE log_2; CREATE VIEW totals AS SELECT 1', /^totals is a view; a materialized view is asked for\.$/],
    ],
  },
  answer: {
    expect:
      '- answer: { query: SELECT count(*) FROM sale, tolerance: 1 % }\n- answer: { label: node, plan: { query: SELECT count(*) FROM sale, node: { relation: sale }, take: type }, accept: [sequential scan] }',
    solution: '-- answer: 30000\n-- answer node: sequential scan',
    fails: [
      ['-- answer: 20000\n-- answer node: sequential scan', /^The answer is not right\.$/],
      ['-- answer: 30000\n-- answer node: index scan', /^The answer node is not right\.$/],
      ['-- answer: 30000', /^There is no answer yet\. Write it behind “-- answer node:”/],
      ['-- answer: many\n-- answer node: sequential scan', /is a number/],
    ],
  },
  'answer about the start: an index of one’s own does not change it': {
    expect:
      '- answer: { plan: { query: SELECT count(*) FROM sale WHERE customer = 3, node: { relation: sale }, take: type } }',
    solution: '-- answer: seq scan',
    passes: ['-- answer: Seq Scan\nCREATE INDEX i ON sale (customer); ANALYZE sale;'],
    fails: [['-- answer: hash join', /^The answer is not right\.$/]],
  },
  'answer about the start: the node is gone since': {
    expect:
      '- answer: { plan: { query: SELECT count(*) FROM sale WHERE customer = 3, node: { type: Seq Scan }, take: rows } }',
    solution: '-- answer: 60',
    passes: ['-- answer: 60\nCREATE INDEX i ON sale (customer); ANALYZE sale;'],
    fails: [['-- answer: 61\nCREATE INDEX i ON sale (customer); ANALYZE sale;', /^The answer is not right\.$/]],
  },
  'answer about what has become of the start': {
    expect:
      '- answer: { plan: { query: SELECT id FROM sale WHERE customer = 3 ORDER BY id LIMIT 1, node: { relation: sale }, take: index } }',
    solution: '-- answer: i\nCREATE INDEX i ON sale (customer, id); ANALYZE sale;',
    passes: ['-- answer: mine\nCREATE INDEX mine ON sale (customer, id); ANALYZE sale;'],
    fails: [
      ['-- answer: sale_pkey\nCREATE INDEX i ON sale (customer, id); ANALYZE sale;', /^The answer is not right\.$/],
    ],
  },
  choice: {
    expect: '- choice: { options: { a: A, b: { text: B, message: Not B. }, c: C }, right: [a, c] }',
    solution: '-- answer: a, c',
    passes: ['-- answer: c a'],
    fails: [
      ['-- answer:', /^Nothing is chosen yet\.$/],
      ['-- answer: a, b', /^Not B\.$/],
      ['-- answer: a', /^What is chosen is right, but not all that is\.$/],
      ['-- answer: z', /^There is no option “z”/],
    ],
  },
  checklist: {
    expect:
      '- checklist: { items: { one: The first., two: { text: The second., optional: true }, three: The third. } }',
    solution: '-- answer: one, two, three',
    passes: ['-- answer: one, three'],
    fails: [['-- answer: one, two', /^Not ticked: The third\.$/]],
  },
};

function suite(make: () => Promise<Engine>, kind: 'embedded' | 'server'): void {
  let engine: Engine;
  let database: Database;
  let bare: Reference;

  before(async function () {
    this.timeout(120_000);
    engine = await make();
    database = await engine.open(spec);
    const { readData } = await import('../../src/check/kinds/data');
    const data = await database.fresh((session) => readData(session));
    const nothing = { start: [], solution: [] };
    const none = { groups: [], passed: [] };
    bare = {
      ...nothing,
      wrong: [],
      starter: none,
      met: [],
      data,
      dataSubjects: [],
      inventory: { start: [], subjects: [] },
      measured: nothing,
      kept: nothing,
      variant: dataset.variant!,
    };
  });
  after(() => engine.dispose());

  /** Applies a text and judges it; nothing of it stays. */
  const attempt = async (each: Exercise, text: string, reference: Reference): Promise<Outcome[][]> => {
    return database.fresh(async (session) => {
      await pin(session);
      await session.run('SAVEPOINT test');
      await apply(session, text.replace(/\b(?:BEGIN;|COMMIT$)/g, '')).catch(() =>
        session.run('ROLLBACK TO SAVEPOINT test'),
      );
      // what a plan is about is set by the text; all else is a check's own session
      if (!text.includes('parallel')) await pin(session);
      return evaluate(session, each, readAttempt(text), reference);
    });
  };
  const measured = async (each: Exercise): Promise<Reference> => {
    const figures = (groups: Outcome[][]) => ({
      buffers: groups.map((group) => group.find(({ buffers }) => buffers !== undefined)?.buffers ?? null),
      measured: groups.map(
        (group) => Object.assign({}, ...group.map((outcome) => outcome.measured ?? {})) as Record<string, number>,
      ),
      kept: groups.map((group) => group.find(({ keep }) => keep !== undefined)?.keep ?? null),
    });
    const start = figures(await attempt(each, each.starter.text, bare));
    const solution = figures(await attempt(each, each.solution.text, bare));
    return {
      ...bare,
      start: start.buffers,
      solution: solution.buffers,
      measured: { start: start.measured, solution: solution.measured },
      kept: { start: start.kept, solution: solution.kept },
    };
  };
  const failing = (groups: Outcome[][]): string[] =>
    groups.flat().flatMap(({ passed, message }) => (passed ? [] : [message]));

  for (const [name, each] of Object.entries(CASES)) {
    if (each.serverOnly && kind !== 'server') continue;
    it(name, async () => {
      const task = exercise(each.expect, each.solution, each.starter);
      const reference = await measured(task);
      for (const right of [each.solution, ...(each.passes ?? [])])
        assert.deepEqual(failing(await attempt(task, right, reference)), [], right);
      for (const [wrong, message] of each.fails) {
        const [first = 'nothing failed'] = failing(await attempt(task, wrong, reference));
        assert.match(first, message, `${wrong}\n→ ${first}`);
      }
    });
  }

  it('setting of a new session, whatever the check has set for itself', async () => {
    const check = async (expect: string): Promise<string[]> =>
      failing(await attempt(exercise(expect, ''), 'SET work_mem = 64', bare));
    assert.deepEqual(
      await check('- setting: { name: Work_Mem, value: 4096kB }\n- setting: { name: search_path, includes: public }'),
      [],
    );
    assert.deepEqual(await check('- setting: { name: checkpoint_timeout, at-least: 1h }'), [
      'checkpoint_timeout is 5min; at least 1h is asked for.',
    ]);
    assert.deepEqual(await check('- setting: { name: shared_preload_libraries, includes: nonsense }'), [
      'shared_preload_libraries does not contain nonsense.',
    ]);
    assert.match(
      (await check('- setting: { name: nonsense.max, value: 1 }'))[0]!,
      /^There is no setting nonsense\.max here/,
    );
  });

  if (kind === 'server')
    it('setting of the server, once it is loaded', async () => {
      const check = async (): Promise<string[]> =>
        failing(
          await attempt(
            exercise(
              '- setting: { name: checkpoint_timeout, value: 10min, scope: server }\n- setting: { name: max_wal_senders, value: 7, scope: server }',
              '',
            ),
            '',
            bare,
          ),
        );
      const WAITS = 'max_wal_senders is 10; 7 is asked for. A new value waits for a restart.';
      const { session } = database;
      const reload = async (): Promise<void> => {
        await session.run('SELECT pg_reload_conf()');
        // the reload comes with a signal
        for (let tries = 0; tries < 100; tries++) {
          const { rows } = await session.run("SELECT pg_sleep(0.02), current_setting('checkpoint_timeout')");
          if (rows[0]?.[1] === '10min') break;
        }
      };
      try {
        await session.run("ALTER SYSTEM SET checkpoint_timeout = '600s'");
        await session.run('ALTER SYSTEM SET max_wal_senders = 7');
        assert.deepEqual(await check(), [
          'checkpoint_timeout is 5min; 10min is asked for. The configuration says 600s, which is not loaded: SELECT pg_reload_conf().',
          WAITS,
        ]);
        await reload();
        assert.deepEqual(await check(), [WAITS]);
      } finally {
        await session.run('ALTER SYSTEM RESET checkpoint_timeout');
        await session.run('ALTER SYSTEM RESET max_wal_senders');
        await session.run('SELECT pg_reload_conf()');
      }
    });

  it('shows the nearest row, and where it differs', async () => {
    const task = exercise('- rows:', 'SELECT id, name, city FROM customer');
    const [[outcome]] = (await attempt(
      task,
      "SELECT id, name, CASE WHEN id = 7 THEN 'Rome' ELSE city END FROM customer",
      bare,
    )) as [[Outcome]];
    assert.deepEqual(outcome.rows, {
      columns: ['id', 'name', 'city'],
      missing: [['7', 'name 7', 'city 7']],
      extra: [['7', 'name 7', 'Rome']],
      missingCount: 1,
      extraCount: 1,
      pairs: [{ missing: 0, extra: 0, columns: [2] }],
      duplicates: [],
    });
  });

  it('tells no value of the hidden variant, and leaves nothing of it behind', async () => {
    const task = exercise('- rows: { variant: true }', 'SELECT id, total FROM sale WHERE id % 150 = 0');
    const reference = await measured(task);
    const groups = await attempt(
      task,
      'SELECT id, total FROM sale WHERE id % 150 = 0 AND (SELECT count(*) FROM sale) > 1000',
      reference,
    );
    const [[outcome]] = groups as [[Outcome]];
    assert.equal(outcome.message, 'Right on the data you see; on other data of the same kind 2 rows are missing.');
    assert.deepEqual([outcome.expected, outcome.seen, outcome.rows], [undefined, undefined, undefined]);
    const { rows } = await database.session.run(
      "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'shown %' OR nspname = 'lessons_hidden'",
    );
    assert.deepEqual(rows, []);
  });

  it('says when an order names no column of the solution', async () => {
    const task = exercise('- rows: { order: [nonsense] }', 'SELECT id FROM customer');
    await assert.rejects(attempt(task, 'SELECT id FROM customer', bare), /names “nonsense”, which is no column/);
  });

  it('weighs expectations, not their outcomes', async () => {
    const task = exercise(
      '- plan: { query: SELECT * FROM sale, avoids: [Sort, Hash Join], joins: none }\n  points: 3\n- data: unchanged\n- index: { table: sale, at-most: 9 }',
      '',
    );
    const groups = await attempt(task, 'SELECT 1', bare);
    assert.deepEqual(
      groups.map((group) => group.map(({ points }) => points)),
      [[1, 1, 1], [0], [1]],
    );
  });

  it("shows the author's own sentence in the place of the first that fails", async () => {
    const task = exercise(
      '- index: sale (note)\n  message: Notes are looked for in the whole table.',
      'CREATE INDEX ON sale (note)',
    );
    assert.deepEqual(failing(await attempt(task, 'SELECT 1', bare)), ['Notes are looked for in the whole table.']);
  });
}

it('has a case for every kind; data has those of check.test.ts, for it is about what is committed', () => {
  const tested = Object.values(CASES).flatMap(({ expect }) =>
    (parse(expect) as object[]).flatMap((each) => Object.keys(each)),
  );
  assert.deepEqual(
    Object.keys(EXPECTATION_KINDS).filter((kind) => !tested.includes(kind)),
    ['data'],
  );
});

describe('kinds on embedded', function () {
  this.timeout(60_000);
  let dir = '';
  after(() => rm(dir, { recursive: true, force: true }));
  suite(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'pgl-kinds-'));
    return new EmbeddedEngine({ assetsDir: await pgliteAssets(), storageDir: dir, cacheDir: path.join(dir, 'cache') });
  }, 'embedded');
});

describe('kinds on a server', function () {
  this.timeout(60_000);
  suite(async () => {
    const { port, superuser: user, password } = await sharedCluster();
    return new ServerEngine(
      await resolveConnection({ host: '127.0.0.1', port, user, password, database: 'postgres' }, {}),
    );
  }, 'server');
});
