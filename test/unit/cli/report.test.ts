import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { FORMATS, reporter, type Format } from '../../../src/cli/report';
import { counted, NO_COUNTS, type Event } from '../../../src/cli/report/event';
import { githubReporter } from '../../../src/cli/report/github';
import type { Problem } from '../../../src/course/problem';
import type { Proof } from '../../../src/verify/proof';

const range = { startLine: 11, startCharacter: 4, endLine: 11, endCharacter: 9 };
const file = path.join('courses', 'a,b', '01.md');
const problem = (severity: Problem['severity'], message: string): Event => ({
  type: 'problem',
  file,
  problem: { severity, code: 'unknown-key', message, range },
});
const proof = (more: Partial<Proof> & Pick<Proof, 'status'>): Event => ({
  type: 'proof',
  file,
  proof: {
    subject: { kind: 'exercise', lesson: 'indexes', id: 'find-it', title: 'Find it', path: '01.md', line: 3 },
    name: 'the solution passes',
    line: 20,
    durationMs: 1234.4,
    ...more,
  },
});
const NASTY = 'a < b && "c" > \'d\'\u0007\ud800 100%\nsecond, line: ]]>';
const EVENTS: readonly Event[] = [
  problem('error', 'Unknown key “expct”.'),
  { type: 'course', id: 'c', title: 'Course', engine: 'embedded PostgreSQL 18' },
  proof({ status: 'passed' }),
  proof({ status: 'failed', name: 'wrong answer: “<x>”', message: NASTY, expected: 'one\ntwo', seen: 'one\nthree' }),
  problem('warning', 'The starter meets this.'),
  proof({ status: 'skipped', message: 'The lesson needs replication.' }),
];

function told(format: Format, events = EVENTS): string {
  const report = reporter(format);
  const counts = events.reduce(counted, NO_COUNTS);
  return [...events, { type: 'end', counts } as const].map((event) => report(event)).join('');
}

describe('cli: reports', () => {
  it('spec', () => {
    assert.equal(
      told('spec'),
      `${file}:12:5 error: Unknown key “expct”. (unknown-key)
Course, embedded PostgreSQL 18
  ✓ indexes/find-it: the solution passes
  ✗ indexes/find-it: wrong answer: “<x>”
      ${file}:21: ${NASTY.replace('\n', '\n      ')}
      expected:
        one
        two
      seen:
        one
        three
${file}:12:5 warning: The starter meets this. (unknown-key)
  - indexes/find-it: the solution passes
      ${file}:21: The lesson needs replication.
1 passed, 1 failed, 1 skipped, 1 error, 1 warning
`,
    );
  });

  it('spec: a lint’s sum', () => {
    assert.equal(told('spec', []), '0 errors, 0 warnings\n');
    assert.equal(told('spec', EVENTS.slice(0, 1)).split('\n')[1], '1 error, 0 warnings');
    assert.equal(told('spec', EVENTS.slice(1, 3)).split('\n')[2], '1 passed, 0 failed');
  });

  it('json: an object a line', () => {
    const lines = told('json')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['problem', 'proof', 'proof', 'problem', 'proof', 'summary'],
    );
    assert.deepEqual(lines[0], {
      type: 'problem',
      file,
      line: 12,
      column: 5,
      endLine: 12,
      endColumn: 10,
      severity: 'error',
      code: 'unknown-key',
      message: 'Unknown key “expct”.',
      fixes: [],
    });
    const { engine, course, lesson, exercise, line, ms, expected } = lines[2] ?? {};
    assert.deepEqual(
      [engine, course, lesson, exercise, line, ms, expected],
      ['embedded PostgreSQL 18', 'c', 'indexes', 'find-it', 21, 1234, 'one\ntwo'],
    );
    assert.deepEqual(lines.at(-1), { type: 'summary', passed: 1, failed: 1, skipped: 1, errors: 1, warnings: 1 });
  });

  it('junit: well-formed XML, whatever a message holds', function () {
    const xml = told('junit');
    const script = `
import sys, json, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
cases = [[s.get('name'), c.get('classname'), c.get('name'), [[k.tag, k.get('message'), k.text] for k in c]] for s in root for c in s]
print(json.dumps([root.tag, root.attrib, cases]))`;
    const { stdout, stderr, error } = spawnSync('python3', ['-c', script], { input: xml, encoding: 'utf8' });
    if (error) this.skip();
    assert.equal(stderr, '');
    const [tag, attributes, cases] = JSON.parse(stdout) as [string, Record<string, string>, unknown[][]];
    assert.equal(tag, 'testsuites');
    const { tests, failures, skipped } = attributes;
    assert.deepEqual([tests, failures, skipped], ['4', '2', '1']);
    assert.deepEqual(cases[0], [
      'lint',
      file,
      'line 12: unknown-key',
      [['failure', 'Unknown key “expct”.', 'Unknown key “expct”.']],
    ]);
    assert.deepEqual(cases[1], ['indexes (embedded PostgreSQL 18)', 'c.indexes.find-it', 'the solution passes', []]);
    const clean = NASTY.replace('\u0007', '\ufffd').replace('\ud800', '\ufffd');
    assert.deepEqual(cases[2]?.[3], [
      ['failure', clean.split('\n')[0], `${file}:21: ${clean}\nexpected:\n  one\n  two\nseen:\n  one\n  three`],
    ]);
    assert.equal((cases[3]?.[3] as string[][])[0]?.[0], 'skipped');
  });

  it('github: workflow commands, relative to the workspace, escaped', () => {
    const report = githubReporter(path.resolve('courses'));
    const [error, course, passed, failed] = EVENTS.map((event) => report(event));
    assert.equal(
      error,
      '::error file=a%2Cb/01.md,line=12,endLine=12,col=5,endColumn=10,title=unknown-key::Unknown key “expct”.\n',
    );
    assert.equal(course, 'Course, embedded PostgreSQL 18\n');
    assert.equal(passed, '');
    assert.ok(
      failed !== undefined &&
        failed.startsWith('::error file=a%2Cb/01.md,line=21,title=indexes/find-it%3A wrong answer%3A “<x>” ('),
    );
    assert.ok(failed.includes('100%25%0Asecond, line: ]]>%0Aexpected:%0A  one'));
    assert.equal(failed.trimEnd().includes('\n'), false);
  });

  it('every format says how it ended', () => {
    for (const format of FORMATS) assert.notEqual(told(format, []), '', format);
  });
});
