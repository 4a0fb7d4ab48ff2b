import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { lintCourse } from '../../../src/course/lint/course';
import { parseLesson } from '../../../src/course/parse';
import type { CourseFiles } from '../../../src/course/load';
import { lessonsOf } from '../../../src/course/lesson';
import {
  courseFiles,
  EXERCISE_KINDS,
  exerciseSnippet,
  exerciseText,
  freeId,
  idFrom,
  LESSON_KINDS,
  lessonFileName,
  lessonTemplate,
  titleFrom,
  yamlText,
} from '../../../src/course/templates';
import { loadSqlParser } from '../../../src/parser/loadSqlParser';

const wasm = createRequire(__filename).resolve('libpg-query/wasm/libpg-query.wasm');

/** A folder in memory. */
function filesOf(texts: Readonly<Record<string, string>>): CourseFiles {
  return {
    read: (path) => {
      const text = texts[path];
      return text === undefined ? Promise.reject(new Error(`no ${path}`)) : Promise.resolve(text);
    },
    list: (folder) => {
      const prefix = folder === '' ? '' : `${folder}/`;
      const names = Object.keys(texts).filter((path) => path.startsWith(prefix));
      return Promise.resolve([...new Set(names.map((path) => path.slice(prefix.length).split('/')[0]!))]);
    },
  };
}

const course = (title: string): Record<string, string> =>
  Object.fromEntries(courseFiles({ id: 'a-course', title }).map(({ path, text }) => [path, text]));

async function problemsOf(texts: Readonly<Record<string, string>>): Promise<string[]> {
  const parseSql = await loadSqlParser(readFileSync(wasm));
  const { problems } = await lintCourse(filesOf(texts), { parseSql });
  return problems.map(({ path, range, code, message }) => `${path}:${range.startLine + 1} ${code}: ${message}`);
}

describe('templates', function () {
  this.timeout(30_000);

  it('of a course lint without a problem, whatever its title', async () => {
    for (const title of ['Indexes', 'A: "quoted" #1', 'yes', '- 1 - {x}', 'Économie & 日本', "it's"])
      assert.deepEqual(await problemsOf(course(title)), [], title);
  });

  it('of a course keep its title', async () => {
    const { loaded } = await lintCourse(filesOf(course('A: "quoted" #1')));
    assert.equal(loaded.course?.title, 'A: "quoted" #1');
    const [lesson] = lessonsOf(loaded.course);
    assert.equal(lesson?.exercises.length, 1);
    assert.equal(lesson.exercises[0]?.wrong.length, 2);
    assert.equal(lesson.exercises[0].alternatives.length, 1);
  });

  for (const kind of LESSON_KINDS)
    it(`of a ${kind} lint without a problem, with and without a data set`, async () => {
      for (const dataset of [undefined, 'library']) {
        const text = lessonTemplate(kind, { id: 'second', title: 'Second', ...(dataset && { dataset }) });
        assert.deepEqual(await problemsOf({ ...course('Course'), 'lessons/02-second.md': text }), []);
      }
    });

  for (const kind of EXERCISE_KINDS)
    it(`of a ${kind} exercise give one that lints without a problem`, async () => {
      const lesson = lessonTemplate('resource', { id: 'second', title: 'Second', dataset: 'library' });
      const text = `${lesson}\n${exerciseText(kind, { id: 'new-exercise' })}`;
      assert.deepEqual(await problemsOf({ ...course('Course'), 'lessons/02-second.md': text }), []);
      const [exercise] = parseLesson(text, 'lessons/02-second.md', 'Lessons').lesson!.exercises;
      assert.ok(kind in exercise!.expect[0]!);
      assert.equal(exercise!.id, 'new-exercise');
    });

  for (const kind of EXERCISE_KINDS)
    it(`of a ${kind} exercise are the same as a snippet`, () => {
      const snippet = exerciseSnippet(kind, { id: 'new-exercise', table: 'books', column: 'shelf' });
      const text = exerciseText(kind, { id: 'new-exercise', table: 'books', column: 'shelf' });
      assert.equal(expanded(snippet), text);
      assert.doesNotMatch(text, /loans|member_id/);
    });

  it('escape what a snippet would take for a place to fill in', () => {
    assert.match(exerciseSnippet('plan', { id: 'x' }), / = \\\$1\n/);
    assert.match(exerciseSnippet('plan', { id: 'x' }), /index \\}\n/);
  });
});

/** As VS Code inserts a snippet: defaults in, the same number the same text, escapes off. */
function expanded(snippet: string): string {
  const texts = new Map<string, string>();
  return snippet.replace(
    /\\([\\$}])|\$\{(\d+)(?::((?:\\.|[^\\}])*))?\}/g,
    (_, escaped: string | undefined, stop: string, text: string | undefined) => {
      if (escaped !== undefined) return escaped;
      if (text !== undefined) texts.set(stop, text.replace(/\\(.)/g, '$1'));
      return texts.get(stop) ?? '';
    },
  );
}

describe('names from titles', () => {
  it('are ids of the format, or nothing', () => {
    assert.equal(idFrom('Query Performance, part 2'), 'query-performance-part-2');
    assert.equal(idFrom('Étude d’Économie'), 'etude-deconomie');
    assert.equal(idFrom('  --  '), '');
    assert.equal(idFrom('日本'), '');
    assert.equal(idFrom('__proto__'), 'proto');
    assert.match(idFrom('word '.repeat(40)), /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });

  it('are free', () => {
    assert.equal(freeId('a', []), 'a');
    assert.equal(freeId('a', ['a', 'a-2']), 'a-3');
    assert.equal(freeId('constructor', []), 'constructor');
  });

  it('number files as their folder does', () => {
    assert.equal(lessonFileName('x', []), '01-x.md');
    assert.equal(lessonFileName('x', ['README.md', '01-a.md', '03-b.md']), '04-x.md');
    assert.equal(lessonFileName('x', ['001-a.md']), '002-x.md');
    assert.equal(lessonFileName('x', ['99-a.md']), '100-x.md');
    assert.equal(lessonFileName('x', ['a.md']), 'x.md');
    assert.equal(lessonFileName('x', ['notes.txt']), '01-x.md');
  });

  it('are one line', () => assert.equal(titleFrom(' a\n b '), 'a b'));

  it('are quoted in YAML where they have to be', () => {
    assert.equal(yamlText('Indexes in Practice'), 'Indexes in Practice');
    assert.equal(yamlText('No'), '"No"');
    assert.equal(yamlText('a: b'), '"a: b"');
    assert.equal(yamlText('1.5'), '"1.5"');
  });
});
