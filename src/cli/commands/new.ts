import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { lessonsOf } from '../../course/lesson';
import { loadCourse } from '../../course/load';
import {
  courseFiles as courseTemplate,
  EXERCISE_KINDS,
  exerciseText,
  FIRST_LESSON,
  freeId,
  idFrom,
  LESSON_KINDS,
  lessonFileName,
  lessonTemplate,
} from '../../course/templates';
import { UserError } from '../../shared/errors';
import { oneOf, parsed, UsageError, type Command, type Io } from '../command';
import { courseFiles } from '../files';

const usage = `Usage: pg-lessons new course FOLDER [--title TITLE]
       pg-lessons new lesson FOLDER [--title TITLE] [--kind KIND] [--dataset NAME]
       pg-lessons new exercise [--kind KIND] [--id ID] [--table NAME] [--column NAME]

course     makes FOLDER a course that verifies as it is: a data set, a lesson, an exercise
lesson     writes a lesson behind those in FOLDER, which is a section of a course
exercise   prints an exercise, to be put into a lesson

  --title TITLE    default: from FOLDER's name; “New lesson”
  --kind KIND      of a lesson: ${LESSON_KINDS.join(', ')}
                   of an exercise: ${EXERCISE_KINDS.join(', ')}. Default: the first
  --dataset NAME   a file of the course's datasets/, without .sql. Default: the only one
  --id ID          what progress is kept under. Default: new-exercise
  --table, --column
                   of the lesson's data set, for the exercise to ask about
  --help           this text

No file is ever overwritten.

Exit code: 0 fine, 1 it could not be written, 2 the command line is wrong.`;

export const command: Command = { usage, run };

interface Values {
  readonly title?: string | undefined;
  readonly kind?: string | undefined;
  readonly dataset?: string | undefined;
  readonly id?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
}

const OPTIONS: Readonly<Record<string, readonly (keyof Values)[]>> = {
  course: ['title'],
  lesson: ['title', 'kind', 'dataset'],
  exercise: ['kind', 'id', 'table', 'column'],
};

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        title: { type: 'string' },
        kind: { type: 'string' },
        dataset: { type: 'string' },
        id: { type: 'string' },
        table: { type: 'string' },
        column: { type: 'string' },
      },
    }),
  );
  const [what = '', folder, ...rest] = positionals;
  const kind = oneOf(['course', 'lesson', 'exercise'], what, 'template');
  const other = Object.keys(values).find((name) => !OPTIONS[kind]?.includes(name as keyof Values));
  if (other !== undefined) throw new UsageError(`A new ${kind} has no --${other}.`);
  if (rest.length > 0 || (kind === 'exercise' && folder !== undefined))
    throw new UsageError(
      kind === 'exercise' ? 'A new exercise is printed: it needs no folder.' : 'One folder at a time.',
    );
  if (kind === 'exercise') return newExercise(values, io);
  if (folder === undefined) throw new UsageError(`Which folder shall the ${kind} be in?`);
  return kind === 'course' ? newCourse(folder, values, io) : newLesson(folder, values, io);
}

async function newExercise(
  { kind = EXERCISE_KINDS[0], id = 'new-exercise', table, column }: Values,
  io: Io,
): Promise<number> {
  const options = { id: idOf(id), ...(table !== undefined && { table }), ...(column !== undefined && { column }) };
  await io.print(exerciseText(oneOf(EXERCISE_KINDS, kind, 'kind of exercise'), options));
  return 0;
}

async function newCourse(folder: string, { title = titleOf(folder) }: Values, io: Io): Promise<number> {
  const files = courseTemplate({ id: idOf(title), title });
  for (const file of files)
    if (await exists(path.join(folder, file.path)))
      throw new UserError(`${path.join(folder, file.path)} is there already.`, 'Name another folder.');
  for (const file of files) await write(path.join(folder, file.path), file.text, io);
  io.warn(`Next: write ${path.join(folder, FIRST_LESSON)}, then “pg-lessons verify ${folder}”.`);
  return 0;
}

async function newLesson(
  folder: string,
  { title = 'New lesson', kind = LESSON_KINDS[0], dataset }: Values,
  io: Io,
): Promise<number> {
  const lessonKind = oneOf(LESSON_KINDS, kind, 'kind of lesson');
  const root = await courseAbove(folder);
  const { course } = await loadCourse(courseFiles(root));
  if (!course)
    throw new UserError(`${path.join(root, 'course.yaml')} is not usable.`, `See “pg-lessons lint ${root}”.`);
  const section = path.relative(root, path.resolve(folder)).split(path.sep).join('/');
  const id = freeId(
    idOf(title),
    lessonsOf(course).map((lesson) => lesson.id),
  );
  const name = lessonFileName(id, await readdir(folder).catch(() => []));
  const data = await datasetOf(root, dataset);
  const text = lessonTemplate(lessonKind, { id, title, ...(data !== undefined && { dataset: data }) });
  await write(path.join(folder, name), text, io);
  if (!course.sections.some((each) => path.posix.normalize(each.folder) === section))
    io.warn(`${section} is no section of the course yet: add “- { folder: ${section}, title: … }” to course.yaml.`);
  return 0;
}

async function datasetOf(root: string, named: string | undefined): Promise<string | undefined> {
  const names = (await readdir(path.join(root, 'datasets')).catch(() => []))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length));
  if (named === undefined) return names.length === 1 ? names[0] : undefined;
  if (names.includes(named)) return named;
  const known = names.length > 0 ? `There are ${names.join(', ')}.` : 'It has none.';
  throw new UserError(`The course has no data set “${named}”.`, known);
}

async function courseAbove(folder: string): Promise<string> {
  for (let dir = path.dirname(path.resolve(folder)); ; dir = path.dirname(dir)) {
    if (await exists(path.join(dir, 'course.yaml'))) return path.relative('', dir) || '.';
    if (dir === path.dirname(dir))
      throw new UserError(
        `${folder} lies in no course.`,
        'Name a section’s folder, or make one with “pg-lessons new course”.',
      );
  }
}

/** @throws {UsageError} nothing of the title can be part of an id */
function idOf(title: string): string {
  const id = idFrom(title);
  if (id === '') throw new UsageError(`No id can be made from “${title}”: it needs a letter or a digit of ASCII.`);
  return id;
}

function titleOf(folder: string): string {
  const name = path.basename(path.resolve(folder)).replace(/[-_]+/g, ' ').trim();
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

async function write(file: string, text: string, io: Io): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${file} could not be written: ${why}`, undefined, { cause });
  }
  await io.print(`${file}\n`);
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
