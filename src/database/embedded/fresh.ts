import { FLUSH_COUNTS } from '../../sql/counts';
import type { Result } from '../../sql/session';
import type { EmbeddedConnection } from './session';

type Connection = Pick<EmbeddedConnection, 'run' | 'script'>;

/**
 * Puts the settings of the person's session aside, so that what runs next sees the server's defaults.
 * Their temporary tables, prepared statements and cursors stay; custom parameters (`my.name`) are lost,
 * since PostgreSQL lists them nowhere.
 * @param connection no transaction may be open
 * @returns what puts everything back
 */
export async function putAside(connection: Connection): Promise<() => Promise<void>> {
  const found = (await connection.run(BEFORE)).rows;
  const of = (kind: string) => found.filter((row) => row[0] === kind).map(([, ...values]) => values);
  const [session, settings, before] = [of('role')[0], of('setting'), new Set(of('left').map(([text]) => text ?? ''))];
  await connection.script(DEFAULTS);
  if (of('stored').length > 0) await storedSettings(connection);
  if (before.size > 0) await searchTemporaryLast(connection);

  /** For what the work may have made impossible, such as a role it dropped. */
  const attempt: Connection['run'] = (sql, options) => connection.run(sql, options).catch(() => nothing);
  return async () => {
    // An error of the work leaves a failed transaction; outside of one ROLLBACK is only a warning.
    await connection.script(`ROLLBACK; ${DEFAULTS}`);
    for (const statement of await leftovers(connection)) {
      // CASCADE may have taken it along already.
      if (!before.has(statement)) await attempt(statement);
    }
    for (const [name, setting] of settings) {
      await attempt(setConfig, { parameters: [name ?? null, setting ?? null] });
    }
    const [role, user] = session ?? [];
    if (user != null) await attempt(`SET SESSION AUTHORIZATION ${quoteIdentifier(user)}`);
    if (role != null && role !== 'none') await attempt(`SET ROLE ${quoteIdentifier(role)}`);
  };
}

const setConfig = 'SELECT pg_catalog.set_config($1, $2, false)';

const nothing: Result = { command: '', fields: [], rows: [], rowCount: null, truncated: false, durationMs: 0 };

const DEFAULTS = 'RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL';

/** ALTER DATABASE … SET and ALTER ROLE … SET, which a new session would begin with; the most special last. */
async function storedSettings(connection: Connection): Promise<void> {
  const { rows } = await connection.run(`
    SELECT pg_catalog.split_part(setting, '=', 1), pg_catalog.substr(setting, pg_catalog.strpos(setting, '=') + 1)
    FROM pg_catalog.pg_db_role_setting, pg_catalog.unnest(setconfig) AS setting
    WHERE setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
      AND setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user))
    ORDER BY setrole <> 0, setdatabase <> 0`);
  for (const [name, setting] of rows) {
    await connection.run(setConfig, { parameters: [name ?? null, setting ?? null] });
  }
}

/**
 * A temporary table is found before a table of the same name in any schema, unless `pg_temp` is named
 * later in search_path.
 */
async function searchTemporaryLast(connection: Connection): Promise<void> {
  await connection.run(
    `SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', nullif(setting, ''), 'pg_temp'), false)
     FROM pg_catalog.pg_settings WHERE name = 'search_path' AND setting !~ '\\mpg_temp\\M'`,
  );
}

/** The statements that would remove each thing a session keeps beside its settings. */
const LEFTOVERS = `
    SELECT 'left', pg_catalog.format('DROP %s pg_temp.%I CASCADE',
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname), NULL
      FROM pg_catalog.pg_class
      WHERE relnamespace = pg_catalog.pg_my_temp_schema() AND relkind IN ('r', 'p', 'v', 'S')
    UNION ALL
    SELECT 'left', pg_catalog.format('DEALLOCATE %I', name), NULL FROM pg_catalog.pg_prepared_statements WHERE from_sql
    UNION ALL
    SELECT 'left', pg_catalog.format('CLOSE %I', name), NULL FROM pg_catalog.pg_cursors WHERE is_holdable`;

/** All that there is to know before; with it, what the person's statements counted is told. Each statement costs. */
const BEFORE = `
    SELECT 'role', pg_catalog.current_setting('role'), session_user::text WHERE (${FLUSH_COUNTS}) IS NOT NULL
    UNION ALL
    SELECT 'setting', name, setting FROM pg_catalog.pg_settings WHERE source = 'session'
    UNION ALL
    SELECT 'stored', NULL, NULL WHERE EXISTS (SELECT FROM pg_catalog.pg_db_role_setting)
    UNION ALL ${LEFTOVERS}`;

async function leftovers(connection: Connection): Promise<string[]> {
  return (await connection.run(LEFTOVERS)).rows.map(([, text]) => text ?? '');
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
