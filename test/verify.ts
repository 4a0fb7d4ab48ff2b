/**
 * Proves the shipped course with the command line itself, on the embedded engine and on a throwaway server; then that
 * the command line tells what is wrong with a broken course, leaves nothing behind when it is interrupted, and works
 * from its own package.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = path.join(__dirname, '..');
const cli = path.join(root, 'dist', 'cli.js');
const shipped = path.join(root, 'lessons', 'postgres-optimization');

interface Counts {
  passed: number;
  failed: number;
}

interface Line {
  readonly type: 'problem' | 'proof' | 'summary';
  readonly engine?: string;
  readonly lesson?: string;
  readonly exercise?: string;
  readonly example?: string;
  readonly name?: string;
  readonly status?: string;
  readonly line?: number;
  readonly message?: string;
  readonly expected?: string;
  readonly seen?: string;
  readonly code?: string;
}

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}, program = cli): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function linesOf(child: ChildProcess, each: (line: Line) => void = () => undefined): Promise<[Line[], number]> {
  const lines: Line[] = [];
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const line = JSON.parse(part) as Line;
      lines.push(line);
      each(line);
    }
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return [lines, code ?? -1];
}

/** Each proof of the shipped course is a test of its own. */
async function provesShipped(engine: string): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0 };
  const [, code] = await linesOf(start(['verify', '--engine', engine, '--format', 'json', shipped]), (line) => {
    const place = [line.lesson, line.exercise ?? line.example].join('/');
    if (line.type === 'problem') console.log(`  ! line ${line.line}: ${line.message}`);
    if (line.type !== 'proof') return;
    // what another version prints is told, not counted; the embedded engine has nothing to skip
    if (line.status === 'skipped' && engine !== 'embedded') {
      console.log(`  - ${engine}: ${place}: ${line.message}`);
      return;
    }
    counts[line.status === 'passed' ? 'passed' : 'failed']++;
    console.log(`  ${line.status === 'passed' ? '✓' : '✗'} ${engine}: ${place}: ${line.name}`);
    if (line.status !== 'passed')
      console.log([line.message, line.expected, line.seen].filter((part) => part !== undefined).join('\n      '));
  });
  if ((code === 0) !== (counts.failed === 0) || counts.passed === 0) counts.failed++;
  return counts;
}

const FENCE = '```';
/** Everything that can be wrong with an exercise, a mistake in each; and one that is right. */
const BROKEN = `---
id: broken
title: Broken
kind: resource
minutes: 5
dataset: numbers
---
~~~sql run
SELECT count(*) FROM numbers;
~~~
~~~text output
 count
-------
    99
(1 row)
~~~

~~~sql run
CREATE TABLE later AS SELECT 1 AS a;
~~~

### Right

~~~yaml exercise
id: right
expect:
  - rows: {}
~~~
~~~sql starter
SELECT 0;
~~~
~~~sql solution
SELECT n FROM numbers WHERE n < 3;
~~~
~~~sql alternative "two halves"
SELECT n FROM numbers WHERE n = 1 UNION ALL SELECT n FROM numbers WHERE n = 2;
~~~
~~~sql wrong "Three is not less than three."
SELECT n FROM numbers WHERE n <= 3;
~~~

### Mistakes

~~~yaml exercise
id: mistakes
expect:
  - state:
      query: SELECT true
      message: This is met from the start.
  - state:
      query: SELECT to_regclass('extra') IS NOT NULL
      message: There is no table extra.
~~~
~~~sql starter
SELECT 1;
~~~
~~~sql solution
CREATE TABLE extra (a int);
~~~
~~~sql alternative "another name"
CREATE TABLE more (a int);
~~~
~~~sql wrong "This passes."
CREATE TABLE extra (b int);
~~~
~~~sql wrong "The first."
CREATE TABLE others (b int);
~~~
~~~sql wrong "The second."
CREATE TABLE others (c int);
~~~

### Solved already

~~~yaml exercise
id: solved
expect:
  - rows: {}
~~~
~~~sql starter
SELECT 1;
~~~
~~~sql solution
SELECT 1;
~~~

### Spoilt by what stands above

~~~yaml exercise
id: spoilt
expect:
  - state:
      query: SELECT to_regclass('extra') IS NOT NULL
      message: There is no table extra.
~~~
~~~sql starter
SELECT 1;
~~~
~~~sql solution
CREATE TABLE IF NOT EXISTS extra (a int);
~~~

### Does not run

~~~yaml exercise
id: does-not-run
expect:
  - rows: {}
~~~
~~~sql starter
SELECT 1;
~~~
~~~sql solution
SELECT 2;
SELECT nothing;
~~~

### Asks for nothing

~~~yaml exercise
id: misspelt
expect:
  - rows: {}
  - plan:
      query: SELECT n FROM numbers WHERE m = 1
      avoids: [Sort]
~~~
~~~sql starter
SELECT 1;
~~~
~~~sql solution
SELECT 2;
~~~
`;

function brokenCourse(folder: string): string {
  mkdirSync(path.join(folder, 'lessons'), { recursive: true });
  mkdirSync(path.join(folder, 'datasets'));
  writeFileSync(
    path.join(folder, 'course.yaml'),
    'id: broken\ntitle: Broken\nsections:\n  - { folder: lessons, title: Lessons }\n',
  );
  writeFileSync(path.join(folder, 'lessons', '01.md'), BROKEN.replaceAll('~~~', FENCE));
  writeFileSync(
    path.join(folder, 'datasets', 'numbers.sql'),
    'CREATE TABLE numbers AS SELECT n FROM generate_series(1, 100) AS n;\n',
  );
  return folder;
}

/** @param text of the first line of the block that is to be blamed, and how many lines above it its fence stands */
function lineWith(text: string, above = 1): number {
  const index = BROKEN.split('\n').indexOf(text);
  assert.ok(index > 0, text);
  return index + 1 - above;
}

const TESTS: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  'a broken course: what is wrong, and where': async (folder) => {
    const course = brokenCourse(path.join(folder, 'broken'));
    const [lines, code] = await linesOf(
      start(['verify', '--engine', 'local', '--jobs', '3', '--format', 'json', course]),
    );
    assert.equal(code, 1);
    const failed = lines.filter(({ status }) => status === 'failed');
    const found = failed.map((line) => [line.exercise ?? line.example, line.name, line.line]);
    assert.deepEqual(found, [
      ['mistakes', 'the alternative “another name” passes', lineWith('CREATE TABLE more (a int);')],
      ['mistakes', 'the wrong answer gets its message: “This passes.”', lineWith('CREATE TABLE extra (b int);')],
      ['mistakes', 'the wrong answer gets its message: “The second.”', lineWith('CREATE TABLE others (c int);')],
      ['solved', 'the starter fails', lineWith('id: solved', -4)],
      ['does-not-run', 'the solution runs', lineWith('SELECT nothing;', 0)],
      ['misspelt', 'the expectations can be checked', lineWith('      query: SELECT n FROM numbers WHERE m = 1')],
      ['run-1', 'prints its output', lineWith(' count')],
      ['spoilt', 'in the lesson’s order, the starter fails', lineWith('id: spoilt', -6)],
    ]);
    const [alternative, passes, second, solved, runs, misspelt, output, spoilt] = failed;
    assert.match(alternative?.message ?? '', /There is no table extra\./);
    assert.match(passes?.message ?? '', /This wrong answer passes/);
    const first = lineWith('CREATE TABLE others (b int);');
    assert.match(second?.message ?? '', new RegExp(`another message, that of line ${first}.*“The first\\.”`));
    assert.deepEqual([second?.expected, second?.seen], ['The second.', 'The first.']);
    assert.match(solved?.message ?? '', /passes already/);
    assert.match(runs?.message ?? '', /column "nothing" does not exist/);
    assert.match(misspelt?.message ?? '', /The query of an expectation does not run: column "m" does not exist/);
    assert.match(output?.expected ?? '', /99/);
    assert.match(output?.seen ?? '', /100/);
    assert.match(spoilt?.message ?? '', /After what stands above it: The starter passes already/);
    const warnings = lines.filter(({ type }) => type === 'problem');
    assert.deepEqual(
      warnings.map((line) => [line.code, line.line]),
      [['starter-meets', lineWith('      query: SELECT true', 1)]],
    );
    assert.ok(
      lines.some(
        ({ exercise, name, status }) => exercise === 'right' && name?.includes('Three') && status === 'passed',
      ),
    );
  },

  'the example of docs/authoring.md: no problem found, everything proven': async (folder) => {
    const doc = readFileSync(path.join(root, 'docs', 'authoring.md'), 'utf8');
    const lesson = /^````markdown\n([\s\S]*?)^````$/m.exec(doc)?.[1];
    const dataset = /^`datasets\/library\.sql`:\n\n```sql\n([\s\S]*?)^```$/m.exec(doc)?.[1];
    assert.ok(lesson !== undefined && dataset !== undefined, 'the blocks are not where they were');
    const course = path.join(folder, 'library');
    mkdirSync(path.join(course, 'lessons'), { recursive: true });
    mkdirSync(path.join(course, 'datasets'));
    writeFileSync(
      path.join(course, 'course.yaml'),
      'id: library\ntitle: The library\nsections:\n  - { folder: lessons, title: Lessons }\n',
    );
    // right on the data that is shown: only the hidden variant tells
    const [next, hidden] = ['### An index for the morning\n', 'SELECT member_id, count(*) AS late\nFROM loans\n'];
    const cheat = `${FENCE}sql wrong "Right here only."\n${hidden}WHERE returned_on IS NULL AND due_on < DATE '2026-03-01' AND id > 2000\nGROUP BY member_id\nORDER BY late DESC, member_id;\n${FENCE}\n\n`;
    assert.ok(lesson.includes(next) && lesson.includes(hidden));
    writeFileSync(path.join(course, 'lessons', '01-overdue-loans.md'), lesson.replace(next, cheat + next));
    writeFileSync(path.join(course, 'datasets', 'library.sql'), dataset);
    const lint = spawnSync(process.execPath, [cli, 'lint', '--max-warnings', '0', course], { encoding: 'utf8' });
    assert.equal(lint.status, 0, lint.stdout);
    const [lines, code] = await linesOf(start(['verify', '--engine', 'embedded', '--format', 'json', course]));
    const proofs = lines.filter(({ type }) => type === 'proof');
    assert.deepEqual(
      proofs.filter(({ status }) => status !== 'passed'),
      [],
    );
    assert.equal(code, 0);
    // a starter and a solution alone and in the lesson’s order, and what the text says of alternatives and wrong answers
    const count = (name: RegExp): number => proofs.filter((proof) => name.test(proof.name ?? '')).length;
    assert.deepEqual(
      [/the starter fails/, /the solution passes/, /alternative/, /wrong answer/, /prints its output/].map(count),
      [6, 6, 3, 5, 1],
    );
  },

  'Ctrl-C: exit code 130, the cluster and its folder gone': (folder) => interrupted(folder, 'local'),
  'Ctrl-C: exit code 130, the embedded engine’s folders gone': (folder) => interrupted(folder, 'embedded'),

  'the package: new, lint and verify from an unpacked tarball, offline': async (folder) => {
    const npm = (args: readonly string[], cwd: string): string => {
      const { status, stdout, stderr } = spawnSync('npm', ['--offline', ...args], { cwd, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      return stdout.trim();
    };
    // what prepack makes is here already
    const tarball = npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], root);
    const place = path.join(folder, 'empty');
    mkdirSync(place);
    // else npm looks for a package in the folders above
    writeFileSync(path.join(place, 'package.json'), '{}');
    npm(['install', '--ignore-scripts', path.join(folder, tarball)], place);
    const installed = readdirSync(path.join(place, 'node_modules')).filter((name) => !name.startsWith('.'));
    assert.deepEqual(installed, ['pg-lessons'], 'it needs no other package');
    const npx = (args: readonly string[]): string => npm(['exec', '--', 'pg-lessons', ...args], place);
    npx(['new', 'course', 'course']);
    assert.match(npx(['lint', '--max-warnings', '0', 'course']), /0 errors, 0 warnings/);
    const [lines, code] = await linesOf(
      start(
        ['verify', '--engine', 'embedded', '--format', 'json', path.join(place, 'course')],
        {},
        path.join(place, 'node_modules', '.bin', 'pg-lessons'),
      ),
    );
    assert.equal(code, 0, JSON.stringify(lines.filter(({ status }) => status !== 'passed')));
  },
};

/** Interrupts a verify once it is under way. */
async function interrupted(folder: string, engine: string): Promise<void> {
  const temporary = path.join(folder, `tmp-${engine}`);
  mkdirSync(temporary, { mode: 0o777 });
  const cache = path.join(folder, `cache-${engine}`);
  const course = brokenCourse(path.join(folder, `course-${engine}`));
  const child = start(['verify', '--engine', engine, '--format', 'json', '--jobs', '1', course], {
    TMPDIR: temporary,
    PG_LESSONS_CACHE: cache,
  });
  const ended = once(child, 'close');
  const left = (): string[] => [
    ...clusters(child.pid ?? 0),
    ...readdirSync(temporary),
    ...listed(path.join(cache, 'scratch')),
  ];
  // In the middle of the first exercise: its databases are there, its proofs are not printed yet.
  const underWay = (): boolean =>
    engine === 'local' ? clusters(child.pid ?? 0).length > 0 : listed(path.join(cache, 'scratch')).length > 0;
  while (!underWay() && child.exitCode === null) await delay(10);
  await delay(engine === 'local' ? 1500 : 300);
  assert.equal(child.exitCode, null, 'it ended too early to be interrupted');
  child.kill('SIGINT');
  const [code, signal] = (await ended) as [number | null, string | null];
  assert.deepEqual([code, signal], [130, null]);
  assert.deepEqual(left(), []);
}

/** Folders of clusters of a process, wherever they had to be put. */
function clusters(pid: number): string[] {
  return [tmpdir(), '/tmp', '/var/tmp'].flatMap((parent) =>
    listed(parent).filter((name) => name.startsWith('pgl-') && name.includes(`-${pid}-`)),
  );
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function main(): Promise<void> {
  const counts: Counts = { passed: 0, failed: 0 };
  const only = process.argv[2];
  for (const engine of only === undefined ? ['embedded', 'local'] : []) {
    const { passed, failed } = await provesShipped(engine);
    counts.passed += passed;
    counts.failed += failed;
  }
  // Above every folder that PostgreSQL's own account must enter.
  const folder = mkdtempSync(path.join(tmpdir(), 'pg-lessons-verify-'));
  try {
    for (const [name, test] of Object.entries(TESTS)) {
      if (only !== undefined && !name.includes(only)) continue;
      try {
        await test(folder);
        counts.passed++;
        console.log(`  ✓ ${name}`);
      } catch (error) {
        counts.failed++;
        console.log(`  ✗ ${name}\n`, error);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const report = process.env['MOCHA_REPORT'];
  if (report !== undefined) writeFileSync(report, JSON.stringify(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

void main();
