import * as z from 'zod';
import { key, oneOrMore, relationName } from './key';

const column = z.string().min(1);
const columns = z.array(column).min(1);

const indexFields = z
  .strictObject({
    table: key(relationName, 'The table; with its schema if that is not public.', 'orders'),
    name: key(
      z.string().min(1).optional(),
      'The index’s own name; mostly the student’s choice.',
      'orders_customer_idx',
    ),
    on: key(
      columns.optional(),
      'Its key columns or expressions, in this order. `desc` and `nulls first` count where any column states them; an index that is all reversed serves alike.',
      ['customer_id', 'created_at desc'],
      ['lower(email)'],
    ),
    prefix: key(z.boolean().default(false), 'More columns may follow those of `on`.', true),
    include: key(columns.optional(), 'Columns that it carries besides, in any order.', ['total']),
    unique: key(z.boolean().optional(), 'Whether it is unique.', true),
    method: key(z.string().min(1).optional(), 'Its access method: btree, hash, gin, gist, brin …', 'brin'),
    where: key(
      z.union([z.boolean(), z.string().min(1)], { error: 'must be true, false or a condition' }).optional(),
      'Whether it is partial, or its condition as PostgreSQL understands it.',
      true,
      "status = 'new'",
    ),
    valid: key(
      z.boolean().default(true),
      'Whether it is valid; a failed CREATE INDEX CONCURRENTLY leaves one that is not.',
      true,
    ),
    absent: key(z.boolean().default(false), 'There is no such index.', true),
    'at-most': key(
      z.int().nonnegative().optional(),
      'How many indexes the table has at most, those of its constraints included.',
      3,
    ),
  })
  .refine(
    (index) =>
      index['at-most'] !== undefined ||
      index.name !== undefined ||
      index.on !== undefined ||
      index.method !== undefined ||
      index.where !== undefined ||
      index.unique !== undefined ||
      index.include !== undefined ||
      index.absent,
    'needs on, name, method, where, unique, include, absent or at-most',
  );

const INDEX_TEXT = 'must be such as "orders (customer_id, created_at)", or { table: orders, on: [customer_id] }';

export const indexSchema = key(
  z
    .union([z.string().regex(/^[^()]*[^()\s]\s*\([^]*\)\s*$/, INDEX_TEXT), indexFields], { error: INDEX_TEXT })
    .transform((value): IndexExpectation => (typeof value === 'string' ? indexFields.parse(readIndex(value)) : value)),
  'An index that there is, or is not, whatever it is called. Short: `orders (customer_id, created_at)`.',
  'orders (customer_id, created_at)',
  { table: 'customers', on: ['lower(email)'], unique: true },
);

/** "orders (customer_id, lower(email))" in its parts. */
function readIndex(text: string): { table: string; on: string[] } {
  const open = text.indexOf('(');
  const on: string[] = [];
  let depth = 0;
  let part = '';
  let quote = '';
  for (const character of text.slice(open + 1, text.lastIndexOf(')'))) {
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    if (character === ',' && depth === 0 && quote === '') {
      on.push(part.trim());
      part = '';
    } else part += character;
  }
  return { table: text.slice(0, open).trim(), on: [...on, part.trim()].map((each) => (each === '' ? '?' : each)) };
}

const columnFacts = z
  .union(
    [
      z.string().min(1),
      z.strictObject({
        type: key(
          z.string().min(1).optional(),
          'Its type, in any of PostgreSQL’s spellings; without a length, any length.',
          'numeric(10,2)',
        ),
        'not-null': key(z.boolean().optional(), 'Whether it is declared NOT NULL.', true),
        default: key(z.boolean().optional(), 'Whether it has a default.', true),
        identity: key(z.boolean().optional(), 'Whether it is an identity column.', true),
        generated: key(z.boolean().optional(), 'Whether it is generated from other columns.', true),
        statistics: key(z.int().min(0).max(10000).optional(), 'Its statistics target is at least this.', 500),
        absent: key(z.boolean().default(false), 'There is no such column.', true),
      }),
    ],
    { error: 'must be a type, or { type: …, not-null: true }' },
  )
  .transform((value) => (typeof value === 'string' ? { type: value, absent: false } : value));

export type ColumnFacts = z.output<typeof columnFacts>;

const foreignKey = z.strictObject({
  on: key(oneOrMore(column, 'must be a column or a list of columns'), 'Its columns.', ['order_id', 'line_no']),
  references: key(relationName, 'The table that it refers to.', 'orders'),
});

const optionFacts = z.union(
  [
    z.string(),
    z.number(),
    z.boolean(),
    z.strictObject({
      'at-least': key(z.number().optional(), 'The least it may be.', 50),
      'at-most': key(z.number().optional(), 'The most it may be.', 0.05),
    }),
  ],
  { error: 'must be a value, or { at-most: 0.05 }' },
);

const extended = z
  .union(
    [
      columns,
      z.strictObject({
        on: key(columns, 'Its columns; it may have more.', ['city', 'country']),
        kind: key(z.enum(['dependencies', 'ndistinct', 'mcv']).optional(), 'The kind that it must hold.', 'mcv'),
      }),
    ],
    { error: 'must be a list of columns, or { on: [city, country], kind: mcv }' },
  )
  .transform((value) => (Array.isArray(value) ? { on: value } : value));

const tableFields = z.strictObject({
  name: key(relationName, 'The table; with its schema if that is not public.', 'orders'),
  absent: key(z.boolean().default(false), 'There is no relation of this name.', true),
  kind: key(
    z.enum(['table', 'partitioned-table', 'view', 'materialized-view', 'foreign-table']).optional(),
    'What it is; without it, a table, partitioned or not.',
    'materialized-view',
  ),
  unlogged: key(z.boolean().optional(), 'Whether it is unlogged.', false),
  columns: key(z.record(column, columnFacts).optional(), 'What is known of its columns: a type, or more.', {
    id: 'bigint',
    email: { type: 'text', 'not-null': true },
  }),
  'primary-key': key(
    oneOrMore(column, 'must be a column or a list of columns').optional(),
    'The columns of its primary key.',
    ['order_id', 'line_no'],
  ),
  unique: key(
    z.array(oneOrMore(column, 'must be a column or a list of columns')).min(1).optional(),
    'Columns, or lists of columns, that a constraint or an index over all rows makes unique.',
    ['email', ['order_id', 'line_no']],
  ),
  'foreign-keys': key(
    z
      .union([z.record(column, relationName), z.array(foreignKey).min(1)], {
        error: 'must be such as { customer_id: customers }, or a list of { on: […], references: … }',
      })
      .transform((value) =>
        Array.isArray(value) ? value : Object.entries(value).map(([on, references]) => ({ on: [on], references })),
      )
      .optional(),
    'Foreign keys that it has, valid ones.',
    { customer_id: 'customers' },
    [{ on: ['order_id', 'line_no'], references: 'order_items' }],
  ),
  check: key(
    z.array(oneOrMore(column, 'must be a column or a list of columns')).min(1).optional(),
    'Columns that check constraints are about; what they let through is stated by `refuses` and `accepts`.',
    ['total'],
  ),
  refuses: key(
    z.array(z.string().min(1)).min(1).optional(),
    'Statements that a constraint must refuse; all they do is undone.',
    ['INSERT INTO orders (id, total) VALUES (-1, -5)'],
  ),
  accepts: key(z.array(z.string().min(1)).min(1).optional(), 'Statements that must succeed; all they do is undone.', [
    'INSERT INTO orders (id, total) VALUES (-1, 5)',
  ]),
  'partitioned-by': key(
    z
      .string()
      .regex(/^\s*(?:range|list|hash)\b/i, 'must be such as "range (created_at)", or range, list or hash')
      .optional(),
    'Its partition key, or only the way.',
    'range (created_at)',
  ),
  partitions: key(
    z
      .strictObject({
        'at-least': key(z.int().nonnegative().optional(), 'The fewest.', 12),
        'at-most': key(z.int().nonnegative().optional(), 'The most.', 36),
      })
      .optional(),
    'How many partitions it has.',
    { 'at-least': 12 },
  ),
  options: key(z.record(z.string().min(1), optionFacts).optional(), 'Its storage parameters.', {
    fillfactor: 70,
    autovacuum_vacuum_scale_factor: { 'at-most': 0.05 },
  }),
  statistics: key(
    z.array(extended).min(1).optional(),
    'Extended statistics that are declared on these columns of it.',
    [['city', 'country']],
    [{ on: ['city', 'country'], kind: 'mcv' }],
  ),
});

export const tableSchema = key(
  z
    .union([z.string().min(1), tableFields], { error: 'must be a table’s name, or { name: orders, … }' })
    .transform((value): TableExpectation => (typeof value === 'string' ? tableFields.parse({ name: value }) : value)),
  'Facts of a table: columns, constraints, partitions, storage parameters. Short: `table: orders` says that it exists.',
  'orders',
  { name: 'orders', columns: { id: 'bigint' }, 'primary-key': 'id' },
);

export type IndexExpectation = z.output<typeof indexFields>;
export type TableExpectation = z.output<typeof tableFields>;
