import assert from 'node:assert/strict';
import { compareOutput, isIn, readOutputInfo, versionsText, type MaskName } from '../../../src/course/output';
import { parseLesson } from '../../../src/course/parse';

const agrees = (text: string, seen: string, ...masks: MaskName[]): boolean =>
  compareOutput({ text, masks }, seen) === undefined;

describe('text output', () => {
  it('is compared line by line; white space inside lines does not count, indentation does', () => {
    assert.ok(agrees(' a | b \n---+---\n 1 | 2\n', ' a  | b\n----+---\n 1  | 2'));
    assert.ok(!agrees('Sort\n  -> Scan\n', 'Sort\n    -> Scan\n'));
    assert.ok(!agrees('1\n2\n', '1\n'));
    assert.ok(!agrees('1\n', '2\n'));
  });

  it('has … for anything within a line, and for any number of lines', () => {
    assert.ok(agrees('Scan on orders (… rows=3 …)\n', 'Scan on orders (cost=1 rows=3 width=4)\n'));
    assert.ok(!agrees('Scan on orders (… rows=3 …)\n', 'Scan on orders (cost=1 rows=4 width=4)\n'));
    assert.ok(agrees('a\n…\nz\n', 'a\nb\nc\nz\n'));
    assert.ok(agrees('a\n…\n', 'a\n'));
    assert.ok(!agrees('a\n…\nz\n', 'a\nb\n'));
    assert.ok(!agrees('ab…ba', 'aba'));
  });

  const masks: [MaskName, string, string, string][] = [
    [
      'times',
      'Seq Scan (actual time=0.1..2.5 rows=3)',
      'Seq Scan (actual time=10.12..99.1 rows=3)',
      'Seq Scan (actual time=10.12..99.1 rows=4)',
    ],
    ['times', 'Execution Time: 0.1 ms', 'Execution Time: 12 ms', 'Planning Time: 12 ms'],
    [
      'costs',
      'Scan  (cost=0.42..1.5 rows=3 width=4) x',
      'Scan  (cost=9.42..9.5 rows=2 width=8) x',
      'Scan  (cost=9.42..9.5 rows=2 width=8) y',
    ],
    [
      'memory',
      'Sort Method: quicksort  Memory: 25kB',
      'Sort Method: quicksort  Memory: 1200kB',
      'Sort Method: top-N heapsort  Memory: 25kB',
    ],
    ['buffers', 'Buffers: shared hit=3 read=5', 'Buffers: shared hit=300 read=1', 'Buffers: local hit=3 read=5'],
    ['dates', '2026-01-01 10:00:00+00 x', '2025-12-31 09:00:00.123+01 x', '2025-12-31 y'],
    ['numbers', '3 rows of 10.5', '4000 rows of 1', '4 lines of 1'],
  ];
  for (const [mask, expected, same, other] of masks) {
    it(`masks ${mask}: ${expected}`, () => {
      assert.ok(agrees(expected, same, mask));
      assert.ok(!agrees(expected, same));
      assert.ok(!agrees(expected, other, mask));
    });
  }

  it('says what differs; what is masked does not', () => {
    assert.deepEqual(compareOutput({ text: 'a 1 ms\nb 1 ms\n', masks: ['times'] }, 'a 2 ms\nc 2 ms\n'), {
      expected: 'a 1 ms\nb 1 ms',
      seen: 'a 1 ms\nc 2 ms',
    });
  });

  it('is seen as psql prints it: an author may paste it', () => {
    const seen = ' id | name  \n----+-------\n  1 | Anna\n 10 | Bo\n(2 rows)\n';
    const difference = compareOutput({ text: ' id | name\n-+-\n 1 | Ann\n(1 row)\n\n', masks: [] }, seen);
    assert.deepEqual(difference, {
      expected: ' id | name\n-+-\n 1 | Ann\n(1 row)',
      seen: ' id | name\n----+-------\n  1 | Anna\n 10 | Bo\n(2 rows)',
    });
    assert.equal(compareOutput({ text: difference.seen, masks: [] }, seen), undefined);
  });

  it('takes masks from its info string', () => {
    assert.deepEqual(readOutputInfo('text output'), { masks: [], unknown: [] });
    assert.deepEqual(readOutputInfo('text output masking times, memory'), { masks: ['times', 'memory'], unknown: [] });
    assert.deepEqual(readOutputInfo('text output masking tims').unknown, [{ text: 'tims', start: 20 }]);
  });

  it('takes versions from its info string, before the masks or behind them', () => {
    const times = { masks: ['times'], unknown: [] };
    assert.deepEqual(readOutputInfo('text output on 18 masking times'), { ...times, on: { from: 18, to: 18 } });
    assert.deepEqual(readOutputInfo('text output masking times on 16-18'), { ...times, on: { from: 16, to: 18 } });
    assert.deepEqual(readOutputInfo('text output on 17+'), { masks: [], unknown: [], on: { from: 17 } });
    for (const [info, word] of [
      ['text output on pg18', { text: 'pg18', start: 15 }],
      ['text output on 18-16', { text: '18-16', start: 15 }],
      ['text output on', { text: 'on', start: 12 }],
    ] as const)
      assert.deepEqual(readOutputInfo(info), { masks: [], unknown: [], badVersions: word });
    const ranges = [{ from: 18, to: 18 }, { from: 16, to: 18 }, { from: 17 }];
    assert.deepEqual(ranges.map(versionsText), ['18', '16-18', '17+']);
    assert.deepEqual(
      [150018, 160000, 170010, 180004, 190000].map((version) => ranges.map((range) => isIn(range, version))),
      [
        [false, false, false],
        [false, true, false],
        [false, true, true],
        [true, true, true],
        [false, false, true],
      ],
    );
  });

  it('belongs to the example above it', () => {
    const front = '---\nid: a\ntitle: A\nkind: resource\nminutes: 5\n---\n';
    const { lesson, problems } = parseLesson(
      `${front}\`\`\`sql run\nSELECT 1;\n\`\`\`\n\n\`\`\`text output masking numbers\n 1\n\`\`\`\n## B\n\`\`\`sql run\nSELECT 2;\n\`\`\`\n\`\`\`text\nplain\n\`\`\`\n`,
      'a/1.md',
      'A',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(lesson?.runBlocks, [
      { id: 'run-1', title: '', text: 'SELECT 1;\n', line: 7, output: { text: ' 1\n', line: 11, masks: ['numbers'] } },
      { id: 'run-2', title: 'B', text: 'SELECT 2;\n', line: 15 },
    ]);
  });

  it('takes no time that grows without bounds', () => {
    const text = `${'a…'.repeat(2000)}b`;
    assert.ok(!agrees(text, 'a'.repeat(20_000)));
    assert.ok(!agrees('…\na\n'.repeat(300), 'a\n'.repeat(2000) + 'b'));
  });
});
