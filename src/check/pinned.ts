import type { Session } from '../sql/session';

/** Settings under which every check runs, so that a plan is the same on every machine. */
const PINNED: Readonly<Record<string, string>> = {
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  search_path: 'public, pg_temp',
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
};

/**
 * Runs `work` inside a transaction that is rolled back, under the check's own settings.
 * Planner settings that were put on the role or the database go back to PostgreSQL's defaults.
 * @returns what `work` returned, and the names of planner settings that had been changed
 */
export async function pinned<T>(
  session: Session,
  work: () => Promise<T>,
): Promise<{ result: T; changed: readonly string[] }> {
  await session.run('BEGIN');
  try {
    const altered = await session.run(
      `SELECT name, boot_val FROM pg_settings
       WHERE category LIKE 'Query Tuning%' AND source IN ('database', 'user', 'database user', 'session') AND setting IS DISTINCT FROM boot_val`,
    );
    const values = { ...Object.fromEntries(altered.rows.map(([name, boot]) => [name ?? '', boot ?? ''])), ...PINNED };
    for (const [name, value] of Object.entries(values))
      await session.run('SELECT set_config($1, $2, true)', { parameters: [name, value] });
    return { result: await work(), changed: altered.rows.map(([name]) => name ?? '') };
  } finally {
    await session.run('ROLLBACK');
  }
}

/** Runs `work` so that an error in it leaves the transaction usable, and nothing it did remains. */
export async function inSavepoint<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.run('SAVEPOINT pg_lessons_check');
  try {
    return await work();
  } finally {
    await session.run('ROLLBACK TO SAVEPOINT pg_lessons_check');
  }
}
