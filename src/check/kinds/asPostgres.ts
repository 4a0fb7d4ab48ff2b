import { SqlError, type Session } from '../../sql/session';
import { undone } from '../pinned';

/** A name in its parts: `sales.orders`, `"Orders"`; undefined schema: the first of search_path that has it. */
export function nameParts(text: string): { schema: string | undefined; name: string } {
  const parts = [...text.trim().matchAll(/"((?:[^"]|"")*)"|([^."\s]+)/g)].map(([, quoted, bare = '']) =>
    quoted === undefined ? bare : quoted.replaceAll('""', '"'),
  );
  const [first = '', second] = parts;
  return second === undefined ? { schema: undefined, name: first } : { schema: first, name: second };
}

export interface Relation {
  readonly oid: string;
  /** As SQL takes it, schema and quotes included. */
  readonly sql: string;
  /** pg_class.relkind. */
  readonly kind: string;
}

/** By its exact name; not what a folded or shortened one would find. */
export async function findRelation(session: Session, text: string): Promise<Relation | undefined> {
  const { schema, name } = nameParts(text);
  const { rows } = await session.run(
    `SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END`,
    { parameters: [name, schema ?? null] },
  );
  const [oid, sql, kind] = rows[0] ?? [];
  return oid == null || sql == null || kind == null ? undefined : { oid, sql, kind };
}

export interface IndexSpec {
  readonly on: readonly string[];
  readonly where?: string | undefined;
  /** The access method; an operator class or a direction may exist in it only. */
  readonly method?: string | undefined;
}

/** What PostgreSQL makes of an index's columns, read back from its catalogs. */
export interface IndexParts {
  /** Columns and expressions of the key. */
  readonly keys: readonly string[];
  /** pg_index.indoption of each: 1 descending, 2 nulls first. */
  readonly options: readonly number[];
  /** Operator classes that are not the types' own; empty text where they are. */
  readonly classes: readonly string[];
  readonly include: readonly string[];
  /** The condition of a partial index. */
  readonly predicate: string | undefined;
}

/** Columns of a SELECT over pg_index i that `readParts` takes. */
export const PARTS = `
  (SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, false) ORDER BY k) FROM pg_catalog.generate_series(1, i.indnkeyatts) AS k),
  (SELECT pg_catalog.json_agg(o ORDER BY place) FROM pg_catalog.unnest(i.indoption::pg_catalog.int2[]) WITH ORDINALITY AS u(o, place)),
  (SELECT pg_catalog.json_agg(CASE WHEN c.opcdefault THEN '' ELSE c.opcname::text END ORDER BY place)
   FROM pg_catalog.unnest(i.indclass::pg_catalog.oid[]) WITH ORDINALITY AS u(class, place) JOIN pg_catalog.pg_opclass c ON c.oid = class),
  (SELECT coalesce(pg_catalog.json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, false) ORDER BY k), '[]') FROM pg_catalog.generate_series(i.indnkeyatts + 1, i.indnatts) AS k),
  pg_catalog.pg_get_expr(i.indpred, i.indrelid)`;

export function readParts(cells: readonly (string | null)[]): IndexParts {
  const [keys, options, classes, include, predicate] = cells;
  const list = <T>(cell: string | null | undefined): T[] => (cell == null ? [] : (JSON.parse(cell) as T[]));
  return {
    keys: list(keys),
    options: list(options),
    classes: list(classes),
    include: list(include),
    predicate: predicate ?? undefined,
  };
}

/**
 * What the author wrote, as PostgreSQL itself would keep it: tried on an empty table of the same columns, and undone.
 * So `lower( email )` is `lower((email)::text)` where that is what it means.
 * @returns undefined where the table has no such columns, or cannot have such an index
 */
export async function indexAsPostgres(
  session: Session,
  table: Relation,
  spec: IndexSpec,
): Promise<IndexParts | undefined> {
  const { on, where, method } = spec;
  const using = method === undefined ? '' : ` USING ${quoteName(method)}`;
  const predicate = where === undefined ? '' : ` WHERE ${where}`;
  try {
    return await undone(session, async () => {
      await session.run(`CREATE TEMPORARY TABLE pg_lessons_like (LIKE ${table.sql})`);
      await session.run(
        `CREATE INDEX ON pg_temp.pg_lessons_like${using} (${on.map((part) => keyText(part)).join(', ')})${predicate}`,
      );
      const { rows } = await session.run(
        `SELECT ${PARTS} FROM pg_catalog.pg_index i WHERE i.indrelid = 'pg_temp.pg_lessons_like'::pg_catalog.regclass`,
      );
      return rows[0] && readParts(rows[0]);
    });
  } catch (error) {
    if (error instanceof SqlError && error.code.startsWith('42')) return undefined;
    throw error;
  }
}

/** An expression that is no column and no call needs parentheses of its own: `a + b`, `payload ->> 'x'`. */
function keyText(part: string): string {
  const { expression, rest } = splitKey(part);
  const name = /^(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")/u.exec(expression)?.[0] ?? '';
  let end = name.length;
  if (name !== '' && expression[end] === '(') {
    let depth = 0;
    do {
      if (expression[end] === '(') depth++;
      else if (expression[end] === ')') depth--;
      end++;
    } while (depth > 0 && end < expression.length);
  }
  // what may follow it: a collation, an operator class
  const isKey = name !== '' && /^(?:\s+collate\s+\S+)?(?:\s+[a-z_][a-z0-9_]*)?$/i.test(expression.slice(end));
  return isKey ? part : `(${expression})${rest}`;
}

/** The key without `desc`, `nulls first`. */
export function splitKey(part: string): { expression: string; rest: string } {
  const rest = /(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$/i.exec(part)?.[0] ?? '';
  return { expression: part.slice(0, part.length - rest.length).trim(), rest };
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
