import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { oneOf, UsageError, wholeNumber } from '../../../src/cli/command';
import { command as lint } from '../../../src/cli/commands/lint';
import { command as create } from '../../../src/cli/commands/new';
import { command as schema } from '../../../src/cli/commands/schema';
import { command as verify } from '../../../src/cli/commands/verify';
import { namesServer } from '../../../src/cli/engines';
import { UserError } from '../../../src/shared/errors';
import { ran } from './io';

describe('cli: commands', () => {
  let folder = '';
  const at = (...names: string[]): string => path.join(folder, ...names);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pg-lessons-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const usage = (command: typeof verify, args: string[], message: RegExp): Promise<void> =>
    assert.rejects(ran(command, args), (error) => error instanceof UsageError && message.test(error.message));

  it('arguments', () => {
    assert.equal(oneOf(['a', 'b'], 'b', 'thing'), 'b');
    assert.throws(() => oneOf(['a', 'b'], 'c', 'thing'), /no thing “c”; there are a, b/);
    assert.equal(wholeNumber('12', '--jobs', 1), 12);
    for (const text of ['0', '-1', '1.5', 'x', '', '1e9', '99999999'])
      assert.throws(() => wholeNumber(text, '--jobs', 1), UsageError, text);
    assert.equal(namesServer({ PGPORT: '5432' }), false);
    assert.equal(namesServer({ PGHOST: 'db' }), true);
  });

  it('verify: what is wrong with its command line', async () => {
    await usage(verify, [], /Which course/);
    await usage(verify, ['--engine', 'mysql', '.'], /embedded, local, server, all/);
    await usage(verify, ['--format', 'html', '.'], /spec, json, junit, github/);
    await usage(verify, ['--jobs', '0', '.'], /--jobs/);
    await usage(verify, ['--nonsense', '.'], /nonsense/);
    await assert.rejects(ran(verify, [folder]), UserError);
    await ran(create, ['course', at('course')]);
    await usage(verify, ['--only', 'nothing', at('course')], /no exercise, example or lesson “nothing”/);
    await usage(verify, ['--only', 'no-lesson/loans-of-a-member', at('course')], /no exercise/);
  });

  it('lint: a new course is fine; problems, their sum and --max-warnings', async () => {
    await ran(create, ['course', at('course')]);
    const fine = await ran(lint, [at('course')]);
    assert.deepEqual([fine.code, fine.out, fine.errors], [0, '0 errors, 0 warnings\n', '']);
    const file = at('course', 'lessons', '01-first-lesson.md');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('points: 10', 'pionts: 10'));
    const wrong = await ran(lint, ['--format', 'json', at('course')]);
    assert.equal(wrong.code, 1);
    const [problem] = wrong.out.split('\n').map((line) => JSON.parse(line || '{}') as Record<string, unknown>);
    const line = text.split('\n').indexOf('points: 10') + 1;
    assert.deepEqual([problem?.['file'], problem?.['line'], problem?.['severity']], [file, line, 'error']);
    await usage(lint, ['--max-warnings', 'x', at('course')], /--max-warnings/);
    await usage(lint, ['--format', 'junit', at('course')], /spec, json, github/);
    await usage(lint, [], /Which course/);
  });

  it('new: a course, lessons behind those there, no file overwritten', async () => {
    const made = await ran(create, ['course', at('my-course')]);
    assert.equal(made.code, 0);
    assert.match(readFileSync(at('my-course', 'course.yaml'), 'utf8'), /^id: my-course\ntitle: My course$/m);
    assert.match(made.errors, /pg-lessons verify/);
    await assert.rejects(ran(create, ['course', at('my-course')]), /is there already/);

    const section = at('my-course', 'lessons');
    const lesson = await ran(create, ['lesson', section, '--title', 'Joins & sorts', '--kind', 'homework']);
    assert.equal(lesson.out, `${path.join(section, '02-joins-sorts.md')}\n`);
    const text = readFileSync(path.join(section, '02-joins-sorts.md'), 'utf8');
    assert.match(text, /kind: homework/);
    assert.match(text, /dataset: library/);
    const second = await ran(create, ['lesson', section, '--title', 'Joins & sorts']);
    assert.equal(second.out, `${path.join(section, '03-joins-sorts-2.md')}\n`);
    const elsewhere = await ran(create, ['lesson', at('my-course', 'more')]);
    assert.match(elsewhere.errors, /more is no section/);

    await assert.rejects(ran(create, ['lesson', section, '--dataset', 'shop']), /no data set “shop”/);
    await assert.rejects(ran(create, ['lesson', at('nowhere')]), /lies in no course/);
    await usage(create, ['lesson', section, '--kind', 'song'], /kind of lesson “song”/);
    await usage(create, ['lesson', section, '--title', '§'], /No id can be made/);
    await usage(create, ['course', at('b'), '--kind', 'plan'], /A new course has no --kind/);
    await usage(create, [], /There is no template/);
    await usage(create, ['course'], /Which folder/);
  });

  it('new exercise: printed, without a snippet’s places', async () => {
    const { out } = await ran(create, ['exercise', '--kind', 'plan', '--id', 'find-it', '--table', 'orders']);
    assert.match(out, /^id: find-it$/m);
    assert.match(out, /FROM orders/);
    assert.doesNotMatch(out, /\$\{\d/);
    await usage(create, ['exercise', 'folder'], /needs no folder/);
  });

  it('schema', async () => {
    const course = JSON.parse((await ran(schema, ['course'])).out) as { properties: object };
    assert.ok('sections' in course.properties);
    const all = JSON.parse((await ran(schema, [])).out) as object;
    assert.deepEqual(Object.keys(all).sort(), ['course', 'exercise', 'lesson']);
    await usage(schema, ['song'], /no schema “song”/);
    await usage(schema, ['course', 'lesson'], /One schema/);
  });
});
