import type { Cell, Session } from '../sql/session';

/** pg_catalog comes first unless it is named; temporary tables would, too. */
export const SEARCH_PATH = 'public, pg_temp';

/** For reading the catalogs: an operator of somebody's own in public must not read for us. */
export const CATALOGS_ONLY = 'pg_catalog, pg_temp';

/** Settings under which every check runs, so that a plan is the same on every machine. */
const PINNED: Readonly<Record<string, string>> = {
  max_parallel_workers_per_gather: '0',
  jit: 'off',
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

/** Those of `PINNED` that only a superuser may set. */
const SUPERUSERS = new Set(['session_replication_role', 'track_counts']);

/** Beyond the planner's own category: memory that plans depend on, and how old or odd syntax is read. */
const PLANNING = `(category LIKE 'Query Tuning%' OR name IN ('work_mem', 'hash_mem_multiplier'))`;
const READING = `(category LIKE 'Version and Platform Compatibility%' OR category LIKE 'Developer Options%' AND name IN ('force_parallel_mode', 'debug_parallel_query', 'debug_discard_caches'))`;

/** A setting that plans, or the reading of a statement, depend on. */
export interface PlanSetting {
  readonly name: string;
  /** PostgreSQL's own default, in the setting's base unit. */
  readonly value: string;
  /** `user`: anybody may set it. */
  readonly context: string;
  readonly planner: boolean;
}

export interface PinOptions {
  /** Settings that are the exercise's subject: what ALTER ROLE or DATABASE stored for them is in force. */
  readonly subject?: readonly string[];
  /** As `readSettings` gave them for the same version of PostgreSQL; read anew where they are not known. */
  readonly settings?: readonly PlanSetting[] | undefined;
  /** `CATALOGS_ONLY` for what reads them first, and sets `SEARCH_PATH` at its end: a statement less. */
  readonly searchPath?: string;
}

/** Pins the settings; what `undone` undoes begins here. @param session inside a transaction */
export async function pin(session: Session, options: PinOptions = {}): Promise<void> {
  await pinSettings(session, options);
  await beginUndoable(session);
}

/** What `undone` undoes begins here. */
export async function beginUndoable(session: Session): Promise<void> {
  await session.run('SAVEPOINT pg_lessons_check');
}

/**
 * Gives the rest of the transaction the check's own settings: PostgreSQL's defaults for all that plans depend on,
 * wherever they were changed (session, role, database, configuration file). Again after statements that may have set
 * some.
 */
export async function pinSettings(
  session: Session,
  { subject = [], settings, searchPath = SEARCH_PATH }: PinOptions = {},
): Promise<void> {
  const known = settings ?? (await readSettings(session));
  const stored = subject.length === 0 ? new Map<string, string>() : await storedSettings(session);
  const wanted = [
    ...known.filter(({ name }) => !(name in PINNED)),
    ...Object.entries(PINNED).map(([name, value]) => ({
      name,
      value,
      context: SUPERUSERS.has(name) ? 'superuser' : 'user',
    })),
  ].flatMap(({ name, value, context }) => {
    const setting = subject.includes(name) ? stored.get(name) : value;
    return setting === undefined ? [] : [{ name, setting, context }];
  });
  // no exercise's subject: the statements of a check are read with it
  wanted.push({ name: 'search_path', setting: searchPath, context: 'user' });
  await session.run(PIN, {
    parameters: [
      textArray(wanted.map(({ name }) => name)),
      textArray(wanted.map(({ setting }) => setting)),
      textArray(wanted.map(({ context }) => context)),
    ],
  });
}

/** All that a check sets to its default, of this version of PostgreSQL. Listing settings costs 1 ms. */
export async function readSettings(session: Session): Promise<PlanSetting[]> {
  const { rows } = await session.run(SETTINGS);
  return rows.map(([name, value, context, planner]) => ({
    name: name ?? '',
    value: value ?? '',
    context: context ?? '',
    planner: planner === 't',
  }));
}

/** Of this role and database; the most special one. */
async function storedSettings(session: Session): Promise<Map<string, string>> {
  const { rows } = await session.run(STORED);
  return new Map(rows.map(([name, value]) => [name ?? '', value ?? '']));
}

/** Names are qualified: what search_path is at this moment is anybody's guess. */
const SETTINGS = `
  SELECT name, boot_val, context, ${PLANNING} FROM pg_catalog.pg_settings
  WHERE (${PLANNING} OR ${READING}) AND context IN ('user', 'superuser') ORDER BY 1`;

const STORED = `
  SELECT pg_catalog.split_part(entry, '=', 1), pg_catalog.substr(entry, pg_catalog.strpos(entry, '=') OPERATOR(pg_catalog.+) 1)
  FROM pg_catalog.pg_db_role_setting, pg_catalog.unnest(setconfig) AS entry
  WHERE setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
    AND setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user))
  ORDER BY setrole <> 0, setdatabase <> 0`;

/** What is unknown (NULL) is left out, and what is so already. */
const PIN = `
  SELECT pg_catalog.count(pg_catalog.set_config(name, value, true))
  FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]), pg_catalog.unnest($3::pg_catalog.text[])) AS p(name, value, context)
  WHERE pg_catalog.current_setting(name, true) OPERATOR(pg_catalog.<>) value AND (context = 'user' OR pg_catalog.current_setting('is_superuser') = 'on')`;

/** A list as the text of a PostgreSQL array. */
export function textArray(values: readonly string[]): Cell {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/**
 * Runs `work` so that an error in it leaves the transaction usable, and nothing it did remains; nor does anything else
 * since the settings were pinned. So it stands in no other `undone`.
 */
export async function undone<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await undo(session);
  }
}

/** Back to where the settings were pinned, after an error too. */
export async function undo(session: Session): Promise<void> {
  // a cancel or a crash may have ended the session
  if (session.transaction !== 'idle') await session.run('ROLLBACK TO SAVEPOINT pg_lessons_check');
}
