import { parseDataset } from './dataset';
import type { Course, Lesson, Section } from './lesson';
import { LessonFile } from './lessonFile';
import { change, problem } from './lint/rules';
import type { Problem } from './problem';
import { courseSchema } from './schema';
import { normalizeText } from './text';
import { parseYaml, type Parsed } from './yaml';

/** Reads a course's folder; paths are relative to it, with `/`. Implemented by `workspace.fs` and by node:fs. */
export interface CourseFiles {
  /** @throws when there is no such file */
  read(path: string): Promise<string>;
  /** Names of the files in a folder; empty when there is no such folder. */
  list(folder: string): Promise<string[]>;
}

export interface FileProblem extends Problem {
  readonly path: string;
}

type CourseFile = ReturnType<typeof courseSchema.parse>;

export interface LoadedCourse {
  /** Absent when `course.yaml` is not usable. */
  readonly course: Course | undefined;
  /** What is wrong with the format of its files. Asking for it reads every lesson whole; `course` alone does not. */
  readonly problems: readonly FileProblem[];
  /** Those of them that are not of one file's format: ids used twice, files that cannot be read. */
  readonly between: readonly FileProblem[];
  readonly manifest: Parsed<CourseFile>;
  /** Every lesson's file by its path, usable or not, in the course's order. */
  readonly files: ReadonlyMap<string, LessonFile>;
}

/** Files that were read before: a file that did not change is not parsed again. One for each course's folder. */
export class CourseCache {
  private readonly lessons = new Map<string, { readonly source: string; readonly file: LessonFile }>();

  /** The same object as long as the text is the same. */
  lesson(path: string, source: string): LessonFile {
    const known = this.lessons.get(path);
    if (known?.source === source) return known.file;
    const file = new LessonFile(path, source);
    this.lessons.set(path, { source, file });
    return file;
  }

  /** What was read last, where there is no reason to read again. */
  known(path: string): LessonFile | undefined {
    return this.lessons.get(path)?.file;
  }

  /** Drops the files that the course no longer has. */
  keep(paths: ReadonlySet<string>): void {
    for (const path of this.lessons.keys()) if (!paths.has(path)) this.lessons.delete(path);
  }
}

export interface LoadOptions {
  readonly cache?: CourseCache | undefined;
  /** Files that may have changed since the cache was filled; without it, all are read. New files are always found. */
  readonly changed?: ReadonlySet<string> | undefined;
}

/** Files that are read at the same time. */
const AT_ONCE = 64;

/**
 * Loads a course. Files that are not usable are left out and reported. Lessons are parsed no further than their front
 * matter and outline, batch by batch, so that others run in between; the rest of each when it is asked for.
 * @throws when there is no course.yaml
 */
export async function loadCourse(files: CourseFiles, options: LoadOptions = {}): Promise<LoadedCourse> {
  const cache = options.cache ?? new CourseCache();
  const manifest = parseYaml(normalizeText(await files.read('course.yaml')), courseSchema, 0);
  const found = new Map<string, LessonFile>();
  const unreadable: FileProblem[] = [];
  if (!manifest.value) {
    const problems = onPath('course.yaml', manifest.problems);
    return { course: undefined, manifest, files: found, problems, between: [] };
  }

  const sections: Section[] = [];
  const seen = new Map<string, LessonFile>();
  const duplicates: FileProblem[] = [];
  for (const { folder, title } of manifest.value.sections) {
    const names = (await files.list(folder)).filter(isLessonName).sort();
    const paths = names.map((name) => `${folder}/${name}`).filter((path) => !found.has(path));
    const lessons: Lesson[] = [];
    for (const read of await readAll(files, paths, cache, options.changed)) {
      if (!(read instanceof LessonFile)) {
        unreadable.push(read);
        continue;
      }
      found.set(read.path, read);
      const lesson = read.lesson(title);
      if (!lesson) continue;
      const other = seen.get(lesson.id);
      if (other) duplicates.push(...duplicateId(lesson.id, other, read));
      else {
        seen.set(lesson.id, read);
        lessons.push(lesson);
      }
    }
    sections.push({ folder, title, lessons });
  }
  cache.keep(new Set(found.keys()));
  const { id, title, description } = manifest.value;
  const between = [...duplicates, ...unreadable];
  return {
    course: { id, title, description, sections },
    manifest,
    files: found,
    between,
    get problems() {
      return [...[...found.values()].flatMap((file) => onPath(file.path, file.problems)), ...between];
    },
  };
}

async function readAll(
  files: CourseFiles,
  paths: readonly string[],
  cache: CourseCache,
  changed: ReadonlySet<string> | undefined,
): Promise<(LessonFile | FileProblem)[]> {
  const read = async (path: string): Promise<LessonFile | FileProblem> => {
    const known = changed && !changed.has(path) ? cache.known(path) : undefined;
    if (known) return known;
    try {
      return cache.lesson(path, await files.read(path));
    } catch (error) {
      const message = `This file cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      const range = { startLine: 0, startCharacter: 0, endLine: 0, endCharacter: 0 };
      return { ...problem('unreadable-file', message, range), path };
    }
  };
  const all: (LessonFile | FileProblem)[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const batch = await Promise.all(paths.slice(at, at + AT_ONCE).map(read));
    // not each as it comes: reading the others would wait for it
    for (const file of batch) if (file instanceof LessonFile) file.prepareOutline();
    all.push(...batch);
  }
  return all;
}

/** Told at both places; the second gets the fix, for the first may have progress under it. */
function duplicateId(id: string, first: LessonFile, second: LessonFile): FileProblem[] {
  const at = (file: LessonFile, other: LessonFile, fixed: boolean): FileProblem => {
    const range = file.front.source?.valueRange(['id']) ?? file.lines.lineRange(0);
    const message = `The lesson id “${id}” is used by ${other.path} too. Ids must differ, for progress is kept under them.`;
    return {
      ...problem('duplicate-lesson-id', message, range, fixed ? change(range, `${id}-2`) : []),
      path: file.path,
    };
  };
  return [at(second, first, true), at(first, second, false)];
}

export function isLessonName(name: string): boolean {
  return name.endsWith('.md') && !/^readme\.md$/i.test(name);
}

export function onPath(path: string, problems: readonly Problem[]): FileProblem[] {
  return problems.map((each) => ({ ...each, path }));
}

export interface Dataset {
  readonly name: string;
  /** Plain SQL, its parameters filled in. */
  readonly sql: string;
  /** The same for the hidden variant; absent where the data set declares none. */
  readonly variant?: string;
}

/**
 * A lesson's data set.
 * @returns `undefined` for a lesson without one
 * @throws when the course has no such file
 */
export async function readDataset(files: CourseFiles, lesson: Lesson): Promise<Dataset | undefined> {
  if (lesson.dataset === undefined) return undefined;
  const { sql, variant } = parseDataset(normalizeText(await files.read(`datasets/${lesson.dataset}.sql`)));
  return { name: lesson.dataset, sql, ...(variant !== undefined && { variant }) };
}
