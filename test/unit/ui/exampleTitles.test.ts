import assert from 'node:assert/strict';
import { parseLesson } from '../../../src/course/parse';
import { exampleTitles } from '../../../src/ui/authoring/exampleTitles';

const example = '```sql run\nSELECT 1;\n```\n\n```text output\n1\n```\n';

function titles(body: string): unknown[] {
  const source = `---\nid: l\ntitle: L\nkind: tutorial\nminutes: 5\n---\n\n${body}`;
  const { lesson, problems } = parseLesson(source, 'lessons/01.md', '');
  assert.ok(lesson, JSON.stringify(problems));
  return [...exampleTitles(lesson)];
}

describe('the name of an example', () => {
  it('is of the heading above it', () => {
    const plain = '```sql run\nSELECT 1;\n```\n';
    assert.deepEqual(titles(`## A\n\n${plain}\n### The \`one\`\n\n${example}\n## B\n\n${example}`), [
      ['run-2', { heading: 'The one' }],
      ['run-3', { heading: 'B' }],
    ]);
  });

  it('has a number below the same heading, or one of the same name', () => {
    assert.deepEqual(titles(`## A\n\n${example}\n${example}\n## B\n\n## A\n\n${example}`), [
      ['run-1', { heading: 'A', number: 1 }],
      ['run-2', { heading: 'A', number: 2 }],
      ['run-3', { heading: 'A', number: 3 }],
    ]);
  });

  it('needs no heading', () => {
    assert.deepEqual(titles(example), [['run-1', { heading: undefined }]]);
  });
});
