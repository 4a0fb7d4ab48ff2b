import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../../src/database/embedded/directories';
import { startLocalEngine } from '../../src/database/local';
import { serverAccount } from '../../src/database/local/account';
import { startCluster } from '../../src/database/local/cluster';
import { findBinaries, openToAll, type Search } from '../../src/database/local/findBinaries';
import { makeFolder } from '../../src/database/local/folder';
import { sweepClusters } from '../../src/database/local/sweep';
import { UserError } from '../../src/shared/errors';

const root = path.resolve('.');
const isRoot = process.getuid?.() === 0;

async function said(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => assert.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof UserError, String(error));
  return [error.message, error.nextStep].join(' ');
}

describe('local: PostgreSQL’s programs', function () {
  this.timeout(30_000);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join('/tmp', 'pg-lessons-programs-'));
    await chmod(folder, 0o755);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** An installation that says its version and does nothing else. */
  async function install(name: string, version: string, programs: readonly string[] = []): Promise<string> {
    const bindir = path.join(folder, name, 'bin');
    await mkdir(bindir, { recursive: true });
    for (const program of ['initdb', 'postgres', ...programs])
      await writeFile(path.join(bindir, program), `#!/bin/sh\necho "${program} (PostgreSQL) ${version}"\n`, {
        mode: 0o755,
      });
    return bindir;
  }

  /** No pg_config on the PATH, and `sh` is found without one. */
  const search = (folders: readonly string[], more: Partial<Search> = {}): Search => ({
    env: { PATH: '' },
    platform: 'linux',
    forOthers: false,
    folders,
    ...more,
  });

  it('the most complete wins, then the newest', async () => {
    const [a, b, c] = [
      await install('rank/a', '18.4', []),
      await install('rank/b', '16.2 (Debian 16.2-1)', ['psql', 'pg_ctl']),
      await install('rank/c', '15.9', ['psql', 'pg_ctl']),
    ];
    const pattern = path.join(folder, 'rank', '*', 'bin');
    assert.deepEqual(await findBinaries(search([pattern])), {
      bindir: b,
      major: 16,
      version: '16.2 (Debian 16.2-1)',
    });
    assert.equal((await findBinaries(search([a, c]))).bindir, c);
    assert.equal((await findBinaries(search([a]))).major, 18);
  });

  it('a folder of links counts as where they lead; PATH is searched; half an installation is none', async () => {
    const real = await install('links/real', '17beta1');
    const links = path.join(folder, 'links', 'usr-bin');
    await mkdir(links);
    for (const name of ['initdb', 'postgres']) await symlink(path.join(real, name), path.join(links, name));
    const half = path.join(folder, 'links', 'half');
    await mkdir(half);
    await writeFile(path.join(half, 'initdb'), '', { mode: 0o755 });
    const found = await findBinaries(search([half], { env: { PATH: links } }));
    assert.deepEqual([found.bindir, found.major], [real, 17]);
  });

  it('PG_LESSONS_BIN is taken alone', async () => {
    const chosen = await install('chosen', '14.1');
    const other = await install('other', '18.0', ['psql']);
    const env = { PATH: '', PG_LESSONS_BIN: chosen };
    assert.equal((await findBinaries(search([other], { env }))).bindir, chosen);
    const none = { PATH: '', PG_LESSONS_BIN: path.join(folder, 'nowhere') };
    assert.match(await said(findBinaries(search([other], { env: none }))), /PG_LESSONS_BIN is .*nowhere.*unset it/);
  });

  it('says what is missing, for each system', async () => {
    assert.match(await said(findBinaries(search([]))), /No PostgreSQL server was found.*apt-get install postgresql/);
    assert.match(await said(findBinaries(search([], { platform: 'darwin' }))), /brew install postgresql@18/);
    assert.match(await said(findBinaries(search([], { platform: 'win32' }))), /postgresql\.org\/download\/windows/);
    const old = await install('old', '12.22');
    assert.match(await said(findBinaries(search([old]))), /PostgreSQL 12\.22 in .* is older than 14/);
  });

  it('programs in a folder that is closed to others are not for another user', async () => {
    const home = await install('home', '16.1');
    await chmod(path.join(folder, 'home'), 0o700);
    assert.equal(await openToAll(home), false);
    assert.match(await said(findBinaries(search([home], { forOthers: true }))), /may not be run by other users/);
    assert.equal((await findBinaries(search([home]))).bindir, home);
  });
});

describe('local: a throwaway cluster', function () {
  this.timeout(120_000);

  it('serves lessons, under an unprivileged account and in a folder of its own', async () => {
    const before = await clusterFolders();
    const engine = await startLocalEngine();
    try {
      assert.match(engine.label, /^local PostgreSQL \d+$/);
      const spec = { course: 'c', lesson: 'l', dataset: { name: 'd', sql: 'CREATE TABLE t AS SELECT 1 AS a' } };
      const database = await engine.scratch(spec);
      const { rows } = await database.session.run('TABLE t');
      assert.deepEqual(rows, [['1']]);
      const settings = await database.session.run(
        `SELECT current_setting('autovacuum'), current_setting('TimeZone'), current_setting('lc_messages'),
                current_setting('listen_addresses'), (SELECT datcollate FROM pg_database WHERE datname = 'postgres')`,
      );
      assert.deepEqual(settings.rows, [['off', 'UTC', 'C', '', 'C']]);
      const dir = await database.session.run(`SELECT current_setting('unix_socket_directories')`);
      const folder = dir.rows[0]?.[0] ?? '';
      const { mode, uid } = await stat(folder);
      assert.equal(mode & 0o777, 0o700);
      if (isRoot) assert.notEqual(uid, 0);
      await database.close();
    } finally {
      await engine.dispose();
    }
    assert.deepEqual(await clusterFolders(), before);
  });

  it('the account is that of whoever is not root', async function () {
    if (!isRoot) {
      assert.equal(await serverAccount(), undefined);
      return;
    }
    assert.ok(((await serverAccount())?.uid ?? 0) > 0);
    assert.match(await said(serverAccount(['no-such-user'])), /does not run as root.*no user no-such-user/);
    assert.match(await said(serverAccount(['root'])), /Run this command as another user/);
  });

  it('runs for a user who is not root', async function () {
    if (!isRoot) this.skip();
    const account = await serverAccount();
    assert.ok(account);
    // A bundle, since the sources may lie in a folder that the user cannot read.
    const dir = await mkdtemp('/tmp/pgl-user-');
    try {
      await chmod(dir, 0o755);
      const bundle = path.join(dir, 'cluster.cjs');
      const { buildSync } = await import('esbuild');
      buildSync({
        entryPoints: [path.join(root, 'src/database/local/cluster.ts')],
        bundle: true,
        platform: 'node',
        outfile: bundle,
      });
      const temporary = path.join(dir, 'tmp');
      await mkdir(temporary, { mode: 0o700 });
      await chown(temporary, account.uid, account.gid);
      const script = `require(${JSON.stringify(bundle)}).startCluster().then(async (cluster) => {
        console.log(cluster.account === undefined, require('node:fs').existsSync(cluster.socketDir + '/.s.PGSQL.5432'));
        await cluster.stop();
        console.log(require('node:fs').existsSync(cluster.socketDir));
      })`;
      const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
        ...account,
        cwd: dir,
        env: { PATH: process.env['PATH'], TMPDIR: temporary },
        encoding: 'utf8',
      });
      assert.equal(stdout, 'true true\nfalse\n', stderr);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('TCP asks for the password; a restart keeps the port', async () => {
    const cluster = await startCluster({ tcp: true });
    try {
      const { default: pg } = await import('pg');
      const connect = async (password: string): Promise<void> => {
        const { port, user } = cluster;
        const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres' });
        await client.connect();
        await client.end();
      };
      await connect(cluster.password);
      await assert.rejects(connect('wrong'), /password authentication failed/);
      await cluster.restart();
      await connect(cluster.password);
    } finally {
      await cluster.stop();
      await cluster.stop();
    }
  });

  it('what a process left that was killed is stopped and removed', async () => {
    const script = `require('${path.join(root, 'node_modules/tsx/dist/cjs/index.cjs')}');
      require('${path.join(root, 'src/database/local/cluster.ts')}').startCluster().then((cluster) => {
        console.log(cluster.dataDir);
        setInterval(() => undefined, 1000);
      })`;
    const child = spawn(process.execPath, ['-e', script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const dataDir = line.trim();
    const postmaster = Number((await readFile(path.join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    // Its process lives: hands off.
    await sweepClusters();
    assert.ok(isAlive(postmaster) && existsSync(dataDir));
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(isAlive(postmaster));
    await sweepClusters();
    assert.equal(existsSync(path.dirname(dataDir)), false);
    // An orphan is reaped by whoever is process 1, which may take its time: a zombie is no server.
    for (let waited = 0; serves(postmaster) && waited < 50; waited++) await delay(100);
    assert.equal(serves(postmaster), false);
  });

  it('a socket’s path that is too long, a closed folder: the next folder, or a sentence', async () => {
    const long = await mkdtemp(path.join(tmpdir(), 'x'.repeat(90)));
    const closed = await mkdtemp('/tmp/pgl-closed-');
    try {
      assert.match(await said(makeFolder(undefined, 5432, [long])), /longer than 10[37] bytes.*TMPDIR/);
      if (isRoot) {
        const other = { uid: 65534, gid: 65534 };
        assert.match(await said(makeFolder(other, 5432, [closed])), /closed to other users/);
      }
      const dir = await makeFolder(undefined, 5432, [long, '/tmp']);
      assert.ok(dir.startsWith('/tmp/'));
      await rm(dir, { recursive: true });
    } finally {
      await rm(long, { recursive: true });
      await rm(closed, { recursive: true });
    }
  });

  it('an abort leaves nothing', async () => {
    const before = await clusterFolders();
    await assert.rejects(startCluster({ signal: AbortSignal.abort() }), /Cancelled/);
    assert.deepEqual(await clusterFolders(), before);
  });
});

/** Those of this process: other suites may run clusters of their own. */
async function clusterFolders(): Promise<string[]> {
  return (await readdir('/tmp')).filter((name) => name.startsWith('pgl-') && name.includes(`-${process.pid}-`));
}

function serves(pid: number): boolean {
  return (
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
      .stdout.trim()
      .replace(/^Z.*/, '') !== ''
  );
}
