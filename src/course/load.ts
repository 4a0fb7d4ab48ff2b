import type { Course, Lesson, Section } from './lesson';
import { parseLesson } from './parse';
import { lineRange, type Problem } from './problem';
import { courseSchema } from './schema';
import { parseYaml } from './yaml';

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

export interface LoadedCourse {
  /** Absent when `course.yaml` is not usable. */
  readonly course: Course | undefined;
  readonly problems: readonly FileProblem[];
}

/** Loads a course. Files that are not usable are left out and reported. */
export async function loadCourse(files: CourseFiles): Promise<LoadedCourse> {
  const path = 'course.yaml';
  const parsed = parseYaml(await files.read(path), courseSchema, 0);
  const problems: FileProblem[] = parsed.problems.map((problem) => ({ ...problem, path }));
  if (!parsed.value) return { course: undefined, problems };

  const sections: Section[] = [];
  const seen = new Map<string, string>();
  for (const { folder, title } of parsed.value.sections) {
    const names = (await files.list(folder))
      .filter((name) => name.endsWith('.md') && !/^readme\.md$/i.test(name))
      .sort();
    const lessons: Lesson[] = [];
    for (const name of names) {
      const file = `${folder}/${name}`;
      const { lesson, problems: found } = parseLesson(await files.read(file), file, title);
      problems.push(...found.map((problem) => ({ ...problem, path: file })));
      if (!lesson) continue;
      const other = seen.get(lesson.id);
      if (other !== undefined) {
        problems.push({
          severity: 'error',
          message: `The lesson id “${lesson.id}” is used by ${other} too. Ids must differ, for progress is kept under them.`,
          range: lineRange(1),
          path: file,
        });
        continue;
      }
      seen.set(lesson.id, file);
      lessons.push(lesson);
    }
    sections.push({ folder, title, lessons });
  }
  const { id, title, description } = parsed.value;
  return { course: { id, title, description, sections }, problems };
}

/**
 * The SQL of a lesson's data set.
 * @returns `undefined` for a lesson without one
 * @throws when the course has no such file
 */
export async function readDataset(
  files: CourseFiles,
  lesson: Lesson,
): Promise<{ name: string; sql: string } | undefined> {
  if (lesson.dataset === undefined) return undefined;
  return { name: lesson.dataset, sql: await files.read(`datasets/${lesson.dataset}.sql`) };
}
