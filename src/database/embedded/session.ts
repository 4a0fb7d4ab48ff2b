import { CancelledError, UserError } from '../../shared/errors';
import type { Result, RunOptions, TransactionState } from '../../sql/session';
import { Listeners } from '../listeners';
import type { Response } from '../wire/response';
import { runScript } from '../wire/script';
import { BackendLostError, runStatement, type Exchange } from '../wire/statement';
import type { Backend } from './backend';

/**
 * The one session of an embedded PostgreSQL, over as many workers as it takes: a cancelled statement
 * and a crash end the worker, and the next one opens the same directory. Not a `Session` yet:
 * statements must come one at a time.
 */
export class EmbeddedConnection {
  readonly restarted = new Listeners<string>();
  readonly #start: () => Promise<Backend>;
  #backend: Promise<Backend>;
  #transaction: TransactionState = 'idle';
  #closed: string | undefined;
  #generation = 0;

  constructor(first: Backend, start: () => Promise<Backend>) {
    this.#backend = Promise.resolve(first);
    this.#start = start;
  }

  get transaction(): TransactionState {
    return this.#transaction;
  }

  /** Another number for each session: what was set in an earlier one is gone. */
  get generation(): number {
    return this.#generation;
  }

  /** As `Session.run`, alone. */
  run(sql: string, options: RunOptions = {}): Promise<Result> {
    return this.#run((exchange) => runStatement(exchange, sql, options), options.signal);
  }

  /** Several statements at once, without their rows; alone, too. */
  script(sql: string): Promise<void> {
    return this.#run((exchange) => runScript(exchange, sql));
  }

  async #run<T>(send: (exchange: Exchange) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const backend = await this.#ready();
    if (signal?.aborted) throw new CancelledError();
    const abort = () => void backend.terminate('Cancelled.');
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await send(this.#tracked(backend));
    } catch (error) {
      if (!(error instanceof BackendLostError)) throw error;
      throw this.#lost(error, signal?.aborted ?? false);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends what runs, with `message` for whoever waits for it. */
  async close(message: string, clean: boolean): Promise<void> {
    if (this.#closed !== undefined) return;
    this.#closed = message;
    const backend = await this.#backend.catch(() => undefined);
    if (clean) await backend?.close();
    await backend?.terminate(message);
  }

  /** The backend, started anew if the last start failed. */
  async #ready(): Promise<Backend> {
    if (this.#closed !== undefined) throw new UserError(this.#closed);
    try {
      return await this.#backend;
    } catch {
      this.#backend = this.#start();
      this.#backend.catch(() => undefined);
      return this.#backend;
    }
  }

  #tracked(backend: Backend): Exchange {
    return {
      exchange: async (request, response: Response) => {
        await backend.exchange(request, response);
        this.#transaction = response.transaction;
      },
    };
  }

  /** Opens a new worker behind the caller's back and says what to tell the person. */
  #lost(error: BackendLostError, cancelled: boolean): UserError {
    this.#transaction = 'idle';
    this.#generation++;
    if (this.#closed !== undefined) return new CancelledError(this.#closed);
    const reason = cancelled ? 'The statement was cancelled.' : 'The embedded PostgreSQL stopped.';
    this.#backend = this.#start();
    this.#backend.then(
      () => this.restarted.fire(reason),
      () => undefined, // the next statement tries again and tells
    );
    if (cancelled) return new CancelledError();
    return new UserError(
      'The embedded PostgreSQL stopped while it ran this statement. It was restarted; committed rows are safe.',
      'Settings, temporary tables and an open transaction of your session are gone: run what made them again.',
      { cause: error },
    );
  }
}
