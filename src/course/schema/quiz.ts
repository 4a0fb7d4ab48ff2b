import * as z from 'zod';
import { key } from './key';

const itemId = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens, such as a');

const option = z
  .union(
    [
      z.string().min(1),
      z.strictObject({
        text: key(z.string().min(1), 'What the student reads; markdown.', 'A sequential scan'),
        message: key(
          z.string().min(1).optional(),
          'Shown when this option is chosen and wrong.',
          'Would a tenth of the blocks be read then?',
        ),
      }),
    ],
    { error: 'must be a text, or { text: …, message: … }' },
  )
  .transform((value): ChoiceOption => (typeof value === 'string' ? { text: value } : value));

export interface ChoiceOption {
  /** Markdown. */
  readonly text: string;
  readonly message?: string | undefined;
}

const explanation = key(
  z.string().min(1).optional(),
  'Shown once it is passed: why this is right; markdown.',
  'More than half of the rows match.',
);

export const choiceSchema = key(
  z
    .strictObject({
      options: key(
        z.record(itemId, option),
        'What can be chosen, in this order, under ids that stay when the order changes.',
        { a: 'A sequential scan', b: { text: 'An index scan', message: 'How many rows match?' } },
      ),
      right: key(
        z
          .union([z.string(), z.number(), z.array(z.union([z.string(), z.number()])).min(1)], {
            error: 'must be the id of an option, or a list of ids',
          })
          .transform((value) => (Array.isArray(value) ? value : [value]).map(String)),
        'The id of the right option; a list where all of several are to be chosen.',
        'a',
        ['a', 'c'],
      ),
      explanation,
    })
    .superRefine(({ options, right }, context) => {
      const ids = Object.keys(options);
      if (ids.length < 2) context.addIssue({ code: 'custom', path: ['options'], message: 'must be at least two' });
      for (const id of right) {
        if (!Object.hasOwn(options, id))
          context.addIssue({ code: 'custom', path: ['right'], message: `must be ids of options; “${id}” is none` });
      }
      if (new Set(right).size !== right.length)
        context.addIssue({ code: 'custom', path: ['right'], message: 'must name each option once' });
    }),
  'One or several of some options are right. Such an exercise has no SQL: the card shows the options.',
  { options: { a: 'A sequential scan', b: 'An index scan' }, right: 'a' },
);

const item = z
  .union(
    [
      z.string().min(1),
      z.strictObject({
        text: key(z.string().min(1), 'What the student reads; markdown.', 'A restore was tried this month.'),
        optional: key(z.boolean().default(false), 'It need not be ticked.', true),
      }),
    ],
    { error: 'must be a text, or { text: …, optional: true }' },
  )
  .transform((value): ChecklistItem => (typeof value === 'string' ? { text: value, optional: false } : value));

export interface ChecklistItem {
  /** Markdown. */
  readonly text: string;
  readonly optional: boolean;
}

export const checklistSchema = key(
  z
    .strictObject({
      items: key(
        z.record(itemId, item),
        'What is to be ticked off, in this order, under ids that stay when the order changes.',
        {
          restore: 'A restore was tried this month.',
          alerts: { text: 'Somebody is called at night.', optional: true },
        },
      ),
      explanation,
    })
    .refine(({ items }) => Object.keys(items).length > 0, { path: ['items'], message: 'must be at least one' }),
  'A list of boxes that the student ticks. Such an exercise has no SQL: the card shows the boxes; each box earns its share.',
  { items: { restore: 'A restore was tried this month.' } },
);

export type ChoiceExpectation = z.output<typeof choiceSchema>;
export type ChecklistExpectation = z.output<typeof checklistSchema>;
