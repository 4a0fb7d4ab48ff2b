import { UserError } from '../../shared/errors';
import { SqlError, type Session } from '../../sql/session';

/** SQLSTATE lock_not_available: lock_timeout ended the wait. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Runs `work`; where it waits too long for a lock, says who has one. That ends the transaction.
 * @throws {UserError} somebody else's transaction is in the way
 */
export async function tellingLocks<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SqlError && error.code === LOCK_NOT_AVAILABLE)) throw error;
    // nothing else comes of this check, and there may be no savepoint yet
    await session.run('ROLLBACK');
    const { rows } = await session.run(HOLDERS);
    const [kind, name] = rows[0] ?? [];
    if (kind === 'prepared')
      throw new UserError(
        `The prepared transaction ${name ?? ''} holds a lock that the check needs.`,
        `Run ROLLBACK PREPARED ${name ?? ''}, then check again.`,
        { cause: error },
      );
    throw new UserError(
      kind === 'session'
        ? `An open transaction of another session (process ${name ?? ''}) holds a lock that the check needs.`
        : 'Another session holds a lock that the check needs.',
      'Run COMMIT or ROLLBACK there, then check again.',
      { cause: error },
    );
  }
}

/** Only locks on this database's tables can be in the way: the check takes no others. */
const HOLDERS = `
SELECT 'prepared', pg_catalog.quote_literal(gid) FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database()
UNION ALL
SELECT DISTINCT 'session', l.pid::text FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
WHERE d.datname = pg_catalog.current_database() AND l.granted AND l.locktype = 'relation' AND l.pid <> pg_catalog.pg_backend_pid() AND l.mode = 'AccessExclusiveLock'
ORDER BY 1`;
