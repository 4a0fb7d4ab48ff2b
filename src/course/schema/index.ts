/**
 * The lesson format: one zod schema for each YAML document an author writes. Descriptions and examples on every key
 * are what authors read: completion, hover, the JSON schema and the reference are made of them.
 */
// the namespace, not the object `z`: that one keeps every locale in the bundle
import * as z from 'zod';
import { expectationSchema, type Expectation } from './expectation';
import { key } from './key';

export { ACCESS, type Access, type Bound, type Join, type JoinMethod, type PlanExpectation, type Read } from './plan';
export type { AnswerExpectation, NodeSelector } from './answer';
export type { ColumnFacts, IndexExpectation, TableExpectation } from './catalog';
export type { ChecklistExpectation, ChecklistItem, ChoiceExpectation, ChoiceOption } from './quiz';
export type { RowsExpectation } from './rows';
export type { SettingExpectation, StateExpectation } from './state';
export { EXPECTATION_KINDS, expectationSchema, type Expectation } from './expectation';
export { KINDS, type Kind } from './kinds';
export { NODE_TYPES } from './nodeTypes';

const id = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens, such as missing-index');

export const LESSON_KINDS = [
  'installation',
  'tutorial',
  'workshop',
  'homework',
  'resource',
  'quiz',
  'checklist',
] as const;

export const courseSchema = z.strictObject({
  id: key(id, 'Progress is kept under it: it stays when the folder or the title changes.', 'postgres-optimization'),
  title: key(z.string().min(1), 'What students see in the tree.', 'Serving with PostgreSQL'),
  description: key(z.string().default(''), 'A sentence or two about the course.', 'Three weeks, advanced.'),
  sections: key(
    z
      .array(
        z.strictObject({
          folder: key(
            z.string().min(1),
            'The folder, below the course’s; its lessons are its *.md files in name order.',
            'tutorials',
          ),
          title: key(z.string().min(1), 'What students see in the tree.', 'Tutorials'),
        }),
      )
      .min(1),
    'Folders of lessons, in the course’s order.',
    [{ folder: 'tutorials', title: 'Tutorials' }],
  ),
});

export const frontMatterSchema = z.strictObject({
  id: key(id, 'Progress is kept under it: it stays when the file, the title or the order changes.', 'index-tuning'),
  title: key(z.string().min(1), 'What students see in the tree and above the lesson.', 'Index tuning'),
  kind: key(z.enum(LESSON_KINDS), 'What sort of lesson it is; it decides which sections must be there.', 'tutorial'),
  minutes: key(z.int().positive(), 'How long a student needs, about.', 60),
  dataset: key(z.string().optional(), 'A file of the course’s datasets/ folder, without .sql.', 'shop'),
  needs: key(
    z.array(z.string()).default([]),
    'What the lesson cannot do without: parallel-query, restart, replication, extension:NAME …',
    ['extension:pg_trgm'],
  ),
});

export const ASSESSMENTS = ['query-optimization', 'configuration', 'backup-recovery', 'monitoring'] as const;

export const exerciseSchema = z
  .strictObject({
    id: key(id, 'Progress is kept under it: it stays when the heading or the order changes.', 'missing-index'),
    points: key(z.int().positive().default(10), 'What it is worth.', 10),
    counts: key(
      z.enum(ASSESSMENTS).optional(),
      'Which part of the course’s assessment the points count for.',
      'query-optimization',
    ),
    expect: key(
      z.array(expectationSchema).min(1),
      'What must hold when it is checked. All of it passes; some of it earns its share of the points.',
      [{ rows: { order: ['id'] } }, { data: 'unchanged' }],
    ),
  })
  .superRefine(({ expect }, context) => {
    const quiz = expect.findIndex(isQuiz);
    if (quiz !== -1 && expect.length > 1)
      context.addIssue({
        code: 'custom',
        path: ['expect', quiz],
        message: 'must stand alone: a choice or a checklist is an exercise of its own',
      });
    const seen = new Set<string>();
    for (const [at, expectation] of expect.entries()) {
      if (!('answer' in expectation)) continue;
      const label = expectation.answer.label ?? '';
      if (seen.has(label))
        context.addIssue({
          code: 'custom',
          path: ['expect', at, 'answer'],
          message: 'needs a label of its own: another answer stands on the same line',
        });
      seen.add(label);
    }
  });

/** A choice or a checklist: an exercise without SQL. */
function isQuiz(expectation: Expectation): boolean {
  return 'choice' in expectation || 'checklist' in expectation;
}

/**
 * What stands behind `-- answer:` in the solution of an exercise without SQL: the right options, or every box.
 * @returns undefined for an exercise with SQL
 */
export function quizAnswer(expect: readonly Expectation[]): string | undefined {
  for (const expectation of expect) {
    if ('choice' in expectation) return expectation.choice.right.join(', ');
    if ('checklist' in expectation) return Object.keys(expectation.checklist.items).join(', ');
  }
  return undefined;
}

export type FrontMatter = z.output<typeof frontMatterSchema>;
export type ExerciseFile = z.output<typeof exerciseSchema>;
