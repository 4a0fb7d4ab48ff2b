import * as z from 'zod';
import { key, relationName } from './key';
import { tolerance } from './rows';

/** The node of a plan that an expectation is about; without it, the root. */
const nodeSelector = z.strictObject({
  type: key(z.string().optional(), 'Its name in EXPLAIN’s text form.', 'Seq Scan'),
  relation: key(relationName.optional(), 'The table that it reads.', 'orders'),
  most: key(
    z.enum(['exclusive-buffers', 'buffers', 'rows', 'estimate-error']).optional(),
    'Of those that fit, the one with the most of it.',
    'exclusive-buffers',
  ),
});

export const TAKES = [
  'buffers',
  'exclusive-buffers',
  'rows',
  'rows-per-loop',
  'planned-rows',
  'loops',
  'removed',
  'temp',
  'type',
  'relation',
  'index',
] as const;

const SOURCE = 'needs query, plan or accept';

export const answerSchema = key(
  z
    .strictObject({
      query: key(
        z.string().optional(),
        'A query over the live database; every value it returns is a right answer.',
        'SELECT count(*) FROM orders',
      ),
      plan: key(
        z
          .strictObject({
            query: key(
              z.string(),
              'The query whose plan holds the answer; it runs when the answer is checked.',
              'SELECT * FROM orders',
            ),
            node: key(nodeSelector.optional(), 'The node that holds it; without it, the root.', { relation: 'orders' }),
            take: key(
              z.enum(TAKES),
              'What is asked of the node: buffers (with or without those below it), rows over all loops or of one, estimated rows, loops, rows removed by filters, temporary blocks, or its type, table or index.',
              'exclusive-buffers',
            ),
          })
          .optional(),
        'A figure or a name of a plan that is made when the answer is checked.',
        { query: 'SELECT * FROM orders', take: 'buffers' },
      ),
      accept: key(
        z
          .array(z.union([z.string().min(1), z.number()]))
          .min(1)
          .optional(),
        'Forms of the answer that are right as well, whatever the database holds.',
        ['sequential scan', 'seq scan'],
      ),
      label: key(
        z
          .string()
          .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
          .optional(),
        'Where an exercise asks for several answers: this one stands behind `-- answer LABEL:`.',
        'blocks',
      ),
      tolerance: key(
        tolerance.default(0),
        'How far a number may be off: a number, or a percentage of the right one.',
        10,
        '5 %',
      ),
    })
    .refine((answer) => answer.query !== undefined || answer.plan !== undefined || answer.accept !== undefined, SOURCE)
    .refine((answer) => answer.query === undefined || answer.plan === undefined, 'takes either query or plan'),
  'What the student writes behind `-- answer:` is what the database says now, or said at the start where the solution answers so. Case, spacing, digit separators and a unit do not count.',
  { query: 'SELECT count(*) FROM orders' },
);

export type AnswerExpectation = z.output<typeof answerSchema>;
export type NodeSelector = z.output<typeof nodeSelector>;
