import { parts, plainText, snippetText, stop, type Part } from './parts';

/** What a new exercise is about: the kind of its first expectation. */
export const EXERCISE_KINDS = [
  'rows',
  'plan',
  'index',
  'table',
  'setting',
  'state',
  'answer',
  'choice',
  'checklist',
] as const;
export type ExerciseKind = (typeof EXERCISE_KINDS)[number];

export interface ExerciseOptions {
  /** Not used in the lesson yet. */
  readonly id: string;
  /** A table of the lesson's data set and one of its columns. */
  readonly table?: string;
  readonly column?: string;
}

/** An exercise to insert into a lesson, in VS Code's snippet syntax. Complete: it verifies before it is filled in. */
export function exerciseSnippet(kind: ExerciseKind, options: ExerciseOptions): string {
  return snippetText(exercise(kind, options));
}

/** The same as text. */
export function exerciseText(kind: ExerciseKind, options: ExerciseOptions): string {
  return plainText(exercise(kind, options));
}

function exercise(kind: ExerciseKind, { id, table = 'loans', column = 'member_id' }: ExerciseOptions): Part[] {
  const name = stop(2, id);
  // the same stop wherever the table or the column stands
  return BODIES[kind](name, stop(3, table), stop(4, column));
}

type Body = (id: Part, table: Part, column: Part) => Part[];

const BODIES: Readonly<Record<ExerciseKind, Body>> = {
  rows: (id, table, column) => parts`### ${stop(1, 'Count by group')}

${stop(5, 'Show each value and how often it occurs.')} Write the query, then check.

\`\`\`yaml exercise
id: ${id}
points: 10
expect:
  - rows: {}
\`\`\`
\`\`\`sql starter
SELECT ${column} FROM ${table};
\`\`\`
\`\`\`md hint
${stop(6, 'Which clause makes one row of many?')}
\`\`\`
\`\`\`sql solution
SELECT ${column}, count(*) FROM ${table} GROUP BY ${column};
\`\`\`
\`\`\`sql wrong "${stop(7, 'Each value is there once, but how often does it occur?')}"
SELECT DISTINCT ${column} FROM ${table};
\`\`\`
`,

  plan: (id, table, column) => parts`### ${stop(1, 'Make it fast')}

${stop(5, 'The query below reads the whole table for a few rows.')} Change the database so that it does not have to.

\`\`\`yaml exercise
id: ${id}
points: 10
expect:
  - plan:
      query: SELECT * FROM ${table} WHERE ${column} = $1
      parameters: [[${stop(6, '1')}], [${stop(7, '2')}]]
      reads: { ${table}: index }
      buffers: { at-most: 1.5 x solution }
  - data: unchanged
\`\`\`
\`\`\`sql starter
SELECT * FROM ${table} WHERE ${column} = ${stop(8, '1')};
\`\`\`
\`\`\`md hint
${stop(9, 'Which rows does the condition leave, and what would lead straight to them?')}
\`\`\`
\`\`\`sql solution
CREATE INDEX ON ${table} (${column});
\`\`\`
\`\`\`sql wrong "${stop(10, 'The table is still read from end to end: the condition compares the bare column.')}"
CREATE INDEX ON ${table} ((${column}::text));
\`\`\`
`,

  index: (id, table, column) => parts`### ${stop(1, 'Forbid duplicates')}

${stop(5, 'Nothing keeps two rows from having the same value.')} Create a unique index on \`${table}\` that does.

\`\`\`yaml exercise
id: ${id}
points: 10
expect:
  - index:
      table: ${table}
      on: [${column}, id]
      unique: true
\`\`\`
\`\`\`sql starter
SELECT indexdef FROM pg_indexes WHERE tablename = '${table}';
\`\`\`
\`\`\`md hint
${stop(6, 'CREATE INDEX has a word for it.')}
\`\`\`
\`\`\`sql solution
CREATE UNIQUE INDEX ON ${table} (${column}, id);
\`\`\`
\`\`\`sql wrong "${stop(7, 'The index is there, but it lets duplicates in.')}"
CREATE INDEX ON ${table} (${column}, id);
\`\`\`
`,

  table: (id, table, column) => parts`### ${stop(1, 'Better statistics')}

${stop(5, 'The estimates on one column are poor.')} Let the next \`ANALYZE\` collect more about \`${column}\`.

\`\`\`yaml exercise
id: ${id}
points: 10
expect:
  - table:
      name: ${table}
      columns:
        ${column}: { statistics: ${stop(6, '500')} }
\`\`\`
\`\`\`sql starter
SELECT attstattarget FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attname = '${column}';
\`\`\`
\`\`\`md hint
${stop(7, 'ALTER TABLE can change a column without touching its rows.')}
\`\`\`
\`\`\`sql solution
ALTER TABLE ${table} ALTER COLUMN ${column} SET STATISTICS ${stop(6, '500')};
\`\`\`
\`\`\`sql wrong "${stop(8, 'More is collected, but less than is needed here.')}"
ALTER TABLE ${table} ALTER COLUMN ${column} SET STATISTICS 200;
\`\`\`
`,

  setting: (id) => parts`### ${stop(1, 'Memory for sorts')}

${stop(3, 'A report sorts more than fits its memory.')} Give this session what it needs.

\`\`\`yaml exercise
id: ${id}
points: 10
expect:
  - setting:
      name: ${stop(4, 'work_mem')}
      at-least: ${stop(5, '64MB')}
      scope: session
\`\`\`
\`\`\`sql starter
SHOW ${stop(4, 'work_mem')};
\`\`\`
\`\`\`md hint
${stop(6, 'Which statement changes a setting for one session?')}
\`\`\`
\`\`\`sql solution
SET ${stop(4, 'work_mem')} = '${stop(5, '64MB')}';
\`\`\`
\`\`\`sql wrong "${stop(7, 'Without a unit the number is in kB.')}"
SET ${stop(4, 'work_mem')} = 64;
\`\`\`
`,

  state: (id, table, column) => parts`### ${stop(1, 'Say what it holds')}

${stop(5, 'Nobody knows what this table is for.')} Change the database.

\`\`\`yaml exercise
id: ${id}
points: 10
expect:
  - state:
      query: SELECT obj_description('${table}'::regclass) IS NOT NULL
      message: ${stop(6, 'The table has no comment.')}
\`\`\`
\`\`\`sql starter
SELECT obj_description('${table}'::regclass);
\`\`\`
\`\`\`md hint
${stop(7, 'Which statement describes an object?')}
\`\`\`
\`\`\`sql solution
COMMENT ON TABLE ${table} IS 'Who borrowed what, and when';
\`\`\`
\`\`\`sql wrong "${stop(8, 'That describes a column, not the table.')}"
COMMENT ON COLUMN ${table}.${column} IS 'Who borrowed what, and when';
\`\`\`
`,

  answer: (id) => parts`### ${stop(1, 'Count the days')}

${stop(3, 'How many days has the year 2028?')} Write the number behind \`-- answer:\`.

\`\`\`yaml exercise
id: ${id}
points: 10
expect:
  - answer:
      query: ${stop(4, "SELECT count(*) FROM generate_series(date '2028-01-01', '2028-12-31', '1 day')")}
\`\`\`
\`\`\`sql starter
-- answer:

${stop(5, "SELECT date '2028-12-31' - date '2028-01-01';")}
\`\`\`
\`\`\`md hint
${stop(6, 'Do both the first and the last day count?')}
\`\`\`
\`\`\`sql solution
-- answer: ${stop(7, '366')}
\`\`\`
\`\`\`sql wrong "${stop(8, 'The difference of two dates leaves one of them out.')}"
-- answer: ${stop(9, '365')}
\`\`\`
`,

  choice: (id) => parts`### ${stop(1, 'What EXPLAIN does')}

${stop(3, 'What does `EXPLAIN`, without any option, do with a statement?')}

\`\`\`yaml exercise
id: ${id}
points: 5
expect:
  - choice:
      options:
        plans: ${stop(4, 'It plans the statement, and nothing runs.')}
        runs:
          text: ${stop(5, 'It runs the statement and shows what happened.')}
          message: ${stop(6, 'Which option makes it run the statement?')}
        checks:
          text: ${stop(7, 'It checks the syntax, and nothing else.')}
          message: ${stop(8, 'Where would the costs come from then?')}
      right: plans
      explanation: ${stop(9, 'Only ANALYZE runs it.')}
\`\`\`
`,

  checklist: (id) => parts`### ${stop(1, 'Ready')}

${stop(3, 'Tick what is done.')}

\`\`\`yaml exercise
id: ${id}
points: 5
expect:
  - checklist:
      items:
        first: ${stop(4, 'The first thing is done.')}
        second: ${stop(5, 'The second thing is done.')}
        third:
          text: ${stop(6, 'The third, which is not needed by everybody.')}
          optional: true
\`\`\`
`,
};
