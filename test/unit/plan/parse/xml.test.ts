import assert from 'node:assert/strict';
import { PlanParseError } from '../../../../src/plan/parse/parseError';
import { parseJson } from '../../../../src/plan/parse/parseJson';
import { parseXml } from '../../../../src/plan/parse/xml';
import { isList, type RawProperties } from '../../../../src/plan/raw';
import { captures } from '../formatFixtures';
import { withoutFigures } from './withoutFigures';

const explain = (query: string): string =>
  `<explain xmlns="http://www.postgresql.org/2009/explain">\n  <Query>\n${query}\n  </Query>\n</explain>`;
const plan = (properties: string): string => explain(`<Plan><Node-Type>Result</Node-Type>${properties}</Plan>`);

function root(text: string): RawProperties {
  const [first] = parseXml(text);
  assert.ok(first);
  return first.root;
}

function fails(text: string, message: string | RegExp, line: number, column: number): void {
  assert.throws(
    () => parseXml(text),
    (error) => {
      assert.ok(error instanceof PlanParseError, String(error));
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.deepEqual([error.line, error.column], [line, column]);
      return true;
    },
  );
}

describe('plan: XML', function () {
  this.timeout(30_000);

  it('every captured plan is what its JSON is', () => {
    for (const { id, xml, json, repeats } of captures()) {
      const [actual, expected] = [parseXml(xml), parseJson(json)];
      assert.deepEqual(
        [id, repeats ? actual : withoutFigures(actual)],
        [id, repeats ? expected : withoutFigures(expected)],
      );
    }
  });

  it('auto_explain’s, which has no <Query>', () => {
    const text =
      '<explain xmlns="x">\n  <Query-Text>SELECT 1</Query-Text>\n  <Plan>\n    <Node-Type>Result</Node-Type>\n  </Plan>\n</explain>';
    assert.deepEqual(parseXml(text)[0]?.sections, { 'Query Text': 'SELECT 1', Plan: { 'Node Type': 'Result' } });
  });

  it('names get their spaces, slashes and hyphens back', () => {
    const text = plan(
      '<Rows-Removed-by-Filter>1</Rows-Removed-by-Filter><Shared-I-O-Read-Time>2.5</Shared-I-O-Read-Time>' +
        '<I-O-Write-Time>3</I-O-Write-Time><One-Time-Filter>false</One-Time-Filter><WAL-FPI>4</WAL-FPI>' +
        '<What-Is-New>5</What-Is-New>',
    );
    assert.deepEqual(root(text), {
      'Node Type': 'Result',
      'Rows Removed by Filter': 1,
      'Shared I/O Read Time': 2.5,
      'I/O Write Time': 3,
      'One-Time Filter': 'false',
      'WAL FPI': 4,
      'What Is New': 5,
    });
  });

  it('a name that looks like a number stays text', () => {
    const text = plan('<Alias>42</Alias><Output><Item>1</Item><Item>true</Item></Output><Plan-Rows>42</Plan-Rows>');
    assert.deepEqual(Object.values(root(text)), ['Result', '42', ['1', 'true'], 42]);
    const [first] = parseXml(
      explain(
        '<Plan><Node-Type>Result</Node-Type></Plan><Settings><a.b_c>1.1</a.b_c></Settings><Query-Identifier>-9007199254740993001</Query-Identifier>',
      ),
    );
    assert.deepEqual(first?.sections['Settings'], { 'a.b_c': '1.1' });
    assert.equal(first.sections['Query Identifier'], '-9007199254740993001');
  });

  it('an Incremental Sort’s groups, which have one name in XML', () => {
    const group = (method: string, ...spaces: number[]): string =>
      `<Incremental-Sort-Groups><Group-Count>1</Group-Count><Sort-Methods-Used><Item>${method}</Item></Sort-Methods-Used>${spaces
        .map((peak) => `<Sort-Space><Peak-Sort-Space-Used>${String(peak)}</Peak-Sort-Space-Used></Sort-Space>`)
        .join('')}</Incremental-Sort-Groups>`;
    const node = root(plan(group('quicksort', 1, 2) + group('external merge', 3)));
    assert.deepEqual(node['Full-sort Groups'], {
      'Group Count': 1,
      'Sort Methods Used': ['quicksort'],
      'Sort Space Memory': { 'Peak Sort Space Used': 1 },
      'Sort Space Disk': { 'Peak Sort Space Used': 2 },
    });
    assert.deepEqual(node['Pre-sorted Groups'], {
      'Group Count': 1,
      'Sort Methods Used': ['external merge'],
      'Sort Space Disk': { 'Peak Sort Space Used': 3 },
    });
  });

  it('entities: the five and characters; no other is resolved', () => {
    const text = plan('<Filter>(a &lt; &quot;b&apos;&gt; &amp;amp; &#x0d;&#233;&bomb;&#x110000;)</Filter>');
    assert.equal(root(text)['Filter'], '(a < "b\'> &amp; \ré&bomb;&#x110000;)');
  });

  it('a prolog, comments, a byte order mark and no line breaks', () => {
    const text = `\ufeff<?xml version="1.0"?><!-- <Plan> -->${plan('<Plans><Plan><Node-Type>A</Node-Type></Plan></Plans>').replace(/\n\s*/g, '')}`;
    assert.deepEqual(root(text), { 'Node Type': 'Result', Plans: [{ 'Node Type': 'A' }] });
  });

  it('an element may be called __proto__', () => {
    const node = root(plan('<__proto__><polluted>true</polluted></__proto__>'));
    assert.deepEqual(Object.keys(node), ['Node Type', '__proto__']);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('5,000 deep and 50,000 wide, in linear time', () => {
    const deep = plan(`${'<Plans><Plan><Node-Type>A</Node-Type>'.repeat(4999)}${'</Plan></Plans>'.repeat(4999)}`);
    let depth = 0;
    let plans = root(deep)['Plans'];
    while (isList(plans)) {
      depth++;
      plans = (plans[0] as RawProperties)['Plans'];
    }
    assert.equal(depth, 4999);
    const children = root(plan(`<Plans>${'<Plan><Node-Type>B</Node-Type></Plan>'.repeat(50_000)}</Plans>`))['Plans'];
    assert.equal(isList(children) ? children.length : 0, 50_000);
  });

  describe('says what is wrong, and where', () => {
    it('no plan', () =>
      fails(
        '<explain xmlns="x">\n</explain>',
        'EXPLAIN printed no plan: a rule rewrites the statement to nothing.',
        1,
        1,
      ));
    it('no “Plan”', () => fails('<html>\n<b>x</b></html>', 'This XML is not an EXPLAIN plan: it has no “Plan”.', 1, 1));
    it('a utility statement', () =>
      fails('<explain>\n  <Utility-Statement />\n</explain>', 'A utility statement has no plan.', 1, 1));
    it('text for a number', () => fails(plan('\n<Plan-Rows>x</Plan-Rows>'), '“Plan Rows” must be a number.', 4, 1));
    it('a fault deep in the tree', () =>
      fails(
        plan('<Plans><Plan><Node-Type>A</Node-Type></Plan>\n<Plan><X>1</X></Plan></Plans>'),
        'A node of the plan has no “Node Type”.',
        4,
        1,
      ));
    it('an element that is not closed', () =>
      fails('<explain>\n<Query>', 'The plan ends too early: </Query> is missing.', 2, 8));
    it('another closed', () =>
      fails('<explain>\n<Query></Plan>', 'Not valid XML: </Query> should stand here, not </Plan>.', 2, 8));
    it('one closed too often', () => fails('<a></a></a>', 'Not valid XML: </a> closes nothing.', 1, 8));
    it('a second document', () => fails('<a>1</a>\n<a>1</a>', 'Not valid XML: nothing may follow the plan.', 2, 1));
    it('text beside elements', () => {
      fails('<a>\n x <b>1</b></a>', /text stands before this tag, in <a>/, 2, 4);
      fails('<a><b>1</b>\n x</a>', /text stands here between elements/, 2, 2);
    });
    it('a lone bracket', () => fails('<a>\n1 < 2</a>', 'Not valid XML: no tag begins at this “<”.', 2, 3));
    it('a DOCTYPE, and so entities of one’s own', () =>
      fails('<!DOCTYPE x [<!ENTITY a "b">]><explain/>', 'EXPLAIN prints no such XML.', 1, 1));
    it('a comment that does not end', () => fails('<a>\n<!-- x', /“-->” is missing/, 2, 1));
    it('nothing', () => fails(' \n', 'This XML holds no element.', 1, 1));
  });
});
