import { UserError } from '../shared/errors';
import { explain } from './explain';
import { tokens } from './lexer';
import type { Session } from './session';
import { isExplainable, statements, type Statement } from './statements';

/** A statement that another session runs now. */
export interface RunningQuery {
  readonly pid: number;
  readonly database: string;
  readonly user: string;
  readonly application: string;
  /** Since it began. */
  readonly runningMs: number;
  /** What it waits for: "Lock: transactionid"; empty where it works. */
  readonly wait: string;
  readonly sql: string;
  /** pg_stat_activity keeps track_activity_query_size bytes; the rest is lost. */
  readonly cutOff: boolean;
}

/** What runs on the server in other sessions, the longest first. Others' statements are seen by superusers and pg_read_all_stats only. */
export async function runningQueries(session: Session): Promise<readonly RunningQuery[]> {
  const { rows } = await session.run(
    `SELECT pid, datname, coalesce(usename, ''), coalesce(application_name, ''),
       round(extract(epoch FROM pg_catalog.clock_timestamp() - query_start) * 1000),
       coalesce(wait_event_type || ': ' || wait_event, ''), query,
       pg_catalog.octet_length(query) >= pg_catalog.pg_size_bytes(pg_catalog.current_setting('track_activity_query_size')) - 1
     FROM pg_catalog.pg_stat_activity
     WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()
       AND datname IS NOT NULL AND query <> '' AND query <> '<insufficient privilege>'
     ORDER BY query_start`,
  );
  return rows.map(([pid, database, user, application, ms, wait, sql, cutOff]) => ({
    pid: Number(pid),
    database: database ?? '',
    user: user ?? '',
    application: application ?? '',
    runningMs: Number(ms),
    wait: wait ?? '',
    sql: sql ?? '',
    cutOff: cutOff === 't',
  }));
}

/** @throws {UserError} no statement that EXPLAIN takes, or not all of it */
export function explainableIn(query: RunningQuery): Statement {
  if (query.cutOff)
    throw new UserError(
      'The server kept only the beginning of this statement.',
      'A larger track_activity_query_size keeps more of them, after a restart.',
    );
  const found = statements(query.sql).filter(isExplainable);
  const [first, ...others] = found;
  if (first === undefined) throw new UserError('EXPLAIN takes no statement of this session.');
  if (others.length > 0)
    throw new UserError('The session sent several statements at once; which of them runs is not known.');
  return first;
}

/**
 * Plans the statement anew, without running it: what a running statement's own plan is, PostgreSQL does not tell. The other session may
 * have other settings, another search_path, and a plan of before the last ANALYZE.
 * @returns EXPLAIN (FORMAT JSON)
 * @throws {UserError} it has parameters, and the server is older than 16
 */
export async function planOfRunning(session: Session, statement: Statement, serverVersion: number): Promise<string> {
  const generic = hasParameters(statement);
  if (generic && serverVersion < 160000)
    throw new UserError(
      'The statement has parameters whose values are not known.',
      'PostgreSQL 16 and newer can plan it without them.',
    );
  await session.run('BEGIN READ ONLY');
  try {
    return (await explain(session, statement, { analyze: false, generic })).json;
  } finally {
    if (session.transaction !== 'idle') await session.run('ROLLBACK');
  }
}

/** $1, $2 … outside of strings and comments. */
export function hasParameters(statement: Statement): boolean {
  for (const token of tokens(statement.text)) if (token.kind === 'parameter') return true;
  return false;
}
