import path from 'node:path';
import { loadCourse, type CourseFiles, type LoadedCourse } from '../course/load';
import { UserError } from '../shared/errors';
import { UsageError } from './command';
import { courseFiles } from './files';

export interface CourseFolder extends LoadedCourse {
  /** As it was named. */
  readonly root: string;
  readonly reader: CourseFiles;
}

/** @throws {UserError} a folder has no course.yaml */
export async function loadCourses(roots: readonly string[]): Promise<CourseFolder[]> {
  return Promise.all(
    roots.map(async (root) => {
      const reader = courseFiles(root);
      return { root, reader, ...(await opened(root, loadCourse(reader))) };
    }),
  );
}

/** The folders on the command line. @throws {UsageError} there is none */
export function named(roots: readonly string[]): readonly string[] {
  if (roots.length === 0) throw new UsageError('Which course? Name a folder with a course.yaml.');
  return roots;
}

/** @throws {UserError} reading it failed, for there is no course.yaml */
export async function opened<T>(root: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    throw new UserError(`${root} has no readable course.yaml.`, 'Name the folder of a course.', { cause });
  }
}

/** A course's file as a path from where the command runs. */
export function fileOf({ root }: Pick<CourseFolder, 'root'>, file: string): string {
  return path.join(root, file);
}
