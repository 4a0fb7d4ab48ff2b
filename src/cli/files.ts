import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CourseFiles } from '../course/load';

/** A course's folder on disk. */
export function courseFiles(root: string): CourseFiles {
  return {
    read: (file) => readFile(path.join(root, file), 'utf8'),
    list: (folder) => readdir(path.join(root, folder)).catch(() => []),
  };
}
