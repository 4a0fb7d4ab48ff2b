import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Database } from '../../src/database/engine';
import {
  resolveConnection,
  ServerEngine,
  WrongPasswordError,
  type ConnectionSettings,
} from '../../src/database/server/index';
import {
  lessonDatabaseName,
  passingDatabaseName,
  passingSince,
  templateDatabaseName,
} from '../../src/database/server/names';
import { UserError } from '../../src/shared/errors';
import { sharedCluster, type Cluster } from '../support/cluster';
import { contract, dataset, endless, spec, whenNoticed } from './contract';

describe('server engine', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  const engines: ServerEngine[] = [];
  const makeEngine = async (settings: ConnectionSettings = {}, env: NodeJS.ProcessEnv = {}) => {
    const { port, password } = cluster;
    const engine = new ServerEngine(
      await resolveConnection(
        { host: '127.0.0.1', port, user: 'postgres', password, ...settings },
        { HOME: '/nowhere', ...env },
      ),
    );
    engines.push(engine);
    return engine;
  };
  const value = async (database: Database, sql: string) => (await database.session.run(sql)).rows[0]?.[0];
  /** Runs one statement in the configured database of a connection. */
  const ask = async (settings: ConnectionSettings, env: NodeJS.ProcessEnv, sql: string) => {
    const engine = await makeEngine(settings, env);
    const database = await engine.openConfigured();
    try {
      return await value(database, sql);
    } finally {
      await engine.dispose();
    }
  };
  const admin = (sql: string) => ask({}, {}, sql);
  const refused = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => assert.fail('it connected'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UserError, String(error));
    assert.ok(error.nextStep, error.message);
    return error;
  };

  before(async () => {
    cluster = await sharedCluster();
    await admin(`CREATE ROLE someone LOGIN PASSWORD 'secret'`);
    await admin('CREATE DATABASE elsewhere');
  });
  after(async () => {
    await Promise.all(engines.map((engine) => engine.dispose()));
  });

  contract(() => makeEngine());

  describe('the connection', () => {
    let dir: string;
    before(async () => {
      dir = await mkdtemp(path.join(tmpdir(), 'pgl-connection-'));
    });
    after(() => rm(dir, { recursive: true }));
    const who = `SELECT current_user || '@' || current_database()`;
    const nothing: ConnectionSettings = { host: '', port: 0, user: '', database: '', password: '' };

    it('takes settings over the service file over PG* variables', async () => {
      const file = path.join(dir, 'services');
      await writeFile(
        file,
        `# mine\n[course]\nuser=someone\ndbname=elsewhere\npassword=secret\nport=${cluster.port}\n`,
      );
      const env = {
        PGHOST: '127.0.0.1',
        PGUSER: 'nobody',
        PGDATABASE: 'nowhere',
        PGSERVICEFILE: file,
        PGSERVICE: 'course',
      };
      assert.equal(await ask(nothing, env, who), 'someone@elsewhere');
      assert.equal(await ask({ ...nothing, database: 'postgres' }, env, who), 'someone@postgres');
      const variables = {
        ...env,
        PGSERVICE: '',
        PGPORT: String(cluster.port),
        PGUSER: 'someone',
        PGDATABASE: 'elsewhere',
        PGPASSWORD: 'secret',
      };
      assert.equal(await ask(nothing, variables, who), 'someone@elsewhere');
      assert.match(
        (await refused(ask({ ...nothing, service: 'other' }, env, who))).message,
        /service "other" is not defined/,
      );
    });

    it('finds the password in pgpass, unless others may read the file', async () => {
      const file = path.join(dir, 'pgpass');
      await writeFile(file, `127.0.0.1:${cluster.port}:*:other:no\n127.0.0.1:${cluster.port}:*:someone:secret\n`, {
        mode: 0o600,
      });
      const settings = { user: 'someone', password: '', database: 'elsewhere' };
      assert.equal(await ask(settings, { PGPASSFILE: file }, who), 'someone@elsewhere');
      const open = path.join(dir, 'open');
      await writeFile(open, `*:*:*:*:secret\n`, { mode: 0o644 });
      assert.match((await refused(ask(settings, { PGPASSFILE: open }, who))).message, /asks for a password/);
    });

    it('asks the person only when a password is needed, and once', async () => {
      let asked = 0;
      const provider = () => Promise.resolve((asked++, cluster.password));
      const settings = { host: '127.0.0.1', port: cluster.port, user: 'postgres' };
      const engine = new ServerEngine(await resolveConnection(settings, { HOME: dir }, provider));
      engines.push(engine);
      assert.equal(asked, 0);
      const database = await engine.openConfigured();
      await database.fresh((session) => session.run('SELECT 1'));
      assert.equal(asked, 1);
      const socket = new ServerEngine(
        await resolveConnection({ ...settings, host: cluster.socketDir }, { HOME: dir }, provider),
      );
      engines.push(socket);
      assert.equal(await value(await socket.openConfigured(), who), 'postgres@postgres');
      assert.equal(asked, 1);
    });

    it('says what to do when it fails', async () => {
      const wrong = await refused(ask({ password: 'wrong' }, {}, who));
      assert.ok(wrong instanceof WrongPasswordError);
      assert.match(wrong.message, /password for postgres@127\.0\.0\.1:\d+ is wrong/);
      assert.match((await refused(ask({ port: 1 }, {}, who))).message, /No PostgreSQL answers at 127\.0\.0\.1, port 1/);
      assert.match((await refused(ask({ host: '/nowhere' }, {}, who))).message, /No PostgreSQL answers at \/nowhere/);
      assert.match(
        (await refused(ask({ host: 'no.such.host.invalid' }, {}, who))).message,
        /no\.such\.host\.invalid is not known/,
      );
      assert.match((await refused(ask({ database: 'nowhere' }, {}, who))).message, /no database "nowhere"/);
      assert.match((await refused(ask({ sslmode: 'sometimes' }, {}, who))).message, /is not an sslmode/);
      assert.match(
        (await refused(ask({ sslmode: 'require' }, {}, who))).message,
        /does not offer TLS, and sslmode is require/,
      );
    });

    it('is encrypted as sslmode says', async () => {
      const encrypted = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
      assert.equal(await ask({ sslmode: 'prefer' }, {}, encrypted), 'f');
      await admin('ALTER SYSTEM SET ssl = on');
      await admin('SELECT pg_reload_conf()');
      try {
        while ((await admin('SHOW ssl')) !== 'on');
        const root = { sslrootcert: cluster.certificate };
        assert.equal(await ask({ sslmode: 'disable' }, {}, encrypted), 'f');
        assert.equal(await ask({ sslmode: 'prefer' }, {}, encrypted), 't');
        assert.equal(await ask({ sslmode: 'require' }, {}, encrypted), 't');
        assert.equal(await ask({ sslmode: 'verify-ca', ...root }, {}, encrypted), 't');
        assert.equal(await ask({ sslmode: 'verify-full', host: 'localhost', ...root }, {}, encrypted), 't');
        // The certificate is localhost's.
        assert.match(
          (await refused(ask({ sslmode: 'verify-full', ...root }, {}, who))).message,
          /certificate is not accepted/,
        );
        assert.match(
          (await refused(ask({ sslmode: 'verify-full', sslrootcert: 'system' }, {}, who))).message,
          /certificate is not accepted/,
        );
        assert.match(
          (await refused(ask({ sslmode: 'verify-ca', sslrootcert: '/nowhere' }, {}, who))).message,
          /\/nowhere cannot be read/,
        );
      } finally {
        await admin('ALTER SYSTEM RESET ssl');
        await admin('SELECT pg_reload_conf()');
      }
    });

    it('needs CREATEDB for lessons, and says how to get it', async () => {
      const engine = await makeEngine({ user: 'someone', password: 'secret', database: 'postgres' });
      const error = await refused(engine.open({ ...spec, lesson: 'forbidden' }));
      assert.match(error.message, /the role someone may not create any/);
      assert.match(error.nextStep ?? '', /ALTER ROLE "someone" CREATEDB/);
      assert.equal(await value(await engine.openConfigured(), who), 'someone@postgres');
    });

    it('that is lost is told, and the next statement opens a new session', async () => {
      const engine = await makeEngine();
      const database = await engine.open({ ...spec, lesson: 'lost' });
      const restarts: string[] = [];
      database.onDidRestart((reason) => restarts.push(reason));
      await database.session.run('BEGIN');
      await database.session.run('DELETE FROM item');
      const { noticed, done } = whenNoticed(database, endless);
      await noticed;
      await admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'pg_lessons_course_lost'`);
      assert.match((await refused(done)).message, /connection to the server was lost: terminating connection/);
      assert.equal(database.session.transaction, 'idle');
      assert.equal(await value(database, 'SELECT count(*) FROM item'), '1000');
      assert.equal(restarts.length, 1);
      await database.close();
    });

    it('comes back after the server was restarted', async () => {
      const engine = await makeEngine();
      const database = await engine.open({ ...spec, lesson: 'restarted' });
      await cluster.restart();
      // Whether the loss is noticed before the statement or by it depends on when the socket says so.
      const count = () => value(database, 'SELECT count(*) FROM item');
      assert.equal(await count().catch(count), '1000');
      await database.close();
      await engine.reset({ ...spec, lesson: 'restarted' });
    });
  });

  describe('databases on the server', () => {
    it('are made once by engines that open a lesson at the same time', async () => {
      const twin = { ...spec, lesson: 'twin', dataset: { name: 'twin', sql: dataset.sql } };
      const databases = await Promise.all(
        (await Promise.all([1, 2, 3].map(() => makeEngine()))).map((engine) => engine.open(twin)),
      );
      for (const database of databases) assert.equal(await value(database, 'SELECT count(*) FROM item'), '1000');
      await Promise.all(databases.map((database) => database.close()));
      assert.equal(
        await admin(`SELECT count(*) FROM pg_database WHERE datname LIKE 'pg\\_lessons\\_template\\_twin%'`),
        '1',
      );
      assert.equal(await admin(`SELECT count(*) FROM pg_database WHERE datname LIKE 'pg\\_lessons\\_making%'`), '0');
    });

    it('are made whoever sits in template1, and without what stands there', async () => {
      const engine = await makeEngine();
      const template1 = await engine.openConfigured({ database: 'template1' });
      await template1.session.run('CREATE TABLE litter (a int)');
      const lesson = { ...spec, lesson: 'clean', dataset: { name: 'clean', sql: 'CREATE EXTENSION pg_trgm' } };
      const database = await engine.open(lesson);
      assert.equal(await value(database, `SELECT to_regclass('litter') IS NULL`), 't');
      assert.equal(await value(database, `SELECT similarity('a', 'a')`), '1');
      await template1.session.run('DROP TABLE litter');
      await Promise.all([database.close(), template1.close()]);
      await engine.reset(lesson);
    });

    it('are each role’s own where a class shares a server', async () => {
      await admin(`CREATE ROLE neighbour LOGIN CREATEDB PASSWORD 'secret'`);
      const shared = { ...spec, lesson: 'shared' };
      const mine = await (await makeEngine()).open(shared);
      await mine.session.run('DELETE FROM item');
      const neighbour = await makeEngine({ user: 'neighbour', password: 'secret', database: 'postgres' });
      const theirs = await neighbour.open(shared);
      assert.equal(await value(theirs, 'SELECT count(*) FROM item'), '1000');
      await theirs.session.run('CREATE TABLE own (a int)');
      await neighbour.reset(shared);
      assert.equal(await value(mine, 'SELECT count(*) FROM item'), '0');
    });

    it('that a crashed window left behind are dropped, young ones and others’ are not', async () => {
      const old = passingDatabaseName('scratch', Date.now() - 2 * 3600 * 1000);
      const young = passingDatabaseName('making', Date.now());
      for (const name of [old, young, 'pg_lessons_scratch_mine']) await admin(`CREATE DATABASE ${name}`);
      const engine = await makeEngine();
      await (await engine.scratch(spec)).close();
      const left = await admin(
        `SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname ~ 'pg_lessons_(scratch|making)'`,
      );
      assert.equal(left, [young, 'pg_lessons_scratch_mine'].sort().join(' '));
      for (const name of [young, 'pg_lessons_scratch_mine']) await admin(`DROP DATABASE ${name}`);
    });

    it('have names of their own, within 63 bytes', () => {
      assert.equal(lessonDatabaseName('course', '02-query-analysis'), 'pg_lessons_course_02_query_analysis');
      const names = [
        lessonDatabaseName('postgres-optimization', 'workshop-03-index-optimization'),
        lessonDatabaseName('a-b', 'c'),
        lessonDatabaseName('a', 'b-c'),
        lessonDatabaseName('A', 'b-c'),
        lessonDatabaseName('a', 'b_c'),
        lessonDatabaseName('template', 'x'),
        lessonDatabaseName('c', 'x'.repeat(200)),
        lessonDatabaseName('c', 'x'.repeat(201)),
        templateDatabaseName({ name: 'a', sql: '1' }),
        templateDatabaseName({ name: 'a', sql: '2' }),
        templateDatabaseName({ name: 'é'.repeat(100), sql: '' }),
      ];
      assert.equal(new Set(names).size, names.length, names.join('\n'));
      for (const name of names) assert.match(name, /^pg_lessons_[a-z0-9_]{1,52}$/);
      assert.equal(passingSince(passingDatabaseName('making', 1_700_000_000_000)), 1_700_000_000_000);
      assert.equal(passingSince('pg_lessons_course_scratch'), undefined);
    });
  });

  describe('the session of checks', () => {
    let database: Database;
    const pid = () => database.fresh(async (session) => (await session.run('SELECT pg_backend_pid()')).rows[0]?.[0]);
    const inFresh = (sql: string) => database.fresh(async (session) => (await session.run(sql)).rows[0]?.[0]);

    beforeEach(async () => {
      const engine = await makeEngine();
      database = await engine.open({ course: 'fresh', lesson: 'sessions', dataset: undefined });
    });
    afterEach(() => database.close());

    it('is kept from one to the next, and nothing of the one is in the next', async () => {
      const first = await pid();
      await inFresh('SET work_mem = 64');
      await inFresh('CREATE TEMP TABLE mine AS SELECT 1');
      await inFresh('PREPARE mine AS SELECT 1');
      await inFresh('SELECT pg_advisory_lock(42)');
      assert.equal(await pid(), first);
      assert.equal(await inFresh('SHOW work_mem'), '4MB');
      assert.equal(await inFresh(`SELECT to_regclass('pg_temp.mine')`), null);
      assert.equal(await inFresh('SELECT count(*) FROM pg_prepared_statements'), '0');
      assert.equal(await inFresh(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'`), '0');
    });

    it('is another once a new one would begin otherwise', async () => {
      const name = await value(database, 'SELECT current_database()');
      const first = await pid();
      await database.session.run(`ALTER ROLE CURRENT_USER IN DATABASE "${name}" SET work_mem = '5MB'`);
      assert.equal(await inFresh('SHOW work_mem'), '5MB');
      assert.notEqual(await pid(), first);
      await database.session.run(`ALTER ROLE CURRENT_USER IN DATABASE "${name}" RESET ALL`);
      assert.equal(await inFresh('SHOW work_mem'), '4MB');
    });

    it('is another after one that failed or was ended', async () => {
      const pids = [await pid()];
      await assert.rejects(inFresh('SELECT 1 / 0'));
      pids.push(await pid());
      await database.session.run('SELECT pg_terminate_backend($1)', { parameters: [pids.at(-1) ?? null] });
      pids.push(await pid());
      assert.equal(new Set(pids).size, 3, pids.join());
    });

    it('is lent to one at a time', async () => {
      const pids = await Promise.all([pid(), pid()]);
      assert.equal(new Set(pids).size, 2);
    });

    it('ends with the database', async () => {
      const ended = await pid();
      await database.close();
      const left = `SELECT count(*) FROM pg_stat_activity WHERE pid = ${ended}`;
      for (const end = Date.now() + 10_000; (await admin(left)) !== '0';) assert.ok(Date.now() < end, 'it stays');
      database = await (await makeEngine()).open({ course: 'fresh', lesson: 'sessions', dataset: undefined });
    });
  });

  describe('safety', () => {
    it('writes nothing else on the server, in the whole life of a lesson', async () => {
      const others = ['postgres', 'elsewhere', 'template1'];
      await ask({ database: 'elsewhere' }, {}, 'CREATE TABLE treasure AS SELECT g FROM generate_series(1, 100) g');
      const everything = async () => {
        const seen: Record<string, unknown> = {};
        for (const database of others) seen[database] = await digest(database);
        return seen;
      };
      const before = await everything();

      const engine = await makeEngine();
      const life = { course: 'life', lesson: 'of-a-lesson', dataset: { name: 'life', sql: dataset.sql } };
      const database = await engine.open(life);
      await database.session.run('CREATE INDEX ON item (name)');
      await database.fresh((session) => session.run('EXPLAIN ANALYZE SELECT * FROM item'));
      await assert.rejects(database.session.run('SELECT pg_sleep(600)', { signal: AbortSignal.timeout(50) }));
      const scratch = await engine.scratch(life);
      await scratch.session.run('DELETE FROM item');
      await scratch.close();
      await (await engine.openConfigured()).close();
      await engine.reset(life);
      await engine.open(life);
      await engine.dispose();

      assert.deepEqual(await everything(), before);
      // It would have been seen.
      await ask({ database: 'elsewhere' }, {}, `COMMENT ON TABLE treasure IS 'touched'`);
      assert.notDeepEqual(await digest('elsewhere'), before['elsewhere']);
    });
  });

  /** Every row of every catalog with the transaction that wrote it, and of every table. */
  async function digest(database: string): Promise<Record<string, string>> {
    const engine = await makeEngine({ database });
    const open = await engine.openConfigured();
    // Statistics of autovacuum and of planners are the server's own business; pg_database and its kin
    // are shared, and our own databases are looked for in them.
    const { rows } = await open.session.run(`
      SELECT c.oid::regclass::text, c.relisshared FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND n.nspname <> 'information_schema'
        AND c.relname NOT IN ('pg_statistic', 'pg_largeobject')`);
    const seen: Record<string, string> = {};
    for (const [table, shared] of rows) {
      const own =
        table === 'pg_database'
          ? `WHERE datname NOT LIKE 'pg\\_lessons\\_%'`
          : shared === 't'
            ? `WHERE NOT EXISTS (SELECT FROM pg_database d WHERE d.datname LIKE 'pg\\_lessons\\_%' AND t::text ~ ('\\m' || d.oid || '\\M'))`
            : '';
      seen[table ?? ''] = String(
        await value(
          open,
          `SELECT md5(string_agg(t.xmin || ' ' || t::text, E'\\n' ORDER BY t.ctid)) FROM ${table} t ${own}`,
        ),
      );
    }
    await engine.dispose();
    return seen;
  }
});
