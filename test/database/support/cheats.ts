/** Every cheat that we know of, and what is unusual and right: the tests try them, docs/integrity.md lists them. */
import assert from 'node:assert/strict';
import type { Exercise } from '../../../src/course/lesson';
import { parseLesson } from '../../../src/course/parse';
import type { LessonDatabaseSpec } from '../../../src/database/engine';

export const spec: LessonDatabaseSpec = {
  course: 'course',
  lesson: 'cheats',
  dataset: {
    name: 'sales',
    sql: `CREATE TABLE customer (id int PRIMARY KEY, city text NOT NULL);
          INSERT INTO customer SELECT g, 'city ' || g % 40 FROM generate_series(1, 500) g;
          CREATE TABLE sale (id int PRIMARY KEY, customer int NOT NULL REFERENCES customer, total numeric(8,2) NOT NULL, day date NOT NULL, note text);
          INSERT INTO sale SELECT g, 1 + (g * 7919) % 500, (g % 97) + 0.5, date '2025-01-01' + g % 365, repeat('x', 60) FROM generate_series(1, 20000) g;
          CREATE INDEX sale_day_idx ON sale (day);`,
  },
};

function exercise(expect: string, starter: string, solution: string, wrong: Record<string, string> = {}): Exercise {
  const fence = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\`\n`;
  const source = [
    '---\nid: cheats\ntitle: Cheats\nkind: tutorial\nminutes: 1\ndataset: sales\n---\n\n## Task\n\n',
    fence('yaml exercise', `id: task\nexpect:\n${expect}`),
    fence('sql starter', starter),
    fence('sql solution', solution),
    ...Object.entries(wrong).map(([message, sql]) => fence(`sql wrong "${message}"`, sql)),
  ].join('');
  const { lesson } = parseLesson(source, 'a/cheats.md', 'A');
  const found = lesson?.exercises[0];
  assert.ok(found, source);
  return found;
}

/** The author's query, with values that students do not see. */
export const INDEX = exercise(
  `  - plan:
      query: SELECT sum(total) FROM sale WHERE customer = $1
      parameters: [[17], ['499']]
      buffers: { at-most: 1.3 x solution }
  - data: unchanged`,
  'SELECT sum(total) FROM sale WHERE customer = 17;',
  'CREATE INDEX ON sale (customer);',
);

/** The student's query. */
export const REWRITE = exercise(
  `  - rows: { order: [day] }
  - plan: { buffers: { at-most: 0.6 x start } }`,
  `SELECT day, (SELECT sum(total) FROM sale s WHERE s.day = d.day) AS total FROM (SELECT DISTINCT day FROM sale WHERE day < '2025-01-04') d ORDER BY day;`,
  `SELECT day, sum(total) AS total FROM sale WHERE day < '2025-01-04' GROUP BY day ORDER BY day;`,
);
const RIGHT = REWRITE.solution.text;

/** What is altered is the very subject. */
export const TARGET = exercise(
  `  - state: { query: "SELECT attstattarget = 50 FROM pg_attribute WHERE attrelid = 'sale'::regclass AND attname = 'note'", message: The target is another. }
  - plan: { query: SELECT note FROM sale WHERE id = 5, buffers: { at-most: 10 } }`,
  '-- your turn',
  'ALTER TABLE sale ALTER note SET STATISTICS 50; ANALYZE sale;',
);

/** An index on what a query computes. */
export const EXPRESSION = exercise(
  `  - plan:
      query: SELECT sum(total) FROM sale WHERE id % 1000 = $1
      parameters: [[17], [998]]
      buffers: { at-most: 1.3 x solution }`,
  'SELECT sum(total) FROM sale WHERE id % 1000 = 17;',
  'CREATE INDEX ON sale ((id % 1000));',
);

/** A condition that always stands in the query. */
export const RECENT = exercise(
  `  - plan:
      query: SELECT sum(total) FROM sale WHERE customer = $1 AND day > '2025-12-01'
      parameters: [[17], [499]]
      buffers: { at-most: 1.3 x solution }`,
  `SELECT sum(total) FROM sale WHERE customer = 17 AND day > '2025-12-01';`,
  'CREATE INDEX ON sale (customer, day);',
);

/** What every expectation runs under. */
export const SETTINGS = exercise(
  `  - state:
      query: SELECT current_setting('enable_seqscan') = 'on' AND current_setting('random_page_cost') = '4' AND coalesce(current_setting('pg_hint_plan.enable_hint', true), 'off') = 'off'
      message: The settings are others.`,
  '-- your turn',
  'SELECT 1;',
);

export const EXERCISES: readonly Exercise[] = [INDEX, REWRITE, TARGET, EXPRESSION, RECENT, SETTINGS];

export interface Cheat {
  readonly name: string;
  readonly exercise?: Exercise;
  /** Run in the student's session, a statement at a time. */
  readonly run: string;
  /** The file; without it what was run. */
  readonly text?: string;
  /** What the student reads; … stands for anything. */
  readonly says: string;
  /** Where a server says something else: checks have a session of their own there. */
  readonly onServer?: string;
  /** It does not mislead the check, which therefore passes beside the right answer; its sentence is a note. */
  readonly harmless?: boolean;
  /** Cleans up what a new database does not. */
  readonly undo?: string;
}

export const CHEATS: readonly Cheat[] = [
  // settings
  {
    name: 'SET in the session',
    run: 'SET enable_seqscan = off',
    says: 'enable_seqscan: SET holds in your session; the check has one of its own, with PostgreSQL’s defaults.',
    harmless: true,
  },
  {
    name: 'ALTER DATABASE … SET',
    run: "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$",
    says: 'The check used PostgreSQL’s defaults for enable_seqscan, which this database or role changes.',
    harmless: true,
  },
  {
    name: 'ALTER ROLE … SET',
    run: 'ALTER ROLE postgres SET random_page_cost = 0.01',
    undo: 'ALTER ROLE postgres RESET ALL',
    says: 'The check used PostgreSQL’s defaults for random_page_cost, which this database or role changes.',
    harmless: true,
  },
  {
    name: 'ALTER ROLE … IN DATABASE … SET',
    run: "DO $$ BEGIN EXECUTE format('ALTER ROLE postgres IN DATABASE %I SET work_mem = %L', current_database(), '1GB'); END $$",
    says: 'The check used PostgreSQL’s defaults for work_mem, which this database or role changes.',
    harmless: true,
  },
  {
    name: 'a library of hints preloaded for the role',
    run: `ALTER ROLE postgres SET session_preload_libraries = plpgsql`,
    undo: 'ALTER ROLE postgres RESET ALL',
    says: 'session_preload_libraries is set for this role: plpgsql. The check takes no hints from it.',
    harmless: true,
  },
  {
    name: 'ALTER TABLESPACE … SET',
    run: 'ALTER TABLESPACE pg_default SET (random_page_cost = 0.01)',
    undo: 'ALTER TABLESPACE pg_default RESET (random_page_cost)',
    says: 'The tablespace pg_default has options, {random_page_cost=0.01}, that change what plans cost. ALTER TABLESPACE pg_default RESET (…) undoes it.',
  },
  // indexes
  {
    name: 'any index at all',
    run: 'CREATE INDEX ON sale (total, customer)',
    says: 'Reads … buffers, … at most are asked for.',
  },
  {
    name: 'a partial index on the literal',
    run: 'CREATE INDEX ON sale (customer) WHERE customer = 17',
    says: 'Reads … buffers, … at most are asked for.',
  },
  // answers that are not computed
  {
    name: 'hard-coded VALUES',
    exercise: REWRITE,
    run: '',
    text: `VALUES (date '2025-01-01', 1.0)`,
    says: 'The query reads none of the data set’s tables. It must read sale.',
  },
  {
    name: 'a materialized view',
    exercise: REWRITE,
    run: `CREATE MATERIALIZED VIEW totals AS ${RIGHT}`,
    text: 'SELECT * FROM totals ORDER BY day',
    says: 'The query reads totals, which is not of the data set. It must read sale.',
  },
  {
    name: 'a table of results',
    exercise: REWRITE,
    run: `CREATE TABLE totals AS ${RIGHT}`,
    text: 'SELECT * FROM totals ORDER BY day',
    says: 'The query reads totals, which is not of the data set. It must read sale.',
  },
  {
    name: 'a view over a table of results',
    exercise: REWRITE,
    run: `CREATE TABLE totals AS ${RIGHT}; CREATE VIEW v AS SELECT * FROM totals`,
    text: 'SELECT * FROM v ORDER BY day',
    says: 'The query reads totals, which is not of the data set. It must read sale.',
  },
  {
    name: 'a temporary table of results',
    exercise: REWRITE,
    run: `CREATE TEMP TABLE totals AS ${RIGHT}`,
    text: 'SELECT * FROM totals ORDER BY day',
    says: 'The query reads pg_temp.totals, which is not of the data set. It must read sale.',
    onServer: 'The query fails: relation "totals" does not exist',
  },
  {
    name: 'a column with the results',
    exercise: REWRITE,
    run: 'ALTER TABLE customer ADD COLUMN spent numeric',
    text: RIGHT,
    says: 'customer has a column, spent, that the data set does not have. ALTER TABLE customer DROP COLUMN spent removes it.',
  },
  {
    name: 'a schema of one’s own',
    exercise: REWRITE,
    run: `CREATE SCHEMA mine; CREATE TABLE mine.sale AS SELECT * FROM public.sale WHERE day < '2025-01-04'; SET search_path = mine`,
    text: 'SELECT day, sum(total) AS total FROM mine.sale GROUP BY day ORDER BY day',
    says: 'The query reads mine.sale, which is not of the data set. It must read sale.',
  },
  // other work behind the query
  {
    name: 'a function that hides the work',
    exercise: REWRITE,
    run: `CREATE FUNCTION totals() RETURNS TABLE (day date, total numeric) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY ${RIGHT} END $$`,
    text: 'SELECT * FROM totals() ORDER BY day',
    says: 'The query calls totals(), a function that runs SQL which the query’s plan does not show. Write what it does into the query itself.',
  },
  {
    name: 'an “immutable” function, folded while planning',
    exercise: REWRITE,
    run: `CREATE FUNCTION of_day(d date) RETURNS numeric IMMUTABLE LANGUAGE sql AS $$ SELECT sum(total) FROM sale WHERE day = d $$`,
    text: `SELECT DISTINCT day, of_day(day) FROM sale WHERE day < '2025-01-04' ORDER BY day`,
    says: 'The query calls of_day(), a function that runs SQL which the query’s plan does not show. Write what it does into the query itself.',
  },
  {
    name: 'a function with settings',
    exercise: REWRITE,
    run: `CREATE FUNCTION plus(numeric) RETURNS numeric LANGUAGE sql SET enable_seqscan = off AS 'SELECT $1'`,
    text: `SELECT day, plus(sum(total)) AS total FROM sale WHERE day < '2025-01-04' GROUP BY day ORDER BY day`,
    says: 'The query calls plus(), a function that has settings of its own. Write what it does into the query itself.',
  },
  {
    name: 'a function behind an operator',
    exercise: REWRITE,
    run: `CREATE FUNCTION sold(date, int) RETURNS numeric LANGUAGE sql AS 'SELECT sum(total) FROM sale WHERE day = $1'; CREATE OPERATOR @@@@ (FUNCTION = sold, LEFTARG = date, RIGHTARG = int)`,
    text: `SELECT DISTINCT day, day @@@@ 1 FROM sale WHERE day < '2025-01-04' ORDER BY day`,
    says: 'The query calls sold(), a function that runs SQL which the query’s plan does not show. Write what it does into the query itself.',
  },
  {
    name: 'SQL in a string',
    exercise: REWRITE,
    run: '',
    text: `SELECT day, 1.0 FROM sale WHERE day < '2025-01-04' AND query_to_xml('SELECT 1', false, false, '') IS NOT NULL GROUP BY day ORDER BY day`,
    says: 'The query runs other SQL by query_to_xml(), which its plan does not show. Write that SQL into the query itself.',
  },
  {
    name: 'LIMIT 1',
    exercise: REWRITE,
    run: '',
    text: RIGHT.replace(';', ' LIMIT 1;'),
    says: 'The rows differ: 2 rows missing.',
  },
  // the data
  {
    name: 'deleted rows',
    run: 'DELETE FROM sale WHERE customer <> 17',
    says: 'The table sale has 40 rows instead of 20,000. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'deleted rows, where no expectation is about the data',
    exercise: REWRITE,
    run: `DELETE FROM sale WHERE day > '2025-02-01'`,
    text: RIGHT,
    says: 'The table sale has 1,759 rows instead of 20,000. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'a changed row',
    run: 'UPDATE sale SET total = 0 WHERE id = 7',
    says: 'The table sale has other rows than at the start. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'changed rows that are not counted',
    run: `SET track_counts = off; UPDATE sale SET total = total + 1; RESET track_counts`,
    says: 'The table sale has other rows than at the start. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'changed rows and counts begun anew',
    run: `UPDATE sale SET total = 0 WHERE id = 7; SELECT pg_stat_force_next_flush(); SELECT pg_stat_reset_single_table_counters('sale'::regclass)`,
    says: 'The table sale has other rows than at the start. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'a small copy in the place of a table',
    run: 'ALTER TABLE sale RENAME TO big; CREATE TABLE sale AS SELECT * FROM big WHERE customer = 17',
    says: 'The table sale has 40 rows instead of 20,000. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'a dropped table',
    run: 'DROP TABLE sale',
    says: 'sale is gone: there is no table of that name any more. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'a materialized view in the place of a table',
    run: 'ALTER TABLE sale RENAME TO big; CREATE MATERIALIZED VIEW sale AS SELECT * FROM big',
    says: 'sale is not a table any more: it is a materialized view now, and was a table. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'a view in the place of a table',
    run: 'ALTER TABLE sale RENAME TO big; CREATE VIEW sale AS SELECT * FROM big WHERE customer = 17',
    says: 'sale is not a table any more: it is a view now, and was a table. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'a foreign table in the place of a table',
    run: 'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; ALTER TABLE sale RENAME TO big; CREATE FOREIGN TABLE sale (id int, customer int, total numeric(8,2), day date, note text) SERVER s',
    says: 'sale is not a table any more: it is a foreign table now, and was a table. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'a partitioned table in the place of a table',
    run: 'ALTER TABLE sale RENAME TO big; CREATE TABLE sale (LIKE big) PARTITION BY LIST (customer)',
    says: 'sale is not a table any more: it is a partitioned table now, and was a table. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'an inheriting table',
    run: 'CREATE TABLE more () INHERITS (sale)',
    says: 'more is a part of sale now: queries of sale read it as well. ALTER TABLE more NO INHERIT sale (or DETACH PARTITION) undoes it.',
  },
  {
    name: 'an unlogged table',
    run: 'ALTER TABLE sale SET UNLOGGED',
    says: 'sale is unlogged now. ALTER TABLE sale SET LOGGED undoes it.',
  },
  {
    name: 'another type',
    run: 'ALTER TABLE sale ALTER total TYPE float8',
    says: 'The column total of sale is double precision now, and was numeric(8,2). Reset the lesson’s database to begin anew.',
  },
  {
    name: 'another collation',
    run: 'ALTER TABLE customer ALTER city TYPE text COLLATE "C"',
    says: 'The column city of customer has another collation than at the start. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'a temporary table of the same name',
    run: 'CREATE TEMP TABLE sale AS SELECT * FROM public.sale WHERE customer = 17',
    says: 'Reads … buffers, … at most are asked for.',
  },
  // what stands between a query and its table
  {
    name: 'a rule',
    run: 'CREATE RULE none AS ON INSERT TO sale DO INSTEAD NOTHING',
    says: 'sale has a rule, none, that the data set does not have. DROP RULE none ON sale removes it.',
  },
  {
    name: 'a trigger',
    run: `CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t BEFORE UPDATE ON sale FOR EACH ROW EXECUTE FUNCTION t()`,
    says: 'sale has a trigger, t, that the data set does not have. DROP TRIGGER t ON sale removes it.',
  },
  {
    name: 'foreign keys turned off',
    run: 'ALTER TABLE sale DISABLE TRIGGER ALL',
    says: 'The foreign keys of sale are not enforced. ALTER TABLE sale ENABLE TRIGGER ALL undoes it.',
  },
  {
    name: 'row level security',
    run: 'ALTER TABLE sale ENABLE ROW LEVEL SECURITY; ALTER TABLE sale FORCE ROW LEVEL SECURITY; CREATE POLICY few ON sale USING (customer = 17)',
    says: 'sale has row level security, which can hide rows. ALTER TABLE sale DISABLE ROW LEVEL SECURITY turns it off.',
  },
  {
    name: 'an event trigger',
    run: `CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e()`,
    says: 'The database has an event trigger, e. DROP EVENT TRIGGER e removes it.',
  },
  // names of PostgreSQL's own
  {
    name: 'a function of the name of PostgreSQL’s own',
    run: `CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$`,
    says: 'The function public.lower(character varying) has the name of one of PostgreSQL’s own, so that queries may call it instead. DROP ROUTINE public.lower(character varying) removes it; under another name it may stay.',
  },
  {
    name: 'an aggregate of the name of PostgreSQL’s own',
    run: `CREATE AGGREGATE public.sum(text) (SFUNC = textcat, STYPE = text)`,
    says: 'The function public.sum(text) has the name of one of PostgreSQL’s own, so that queries may call it instead. DROP ROUTINE public.sum(text) removes it; under another name it may stay.',
  },
  {
    name: 'an operator of the name of PostgreSQL’s own',
    run: `CREATE FUNCTION eq(int, text) RETURNS boolean LANGUAGE sql AS 'SELECT false'; CREATE OPERATOR public.= (FUNCTION = eq, LEFTARG = int, RIGHTARG = text)`,
    says: 'The operator public.=(integer,text) has the name of one of PostgreSQL’s own, so that queries may use it instead. DROP OPERATOR public.=(integer,text) removes it.',
  },
  {
    name: 'a cast',
    run: 'CREATE CAST (int AS date) WITHOUT FUNCTION AS IMPLICIT',
    says: 'The database has a cast of its own, from integer to date. DROP CAST removes it.',
  },
  {
    name: 'an operator class',
    run: 'CREATE OPERATOR CLASS mine FOR TYPE int4 USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4)',
    says: 'The database has an operator class of its own, mine. DROP OPERATOR CLASS removes it.',
  },
  {
    name: 'the cost of PostgreSQL’s own function',
    run: 'ALTER FUNCTION pg_catalog.numeric_add(numeric, numeric) COST 9999',
    says: 'PostgreSQL’s own functions, operators or casts were changed. Reset the lesson’s database to begin anew.',
  },
  {
    name: 'the same, beside a function of one’s own',
    run: `CREATE FUNCTION vat(numeric) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 0.19'; ALTER FUNCTION pg_catalog.numeric_add(numeric, numeric) COST 9999`,
    says: 'PostgreSQL’s own functions, operators or casts were changed. Reset the lesson’s database to begin anew.',
  },
  // what the planner knows
  {
    name: 'no statistics',
    run: 'ALTER TABLE sale ALTER customer SET STATISTICS 0',
    says: 'The statistics target of sale.customer is 0. ALTER TABLE sale ALTER customer SET STATISTICS -1, then ANALYZE sale, undoes it.',
  },
  {
    name: 'overridden statistics',
    run: 'ALTER TABLE sale ALTER customer SET (n_distinct = -1)',
    says: 'sale.customer has its statistics overridden: {n_distinct=-1}. ALTER TABLE sale ALTER customer RESET (n_distinct, n_distinct_inherited), then ANALYZE sale, undoes it.',
  },
  {
    name: 'storage parameters',
    run: 'ALTER TABLE sale SET (parallel_workers = 8, fillfactor = 50)',
    says: 'sale has other storage parameters than at the start: {parallel_workers=8,fillfactor=50}. ALTER TABLE sale RESET (…) undoes it.',
  },
  {
    name: 'autovacuum turned off',
    run: 'ALTER TABLE sale SET (autovacuum_enabled = off)',
    says: 'sale has other storage parameters than at the start: {autovacuum_enabled=off}. ALTER TABLE sale RESET (…) undoes it.',
  },
  {
    name: 'pg_class written by hand',
    run: `UPDATE pg_class SET reltuples = 3, relpages = 1 WHERE oid = 'sale'::regclass`,
    says: 'pg_class says that sale has 3 rows in 1 pages, which its rows are not. ANALYZE sale puts it right.',
  },
  {
    name: 'an index turned off',
    run: `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'sale_day_idx'::regclass`,
    says: 'The index sale_day_idx is not valid: building it failed, or it was turned off. REINDEX INDEX sale_day_idx mends it.',
  },
  {
    name: 'a dropped index',
    run: 'DROP INDEX sale_day_idx',
    says: 'The index sale_day_idx on sale is gone. CREATE INDEX ON sale USING btree (day) brings it back.',
  },
  {
    name: 'a dropped primary key',
    run: 'ALTER TABLE sale DROP CONSTRAINT sale_pkey',
    says: 'sale has lost its constraint PRIMARY KEY (id). Reset the lesson’s database to begin anew.',
  },
  {
    name: 'a dropped foreign key',
    run: 'ALTER TABLE sale DROP CONSTRAINT sale_customer_fkey',
    says: 'sale has lost its constraint FOREIGN KEY (customer) REFERENCES public.customer(id). Reset the lesson’s database to begin anew.',
  },
  {
    name: 'NULL allowed',
    run: 'ALTER TABLE sale ALTER note SET NOT NULL; ALTER TABLE sale ALTER customer DROP NOT NULL',
    says: 'sale.customer takes NULL now. ALTER TABLE sale ALTER customer SET NOT NULL undoes it.',
  },
];

/** Unusual, and right. */
export const HONEST: readonly (readonly [name: string, exercise: Exercise, run: string, text?: string])[] = [
  ['the solution', INDEX, 'CREATE INDEX ON sale (customer)'],
  ['a covering index', INDEX, 'CREATE INDEX ON sale (customer) INCLUDE (total)'],
  ['a hash index', INDEX, 'CREATE INDEX ON sale USING hash (customer)'],
  [
    'a BRIN on a clustered table',
    INDEX,
    'CREATE INDEX by_customer ON sale (customer); CLUSTER sale USING by_customer; CREATE INDEX ON sale USING brin (customer)',
  ],
  ['VACUUM and ANALYZE', INDEX, 'CREATE INDEX ON sale (customer); VACUUM FULL sale; VACUUM ANALYZE'],
  [
    'extended statistics and a larger target',
    INDEX,
    'CREATE INDEX ON sale (customer); CREATE STATISTICS s ON customer, total FROM sale; ALTER TABLE sale ALTER customer SET STATISTICS 500; ANALYZE sale',
  ],
  [
    'tables, views and functions of their own beside it',
    INDEX,
    `CREATE INDEX ON sale (customer); CREATE TABLE mine AS SELECT * FROM sale; ALTER TABLE mine SET (fillfactor = 20); CREATE VIEW v AS SELECT * FROM sale; CREATE MATERIALIZED VIEW m AS SELECT * FROM sale; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TRIGGER t BEFORE INSERT ON mine EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
  ],
  [
    'an index in the place of the data set’s own',
    INDEX,
    'CREATE INDEX ON sale (customer); DROP INDEX sale_day_idx; CREATE INDEX ON sale (day, total)',
  ],
  [
    'a constraint more',
    INDEX,
    'CREATE INDEX ON sale (customer); ALTER TABLE sale ADD CHECK (total > 0), ADD UNIQUE (customer, id)',
  ],
  [
    'a generated column and its index',
    INDEX,
    'CREATE INDEX ON sale (customer); ALTER TABLE sale ADD month int GENERATED ALWAYS AS (extract(month FROM day)) STORED',
  ],
  [
    'an update that was rolled back',
    INDEX,
    'CREATE INDEX ON sale (customer); BEGIN; DELETE FROM sale; ROLLBACK; VACUUM sale',
  ],
  ['an expression index', EXPRESSION, 'CREATE INDEX ON sale ((id % 1000))'],
  ['an expression index that holds all the query needs', EXPRESSION, 'CREATE INDEX ON sale ((id % 1000), total)'],
  ['a hash index on the expression', EXPRESSION, 'CREATE INDEX ON sale USING hash ((id % 1000))'],
  [
    'a partial index whose condition stands in the query',
    RECENT,
    `CREATE INDEX ON sale (customer) WHERE day > '2025-12-01'`,
  ],
  ['a column more in between', RECENT, 'CREATE INDEX ON sale (customer, total, day)'],
  ['the solution of a rewrite', REWRITE, '', RIGHT],
  [
    'a rewrite with a CTE and a window',
    REWRITE,
    '',
    `WITH d AS (SELECT DISTINCT day, sum(total) OVER (PARTITION BY day) AS total FROM sale WHERE day < '2025-01-04') SELECT * FROM d ORDER BY day`,
  ],
  [
    'a rewrite through a view of their own',
    REWRITE,
    `CREATE VIEW early AS SELECT * FROM sale WHERE day < '2025-01-04'`,
    'SELECT day, sum(total) FROM early GROUP BY day ORDER BY day',
  ],
  [
    'a helper that computes from its arguments alone',
    REWRITE,
    `CREATE FUNCTION twice(numeric) RETURNS numeric IMMUTABLE LANGUAGE sql AS 'SELECT 2 * $1'`,
    `SELECT day, twice(sum(total)) / 2 AS total FROM sale WHERE day < '2025-01-04' GROUP BY day ORDER BY day`,
  ],
  ['what the solution alters itself', TARGET, 'ALTER TABLE sale ALTER note SET STATISTICS 50'],
];
