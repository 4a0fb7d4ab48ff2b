import type { StateExpectation } from '../../course/schema';
import { SqlError, type Session } from '../../sql/session';
import { undone } from '../pinned';
import type { Outcome } from '../verdict';

/**
 * A query over the database's state returns one true. What it names may not be there yet (a table, a function): then
 * the state is not so. Other errors in it are the author's, so they are thrown.
 */
export async function checkState(session: Session, expectation: StateExpectation): Promise<Outcome> {
  try {
    const { rows } = await undone(session, () => session.run(expectation.query, { maxRows: 1 }));
    const passed = rows[0]?.[0] === 't';
    return {
      passed,
      message: passed ? 'The database has what is asked for.' : expectation.message,
      behaviour: `state: ${String(passed)}`,
    };
  } catch (error) {
    if (!(error instanceof SqlError) || !MISSING.has(error.code)) throw error;
    return { passed: false, message: expectation.message, seen: error.message, behaviour: `state: ${error.code}` };
  }
}

/** undefined_table, _object, _column, _function, invalid_schema_name. */
const MISSING = new Set(['42P01', '42704', '42703', '42883', '3F000']);
