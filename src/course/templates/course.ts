import { frontMatter } from './lesson';
import { titleFrom, yamlText } from './names';

/** A file to write: its path below the course's folder, with `/`, and its text. */
export interface TemplateFile {
  readonly path: string;
  readonly text: string;
}

export interface CourseOptions {
  readonly id: string;
  readonly title: string;
}

/** The lesson of a new course that is opened first. */
export const FIRST_LESSON = 'lessons/01-first-lesson.md';

/** A whole course that verifies as it is: a section, a lesson with one exercise, a data set. */
export function courseFiles({ id, title }: CourseOptions): TemplateFile[] {
  const name = titleFrom(title);
  return [
    { path: 'course.yaml', text: courseYaml(id, name) },
    { path: 'README.md', text: readme(name) },
    { path: FIRST_LESSON, text: FIRST_LESSON_TEXT },
    { path: 'datasets/library.sql', text: LIBRARY },
  ];
}

function courseYaml(id: string, title: string): string {
  return `# Progress is kept under the id: it stays when the title changes.
id: ${id}
title: ${yamlText(title)}
description: What the course is about, in one or two sentences.
# A section is a folder; its lessons are the folder's *.md files, in the order of their names.
sections:
  - folder: lessons
    title: Lessons
`;
}

function readme(title: string): string {
  return `# ${title}

A course for [Postgres Lessons](https://github.com/postgres-lessons/pg-lessons). Open this folder in VS Code: the lessons are in the Lessons view.

| File | What it is |
|---|---|
| \`course.yaml\` | the course's id, its title, its sections |
| \`lessons/\` | a section: one markdown file for each lesson |
| \`datasets/library.sql\` | the rows that lessons with \`dataset: library\` work on |

\`pg-lessons lint .\` reads every lesson; \`pg-lessons verify .\` proves every exercise: the starter fails, the solution passes, each wrong answer fails with its message.
`;
}

const FIRST_LESSON_TEXT = `${frontMatter('tutorial', { id: 'first-lesson', title: 'First Lesson', dataset: 'library' })}
You work in a database of your own: a town library with 2,000 members and two years of loans, 50,000 in all. This lesson makes one of its queries fast.

## Learning Objectives

After this lesson you can

- see in a plan how much of a table a query reads;
- choose the columns of an index, and their order.

## Prerequisites

- SQL: \`SELECT\` with \`WHERE\`.

## Key Concepts

Without an index PostgreSQL reads a table from end to end, whatever the query wants of it. A B-tree index leads straight to the rows that have a value, or lie in a range of values.

## Examples

The primary key is an index, so this query goes straight to its row:

\`\`\`sql run
EXPLAIN (COSTS OFF) SELECT member_id, lent_on FROM loans WHERE id = 4242;
\`\`\`

\`\`\`text output
Index Scan using loans_pkey on loans
  Index Cond: (id = 4242)
\`\`\`

Press **Explain Analyze** on this one and see how many rows it throws away:

\`\`\`sql run
SELECT id, lent_on FROM loans WHERE book_id = 42;
\`\`\`

## Practice Exercises

### The loans of a member

The desk looks up what a member has borrowed since October. The query reads all 50,000 loans for it. Create an index that leads to these loans and to no others.

\`\`\`yaml exercise
id: loans-of-a-member
points: 10
expect:
  - plan:
      query: SELECT id, book_id, lent_on FROM loans WHERE member_id = $1 AND lent_on >= DATE '2025-10-01'
      parameters: [[42], [1337], [7]]
      reads: { loans: index }
      buffers: { at-most: 2 x solution }
  - data: unchanged
\`\`\`
\`\`\`sql starter
SELECT id, book_id, lent_on FROM loans WHERE member_id = 42 AND lent_on >= DATE '2025-10-01';
\`\`\`
\`\`\`md hint
The query has two conditions. Which of them leaves fewer rows?
\`\`\`
\`\`\`md hint
An index may have both columns. The one that is compared with \`=\` comes first.
\`\`\`
\`\`\`sql solution
CREATE INDEX ON loans (member_id, lent_on);
\`\`\`
\`\`\`sql alternative "a covering index"
CREATE INDEX ON loans (member_id, lent_on) INCLUDE (book_id);
\`\`\`
\`\`\`sql wrong "This index leads to the loans of these months, of all 2,000 members. Which condition leaves fewer?"
CREATE INDEX ON loans (lent_on);
\`\`\`
\`\`\`sql wrong "This index leads to all loans of the member, the old ones too. What would leave them out?"
CREATE INDEX ON loans (member_id);
\`\`\`

## Summary

- Without an index, a query reads the whole table.
- Columns compared with \`=\` come first in an index, then the one with a range.
`;

const LIBRARY = `-- The data set "library": a town library with two years of loans.
--
--   members   2,000   who may borrow
--   books       500   what can be borrowed
--   loans    50,000   2024-01-01 to 2025-12-31, in the order of their days
--
-- The rows are the same on every server and in every version: each value comes from a hash of its row's
-- number and the seed, never from random() or now().
-- A check also asks a query of other rows than these, so that nobody can write the answer down:
-- variant seed=2 members=300 loans=4000
\\set seed 1
\\set members 2000
\\set loans 50000

CREATE TABLE members (
  id        integer PRIMARY KEY,
  name      text NOT NULL,
  joined_on date NOT NULL
);

INSERT INTO members
SELECT n, 'Member ' || n, DATE '2020-01-01' + (n % 1000)::integer
FROM generate_series(1, :members) AS n;

CREATE TABLE books (
  id    integer PRIMARY KEY,
  title text NOT NULL
);

INSERT INTO books
SELECT n, 'Book ' || n
FROM generate_series(1, 500) AS n;

CREATE TABLE loans (
  id          integer PRIMARY KEY,
  member_id   integer NOT NULL REFERENCES members,
  book_id     integer NOT NULL REFERENCES books,
  lent_on     date NOT NULL,
  returned_on date
);

INSERT INTO loans
SELECT n,
       1 + (hashint8extended(n, :seed) & 1073741823) % :members,
       1 + (hashint8extended(n, :seed + 1) & 1073741823) % 500,
       DATE '2024-01-01' + (731 * (n - 1) / :loans)::integer,
       CASE WHEN n % 20 > 0 THEN DATE '2024-01-01' + (731 * (n - 1) / :loans)::integer + 14 END
FROM generate_series(1::bigint, :loans) AS n;
`;
