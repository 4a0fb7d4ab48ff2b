import type { Cell, Session } from '../sql/session';

/** pg_catalog comes first unless it is named; temporary tables would, too. */
export const SEARCH_PATH = 'public, pg_temp';

/** Settings under which every check runs, so that a plan is the same on every machine. */
const PINNED: Readonly<Record<string, string>> = {
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  search_path: SEARCH_PATH,
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmlbinary: 'base64',
  xmloption: 'content',
  // rows are hidden from nobody by a setting; hidden by a policy they are found by integrity/
  row_security: 'on',
  session_replication_role: 'origin',
  track_counts: 'on',
  lock_timeout: '3000',
  // the caller's timer ends a check that takes too long
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  transaction_timeout: '0',
  default_tablespace: '',
  'pg_hint_plan.enable_hint': 'off',
  'pg_hint_plan.enable_hint_table': 'off',
};

/** Beyond the planner's own category: memory that plans depend on, and how old or odd syntax is read. */
const PLANNING = `(s.category LIKE 'Query Tuning%' OR s.name IN ('work_mem', 'hash_mem_multiplier'))`;
const READING = `(s.category LIKE 'Version and Platform Compatibility%' OR s.category LIKE 'Developer Options%' AND s.name IN ('force_parallel_mode', 'debug_parallel_query', 'debug_discard_caches'))`;

export interface PinOptions {
  /** Settings that are the exercise's subject: what ALTER ROLE or DATABASE stored for them is in force. */
  readonly subject?: readonly string[];
}

/**
 * Runs `work` inside a transaction that is rolled back, under the check's own settings: PostgreSQL's defaults
 * for all that plans depend on, wherever they were changed (session, role, database, configuration file).
 * @returns what `work` returned, and the names of planner settings that the session, the role or the database changed
 */
export async function pinned<T>(
  session: Session,
  work: () => Promise<T>,
  options: PinOptions = {},
): Promise<{ result: T; changed: readonly string[] }> {
  // a role's default_transaction_read_only or …_isolation is not ours
  await session.run('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE');
  try {
    const changed = await pin(session, options);
    return { result: await work(), changed };
  } finally {
    // a cancel or a crash may have ended the session, and the transaction with it
    if (session.transaction !== 'idle') await session.run('ROLLBACK');
  }
}

/** Sets them all for the rest of the transaction; again after statements that may have set some. */
export async function pin(session: Session, { subject = [] }: PinOptions = {}): Promise<string[]> {
  const names = Object.keys(PINNED);
  const { rows } = await session.run(PIN, {
    parameters: [textArray(names), textArray(Object.values(PINNED)), textArray(subject)],
  });
  return rows.filter(([, , isPlanner]) => isPlanner === 't').map(([name]) => name ?? '');
}

/** Names are qualified: what search_path is at this moment is anybody's guess. */
const PIN = `
  WITH pinned AS (
    SELECT * FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[])) AS p(name, value)
  ), stored AS (
    SELECT DISTINCT ON (1) pg_catalog.split_part(entry, '=', 1) AS name, pg_catalog.substr(entry, pg_catalog.strpos(entry, '=') OPERATOR(pg_catalog.+) 1) AS value
    FROM pg_catalog.pg_db_role_setting, pg_catalog.unnest(setconfig) AS entry
    WHERE setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
      AND setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user))
    ORDER BY 1, setrole <> 0 DESC, setdatabase <> 0 DESC
  ), wanted AS (
    SELECT s.name, s.setting, s.source, ${PLANNING} AS planner,
      CASE WHEN s.name = ANY ($3::pg_catalog.text[]) THEN coalesce(stored.value, s.setting) ELSE coalesce(p.value, s.boot_val, '') END AS value
    FROM pg_catalog.pg_settings s LEFT JOIN pinned p ON pg_catalog.lower(p.name) = pg_catalog.lower(s.name) LEFT JOIN stored ON stored.name = s.name
    WHERE (p.name IS NOT NULL OR ${PLANNING} OR ${READING})
      AND (s.context = 'user' OR s.context = 'superuser' AND pg_catalog.current_setting('is_superuser') = 'on')
  )
  SELECT name, pg_catalog.set_config(name, value, true),
    planner AND source IN ('database', 'user', 'database user', 'global', 'session') AND NOT name = ANY ($3::pg_catalog.text[]) AND name NOT IN ('max_parallel_workers_per_gather', 'jit')
  FROM wanted WHERE setting IS DISTINCT FROM value ORDER BY 1`;

/** A list as the text of a PostgreSQL array. */
export function textArray(values: readonly string[]): Cell {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** Runs `work` so that an error in it leaves the transaction usable, and nothing it did remains. */
export async function inSavepoint<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.run('SAVEPOINT pg_lessons_check');
  try {
    return await work();
  } finally {
    if (session.transaction !== 'idle') await session.run('ROLLBACK TO SAVEPOINT pg_lessons_check');
  }
}
