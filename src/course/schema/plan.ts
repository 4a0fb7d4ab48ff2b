import * as z from 'zod';
import { closest } from '../closest';
import { key, oneOrMore, relationName, scalar } from './key';
import { NODE_TYPES } from './nodeTypes';

const BOUND = 'must be a number, or such as "1.5 x solution" or "0.1 x start"';

/** `1.5 x solution`, `0.1 x start`, or a number. */
const bound = z.union(
  [z.number().nonnegative(), z.string().regex(/^\d+(?:\.\d+)?\s*[x×]\s*(?:solution|start)$/, BOUND)],
  {
    error: BOUND,
  },
);

export type Bound = z.output<typeof bound>;

const limit = z
  .union(
    [
      bound,
      z.strictObject({
        'at-most': key(
          bound,
          'The most there may be: a number, or a multiple of what the solution or the start has.',
          '1.5 x solution',
        ),
      }),
    ],
    { error: BOUND },
  )
  .transform((value) => (typeof value === 'object' ? value : { 'at-most': value }));

export const ACCESS = ['seq', 'index', 'index-only', 'bitmap', 'none'] as const;

export type Access = (typeof ACCESS)[number];

const ACCESS_ERROR = 'must be seq, index, index-only, bitmap or none';

const by = oneOrMore(z.enum(ACCESS, { error: ACCESS_ERROR }), ACCESS_ERROR);

const way = z.strictObject({
  by: key(
    by.optional(),
    'The ways that are right: `seq`, `index` (any way through an index), `index-only`, `bitmap`, `none` (not read at all).',
    'index-only',
    ['index', 'bitmap'],
  ),
  index: key(z.string().optional(), 'The name of the index.', 'orders_customer_id_idx'),
  on: key(
    z.array(z.string().min(1)).min(1).optional(),
    'Columns or expressions that the index begins with, in this order; it may have more.',
    ['customer_id', 'created_at'],
  ),
});

const read = z
  .union([z.enum(ACCESS), z.array(z.enum(ACCESS)).min(1), way], { error: `${ACCESS_ERROR}, or { by: …, on: […] }` })
  .transform((value) => (typeof value === 'string' ? { by: [value] } : Array.isArray(value) ? { by: value } : value));

export type Read = z.output<typeof read>;

const nodeType = z.enum(NODE_TYPES as [string, ...string[]], {
  error: ({ input }) => {
    const name = String(input).slice(0, 60);
    const near = closest(name, NODE_TYPES);
    return near === undefined
      ? `must be a node as EXPLAIN prints it, such as Seq Scan or HashAggregate; “${name}” is none`
      : `must be a node as EXPLAIN prints it; did you mean ${near}`;
  },
});

const METHODS = ['hash', 'merge', 'nested-loop'] as const;

export type JoinMethod = (typeof METHODS)[number];

const METHOD_ERROR = 'must be hash, merge or nested-loop';

const join = z.strictObject({
  method: key(
    oneOrMore(z.enum(METHODS, { error: METHOD_ERROR }), METHOD_ERROR).optional(),
    'The ways of joining that are right: `hash`, `merge`, `nested-loop`.',
    'hash',
    ['hash', 'merge'],
  ),
  of: key(
    z.array(relationName).min(2).optional(),
    'The tables that the join brings together; without it, every join is meant.',
    ['orders', 'customers'],
  ),
});

const joins = z
  .union([z.literal('none'), z.enum(METHODS), join, z.array(join).min(1)], {
    error: 'must be none, hash, merge, nested-loop, or { method: hash, of: [orders, customers] }',
  })
  .transform((value) => {
    if (value === 'none') return value;
    if (typeof value === 'string') return [{ method: [value] }];
    return Array.isArray(value) ? value : [value];
  });

export type Join = Exclude<z.output<typeof joins>, string>[number];

const count = z.int().nonnegative();

const FACTS = [
  'reads',
  'uses',
  'avoids',
  'joins',
  'sorts',
  'spills',
  'estimate',
  'buffers',
  'rows',
  'workers',
] as const;

export const planSchema = key(
  z
    .strictObject({
      query: key(
        z.string().optional(),
        'The query whose plan is looked at; without it, the last query of the student’s file.',
        'SELECT * FROM orders WHERE customer_id = $1',
      ),
      parameters: key(
        z
          .array(
            z.union([scalar, z.array(scalar).min(1)]).transform((row) => (Array.isArray(row) ? row : [row])),
            {
              error: 'must be a list of values for $1, or of lists for $1, $2 …',
            },
          )
          .min(1)
          .optional(),
        'Values for $1, $2 …, never shown to students; the query runs once for each row of them, and all that is stated holds for each.',
        [4242, 17, 90001],
        [
          [4242, '2025-01-01'],
          [17, '2024-01-01'],
        ],
      ),
      generic: key(
        z.boolean().default(false),
        'The plan that serves any values, as a prepared statement’s, is looked at too.',
        true,
      ),
      reads: key(
        z.record(relationName, read).optional(),
        'How tables are read, by every scan of them; of a partitioned table, by every scan of its partitions.',
        { orders: 'index' },
        { orders: { by: 'index-only', on: ['customer_id', 'created_at'] }, customers: 'seq' },
      ),
      uses: key(z.array(nodeType).min(1).optional(), 'Nodes that the plan must have, as EXPLAIN prints them.', [
        'Memoize',
      ]),
      avoids: key(z.array(nodeType).min(1).optional(), 'Nodes that the plan may not have, as EXPLAIN prints them.', [
        'Sort',
        'Seq Scan',
      ]),
      joins: key(
        joins.optional(),
        'How tables are joined: `none`, one way for all joins, or the way for certain tables.',
        'hash',
        [{ method: 'nested-loop', of: ['orders', 'customers'] }],
      ),
      sorts: key(
        z
          .union([z.literal('none'), z.strictObject({ 'at-most': key(count, 'The most sorts there may be.', 1) })], {
            error: 'must be none, or { at-most: 1 }',
          })
          .transform((value) => (value === 'none' ? { 'at-most': 0 } : value))
          .optional(),
        'How often the plan sorts, incremental sorts included.',
        'none',
        { 'at-most': 1 },
      ),
      spills: key(
        z.literal('none', { error: 'must be none' }).optional(),
        'No sort, hash or aggregate writes temporary files.',
        'none',
      ),
      estimate: key(
        z
          .union(
            [
              z.number().min(1),
              z.strictObject({
                'at-most': key(
                  z.number().min(1),
                  'The largest factor between estimated and actual rows, up or down.',
                  3,
                ),
                of: key(
                  relationName.optional(),
                  'Only of the scans of this table; without it, of every node.',
                  'customers',
                ),
              }),
            ],
            { error: 'must be a factor of at least 1, or { at-most: 3, of: customers }' },
          )
          .transform((value) => (typeof value === 'number' ? { 'at-most': value } : value))
          .optional(),
        'By which factor the planner’s row estimates may be off.',
        3,
        { 'at-most': 3, of: 'customers' },
      ),
      buffers: key(
        limit.optional(),
        'Blocks of 8 kB that the whole plan touches, hit and read, summed over `parameters`.',
        '1.5 x solution',
        { 'at-most': '0.1 x start' },
      ),
      rows: key(
        limit.optional(),
        'Rows that the scans read, those that a filter threw away included, summed over `parameters`.',
        '1.5 x solution',
        { 'at-most': 1000 },
      ),
      workers: key(
        z
          .union(
            [
              z.literal('none'),
              z.int().positive(),
              z.strictObject({ 'at-least': key(z.int().positive(), 'The fewest workers planned.', 2) }),
            ],
            {
              error: 'must be none, a number of workers, or { at-least: 2 }',
            },
          )
          .transform((value) => (value === 'none' ? 0 : typeof value === 'number' ? value : value['at-least']))
          .optional(),
        'Parallel workers that the plan asks for at least, or `none`. Only where it is stated may a checked plan be parallel.',
        'none',
        2,
      ),
    })
    .refine(
      (plan) => FACTS.some((fact) => plan[fact] !== undefined),
      `needs a fact that must hold: ${FACTS.join(', ')}`,
    ),
  'Facts of the plan that a query has: how tables are read and joined, what it costs in blocks and rows. Never its text.',
  { reads: { orders: 'index' }, buffers: '1.5 x solution' },
);

export type PlanExpectation = z.output<typeof planSchema>;
