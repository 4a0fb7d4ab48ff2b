import { UserError } from '../../shared/errors';
import { SqlError, type Session } from '../../sql/session';
import { isQuery, statements } from '../../sql/statements';
import { pin } from '../pinned';
import { MOST_ROWS, type Rows } from './compareRows';

/** What a transaction takes. Extensions are there already. */
function loadable(sql: string): string[] {
  return statements(sql)
    .filter(
      ({ keyword, text }) => !CONTROL.has(keyword) && keyword !== 'VACUUM' && !/^CREATE\s+EXTENSION\b/i.test(text),
    )
    .map(({ text }) => text);
}

const CONTROL = new Set(['BEGIN', 'START', 'COMMIT', 'END', 'ROLLBACK', 'ABORT', 'SAVEPOINT', 'RELEASE']);

/**
 * What the last query of each text returns on the data set's hidden variant, after the statements before it. The
 * variant is loaded into schemas of its own, inside a savepoint that is rolled back: nobody else ever sees it.
 * @param variant plain SQL
 * @returns for each text its rows, or what the server answered its query
 * @throws {UserError} the variant does not load
 */
export async function onVariant(
  session: Session,
  variant: string,
  texts: readonly string[],
): Promise<(Rows | SqlError)[]> {
  const found: (Rows | SqlError)[] = [];
  await session.run('SAVEPOINT pg_lessons_variant');
  try {
    const path = await ownSchema(session);
    for (const statement of loadable(variant)) {
      try {
        await session.run(statement, { maxRows: 1 });
      } catch (error) {
        if (error instanceof SqlError)
          throw new UserError(`The data set’s hidden variant does not load: ${error.message}`);
        throw error;
      }
    }
    for (const text of texts) {
      await session.run('SAVEPOINT pg_lessons_file');
      found.push(await runFile(session, text, path));
      await session.run('ROLLBACK TO SAVEPOINT pg_lessons_file');
    }
    return found;
  } finally {
    if (session.transaction !== 'idle') await session.run('ROLLBACK TO SAVEPOINT pg_lessons_variant');
  }
}

/**
 * Puts all schemas aside, so that names with and without one mean the variant.
 * @returns the search_path under which queries run
 */
async function ownSchema(session: Session): Promise<string> {
  await session.run('SAVEPOINT pg_lessons_schema');
  try {
    const { rows } = await session.run(
      `SELECT pg_catalog.format('ALTER SCHEMA %I RENAME TO %I', nspname, 'shown ' || oid), nspname FROM pg_catalog.pg_namespace n
       WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND NOT EXISTS (
         SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid AND d.deptype = 'e')`,
    );
    const shown = rows.find(([, name]) => name === 'public')?.[0]?.replace(/^.* RENAME TO /, '');
    for (const [rename] of rows) if (rename != null) await session.run(rename);
    await session.run('CREATE SCHEMA public');
    // behind: functions of extensions that live in public
    return await setPath(session, ['public', ...(shown === undefined ? [] : [shown]), 'pg_temp'].join(', '));
  } catch (error) {
    // public belongs to somebody else (the superuser, before 15): then only names without a schema mean the variant
    if (!(error instanceof SqlError) || error.code !== INSUFFICIENT_PRIVILEGE) throw error;
    await session.run('ROLLBACK TO SAVEPOINT pg_lessons_schema');
    await session.run('CREATE SCHEMA lessons_hidden');
    return setPath(session, 'lessons_hidden, public, pg_temp');
  }
}

const INSUFFICIENT_PRIVILEGE = '42501';

async function setPath(session: Session, path: string): Promise<string> {
  await session.run(`SELECT pg_catalog.set_config('search_path', $1, true)`, { parameters: [path] });
  return path;
}

/** An error before the query is the file's own affair, as where the student runs it; one in the query is the answer. */
async function runFile(session: Session, text: string, path: string): Promise<Rows | SqlError> {
  const all = statements(text);
  const last = all.findLastIndex(isQuery);
  const query = all[last];
  if (!query) return { fields: [], rows: [] };
  // what the data set's own SET and RESET left
  await pin(session);
  await setPath(session, path);
  for (const statement of all.slice(0, last)) {
    if (CONTROL.has(statement.keyword)) continue;
    await session.run('SAVEPOINT pg_lessons_statement');
    try {
      await session.run(statement.text, { maxRows: 1 });
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      await session.run('ROLLBACK TO SAVEPOINT pg_lessons_statement');
    }
    await session.run('RELEASE SAVEPOINT pg_lessons_statement');
  }
  if (last > 0) {
    await pin(session);
    await setPath(session, path);
  }
  try {
    const { fields, rows, truncated } = await session.run(query.text, { maxRows: MOST_ROWS });
    return { fields, rows, truncated };
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}
