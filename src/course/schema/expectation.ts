import * as z from 'zod';
import { answerSchema } from './answer';
import { indexSchema, tableSchema } from './catalog';
import { key } from './key';
import { planSchema } from './plan';
import { checklistSchema, choiceSchema } from './quiz';
import { rowsSchema } from './rows';
import { settingSchema, stateSchema } from './state';

const dataSchema = key(
  z.literal('unchanged', { error: 'must be unchanged' }),
  'The tables of the data set hold the rows that they held at the start. Earns nothing: it must only not be broken.',
  'unchanged',
);

/** What may stand beside the kind. */
const beside = {
  points: key(
    z.number().nonnegative().optional(),
    'Its share of the exercise’s points, beside the others’; 1 without it. 0 for what the starter meets already.',
    3,
  ),
  message: key(
    z.string().min(1).optional(),
    'Shown instead of the check’s own sentence where it does not hold.',
    'The orders of one customer are still looked for in the whole table.',
  ),
};

const expectations = [
  z.strictObject({ rows: rowsSchema, ...beside }),
  z.strictObject({ plan: planSchema, ...beside }),
  z.strictObject({ state: stateSchema, ...beside }),
  z.strictObject({ setting: settingSchema, ...beside }),
  z.strictObject({ index: indexSchema, ...beside }),
  z.strictObject({ table: tableSchema, ...beside }),
  z.strictObject({ answer: answerSchema, ...beside }),
  z.strictObject({ choice: choiceSchema, ...beside }),
  z.strictObject({ checklist: checklistSchema, ...beside }),
  z.strictObject({ data: dataSchema, ...beside }),
] as const;

export const expectationSchema = z.union(expectations, { error: 'must be one of the kinds of expectation' });

export type Expectation = z.output<typeof expectationSchema>;

/** The kinds, for messages: a union's own message names none of them. */
export const EXPECTATION_KINDS: Readonly<Record<string, z.ZodType>> = {
  rows: rowsSchema,
  plan: planSchema,
  state: stateSchema,
  setting: settingSchema,
  index: indexSchema,
  table: tableSchema,
  answer: answerSchema,
  choice: choiceSchema,
  checklist: checklistSchema,
  data: dataSchema,
};
