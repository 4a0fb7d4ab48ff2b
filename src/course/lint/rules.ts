/** Every rule there is: the docs list them from here, and a problem gets its severity from here. */
import type { Fix, Problem, TextRange } from '../problem';

export interface Rule {
  readonly severity: Problem['severity'];
  /** What it is about, for authors. */
  readonly summary: string;
  /** A lesson's or a course file's lines that break it. */
  readonly example: string;
}

const rule = (severity: Problem['severity'], summary: string, example: string): Rule => ({
  severity,
  summary,
  example,
});

export const RULES = {
  // front matter and YAML
  'no-front-matter': rule('error', 'A lesson starts with front matter between two lines of `---`.', '# Indexes'),
  'invalid-yaml': rule('error', 'Front matter, exercise blocks and `course.yaml` are YAML.', 'title: [a'),
  'unknown-key': rule('error', 'A key that the format does not have.', 'tilte: Indexes'),
  'missing-key': rule('error', 'A key that must be there.', '---\ntitle: Indexes\n---'),
  'wrong-value': rule('error', 'A value of the wrong type or out of its bounds.', 'minutes: an hour'),
  'not-one-of': rule('error', 'A value that is none of those allowed.', 'kind: tutorail'),
  'unknown-kind': rule('error', 'An item of `expect` names no kind of expectation.', '- plann: {}'),
  'one-kind': rule('error', 'An item of `expect` names exactly one kind.', '- { rows: {}, data: unchanged }'),
  // blocks
  'unclosed-fence': rule('error', 'A fenced block is not closed.', '```sql run\nSELECT 1;'),
  'unknown-role': rule(
    'warning',
    'A block’s role is misspelt, or stands behind another language than its own.',
    '```sql stater',
  ),
  'block-in-list': rule(
    'error',
    'A block with a role stands at the left margin, not in a list or quote.',
    '- ```sql run',
  ),
  'backtick-in-label': rule(
    'error',
    'The first line of a block of backticks can have no backtick in it.',
    '```sql wrong "No `x`"',
  ),
  'stray-block': rule('error', 'A block that belongs to an exercise stands below no exercise.', '```md hint'),
  'no-starter': rule('error', 'An exercise needs a starter.', '```yaml exercise'),
  'no-solution': rule('error', 'An exercise needs a solution.', '```yaml exercise'),
  'repeated-block': rule(
    'error',
    'An exercise has one starter and one solution; further right answers are alternatives.',
    '```sql solution\n```\n```sql solution\n```',
  ),
  'unlabelled-wrong': rule('error', 'A wrong answer needs its message in quotes.', '```sql wrong'),
  'unlabelled-alternative': rule('error', 'An alternative needs its name in quotes.', '```sql alternative'),
  'empty-block': rule('warning', 'A block with a role has nothing in it.', '```sql solution\n```'),
  'duplicate-exercise-id': rule('error', 'Two exercises of a lesson have the same id.', 'id: find-it'),
  'stray-output': rule('error', 'A `text output` block stands directly below its `sql run` block.', '```text output'),
  'unknown-mask': rule('error', 'A mask that there is not.', '```text output masking tims'),
  'wrong-versions': rule(
    'error',
    'Behind `on` stand the versions that print it: 18, 16-18 or 17+.',
    '```text output on pg18',
  ),
  // a lesson as a whole
  'missing-section': rule('warning', 'A section that lessons of this kind have is missing.', 'kind: tutorial'),
  'odd-minutes': rule('warning', 'Fewer than 2 or more than 600 minutes.', 'minutes: 6000'),
  'repeated-title': rule(
    'warning',
    'The first heading repeats the title, which is shown above it.',
    'title: Indexes\n---\n# Indexes',
  ),
  'broken-link': rule('error', 'A link leads to a file that there is not.', '[next](02-nothing.md)'),
  'broken-anchor': rule('error', 'A link leads to a heading or an exercise that there is not.', '[above](#nothing)'),
  'broken-image': rule('error', 'An image that there is not.', '![plan](nothing.png)'),
  // exercises
  'no-hint': rule('warning', 'An exercise without a hint.', '```yaml exercise'),
  'no-wrong-answer': rule('warning', 'An exercise without a foreseen wrong answer.', '```yaml exercise'),
  'wrong-is-solution': rule(
    'error',
    'A wrong answer is the same as the solution or an alternative.',
    '```sql wrong "No."',
  ),
  'wrong-is-starter': rule('warning', 'A wrong answer is the same as the starter.', '```sql wrong "No."'),
  'starter-is-solution': rule('error', 'The starter is the same as the solution.', '```sql starter'),
  'repeated-answer': rule('warning', 'Two wrong answers, or two right ones, are the same.', '```sql wrong "No."'),
  'senseless-bound': rule(
    'warning',
    'A bound that the solution cannot meet, or that the starter meets.',
    'buffers: { at-most: 0.5 x solution }',
  ),
  'starter-meets': rule('warning', 'An expectation that the starter meets already.', 'at-most: 100 x start'),
  'unknown-order-key': rule('error', 'A sort key that the solution’s result has no column for.', 'order: [totl desc]'),
  'parameter-count': rule('error', 'The values for `$1` … do not match the query.', "parameters: [['a', 'b']]"),
  'not-one-statement': rule('error', 'A `query` is one statement.', 'query: SELECT 1; SELECT 2'),
  'not-a-query': rule('error', 'A `query` asks for rows.', 'query: DROP TABLE orders'),
  // SQL
  'sql-syntax': rule('error', 'SQL that PostgreSQL cannot parse.', 'SELEC 1;'),
  'starter-syntax': rule(
    'warning',
    'A starter that PostgreSQL cannot parse: fine where it is to be completed.',
    'SELECT FROM WHERE;',
  ),
  'unknown-relation': rule('error', 'A table that neither the data set nor the lesson makes.', 'SELECT * FROM order;'),
  // data sets, needs, course.yaml
  'unknown-dataset': rule('error', 'There is no such file in `datasets/`.', 'dataset: shopp'),
  'dataset-statement': rule(
    'error',
    'A statement that a data set cannot have: it is loaded in one transaction, from its text alone.',
    'VACUUM;',
  ),
  'dataset-parameter': rule(
    'error',
    'A data set’s `\\set` line, or a use of it, is not right.',
    '\\set number-of-rows 10',
  ),
  'dataset-variant': rule('error', 'A data set’s hidden variant is not right.', '-- variant sede=2'),
  'dataset-command': rule('error', 'A command of psql’s that is no SQL.', '\\copy orders FROM orders.csv'),
  'unstable-data': rule(
    'warning',
    'A data set calls what gives other values each time it is loaded: its rows must be the same on every server.',
    'SELECT n, random() FROM generate_series(1, 1000) AS n;',
  ),
  'unknown-need': rule('error', 'A need that there is not.', 'needs: [pgbouncr]'),
  'unmet-need': rule('warning', 'A need that no engine meets yet.', 'needs: [replication]'),
  'unknown-folder': rule('error', 'A section’s folder is not there.', '- { folder: tutorails, title: Tutorials }'),
  'empty-section': rule('warning', 'A section’s folder has no lessons.', '- { folder: workshops, title: Workshops }'),
  'repeated-folder': rule('error', 'Two sections have the same folder.', '- { folder: tutorials, title: More }'),
  'lesson-in-no-section': rule('warning', 'A lesson stands in a folder that is no section.', 'workshops/01.md'),
  'duplicate-lesson-id': rule('error', 'Two lessons of a course have the same id.', 'id: indexes'),
  'unreadable-file': rule('error', 'A file of the course cannot be read.', 'tutorials/01.md'),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleCode = keyof typeof RULES;

export function problem(code: RuleCode, message: string, range: TextRange, fixes: readonly Fix[] = []): Problem {
  return { severity: RULES[code].severity, code, message, range, ...(fixes.length > 0 && { fixes }) };
}

/** One edit with a title. */
export function fix(title: string, range: TextRange, text: string): Fix {
  return { title, edits: [{ range, text }] };
}

/** "Change to “parameters”": the usual fix for a misspelling. */
export function change(range: TextRange, to: string | undefined, shown = to): Fix[] {
  return to === undefined ? [] : [fix(`Change to “${shown ?? to}”`, range, to)];
}

export function insertion(line: number, character = 0): TextRange {
  return { startLine: line, startCharacter: character, endLine: line, endCharacter: character };
}
