// Which lesson a new user starts with: the first one of the shipped course.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { UserError } from './vscode/errors.mjs';
import { repoRoot } from './vscode/paths.mjs';

/** @returns {string} "course/lesson", as a workspace's .pg-lessons.json names it */
export function firstLesson() {
  const lessons = path.join(repoRoot, 'lessons');
  for (const name of readdirSync(lessons).sort()) {
    const root = path.join(lessons, name);
    const course = parse(readFileSync(path.join(root, 'course.yaml'), 'utf8'));
    for (const { folder } of course.sections) {
      const [file] = markdownFiles(path.join(root, folder));
      if (file) return `${course.id}/${idOf(file)}`;
    }
  }
  throw new UserError('There is no lesson in lessons/: check out the repository anew.');
}

/** @param {string} dir */
function markdownFiles(dir) {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.md') && !/^readme\.md$/i.test(name))
    .sort()
    .map((name) => path.join(dir, name));
}

/** @param {string} file a lesson, which starts with front matter */
function idOf(file) {
  const [, frontMatter = ''] = readFileSync(file, 'utf8').split(/^---\s*$/m);
  return parse(frontMatter).id;
}
