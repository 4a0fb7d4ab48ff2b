/**
 * PGlite in a worker thread. PostgreSQL compiled to WASM runs synchronously and would freeze the host;
 * here it only blocks this thread, and terminating the thread is the one way to cancel a statement.
 *
 * A pipe on purpose: protocol bytes in, protocol bytes out. Everything that thinks is in the host.
 */
import { PGlite, type Extension } from '@electric-sql/pglite';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerSetup } from './protocol';

/**
 * PGlite's own parameters less two: `-O` would let a student update system catalogs by accident, and
 * `search_path=public` would show in every plan's Settings.
 */
const startParams = [
  '--single',
  '-F', // fsync only guards against a crash of the machine, and costs most of the time of a commit
  '-j',
  ...parameters({
    exit_on_error: 'false',
    log_checkpoints: 'false',
    io_method: 'sync',
    max_worker_processes: '0',
    max_parallel_workers: '0',
    max_parallel_workers_per_gather: '0',
    max_parallel_maintenance_workers: '0',
  }),
];

function parameters(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** PostgreSQL's own error handling leaves the main loop with this status: not a crash. */
const longjmpStatus = 100;

/** Full buffers of the server (8 kB) are put together to this many bytes; a flush goes out at once. */
const batchBytes = 256 * 1024;
const serverBufferBytes = 8192;

class Answer {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  /** `bytes` is a view of WASM's memory: it is copied. */
  add(bytes: Uint8Array): void {
    this.#chunks.push(bytes.slice());
    this.#bytes += bytes.length;
    // A chunk that is not full is a flush: a notice that should be seen now.
    if (this.#bytes >= batchBytes || bytes.length < serverBufferBytes) this.flush();
  }

  flush(): void {
    if (this.#bytes === 0) return;
    const bytes = new Uint8Array(this.#bytes);
    let offset = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    this.#chunks = [];
    this.#bytes = 0;
    post({ type: 'data', bytes }, [bytes.buffer]);
  }
}

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

/** Emscripten's ExitStatus is no Error. */
function describe(error: unknown): string {
  const { message } = error as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}

async function start(setup: WorkerSetup, log: string[]): Promise<PGlite> {
  const asset = (name: string) => path.join(setup.assetsDir, name);
  const extensions: Record<string, Extension> = {};
  for (const file of readdirSync(setup.assetsDir)) {
    if (!file.endsWith('.tar.gz')) continue;
    const name = file.slice(0, -'.tar.gz'.length);
    // Nothing here about preloading: PGlite would replace postgresql.conf by that one line.
    extensions[name] = { name, setup: () => Promise.resolve({ bundlePath: pathToFileURL(asset(file)) }) };
  }
  const print = (line: string) => {
    log.push(line);
    if (log.length > 50) log.shift();
    return false;
  };
  const options = {
    dataDir: setup.dataDir,
    pgliteWasmModule: setup.module,
    fsBundle: new Blob([readFileSync(asset('pglite.data'))]),
    extensions,
    startParams: [...startParams, ...parameters(setup.parameters)],
    onStdout: print,
    onStderr: print,
    ...(setup.fromTemplate ? { loadDataDir: new Blob([readFileSync(asset('template.tar'))]) } : {}),
  };
  return PGlite.create(options);
}

/**
 * PGlite's loop swallows what it does not know, RangeError and traps among them, and may then spin for
 * ever. Reported here before it can.
 */
function watchForCrash(db: PGlite, log: string[]): void {
  const module = db.Module;
  const loopOnce = module._PostgresMainLoopOnce.bind(module);
  module._PostgresMainLoopOnce = () => {
    try {
      loopOnce();
    } catch (error) {
      if ((error as { status?: unknown }).status !== longjmpStatus) {
        post({ type: 'crashed', message: describe(error), log });
      }
      throw error;
    }
  };
}

async function main(setup: WorkerSetup): Promise<void> {
  const log: string[] = [];
  let db: PGlite;
  try {
    db = await start(setup, log);
  } catch (error) {
    post({ type: 'failed', message: describe(error), log });
    return;
  }
  watchForCrash(db, log);
  parentPort?.on('message', (message: ToWorker) => {
    void (async () => {
      if (message.type === 'close') {
        await db.close();
        post({ type: 'closed' });
        return;
      }
      const answer = new Answer();
      try {
        await db.execProtocolRawStream(message.request, { syncToFs: false, onRawData: (bytes) => answer.add(bytes) });
      } catch (error) {
        post({ type: 'crashed', message: describe(error), log });
        return;
      }
      answer.flush();
      post({ type: 'done' });
    })();
  });
  const { rows } = await db.query<{ version: number }>("SELECT current_setting('server_version_num')::int AS version");
  await db.exec(warming);
  post({ type: 'ready', serverVersion: rows[0]?.version ?? 0 });
}

const types =
  'int2 int4 int8 numeric float4 float8 text bpchar date timestamp timestamptz interval bool uuid oid name jsonb'.split(
    ' ',
  );

/**
 * How a type is sorted and told apart is looked up in the catalogs when a session needs it first, and counted among
 * the buffers of the query that does. Looked up here (10 ms), a query's buffers are the same each time.
 */
const warming = `
  SELECT ${types.map((type) => `count(DISTINCT NULL::${type})`).join(', ')};
  SELECT FROM (VALUES ${['', ''].map(() => `(${types.map((type) => `NULL::${type}`).join(', ')})`).join(', ')}) v (${types.map((_, at) => `v${at}`).join(', ')})
  ORDER BY ${types.map((_, at) => `v${at}`).join(', ')}`;

void main(workerData as WorkerSetup);
