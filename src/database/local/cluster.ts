/** A throwaway PostgreSQL from the machine's own programs. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { appendFile, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CancelledError, UserError } from '../../shared/errors';
import { remove } from '../embedded/directories';
import { serverAccount, type Account } from './account';
import { findBinaries, program, type Binaries } from './findBinaries';
import { makeFolder } from './folder';
import { sweepClusters } from './sweep';

const run = promisify(execFile);

/** Starting takes some 0.2 s; a machine under load may need many times that. */
const startTimeoutMs = 60_000;

export interface ClusterOptions {
  /** Also on 127.0.0.1, at a free port, with a password. Where there are no sockets (Windows), always. */
  readonly tcp?: boolean;
  /** For postgresql.conf, beside those that every cluster has. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

export interface Cluster extends Binaries {
  /** The folder of its socket, where everybody is trusted; undefined where there are no sockets. */
  readonly socketDir: string | undefined;
  /** The socket's, and that on 127.0.0.1 if it listens there. */
  readonly port: number;
  readonly user: 'postgres';
  /** On TCP. */
  readonly password: string;
  readonly dataDir: string;
  /** Whose the server's files must be; undefined: whoever runs this. */
  readonly account: Account | undefined;
  /** Stops the server hard and starts it again on the same port. */
  restart(): Promise<void>;
  /** Stops it and removes its folder. Twice is allowed. */
  stop(): Promise<void>;
}

/**
 * Makes a cluster and starts it. It ends with `stop`, with this process at the latest; after a crash of this
 * process with the next start of any cluster.
 * @throws {UserError} there is no PostgreSQL, nobody but root to run it, no folder for it; it did not start
 * @throws {CancelledError}
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const account = await serverAccount();
  const { platform } = process;
  const binaries = await findBinaries({
    env: options.env ?? process.env,
    platform,
    forOthers: account !== undefined,
  });
  await sweepClusters();
  const hasSocket = platform !== 'win32';
  const tcp = options.tcp === true || !hasSocket;
  const port = tcp ? await freePort() : 5432;
  const dir = await makeFolder(account, hasSocket ? port : undefined);
  const server = new Server(binaries, dir, account);
  const kill = (): void => server.kill();
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    await server.stop();
    await remove(dir);
    process.off('exit', kill);
  };
  try {
    const password = randomBytes(12).toString('hex');
    await server.initialize(password, {
      listen_addresses: tcp ? '127.0.0.1' : '',
      port: String(port),
      unix_socket_directories: hasSocket ? dir : '',
      ...options.settings,
    });
    if (options.signal?.aborted) throw new CancelledError();
    await server.start();
    if (options.signal?.aborted) throw new CancelledError();
    return {
      ...binaries,
      socketDir: hasSocket ? dir : undefined,
      port,
      user: 'postgres',
      password,
      dataDir: server.dataDir,
      account,
      restart: async () => {
        await server.stop();
        await server.start();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The same plans and the same texts on every machine; nothing here must survive a crash. */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '50',
  // statistics change by ANALYZE only
  autovacuum: 'off',
  synchronize_seqscans: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
};

class Server {
  readonly dataDir: string;
  readonly #binaries: Binaries;
  readonly #dir: string;
  readonly #account: Account | undefined;
  #process: ChildProcess | undefined;

  constructor(binaries: Binaries, dir: string, account: Account | undefined) {
    this.#binaries = binaries;
    this.#dir = dir;
    this.#account = account;
    this.dataDir = path.join(dir, 'data');
  }

  async initialize(password: string, settings: Readonly<Record<string, string>>): Promise<void> {
    const passwordFile = path.join(this.#dir, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    await mkdir(this.dataDir, { mode: 0o700 });
    if (this.#account)
      for (const file of [this.dataDir, passwordFile]) await chown(file, this.#account.uid, this.#account.gid);
    const options = [
      '-D',
      this.dataDir,
      '-U',
      'postgres',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ];
    const auth = ['--auth-local=trust', '--auth-host=scram-sha-256', `--pwfile=${passwordFile}`];
    await run(program(this.#binaries.bindir, 'initdb'), [...options, ...auth], this.#as()).catch((error: unknown) => {
      throw failure('initdb could not make a cluster', error instanceof Error ? error.message : String(error));
    });
    const lines = Object.entries({ ...SETTINGS, ...settings }).map(
      ([name, value]) => `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'\n`,
    );
    await appendFile(path.join(this.dataDir, 'postgresql.conf'), lines.join(''));
  }

  async start(): Promise<void> {
    let log = '';
    // detached: Ctrl-C reaches whoever started this, who stops the server when it is no longer needed
    const child = spawn(program(this.#binaries.bindir, 'postgres'), ['-D', this.dataDir], {
      ...this.#as(),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let problem: Error | undefined;
    child.on('error', (error) => (problem = error));
    child.stderr.on('data', (text: Buffer) => (log = (log + text.toString()).slice(-4000)));
    // The log's pipe must not keep this process alive.
    child.unref();
    (child.stderr as unknown as { unref(): void }).unref();
    this.#process = child;
    const end = Date.now() + startTimeoutMs;
    while (!(await this.#ready())) {
      if (problem || child.exitCode !== null || child.signalCode !== null || Date.now() > end)
        throw failure('PostgreSQL did not start', problem?.message ?? log);
      await delay(20);
    }
  }

  /** Line 8 of postmaster.pid says whether connections are welcome (PostgreSQL 10). */
  async #ready(): Promise<boolean> {
    const text = await readFile(path.join(this.dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
    return text.split('\n')[7]?.trim() === 'ready';
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.ref();
    if (process.platform === 'win32') {
      const options = ['stop', '-D', this.dataDir, '-m', 'immediate'];
      await run(program(this.#binaries.bindir, 'pg_ctl'), options).catch(() => child.kill());
    } else child.kill('SIGQUIT');
    await exit;
  }

  /** At the end of this process, when nothing can be waited for. */
  kill(): void {
    this.#process?.kill(process.platform === 'win32' ? 'SIGKILL' : 'SIGQUIT');
    try {
      rmSync(this.#dir, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // the next start sweeps it up
    }
  }

  /** A working folder that the account may enter, and no PG* variable that names another place. */
  #as(): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^PG[A-Z]+$/.test(name)));
    return { cwd: this.#dir, env: { ...env, LC_ALL: 'C' }, ...this.#account };
  }
}

function failure(what: string, detail: string): UserError {
  return new UserError(`${what}:\n${detail.trim()}`, 'Is there room in the temporary folder? TMPDIR names another.');
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
