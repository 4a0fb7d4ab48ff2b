import assert from 'node:assert/strict';
import { parseLesson } from '../../../src/course/parse';

const FRONT = '---\nid: indexes\ntitle: Indexes\nkind: tutorial\nminutes: 30\n---\n';
const EXERCISE = `## Find it

\`\`\`yaml exercise
id: find-it
expect:
  - state: { query: SELECT true, message: No. }
\`\`\`
\`\`\`sql starter
SELECT 1;
\`\`\`
\`\`\`md hint
One **hint**.
\`\`\`
\`\`\`sql solution
SELECT 2;
\`\`\`
\`\`\`sql wrong "Not this."
SELECT 3;
\`\`\`
`;

const parse = (source: string) => parseLesson(source, 'tutorials/01.md', 'Tutorials');
/** Each problem as "line:character message", from 1 as editors show them. */
const problems = (source: string): string[] =>
  parse(source).problems.map(({ range, message }) => `${range.startLine + 1}:${range.startCharacter + 1} ${message}`);

describe('parseLesson', () => {
  it('reads front matter, exercises and run blocks', () => {
    const { lesson, problems: found } = parse(`${FRONT}\n\`\`\`sql run\nSELECT 0;\n\`\`\`\n\n${EXERCISE}`);
    assert.deepEqual(found, []);
    assert.equal(lesson?.id, 'indexes');
    assert.deepEqual(lesson.runBlocks, [{ id: 'run-1', title: '', text: 'SELECT 0;\n', line: 8 }]);
    const [exercise] = lesson.exercises;
    assert.equal(exercise?.title, 'Find it');
    assert.equal(exercise.points, 10);
    assert.deepEqual([exercise.starter.text, exercise.solution.text], ['SELECT 1;\n', 'SELECT 2;\n']);
    assert.deepEqual(
      exercise.hints.map((hint) => hint.text),
      ['One **hint**.\n'],
    );
    assert.deepEqual(
      exercise.wrong.map(({ message, text }) => [message, text]),
      [['Not this.', 'SELECT 3;\n']],
    );
  });

  it('gives lines of the file', () => {
    const source = `${FRONT}\n${EXERCISE}`;
    const exercise = parse(source).lesson!.exercises[0]!;
    const lines = source.split('\n');
    assert.equal(lines[exercise.line], '```yaml exercise');
    assert.equal(lines[exercise.starter.line], 'SELECT 1;');
    assert.equal(lines[exercise.solution.line], 'SELECT 2;');
  });

  it('reads files with Windows line ends', () => {
    const { lesson, problems: found } = parse(`${FRONT}\n${EXERCISE}`.replaceAll('\n', '\r\n'));
    assert.deepEqual(found, []);
    assert.equal(lesson?.exercises[0]?.starter.text.trim(), 'SELECT 1;');
  });

  const bad: [string, string, string[]][] = [
    [
      'no front matter',
      '# Hello\n',
      ['1:1 A lesson starts with front matter between two lines of ---: id, title, kind and minutes.'],
    ],
    ['a missing key', FRONT.replace('minutes: 30\n', ''), ['2:1 “minutes” is missing.']],
    [
      'an unknown key',
      FRONT.replace('kind:', 'colour: red\nkind:'),
      ['4:1 Unknown key “colour”. Remove it or correct its spelling.'],
    ],
    [
      'an id that is none',
      FRONT.replace('id: indexes', 'id: My Lesson'),
      ['2:5 “id”: must be lower-case words joined by hyphens, such as missing-index.'],
    ],
    [
      'YAML that is none',
      FRONT.replace('id: indexes', 'id: [a'),
      ['3:1 Flow sequence in block collection must be sufficiently indented and end with a ].'],
    ],
    [
      'an exercise without a solution',
      FRONT + EXERCISE.replace(/```sql solution[\s\S]*?```\n/, ''),
      ['9:1 The exercise “find-it” has no solution: add a block ```sql solution below it.'],
    ],
    [
      'the same id twice',
      `${FRONT}${EXERCISE}${EXERCISE}`,
      [
        '29:5 The exercise id “find-it” is used twice in this lesson. Ids must differ, for progress is kept under them.',
      ],
    ],
    [
      'a hint of no exercise',
      `${FRONT}\`\`\`md hint\nx\n\`\`\`\n`,
      ['7:1 This hint belongs to no exercise: put it below a ```yaml exercise block.'],
    ],
    [
      'a wrong answer without a message',
      FRONT + EXERCISE.replace(' "Not this."', ''),
      ['23:1 A wrong answer needs its message in quotes: ```sql wrong "What is wrong with it."'],
    ],
    [
      'an expectation that is none',
      FRONT + EXERCISE.replace('state:', 'stat:'),
      [
        '12:5 There is no expectation “stat”. The kinds are rows, plan, state, setting, index, table, answer, choice, checklist, data. Did you mean “state”?',
      ],
    ],
    [
      'a key that the expectation has not',
      FRONT + EXERCISE.replace('message: No.', 'massage: No.'),
      ['12:5 “message” is missing.', '12:34 Unknown key “massage”. Did you mean “message”?'],
    ],
    [
      'a bound that is none',
      FRONT + EXERCISE.replace(/state:.*/, 'plan: { buffers: { at-most: 2 times solution } }'),
      ['12:33 “at-most”: must be a number, or such as "1.5 x solution" or "0.1 x start".'],
    ],
    [
      'a block with a role inside a list',
      `${FRONT}- a\n\n  \`\`\`sql run\n  SELECT 1\n  \`\`\`\n`,
      ['9:3 A block with a role must stand at the left margin, not inside a list or quote.'],
    ],
  ];
  for (const [what, source, expected] of bad) {
    it(`reports ${what}, where it stands`, () => assert.deepEqual(problems(source), expected));
  }

  it('keeps what is usable beside what is not', () => {
    const { lesson } = parse(`${FRONT}${EXERCISE}${EXERCISE.replace('find-it', 'Find It')}`);
    assert.deepEqual(
      lesson?.exercises.map((exercise) => exercise.id),
      ['find-it'],
    );
  });
});
