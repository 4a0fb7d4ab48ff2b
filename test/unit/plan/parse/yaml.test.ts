import assert from 'node:assert/strict';
import { PlanParseError } from '../../../../src/plan/parse/parseError';
import { parseJson } from '../../../../src/plan/parse/parseJson';
import { parseYaml } from '../../../../src/plan/parse/yaml';
import { isList, type RawProperties } from '../../../../src/plan/raw';
import { captures } from '../formatFixtures';
import { withoutFigures } from './withoutFigures';

const lines = (...all: string[]): string => all.join('\n');

function root(text: string): RawProperties {
  const [plan] = parseYaml(text);
  assert.ok(plan);
  return plan.root;
}

function fails(text: string, message: string | RegExp, line: number, column: number): void {
  assert.throws(
    () => parseYaml(text),
    (error) => {
      assert.ok(error instanceof PlanParseError, String(error));
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.deepEqual([error.line, error.column], [line, column]);
      return true;
    },
  );
}

describe('plan: YAML', function () {
  this.timeout(30_000);

  it('every captured plan is what its JSON is', () => {
    for (const { id, yaml, json, repeats } of captures()) {
      const [actual, expected] = [parseYaml(yaml), parseJson(json)];
      assert.deepEqual(
        [id, repeats ? actual : withoutFigures(actual)],
        [id, repeats ? expected : withoutFigures(expected)],
      );
    }
  });

  it('auto_explain’s, which is no list', () => {
    const [plan] = parseYaml(lines('Query Text: "SELECT 1;"', 'Plan: ', '  Node Type: "Result"', '  Plan Rows: 1'));
    assert.deepEqual(plan?.sections, { 'Query Text': 'SELECT 1;', Plan: { 'Node Type': 'Result', 'Plan Rows': 1 } });
  });

  it('what is quoted is text, what is not is a number or a boolean', () => {
    const text = lines(
      '- Plan: ',
      '    Node Type: "Seq Scan"',
      '    Alias: "42"',
      '    Filter: "true"',
      '    Plan Rows: 42',
      '    Total Cost: 1.5e+300',
      '    Parallel Aware: true',
    );
    assert.deepEqual(Object.values(root(text)), ['Seq Scan', '42', 'true', 42, 1.5e300, true]);
  });

  it('escapes are JSON’s', () => {
    const text = lines('- Plan:', '    Node Type: "Result"', String.raw`    Filter: "\"a\": b\\ \n\t\u00e9 - x"`);
    assert.equal(root(text)['Filter'], '"a": b\\ \n\té - x');
  });

  it('a Query Identifier keeps its 64 bits', () => {
    const [plan] = parseYaml(lines('- Plan:', '    Node Type: "Result"', '  Query Identifier: -9007199254740993001'));
    assert.equal(plan?.sections['Query Identifier'], '-9007199254740993001');
  });

  it('two statements’ plans', () => {
    const one = lines('- Plan: ', '    Node Type: "Result"', '  Planning Time: 1.000');
    assert.equal(parseYaml(`${one}\n${one}`).length, 2);
  });

  it('indented as a whole, with Windows line ends, a byte order mark and trailing spaces', () => {
    const text =
      '\ufeff  - Plan: \r\n      Node Type: "Result"  \r\n      Output: \r\n        - "1"\r\n\r\n    Triggers: \r\n';
    assert.deepEqual(parseYaml(text)[0]?.sections, { Plan: { 'Node Type': 'Result', Output: ['1'] }, Triggers: [] });
  });

  it('as other writers of YAML put it', () => {
    const text = lines(
      '---',
      '# a comment',
      '- Plan:',
      '    Node Type: Nested Loop',
      "    Join Filter: 'it''s: (a = b)'",
      '    "Plans":',
      '    - Node Type: Result',
      '      X: ~',
      '    - Node Type: Result',
      '    Plan Rows: 3',
    );
    assert.deepEqual(root(text), {
      'Node Type': 'Nested Loop',
      'Join Filter': "it's: (a = b)",
      Plans: [{ 'Node Type': 'Result', X: null }, { 'Node Type': 'Result' }],
      'Plan Rows': 3,
    });
  });

  it('a property may be called __proto__', () => {
    const node = root(lines('- Plan:', '    Node Type: "Result"', '    __proto__: ', '      polluted: true'));
    assert.deepEqual(Object.keys(node), ['Node Type', '__proto__']);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('1,000 deep, where indentation makes 4 MB of it, and 50,000 wide, in linear time', () => {
    const deep = Array.from({ length: 1000 }, (_, depth) => {
      const indent = '    '.repeat(depth);
      return depth === 0 ? '- Plan:\n    Node Type: "A"' : `${indent}Plans:\n${indent}  - Node Type: "A"`;
    });
    let depth = 0;
    let plans = root(deep.join('\n'))['Plans'];
    while (isList(plans)) {
      depth++;
      plans = (plans[0] as RawProperties)['Plans'];
    }
    assert.equal(depth, 999);
    const wide = `- Plan:\n    Node Type: "A"\n    Plans:\n${'      - Node Type: "B"\n        Plan Rows: 1\n'.repeat(50_000)}`;
    const children = root(wide)['Plans'];
    assert.equal(isList(children) ? children.length : 0, 50_000);
  });

  describe('says what is wrong, and where', () => {
    it('no plan', () => fails('\n  \n', 'EXPLAIN printed no plan: a rule rewrites the statement to nothing.', 1, 1));
    it('no “Plan”', () => fails('- Planning: 1\n', 'This YAML is not an EXPLAIN plan: it has no “Plan”.', 1, 3));
    it('a utility statement', () => fails('- "Utility Statement"', 'A utility statement has no plan.', 1, 1));
    it('a node without a type', () =>
      fails('- Plan:\n    Plan Rows: 1\n', 'A node of the plan has no “Node Type”.', 2, 5));
    it('text for a number', () =>
      fails('- Plan:\n    Node Type: "A"\n    Plan Rows: "x"', '“Plan Rows” must be a number.', 3, 5));
    it('a fault deep in the tree', () =>
      fails(
        lines(
          ...['- Plan:', '    Node Type: "A"', '    Plans:', '      - Node Type: "B"', '        Plans:'],
          ...['          - Node Type: "C"', '      - Node Type: "D"', '        Total Cost: "x"'],
        ),
        '“Total Cost” must be a number.',
        8,
        9,
      ));
    it('a line between two levels', () =>
      fails(
        '- Plan:\n    Node Type: "A"\n   Plan Rows: 1',
        /^Not valid YAML: this line is indented like none above it\.$/,
        3,
        4,
      ));
    it('a list’s dash where none is open', () =>
      fails('- Plan:\n    Node Type: "A"\n - x', /indented like no list/, 3, 2));
    it('a text that does not end', () =>
      fails('- Plan:\n    Node Type: "A', /^Not valid YAML: this text does not end/, 2, 16));
    it('something after a text', () => fails('- Plan:\n    Node Type: "A" b', /nothing may follow/, 2, 19));
    it('a line without a name', () => fails('- Plan:\n    Node Type: "A"\n    Sort', /a name and a colon/, 3, 5));
    it('a list in brackets that does not end', () =>
      fails('- Plan:\n    Node Type: "A"\n    X: ["a", "b"', /a comma or \]/, 3, 17));
    it('anchors and flow mappings', () => fails('- Plan: &x', /EXPLAIN prints no such YAML/, 1, 9));
  });
});
