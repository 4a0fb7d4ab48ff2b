import assert from 'node:assert/strict';
import { parseJson } from '../../../src/plan/parse/parseJson';
import { PlanParseError } from '../../../src/plan/parse/parseError';
import { detailsOf } from '../../../src/plan/details';
import { buildModel } from '../../../src/plan/buildModel';
import type { Plan } from '../../../src/plan/model';
import { shape } from '../../../src/plan/find';
import { endOf, nodeAt } from '../../../src/plan/tree';
import { allFixtures, fixtureText, seeded } from './fixtures';

/** JSON alone: what `readPlans` does about other formats and frames has its own tests. */
function readPlans(text: string): readonly Plan[] {
  return parseJson(text).map((raw) => buildModel(raw, 'json'));
}

function readPlan(text: string): Plan {
  return readPlans(text)[0] ?? assert.fail();
}

function failure(text: string): PlanParseError {
  try {
    readPlans(text);
  } catch (error) {
    assert.ok(error instanceof PlanParseError, String(error));
    return error;
  }
  return assert.fail('It was read.');
}

describe('plan: parseJson', () => {
  it('reads the array and the object alike', () => {
    const node = '{"Plan": {"Node Type": "Seq Scan"}}';
    assert.deepEqual(parseJson(`[${node}]`), parseJson(node));
    assert.deepEqual(parseJson(`\ufeff\r\n [\t${node}]\n`), parseJson(node));
  });

  it('reads each plan of a statement that rules rewrote', () => {
    const plans = readPlans('[{"Plan": {"Node Type": "Result"}}, {"Plan": {"Node Type": "Seq Scan"}}]');
    assert.deepEqual(
      plans.map((plan) => shape(plan)),
      ['Result', 'Seq Scan'],
    );
  });

  it('keeps unknown names, and identifiers to the last digit', () => {
    const [plan] = parseJson(
      '{"Plan": {"Node Type": "Result", "New in 20": {"a": [1, null, true]}}, "Query Identifier": -5424821330993577306}',
    );
    assert.equal(plan?.sections['Query Identifier'], '-5424821330993577306');
    assert.deepEqual(plan.root['New in 20'], { a: [1, null, true] });
  });

  it('keeps the identifier of each plan, and of a text that only looks like one', () => {
    const plan = (id: string): string =>
      `{"Plan": {"Node Type": "Result", "Filter": "\\"Query Identifier\\": 7"}, "Query Identifier": ${id}}`;
    assert.deepEqual(
      readPlans(`[${plan('9007199254740993')}, ${plan('-9223372036854775808')}, ${plan('12')}]`).map(
        ({ queryId }) => queryId,
      ),
      ['9007199254740993', '-9223372036854775808', '12'],
    );
  });

  it('knows the fractional rows of 18 by their decimals', () => {
    const plan = (rows: string): string => `[ { "Plan": { "Node Type": "Result", "Actual Rows": ${rows} } } ]`;
    assert.deepEqual(
      ['100', '100.00', '0.5'].map((rows) => parseJson(plan(rows))[0]?.fractionalRows),
      [false, true, true],
    );
  });

  it('keeps EXPLAIN’s order, and a name like any other', () => {
    const [plan] = parseJson('{"Plan": {"Node Type": "Result", "b": [1], "a": {"z": 1, "y": 2}, "__proto__": "x"}}');
    assert.deepEqual(Object.keys(plan?.root ?? {}), ['Node Type', 'b', 'a', '__proto__']);
  });

  it('unescapes strings', () => {
    const plan = readPlan(String.raw`{"Plan": {"Node Type": "Seq Scan", "Relation Name": "a\"b\\\u00e9\n\/"}}`);
    assert.equal(plan.nodes[0]?.relation, 'a"b\\é\n/');
  });

  const bad: [string, string, RegExp, number, number][] = [
    ['nothing', '', /ends too early/, 1, 1],
    ['spaces', ' \n ', /ends too early/, 2, 2],
    ['prose', 'Seq Scan on orders', /Not valid JSON.*“Seq”/, 1, 1],
    ['a cut plan', '[{"Plan": {"Node Type": "Result",\n "Plans": [', /ends too early/, 2, 12],
    ['a cut string', '[{"Plan": {"Node', /string does not end/, 1, 12],
    ['a broken string', '[{"Plan": {"Node Type": "Seq\nScan"}}]', /string does not end/, 1, 25],
    ['a bad escape', String.raw`{"a": "\x"}`, /unknown escape/, 1, 7],
    ['a missing comma', '{"Plan": {"Node Type": "Result"\r\n  "Alias": "x"}}', /a comma or }/, 2, 3],
    ['a comma too many', '[{"Plan": {"Node Type": "Result"},}]', /a name in double quotes/, 1, 35],
    ['a bare name', '{Plan: 1}', /a name in double quotes/, 1, 2],
    ['a bad number', '[1.2.3]', /a value/, 1, 2],
    ['a leading zero', '[01]', /a value/, 1, 2],
    ['NaN', '[NaN]', /a value/, 1, 2],
    ['text after it', '[{"Plan": {"Node Type": "Result"}}]\n(1 row)', /nothing more/, 2, 1],
    ['no plan', '[]', /rewrites the statement to nothing/, 1, 1],
    ['a utility statement', '[ "Utility Statement" ]', /has no plan/, 1, 3],
    ['other JSON', '{"a": 1}', /no “Plan”/, 1, 1],
    ['a scalar', '42', /no “Plan”/, 1, 1],
    ['a plan that is a list', '{"Plan": []}', /must be an object/, 1, 10],
    ['a node without a type', '{"Plan": {}}', /no “Node Type”/, 1, 10],
    ['Plans that is no list', '{"Plan": {"Node Type": "Result", "Plans": {}}}', /must be a list/, 1, 43],
    ['a node that is text', '{"Plan": {"Node Type": "Result", "Plans": ["x"]}}', /must be an object/, 1, 44],
    [
      'rows in words',
      '{"Plan": {"Node Type": "Result", "Actual Rows": "many"}}',
      /“Actual Rows” must be a number/,
      1,
      49,
    ],
    ['a type in figures', '{"Plan": {"Node Type": 7}}', /“Node Type” must be a text/, 1, 24],
  ];
  for (const [name, text, message, line, column] of bad) {
    it(`says where and what is wrong: ${name}`, () => {
      const error = failure(text);
      assert.match(error.message, message);
      assert.match(error.message, /\.$/);
      assert.deepEqual([error.line, error.column], [line, column]);
    });
  }

  it('reads 5,000 nodes one below the other', () => {
    const node =
      '{"Node Type": "Materialize", "Parent Relationship": "Outer", "Actual Total Time": 1.5, "Actual Loops": 1, "Actual Rows": 1, "Plans": [';
    const plan = readPlan(`{"Plan": ${node.repeat(4999)}{"Node Type": "Result"}${']}'.repeat(4999)}}`);
    assert.equal(plan.nodes.length, 5000);
    assert.equal(plan.nodes.at(-1)?.depth, 4999);
    assert.equal(shape(plan).length, 'Materialize()'.length * 4999 + 'Result'.length);
  });

  it('reads 100,000 nodes one below the other', () => {
    const node =
      '{"Node Type": "Limit", "Parent Relationship": "Outer", "Actual Rows": 1, "Actual Loops": 1, "Plans": [';
    const plan = readPlan(`{"Plan": ${node.repeat(99_999)}{"Node Type": "Result"}${']}'.repeat(99_999)}}`);
    assert.equal(plan.nodes.at(-1)?.depth, 99_999);
    assert.equal(endOf(plan, nodeAt(plan, 1)), 100_000);
  }).timeout(20_000);

  it('takes time in proportion: 20,000 CTEs, InitPlans and SubPlans side by side', () => {
    const count = 20_000;
    const parts = (part: (place: number) => string): string => Array.from({ length: count }, (_, n) => part(n)).join();
    const figures = '"Actual Total Time": 0.001, "Actual Loops": 1, "Actual Rows": 1';
    const owner = (filter: string, plans: string): Plan =>
      readPlan(`{"Plan": {"Node Type": "Append", "Filter": "${filter}", ${figures}, "Plans": [${plans}]}}`);
    const ctes = owner(
      '',
      `${parts((n) => `{"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "CTE c${String(n)}", ${figures}}`)},${parts((n) => `{"Node Type": "CTE Scan", "Parent Relationship": "Member", "CTE Name": "c${String(n)}", ${figures}}`)}`,
    );
    assert.ok(ctes.nodes.every(({ type, exclusiveMs }) => type !== 'CTE Scan' || exclusiveMs === 0));
    const initPlans = owner(
      '$1',
      parts(
        (n) =>
          `{"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan ${String(n)} (returns $${String(n)})", "Filter": "$0 $1", ${figures}}`,
      ),
    );
    assert.equal(initPlans.nodes.length, count + 1);
    const hashed = owner(
      parts((n) => `(hashed SubPlan ${String(n)})`),
      parts(
        (n) =>
          `{"Node Type": "Result", "Parent Relationship": "SubPlan", "Subplan Name": "SubPlan ${String(n)}", "Plan Rows": 9, ${figures}}`,
      ),
    );
    assert.ok(hashed.nodes.slice(1).every(({ estimateFactor }) => estimateFactor === 9));
  }).timeout(20_000);

  it('reads 5,000 InitPlans one below the other', () => {
    const node =
      '{"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1 (returns $0)", "Filter": "$0", "Actual Total Time": 1.5, "Actual Loops": 1, "Plans": [';
    assert.equal(
      readPlan(`{"Plan": ${node.repeat(4999)}{"Node Type": "Result"}${']}'.repeat(4999)}}`).nodes.length,
      5000,
    );
  }).timeout(20_000);

  it('reads an unknown property that is 100,000 lists deep', () => {
    const plan = readPlan(`{"Plan": {"Node Type": "Result", "New": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}`);
    assert.match(detailsOf(plan.nodes[0] ?? assert.fail())[0]?.value ?? '', /…/);
    assert.match(failure('['.repeat(100_000)).message, /ends too early/);
  });

  it('throws nothing but PlanParseError, whatever 4,000 mutations make of a plan', () => {
    const plans = allFixtures().map(({ text }) => text);
    const random = seeded(42);
    const any = (length: number): number => Math.floor(random() * length);
    const INSERTED = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '-',
      '0',
      '1e308',
      '1e999',
      'null',
      'true',
      '""',
      '{}',
      '[]',
      '"Plans": [',
      '\u0000',
      '\ud800',
      '"InitPlan"',
      '"CTE x"',
      '"Actual Loops": 0,',
    ];
    let read = 0;
    for (let round = 0; round < 4000; round++) {
      let text = plans[any(plans.length)] ?? '';
      for (let change = any(3); change >= 0; change--) {
        const at = any(text.length);
        const kind = any(5);
        if (kind === 0) text = text.slice(0, at) + text.slice(at + 1 + any(40));
        else if (kind === 1) text = text.slice(0, at) + (INSERTED[any(INSERTED.length)] ?? '') + text.slice(at);
        else if (kind === 2) text = text.slice(0, at) + text.slice(any(text.length), any(text.length)) + text.slice(at);
        else if (kind === 3) text = mutateNumber(text, at, random);
        else
          text =
            random() < 0.1
              ? text.slice(0, at)
              : text.replace(
                  /"(?:Actual Loops|Actual Total Time|Subplan Name|Parent Relationship)": [^,]+/,
                  'null'.repeat(any(2)) || '"x": 1',
                );
      }
      try {
        for (const plan of readPlans(text))
          for (const node of plan.nodes)
            for (const value of Object.values(node))
              assert.ok(typeof value !== 'number' || (Number.isFinite(value) && value >= 0));
        read++;
      } catch (error) {
        assert.ok(error instanceof PlanParseError, `${String(error)}\n${text}`);
        assert.ok(error.line >= 1 && error.column >= 1);
      }
    }
    assert.ok(read > 500, `Only ${String(read)} mutants are still plans.`);
  }).timeout(60_000);

  it('cuts of a plan are never a plan', () => {
    const text = fixtureText('pg15', 'bitmap-or').trim();
    for (let length = 0; length < text.length; length += 7) failure(text.slice(0, length));
  });
});

/** Another figure for one that stands at or after `at`. */
function mutateNumber(text: string, at: number, random: () => number): string {
  const figures = ['0', '-5', '1e120', '1e300', '1e999', '0.001', '999999999', '3.5'];
  const number = /(?<=: )\d[\d.]*/g;
  number.lastIndex = at;
  const found = number.exec(text);
  if (found === null) return text;
  return (
    text.slice(0, found.index) +
    (figures[Math.floor(random() * figures.length)] ?? '') +
    text.slice(found.index + found[0].length)
  );
}
