import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, UserError } from '../../shared/errors';
import type { Result, RunOptions, Session, SqlError, TransactionState } from '../../sql/session';
import { Listeners } from '../listeners';
import { Mutex } from '../mutex';
import type { Response } from '../wire/response';
import { BackendLostError, runStatement } from '../wire/statement';
import type { ServerConnection } from './connection';

/** Milliseconds between two attempts to cancel one statement. */
const cancelAgainMs = 200;

/** 57014 query_canceled: the server's answer to pg_cancel_backend, and to statement_timeout. */
function isCancel(error: unknown): boolean {
  return (error as Partial<SqlError>).code === '57014';
}

/** A session that connects again after its connection was lost. */
export class ServerSession implements Session {
  readonly restarted = new Listeners<string>();
  readonly #connect: () => Promise<ServerConnection>;
  readonly #mutex = new Mutex();
  #connection: ServerConnection;
  #pid: string | undefined;
  #transaction: TransactionState = 'idle';
  #closed = false;
  readonly #closing = new AbortController();

  constructor(first: ServerConnection, connect: () => Promise<ServerConnection>) {
    this.#connection = first;
    this.#connect = connect;
  }

  get transaction(): TransactionState {
    return this.#connection.lost ? 'idle' : this.#transaction;
  }

  /** A statement runs or waits. */
  get busy(): boolean {
    return this.#mutex.busy;
  }

  run(sql: string, options: RunOptions = {}): Promise<Result> {
    return this.#mutex.run(() => this.#run(sql, options), options.signal);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#closing.abort();
    await this.#mutex.run(() => this.#connection.end());
  }

  async #run(sql: string, options: RunOptions): Promise<Result> {
    if (this.#closed) throw new UserError('The database was closed.');
    if (this.#connection.lost) await this.#reconnect(this.#connection.lost);
    const signal = options.signal ? AbortSignal.any([options.signal, this.#closing.signal]) : this.#closing.signal;
    const aborted = () => signal.aborted;
    if (aborted()) throw new CancelledError();
    const statement = new AbortController();
    const cancels: Promise<void>[] = [];
    const abort = () => void cancels.push(this.#cancel(statement.signal));
    signal.addEventListener('abort', abort, { once: true });
    try {
      if (this.#pid === undefined) await this.#learnPid();
      if (aborted()) throw new CancelledError();
      return await runStatement(this.#tracked(), sql, options);
    } catch (error) {
      if (aborted() && (error instanceof BackendLostError || isCancel(error))) throw new CancelledError();
      if (!(error instanceof BackendLostError)) throw error;
      this.#transaction = 'idle';
      throw new UserError(
        `The connection to the server was lost: ${error.message}`,
        'Run the statement again to open a new session; check first whether it was committed.',
        { cause: error },
      );
    } finally {
      signal.removeEventListener('abort', abort);
      statement.abort();
      // A cancel that comes late must not hit the next statement.
      await Promise.all(cancels);
    }
  }

  #tracked() {
    return {
      exchange: async (request: Uint8Array, response: Response) => {
        await this.#connection.exchange(request, response);
        this.#transaction = response.transaction;
      },
    };
  }

  async #reconnect(lost: BackendLostError): Promise<void> {
    this.#connection = await this.#connect();
    this.#pid = undefined;
    this.#transaction = 'idle';
    this.restarted.fire(`The connection was lost: ${lost.message}`);
  }

  /**
   * Asked for in the session itself, before it matters: behind a pooler the process id of the startup
   * message is not the server's.
   */
  async #learnPid(): Promise<void> {
    this.#pid =
      (await runStatement(this.#connection, 'SELECT pg_catalog.pg_backend_pid()', {})).rows[0]?.[0] ?? undefined;
  }

  /**
   * Cancels until the statement has ended, which `ended` tells: the server ignores a cancel that comes before it has read
   * the statement. Never throws; where the server cannot be reached, the connection is given up.
   */
  async #cancel(ended: AbortSignal): Promise<void> {
    let other: ServerConnection | undefined;
    try {
      other = await this.#connect();
      while (!ended.aborted) {
        await runStatement(other, 'SELECT pg_catalog.pg_cancel_backend($1)', { parameters: [this.#pid ?? null] });
        await delay(cancelAgainMs, undefined, { signal: ended }).catch(() => undefined);
      }
    } catch {
      await this.#connection.end();
    } finally {
      await other?.end();
    }
  }
}
