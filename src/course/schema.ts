/** The lesson format: one zod schema for each YAML document an author writes. */
// the namespace, not the object `z`: that one keeps every locale in the bundle
import * as z from 'zod';

const id = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens, such as missing-index');

const LESSON_KINDS = ['installation', 'tutorial', 'workshop', 'homework', 'resource', 'quiz', 'checklist'] as const;

export const courseSchema = z.strictObject({
  id,
  title: z.string().min(1),
  description: z.string().default(''),
  /** Folders of lessons, in the course's order; a folder's lessons are its `*.md` files in name order. */
  sections: z.array(z.strictObject({ folder: z.string().min(1), title: z.string().min(1) })).min(1),
});

export const frontMatterSchema = z.strictObject({
  /** Progress is kept under it: it stays when the file, the title or the order changes. */
  id,
  title: z.string().min(1),
  kind: z.enum(LESSON_KINDS),
  minutes: z.int().positive(),
  /** A file of the course's `datasets/` folder, without `.sql`. */
  dataset: z.string().optional(),
  needs: z.array(z.string()).default([]),
});

/** `1.5 x solution`, `0.1 x start`, or a number. */
const bound = z.union([
  z.number().nonnegative(),
  z
    .string()
    .regex(
      /^\d+(?:\.\d+)?\s*x\s*(?:solution|start)$/,
      'must be a number, or such as "1.5 x solution" or "0.1 x start"',
    ),
]);

/** Values for $1, $2 …; PostgreSQL takes them as text. */
const parameters = z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])));

export const ACCESS = ['seq', 'index', 'index-only', 'bitmap'] as const;

/** The node of a plan that an expectation is about; without it, the root. */
const nodeSelector = z.strictObject({
  type: z.string().optional(),
  relation: z.string().optional(),
  most: z.enum(['exclusive-buffers', 'buffers', 'rows', 'estimate-error']).optional(),
});

const rowsSchema = z.strictObject({
  /** Sort keys that must hold: `total desc`, `id`. Without it, order does not count. */
  order: z.array(z.string()).optional(),
  /** Column names must match too. */
  columns: z.boolean().default(false),
  /** Absolute difference allowed between numbers. */
  tolerance: z.number().nonnegative().default(0),
});

const planSchema = z.strictObject({
  /** Without it: the student's, the last query of the exercise file. */
  query: z.string().optional(),
  /** Hidden values for $1 …; the query runs once for each row of them. */
  parameters: parameters.optional(),
  /** How relations are read. `index` is any way through an index. */
  reads: z.record(z.string(), z.enum(ACCESS)).optional(),
  uses: z.array(z.string()).optional(),
  avoids: z.array(z.string()).optional(),
  /** Shared blocks of 8 kB, hit and read, of the whole plan, summed over `parameters`. */
  buffers: z.strictObject({ 'at-most': bound }).optional(),
  /** The worst ratio of estimated and actual rows over the nodes. */
  estimate: z.strictObject({ 'at-most': z.number().min(1) }).optional(),
});

const answerSchema = z
  .strictObject({
    query: z.string().optional(),
    plan: z
      .strictObject({
        query: z.string(),
        node: nodeSelector.optional(),
        take: z.enum(['buffers', 'exclusive-buffers', 'rows', 'loops', 'removed', 'type', 'relation']),
      })
      .optional(),
    /** A number, or a percentage such as `10 %`. */
    tolerance: z
      .union([
        z.number().nonnegative(),
        z.string().regex(/^\d+(?:\.\d+)?\s*%$/, 'must be a number or a percentage such as "10 %"'),
      ])
      .default(0),
  })
  .refine((answer) => (answer.query === undefined) !== (answer.plan === undefined), 'needs either query or plan');

const stateSchema = z.strictObject({
  /** A query that returns one true. */
  query: z.string(),
  /** Shown when it is not true. */
  message: z.string(),
});

const expectationSchema = z.union([
  z.strictObject({ rows: rowsSchema.nullable().transform((rows) => rows ?? rowsSchema.parse({})) }),
  z.strictObject({ plan: planSchema }),
  z.strictObject({ answer: answerSchema }),
  z.strictObject({ state: stateSchema }),
  z.strictObject({ data: z.literal('unchanged') }),
]);

/** The kinds, for messages: a union's own message names none of them. */
export const EXPECTATION_KINDS: Readonly<Record<string, z.ZodType>> = {
  rows: rowsSchema.nullable(),
  plan: planSchema,
  answer: answerSchema,
  state: stateSchema,
  data: z.literal('unchanged'),
};

export const exerciseSchema = z.strictObject({
  id,
  points: z.int().positive().default(10),
  /** Which part of the course's assessment the points count for. */
  counts: z.enum(['query-optimization', 'configuration', 'backup-recovery', 'monitoring']).optional(),
  expect: z.array(expectationSchema).min(1),
});

export type FrontMatter = z.infer<typeof frontMatterSchema>;
export type ExerciseFile = z.infer<typeof exerciseSchema>;
export type Expectation = z.infer<typeof expectationSchema>;
export type RowsExpectation = z.infer<typeof rowsSchema>;
export type PlanExpectation = z.infer<typeof planSchema>;
export type AnswerExpectation = z.infer<typeof answerSchema>;
export type StateExpectation = z.infer<typeof stateSchema>;
export type NodeSelector = z.infer<typeof nodeSelector>;
