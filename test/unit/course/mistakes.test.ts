import assert from 'node:assert/strict';
import { lintCourse } from '../../../src/course/lint/course';
import { RULES, type RuleCode } from '../../../src/course/lint/rules';
import { lessonsOf } from '../../../src/course/lesson';
import { Lines } from '../../../src/course/text';
import type { SqlParser } from '../../../src/sql/parsed';
import { applied, folderOf, sqlParser, under, type Folder } from './support/memoryCourse';

const LESSON = `---
id: indexes
title: Indexes
kind: workshop
minutes: 30
dataset: shop
needs: [parallel-query]
---
## Objective

See [the other one](02-more.md#the-end), [above](#objective), [the exercise](#find-it) and ![a plan](plan.png). \`[no](link.md)\` is none.

## Prerequisites

\`\`\`sql run
SELECT count(*) FROM orders;
\`\`\`
\`\`\`text output masking times
 count
-------
     3
\`\`\`

## Step-by-step instructions

\`\`\`yaml exercise
id: find-it
points: 10
expect:
  - rows: { order: [total desc], columns: true }
  - plan:
      query: SELECT id FROM orders WHERE customer_id = $1 AND total > $2
      parameters: [[1, 10], [2, 20]]
      reads: { orders: index }
      buffers: { at-most: 1.5 x solution }
  - state:
      query: >-
        SELECT count(*) > 0
        FROM customers
      message: There are no customers.
  - data: unchanged
\`\`\`
\`\`\`sql starter
SELECT id, total FROM orders;
\`\`\`
\`\`\`md hint
Look at it.
\`\`\`
\`\`\`sql solution
CREATE INDEX ON orders (customer_id);
SELECT o.id, o.total FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY total DESC;
\`\`\`
\`\`\`sql alternative "another index"
CREATE INDEX ON orders (customer_id, total);
SELECT id, total FROM orders ORDER BY total DESC;
\`\`\`
\`\`\`sql wrong "Not sorted."
SELECT id, total FROM orders WHERE true;
\`\`\`

## Choose

\`\`\`yaml exercise
id: choose
expect:
  - choice:
      options: { a: One, b: Two }
      right: b
\`\`\`

## Expected output

## Troubleshooting

## Verification

## Next steps
`;
const MORE = `---
id: more
title: More
kind: resource
minutes: 10
---
Text.

## The end
`;
const COURSE: Folder = {
  'course.yaml': 'id: c\ntitle: C\nsections:\n  - folder: lessons\n    title: Lessons\n',
  'README.md': '# Not a lesson\n',
  'lessons/01-indexes.md': LESSON,
  'lessons/02-more.md': MORE,
  'lessons/plan.png': '',
  'datasets/shop.sql': `\\set rows 10
CREATE TABLE customers (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, total numeric);
INSERT INTO customers SELECT n, 'x' FROM generate_series(1, :rows) n;
`,
};

interface Mistake {
  readonly code: RuleCode;
  /** In the first lesson unless a path is given: this is replaced by that. */
  readonly change: readonly [string | RegExp, string];
  readonly path?: string;
  /** Exactly this is under the range, behind the text `after`; `undefined`: the text that replaced the right one. */
  readonly at?: string;
  readonly after?: string;
  /** The first fix removes the problem. */
  readonly fixed: boolean;
  readonly message?: RegExp;
}

const first = 'lessons/01-indexes.md';
const mistakes: readonly Mistake[] = [
  // front matter
  { code: 'no-front-matter', change: [/^---\n[^]*?---\n/, ''], at: '## Objective', fixed: true },
  { code: 'no-front-matter', change: ['needs: [parallel-query]\n---\n', 'needs: []\n\n'], at: '---', fixed: true },
  { code: 'invalid-yaml', change: ['title: Indexes', 'title: "Indexes'], at: ']', fixed: false },
  {
    code: 'unknown-key',
    change: ['minutes: 30', 'minutes: 30\ncolour: red'],
    at: 'colour',
    fixed: true,
    message: /Remove it/,
  },
  { code: 'unknown-key', change: ['dataset: shop', 'datset: shop'], at: 'datset', fixed: true, message: /“dataset”/ },
  { code: 'missing-key', change: ['minutes: 30\n', ''], at: 'id: indexes', fixed: true },
  { code: 'missing-key', change: ['id: indexes\n', ''], at: 'title: Indexes', fixed: true, message: /“id” is missing/ },
  { code: 'wrong-value', change: ['minutes: 30', 'minutes: an hour'], at: 'an hour', fixed: false },
  { code: 'wrong-value', change: ['minutes: 30', "minutes: '30'"], at: "'30'", fixed: true },
  { code: 'wrong-value', change: ['id: indexes', 'id: My Lesson'], at: 'My Lesson', fixed: false },
  {
    code: 'wrong-value',
    change: ['needs: [parallel-query]', 'needs: parallel-query'],
    at: 'parallel-query',
    fixed: true,
  },
  {
    code: 'not-one-of',
    change: ['kind: workshop', 'kind: workshp'],
    at: 'workshp',
    fixed: true,
    message: /“workshop”/,
  },
  { code: 'odd-minutes', change: ['minutes: 30', 'minutes: 6000'], at: '6000', fixed: false },
  { code: 'unknown-need', change: ['[parallel-query]', '[paralel-query]'], at: 'paralel-query', fixed: true },
  {
    code: 'unmet-need',
    change: ['[parallel-query]', '[parallel-query, replication]'],
    at: 'replication',
    fixed: false,
  },
  { code: 'unknown-dataset', change: ['dataset: shop', 'dataset: shp'], at: 'shp', fixed: true },
  { code: 'repeated-title', change: ['## Objective', '# Indexes\n\n## Objective'], at: '# Indexes', fixed: true },
  // blocks
  {
    code: 'unclosed-fence',
    change: ['SELECT id, total FROM orders;\n```\n', 'SELECT id, total FROM orders;\n'],
    at: '```sql starter',
    fixed: true,
  },
  {
    code: 'unclosed-fence',
    change: ['## Next steps\n', '## Next steps\n\n```sql\nSELECT 1;\n'],
    at: '```sql',
    after: '## Next steps',
    fixed: true,
  },
  { code: 'unknown-role', change: ['```sql starter', '```sql stater'], at: 'stater', fixed: true },
  { code: 'unknown-role', change: ['```md hint', '```sql hint'], at: 'sql hint', fixed: true },
  {
    code: 'unknown-role',
    change: ['```yaml exercise', '```exercise'],
    at: 'exercise',
    after: 'instructions',
    fixed: true,
  },
  {
    code: 'block-in-list',
    change: ['## Next steps\n', '- a\n\n  ```sql run\n  SELECT 1;\n  ```\n'],
    at: '```sql run',
    after: 'Verification',
    fixed: false,
  },
  {
    code: 'backtick-in-label',
    change: ['"Not sorted."', '"No `ORDER`."'],
    at: '```sql wrong "No `ORDER`."',
    fixed: true,
  },
  {
    code: 'stray-block',
    change: ['## Next steps\n', '## Next steps\n\n```md hint\nx\n```\n'],
    at: '```md hint',
    after: '## Next',
    fixed: false,
  },
  { code: 'no-starter', change: [/```sql starter\n[^]*?```\n/, ''], at: '```yaml exercise', fixed: true },
  { code: 'no-solution', change: [/```sql solution\n[^]*?```\n/, ''], at: '```yaml exercise', fixed: true },
  {
    code: 'repeated-block',
    change: ['```sql alternative "another index"', '```sql solution'],
    at: '```sql solution',
    after: 'JOIN',
    fixed: true,
  },
  { code: 'unlabelled-wrong', change: [' "Not sorted."', ''], at: '```sql wrong', fixed: true },
  {
    code: 'unlabelled-wrong',
    change: [' "Not sorted."', ' “Not sorted.”'],
    at: '```sql wrong “Not sorted.”',
    fixed: true,
  },
  { code: 'unlabelled-alternative', change: [' "another index"', ''], at: '```sql alternative', fixed: true },
  { code: 'empty-block', change: ['Look at it.\n', ''], at: '```md hint', fixed: false },
  {
    code: 'duplicate-exercise-id',
    change: ['id: choose', 'id: find-it'],
    at: 'find-it',
    after: '## Choose',
    fixed: true,
  },
  {
    code: 'stray-output',
    change: ['```\n```text output', '```\n\nIt prints:\n\n```text output'],
    at: '```text output masking times',
    fixed: true,
  },
  { code: 'unknown-mask', change: ['masking times', 'masking tims'], at: 'tims', fixed: true },
  {
    code: 'unknown-mask',
    change: ['output masking times', 'output times'],
    at: 'times',
    fixed: true,
    message: /masking/,
  },
  { code: 'wrong-versions', change: ['output masking', 'output on pg18 masking'], at: 'pg18', fixed: false },
  // expectations
  { code: 'unknown-kind', change: ['- rows:', '- row:'], at: 'row', after: 'expect:\n  - ', fixed: true },
  {
    code: 'one-kind',
    change: ['- data: unchanged', '- data: unchanged\n    rows:'],
    at: 'rows',
    after: 'unchanged\n',
    fixed: false,
  },
  { code: 'unknown-key', change: ['buffers: {', 'bufers: {'], at: 'bufers', fixed: true },
  { code: 'unknown-key', change: ['columns: true', 'column: true'], at: 'column', after: 'desc], ', fixed: true },
  { code: 'missing-key', change: ['      message: There are no customers.\n', ''], at: 'state', fixed: true },
  { code: 'not-one-of', change: ['orders: index', 'orders: indx'], at: 'indx', fixed: true },
  {
    code: 'not-one-of',
    change: ['reads: { orders: index }', 'uses: [Hashjoin]'],
    at: 'Hashjoin',
    fixed: true,
    message: /did you mean Hash Join\.$/,
  },
  { code: 'wrong-value', change: ['1.5 x solution', '1.5 times solution'], at: '1.5 times solution', fixed: false },
  {
    code: 'wrong-value',
    change: ['right: b', 'right: c'],
    at: 'c',
    after: 'right: ',
    fixed: false,
    message: /“c” is none/,
  },
  { code: 'senseless-bound', change: ['1.5 x solution', '0.5 x solution'], at: '0.5 x solution', fixed: false },
  { code: 'senseless-bound', change: ['1.5 x solution', '1 x start'], at: '1 x start', fixed: false },
  { code: 'unknown-order-key', change: ['[total desc]', '[totl desc]'], at: 'totl', fixed: true },
  { code: 'parameter-count', change: ['[2, 20]]', '[2]]'], at: '[2]', after: 'parameters', fixed: false },
  {
    code: 'parameter-count',
    change: ['      parameters: [[1, 10], [2, 20]]\n', ''],
    at: 'SELECT id FROM orders WHERE customer_id = $1 AND total > $2',
    fixed: false,
  },
  { code: 'not-one-statement', change: ['total > $2', 'total > $2; SELECT 2'], at: 'SELECT 2', fixed: false },
  {
    code: 'not-a-query',
    change: [/query: >-\n.*\n.*\n/, 'query: DELETE FROM orders\n'],
    at: 'DELETE FROM orders',
    fixed: false,
  },
  { code: 'unknown-relation', change: ['reads: { orders:', 'reads: { ordrs:'], at: 'ordrs', fixed: true },
  // SQL
  {
    code: 'sql-syntax',
    change: ['SELECT count(*) FROM orders;', "SELECT 'ä😀' FRM orders o p;"],
    at: 'orders',
    after: 'FRM ',
    fixed: false,
  },
  {
    code: 'sql-syntax',
    change: ['SELECT count(*) > 0\n        FROM customers', 'SELECT count(*) > 0\n        FROM WHERE customers'],
    at: 'WHERE',
    after: '> 0',
    fixed: false,
  },
  {
    code: 'starter-syntax',
    change: ['SELECT id, total FROM orders;\n```\n', 'SELECT id, FROM orders;\n```\n'],
    at: 'FROM',
    after: 'sql starter',
    fixed: false,
  },
  {
    code: 'unknown-relation',
    change: ['SELECT count(*) FROM orders;', 'SELECT count(*) FROM order_s;'],
    at: 'order_s',
    fixed: true,
  },
  {
    code: 'unknown-relation',
    change: ['        FROM customers', '        FROM custommers'],
    at: 'custommers',
    fixed: true,
  },
  // answers
  { code: 'no-hint', change: [/```md hint\n[^]*?```\n/, ''], at: '```yaml exercise', fixed: true },
  { code: 'no-wrong-answer', change: [/```sql wrong[^]*?```\n/, ''], at: '```yaml exercise', fixed: true },
  {
    code: 'wrong-is-solution',
    change: [
      'SELECT id, total FROM orders WHERE true;',
      'create index on orders(customer_id, total); SELECT id, total FROM orders ORDER BY total DESC -- x',
    ],
    at: '```sql wrong "Not sorted."',
    fixed: false,
  },
  {
    code: 'wrong-is-starter',
    change: ['SELECT id, total FROM orders WHERE true;', 'SELECT id,total\nFROM orders'],
    at: '```sql wrong "Not sorted."',
    fixed: false,
  },
  {
    code: 'starter-is-solution',
    change: [/```sql solution\n[^]*?```/, '```sql solution\nSELECT id, total FROM orders;\n```'],
    at: '```sql starter',
    fixed: false,
  },
  {
    code: 'repeated-answer',
    change: [
      '```\n\n## Choose',
      '```\n```sql wrong "Again."\nSELECT id, total FROM orders WHERE TRUE\n```\n\n## Choose',
    ],
    at: '```sql wrong "Again."',
    fixed: false,
  },
  // sections, links
  {
    code: 'missing-section',
    change: ['## Verification\n', ''],
    at: 'workshop',
    fixed: true,
    message: /“Verification”/,
  },
  { code: 'broken-link', change: ['02-more.md#the-end', '02-mor.md#the-end'], at: '02-mor.md', fixed: true },
  {
    code: 'broken-link',
    change: ['02-more.md#the-end', '../../02-more.md'],
    at: '../../02-more.md',
    fixed: false,
    message: /out of the course/,
  },
  { code: 'broken-anchor', change: ['#the-end', '#the-ende'], at: 'the-ende', fixed: true },
  { code: 'broken-anchor', change: ['(#objective)', '(#objectve)'], at: 'objectve', fixed: true },
  {
    code: 'broken-anchor',
    change: ['(#find-it)', '(#findit)'],
    at: 'findit',
    fixed: true,
    message: /^There is no heading or exercise #findit in this lesson\. Did you mean #find-it\?$/,
  },
  { code: 'broken-image', change: ['plan.png', 'plam.png'], at: 'plam.png', fixed: true },
  // the course
  {
    code: 'duplicate-lesson-id',
    path: 'lessons/02-more.md',
    change: ['id: more', 'id: indexes'],
    at: 'indexes',
    fixed: true,
  },
  {
    code: 'unknown-folder',
    path: 'course.yaml',
    change: ['folder: lessons', 'folder: lesons'],
    at: 'lesons',
    fixed: true,
  },
  {
    code: 'repeated-folder',
    path: 'course.yaml',
    change: [/$/, '  - folder: lessons\n    title: Again\n'],
    at: 'lessons',
    after: 'title: Lessons',
    fixed: false,
  },
  { code: 'missing-key', path: 'course.yaml', change: ['title: C\n', ''], at: 'id: c', fixed: true },
  {
    code: 'sql-syntax',
    path: 'datasets/shop.sql',
    change: ['REFERENCES customers', 'REFERENCE customers'],
    at: 'REFERENCE',
    fixed: false,
  },
  {
    code: 'dataset-statement',
    path: 'datasets/shop.sql',
    change: [/$/, 'VACUUM orders;\n'],
    at: 'VACUUM',
    fixed: false,
  },
  {
    code: 'dataset-statement',
    path: 'datasets/shop.sql',
    change: [/$/, 'CREATE INDEX CONCURRENTLY ON orders (total);\n'],
    at: 'CREATE',
    after: ':rows) n;',
    fixed: false,
  },
  {
    code: 'dataset-statement',
    path: 'datasets/shop.sql',
    change: [/$/, 'COPY orders FROM STDIN;\n'],
    at: 'COPY',
    fixed: false,
  },
  {
    code: 'unstable-data',
    path: 'datasets/shop.sql',
    change: ["n, 'x'", "n, /* now() */ 'now()' || $$now()$$ || Random()::text -- random()\n"],
    at: 'Random',
    fixed: false,
    message: /^random\(\) gives other values each time the data set is loaded: take a hash .*hashint8extended/,
  },
  {
    code: 'unstable-data',
    path: 'datasets/shop.sql',
    change: ["n, 'x'", 'n, CURRENT_DATE - n AS current_date'],
    at: 'CURRENT_DATE',
    fixed: false,
    message: /fixed date/,
  },
  {
    code: 'unstable-data',
    path: 'datasets/shop.sql',
    change: [/$/, 'DO $do$ BEGIN INSERT INTO customers VALUES (0, pg_catalog.gen_random_uuid()); END $do$;\n'],
    at: 'gen_random_uuid',
    fixed: false,
    message: /md5\(n::text\)::uuid/,
  },
  {
    code: 'unknown-relation',
    path: first,
    change: ['JOIN customers c', 'JOIN customer c'],
    at: 'customer',
    after: 'JOIN ',
    fixed: true,
  },
];

describe('a lesson’s mistakes', () => {
  let parseSql: SqlParser;
  before(async () => {
    parseSql = await sqlParser();
  });
  const lint = async (files: Folder) => (await lintCourse(folderOf(files), { parseSql })).problems;

  it('are none in a good course', async () => assert.deepEqual(await lint(COURSE), []));

  for (const mistake of mistakes) {
    const path = mistake.path ?? first;
    const [from, to] = mistake.change;
    it(`${mistake.code}: ${String(from).replaceAll('\n', '⏎').slice(0, 40)} → ${to.replaceAll('\n', '⏎').slice(0, 40)}`, async () => {
      const right = COURSE[path]!;
      const source = right.replace(from, () => to);
      assert.notEqual(source, right, 'the mistake was made');
      const files = { ...COURSE, [path]: source };
      const found = (await lint(files)).filter((problem) => problem.code === mistake.code && problem.path === path);
      assert.equal(found.length, 1, `once, not: ${JSON.stringify(await lint(files), null, 1)}`);
      const problem = found[0]!;
      const { range, severity, message, fixes } = problem;
      assert.equal(severity, RULES[mistake.code].severity);
      if (mistake.message) assert.match(message, mistake.message);
      const wanted = mistake.at!;
      const offset = source.indexOf(
        wanted,
        mistake.after === undefined ? 0 : source.indexOf(mistake.after) + mistake.after.length,
      );
      assert.equal(under(source, problem), wanted);
      assert.equal(new Lines(source).offset(range.startLine, range.startCharacter), offset, 'at that very place');
      assert.equal(fixes !== undefined, mistake.fixed, 'a fix');
      const [best] = fixes ?? [];
      if (!best) return;
      const fixed = { ...COURSE, [path]: applied(source, best.edits) };
      const left = await lint(fixed);
      assert.deepEqual(
        left.filter((each) => each.code === mistake.code),
        [],
        `${best.title}: ${fixed[path]}`,
      );
    });
  }

  it('are of at least 35 kinds', () => assert.ok(new Set(mistakes.map(({ code }) => code)).size >= 35));

  describe('in a data set', () => {
    const unstable = async (sql: string): Promise<string[]> => {
      const source = `${COURSE['datasets/shop.sql']!}${sql}`;
      const found = await lint({ ...COURSE, 'datasets/shop.sql': source });
      return found.filter(({ code }) => code === 'unstable-data').map((each) => under(source, each));
    };

    it('what gives other values is told where rows are made', async () => {
      for (const [sql, told] of [
        ['CREATE TABLE a AS SELECT clock_timestamp() AS at;', ['clock_timestamp']],
        ['CREATE MATERIALIZED VIEW a AS SELECT uuidv7() AS id;', ['uuidv7']],
        ['UPDATE orders SET total = random() * random(1, 6);', ['random']],
        ['ALTER TABLE orders ADD COLUMN at timestamptz DEFAULT now();', ['now']],
        ['CREATE TABLE a (n int, d date DEFAULT current_date); INSERT INTO a (n) VALUES (1);', ['current_date']],
        ["INSERT INTO orders SELECT n, 1, extract(epoch FROM DATE 'today') FROM generate_series(1, 9) n;", ["'today'"]],
        ["CREATE TABLE a AS SELECT timestamp with time zone 'now' AS at, 'now'::timestamptz AS b;", ["'now'"]],
        ["CREATE TABLE a AS SELECT CAST('tomorrow' AS date) AS at;", ["'tomorrow'"]],
        ['CREATE FUNCTION r() RETURNS float RETURN random(); INSERT INTO orders VALUES (1, 1, r());', ['random']],
        ['CREATE FUNCTION r() RETURNS float LANGUAGE sql AS $$SELECT random()$$; SELECT r();', ['random']],
      ] as const)
        assert.deepEqual(await unstable(sql), told, sql);
    });

    it('what is only written down is not, nor somebody’s own', async () => {
      for (const sql of [
        "CREATE VIEW late AS SELECT * FROM orders WHERE now() > DATE '2026-01-01';",
        "CREATE TABLE a (n int, d date DEFAULT current_date); INSERT INTO a (n, d) VALUES (1, '2026-01-01');",
        'CREATE TABLE a (n int, at timestamptz CHECK (at < now())); INSERT INTO a (n) VALUES (1);',
        'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.at := now(); RETURN NEW; END$$;',
        'CREATE FUNCTION random(n bigint) RETURNS int RETURN 4; INSERT INTO orders VALUES (1, 1, random(1));',
        "CREATE TABLE a AS SELECT 'now' AS date, 'today' || 'now'::text AS words;",
        'CREATE TABLE a (now int, random int); INSERT INTO a (now, random) SELECT a.now, a.random FROM a;',
      ])
        assert.deepEqual(await unstable(sql), [], sql);
    });

    it('setseed() helps on one version only', async () => {
      const source = `${COURSE['datasets/shop.sql']!}SELECT setseed(0.5); UPDATE orders SET total = random();`;
      const found = await lint({ ...COURSE, 'datasets/shop.sql': source });
      assert.match(found[0]!.message, /^random\(\) gives other values on another version of PostgreSQL/);
      assert.equal(found.length, 1);
    });

    it('what no statement makes is unknown, whatever its comments and strings say', async () => {
      const relations = async (sql: string, name: string): Promise<number> => {
        const files = {
          ...COURSE,
          [first]: LESSON.replace('SELECT count(*) FROM orders;', `SELECT count(*) FROM ${name};`),
          'datasets/shop.sql': `${COURSE['datasets/shop.sql']!}${sql}`,
        };
        return (await lint(files)).filter(({ code }) => code === 'unknown-relation').length;
      };
      for (const [sql, name] of [
        ['-- One order in twenty is lost.\n', '"order"'],
        ["/* event */ INSERT INTO customers AS event VALUES (0, 'event');", 'event'],
        ['DO $$ /* event */ DECLARE event int; BEGIN FOR event IN 1..2 LOOP PERFORM 1; END LOOP; END $$;', 'event'],
        ["DO $$ BEGIN RAISE NOTICE 'event'; END $$;", 'event'],
      ] as const)
        assert.equal(await relations(sql, name), 1, sql);
      for (const [sql, name] of [
        ['DO $$ BEGIN CREATE TABLE IF NOT EXISTS public.events (n int); END $$;', 'events'],
        ['DO $$ BEGIN CREATE VIEW "Events" AS SELECT 1; END $$;', '"Events"'],
        ["DO $$ BEGIN EXECUTE format('CREATE TABLE %I (n int)', 'events'); END $$;", 'events'],
        ["DO 'BEGIN EXECUTE ''CREATE TABLE events (n int)''; END';", 'events'],
        ["SELECT make_table('events');", 'events'],
        ['DO $$ BEGIN ALTER TABLE customers RENAME TO clients; END $$;', 'clients'],
        ['CREATE EXTENSION postgis;', 'spatial_ref_sys'],
      ] as const)
        assert.equal(await relations(sql, name), 0, sql);
    });
  });

  it('lesson-in-no-section', async () => {
    const found = await lint({
      ...COURSE,
      'extra/01.md': MORE.replace('id: more', 'id: extra'),
      'notes/x.md': 'Hello\n',
    });
    assert.deepEqual(
      found.map(({ code, path }) => [code, path]),
      [['lesson-in-no-section', 'extra/01.md']],
    );
  });

  it('empty-section', async () => {
    const yaml = `${COURSE['course.yaml']!}  - folder: later\n    title: Later\n`;
    const found = await lint({ ...COURSE, 'course.yaml': yaml, 'later/README.md': '' });
    assert.deepEqual(
      found.map(({ code, range }) => [code, range.startLine]),
      [['empty-section', 5]],
    );
  });

  it('unreadable-file', async () => {
    const good = folderOf(COURSE);
    const { problems } = await lintCourse(
      { ...good, read: (path) => (path === first ? Promise.reject(new Error('no access')) : good.read(path)) },
      { parseSql },
    );
    assert.ok(
      problems.some(
        ({ code, path, message }) => code === 'unreadable-file' && path === first && /no access/.test(message),
      ),
    );
  });

  it('below broken front matter are told too, but for tables: nobody knows the data set', async () => {
    const body = LESSON.replace('SELECT id, total FROM orders;', 'SELECT id, total FORM orders;')
      .replace('masking times', 'masking tims')
      .replace('SELECT count(*) FROM orders;', 'SELECT count(*) FROM orders_of_old;');
    const told = async (text: string): Promise<(string | undefined)[]> =>
      (await lint({ ...COURSE, [first]: text })).filter(({ path }) => path === first).map(({ code }) => code);
    const broken = [body.replace('kind: workshop', 'kind: workshops'), body.replace(/^---\n[^]*?---\n/, '')];
    assert.deepEqual(await told(broken[0]!), ['not-one-of', 'unknown-mask', 'starter-syntax']);
    assert.deepEqual(await told(broken[1]!), ['no-front-matter', 'unknown-mask', 'starter-syntax']);
    assert.deepEqual(await told(body), ['unknown-relation', 'unknown-mask', 'starter-syntax']);
  });

  it('duplicate-lesson-id is told at both places', async () => {
    const found = await lint({ ...COURSE, 'lessons/02-more.md': MORE.replace('id: more', 'id: indexes') });
    const both = found.filter(({ code }) => code === 'duplicate-lesson-id');
    assert.deepEqual(
      both.map(({ path, range }) => [path, range.startLine, range.startCharacter]),
      [
        ['lessons/02-more.md', 1, 4],
        [first, 1, 4],
      ],
    );
  });

  it('are found in the same places with Windows line ends and a byte order mark', async () => {
    const [from, to] = ['reads: { orders:', 'reads: { ordrs:'];
    const plain = await lint({ ...COURSE, [first]: LESSON.replace(from, to) });
    const windows = await lint({ ...COURSE, [first]: `\uFEFF${LESSON.replace(from, to).replaceAll('\n', '\r\n')}` });
    assert.equal(plain.length, 1);
    assert.deepEqual(windows, plain);
  });

  it('are looked for with pauses, and are the same', async () => {
    const many: Record<string, string> = { ...COURSE };
    for (let at = 0; at < 30; at++)
      many[`lessons/x${at}.md`] = LESSON.replace('id: indexes', `id: x${at}`).replace(
        'ORDER BY total',
        'ODER BY total',
      );
    const { now } = Date;
    let pauses = 0;
    try {
      // each look at the clock is 10 ms later
      let clock = 0;
      Date.now = () => (clock += 10);
      const { problems } = await lintCourse(folderOf(many), {
        parseSql,
        pause: () => {
          pauses++;
          return Promise.resolve();
        },
      });
      assert.deepEqual(problems, await lint(many));
    } finally {
      Date.now = now;
    }
    assert.ok(pauses >= 15 && pauses <= 30, String(pauses));
  });

  it('without a parser, all but SQL is looked at', async () => {
    const { problems, loaded } = await lintCourse(
      folderOf({ ...COURSE, [first]: LESSON.replace('```sql run\nSELECT', '```sql run\nSELEC') }),
    );
    assert.deepEqual(problems, []);
    assert.equal(lessonsOf(loaded.course!)[0]!.runBlocks[0]!.output!.masks[0], 'times');
  });
});
