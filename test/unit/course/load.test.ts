import assert from 'node:assert/strict';
import { CourseCache, loadCourse, readDataset, type CourseFiles } from '../../../src/course/load';
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

  it('keeps each section’s lessons where there are more than are read at once, the first of a folder named twice', async () => {
    const many: Record<string, string> = {
      'course.yaml': `${COURSE}  - { folder: more, title: More }\n  - { folder: tutorials, title: Again }\n`,
      'more/1.md': lesson('last'),
    };
    const ids = Array.from({ length: 150 }, (_, at) => `l${String(at).padStart(3, '0')}`);
    for (const id of ids)
      many[`tutorials/${id}.md`] = `${lesson(id)}## A task\n\n\`\`\`yaml exercise\nid: ${id}-a\nexpect:\n`;
    const { course } = await loadCourse(folder(many));
    assert.deepEqual(
      course!.sections.map(({ lessons }) => lessons.map(({ id }) => id)),
      [ids, ['last'], []],
    );
  });

  it('reads the outlines of many lessons with turns of others in between', async () => {
    const exercise = '## A task\n\n```yaml exercise\nid: a\nexpect:\n  - data: unchanged\n```\n';
    const many: Record<string, string> = { 'course.yaml': COURSE };
    for (let at = 0; at < 200; at++) many[`tutorials/${at}.md`] = lesson(`l${at}`) + exercise;
    const cache = new CourseCache();
    const outlined = (): number =>
      Object.keys(many).filter((path) => Reflect.get(cache.known(path) ?? {}, 'outlineRead') !== undefined).length;
    const seen: number[] = [];
    const look = (): void => {
      seen.push(outlined());
      timer = setImmediate(look);
    };
    let timer = setImmediate(look);
    const memory = folder(many);
    const read = async (path: string): Promise<string> => {
      await new Promise((resolve) => setImmediate(resolve));
      return memory.read(path);
    };
    await loadCourse({ ...memory, read }, { cache });
    clearImmediate(timer);
    seen.push(outlined());
    assert.equal(seen.at(-1), 200);
    const most = Math.max(...seen.map((count, at) => count - (seen[at - 1] ?? 0)));
    assert.ok(most <= 64, `${most} in one turn`);
  });

  it('reads the data set', async () => {
    const files = folder({ 'course.yaml': COURSE, 'tutorials/1.md': lesson('a'), 'datasets/shop.sql': 'SELECT 1' });
    const { course } = await loadCourse(files);
    assert.deepEqual(await readDataset(files, lessonsOf(course!)[0]!), { name: 'shop', sql: 'SELECT 1' });
  });
});
