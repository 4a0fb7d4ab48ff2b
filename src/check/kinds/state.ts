import type { StateExpectation } from '../../course/schema';
import type { Session } from '../../sql/session';
import { inSavepoint } from '../pinned';
import type { Outcome } from '../verdict';

/** A query over the database's state returns one true. Errors in it are the author's, so they are thrown. */
export async function checkState(session: Session, expectation: StateExpectation): Promise<Outcome> {
  const { rows } = await inSavepoint(session, () => session.run(expectation.query));
  const passed = rows[0]?.[0] === 't';
  return {
    passed,
    message: passed ? 'The database has what is asked for.' : expectation.message,
    behaviour: `state: ${String(passed)}`,
  };
}
