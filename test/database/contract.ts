/** What every engine promises, run against each of them. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenTransactionError, type Database, type Engine, type LessonDatabaseSpec } from '../../src/database/engine';
import { CancelledError } from '../../src/shared/errors';
import { SqlError, type Notice } from '../../src/sql/session';

export const dataset = {
  name: 'items',
  sql: `CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL, price numeric(8,2));
        INSERT INTO item SELECT g, 'item ' || g, g * 1.5 FROM generate_series(1, 1000) g;
        CREATE VIEW cheap AS SELECT * FROM item WHERE price < 10;`,
};

export const spec: LessonDatabaseSpec = { course: 'course', lesson: 'contract', dataset };

/** The first notice of a statement, and the statement's end. */
export function whenNoticed(database: Database, sql: string, signal?: AbortSignal) {
  let done: Promise<unknown> = Promise.resolve();
  const noticed = new Promise<Notice>((resolve, reject) => {
    done = database.session.run(sql, { onNotice: resolve, ...(signal ? { signal } : {}) });
    done.catch(reject);
  });
  return { noticed, done };
}

export async function sqlError(work: Promise<unknown>): Promise<SqlError> {
  const error = await work.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SqlError)) throw error;
  return error;
}

/** Says so, then takes longer than any test. */
export const endless = `DO $$ BEGIN RAISE NOTICE 'running'; PERFORM pg_sleep(600); END $$`;

export function contract(makeEngine: () => Promise<Engine>): void {
  let engine: Engine;
  let database: Database;
  const run = (sql: string, options = {}) => database.session.run(sql, options);
  const value = async (sql: string) => (await run(sql)).rows[0]?.[0];

  before(async function () {
    this.timeout(60_000);
    engine = await makeEngine();
    await reopen();
  });
  const reopen = async () => {
    await engine.reset(spec);
    database = await engine.open(spec);
  };
  /** Much faster than making the database anew. */
  beforeEach(async () => {
    for (const sql of [
      'ROLLBACK',
      'RESET SESSION AUTHORIZATION',
      'DISCARD ALL',
      'DROP SCHEMA public CASCADE',
      'CREATE SCHEMA public',
    ]) {
      await run(sql);
    }
    for (const sql of dataset.sql.split(';')) await run(sql);
  });
  after(() => engine.dispose());

  describe('results', () => {
    it('are text, with NULL as null, and with the types’ OIDs', async () => {
      const result = await run(
        `SELECT 1 AS i, 1.50::numeric AS n, true AS b, NULL::text AS t, ARRAY[1,2] AS a, '{"x": 1}'::jsonb AS j,
           'infinity'::float8 AS f, '\\x00ff'::bytea AS y, '2024-02-29'::date AS d, 9007199254740993 AS big`,
      );
      assert.deepEqual(result.rows, [
        ['1', '1.50', 't', null, '{1,2}', '{"x": 1}', 'Infinity', '\\x00ff', '2024-02-29', '9007199254740993'],
      ]);
      assert.deepEqual(result.fields.slice(0, 3), [
        { name: 'i', type: 23 },
        { name: 'n', type: 1700 },
        { name: 'b', type: 16 },
      ]);
      assert.equal(result.command, 'SELECT');
      assert.equal(result.rowCount, 1);
      assert.equal(result.truncated, false);
      assert.ok(result.durationMs >= 0);
    });

    it('keep columns of one name apart', async () => {
      const { fields, rows } = await run('SELECT 1 AS x, 2 AS x, 3');
      assert.deepEqual(
        fields.map((field) => field.name),
        ['x', 'x', '?column?'],
      );
      assert.deepEqual(rows, [['1', '2', '3']]);
    });

    it('tell the command and how many rows it took', async () => {
      const of = async (sql: string) => {
        const { command, rowCount } = await run(sql);
        return [command, rowCount];
      };
      assert.deepEqual(await of('CREATE TABLE c (a int)'), ['CREATE TABLE', null]);
      assert.deepEqual(await of('INSERT INTO c VALUES (1), (2)'), ['INSERT', 2]);
      assert.deepEqual(await of('UPDATE c SET a = a + 1'), ['UPDATE', 2]);
      assert.deepEqual(await of('CREATE INDEX ON c (a)'), ['CREATE INDEX', null]);
      assert.deepEqual(await of('DELETE FROM c WHERE a = 99'), ['DELETE', 0]);
      assert.deepEqual(await of('SELECT FROM c'), ['SELECT', 2]);
      assert.deepEqual(await of('EXPLAIN SELECT 1'), ['EXPLAIN', null]);
      assert.deepEqual(await of('VACUUM c'), ['VACUUM', null]);
      assert.deepEqual(await of('-- nothing'), ['', null]);
    });

    it('have 100,000 rows where there are so many', async () => {
      const { rows } = await run(`SELECT g, repeat('é', 20) FROM generate_series(1, 100000) g`);
      assert.equal(rows.length, 100_000);
      assert.deepEqual(rows[99_999], ['100000', 'é'.repeat(20)]);
    });

    it('carry a value longer than any buffer', async () => {
      assert.equal((await value(`SELECT repeat('ü', 3000000)`))?.length, 3_000_000);
    });

    it('of COPY TO STDOUT are its lines', async () => {
      const { rows, command, rowCount } = await run('COPY (SELECT id, name FROM item ORDER BY id LIMIT 2) TO STDOUT');
      assert.deepEqual(rows, [['1\titem 1'], ['2\titem 2']]);
      assert.deepEqual([command, rowCount], ['COPY', 2]);
    });

    it('do not come from COPY FROM STDIN, which says so and leaves the session well', async () => {
      assert.match((await sqlError(run('COPY item FROM STDIN'))).message, /COPY from stdin failed.*INSERT the rows/);
      assert.equal(await value('SELECT 1'), '1');
    });
  });

  describe('parameters', () => {
    it('are text of any type', async () => {
      const { rows } = await run('SELECT $1::int + 1, $2::text, $3::date, $4', {
        parameters: ['41', 'it’s "é"', '2024-02-29', null],
      });
      assert.deepEqual(rows, [['42', 'it’s "é"', '2024-02-29', null]]);
    });

    it('must be as many as the statement has', async () => {
      assert.equal((await sqlError(run('SELECT $1::int'))).code, '08P01');
      assert.equal(await value('SELECT 1'), '1');
    });
  });

  describe('maxRows', () => {
    it('leaves the rest and says so', async () => {
      const { rows, truncated, rowCount, command } = await run('SELECT id FROM item ORDER BY id', { maxRows: 3 });
      assert.deepEqual(rows, [['1'], ['2'], ['3']]);
      assert.equal(truncated, true);
      assert.equal(rowCount, 3);
      assert.equal(command, 'SELECT');
    });

    it('is no truncation when there are exactly so many', async () => {
      const result = await run('SELECT id FROM item WHERE id <= 3', { maxRows: 3 });
      assert.equal(result.rows.length, 3);
      assert.equal(result.truncated, false);
    });

    it('lets a statement that writes finish', async () => {
      const { rows, truncated } = await run('UPDATE item SET price = 0 RETURNING id', { maxRows: 1 });
      assert.equal(rows.length, 1);
      assert.equal(truncated, true);
      assert.equal(await value('SELECT count(*) FROM item WHERE price = 0'), '1000');
    });
  });

  describe('errors', () => {
    it('point at a UTF-16 offset, also behind characters outside the BMP', async () => {
      const sql = `SELECT '😀é', nope`;
      const error = await sqlError(run(sql));
      assert.equal(error.code, '42703');
      assert.equal(error.severity, 'ERROR');
      assert.equal(error.offset, sql.indexOf('nope'));
    });

    it('carry detail, hint and context', async () => {
      const duplicate = await sqlError(run(`INSERT INTO item VALUES (1, 'again', 1)`));
      assert.equal(duplicate.code, '23505');
      assert.match(duplicate.detail ?? '', /\(id\)=\(1\) already exists/);
      assert.match((await sqlError(run('SELECT lenght(name) FROM item'))).hint ?? '', /./);
      assert.match((await sqlError(run('DO $$ BEGIN PERFORM 1 / 0; END $$'))).where ?? '', /PL\/pgSQL function/);
    });

    it('keep to one statement', async () => {
      assert.equal((await sqlError(run('SELECT 1; SELECT 2'))).code, '42601');
      assert.equal((await sqlError(run('SELECT \0 1'))).code, '42601');
      assert.equal(await value('SELECT 1'), '1');
    });

    it('of endless recursion leave the session well', async () => {
      await run('CREATE FUNCTION f(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN f(i + 1); END $$');
      assert.equal((await sqlError(run('SELECT f(1)'))).code, '54001');
      assert.equal(await value('SELECT 1'), '1');
    });
  });

  it('notices come while the statement runs', async () => {
    const controller = new AbortController();
    const { noticed, done } = whenNoticed(database, endless, controller.signal);
    const notice = await noticed;
    assert.deepEqual([notice.severity, notice.message], ['NOTICE', 'running']);
    controller.abort();
    await assert.rejects(done, CancelledError);
  });

  describe('cancel', () => {
    it('ends a statement, and the session is usable afterwards', async () => {
      for (const sql of ['SELECT pg_sleep(600)', 'SELECT count(*) FROM generate_series(1, 1000000000000) g']) {
        await assert.rejects(run(sql, { signal: AbortSignal.timeout(50) }), CancelledError);
        assert.equal(await value('SELECT count(*) FROM item'), '1000');
      }
    });

    it('keeps what was committed and loses what was not', async () => {
      await run('DELETE FROM item WHERE id > 500');
      const controller = new AbortController();
      const { noticed, done } = whenNoticed(
        database,
        `DO $$ BEGIN DELETE FROM item; RAISE NOTICE 'deleted'; PERFORM pg_sleep(600); END $$`,
        controller.signal,
      );
      await noticed;
      controller.abort();
      await assert.rejects(done, CancelledError);
      assert.equal(await value('SELECT count(*) FROM item'), '500');
    });

    it('takes a statement that waits out of the queue', async () => {
      const first = new AbortController();
      const { noticed, done } = whenNoticed(database, endless, first.signal);
      await noticed;
      const second = new AbortController();
      const waiting = run('DELETE FROM item', { signal: second.signal });
      second.abort();
      await assert.rejects(waiting, CancelledError);
      first.abort();
      await assert.rejects(done, CancelledError);
      assert.equal(await value('SELECT count(*) FROM item'), '1000');
    });

    it('before the start runs nothing', async () => {
      await assert.rejects(run('DELETE FROM item', { signal: AbortSignal.abort() }), CancelledError);
      assert.equal(await value('SELECT count(*) FROM item'), '1000');
    });
  });

  describe('the session', () => {
    it('runs statements in the order they came', async () => {
      await run('CREATE TABLE log (id serial, what text)');
      await Promise.all(
        ['a', 'b', 'c'].map((what) => run('INSERT INTO log (what) VALUES ($1)', { parameters: [what] })),
      );
      assert.equal(await value(`SELECT string_agg(what, '' ORDER BY id) FROM log`), 'abc');
    });

    it('keeps a transaction over several runs', async () => {
      assert.equal(database.session.transaction, 'idle');
      await run('BEGIN');
      assert.equal(database.session.transaction, 'open');
      await run('DELETE FROM item');
      await run('ROLLBACK');
      assert.equal(database.session.transaction, 'idle');
      assert.equal(await value('SELECT count(*) FROM item'), '1000');
    });

    it('knows a failed transaction', async () => {
      await run('BEGIN');
      await sqlError(run('SELECT 1 / 0'));
      assert.equal(database.session.transaction, 'failed');
      assert.equal((await sqlError(run('SELECT 1'))).code, '25P02');
      await run('ROLLBACK');
      assert.equal(database.session.transaction, 'idle');
    });

    it('keeps settings and temporary tables', async () => {
      await run(`SET work_mem = '7MB'`);
      await run('CREATE TEMP TABLE mine AS SELECT 42 AS x');
      assert.equal(await value('SHOW work_mem'), '7MB');
      assert.equal(await value('SELECT x FROM mine'), '42');
    });

    it('knows the server’s version', async () => {
      assert.equal(String(database.serverVersion), await value('SHOW server_version_num'));
    });
  });

  describe('fresh', () => {
    const inFresh = async (sql: string) => database.fresh(async (session) => (await session.run(sql)).rows[0]?.[0]);

    it('does not see the settings of the person’s session, which stay', async () => {
      await run('SET enable_seqscan = off');
      await run(`SET work_mem = '7MB'`);
      await run('SET search_path = pg_catalog');
      await run(`SET TimeZone = 'Asia/Tokyo'`);
      assert.equal(await inFresh('SHOW enable_seqscan'), 'on');
      assert.equal(await inFresh('SHOW work_mem'), '4MB');
      assert.equal(await inFresh('SELECT count(*) FROM item'), '1000');
      assert.equal(await value('SHOW enable_seqscan'), 'off');
      assert.equal(await value('SHOW work_mem'), '7MB');
      assert.equal(await value('SHOW search_path'), 'pg_catalog');
      assert.equal(await value('SHOW TimeZone'), 'Asia/Tokyo');
    });

    it('is a transaction of its own, which is rolled back', async () => {
      await run('SET default_transaction_read_only = on');
      await run(`SET default_transaction_isolation = 'serializable'`);
      const seen = await database.fresh(async (session) => {
        assert.equal(session.transaction, 'open');
        assert.equal(database.session.transaction, 'idle');
        await session.run('DELETE FROM item');
        const { rows } = await session.run(
          `SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only'), count(*) FROM item`,
        );
        return rows[0];
      });
      assert.deepEqual(seen, ['read committed', 'off', '0']);
      assert.equal(await value('SELECT count(*) FROM item'), '1000');
      assert.equal(await value('SHOW transaction_isolation'), 'serializable');
    });

    it('leaves the person’s own parameters', async () => {
      await run(`SET my.name = 'x'`);
      assert.equal(await inFresh(`SELECT nullif(current_setting('my.name', true), '')`), null);
      assert.equal(await value('SHOW my.name'), 'x');
    });

    it('is of the connection’s own role, and the person’s stays', async () => {
      const own = await value('SELECT current_user');
      await run('SET ROLE pg_read_all_data');
      assert.equal(await inFresh('SELECT current_user'), own);
      assert.equal(await value('SELECT current_user'), 'pg_read_all_data');
    });

    it('sees a table that a temporary one hides from the person', async () => {
      await run('CREATE TEMP TABLE item AS SELECT 1 AS id');
      assert.equal(await value('SELECT count(*) FROM item'), '1');
      assert.equal(await inFresh('SELECT count(*) FROM item'), '1000');
      assert.equal(await value('SELECT count(*) FROM item'), '1');
    });

    it('begins with what ALTER DATABASE … SET says', async () => {
      const name = await value('SELECT current_database()');
      await run(`ALTER DATABASE "${name}" SET random_page_cost = 1.25`);
      assert.equal(await inFresh('SHOW random_page_cost'), '1.25');
      assert.equal(await value('SHOW random_page_cost'), '4');
      await run(`ALTER DATABASE "${name}" RESET ALL`);
    });

    it('leaves nothing behind in the person’s session', async () => {
      await run('PREPARE mine AS SELECT 1');
      await database.fresh(async (session) => {
        await session.run('SET enable_hashjoin = off');
        await session.run('CREATE TEMP TABLE theirs (a int)');
        await session.run('CREATE TEMP VIEW theirs_too AS SELECT * FROM theirs');
        await session.run('PREPARE other AS SELECT 2');
        await session.run('DELETE FROM item');
      });
      assert.equal(database.session.transaction, 'idle');
      assert.equal(await value('SHOW enable_hashjoin'), 'on');
      assert.equal(await value('SELECT count(*) FROM item'), '1000');
      // a server's process ends, and drops what is temporary, after its client has gone
      const left = `SELECT count(*) FROM pg_class WHERE relname LIKE 'theirs%'`;
      for (const end = Date.now() + 10_000; (await value(left)) !== '0' && Date.now() < end;) await sleep(20);
      assert.equal(await value(left), '0');
      assert.equal(await value(`SELECT string_agg(name, ',') FROM pg_prepared_statements`), 'mine');
    });

    it('passes on what the work throws, and the person’s settings stay', async () => {
      await run('SET enable_seqscan = off');
      await assert.rejects(
        database.fresh((session) => session.run('SELECT 1 / 0')),
        /division by zero/,
      );
      assert.equal(await value('SHOW enable_seqscan'), 'off');
      assert.equal(database.session.transaction, 'idle');
    });

    it('never shows what is not committed', async () => {
      await run('BEGIN');
      await run('DELETE FROM item');
      if (engine.kind === 'embedded') await assert.rejects(inFresh('SELECT 1'), OpenTransactionError);
      else assert.equal(await inFresh('SELECT count(*) FROM item'), '1000');
      await run('ROLLBACK');
      assert.equal(await inFresh('SELECT count(*) FROM item'), '1000');
    });

    it('is of no more use afterwards', async () => {
      const session = await database.fresh((session) => Promise.resolve(session));
      await assert.rejects(session.run('SELECT 1'), { name: 'UserError' });
    });

    it('is cancelled with its signal', async () => {
      const controller = new AbortController();
      const work = database.fresh(async (session) => {
        await session.run(endless, { onNotice: () => controller.abort() });
      }, controller.signal);
      await assert.rejects(work, CancelledError);
      assert.equal(await value('SELECT count(*) FROM item'), '1000');
    });

    it('that is cancelled between two statements loses no settings', async () => {
      await run('SET enable_seqscan = off');
      const controller = new AbortController();
      const work = database.fresh(async (session) => {
        await session.run('SELECT 1');
        controller.abort();
        await session.run('SELECT 2');
      }, controller.signal);
      await assert.rejects(work, CancelledError);
      assert.equal(await value('SHOW enable_seqscan'), 'off');
    });
  });

  describe('the engine', () => {
    beforeEach(reopen);

    it('gives an open database again', async () => {
      assert.equal(await engine.open(spec), database);
    });

    it('keeps the lesson’s database over close and open, and gives each lesson its own', async () => {
      await run('DELETE FROM item');
      const other = await engine.open({ ...spec, lesson: 'another' });
      assert.equal((await other.session.run('SELECT count(*) FROM item')).rows[0]?.[0], '1000');
      await other.close();
      await database.close();
      database = await engine.open(spec);
      assert.equal(await value('SELECT count(*) FROM item'), '0');
    });

    it('keeps the lesson’s database when the data set has changed, until reset', async () => {
      await run('DELETE FROM item');
      await database.close();
      const changed = {
        ...spec,
        dataset: { name: dataset.name, sql: `${dataset.sql} DELETE FROM item WHERE id > 7;` },
      };
      assert.equal(database.outdated, false);
      database = await engine.open(changed);
      assert.equal(database.outdated, true);
      assert.equal(await value('SELECT count(*) FROM item'), '0');
      await engine.reset(changed);
      database = await engine.open(changed);
      assert.equal(database.outdated, false);
      assert.equal(await value('SELECT count(*) FROM item'), '7');
      await database.close();
      database = await engine.open(changed);
      assert.equal(database.outdated, false);
    });

    it('resets a database that is open', async () => {
      await run('DROP TABLE item CASCADE');
      await engine.reset(spec);
      await assert.rejects(run('SELECT 1'), { name: 'UserError' });
      database = await engine.open(spec);
      assert.equal(await value('SELECT count(*) FROM cheap'), '6');
    });

    it('makes pristine throwaway databases', async () => {
      await run('DELETE FROM item');
      const [one, two] = await Promise.all([engine.scratch(spec), engine.scratch(spec)]);
      await one.session.run('DROP TABLE item CASCADE');
      assert.equal((await two.session.run('SELECT count(*) FROM item')).rows[0]?.[0], '1000');
      await Promise.all([one.close(), two.close()]);
    });

    it('opens an empty database where there is no data set', async () => {
      const empty = await engine.open({ ...spec, lesson: 'no-data', dataset: undefined });
      assert.equal((await empty.session.run('CREATE TABLE t (a int)')).command, 'CREATE TABLE');
      await empty.close();
    });

    it('vacuums and analyzes the data set', async () => {
      const { rows } = await run(`SELECT reltuples, relallvisible = relpages FROM pg_class WHERE relname = 'item'`);
      assert.deepEqual(rows, [['1000', 't']]);
    });

    it('says where a data set is wrong, and can load it once it is right', async () => {
      const sql = `CREATE TABLE good (a int);\nSELECT nope;`;
      const wrong = { course: 'course', lesson: 'wrong', dataset: { name: 'wrong', sql } };
      assert.equal((await sqlError(engine.open(wrong))).offset, sql.indexOf('nope'));
      const right = { ...wrong, dataset: { name: 'wrong', sql: 'CREATE TABLE good (a int)' } };
      await (await engine.open(right)).close();
    });

    it('stops loading when it is cancelled, and can load it later', async () => {
      const slow = {
        ...spec,
        lesson: 'slow',
        dataset: { name: 'slow', sql: `DO $$ BEGIN FOR i IN 1..100 LOOP PERFORM pg_sleep(6); END LOOP; END $$` },
      };
      const controller = new AbortController();
      const opening = engine.open(slow, {
        signal: controller.signal,
        onProgress: (message) => {
          assert.match(message, /Loading the data set slow/);
          setTimeout(() => controller.abort(), 200);
        },
      });
      await assert.rejects(opening, CancelledError);
      const quick = await engine.open({ ...slow, dataset: { name: 'slow', sql: 'CREATE TABLE t (a int)' } });
      await quick.close();
    });

    it('closes a database while it works', async () => {
      const { noticed, done } = whenNoticed(database, endless);
      await noticed;
      const [settled] = await Promise.all([done.catch((error: unknown) => error), database.close()]);
      assert.ok(settled instanceof CancelledError, String(settled));
      await database.close();
      database = await engine.open(spec);
    });
  });
}
