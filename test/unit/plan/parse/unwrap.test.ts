import assert from 'node:assert/strict';
import type { Plan } from '../../../../src/plan/model';
import { PlanParseError } from '../../../../src/plan/parse/parseError';
import { readEveryPlan, readPlan, readPlans } from '../../../../src/plan/read';

/** The same plan, whatever is around it: shape, names, figures and expressions, as far as every format tells them. */
function essence(plan: Plan): unknown {
  return {
    execution: plan.executionMs,
    nodes: plan.nodes.map((node) => [
      ...[node.depth, node.type, node.relation, node.alias, node.index, node.relationship, node.subplan],
      ...[node.totalCost, node.planRows, node.rows, node.loops, node.startupMs, node.inclusiveMs],
      ...[node.properties['Filter'], node.properties['Sort Key'], node.buffers?.sharedHit],
    ]),
  };
}

const TEXT = [
  'Sort  (cost=41.40..52.00 rows=15 width=133) (actual time=0.037..2.031 rows=15 loops=1)',
  '  Sort Key: "weird ""name""", (COALESCE(a, b)) DESC',
  '  Sort Method: quicksort  Memory: 25kB',
  '  Buffers: shared hit=17',
  '  ->  Seq Scan on users u  (cost=0.00..41.40 rows=1 width=129) (actual time=0.013..0.077 rows=1 loops=1)',
  "        Filter: ((username = 'depesz'::text) OR (a || b ~~ '%|'::text))",
  '        Rows Removed by Filter: 1231',
  '        Buffers: shared hit=17',
  'Planning Time: 0.039 ms',
  'Execution Time: 2.040 ms',
];

const NODE = (more: object): object => ({ 'Parallel Aware': false, 'Async Capable': false, ...more });
const JSON_VALUE = [
  {
    Plan: NODE({
      'Node Type': 'Sort',
      'Startup Cost': 41.4,
      'Total Cost': 52,
      'Plan Rows': 15,
      'Plan Width': 133,
      'Actual Startup Time': 0.037,
      'Actual Total Time': 2.031,
      'Actual Rows': 15,
      'Actual Loops': 1,
      'Sort Key': ['"weird ""name"""', '(COALESCE(a, b)) DESC'],
      'Shared Hit Blocks': 17,
      Plans: [
        NODE({
          'Node Type': 'Seq Scan',
          'Parent Relationship': 'Outer',
          'Relation Name': 'users',
          Alias: 'u',
          'Startup Cost': 0,
          'Total Cost': 41.4,
          'Plan Rows': 1,
          'Plan Width': 129,
          'Actual Startup Time': 0.013,
          'Actual Total Time': 0.077,
          'Actual Rows': 1,
          'Actual Loops': 1,
          Filter: "((username = 'depesz'::text) OR (a || b ~~ '%|'::text))",
          'Shared Hit Blocks': 17,
        }),
      ],
    }),
    'Planning Time': 0.039,
    'Execution Time': 2.04,
  },
];
const PRETTY = JSON.stringify(JSON_VALUE, null, 2).split('\n');
const EXPECTED = essence(readPlan(JSON.stringify(JSON_VALUE)));

const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const framed = (lines: readonly string[], mark = ' '): string => {
  const width = Math.max(...lines.map((line) => line.length));
  const rule = `+${'-'.repeat(width + 2)}+`;
  const rows = lines.map((line, place) => `| ${line.padEnd(width)}${place < lines.length - 1 ? mark : ' '}|`);
  return [rule, `| ${'QUERY PLAN'.padEnd(width)} |`, rule, ...rows, rule, `(${lines.length} rows)`].join('\n');
};
const wrapped = (text: string, width: number): string =>
  text
    .split('\n')
    .map((line) => line.replace(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n'))
    .join('\n');
/** psql's format "wrapped": a margin on each side of the text, with a mark where a line goes on. */
const cells = (lines: readonly string[], width: number, mark: string, frame: (line: string) => string): string =>
  [
    frame(` ${'QUERY PLAN'.padEnd(width)} `),
    frame('-'.repeat(width + 2)),
    ...lines.flatMap((line) => {
      const parts = line.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
      return parts.map((part, place) =>
        frame(`${place > 0 ? mark : ' '}${part.padEnd(width)}${place < parts.length - 1 ? mark : ' '}`),
      );
    }),
  ].join('\n');
const tabbed = (lines: readonly string[]): string => lines.map((line) => `\t${line}`).join('\n');
const LOG = '2024-05-05 12:00:00.123 UTC [4711] LOG:  duration: 12.345 ms  plan:';
/** log_line_prefix = '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ' */
const PGBADGER = '2024-05-05 12:00:00 UTC [4711]: [5-1] user=joe,db=shop,app=psql,client=[local] LOG:  ';
const QUERY = 'select *\n\t  from users (cost of it)\n\t where a = 1;';

const AROUND: Readonly<Record<string, string>> = {
  'as it is': TEXT.join('\n'),
  'Windows line ends': TEXT.join('\r\n'),
  'old Mac line ends': TEXT.join('\r'),
  'a byte order mark': `\ufeff${TEXT.join('\n')}`,
  'blanks that do not break': TEXT.join('\n').replaceAll(' ', '\u00a0'),
  'characters without width': TEXT.map((line) => `\u200b${line}\u200b`).join('\n'),
  'a blank line after each': TEXT.join('\n\n'),
  'psql, border 1': ['  QUERY PLAN  ', '-----', ...TEXT.map((line) => ` ${line}`), '(10 rows)', '', 'Time: 3 ms'].join(
    '\n',
  ),
  'psql, wrapped': cells(TEXT, 60, '.', (line) => line),
  'psql, wrapped, border 2': cells(TEXT, 60, '.', (line) => `|${line}|`),
  'psql, wrapped, Unicode': cells(TEXT, 60, '…', (line) => `│${line}│`),
  'psql, cut by a terminal between two dots': wrapped(
    ['QUERY PLAN', '-'.repeat(110), ...TEXT.map((line) => ` ${line}`)].join('\n'),
    TEXT[4]!.lastIndexOf('..') + 2,
  ),
  'psql in Japanese': ['QUERY PLAN', '-----', ...TEXT, '(10 行)'].join('\n'),
  'psql, border 2': framed(TEXT),
  'psql, \\x': TEXT.map((line, place) => `-[ RECORD ${place + 1} ]-----\nQUERY PLAN | ${line}`).join('\n'),
  'psql, \\x, in German, border 2': TEXT.map(
    (line, place) => `+-[ DATENSATZ ${place + 1} ]---+----+\n| QUERY PLAN | ${line} |`,
  ).join('\n'),
  'psql, \\x, border 0': TEXT.map((line, place) => `* Record ${place + 1}\nQUERY PLAN ${line}`).join('\n'),
  'psql without a footer, then a prompt': `${TEXT.join('\n')}\n\nshop=# select 1;\n`,
  'psql with a prompt and the statement before': `shop=# explain analyze select\nshop-# * from users;\n${TEXT.join('\n')}`,
  'double quotes around each line': TEXT.map(csv).join('\n'),
  'a heading and double quotes': ['QUERY PLAN', ...TEXT].map(csv).join('\r\n'),
  'single quotes around each line': TEXT.map((line) => `'${line}'`).join('\n'),
  'double quotes that are not doubled': TEXT.map((line) => `"${line}"`).join('\n'),
  'a quote at each end': TEXT.map((line) => `${line}"`).join('\n'),
  'psql --csv': ['QUERY PLAN', ...TEXT].map((line) => (/[",]/.test(line) ? csv(line) : line)).join('\n'),
  'one cell of CSV': csv(TEXT.join('\n')),
  'one cell of CSV below a heading': `"QUERY PLAN"\n${csv(TEXT.join('\n'))}\n`,
  DBeaver: [`QUERY PLAN${' '.repeat(90)}|`, `${'-'.repeat(100)}+`, ...TEXT.map((line) => `${line.padEnd(100)}|`)].join(
    '\n',
  ),
  'a Markdown table': ['| QUERY PLAN |', '| --- |', ...TEXT.map((line) => `| ${line} |`)].join('\n'),
  'a Markdown fence': `See my plan:\n\n\`\`\`text\n${TEXT.join('\n')}\n\`\`\`\n\nThanks for your help.`,
  'a mail': `He wrote:\n${TEXT.map((line) => `> ${line}`).join('\n')}`,
  'a mail in a mail': TEXT.map((line) => `> > ${line}`).join('\n'),
  'words after a blank line': `${TEXT.join('\n')}\n\nWhy is it so slow? See https://example.com`,
  'a narrow terminal': wrapped(TEXT.join('\n'), 72),
  'a very narrow terminal': wrapped(TEXT.join('\n'), 61),
  'an escaped string': JSON.stringify(TEXT.join('\n')),
  'rows of JSON': JSON.stringify(TEXT.map((line) => ({ 'QUERY PLAN': line }))),
  'rows of JSON, pretty': JSON.stringify(
    TEXT.map((line) => ({ 'QUERY PLAN': line })),
    null,
    2,
  ),
  'docker compose': TEXT.map((line) => `db_1  | ${line}`).join('\n'),
  Kubernetes: TEXT.map((line) => `2024-05-05T12:00:00.123456789Z stderr F \t${line}`).join('\n'),
  auto_explain: `${LOG}\n\tQuery Text: ${QUERY}\n${tabbed(TEXT)}\n2024-05-05 12:00:01 UTC [4711] LOG:  statement: select 1`,
  'auto_explain with the prefix of pgBadger': `${PGBADGER}duration: 12.3 ms  plan:\n\tQuery Text: select 1\n${tabbed(TEXT)}`,
  'auto_explain with the prefix of pgBadger, among many lines': `${`${PGBADGER}statement: select 1\n`.repeat(50)}${PGBADGER}duration: 12.3 ms  plan:\n\tQuery Text: select 1\n${tabbed(TEXT)}\n${PGBADGER}statement: select 1`,
  syslog: [
    `[5-1] ${LOG}`,
    '[5-2] #011Query Text: select 1',
    ...TEXT.map((line, place) => `[5-${place + 3}] #011${line}`),
  ]
    .map((line) => `May  5 12:00:00 host postgres[4711]: ${line}`)
    .join('\n'),
  'syslog with another process between': TEXT.map(
    (line, place) =>
      `May  5 12:00:00 host postgres[4711]: [5-${place + 1}] #011${line}\nMay  5 12:00:00 host postgres[12]: [1-${place + 1}] #011select ${place}`,
  ).join('\n'),
  csvlog: `2024-05-05 12:00:00.123 UTC,"joe","shop",4711,"[local]",663.1,1,"SELECT",2024-05-05 12:00:00 UTC,3/1,0,LOG,00000,${csv(`duration: 12.3 ms  plan:\nQuery Text: select 1\n${TEXT.join('\n')}`)},,,,,,,,,"psql","client backend",,0`,
  jsonlog: `${JSON.stringify({ timestamp: '2024-05-05', message: 'connection received' })}\n${JSON.stringify({ timestamp: '2024-05-05', error_severity: 'LOG', message: `duration: 12.3 ms  plan:\nQuery Text: select 1\n${TEXT.join('\n')}` })}`,
  JSON: PRETTY.join('\n'),
  'JSON in one line': JSON.stringify(JSON_VALUE),
  'JSON without its list': JSON.stringify(JSON_VALUE[0]),
  'JSON in a frame': framed(PRETTY, '+'),
  'JSON in psql, \\x': `-[ RECORD 1 ]----\nQUERY PLAN | ${PRETTY.join('+\n           | ')}`,
  'JSON in psql, \\x, linestyle old-ascii': `-[ RECORD 1 ]----\nQUERY PLAN | ${PRETTY.join('\n           : ')}`,
  'JSON in a cell of CSV': `QUERY PLAN\n${csv(PRETTY.join('\n'))}`,
  'JSON in one cell of CSV, one line': csv(JSON.stringify(JSON_VALUE)),
  'JSON in a JSON string': JSON.stringify(JSON.stringify(JSON_VALUE)),
  'JSON in rows of a driver': JSON.stringify([{ 'QUERY PLAN': JSON_VALUE }]),
  'JSON in an answer': JSON.stringify({ data: { rows: [{ 'QUERY PLAN': JSON_VALUE }], took: '{3 ms' } }, null, 1),
  'JSON as text in rows': JSON.stringify([{ 'QUERY PLAN': JSON.stringify(JSON_VALUE) }]),
  'JSON, cut by a terminal': wrapped(PRETTY.join('\n'), 30),
  'JSON in one line, cut by a terminal': wrapped(JSON.stringify(JSON_VALUE), 23),
  'JSON in auto_explain': `${LOG}\n${tabbed(JSON.stringify({ 'Query Text': 'select {', ...JSON_VALUE[0] }, null, 2).split('\n'))}\n${LOG.replace('plan:', 'none')}`,
  'JSON after words': `My plan {see below} [1]:\n\n${PRETTY.join('\n')}\n\nThanks!`,
  'JSON in a mail': PRETTY.map((line) => `> ${line}`).join('\n'),
};

describe('what stands around a plan', () => {
  for (const [name, text] of Object.entries(AROUND)) {
    it(name, () => {
      const plans = readPlans(text);
      assert.equal(plans.length, 1);
      assert.deepEqual(essence(plans[0]!), EXPECTED);
    });
  }

  it('keeps the query of auto_explain, line breaks and all', () => {
    assert.equal(readPlan(AROUND['auto_explain']!).query, 'select *\n  from users (cost of it)\n where a = 1;');
    assert.equal(readPlan(AROUND['jsonlog']!).query, 'select 1');
    assert.equal(readPlan(AROUND['csvlog']!).query, 'select 1');
    assert.equal(readPlan(AROUND['JSON in auto_explain']!).query, 'select {');
  });

  it('reads each of several plans, whatever their formats', () => {
    const all = Object.entries(AROUND).filter(([name]) =>
      /^(?:as it is|psql, border 1|JSON|JSON in one line|a blank line after each|auto_explain)$/.test(name),
    );
    const plans = readPlans(all.map(([, text]) => text).join('\n\n'));
    assert.equal(plans.length, all.length);
    for (const plan of plans) assert.deepEqual(essence(plan), EXPECTED);
  });

  it('reads plans of a rule’s queries below each other', () => {
    const plans = readPlans(`${TEXT.join('\n')}\n\n${TEXT.join('\n')}`);
    assert.deepEqual(plans.map(essence), [EXPECTED, EXPECTED]);
  });

  it('reads COSTS OFF among plans with costs', () => {
    const plans = readPlans(
      `${TEXT.join('\n')}\n\n     QUERY PLAN\n----------\n Limit\n   ->  Seq Scan on t\n(2 rows)\n`,
    );
    assert.deepEqual(
      plans.map((plan) => plan.nodes.map((node) => node.type)),
      [
        ['Sort', 'Seq Scan'],
        ['Limit', 'Seq Scan'],
      ],
    );
  });
});

describe('a log in which a plan is cut off', () => {
  const good = `${LOG}\n${tabbed(TEXT)}\n`;
  const log = `${good}${LOG}\n${tabbed(PRETTY.slice(0, 12))}\n${good}`;

  it('is an error with the place for who wants all', () => {
    assert.throws(
      () => readPlans(log),
      (error: unknown) =>
        error instanceof PlanParseError && error.line >= TEXT.length + 3 && error.line <= TEXT.length + 16,
    );
  });

  it('gives the others, and says which not', () => {
    const { plans, problems } = readEveryPlan(log);
    assert.deepEqual(plans.map(essence), [EXPECTED, EXPECTED]);
    assert.equal(problems.length, 1);
  });

  it('gives the first alone without a look at the rest', () => {
    assert.deepEqual(essence(readPlan(log)), EXPECTED);
  });
});

describe('where an error stands', () => {
  const places: Readonly<Record<string, string>> = {
    'a frame': framed(TEXT),
    'quoted lines': ['QUERY PLAN', ...TEXT].map(csv).join('\n'),
    'characters without width': `\u200b\u200b\n${TEXT.join('\n')}`,
    'rows of JSON': JSON.stringify(
      TEXT.map((line) => ({ 'QUERY PLAN': line })),
      null,
      2,
    ),
    'a mail': TEXT.map((line) => `> ${line}`).join('\n'),
    csvlog: AROUND['csvlog']!,
    syslog: AROUND['syslog']!,
  };
  for (const [name, text] of Object.entries(places)) {
    it(`is told in the text that was pasted: ${name}`, () => {
      const broken = text.replace('rows=1 width=129)', 'rows=one width=129)');
      const line = broken.split('\n').findIndex((candidate) => candidate.includes('rows=one')) + 1;
      const column = broken.split('\n')[line - 1]!.indexOf('->') + 1;
      assert.throws(
        () => readPlans(broken),
        (error: unknown) => {
          assert.ok(error instanceof PlanParseError);
          assert.deepEqual([error.line, error.column], [line, column]);
          return true;
        },
      );
    });
  }
});
