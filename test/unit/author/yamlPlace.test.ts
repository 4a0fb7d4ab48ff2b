import assert from 'node:assert/strict';
import { yamlPlace, yamlToken } from '../../../src/course/author/yamlPlace';
import { atCursor } from './cursor';

/** "kind path [present] «replaced»" at the cursor. */
function place(marked: string): string | undefined {
  const { text, offset } = atCursor(marked);
  const found = yamlPlace(text, offset);
  if (!found) return undefined;
  const flags = (['flow', 'inline', 'glued', 'colon'] as const).filter((flag) => found[flag]);
  const word = text.slice(found.start, found.end);
  return [
    found.kind,
    found.path.join('.') || '-',
    `«${word}»`,
    found.present.join(',') && `has ${found.present.join(',')}`,
    flags.join(' '),
    `at ${found.indent}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

describe('yamlPlace', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['|', 'value - «» at 0'],
    ['po|', 'value - «po» at 0'],
    ['id: x\npo|\n', 'key - «po» has id at 0'],
    ['id: x\npo|\nexpect:\n  - rows:\n', 'key - «po» has id,expect at 0'],
    ['id: x\n|\nexpect:\n  - rows:\n', 'key - «» has id,expect at 0'],
    ['id: x\r\n|\r\nexpect:\r\n  - rows:\r\n', 'key - «» has id,expect at 0'],
    ['id: x\npo|ints: 10\n', 'key - «points» has id colon at 0'],
    ['kind: tut|orial\nid: y', 'value kind «tutorial» inline at 0'],
    ['kind: |\nid: y', 'value kind «» inline at 0'],
    ['kind:|\nid: y', 'value kind «» inline glued at 0'],
    ['kind: | # a comment', 'value kind «» inline at 0'],
    ['id: "a|b"\n', 'value id «"ab"» inline at 0'],
    ['expect:\n  - |\n', 'value expect.0 «» at 4'],
    ['expect:\n  - pl|\n', 'value expect.0 «pl» at 4'],
    ['expect:\n  - rows:\n  - pl|\n', 'value expect.1 «pl» at 4'],
    ['expect:\n  - plan:\n      |\n  - rows:\n', 'value expect.0.plan «» at 6'],
    ['expect:\n  - plan:\n      re|\n      uses: []', 'key expect.0.plan «re» has uses at 6'],
    ['expect:\n  - plan:\n      query: SELECT\n      re|\n', 'key expect.0.plan «re» has query at 6'],
    ['expect:\n  - plan:\n    |\n', 'key expect.0 «» has plan at 4'],
    ['expect:\n  - plan:\n      reads:\n        |\n      uses: []', 'value expect.0.plan.reads «» at 8'],
    ['expect:\n  - plan:\n      reads: { orders: | }\n', 'value expect.0.plan.reads.orders «» flow inline at 6'],
    ['expect:\n  - plan:\n      reads: { | }\n', 'key expect.0.plan.reads «» flow at 6'],
    [
      'expect:\n  - plan:\n      reads: { orders: |\n  - rows:\n',
      'value expect.0.plan.reads.orders «» flow inline at 6',
    ],
    ['expect:\n  - plan:\n      uses: [Seq|\n      avoids: []\n', 'value expect.0.plan.uses.0 «Seq» flow at 6'],
    ['a: [1, |, 2]', 'value a.1 «» flow at 0'],
    ['expect: [{plan: {|}}]', 'key expect.0.plan «» flow at 0'],
    ['sections:\n  - folder: a\n    |\n  - folder: b\n', 'key sections.0 «» has folder at 4'],
    ['# a comment|\nid: x', undefined],
    ['query: >-\n  SELECT | FROM\nid: x', undefined],
  ];
  for (const [marked, expected] of cases)
    it(JSON.stringify(marked), () => {
      assert.equal(place(marked), expected);
    });

  it('gives up on what is nested too deeply, and never throws', () => {
    const deep = Array.from({ length: 500 }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
    for (const text of ['['.repeat(1000), '{a: '.repeat(1000), '- '.repeat(1000), '? '.repeat(1000), deep])
      assert.equal(yamlPlace(text, text.length), undefined);
    const most = Array.from({ length: 200 }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
    for (const text of ['&a [*a, *a]', '\u0000\ufffe', `${most} ${'['.repeat(40)}`])
      assert.doesNotThrow(() => yamlPlace(text, text.length));
  });

  it('finds keys and values as they stand', () => {
    const { text, offset } = atCursor('expect:\n  - plan:\n      reads: { or|ders: index }\n');
    assert.deepEqual(yamlToken(text, offset), {
      kind: 'key',
      path: ['expect', 0, 'plan', 'reads', 'orders'],
      text: 'orders',
      start: 33,
      end: 39,
    });
    assert.equal(yamlToken('id: "abc"', 6)?.start, 5);
    assert.equal(yamlToken('id: abc # d', 10), undefined);
  });
});
