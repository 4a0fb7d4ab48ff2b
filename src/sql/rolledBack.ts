import { SqlError, type Session } from './session';

/** Whatever a role's default_transaction_isolation and default_transaction_read_only say. */
export const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';

/** Runs `work` inside a transaction that is rolled back. @param session with none open */
export async function rolledBack<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    await session.run(BEGIN);
  } catch (error) {
    // a standby only reads
    if (!(error instanceof SqlError && error.code === FEATURE_NOT_SUPPORTED)) throw error;
    await session.run('BEGIN');
  }
  try {
    return await work();
  } finally {
    // a cancel or a crash may have ended the session, and the transaction with it
    if (session.transaction !== 'idle') await session.run('ROLLBACK');
  }
}

const FEATURE_NOT_SUPPORTED = '0A000';
