import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { NewCourseArgument } from '../../contributions';
import { CancelledError, UserError } from '../../shared/errors';
import { setting } from '../settings';
import type { Courses } from '../lesson/courses';

/**
 * Writes a course and opens its first lesson. Never writes over anything.
 * @throws {UserError} when something is in the way
 */
export async function newCourse(courses: Courses, argument: NewCourseArgument): Promise<void> {
  const { courseFiles, FIRST_LESSON, freeId, idFrom, titleFrom } = await import('../../course/templates');
  const given = argument.folder === undefined ? undefined : uriOf(argument.folder);
  const parent = given ? undefined : await pickParent();
  const title = titleFrom(argument.title ?? (await askTitle()));
  const id = idFrom(title);
  if (id === '') throw titleError(title);
  const root = given ?? Uri.joinPath(parent ?? Uri.file('.'), id);

  const taken = (await courses.all()).map(({ course }) => course.id);
  const files = courseFiles({ id: freeId(id, taken), title });
  const targets = files.map(({ path, text }) => ({ path, text, uri: Uri.joinPath(root, ...path.split('/')) }));
  for (const { path, uri } of targets) {
    if (!(await exists(uri))) continue;
    throw new UserError(
      l10n.t('There is a file {0} in {1} already, and nothing is written over.', path, shown(root)),
      path === 'course.yaml'
        ? l10n.t('It is a course: add to it with New Lesson, or choose another folder.')
        : l10n.t('Choose another folder, or move that file away.'),
    );
  }
  for (const { uri, text } of targets) await workspace.fs.writeFile(uri, new TextEncoder().encode(text));

  const outside = !workspace.getWorkspaceFolder(root) && !setting('pgLessons.courseFolders').includes(root.fsPath);
  courses.refresh();
  await window.showTextDocument(Uri.joinPath(root, ...FIRST_LESSON.split('/')), { preview: false });
  if (outside) void offerFolder(root);
}

/** A course outside the workspace is shown once its folder is opened, or named in a setting. */
async function offerFolder(root: Uri): Promise<void> {
  const open = l10n.t('Open Folder');
  const list = l10n.t('Show It Here');
  const choice = await window.showInformationMessage(
    l10n.t('The course is in {0}, which is not open in this window.', shown(root)),
    open,
    list,
  );
  if (choice === open) await commands.executeCommand('vscode.openFolder', root);
  if (choice === list) {
    const folders = [...setting('pgLessons.courseFolders'), root.fsPath];
    await workspace.getConfiguration().update('pgLessons.courseFolders', folders, true);
  }
}

async function pickParent(): Promise<Uri> {
  const folders = workspace.workspaceFolders ?? [];
  const another = { label: l10n.t('$(folder-opened) Another Folder…'), uri: undefined };
  const items = [
    ...folders.map(({ name, uri }) => ({ label: `$(root-folder) ${name}`, description: uri.fsPath, uri })),
    another,
  ];
  const picked =
    folders.length === 0
      ? another
      : await window.showQuickPick(items, {
          title: l10n.t('New Course'),
          placeHolder: l10n.t('Where is the course’s folder to be made?'),
        });
  if (!picked) throw new CancelledError();
  if (picked.uri) return picked.uri;
  const [chosen] =
    (await window.showOpenDialog({
      title: l10n.t('Where is the course’s folder to be made?'),
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: l10n.t('Make It Here'),
    })) ?? [];
  if (!chosen) throw new CancelledError();
  return chosen;
}

async function askTitle(): Promise<string> {
  const { idFrom } = await import('../../course/templates');
  const title = await window.showInputBox({
    title: l10n.t('New Course'),
    prompt: l10n.t('Title'),
    placeHolder: l10n.t('Indexes in Practice'),
    validateInput: (value) => (idFrom(value) === '' ? titleError(value).message : undefined),
  });
  if (title === undefined) throw new CancelledError();
  return title;
}

export function titleError(title: string): UserError {
  return title.trim() === ''
    ? new UserError(l10n.t('A title is needed.'))
    : new UserError(
        l10n.t('An id is made of the title, so it needs at least one letter from a to z or a digit.'),
        l10n.t('Add one; the title itself can be changed afterwards.'),
      );
}

export async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

function uriOf(folder: string): Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(folder) ? Uri.parse(folder, true) : Uri.file(folder);
}

function shown(uri: Uri): string {
  return workspace.asRelativePath(uri);
}
