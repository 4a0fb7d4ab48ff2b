import assert from 'node:assert/strict';
import { anonymized } from '../../../../src/plan/export/anonymize';
import {
  FIELDS,
  FUNCTIONS,
  KEYWORDS,
  PLAN_WORDS,
  SYSTEM_NAMES,
  TYPE_REST,
  TYPES,
} from '../../../../src/plan/export/masking/builtins';
import { maskExpression, maskStatement } from '../../../../src/plan/export/masking/expression';
import { Pseudonyms } from '../../../../src/plan/export/masking/pseudonyms';
import { findingsOf } from '../../../../src/plan/findings';
import type { Plan } from '../../../../src/plan/model';
import { isList, isProperties, type RawValue } from '../../../../src/plan/raw';
import { readEveryPlan, readPlan, readPlans } from '../../../../src/plan/read';
import { captures } from '../formatFixtures';
import { allFixtures, planOf, sharedPlans } from '../fixtures';

const masked = (expression: string): string => maskExpression(expression, new Pseudonyms());

describe('plan: anonymized expressions', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['(customer_id = 42)', '(c1 = 1)'],
    ['((a = 1) AND (b = 0))', '((c1 = 1) AND (c2 = 0))'],
    ["((name)::text ~~ '%smith'::text)", "((c1)::text ~~ '%x'::text)"],
    ["(status = ANY ('{open,closed}'::text[]))", "(c1 = ANY ('{x,x}'::text[]))"],
    ["(id = ANY ('{}'::integer[]))", "(c1 = ANY ('{}'::integer[]))"],
    ["(created >= '2024-12-01'::date)", "(c1 >= '2000-01-01'::date)"],
    [
      "(at < '2024-01-02 03:04:05'::timestamp without time zone)",
      "(c1 < '2000-01-01 00:00:00'::timestamp without time zone)",
    ],
    ["((kind)::character varying(20) = 'secret')", "((c1)::character varying(1) = 'x')"],
    ["(mood = 'sad'::public.mood)", "(c1 = 'x'::s1.type1)"],
    ["(lower(email) = 'a@b.example'::text)", "(lower(c1) = 'x'::text)"],
    ['(my_function(o.total) > 10.5)', '(f1(a1.c1) > 1.0)'],
    ['(app.my_function("Order Id") > $1)', '(s1.f1(c1) > $1)'],
    ['(NOT (hashed SubPlan 1))', '(NOT (hashed SubPlan 1))'],
    ['(ANY (o.id = (hashed SubPlan any_1).col1))', '(ANY (a1.c1 = (hashed SubPlan any_1).col1))'],
    ['(alternatives: SubPlan 1 or hashed SubPlan 2)', '(alternatives: SubPlan 1 or hashed SubPlan 2)'],
    ['EXTRACT(year FROM created)', 'EXTRACT(year FROM c1)'],
    ['name COLLATE "de_DE" DESC NULLS LAST', 'c1 COLLATE collation1 DESC NULLS LAST'],
    ["(ctid = '(0,7)'::tid)", "(ctid = 'x'::tid)"],
    ["(note = E'it''s \\' secret')", "(c1 = 'x')"],
    ['(a OPERATOR(app.===) b)', '(c1 OPERATOR(s1.===) c2)'],
    ['(CASE WHEN (vip) THEN 7 ELSE NULL::integer END)', '(CASE WHEN (c1) THEN 1 ELSE NULL::integer END)'],
    ['"*VALUES*".column1', '"*VALUES*".column1'],
    ["x -- 'secret", 'c1'],
    ["'unclosed secret", "'x'"],
    ['$$secret$$', "'x'"],
  ];
  for (const [from, to] of cases)
    it(from, () => {
      assert.equal(masked(from), to);
    });

  it('the same name is the same everywhere', () => {
    const names = new Pseudonyms();
    assert.equal(maskExpression('(o.id = l.order_id)', names), '(a1.c1 = a2.c2)');
    assert.equal(maskExpression('(l.order_id > id)', names), '(a2.c2 > c1)');
  });

  it('a statement keeps its keywords, in any case', () => {
    const names = new Pseudonyms();
    names.of('relation', 'orders');
    assert.equal(
      maskStatement("select Total from orders where customer = 'Smith' -- Jones\nlimit 10", names),
      "select c1 from t1 where c2 = 'x' limit 1",
    );
  });
});

/** What readers compute, without names. */
function figuresOf(plan: Plan): unknown {
  return {
    nodes: plan.nodes.map((node) => ({
      ...node,
      ...Object.fromEntries(
        ['properties', 'schema', 'relation', 'alias', 'index', 'subplan'].map((name) => [name, undefined]),
      ),
    })),
    times: [plan.planningMs, plan.executionMs, plan.spanMs, plan.analyzed],
    beside: [plan.planningBuffers, plan.planningMemory, plan.jit, plan.serialization],
    triggers: plan.triggers.map(({ ms, calls }) => [ms, calls]),
  };
}

const kinds = (plan: Plan): string[] =>
  findingsOf(plan)
    .map(({ rule, node }) => `${rule.id} ${node ?? ''}`)
    .sort();

/** PostgreSQL's own words for nodes and methods. */
const VOCABULARY = new Set(
  `aggregate append batches bitmap bitmapand bitmapor bitmapindex custom cte delete except external finalize foreign full function
gather hash hashed heap heapsort incremental index initplan inner insert intersect all anti join limit lock lockrows loop memoize
materialize member merge mixed modifytable named nested nothing only outer parallel partial plain projectset quicksort range
recursive result right left sample scan semi seq setop simple single sort sorted sort still progress subplan subplans subquery
table text tid tuplestore union unique update values window windowagg work worktable pg_catalog backward forward nomovement disk memory top-n
binary logical disabled top bernoulli system select tablefunc`.split(/\s+/),
);
const KNOWN = [FIELDS, FUNCTIONS, PLAN_WORDS, SYSTEM_NAMES, TYPE_REST, TYPES, VOCABULARY];
const STAND_IN = /^(?:s|t|a|c|i|cte|f|type|k|trigger|collation|setting|x)\d*$/;
const NUMBERED = /^(?:col|column|expr_|exists_|any_|all_|array_|minmax_|multiexpr_|rowcompare_)\d+$/;

function* strings(value: RawValue): Generator<string> {
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') yield next;
    else if (isList(next)) for (const item of next) pending.push(item);
    else if (isProperties(next)) for (const item of Object.values(next)) pending.push(item);
  }
}

/** Whatever is a word in it is PostgreSQL's or a stand-in. */
function holdsNoName(text: string, label: string): void {
  for (const plan of JSON.parse(text) as RawValue[]) {
    const { Settings, ...rest } = plan as Record<string, RawValue>;
    for (const value of strings(rest)) {
      for (const [literal] of value.matchAll(/'[^']*'/g))
        assert.match(
          literal,
          /^'(?:|[%_]?x[%_]?|-?[01](?:\.0)?|t|f|true|false|2000-01-01(?: 00:00:00)?|00:00:00|1 day|\{(?:(?:x|1|NULL|2000-01-01|),?)*\})'$/,
          `${label}: ${value}`,
        );
      for (const [word] of value
        .replace(/'[^']*'|COLLATE "(?:C|POSIX|default)"/g, '')
        .matchAll(/[A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*/g)) {
        const isKnown =
          KNOWN.some((words) => words.has(word) || words.has(word.toLowerCase())) ||
          KEYWORDS.has(word.toUpperCase()) ||
          STAND_IN.test(word) ||
          /^(?:hashed|rescan|returns|alternatives|CTE)$/.test(word) ||
          NUMBERED.test(word);
        assert.ok(isKnown, `${label}: “${word}” in ${value}`);
      }
    }
    if (Settings !== undefined) for (const value of strings(Settings)) assert.match(value, /^(?:[\w.-]+)$/);
  }
}

describe('plan: anonymized plans', () => {
  const same = (text: string, label: string): void => {
    const output = anonymized(text);
    const [before, after] = [readPlans(text), readPlans(output)];
    assert.equal(after.length, before.length, label);
    before.forEach((plan, place) => {
      const copy = after[place]!;
      assert.deepEqual({ ...(figuresOf(copy) as object) }, figuresOf(plan), label);
      assert.deepEqual(kinds(copy), kinds(plan), label);
    });
    holdsNoName(output, label);
    // Masking what is masked changes nothing more.
    assert.equal(anonymized(output).length, output.length, label);
  };

  it('fixtures: the same figures and findings, and no name', function () {
    this.timeout(60_000);
    for (const { name, text } of allFixtures()) same(text, name);
  });

  it('captured plans of 14 to 18 in each format', function () {
    this.timeout(120_000);
    captures().forEach((capture, place) => {
      const format = (['json', 'text', 'yaml', 'xml'] as const)[place % 4]!;
      if (readEveryPlan(capture[format]).problems.length > 0) return;
      same(capture[format], `${capture.id} ${format}`);
    });
  });

  it('plans of other projects: no name', function () {
    this.timeout(120_000);
    for (const { name, text } of sharedPlans() ?? []) {
      if (readEveryPlan(text).problems.length > 0) continue;
      for (const plan of readPlans(anonymized(text))) {
        for (const { relation, index, alias, schema } of plan.nodes)
          for (const word of [relation, index, alias, schema])
            if (word !== undefined)
              assert.match(word, /^(?:[stai]\d+|pg_catalog|\*.*|[a-zA-Z_]+_subquery|unnamed.*)$/, name);
      }
    }
  });

  it('an alias is its own, the table’s where it is that', () => {
    const plan = readPlan(
      anonymized(
        JSON.stringify([
          {
            'Query Text': "SELECT * FROM payroll p WHERE iban = 'DE00'",
            Plan: {
              'Node Type': 'Seq Scan',
              Schema: 'hr',
              'Relation Name': 'payroll',
              Alias: 'p',
              Output: ['p.iban', 'hr.tax(p.gross)'],
              Filter: "(p.iban = 'DE00'::text)",
            },
            Settings: { search_path: 'hr, public', work_mem: '64MB', 'acme.tenant': 'blue' },
          },
        ]),
      ),
    );
    const [node] = plan.nodes;
    assert.deepEqual([node?.schema, node?.relation, node?.alias], ['s1', 't1', 'a1']);
    assert.equal(node?.properties['Filter'], "(a1.c1 = 'x'::text)");
    assert.deepEqual(node.properties['Output'], ['a1.c1', 's1.f1(a1.c2)']);
    assert.equal(plan.query, "SELECT * FROM t1 a1 WHERE c1 = 'x'");
    assert.deepEqual(plan.settings, { search_path: 'x', work_mem: '64MB', setting1: 'x' });
  });

  it('hostile names and 5,000 levels', function () {
    this.timeout(20_000);
    const hostile = '<img src=x onerror=alert(1)>';
    const output = anonymized(
      JSON.stringify([
        { Plan: { 'Node Type': 'Seq Scan', 'Relation Name': '__proto__', Alias: hostile, Filter: hostile } },
      ]),
    );
    assert.doesNotMatch(output, /proto|img|onerror|alert/);
    const level = '{"Node Type": "Limit", "Plans": [';
    const deep = `[{"Plan": ${level.repeat(5000)}{"Node Type": "Seq Scan", "Relation Name": "secret"}${']}'.repeat(5000)}}]`;
    const copy = anonymized(deep);
    assert.equal(readPlan(copy).nodes.length, 5001);
    assert.doesNotMatch(copy, /secret/);
  });

  it('keeps how rows were rounded', () => {
    const eighteen = '[{"Plan": {"Node Type": "Result", "Actual Rows": 3.00, "Actual Loops": 100}}]';
    const earlier = '[{"Plan": {"Node Type": "Result", "Actual Rows": 3, "Actual Loops": 100}}]';
    assert.equal(readPlan(anonymized(eighteen)).nodes[0]?.rowsError, readPlan(eighteen).nodes[0]?.rowsError);
    assert.equal(readPlan(anonymized(earlier)).nodes[0]?.rowsError, readPlan(earlier).nodes[0]?.rowsError);
    assert.notEqual(readPlan(eighteen).nodes[0]?.rowsError, readPlan(earlier).nodes[0]?.rowsError);
  });

  it('numbers that JSON cannot hold are left out, and the copy reads as a plan', () => {
    for (const garbage of ['1e999', '-1e999']) {
      const copy = anonymized(
        `[{"Plan": {"Node Type": "Sort", "Total Cost": ${garbage}, "Plan Rows": 5, "Actual Rows": ${garbage}, "Sort Space Used": ${garbage}, "Workers": [{"Worker Number": ${garbage}}, ${garbage}]}, "Planning Time": ${garbage}, "Triggers": [{"Trigger Name": "t", "Calls": ${garbage}}]}]`,
      );
      const [root] = readPlan(copy).nodes;
      assert.deepEqual([root?.planRows, root?.totalCost, root?.rows], [5, undefined, undefined]);
      assert.doesNotMatch(copy, /null|NaN|Infinity/);
    }
  });

  it('planOf’s smallest plan', () => {
    assert.equal(planOf({}).nodes.length, 1);
    assert.match(anonymized('[{"Plan": {"Node Type": "Result"}}]'), /"Node Type": "Result"/);
  });
});
