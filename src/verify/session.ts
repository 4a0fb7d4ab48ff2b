import { CancelledError, UserError } from '../shared/errors';
import type { Session } from '../sql/session';

/** No statement of a lesson may take longer; ms. A class would not wait for it either. */
const TIME_LIMIT = 120_000;

/** A session whose statements end when `signal` aborts, or after the time limit. */
export function bounded(session: Session, signal: AbortSignal | undefined): Session {
  return {
    run: async (sql, options = {}) => {
      if (signal?.aborted) throw new CancelledError();
      const timeout = AbortSignal.timeout(TIME_LIMIT);
      const signals = [timeout, signal, options.signal].filter((one) => one !== undefined);
      try {
        return await session.run(sql, { ...options, signal: AbortSignal.any(signals) });
      } catch (error) {
        if (!(error instanceof CancelledError) || signal?.aborted === true || !timeout.aborted) throw error;
        throw new UserError(`A statement took longer than ${TIME_LIMIT / 1000} s.`);
      }
    },
    get transaction() {
      return session.transaction;
    },
  };
}
