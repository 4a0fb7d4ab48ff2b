import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { lessonsOf } from '../../course/lesson';
import type { Engine } from '../../database/engine';
import type { Proof } from '../../verify/proof';
import { pieces, type Piece } from '../../verify/verifyLesson';
import { oneOf, parsed, UsageError, wholeNumber, type Command, type Io } from '../command';
import { fileOf, loadCourses, named, type CourseFolder } from '../courses';
import { ENGINES, namesServer, openEngine, type EngineName } from '../engines';
import { inOrder } from '../inOrder';
import { FORMATS, reporter } from '../report';
import { counted, NO_COUNTS, type Event } from '../report/event';

const usage = `Usage: pg-lessons verify [--engine NAME] [--only ID] [--jobs N] [--format FORMAT] COURSE...

Proves a course: of each exercise, that the starter fails, the solution and every
alternative pass, and every wrong answer gets its message; then, from the top of a lesson
to its end in one database, that the examples print what stands below them and that no
exercise is solved or spoilt by what comes before it. COURSE is a folder with a
course.yaml. Only throwaway databases are used.

  --engine NAME    embedded (default)
                   local: a throwaway server of the PostgreSQL on this machine (14 or
                   newer; PG_LESSONS_BIN names the folder of its programs)
                   server: the one that PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSWORD,
                   PGSERVICE and the password file name; its user needs CREATEDB
                   all: embedded, local, and the server if PGHOST or PGSERVICE is set
  --only ID        only the exercise, the example (run-3) or the lesson of this id;
                   LESSON/ID where several lessons have it
  --jobs N         so many databases at a time. Default: 1 embedded (each takes some
                   400 MB), else as many as there are processors, 4 at most
  --format FORMAT  spec (default): for people
                   json: one object a line, of type problem, proof or summary
                   junit: an XML document
                   github: workflow commands, shown at the lines of a pull request
  --help           this text

Exit code: 0 all proven, 1 something is wrong, 2 the command line is wrong, 130 interrupted.`;

export const command: Command = { usage, run };

interface Options {
  readonly engines: readonly EngineName[];
  readonly only: Only | undefined;
  readonly jobs: number | undefined;
}

/** `lesson` is undefined where the id may be of any. */
interface Only {
  readonly lesson: string | undefined;
  readonly id: string;
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        engine: { type: 'string', default: 'embedded' },
        only: { type: 'string' },
        jobs: { type: 'string' },
        format: { type: 'string', default: 'spec' },
      },
    }),
  );
  const report = reporter(oneOf(FORMATS, values.format, 'format'));
  const options: Options = {
    engines: enginesOf(values.engine),
    only: values.only === undefined ? undefined : onlyOf(values.only),
    jobs: values.jobs === undefined ? undefined : wholeNumber(values.jobs, '--jobs', 1),
  };
  let counts = NO_COUNTS;
  const tell = async (event: Event): Promise<void> => {
    counts = counted(counts, event);
    const text = report(event);
    if (text !== '') await io.print(text);
  };
  const courses = await loadCourses(named(positionals));
  if (!courses.some((course) => chosen(course, options.only).length > 0)) {
    if (options.only) throw new UsageError(`There is no exercise, example or lesson “${values.only}”.`);
    if (courses.every(({ problems }) => problems.length === 0)) throw new UsageError('The course has no lessons.');
  }
  for (const course of courses)
    for (const problem of course.problems) await tell({ type: 'problem', file: fileOf(course, problem.path), problem });
  const stop = new AbortController();
  const signal = AbortSignal.any([io.interrupted(), stop.signal]);
  for (const name of options.engines) {
    io.progress(`Starting ${name}`);
    const engine = await openEngine(name, signal);
    try {
      const jobs = options.jobs ?? (name === 'embedded' ? 1 : Math.min(4, availableParallelism()));
      for (const course of courses) await prove(course, engine, { only: options.only, jobs, signal }, tell, io);
    } catch (error) {
      // what else is under way ends with it
      stop.abort();
      throw error;
    } finally {
      await engine.dispose();
    }
  }
  await tell({ type: 'end', counts });
  return counts.failed + counts.errors === 0 ? 0 : 1;
}

function enginesOf(name: string): EngineName[] {
  const found = oneOf([...ENGINES, 'all'], name, 'engine');
  if (found !== 'all') return [found];
  return ENGINES.filter((engine) => engine !== 'server' || namesServer(process.env));
}

function onlyOf(text: string): Only {
  const slash = text.indexOf('/');
  return slash === -1 ? { lesson: undefined, id: text } : { lesson: text.slice(0, slash), id: text.slice(slash + 1) };
}

interface Chosen {
  readonly lesson: ReturnType<typeof lessonsOf>[number];
  /** Undefined: all of it. */
  readonly only: string | undefined;
}

function chosen({ course }: CourseFolder, only: Only | undefined): Chosen[] {
  const lessons = course ? lessonsOf(course) : [];
  if (!only) return lessons.map((lesson) => ({ lesson, only: undefined }));
  return lessons.flatMap((lesson): Chosen[] => {
    if (only.lesson === undefined && lesson.id === only.id) return [{ lesson, only: undefined }];
    if (only.lesson !== undefined && lesson.id !== only.lesson) return [];
    const ids = [...lesson.exercises, ...lesson.runBlocks].map(({ id }) => id);
    return ids.includes(only.id) ? [{ lesson, only: only.id }] : [];
  });
}

interface Proving {
  readonly only: Only | undefined;
  readonly jobs: number;
  readonly signal: AbortSignal;
}

async function prove(
  folder: CourseFolder,
  engine: Engine,
  { only, jobs, signal }: Proving,
  tell: (event: Event) => Promise<void>,
  io: Io,
): Promise<void> {
  const { course, reader: files } = folder;
  if (!course) return;
  await tell({ type: 'course', id: course.id, title: course.title, engine: engine.label });
  const work = chosen(folder, only).flatMap(({ lesson, only: id }): Piece[] =>
    pieces({ engine, course, lesson, files, signal, ...(id !== undefined && { only: id }) }),
  );
  let done = 0;
  const tasks = work.map((piece) => async (): Promise<Proof[]> => {
    const proofs: Proof[] = [];
    io.progress(`${done}/${work.length} ${engine.label}: ${piece.name}`);
    for await (const proof of piece.proofs()) {
      proofs.push(proof);
      io.progress(`${done}/${work.length} ${engine.label}: ${piece.name}: ${proof.name}`);
    }
    done++;
    return proofs;
  });
  for await (const proofs of inOrder(tasks, jobs)) {
    for (const proof of proofs) {
      const file = fileOf(folder, proof.subject.path);
      await tell({ type: 'proof', file, proof });
      for (const problem of proof.problems ?? []) await tell({ type: 'problem', file, problem });
    }
  }
}
