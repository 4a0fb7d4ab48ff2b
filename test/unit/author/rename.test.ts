import assert from 'node:assert/strict';
import { idAt, refusal, renameId, type CourseText } from '../../../src/course/author/rename';
import { linkedFile } from '../../../src/course/author/links';

const FIRST = `---
id: first
---
See [it](#find-it), [the other](02.md#find-it), [the heading](#find-them), \`[code](#find-it)\`… and [ref].

[ref]: #find-it

## Find them

\`\`\`yaml exercise
id: find-it
\`\`\`
\`\`\`md hint
[Above](#find-it "a title").
\`\`\`
\`\`\`sql solution
SELECT '[x](#find-it)';
\`\`\`
`;
const SECOND = `---
id: second
---
[There](01.md#find-it), [there](../tutorials/01.md#find-it), [elsewhere](../01.md#find-it), [out](https://e.x/01.md#find-it).

## Find it

\`\`\`yaml exercise
id: find-it
\`\`\`
[To the heading](#find-it).
`;
const FILES: readonly CourseText[] = [
  { path: 'tutorials/01.md', source: FIRST },
  { path: 'tutorials/02.md', source: SECOND },
];

/** The course's files after a rename. */
function renamed(path: string, at: string, to: string): string[] {
  const source = FILES.find((file) => file.path === path)?.source ?? '';
  const target = idAt(path, source, source.indexOf(at) + at.length);
  assert.ok(target, `nothing to rename at ${at}`);
  const edits = renameId(path, target, to, FILES);
  return FILES.map((file) =>
    edits
      .filter((edit) => edit.path === file.path)
      .sort((a, b) => b.start - a.start)
      .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), file.source),
  );
}

describe('rename', () => {
  it('renames an exercise with every link to it, in all lessons', () => {
    const [first = '', second = ''] = renamed('tutorials/01.md', 'id: find-', 'seek-it');
    assert.equal(first.match(/seek-it/g)?.length, 5, first);
    assert.match(first, /\[it\]\(#seek-it\), \[the other\]\(02\.md#find-it\)/);
    assert.match(first, /SELECT '\[x\]\(#find-it\)'/);
    assert.match(second, /\[There\]\(01\.md#seek-it\), \[there\]\(\.\.\/tutorials\/01\.md#seek-it\)/);
    assert.match(second, /\[elsewhere\]\(\.\.\/01\.md#find-it\), \[out\]\(https:\/\/e\.x\/01\.md#find-it\)/);
    assert.match(second, /id: find-it/);
  });

  it('starts from a link as well', () =>
    assert.deepEqual(
      renamed('tutorials/01.md', '[it](#find', 'seek-it'),
      renamed('tutorials/01.md', 'id: find', 'seek-it'),
    ));

  it('leaves links that mean a heading of the same name', () => {
    const [first = '', second = ''] = renamed('tutorials/02.md', '\nid: find', 'seek-it');
    assert.equal(first, FIRST);
    assert.match(second, /id: seek-it/);
    assert.match(second, /\[To the heading\]\(#find-it\)/);
    assert.equal(idAt('tutorials/02.md', SECOND, SECOND.indexOf('(#find-it)') + 4), undefined);
  });

  it('renames lessons and courses', () => {
    assert.match(renamed('tutorials/01.md', 'id: fir', 'begin')[0] ?? '', /^---\nid: begin\n---/);
    const course = 'title: C\nid: course\n';
    assert.deepEqual(idAt('course.yaml', course, course.indexOf('course')), {
      what: 'course',
      id: 'course',
      span: { start: 13, end: 19 },
    });
  });

  it('renames nothing else', () => {
    for (const at of ['See', 'SELECT', '02.md#fin', '```yaml'])
      assert.equal(idAt('tutorials/01.md', FIRST, FIRST.indexOf(at) + at.length), undefined, at);
  });

  it('refuses ids that are taken or are none', () => {
    const target = idAt('tutorials/01.md', FIRST, FIRST.indexOf('id: find') + 6);
    assert.ok(target);
    assert.match(refusal(target, 'Find It', []) ?? '', /lower-case/);
    assert.match(refusal(target, 'other', ['other']) ?? '', /taken/);
    assert.equal(refusal(target, 'find-it', ['find-it']), undefined);
  });
});

describe('linkedFile', () => {
  it('resolves below the course and not above it', () => {
    assert.equal(linkedFile('a/b.md', '../c/d%20e.md'), 'c/d e.md');
    assert.equal(linkedFile('a/b.md', ''), 'a/b.md');
    assert.equal(linkedFile('a/b.md', '/c.md'), 'c.md');
    assert.equal(linkedFile('a/b.md', '../../c.md'), undefined);
    assert.equal(linkedFile('a/b.md', '%zz'), undefined);
  });
});
