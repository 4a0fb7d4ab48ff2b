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

export const CATEGORIES = [
  'relation',
  'column',
  'storage',
  'security',
  'trigger',
  'rule',
  'inheritance',
  'constraint',
  'index',
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
