import * as z from 'zod';
import { key } from './key';

const TOLERANCE = 'must be a number such as 0.01, or a percentage such as "1 %"';

/** A number, or a percentage of the right value such as `10 %`. */
export const tolerance = z.union([z.number().nonnegative(), z.string().regex(/^\d+(?:\.\d+)?\s*%$/, TOLERANCE)], {
  error: TOLERANCE,
});

const columnName = z.string().min(1);

const fields = z.strictObject({
  order: key(
    z
      .union([columnName, z.array(columnName).min(1)], {
        error: 'must be exact, a sort key such as "total desc", or a list of them',
      })
      .transform((order) => (order === 'exact' ? ('exact' as const) : typeof order === 'string' ? [order] : order))
      .optional(),
    'Sort keys that must hold, named after columns of the result; rows that are equal in them may stand in any order. `exact`: the order of the solution’s rows. Without it, order does not count.',
    ['total desc', 'id'],
    'exact',
  ),
  columns: key(
    z
      .union([z.boolean(), z.array(columnName).min(1)], { error: 'must be true, false or a list of column names' })
      .default(false),
    'Column names must match too: the solution’s, or those of the list.',
    true,
    ['id', 'total'],
  ),
  types: key(
    z.boolean().default(false),
    'Types must match too, by category: a number for a number, a date or time for a date or time, text for text.',
    true,
  ),
  tolerance: key(
    z
      .union([tolerance, z.record(columnName, tolerance)], {
        error: `${TOLERANCE}, or one for each column: { average: 1 % }`,
      })
      .default(0),
    'How far numbers may be off: of all columns that are no whole numbers, or of the columns named.',
    0.01,
    '1 %',
    { average: '1 %', visits: 2 },
  ),
  variant: key(
    z.boolean().default(false),
    'The rows must be right on the data set’s hidden variant as well, which the whole file of the student is run on; students are told how many rows differ, not which.',
    true,
  ),
});

export const rowsSchema = key(
  fields.nullable().transform((rows): RowsExpectation => rows ?? fields.parse({})),
  'The last query of the file returns the same rows as the solution’s, each as often.',
  null,
  { order: ['total desc', 'id'], columns: true },
);

export type RowsExpectation = z.output<typeof fields>;
