import type { FrontMatter } from '../schema';
import { exerciseText } from './exercise';
import { titleFrom, yamlText } from './names';

export const LESSON_KINDS = [
  'tutorial',
  'workshop',
  'homework',
  'installation',
  'resource',
  'quiz',
  'checklist',
] as const satisfies readonly FrontMatter['kind'][];
export type LessonKind = FrontMatter['kind'];

export interface LessonOptions {
  /** Not used in the course yet. */
  readonly id: string;
  readonly title: string;
  /** A data set of the course. */
  readonly dataset?: string;
}

/** A new lesson's file: every section that its kind asks for, and an exercise where it has any. */
export function lessonTemplate(kind: LessonKind, options: LessonOptions): string {
  return `${frontMatter(kind, options)}\n${BODIES[kind]()}`;
}

/** Front matter alone, with its two lines of `---`. */
export function frontMatter(kind: LessonKind, { id, title, dataset }: LessonOptions): string {
  return [
    '---',
    `id: ${id}`,
    `title: ${yamlText(titleFrom(title))}`,
    `kind: ${kind}`,
    `minutes: ${MINUTES[kind]}`,
    ...(dataset === undefined ? [] : [`dataset: ${yamlText(dataset)}`]),
    'needs: []',
    '---',
    '',
  ].join('\n');
}

const MINUTES: Readonly<Record<LessonKind, number>> = {
  tutorial: 45,
  workshop: 60,
  homework: 90,
  installation: 20,
  resource: 10,
  quiz: 15,
  checklist: 15,
};

/** No table is named in these: they fit every data set. */
const BODIES: Readonly<Record<LessonKind, () => string>> = {
  tutorial: () => `One or two sentences: what the lesson is about, and why it matters.

## Learning Objectives

After this lesson you can

- say what …;
- find …;
- decide when ….

## Prerequisites

- SQL: \`SELECT\` with \`WHERE\` and \`GROUP BY\`.

## Key Concepts

Explain what the examples will show, and no more.

## Examples

A \`sql run\` block has Run and Explain on it:

\`\`\`sql run
SELECT version();
\`\`\`

## Practice Exercises

${exerciseText('answer', { id: 'count-the-days' })}
## Summary

- What to remember, one line each.
`,

  workshop: () => `One or two sentences: what is built here.

## Objective

What works at the end that did not work before.

## Prerequisites

- The lessons to know first.

## Step-by-step Instructions

1. Look at what is there.

\`\`\`sql run
SELECT current_database(), version();
\`\`\`

2. Change it.

${exerciseText('answer', { id: 'count-the-days' })}
## Expected Output

What a person sees when each step went well.

## Troubleshooting

| You see | Because | Do |
|---|---|---|
| \`permission denied\` | the role may not | ask for the right |

## Verification

How to tell that all of it works.

## Next Steps

- The lesson that goes on from here.
`,

  homework: () => `One or two sentences: the situation, as a colleague would tell it.

## Objective

What is to be reached.

## Requirements

${exerciseText('answer', { id: 'count-the-days' })}
## Submission Instructions

Check each exercise. What is passed is kept with your progress.

## Rubric

| Points | For |
|---|---|
| 10 | Count the days |

## Time Estimate

About 90 minutes.
`,

  installation: () => `One or two sentences: what is installed, and what for.

## Prerequisites

- An operating system, and the rights that it takes.

## Steps

1. Install it.

## Verification

\`\`\`sql run
SELECT version();
\`\`\`

## Troubleshooting

| You see | Because | Do |
|---|---|---|
| \`connection refused\` | the server does not run | start it |
`,

  resource: () => `One or two sentences: when to look here.

## At a Glance

| Question | Query |
|---|---|
| Which version is this? | \`SELECT version()\` |

## Queries

\`\`\`sql run
SELECT name, setting, unit FROM pg_settings WHERE source = 'configuration file' ORDER BY name;
\`\`\`
`,

  quiz: () => `One or two sentences: which lessons it asks about.

## Questions

${exerciseText('choice', { id: 'what-explain-does' })}`,

  checklist: () => `One or two sentences: what has to hold before one goes on.

## Before You Go On

${exerciseText('checklist', { id: 'ready' })}`,
};
