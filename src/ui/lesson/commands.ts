import { commands as vscodeCommands, Disposable, l10n, window, workspace, Uri } from 'vscode';
import { lessonsOf } from '../../course/lesson';
import { CancelledError, UserError } from '../../shared/errors';
import { confirm } from '../confirm';
import { VIEWS, type LessonArgument } from '../../contributions';
import type { CommandRegistry } from '../command';
import type { Databases } from '../database/databases';
import { resetDatabase } from '../database/resetDatabase';
import type { Answers } from '../exercise/answers';
import type { ProgressStore } from '../exercise/progress';
import type { Verdicts } from '../exercise/verdicts';
import type { Runner } from '../run/runner';
import type { Courses, LessonEntry } from './courses';
import type { CurrentLesson } from './current';
import type { Reader } from './reader';

export interface LessonCommandDependencies {
  readonly commands: CommandRegistry;
  readonly courses: Courses;
  readonly current: CurrentLesson;
  readonly reader: Reader;
  readonly databases: Databases;
  readonly progress: ProgressStore;
  readonly verdicts: Verdicts;
  readonly answers: Answers;
  readonly runner: Runner;
}

export function registerLessonCommands(deps: LessonCommandDependencies): Disposable {
  const { commands, courses, current, reader } = deps;
  const turn = async (step: -1 | 1): Promise<void> => {
    const entry = await current.neighbour(step);
    if (!entry)
      throw new UserError(step === 1 ? l10n.t('This is the last lesson.') : l10n.t('This is the first lesson.'));
    await reader.open(entry);
  };
  return Disposable.from(
    commands.register('pgLessons.openLesson', async (argument) => {
      const exercise =
        isLessonArgument(argument) && 'exercise' in argument && typeof argument.exercise === 'string'
          ? argument.exercise
          : undefined;
      await reader.open(await lessonOf(courses, argument), exercise);
    }),
    commands.register('pgLessons.nextLesson', () => turn(1)),
    commands.register('pgLessons.previousLesson', () => turn(-1)),
    commands.register('pgLessons.refresh', () => courses.refresh()),
    commands.register('pgLessons.resetDatabase', async (argument) => {
      const entry = isLessonArgument(argument) ? await lessonOf(courses, argument) : await current.entry();
      if (entry) await askToReset(deps, entry);
    }),
    commands.register('pgLessons.resetProgress', async () => {
      await confirm(
        l10n.t('Reset the progress of all lessons?'),
        l10n.t('All exercises become new again. Your SQL files and databases stay.'),
        l10n.t('Reset Progress'),
      );
      await deps.progress.clear();
      await deps.verdicts.clear();
      await deps.answers.clear();
    }),
  );
}

async function askToReset({ databases, runner }: LessonCommandDependencies, entry: LessonEntry): Promise<void> {
  await confirm(
    l10n.t('Reset the database of “{0}”?', entry.lesson.title),
    l10n.t('Indexes, tables and changes you made in it are lost. Your SQL files and progress stay.'),
    l10n.t('Reset Database'),
  );
  await resetDatabase(databases, runner, entry);
  void window.setStatusBarMessage(l10n.t('The lesson’s database is as at the start.'), 5000);
}

export function isLessonArgument(value: unknown): value is LessonArgument {
  return (
    typeof value === 'object' &&
    value !== null &&
    'course' in value &&
    'lesson' in value &&
    typeof value.course === 'string' &&
    typeof value.lesson === 'string'
  );
}

/** The lesson an argument names, or the one the person picks. @throws {UserError | CancelledError} */
async function lessonOf(courses: Courses, argument: unknown): Promise<LessonEntry> {
  if (isLessonArgument(argument)) {
    const entry = await courses.lesson(argument);
    if (entry) return entry;
    throw new UserError(
      l10n.t('There is no lesson “{0}”.', `${argument.course}/${argument.lesson}`),
      l10n.t('Refresh the Lessons view.'),
    );
  }
  const entries = (await courses.all()).flatMap((course) =>
    lessonsOf(course.course).map((lesson): LessonEntry => ({ ...course, lesson })),
  );
  const items = entries.map((entry) => ({
    label: entry.lesson.title,
    description: entry.lesson.section,
    detail: entry.course.title,
    entry,
  }));
  const [only] = items;
  const chosen =
    items.length === 1
      ? only
      : await window.showQuickPick(items, { title: l10n.t('Open Lesson'), matchOnDescription: true });
  if (chosen) return chosen.entry;
  if (items.length === 0)
    throw new UserError(
      l10n.t('No course was found.'),
      l10n.t('Open a folder with a course.yaml, or name one in the setting pgLessons.courseFolders.'),
    );
  throw new CancelledError();
}

/**
 * A workspace may say which lesson it is for: `.pg-lessons.json` at its root, `{ "open": "course/lesson" }`.
 * It opens once, and not over a lesson that is open already.
 */
export async function openLessonOfWorkspace(
  courses: Courses,
  reader: Reader,
  seen: { get(): boolean; set(): Thenable<void> },
): Promise<void> {
  if (seen.get() || reader.isOpen) return;
  for (const folder of workspace.workspaceFolders ?? []) {
    const named = await readMarker(Uri.joinPath(folder.uri, '.pg-lessons.json'));
    const [course = '', lesson = ''] = named?.split('/') ?? [];
    const entry = named === undefined ? undefined : await courses.lesson({ course, lesson });
    if (!entry) continue;
    await seen.set();
    await vscodeCommands.executeCommand(`${VIEWS.lessons}.focus`);
    await reader.open(entry);
    return;
  }
}

async function readMarker(uri: Uri): Promise<string | undefined> {
  try {
    const marker: unknown = JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(uri)));
    return typeof marker === 'object' && marker !== null && 'open' in marker && typeof marker.open === 'string'
      ? marker.open
      : undefined;
  } catch {
    return undefined; // no such file, or not ours
  }
}
