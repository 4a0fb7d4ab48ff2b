import assert from 'node:assert/strict';
import { exercisesOf, lessonBlocks } from '../../../src/course/author/blocks';
import { exerciseFolds, exerciseParts } from '../../../src/course/author/structure';

const LESSON = `---
id: indexes
title: "---"
---
# Indexes

\`\`\`sql run
SELECT 0;
\`\`\`

## Find it

\`\`\`yaml exercise
id: find-it # stays
\`\`\`
\`\`\`sql starter
SELECT 1;
\`\`\`
~~~md hint
\`\`\`sql
SELECT 2;
\`\`\`
~~~
\`\`\`sql wrong "Not this."
SELECT 3;
\`\`\`

## Next

\`\`\`sql solution
SELECT 4;
\`\`\`
`;

/** "role: content" of each block. */
const shown = (source: string): string[] =>
  lessonBlocks(source).blocks.map(
    ({ role, content }) => `${role?.role ?? '-'}: ${source.slice(content.start, content.end).trim()}`,
  );

describe('lessonBlocks', () => {
  it('finds front matter and fences, fences within fences left alone', () => {
    const { front } = lessonBlocks(LESSON);
    assert.equal(front && LESSON.slice(front.start, front.end), 'id: indexes\ntitle: "---"\n');
    assert.deepEqual(shown(LESSON), [
      'run: SELECT 0;',
      'exercise: id: find-it # stays',
      'starter: SELECT 1;',
      'hint: ```sql\nSELECT 2;\n```',
      'wrong: SELECT 3;',
      'solution: SELECT 4;',
    ]);
  });

  it('finds the same with other line ends', () => {
    const crlf = LESSON.replaceAll('\n', '\r\n');
    assert.deepEqual(
      shown(crlf),
      shown(LESSON).map((each) => each.replaceAll('\n', '\r\n')),
    );
    const { front } = lessonBlocks(crlf);
    assert.equal(front && crlf.slice(front.start, front.end), 'id: indexes\r\ntitle: "---"\r\n');
  });

  it('takes what is not closed up to the end', () => {
    assert.deepEqual(shown('```sql run\nSELECT 1'), ['run: SELECT 1']);
    assert.deepEqual(shown('```'), ['-: ']);
    const open = '---\nid: a\n\n# Title\n';
    const { front } = lessonBlocks(open);
    assert.equal(front && open.slice(front.start, front.end), 'id: a\n');
  });

  it('gives an exercise its parts up to the next heading', () => {
    const [exercise, ...others] = exercisesOf(LESSON, lessonBlocks(LESSON));
    assert.equal(others.length, 0);
    assert.equal(exercise?.id, 'find-it');
    assert.deepEqual(
      exercise.parts.map(({ role, label }) => [role?.role, label]),
      [
        ['starter', undefined],
        ['hint', undefined],
        ['wrong', 'Not this.'],
      ],
    );
  });

  it('reads ids as YAML spells them', () => {
    const id = (yaml: string): string | undefined => {
      const source = `\`\`\`yaml exercise\n${yaml}\n\`\`\``;
      return exercisesOf(source, lessonBlocks(source))[0]?.id;
    };
    assert.equal(id('id: a-b'), 'a-b');
    assert.equal(id('points: 3\nid:   "a"'), 'a');
    assert.equal(id("id: 'a' # why"), 'a');
    assert.equal(id('id:'), undefined);
    assert.equal(id('expect:\n  - choice:\n      id: inner'), undefined);
  });
});

describe('exerciseParts', () => {
  it('names exercises, with their blocks below', () => {
    const [exercise] = exerciseParts(LESSON);
    assert.deepEqual([exercise?.name, exercise?.detail], ['find-it', 'Find it']);
    assert.deepEqual(
      exercise?.children.map(({ name, detail }) => `${name}: ${detail}`),
      ['starter: SELECT 1;', 'hint: ```sql', 'wrong: Not this.'],
    );
    for (const part of [exercise, ...exercise.children])
      assert.ok(part.selection.start >= part.span.start && part.selection.end <= part.span.end, part.name);
  });

  it('folds an exercise with all of its blocks', () => {
    const lines = LESSON.split('\n');
    assert.deepEqual(exerciseFolds(LESSON), [
      { start: lines.indexOf('```yaml exercise'), end: lines.indexOf('## Next') - 2 },
    ]);
  });
});
