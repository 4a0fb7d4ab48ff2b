/** A throwaway PostgreSQL from the machine's own binaries, one for a whole mocha run. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { appendFile, chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Cluster {
  /** Folder of initdb, postgres, psql, pg_dump … */
  readonly bindir: string;
  /** Folder of the Unix socket, where everybody is trusted. */
  readonly socketDir: string;
  /** On 127.0.0.1, with scram passwords; the socket's port too. */
  readonly port: number;
  readonly superuser: 'postgres';
  readonly password: string;
  /** A self-signed certificate for localhost, not in use until `ALTER SYSTEM SET ssl = on`. */
  readonly certificate: string;
  /** Stops the server hard and starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

let shared: Promise<Cluster> | undefined;

/** Starts with the first call; mocha's end stops it. */
export function sharedCluster(): Promise<Cluster> {
  return (shared ??= startCluster());
}

// A hook of the root suite, wherever this file is imported first.
if (typeof after === 'function') {
  after(async function () {
    this.timeout(30_000);
    await shared?.then((cluster) => cluster.stop());
  });
}

/** A cluster of one's own; the caller stops it. */
export async function startCluster(): Promise<Cluster> {
  const bindir = await findBinaries();
  const owner = await unprivilegedUser();
  // Short: a socket's path ends at 107 bytes.
  const dir = await mkdtemp(path.join(tmpdir(), 'pgl-'));
  const data = path.join(dir, 'data');
  const password = randomBytes(12).toString('hex');
  const passwordFile = path.join(dir, 'password');
  const port = await freePort();
  await writeFile(passwordFile, password, { mode: 0o600 });
  await mkdir(data, { mode: 0o700 });
  await chmod(dir, 0o700);
  if (owner) for (const file of [dir, data, passwordFile]) await chown(file, owner.uid, owner.gid);

  const as = { cwd: dir, ...owner };
  const initdb = ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(
    path.join(bindir, 'initdb'),
    [...initdb, '--auth-local=trust', '--auth-host=scram-sha-256', `--pwfile=${passwordFile}`],
    as,
  );
  await appendFile(
    path.join(data, 'postgresql.conf'),
    `
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = '${dir}'
fsync = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 40
# Catalogs change by tests only.
autovacuum = off
`,
  );

  const certificate = path.join(data, 'server.crt');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    path.join(data, 'server.key'),
  ];
  await run('openssl', ['req', '-x509', '-batch', '-days', '2', ...key, '-out', certificate, ...subject], as);

  let postgres: ChildProcess | undefined;
  const kill = () => {
    postgres?.kill('SIGQUIT');
    rmSync(dir, { recursive: true, force: true });
  };
  process.once('exit', kill);

  const start = async () => {
    let log = '';
    const child = spawn(path.join(bindir, 'postgres'), ['-D', data], { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (text: Buffer) => (log = (log + text.toString()).slice(-10_000)));
    postgres = child;
    const ready = path.join(bindir, 'pg_isready');
    while (!(await succeeds(ready, ['-q', '-h', dir, '-p', String(port)]))) {
      if (child.exitCode !== null) throw new Error(`postgres did not start:\n${log}`);
      await delay(20);
    }
  };
  const stop = async () => {
    const child = postgres;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGQUIT');
    await exit;
  };
  await start();
  return {
    bindir,
    socketDir: dir,
    port,
    superuser: 'postgres',
    password,
    certificate,
    restart: async () => {
      await stop();
      await start();
    },
    stop: async () => {
      process.off('exit', kill);
      await stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function findBinaries(): Promise<string> {
  const candidates: string[] = [];
  const configured = await run('pg_config', ['--bindir']).catch(() => undefined);
  if (configured) candidates.push(configured.stdout.trim());
  const debian = '/usr/lib/postgresql';
  const versions = await readdir(debian).catch(() => []);
  versions.sort((a, b) => Number(b) - Number(a));
  candidates.push(...versions.map((version) => path.join(debian, version, 'bin')));
  const found = candidates.find((dir) =>
    ['initdb', 'postgres', 'pg_isready'].every((name) => existsSync(path.join(dir, name))),
  );
  if (found) return found;
  throw new Error(
    'These tests need PostgreSQL’s server programs (initdb, postgres, pg_isready), and none were found by pg_config or under /usr/lib/postgresql. On Debian: apt-get install postgresql',
  );
}

/** postgres refuses to run as root. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(() => undefined);
    if (ids) return { uid: Number(ids[0]?.stdout), gid: Number(ids[1]?.stdout) };
  }
  throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.');
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function succeeds(file: string, args: string[]): Promise<boolean> {
  return run(file, args).then(
    () => true,
    () => false,
  );
}
