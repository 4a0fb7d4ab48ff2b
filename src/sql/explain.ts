import { SqlError, type Cell, type Session } from './session';
import { mayWrite, type Statement } from './statements';

export interface ExplainOptions {
  /** Run the statement and measure it. */
  readonly analyze: boolean;
  /** The plan for any values of its parameters (16). Not with `analyze`. */
  readonly generic?: boolean;
  readonly parameters?: readonly Cell[];
  readonly signal?: AbortSignal;
}

export interface Explained {
  /** Text of EXPLAIN (FORMAT JSON). */
  readonly json: string;
  /** The statement could write, so it ran in a transaction or savepoint that was rolled back. */
  readonly rolledBack: boolean;
}

/**
 * Explains a statement. With `analyze`, a statement that may write leaves nothing behind.
 * @throws {SqlError} positions count from the start of `statement.text`
 */
export async function explain(session: Session, statement: Statement, options: ExplainOptions): Promise<Explained> {
  const kind = options.analyze ? 'ANALYZE, BUFFERS, ' : options.generic === true ? 'GENERIC_PLAN, ' : '';
  const prefix = `EXPLAIN (${kind}SETTINGS, FORMAT JSON) `;
  const run = async (): Promise<string> => {
    const { parameters, signal } = options;
    const { rows } = await session.run(prefix + statement.text, {
      ...(parameters && { parameters }),
      ...(signal && { signal }),
    });
    return rows.map(([line]) => line ?? '').join('\n');
  };
  const write = options.analyze && mayWrite(statement);
  try {
    return { json: write ? await undone(session, run) : await run(), rolledBack: write };
  } catch (error) {
    throw shifted(error, prefix.length);
  }
}

async function undone<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const inside = session.transaction !== 'idle';
  await session.run(inside ? 'SAVEPOINT pg_lessons_explain' : 'BEGIN');
  try {
    return await work();
  } finally {
    // the session may be a new one after a cancel or a crash: then there is nothing to undo
    if (session.transaction !== 'idle')
      await session.run(inside ? 'ROLLBACK TO SAVEPOINT pg_lessons_explain' : 'ROLLBACK');
  }
}

/** An error's position without the EXPLAIN that we put before the statement. */
function shifted(error: unknown, by: number): unknown {
  if (error instanceof SqlError && error.offset !== undefined) {
    const { message, code, severity, detail, hint, where, offset } = error;
    return new SqlError({ message, code, severity, detail, hint, where, offset: Math.max(0, offset - by) });
  }
  return error;
}
