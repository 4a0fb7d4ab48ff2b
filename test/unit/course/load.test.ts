import assert from 'node:assert/strict';
import { loadCourse, readDataset, type CourseFiles } from '../../../src/course/load';
import { lessonsOf } from '../../../src/course/lesson';

const COURSE = 'id: c\ntitle: C\nsections:\n  - { folder: tutorials, title: Tutorials }\n';
const lesson = (id: string): string => `---\nid: ${id}\ntitle: ${id}\nkind: tutorial\nminutes: 5\ndataset: shop\n---\n`;

function folder(files: Record<string, string>): CourseFiles {
  return {
    read: (path) => {
      const text = files[path];
      return text === undefined ? Promise.reject(new Error(`no ${path}`)) : Promise.resolve(text);
    },
    list: (name) =>
      Promise.resolve(
        Object.keys(files)
          .filter((path) => path.startsWith(`${name}/`))
          .map((path) => path.slice(name.length + 1)),
      ),
  };
}

describe('loadCourse', () => {
  it('takes a section’s lessons in the order of their names', async () => {
    const files = folder({
      'course.yaml': COURSE,
      'tutorials/02-b.md': lesson('b'),
      'tutorials/01-a.md': lesson('a'),
      'tutorials/README.md': 'not a lesson',
    });
    const { course, problems } = await loadCourse(files);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      lessonsOf(course!).map(({ id, path }) => [id, path]),
      [
        ['a', 'tutorials/01-a.md'],
        ['b', 'tutorials/02-b.md'],
      ],
    );
  });

  it('reports a lesson id that is used twice', async () => {
    const { course, problems } = await loadCourse(
      folder({ 'course.yaml': COURSE, 'tutorials/1.md': lesson('a'), 'tutorials/2.md': lesson('a') }),
    );
    assert.equal(lessonsOf(course!).length, 1);
    assert.match(problems[0]!.message, /“a” is used by tutorials\/1.md too/);
    assert.equal(problems[0]!.path, 'tutorials/2.md');
  });

  it('leaves out what is not usable', async () => {
    const { course, problems } = await loadCourse(
      folder({ 'course.yaml': COURSE, 'tutorials/1.md': 'nothing', 'tutorials/2.md': lesson('b') }),
    );
    assert.deepEqual(
      lessonsOf(course!).map(({ id }) => id),
      ['b'],
    );
    assert.equal(problems[0]?.path, 'tutorials/1.md');
  });

  it('reports a course.yaml that is none', async () => {
    const { course, problems } = await loadCourse(folder({ 'course.yaml': 'id: c\n' }));
    assert.equal(course, undefined);
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['“title” is missing.', '“sections” is missing.'],
    );
  });

  it('reads the data set', async () => {
    const files = folder({ 'course.yaml': COURSE, 'tutorials/1.md': lesson('a'), 'datasets/shop.sql': 'SELECT 1' });
    const { course } = await loadCourse(files);
    assert.deepEqual(await readDataset(files, lessonsOf(course!)[0]!), { name: 'shop', sql: 'SELECT 1' });
  });
});
