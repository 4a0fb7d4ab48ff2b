import { Parser } from 'pg-protocol/dist/parser';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../shared/errors';
import { BackendLostError, type Exchange } from '../wire/statement';
import type { Response } from '../wire/response';
import type { FromWorker, ToWorker, WorkerSetup } from './protocol';

/**
 * Megabytes of the worker thread's stack. With Node's 4 endless recursion overflows V8's stack and
 * kills PostgreSQL; with 16 and more PostgreSQL notices first: "stack depth limit exceeded".
 */
export const defaultStackMb = 64;

/** The host's end of one worker: one PostgreSQL, from its start to its end. */
export class Backend implements Exchange {
  readonly serverVersion: number;
  readonly #worker: Worker;
  readonly #parser = new Parser();
  #current: { readonly response: Response; ready: boolean; settle(error?: Error): void } | undefined;
  /** Answers that are whole, whose `done` has not come yet. */
  #answered = 0;
  #lost: BackendLostError | undefined;
  #closed: (() => void) | undefined;

  /**
   * @param workerFile `worker.mjs`
   * @param signal aborting ends the worker
   * @throws {UserError} PostgreSQL does not start on this directory
   * @throws {BackendLostError} `signal` aborted
   */
  static async start(workerFile: string, setup: WorkerSetup, stackMb: number, signal?: AbortSignal): Promise<Backend> {
    if (signal?.aborted) throw new BackendLostError('Aborted.');
    const worker = new Worker(workerFile, {
      workerData: setup,
      resourceLimits: { stackSizeMb: stackMb },
      // Electron's and mocha's own flags and loaders are of no use there.
      execArgv: [],
    });
    const abort = () => void worker.terminate();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const serverVersion = await new Promise<number>((resolve, reject) => {
        worker.once('message', (message: FromWorker) => {
          if (message.type === 'ready') resolve(message.serverVersion);
          else if (message.type === 'failed') reject(notStarted(message.message, message.log));
        });
        worker.once('error', (error) => reject(notStarted(error.message, [])));
        worker.once('exit', () => {
          reject(signal?.aborted ? new BackendLostError('Aborted.') : notStarted('The worker thread ended.', []));
        });
      });
      return new Backend(worker, serverVersion);
    } catch (error) {
      void worker.terminate();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  private constructor(worker: Worker, serverVersion: number) {
    this.serverVersion = serverVersion;
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#lose(error.message));
    worker.on('exit', () => this.#lose('The worker thread ended.'));
  }

  /** Why this backend is of no more use. */
  get lost(): BackendLostError | undefined {
    return this.#lost;
  }

  exchange(request: Uint8Array, response: Response): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#lost) {
        reject(this.#lost);
        return;
      }
      this.#current = {
        response,
        ready: false,
        settle: (error) => {
          this.#current = undefined;
          if (error) reject(error);
          else resolve();
        },
      };
      this.#send({ type: 'execute', request });
    });
  }

  /** Ends the thread at once, whatever it does. What is committed stays. */
  async terminate(reason: string): Promise<void> {
    this.#lose(reason);
    await this.#worker.terminate();
  }

  /** Shuts PostgreSQL down with a checkpoint: the next start has nothing to recover. */
  async close(): Promise<void> {
    if (this.#lost) return;
    const closed = new Promise<void>((resolve) => (this.#closed = resolve));
    this.#send({ type: 'close' });
    await closed;
    await this.terminate('Closed.');
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'data':
        this.#parser.parse(Buffer.from(message.bytes.buffer), (part) => {
          if (this.#current?.response.take(part)) this.#current.ready = true;
        });
        if (this.#current?.ready && this.#current.response.concluded) {
          this.#answered++;
          this.#current.settle();
        }
        break;
      case 'done':
        if (this.#answered > 0) this.#answered--;
        else void this.terminate('The answer was incomplete.');
        break;
      case 'crashed':
        void this.terminate([message.message, ...message.log.slice(-1)].join('; '));
        break;
      case 'closed':
        this.#closed?.();
        break;
      case 'ready':
      case 'failed':
        break; // `start` has heard them
    }
  }

  #lose(reason: string): void {
    if (this.#lost) return;
    this.#lost = new BackendLostError(reason);
    this.#closed?.();
    this.#current?.settle(this.#lost);
  }
}

function notStarted(message: string, log: readonly string[]): UserError {
  const fatal = log.findLast((line) => /\b(FATAL|PANIC):/.test(line))?.replace(/^.*?(FATAL|PANIC): +/, '');
  return new UserError(
    `The embedded PostgreSQL did not start: ${fatal ?? message}`,
    'Reset the lesson’s database to make it anew.',
    { cause: new Error([message, ...log].join('\n')) },
  );
}
