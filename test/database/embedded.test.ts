import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { ownName } from '../../src/database/embedded/directories';
import { EmbeddedEngine } from '../../src/database/embedded/index';
import type { Database, LessonDatabaseSpec } from '../../src/database/engine';
import { CancelledError, UserError } from '../../src/shared/errors';
import { pgliteAssets } from '../support/pglite';
import { contract, spec } from './contract';

describe('embedded engine', function () {
  this.timeout(60_000);
  let assetsDir: string;
  let dir: string;
  const engines: EmbeddedEngine[] = [];
  const makeEngine = (more = {}) => {
    const engine = new EmbeddedEngine({
      assetsDir,
      storageDir: path.join(dir, 'storage'),
      cacheDir: path.join(dir, 'cache'),
      ...more,
    });
    engines.push(engine);
    return engine;
  };
  const of = (lesson: string): LessonDatabaseSpec => ({ ...spec, lesson });
  const value = async (database: Database, sql: string) => (await database.session.run(sql)).rows[0]?.[0];

  before(async () => {
    assetsDir = await pgliteAssets();
    dir = await mkdtemp(path.join(tmpdir(), 'pgl-embedded-'));
  });
  after(async () => {
    await Promise.all(engines.map((engine) => engine.dispose()));
    await rm(dir, { recursive: true, force: true });
  });

  contract(() => Promise.resolve(makeEngine()));

  describe('PostgreSQL inside', () => {
    let database: Database;
    before(async () => {
      database = await makeEngine().open(of('inside'));
    });
    after(() => database.close());

    it('is of the version the label tells', () => {
      assert.equal(makeEngine().label, `embedded PostgreSQL ${Math.floor(database.serverVersion / 10000)}`);
    });

    it('has the extensions lessons use, pg_stat_statements preloaded', async () => {
      for (const name of ['pg_stat_statements', 'pg_buffercache', 'pg_trgm', 'pageinspect']) {
        await database.session.run(`CREATE EXTENSION ${name}`);
      }
      await database.session.run('SELECT count(*) FROM item');
      const calls = `SELECT calls FROM pg_stat_statements WHERE query = 'SELECT count(*) FROM item'`;
      assert.equal(await value(database, calls), '1');
      assert.ok(Number(await value(database, 'SELECT count(*) FROM pg_buffercache WHERE relfilenode IS NOT NULL')) > 0);
    });

    it('keeps initdb’s configuration and PostgreSQL’s defaults', async () => {
      assert.equal(await value(database, 'SHOW max_wal_size'), '64MB');
      assert.equal(await value(database, 'SHOW search_path'), '"$user", public');
      assert.equal(await value(database, 'SHOW allow_system_table_mods'), 'off');
      assert.equal(await value(database, 'SHOW wal_level'), 'replica');
    });

    it('builds an index concurrently', async () => {
      await database.session.run('CREATE INDEX CONCURRENTLY ON item (name)');
      assert.match(String(await value(database, `EXPLAIN SELECT * FROM item WHERE name = 'item 7'`)), /Index Scan/);
    });

    it('runs out of memory without an end', async () => {
      const failed = database.session.run(
        `SELECT length(string_agg(repeat('x', 100000000), '')) FROM generate_series(1, 30)`,
      );
      await assert.rejects(failed);
      assert.equal(await value(database, 'SELECT count(*) FROM item'), '1000');
    });
  });

  describe('a restart', () => {
    it('is told after a cancel, and the data directory stays locked', async () => {
      const database = await makeEngine().open(of('cancelled'));
      const restarted = new Promise<string>((resolve) => database.onDidRestart(resolve));
      await assert.rejects(
        database.session.run('SELECT pg_sleep(600)', { signal: AbortSignal.timeout(50) }),
        CancelledError,
      );
      assert.match(await restarted, /cancelled/);
      await database.session.run('BEGIN');
      await assert.rejects(makeEngine().open(of('cancelled')), /in use in another window/);
      await database.close();
    });

    it('follows a crash: committed rows are safe, the session is new', async () => {
      // With Node's own stack endless recursion is no error of PostgreSQL but the end of it.
      const database = await makeEngine({ stackMb: 4 }).open(of('crashed'));
      const restarted = new Promise<string>((resolve) => database.onDidRestart(resolve));
      await database.session.run('DELETE FROM item WHERE id > 10');
      await database.session.run(`SET work_mem = '7MB'`);
      await database.session.run(
        'CREATE FUNCTION f(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN f(i + 1); END $$',
      );
      await database.session.run('BEGIN');
      await database.session.run('DELETE FROM item');
      await assert.rejects(database.session.run('SELECT f(1)'), (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /embedded PostgreSQL stopped.*committed rows are safe/);
        return true;
      });
      assert.equal(database.session.transaction, 'idle');
      assert.equal(await value(database, 'SELECT count(*) FROM item'), '10');
      assert.equal(await value(database, 'SHOW work_mem'), '4MB');
      assert.match(await restarted, /stopped/);
      await database.close();
    });

    it('in fresh() is told like any other, and nothing of the check stays', async () => {
      const database = await makeEngine({ stackMb: 4 }).open(of('crashed'));
      await assert.rejects(
        database.fresh((session) => session.run('SELECT f(1)')),
        /embedded PostgreSQL stopped/,
      );
      assert.equal(await value(database, 'SELECT count(*) FROM item'), '10');
      await database.close();
    });
  });

  describe('the lock', () => {
    it('lets one engine in, and the next after close', async () => {
      const database = await makeEngine().open(of('locked'));
      await database.session.run('BEGIN');
      await assert.rejects(makeEngine().open(of('locked')), (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.message, 'This lesson’s database is in use in another window.');
        assert.match(error.nextStep ?? '', /try again/);
        return true;
      });
      await assert.rejects(makeEngine().reset(of('locked')), /in use in another window/);
      assert.equal(database.closed, false);
      await database.close();
      const next = await makeEngine().open(of('locked'));
      await next.close();
    });

    it('lets only one of many in that find a dead owner', async () => {
      const lesson = path.join(dir, 'storage', 'embedded', 'course', 'abandoned');
      await mkdir(path.join(lesson, 'lock'), { recursive: true });
      const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
      await once(dead, 'exit');
      await writeFile(
        path.join(lesson, 'owner.json'),
        JSON.stringify({ pid: dead.pid, host: hostname(), since: Date.now() }),
      );
      const opened = await Promise.allSettled(
        [1, 2, 3].map(async () => {
          const database = await makeEngine().open(of('abandoned'));
          await database.session.run('BEGIN'); // it is in use
        }),
      );
      assert.deepEqual(opened.map((result) => result.status).sort(), ['fulfilled', 'rejected', 'rejected']);
    });

    it('is handed over by a window that is idle, with what it committed', async () => {
      const engine = makeEngine();
      const one = await engine.open(of('handed'));
      await one.session.run('CREATE TABLE mine AS SELECT 1 AS a');
      const two = await makeEngine().open(of('handed'));
      assert.deepEqual([one.closed, two.closed], [true, false]);
      assert.equal(await value(two, 'SELECT a FROM mine'), '1');
      // and back
      const again = await engine.open(of('handed'));
      assert.deepEqual([again === one, two.closed], [false, true]);
      assert.equal(await value(again, 'SELECT a FROM mine'), '1');
      await again.close();
    });

    it('opens anew for who wants it while it is being handed over', async () => {
      const engine = makeEngine();
      const one = await engine.open(of('wanted-back'));
      const closing = one.close();
      const two = await engine.open(of('wanted-back'));
      assert.deepEqual([one.closed, two.closed], [true, false]);
      assert.equal(await value(two, 'SELECT count(*) FROM item'), '1000');
      await closing;
      await two.close();
    });

    it('is handed over by another process', async () => {
      const child = holder('handed-2', 'hold');
      await child.output(/ready/);
      const database = await makeEngine().open(of('handed-2'));
      assert.equal(await value(database, 'SELECT count(*) FROM item'), '1000');
      await database.close();
      child.process.kill();
    });

    it('keeps another process out, and goes with a process that is killed while it writes', async () => {
      const child = holder('killed', 'insert');
      await child.output(/^5$/m);
      await assert.rejects(makeEngine().open(of('killed')), /in use in another window/);
      child.process.kill('SIGKILL');
      await once(child.process, 'exit');
      const database = await makeEngine().open(of('killed'));
      const { rows } = await database.session.run('SELECT count(*) FROM batch GROUP BY n ORDER BY n');
      assert.ok(rows.length >= 6, `${rows.length} batches`);
      assert.ok(rows.every((row) => row[0] === '1000'));
      await database.session.run('SET enable_seqscan = off');
      assert.equal(await value(database, 'SELECT count(*) FROM batch WHERE n = 0'), '1000');
      await database.close();
    });
  });

  describe('the cache', () => {
    it('is made by two processes at once', async () => {
      await rm(path.join(dir, 'cache', 'datasets'), { recursive: true });
      const [one, two] = [holder('twin-1', 'hold'), holder('twin-2', 'hold')];
      await Promise.all([one.output(/ready/), two.output(/ready/)]);
      const folders = await readdir(path.join(dir, 'cache', 'datasets'));
      assert.equal(folders.length, 1, folders.join(', '));
      assert.match(folders[0] ?? '', /^items-[0-9a-f]{16}$/);
      for (const child of [one, two]) child.process.kill();
    });

    it('holds little WAL to copy for each lesson', async () => {
      const [folder = ''] = await readdir(path.join(dir, 'cache', 'datasets'));
      const wal = await readdir(path.join(dir, 'cache', 'datasets', folder, 'pg_wal'));
      assert.ok(wal.filter((name) => /^[0-9A-F]{24}$/.test(name)).length <= 8, wal.join(', '));
    });

    it('says which data set a lesson came from', async () => {
      const origin = await readFile(
        path.join(dir, 'storage', 'embedded', 'course', 'twin-1', 'pg-lessons.json'),
        'utf8',
      );
      const [folder] = await readdir(path.join(dir, 'cache', 'datasets'));
      assert.equal(`items-${(JSON.parse(origin) as { dataset: string }).dataset}`, folder);
    });

    it('keeps no throwaway database, not even of a process that died', async () => {
      const scratch = path.join(dir, 'cache', 'scratch');
      const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
      await once(dead, 'exit');
      const left = path.join(scratch, ownName().replace(`-${process.pid}-`, `-${dead.pid}-`));
      const foreign = path.join(scratch, 'something else');
      await mkdir(left, { recursive: true });
      await mkdir(foreign, { recursive: true });
      const engine = makeEngine();
      const database = await engine.scratch(spec);
      assert.equal((await readdir(scratch)).includes(path.basename(foreign)), true);
      await database.close();
      await engine.dispose();
      assert.deepEqual(await readdir(scratch), [path.basename(foreign)]);
    });
  });

  it('says so when a data directory is broken, and reset mends it', async () => {
    const engine = makeEngine();
    const database = await engine.open(of('broken'));
    await database.close();
    const data = path.join(dir, 'storage', 'embedded', 'course', 'broken', 'data');
    await rm(path.join(data, 'global', 'pg_control'));
    await assert.rejects(engine.open(of('broken')), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /did not start/);
      assert.match(error.nextStep ?? '', /Reset/);
      return true;
    });
    await engine.reset(of('broken'));
    assert.equal(existsSync(data), false);
    const again = await engine.open(of('broken'));
    assert.equal(await value(again, 'SELECT count(*) FROM item'), '1000');
    await again.close();
  });

  it('says so when the lesson’s database is of another major version', async () => {
    const engine = makeEngine();
    await (await engine.open(of('old'))).close();
    const file = path.join(dir, 'storage', 'embedded', 'course', 'old', 'pg-lessons.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/"serverVersion": \d+/, '"serverVersion": 170004'));
    await assert.rejects(engine.open(of('old')), /made by PostgreSQL 17; the embedded one is 18/);
  });

  function holder(lesson: string, what: 'hold' | 'insert') {
    const script = path.resolve('test/database/support/holder.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, assetsDir, dir, lesson, what], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let text = '';
    const output = (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        child.once('exit', (code) => reject(new Error(`the other process ended with ${code}`)));
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (pattern.test(text)) resolve();
        });
      });
    return { process: child, output };
  }
});
