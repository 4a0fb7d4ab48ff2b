import { UserError } from '../shared/errors';
import { explain } from './explain';
import type { Session } from './session';
import { statements, type Statement } from './statements';

/** The same statement without and with an index, in EXPLAIN (FORMAT JSON). */
export interface Proof {
  readonly before: string;
  readonly after: string;
  /** The index was built and the statement ran; or both plans are estimates only (HypoPG). */
  readonly measured: boolean;
}

export interface ProveOptions {
  /** Run the statement with the index really built; else only estimate it with HypoPG. */
  readonly build: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Explains a statement, makes the index, explains it again. Both plans come from the same session, so that
 * nothing but the index differs. Building takes a lock on the table that lets others read and not write; waiting for it ends after 3 s.
 * @param session inside a transaction that will be rolled back, as `Database.fresh` lends it
 * @throws {UserError} `index` is not one CREATE INDEX statement
 * @throws {SqlError} what the server answered
 */
export async function proveIndex(
  session: Session,
  statement: Statement,
  index: string,
  { build, signal }: ProveOptions,
): Promise<Proof> {
  assertCreateIndex(index);
  const signalled = signal ? { signal } : {};
  const plan = async (): Promise<string> => (await explain(session, statement, { analyze: build, ...signalled })).json;
  const before = await plan();
  if (!build) return { before, after: await withHypotheticalIndex(session, index, plan), measured: false };
  await session.run(`SET LOCAL lock_timeout = '3s'`);
  await session.run(index, signalled);
  await analyzeExpressions(session);
  return { before, after: await plan(), measured: true };
}

/** The schema of HypoPG where it is installed in this database. */
export async function hypopgSchema(session: Session): Promise<string | undefined> {
  const { rows } = await session.run(
    `SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e
     JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hypopg'`,
  );
  return rows[0]?.[0] ?? undefined;
}

async function withHypotheticalIndex(session: Session, index: string, plan: () => Promise<string>): Promise<string> {
  const schema = await hypopgSchema(session);
  if (schema === undefined) throw new UserError('HypoPG is not installed in this database.');
  const { rows } = await session.run(`SELECT indexrelid FROM ${schema}.hypopg_create_index($1)`, {
    parameters: [index],
  });
  try {
    return await plan();
  } finally {
    // after an error nothing more runs; the index ends with its session
    if (session.transaction !== 'failed')
      await session.run(`SELECT ${schema}.hypopg_drop_index($1)`, { parameters: [rows[0]?.[0] ?? null] });
  }
}

/** An index on an expression brings statistics of it, once its table is analyzed. */
async function analyzeExpressions(session: Session): Promise<void> {
  const { rows } = await session.run(
    `SELECT i.indrelid::pg_catalog.regclass FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
     WHERE i.indexprs IS NOT NULL AND c.xmin = pg_catalog.pg_current_xact_id()::pg_catalog.xid`,
  );
  for (const [table] of rows) if (table !== null && table !== undefined) await session.run(`ANALYZE ${table}`);
}

/** What runs comes out of a plan, which is somebody's text: it may be nothing else. */
function assertCreateIndex(sql: string): void {
  const [first, ...others] = statements(sql);
  if (first && others.length === 0 && /^CREATE\s+INDEX\s+(?!CONCURRENTLY\b)/i.test(first.text)) return;
  throw new UserError('Only a single CREATE INDEX can be proved.');
}
