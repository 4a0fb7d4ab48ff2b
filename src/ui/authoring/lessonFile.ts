import { l10n, Uri, window, workspace } from 'vscode';
import type { Section } from '../../course/lesson';
import type { CourseFiles } from '../../course/load';
import { UserError } from '../../shared/errors';
import { isLessonArgument } from '../lesson/commands';
import type { CourseFile, Courses } from '../lesson/courses';

/** The section that a lesson's file lies in; `undefined` for any other file of a course. */
export function sectionOf({ entry, path }: CourseFile): Section | undefined {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  if (!name.endsWith('.md') || /^readme\.md$/i.test(name)) return undefined;
  return entry.course.sections.find(({ folder }) => folder === path.slice(0, slash));
}

/**
 * The lesson's file that a command is about: what it was given, else the active editor's.
 * @throws {UserError} when there is none
 */
export async function lessonUri(courses: Courses, argument: unknown): Promise<Uri> {
  await courses.all();
  if (argument instanceof Uri) return argument;
  if (isLessonArgument(argument)) {
    const entry = await courses.lesson(argument);
    if (entry?.authored === true) return Uri.joinPath(entry.root, ...entry.lesson.path.split('/'));
    throw new UserError(
      entry
        ? l10n.t('“{0}” is part of the extension, not of this workspace.', entry.lesson.title)
        : l10n.t('There is no lesson “{0}”.', `${argument.course}/${argument.lesson}`),
    );
  }
  const uri = window.activeTextEditor?.document.uri;
  const file = uri && courses.fileOf(uri);
  if (uri && file && sectionOf(file)) return uri;
  throw new UserError(l10n.t('No lesson is open in the editor.'), l10n.t('Open a lesson’s file first.'));
}

/** A course's files as they are in the editors, saved or not. */
export function asEdited({ files, root }: { readonly files: CourseFiles; readonly root: Uri }): CourseFiles {
  return {
    read: (path) => {
      const uri = Uri.joinPath(root, ...path.split('/')).toString();
      const open = workspace.textDocuments.find((document) => document.uri.toString() === uri && document.isDirty);
      return open ? Promise.resolve(open.getText()) : files.read(path);
    },
    list: (folder) => files.list(folder),
  };
}
