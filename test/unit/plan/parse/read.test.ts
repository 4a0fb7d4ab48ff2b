import assert from 'node:assert/strict';
import { PlanParseError } from '../../../../src/plan/parse/parseError';
import { readEveryPlan, readPlan, readPlans } from '../../../../src/plan/read';
import { seeded } from '../fixtures';

const COST = '  (cost=0.00..1.00 rows=1 width=4)';

function problem(text: string): PlanParseError {
  const { plans, problems } = readEveryPlan(text);
  assert.equal(plans.length, 0);
  assert.equal(problems.length, 1);
  assert.throws(
    () => readPlans(text),
    (error: unknown) => error instanceof PlanParseError && error.message === problems[0]?.message,
  );
  assert.throws(() => readPlan(text), PlanParseError);
  return problems[0]!;
}

describe('a text without a plan', () => {
  const cases: [name: string, text: string, message: RegExp, place: [line: number, column: number]][] = [
    ['nothing', '', /^The text is empty\.$/, [1, 1]],
    ['blanks', ' \n\t\r\n', /^The text is empty\.$/, [1, 1]],
    ['a statement', '\n  select 1', /^This is the statement, not its plan\.$/, [2, 3]],
    [
      'a statement after a comment',
      '-- slow\n/* why */ WITH x AS (SELECT 1) TABLE x;',
      /^This is the statement/,
      [1, 1],
    ],
    ['EXPLAIN itself', 'EXPLAIN (ANALYZE, FORMAT JSON)\nDELETE FROM t', /^This is the EXPLAIN statement/, [1, 1]],
    [
      'psql’s error',
      'explain selec 1;\nERROR:  syntax error at or near "selec"\nLINE 1: explain selec 1;',
      /error message/,
      [2, 1],
    ],
    ['an error of a script', 'psql:a.sql:3: ERROR:  relation "t" does not exist', /error message/, [1, 1]],
    [
      'a utility statement',
      ' QUERY PLAN \n-----\n Utility statements have no plan structure\n(1 row)',
      /utility statement/i,
      [3, 2],
    ],
    ['a rule that does nothing', 'QUERY PLAN\n-----\nQuery rewrites to nothing\n', /rule/, [3, 1]],
    ['a heading alone', '\n   QUERY PLAN\n-----------\n', /Below this heading/, [2, 4]],
    ['prose', 'The plan was fine (cost a lot).', /^No EXPLAIN plan/, [1, 1]],
    ['other JSON', '\n{"a": 1}', /no “Plan”/, [2, 1]],
    ['JSON that ends early', '[\n  {\n    "Plan": {\n      "Node Type": "Result",\n', /ends too early/, [5, 1]],
    [
      'JSON that ends early, in a frame',
      ' QUERY PLAN\n-----\n [      +\n   {    +\n     "Plan": {  +\n       "Node Type": "Resu',
      /string does not end/,
      [6, 21],
    ],
    ['a text plan that ends early', `Limit${COST}\n  ->  Seq Scan on t  (cost=0.`, /ends in the middle/, [2, 3]],
    ['a text plan without its beginning', `  ->  Result${COST}\n  ->  Result${COST}`, /beginning is missing/, [2, 3]],
    [
      'a text plan with broken figures',
      `Limit${COST}\n  ->  Result  (cost=0.00..x rows=1 width=4)\n  ->  Result${COST}`,
      /not as EXPLAIN prints/,
      [2, 3],
    ],
  ];
  for (const [name, text, message, place] of cases)
    it(`${name} is an error with its place and the next step`, () => {
      const error = problem(text);
      assert.match(error.message, message);
      assert.deepEqual([error.line, error.column], place);
    });

  it('has a next step where there is one', () => {
    assert.match(problem('select 1').nextStep ?? '', /EXPLAIN \(ANALYZE, BUFFERS\)/);
    assert.match(problem('').nextStep ?? '', /EXPLAIN/);
    assert.match(problem(`Limit${COST}\n  ->  Seq Scan on t  (cost=0.`).nextStep ?? '', /Copy the whole plan/);
  });
});

describe('the format', () => {
  it('is told by the plan', () => {
    const formats = (text: string): string[] => readPlans(text).map((plan) => plan.format);
    const json = '[{"Plan": {"Node Type": "Result"}}]';
    const yaml = '- Plan: \n    Node Type: "Result"\n    Parallel Aware: false\n';
    const xml =
      '<explain xmlns="http://www.postgresql.org/2009/explain">\n  <Query>\n    <Plan>\n      <Node-Type>Result</Node-Type>\n    </Plan>\n  </Query>\n</explain>\n';
    assert.deepEqual(formats(json), ['json']);
    assert.deepEqual(formats(yaml), ['yaml']);
    assert.deepEqual(formats(xml), ['xml']);
    assert.deepEqual(formats('Result'), ['text']);
    assert.deepEqual(formats(`First:\n${xml}\n(1 row)\n\nthen:\n${yaml}(1 row)\n\nResult${COST}\n(1 row)\n${json}`), [
      'xml',
      'yaml',
      'text',
      'json',
    ]);
  });

  it('of YAML and XML shows through psql’s frames', () => {
    const yaml = ['- Plan:', '    Node Type: "Result"', '    Parallel Aware: false'];
    const xml = [
      '<explain>',
      '  <Query><Plan>',
      '    <Node-Type>Result</Node-Type>',
      '  </Plan></Query>',
      '</explain>',
    ];
    for (const [format, lines] of Object.entries({ yaml, xml })) {
      const [plan] = readPlans(
        [
          '  QUERY PLAN',
          '-------------',
          ...lines.map((line, place) => (place < lines.length - 1 ? ` ${line.padEnd(40)}+` : ` ${line}`)),
          '(1 row)',
        ].join('\n'),
      );
      assert.deepEqual([plan?.format, plan?.nodes[0]?.type], [format, 'Result']);
    }
  });
});

describe('a large text', () => {
  /** Figures of one Append over so many scans. */
  const plan = (nodes: number): string => {
    const lines = ['Append  (cost=0.00..9.00 rows=9 width=8) (actual time=0.010..99.000 rows=9 loops=1)'];
    for (let at = 1; at < nodes; at++)
      lines.push(
        `  ->  Seq Scan on p_${at}  (cost=0.00..1.00 rows=1 width=8) (actual time=0.010..0.020 rows=1 loops=1)`,
        `        Filter: (a > ${at})`,
        `        Buffers: shared hit=${at}`,
      );
    return lines.join('\n');
  };
  const took = (text: string): number => {
    const from = performance.now();
    readEveryPlan(text);
    return performance.now() - from;
  };

  it('takes time in proportion to its length', function () {
    this.timeout(60_000);
    took(plan(2000));
    const small = Math.min(took(plan(5000)), took(plan(5000)));
    const large = took(plan(40_000));
    assert.ok(large < 40 * small, `${String(small)} ms, eight times as much: ${String(large)} ms`);
  });

  it('of lines that nobody expects takes no longer', function () {
    this.timeout(60_000);
    const texts = (size: number): Record<string, string> => ({
      'open brackets': '[\n'.repeat(size),
      'open braces': '{"a":\n'.repeat(size),
      quotes: '"\n'.repeat(size),
      'open cells': '"[\n'.repeat(size),
      'blank lines': '\n'.repeat(10 * size),
      blanks: ' '.repeat(10 * size),
      bars: '|\n'.repeat(size),
      'a query without a plan': `Query Text: a\n${'x (cost=\n'.repeat(size)}`,
      'a node that goes on and on': `Result${COST}\n  Filter: (\n${'x: (\n'.repeat(size)}`,
      'an open literal': `Result${COST}\n  Filter: ('\n${'Word: x\n'.repeat(size)}`,
      'many settings': `Result${COST}\nSettings: ${"a = '', ".repeat(size)}`,
      'a long trigger': `Result${COST}\nTrigger ${' on for constraint'.repeat(size)}: calls=1`,
      'many figures': `Result${'  (cost='.repeat(size)}`,
      'many plans': `Result${COST}\n\n`.repeat(size),
      'many broken plans': `Limit  (cost=x)\n(1 row)\n`.repeat(size),
      'many keys': `Result${COST}\n${'  Group Key: ((((\n'.repeat(size)}`,
      'many workers': `Result${COST}\n${Array.from({ length: size }, (_, at) => `  Worker ${at}:  Buffers: shared hit=1`).join('\n')}`,
      backslashes: `"${'\\n'.repeat(size)}(cost=1..2\\n ->`,
      'plan keys': '{"Plan" : {'.repeat(size),
      prompts: 'a=# '.repeat(size),
      'a mail': '> '.repeat(size),
      elements: '<explain>\n'.repeat(size),
      'YAML plans': '- Plan:\n'.repeat(size),
      'lines of JSON': '{"a": "b"}\n'.repeat(size),
    });
    const large = texts(20_000);
    // Eight times as much takes eight times as long; 64 times, where each line looks at all others.
    for (const [name, text] of Object.entries(texts(2500))) {
      const small = Math.min(took(text), took(text));
      const ms = took(large[name] ?? '');
      assert.ok(ms < 30 * small + 500, `${name}: ${String(small)} ms, eight times as much: ${String(ms)} ms`);
    }
  });

  it('that was mangled is a plan or a PlanParseError', function () {
    this.timeout(60_000);
    const random = seeded(3);
    const pick = (below: number): number => Math.floor(random() * below);
    const source = `${plan(6)}\n\n[{"Plan": {"Node Type": "Result", "Plans": [{"Node Type": "Limit"}]}}]\nQUERY PLAN\n`;
    for (let round = 0; round < 3000; round++) {
      let text = source;
      for (let edits = 1 + pick(5); edits > 0; edits--) {
        const at = pick(text.length);
        const from = pick(text.length);
        text = text.slice(0, at) + text.slice(from, from + pick(80)) + text.slice(at + pick(40));
      }
      for (const { line, column, offset } of readEveryPlan(text).problems) {
        assert.ok(line >= 1 && column >= 1 && offset >= 0 && offset <= text.length);
      }
    }
  });
});
