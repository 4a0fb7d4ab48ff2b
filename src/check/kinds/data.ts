import { SqlError, type Cell, type Session } from '../../sql/session';
import { readMarkers, samePlace, type Markers } from '../integrity/markers';
import { newestTransaction, THIRD } from '../newestTransaction';
import type { Outcome } from '../verdict';
import { RESET } from '../integrity/words';

/** What a data set's table holds: enough to tell quickly, and surely, whether its rows changed. Partitions are tables of their own. */
export interface TableData {
  /** With its schema unless that is public. */
  readonly name: string;
  /** The name as SQL takes it, schema and quotes included. */
  readonly sql: string;
  /** The columns that the hash is over, as SQL takes them. */
  readonly columns: string;
  readonly rows: number;
  /** Highest inserting transaction; equal on a copy of the same files, higher once a row was written. */
  readonly newest: string;
  /** Sum of the rows' hashes: the same for the same rows in any order. */
  readonly hash: string;
  /** Rows in the blocks of each sample (see `SAMPLES`), of so many percent of the blocks. */
  readonly samples: readonly number[];
  readonly percent: number;
}

/** The data set's tables as they were measured, with what tells that they are that still. */
export interface DataReference {
  readonly tables: readonly TableData[];
  readonly markers: Markers;
  /** Not measured and not stored: proofs that the caller keeps from check to check, so that none is made twice. */
  readonly proven?: ProvenMarkers;
}

/** Samples of a table's blocks that a check may take one of: the same blocks for the same number. */
const SAMPLES = 8;

/** Blocks in a sample, about. A large share of a large table takes longer and tells hardly more. */
const SAMPLE_BLOCKS = 8;

/** Reads all tables that are not PostgreSQL's own, hashes included (0.4 s for 800,000 rows on a server). */
export async function readData(session: Session): Promise<DataReference> {
  const tables = await session.run(
    `SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname, format('%I.%I', n.nspname, c.relname),
       coalesce((SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), ''),
       least(100, 100.0 * ${SAMPLE_BLOCKS} / greatest(1, pg_relation_size(c.oid) / current_setting('block_size')::int))::numeric(6, 3)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`,
  );
  const found: TableData[] = [];
  for (const [name, sql, columns, share] of tables.rows) {
    if (name == null || sql == null || columns == null) continue;
    const table = { name, sql, columns, percent: Number(share) };
    const samples: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) samples.push((await quickly(session, table, sample)).rows);
    found.push({ ...table, ...(await quickly(session, table)), hash: await hash(session, table), samples });
  }
  return { tables: found, markers: await readMarkers(session) };
}

/** The tables that other rows are in than at the start; in a transaction that wrote them, too. */
export async function changedTables(session: Session, original: DataReference): Promise<string[]> {
  const changed: string[] = [];
  for (const table of original.tables) if (await howChanged(session, table)) changed.push(table.name);
  return changed;
}

/** Markers of a database whose rows were proven since: kept by the caller for as long as its process lives. */
export interface ProvenMarkers {
  has(marker: string): boolean;
  add(marker: string): unknown;
}

/**
 * The data set's tables still hold the data set's rows. Where nothing was written, by PostgreSQL's own account,
 * that account is believed (with a look at some blocks, where the account could have been turned off); else
 * every row is looked at.
 * @param except tables that the solution itself changes
 */
export async function checkData(
  session: Session,
  original: DataReference,
  except: readonly string[] = [],
): Promise<Outcome> {
  const { proven } = original;
  const unchanged: Outcome = {
    passed: true,
    message: 'The data is unchanged.',
    behaviour: 'data: unchanged',
    points: 0,
  };
  const tables = original.tables.filter((table) => !except.includes(table.name));
  if (tables.length === 0) return unchanged;
  const markers = await readMarkers(session);
  if (samePlace(original.markers, markers) || (markers.settled && proven?.has(markers.identity))) {
    const touched = tables.filter(
      ({ name }) => !proven?.has(markers.identity) && markers.tables[name] !== original.markers.tables[name],
    );
    const quiet = tables.filter((table) => !touched.includes(table));
    if (touched.length === 0 && (!markers.superuser || (await samplesHold(session, quiet)))) return unchanged;
    if (markers.superuser && !(await samplesHold(session, quiet))) touched.push(...quiet);
    return (await firstChange(session, touched)) ?? unchanged;
  }
  const change = await firstChange(session, tables);
  if (!change && markers.settled) proven?.add(markers.identity);
  return change ?? unchanged;
}

async function firstChange(session: Session, tables: readonly TableData[]): Promise<Outcome | undefined> {
  for (const table of tables) {
    const how = await howChanged(session, table);
    if (how !== undefined)
      return {
        passed: false,
        points: 0,
        message: `The table ${table.name} ${how}. ${RESET}`,
        behaviour: `data: ${table.name}`,
        table: table.name,
      };
  }
  return undefined;
}

async function howChanged(session: Session, table: TableData): Promise<string | undefined> {
  try {
    const now = await quickly(session, table);
    if (now.rows !== table.rows)
      return `has ${now.rows.toLocaleString('en-US')} rows instead of ${table.rows.toLocaleString('en-US')}`;
    if (now.newest !== table.newest && (await hash(session, table)) !== table.hash)
      return 'has other rows than at the start';
    return undefined;
  } catch (error) {
    // gone, a view, without one of its columns, not readable: the inventory says what
    if (error instanceof SqlError && error.code.startsWith('42')) return 'cannot be read as at the start';
    throw error;
  }
}

/** One of the samples of each table holds as many rows as it did, and none written since. */
async function samplesHold(session: Session, tables: readonly TableData[]): Promise<boolean> {
  if (tables.length === 0) return true;
  const sample = Math.floor(Math.random() * SAMPLES);
  const now = await session.run(
    tables.map((table, at) => `SELECT ${at}, ${countSql(table, sample)}`).join(' UNION ALL '),
  );
  return tables.every((table, at) => {
    const { rows, newest } = counted(now.rows.find(([index]) => index === String(at))?.slice(1) ?? []);
    return rows === table.samples[sample] && (newest === '' || Number(newest) <= Number(table.newest));
  });
}

/** One scan without a look into the rows. @param sample of its blocks only */
async function quickly(session: Session, table: Blocks, sample?: number): Promise<Counted> {
  const { rows } = await session.run(`SELECT ${countSql(table, sample)}`);
  return counted(rows[0] ?? []);
}

interface Counted {
  readonly rows: number;
  /** Empty where there are no rows. */
  readonly newest: string;
}

type Blocks = Pick<TableData, 'sql' | 'percent'>;

/** A SELECT without its first word, of what `counted` reads. */
function countSql({ sql, percent }: Blocks, sample: number | undefined): string {
  const blocks = sample === undefined ? '' : ` TABLESAMPLE SYSTEM (${percent}) REPEATABLE (${sample})`;
  return `count(*), min(age(xmin)), ${THIRD} FROM ONLY ${sql}${blocks}`;
}

function counted([rows, youngest, third]: readonly Cell[]): Counted {
  return { rows: Number(rows ?? 0), newest: youngest == null ? '' : newestTransaction(youngest, third ?? '') };
}

/** Over the columns of the start: a generated one that was added is no change of the data. */
async function hash(session: Session, { sql, columns }: Pick<TableData, 'sql' | 'columns'>): Promise<string> {
  const { rows } = await session.run(
    `SELECT coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM (SELECT ${columns} FROM ONLY ${sql}) t`,
  );
  return rows[0]?.[0] ?? '';
}
