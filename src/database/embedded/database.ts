import { CancelledError } from '../../shared/errors';
import type { Session } from '../../sql/session';
import { OpenTransactionError, type Database } from '../engine';
import { LentSession } from '../lentSession';
import { Mutex } from '../mutex';
import type { Backend } from './backend';
import { beginFresh } from './fresh';
import { EmbeddedConnection } from './session';

/** Who opened it, or ran something, is about to run the next thing for this long. */
const idleMs = 1_000;

/** A data directory open in a worker. */
export class EmbeddedDatabase implements Database {
  readonly serverVersion: number;
  readonly session: Session;
  readonly #connection: EmbeddedConnection;
  readonly #mutex = new Mutex();
  readonly #onClose: () => Promise<void>;
  /** The transaction that is open is not the person's. */
  #lent = false;
  #ending: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #usedAt = performance.now();

  /**
   * @param start opens the same directory again, after a cancel or a crash
   * @param onClose releases the directory
   */
  constructor(
    first: Backend,
    start: () => Promise<Backend>,
    readonly outdated: boolean,
    onClose: () => Promise<void>,
  ) {
    const connection = new EmbeddedConnection(first, start);
    this.serverVersion = first.serverVersion;
    this.#connection = connection;
    this.#onClose = onClose;
    const lent = () => this.#lent;
    this.session = {
      run: (sql, options) =>
        this.#mutex
          .run(() => connection.run(sql, options), options?.signal)
          .finally(() => {
            this.#usedAt = performance.now();
          }),
      get transaction() {
        return lent() ? 'idle' : connection.transaction;
      },
    };
  }

  fresh<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const lent = this.#mutex.run(async () => {
        const connection = this.#connection;
        if (connection.transaction !== 'idle') throw new OpenTransactionError();
        this.#lent = true;
        try {
          const end = await beginFresh(connection);
          const { generation } = connection;
          const view = new LentSession(connection, signal);
          const done = signal?.aborted ? Promise.reject(new CancelledError()) : work(view);
          await done.catch(() => undefined);
          // who asked need not wait for the rest: the next statement does
          resolve(done);
          await view.end();
          // with its session the transaction is gone, too
          if (connection.generation === generation) await (this.#ending = end());
        } finally {
          this.#lent = false;
          this.#usedAt = performance.now();
        }
      }, signal);
      lent.catch(reject);
    });
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Nothing runs, no transaction is open, and nobody is between two statements: another window may have it. */
  get idle(): boolean {
    return !this.#mutex.busy && this.#connection.transaction === 'idle' && performance.now() - this.#usedAt > idleMs;
  }

  onDidRestart(listener: (reason: string) => void): { dispose(): void } {
    return this.#connection.restarted.add(listener);
  }

  close(): Promise<void> {
    return this.#close('The database was closed.', true);
  }

  /** The lock on the directory was lost: nothing more may be written. */
  abandon(message: string): Promise<void> {
    return this.#close(message, false);
  }

  #close(message: string, clean: boolean): Promise<void> {
    return (this.#closing ??= (async () => {
      await this.#ending?.catch(() => undefined);
      // A statement that runs would keep a clean end waiting for as long as it pleases.
      await this.#connection.close(message, clean && !this.#mutex.busy);
      await this.#onClose();
    })());
  }
}
