/**
 * One fact of the catalog. Two databases with the same facts plan and answer alike, but for their rows, indexes
 * and statistics.
 */
export interface Fact {
  readonly category: Category;
  /** What it belongs to, such as a table's name; with its schema unless that is public. */
  readonly object: string;
  /** Which of the object's: a column, a trigger. */
  readonly name: string;
  readonly value: string;
}

/** What a table has. */
export const OF_TABLES = [
  'relation',
  'column',
  'storage',
  'security',
  'trigger',
  'rule',
  'inheritance',
  'constraint',
  'index',
] as const;

/** In the order in which they are told. */
export const CATEGORIES = [
  ...OF_TABLES,
  'tablespace',
  'setting',
  'event trigger',
  'extension',
  'function',
  'operator',
  'cast',
  'operator class',
  'size',
  'catalog',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** A schema as names of facts begin with it; undefined where it is PostgreSQL's own. */
export function schemaPrefix(schema: string): string | undefined {
  if (/^pg_|^information_schema$/.test(schema)) return undefined;
  return schema === 'public' ? '' : `${schema}.`;
}
