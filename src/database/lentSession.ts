import { UserError } from '../shared/errors';
import type { Result, RunOptions, Session } from '../sql/session';
import { Mutex } from './mutex';

/** A session that is somebody's for a while: its statements take turns, and end with the loan or with `signal`. */
export class LentSession implements Session {
  readonly #session: Session;
  readonly #signal: AbortSignal | undefined;
  readonly #mutex = new Mutex();
  #ended = false;

  constructor(session: Session, signal: AbortSignal | undefined) {
    this.#session = session;
    this.#signal = signal;
  }

  get transaction() {
    return this.#session.transaction;
  }

  run(sql: string, options: RunOptions = {}): Promise<Result> {
    const signals = [this.#signal, options.signal].filter((signal) => signal !== undefined);
    const signal = signals.length === 2 ? AbortSignal.any(signals) : signals[0];
    return this.#mutex.run(async () => {
      if (this.#ended) throw new UserError('This session has ended.');
      return this.#session.run(sql, { ...options, ...(signal ? { signal } : {}) });
    }, signal);
  }

  /** Waits for the statement that runs; later ones are refused. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#mutex.run(() => Promise.resolve());
  }
}
