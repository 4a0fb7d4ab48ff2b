import { Disposable, l10n, window } from 'vscode';
import { progressKey } from '../../course/progress';
import { lessonsOf } from '../../course/lesson';
import { CancelledError, UserError } from '../../shared/errors';
import type { Verdict } from '../../check/verdict';
import type { ExerciseArgument } from '../../contributions';
import { OpenTransactionError } from '../../database/engine';
import type { CommandRegistry } from '../command';
import type { Databases } from '../database/databases';
import { isLessonArgument } from '../lesson/commands';
import type { Courses, ExerciseEntry } from '../lesson/courses';
import type { CurrentLesson } from '../lesson/current';
import type { Reader } from '../lesson/reader';
import type { Runner } from '../run/runner';
import type { Checker } from './checker';
import { argumentOf, type ExerciseFiles } from './files';
import type { ProgressStore } from './progress';
import type { Verdicts } from './verdicts';
import { statusOf } from './verdictView';

export interface ExerciseCommandDependencies {
  readonly commands: CommandRegistry;
  readonly courses: Courses;
  readonly current: CurrentLesson;
  readonly reader: Reader;
  readonly databases: Databases;
  readonly files: ExerciseFiles;
  readonly checker: Checker;
  readonly progress: ProgressStore;
  readonly verdicts: Verdicts;
  readonly runner: Runner;
}

export function registerExerciseCommands(deps: ExerciseCommandDependencies): Disposable {
  const { commands } = deps;
  return Disposable.from(
    commands.register('pgLessons.startExercise', async (argument) =>
      start(deps, await exerciseOf(deps, argument, 'all')),
    ),
    commands.register('pgLessons.checkExercise', async (argument) =>
      check(deps, await exerciseOf(deps, argument, 'active')),
    ),
    commands.register('pgLessons.showHint', async (argument) => hint(deps, await exerciseOf(deps, argument, 'active'))),
    commands.register('pgLessons.showSolution', async (argument) =>
      solution(deps, await exerciseOf(deps, argument, 'active')),
    ),
    commands.register('pgLessons.resetExercise', async (argument) =>
      reset(deps, await exerciseOf(deps, argument, 'active')),
    ),
  );
}

async function start(deps: ExerciseCommandDependencies, entry: ExerciseEntry): Promise<void> {
  await deps.reader.open(entry, entry.exercise.id, true);
  await deps.files.open(entry);
  await deps.progress.started(argumentOf(entry));
  deps.checker.prepare(entry);
}

async function check(deps: ExerciseCommandDependencies, entry: ExerciseEntry): Promise<void> {
  const verdict = await checkCommitted(deps, entry);
  if (deps.reader.isOpen) await deps.reader.open(entry, entry.exercise.id, true, 'verdict');
  const { title } = entry.exercise;
  // a screen reader hears it, and it is seen when the file is not in view
  void window.setStatusBarMessage(
    verdict.passed
      ? l10n.t('$(pass-filled) {0}: passed', title)
      : l10n.t('$(error) {0}: {1} of {2} points', title, verdict.points, verdict.maxPoints),
    8000,
  );
}

/** A check sees only what is committed: with a transaction open, the person says what becomes of it. */
async function checkCommitted(deps: ExerciseCommandDependencies, entry: ExerciseEntry): Promise<Verdict> {
  try {
    return await deps.checker.check(entry);
  } catch (error) {
    if (!(error instanceof OpenTransactionError)) throw error;
    const commit = l10n.t('Commit and Check');
    const rollBack = l10n.t('Roll Back and Check');
    const { session } = await deps.databases.lesson(entry);
    const choices = session.transaction === 'failed' ? [rollBack] : [commit, rollBack];
    const detail = l10n.t('The check sees only committed work.');
    const choice = await window.showWarningMessage(
      l10n.t('A transaction is open.'),
      { modal: true, detail },
      ...choices,
    );
    if (choice === undefined) throw new CancelledError();
    await session.run(choice === commit ? 'COMMIT' : 'ROLLBACK');
    return deps.checker.check(entry);
  }
}

/** One more hint at each press. They show in the reader, where there is room for them. */
async function hint(deps: ExerciseCommandDependencies, entry: ExerciseEntry): Promise<void> {
  const exercise = argumentOf(entry);
  const { hints } = entry.exercise;
  const shown = deps.progress.of(exercise)?.hints ?? 0;
  if (hints.length === 0) throw new UserError(l10n.t('This exercise has no hints.'));
  await deps.progress.hintShown(exercise, Math.min(shown + 1, hints.length));
  await deps.reader.open(entry, entry.exercise.id, false, 'hint');
}

async function solution(deps: ExerciseCommandDependencies, entry: ExerciseEntry): Promise<void> {
  const exercise = argumentOf(entry);
  if (statusOf(deps.progress.of(exercise)) !== 'passed') {
    const yes = l10n.t('Show Solution');
    const hintsLeft = entry.exercise.hints.length - (deps.progress.of(exercise)?.hints ?? 0);
    const detail =
      hintsLeft > 0
        ? l10n.t(
            'There are {0} more hints. An exercise teaches most when you solve it yourself; that the solution was shown is kept with your progress.',
            hintsLeft,
          )
        : l10n.t(
            'An exercise teaches most when you solve it yourself; that the solution was shown is kept with your progress.',
          );
    if (
      (await window.showInformationMessage(
        l10n.t('See the solution of “{0}”?', entry.exercise.title),
        { modal: true, detail },
        yes,
      )) !== yes
    )
      return;
    await deps.progress.solutionShown(exercise);
  }
  deps.reader.showSolution(exercise);
  await deps.reader.open(entry, entry.exercise.id, false, 'solution');
}

async function reset(deps: ExerciseCommandDependencies, entry: ExerciseEntry): Promise<void> {
  const exercise = argumentOf(entry);
  const fileOnly = l10n.t('Reset File');
  const both = l10n.t('Reset File and Database');
  const detail = l10n.t(
    'The file gets the starter’s text again; undo brings yours back. What you passed stays passed. The database is shared by this lesson’s exercises: resetting it removes every index and change you made in it.',
  );
  const choice = await window.showWarningMessage(
    l10n.t('Begin “{0}” anew?', entry.exercise.title),
    { modal: true, detail },
    fileOnly,
    both,
  );
  if (choice === undefined) return;
  await deps.files.restore(entry);
  deps.reader.hideSolution(exercise);
  await deps.verdicts.set(exercise, undefined);
  await deps.progress.reset(exercise);
  if (choice === both) {
    deps.runner.cancel();
    await deps.databases.reset(entry);
    await deps.databases.lesson(entry);
  }
  void window.setStatusBarMessage(l10n.t('“{0}” is as at the start.', entry.exercise.title), 5000);
}

/**
 * The exercise an argument names; without one that of the active editor (`active`), else the person picks.
 * @throws {UserError | CancelledError}
 */
async function exerciseOf(
  deps: ExerciseCommandDependencies,
  argument: unknown,
  preferred: 'active' | 'all',
): Promise<ExerciseEntry> {
  const active = window.activeTextEditor && deps.files.exerciseOf(window.activeTextEditor.document.uri);
  const named = isExerciseArgument(argument) ? argument : preferred === 'active' ? active : undefined;
  if (named) {
    const entry = await deps.courses.exercise(named);
    if (entry) return entry;
    throw new UserError(
      l10n.t('There is no exercise “{0}” any more.', progressKey(named)),
      l10n.t('Refresh the Lessons view.'),
    );
  }
  return pick(deps);
}

async function pick({ courses, current, progress }: ExerciseCommandDependencies): Promise<ExerciseEntry> {
  const here = await current.entry();
  const entries = (await courses.all()).flatMap((course) =>
    lessonsOf(course.course).flatMap((lesson) =>
      lesson.exercises.map((exercise): ExerciseEntry => ({ ...course, lesson, exercise })),
    ),
  );
  const nearest = (entry: ExerciseEntry): number => (entry.lesson.id === here?.lesson.id ? 0 : 1);
  const items = entries
    .toSorted((a, b) => nearest(a) - nearest(b))
    .map((entry) => ({
      label: `$(${ICONS[statusOf(progress.of(argumentOf(entry)))]}) ${entry.exercise.title}`,
      description: entry.lesson.title,
      entry,
    }));
  const chosen = await window.showQuickPick(items, { title: l10n.t('Exercise'), matchOnDescription: true });
  if (!chosen) throw new CancelledError();
  return chosen.entry;
}

const ICONS = { new: 'circle-large-outline', started: 'play-circle', failed: 'error', passed: 'pass-filled' } as const;

function isExerciseArgument(value: unknown): value is ExerciseArgument {
  return isLessonArgument(value) && 'exercise' in value && typeof value.exercise === 'string';
}
