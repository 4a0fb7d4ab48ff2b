import { FLUSH_COUNTS } from '../../sql/counts';
import { BEGIN } from '../../sql/rolledBack';
import type { EmbeddedConnection } from './session';

type Connection = Pick<EmbeddedConnection, 'run' | 'script' | 'transaction'>;

/**
 * Begins a transaction that is as one of a new session: with the server's defaults and the connection's own role. The
 * person's temporary tables and prepared statements are there as well.
 * @param connection no transaction may be open
 * @returns what rolls it back: then all is as the person left it
 */
export async function beginFresh(connection: Connection): Promise<() => Promise<void>> {
  const [prepared, stored, temporary] = (await connection.run(BEFORE)).rows[0] ?? [];
  const mine = new Set(namesOf(prepared));
  const end = async (): Promise<void> => {
    if (connection.transaction !== 'idle') await connection.run('ROLLBACK');
    // those are no transaction's
    const { rows } = await connection.run(`SELECT ${PREPARED}`);
    for (const name of namesOf(rows[0]?.[0]))
      if (!mine.has(name)) await connection.run(`DEALLOCATE ${quoteIdentifier(name)}`);
  };
  try {
    await connection.script(`${BEGIN}; RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL`);
    if (stored === 't') await storedSettings(connection);
    if (temporary === 't') await searchTemporaryLast(connection);
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}

const PREPARED = '(SELECT pg_catalog.json_agg(name) FROM pg_catalog.pg_prepared_statement() WHERE from_sql)';

function namesOf(list: string | null | undefined): string[] {
  return JSON.parse(list ?? '[]') as string[];
}

/**
 * All that there is to know before: whether there are stored settings, and whether there ever was a temporary table.
 * With it, what the person's statements counted is told. Each statement costs.
 */
const BEFORE = `
SELECT ${PREPARED}, EXISTS (SELECT FROM pg_catalog.pg_db_role_setting), pg_catalog.pg_my_temp_schema() <> 0
WHERE (${FLUSH_COUNTS}) IS NOT NULL`;

const SET_CONFIG = 'SELECT pg_catalog.set_config($1, $2, false)';

/** ALTER DATABASE … SET and ALTER ROLE … SET, which a new session would begin with; the most special last. */
async function storedSettings(connection: Connection): Promise<void> {
  const { rows } = await connection.run(`
    SELECT pg_catalog.split_part(setting, '=', 1), pg_catalog.substr(setting, pg_catalog.strpos(setting, '=') + 1)
    FROM pg_catalog.pg_db_role_setting, pg_catalog.unnest(setconfig) AS setting
    WHERE setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
      AND setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user))
    ORDER BY setrole <> 0, setdatabase <> 0`);
  for (const [name, setting] of rows) {
    await connection.run(SET_CONFIG, { parameters: [name ?? null, setting ?? null] });
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

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
