import { Disposable, l10n, window } from 'vscode';
import { lessonsOf, type Lesson } from '../../course/lesson';
import { progressKey, type ExerciseProgress } from '../../course/progress';
import { CancelledError, UserError } from '../../shared/errors';
import type { Verdict } from '../../check/verdict';
import type { ExerciseArgument } from '../../contributions';
import { OpenTransactionError } from '../../database/engine';
import { confirm } from '../confirm';
import type { CommandRegistry } from '../command';
import { OldDataError, type Databases } from '../database/databases';
import { resetDatabase } from '../database/resetDatabase';
import { isLessonArgument } from '../lesson/commands';
import type { Courses, ExerciseEntry } from '../lesson/courses';
import type { CurrentLesson } from '../lesson/current';
import type { Reader } from '../lesson/reader';
import type { Runner } from '../run/runner';
import type { Answers } from './answers';
import { showAttempts } from './attemptList';
import type { AttemptLogs } from './attemptLogs';
import type { Checker } from './checker';
import { argumentOf, type ExerciseFiles } from './files';
import type { ProgressStore } from './progress';
import { itemsOf, quizOf, takesMany, type Quiz } from './quiz';
import type { Verdicts } from './verdicts';
import { statusOf } from './verdictView';

export interface ExerciseCommandDependencies {
  readonly commands: CommandRegistry;
  readonly courses: Courses;
  readonly current: CurrentLesson;
  readonly reader: Reader;
  readonly databases: Databases;
  readonly files: ExerciseFiles;
  readonly answers: Answers;
  readonly logs: AttemptLogs;
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
    commands.register('pgLessons.checkExercise', async (argument) => {
      const entry = await exerciseOf(deps, argument, 'checkable');
      const quiz = quizOf(entry.exercise);
      if (quiz) await checkQuiz(deps, entry, quiz, isExerciseArgument(argument));
      else await check(deps, entry);
    }),
    commands.register('pgLessons.showHint', async (argument) =>
      hint(deps, await exerciseOf(deps, argument, 'withHints')),
    ),
    commands.register('pgLessons.showSolution', async (argument) =>
      solution(deps, await exerciseOf(deps, argument, 'solvable')),
    ),
    commands.register('pgLessons.resetExercise', async (argument) =>
      reset(deps, await exerciseOf(deps, argument, 'started')),
    ),
    commands.register('pgLessons.showAttempts', async (argument) =>
      showAttempts(await exerciseOf(deps, argument, 'checked'), deps.logs, deps.files),
    ),
  );
}

async function start(deps: ExerciseCommandDependencies, entry: ExerciseEntry): Promise<void> {
  if (quizOf(entry.exercise)) {
    // it has no file: it is answered in the reader
    await deps.reader.open(entry, entry.exercise.id);
    return;
  }
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

/** Asks what is chosen, unless the card already has it. */
async function checkQuiz(
  deps: ExerciseCommandDependencies,
  entry: ExerciseEntry,
  quiz: Quiz,
  named: boolean,
): Promise<void> {
  if (!named || deps.answers.of(argumentOf(entry)) === undefined)
    await deps.checker.answer(entry, await askQuiz(deps, entry, quiz));
  if (quiz.kind === 'checklist') await deps.reader.open(entry, entry.exercise.id, true);
  else await check(deps, entry);
}

/** @throws {CancelledError} */
async function askQuiz(
  { answers }: ExerciseCommandDependencies,
  entry: ExerciseEntry,
  quiz: Quiz,
): Promise<readonly string[]> {
  const before = answers.of(argumentOf(entry)) ?? [];
  const items = itemsOf(quiz).map(({ id, text }) => ({ label: plain(text), picked: before.includes(id), id }));
  const options = { title: entry.exercise.title, matchOnDescription: true };
  const chosen = takesMany(quiz)
    ? await window.showQuickPick(items, { ...options, canPickMany: true })
    : [await window.showQuickPick(items, options)];
  const ids = chosen?.flatMap((item) => (item ? [item.id] : []));
  if (!ids || (ids.length === 0 && quiz.kind === 'choice')) throw new CancelledError();
  return ids;
}

/** Markdown in a list that shows plain text in one line. */
function plain(markdown: string): string {
  return markdown
    .replace(/[`*]/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A check compares with the lesson's data: where the database has older data, the person says what becomes of it. */
async function checkCommitted(deps: ExerciseCommandDependencies, entry: ExerciseEntry): Promise<Verdict> {
  try {
    return await checkIdle(deps, entry);
  } catch (error) {
    if (!(error instanceof OldDataError)) throw error;
    const detail = l10n.t(
      'The check compares with the new data. Resetting the database removes every index and change you made in it; your SQL files stay, and can be run again.',
    );
    await confirm(error.message, detail, l10n.t('Reset Database and Check'));
    await resetDatabase(deps.databases, deps.runner, entry);
    return checkIdle(deps, entry);
  }
}

/** A check sees only what is committed: with a transaction open, the person says what becomes of it. */
async function checkIdle(deps: ExerciseCommandDependencies, entry: ExerciseEntry): Promise<Verdict> {
  try {
    return await deps.checker.check(entry);
  } catch (error) {
    if (!(error instanceof OpenTransactionError)) throw error;
    const commit = l10n.t('Commit and Check');
    const rollBack = l10n.t('Roll Back and Check');
    const { session } = await deps.databases.lesson(entry);
    const choices = session.transaction === 'failed' ? [rollBack] : [commit, rollBack];
    const detail = l10n.t('The check sees only committed work.');
    const choice = await confirm(l10n.t('A transaction is open.'), detail, ...choices);
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
  const question = l10n.t('Begin “{0}” anew?', entry.exercise.title);
  const stays = l10n.t('What you passed stays passed.');
  let database = false;
  if (quizOf(entry.exercise)) {
    await confirm(question, `${l10n.t('Nothing is chosen or ticked then.')} ${stays}`, l10n.t('Reset'));
    await deps.answers.set(exercise, undefined);
  } else {
    const both = l10n.t('Reset File and Database');
    const file = l10n.t('The file gets the starter’s text again; undo brings yours back.');
    const shared = l10n.t(
      'The database is shared by this lesson’s exercises: resetting it removes every index and change you made in it.',
    );
    database = (await confirm(question, `${file} ${stays} ${shared}`, l10n.t('Reset File'), both)) === both;
    await deps.files.restore(entry);
  }
  deps.reader.hideSolution(exercise);
  await deps.verdicts.remove(exercise);
  await deps.progress.reset(exercise);
  if (database) await resetDatabase(deps.databases, deps.runner, entry);
  void window.setStatusBarMessage(l10n.t('“{0}” is as at the start.', entry.exercise.title), 5000);
}

/** Which exercises a command can be about. */
type Among = 'all' | 'checkable' | 'withHints' | 'solvable' | 'started' | 'checked';

/**
 * The exercise an argument names; without one that of the active editor, else the person picks.
 * @throws {UserError | CancelledError}
 */
async function exerciseOf(deps: ExerciseCommandDependencies, argument: unknown, among: Among): Promise<ExerciseEntry> {
  const active = window.activeTextEditor && deps.files.exerciseOf(window.activeTextEditor.document.uri);
  const named = isExerciseArgument(argument) ? argument : among === 'all' ? undefined : active;
  if (named) {
    const entry = await deps.courses.exercise(named);
    if (entry) return entry;
    throw new UserError(
      l10n.t('There is no exercise “{0}” any more.', progressKey(named)),
      l10n.t('Refresh the Lessons view.'),
    );
  }
  return pick(deps, among);
}

async function pick(deps: ExerciseCommandDependencies, among: Among): Promise<ExerciseEntry> {
  const { courses, current, progress } = deps;
  const here = await current.entry();
  const isHere = (lesson: Lesson): boolean => lesson.id === here?.lesson.id;
  const items = (await courses.all()).flatMap(({ course }) =>
    lessonsOf(course)
      .toSorted((a, b) => Number(isHere(b)) - Number(isHere(a)))
      .flatMap((lesson) =>
        lesson.outline
          .map(({ id, title }) => ({ title, argument: { course: course.id, lesson: lesson.id, exercise: id } }))
          .filter(({ argument }) =>
            isAmong(among, progress.of(argument), isHere(lesson) ? lesson : undefined, argument),
          )
          .map(({ title, argument }) => ({
            label: `$(${ICONS[statusOf(progress.of(argument))]}) ${title}`,
            description: lesson.title,
            argument,
          })),
      ),
  );
  if (items.length === 0)
    throw new UserError(l10n.t('No exercise has been started.'), l10n.t('Press Start in a lesson first.'));
  const chosen = await window.showQuickPick(items, { title: l10n.t('Exercise'), matchOnDescription: true });
  const entry = chosen && (await courses.exercise(chosen.argument));
  if (!entry) throw new CancelledError();
  return entry;
}

/** @param here the current lesson, where the exercise is one of it: other lessons are not read for this */
function isAmong(
  among: Among,
  record: ExerciseProgress | undefined,
  here: Lesson | undefined,
  { exercise: id }: ExerciseArgument,
): boolean {
  const exercise = here?.exercises.find((candidate) => candidate.id === id);
  const quiz = exercise && quizOf(exercise);
  switch (among) {
    case 'all':
      return true;
    case 'checkable':
      return record !== undefined || quiz !== undefined;
    case 'withHints':
      return record !== undefined || (exercise !== undefined && exercise.hints.length > 0);
    case 'solvable':
      return (record !== undefined || exercise !== undefined) && quiz?.kind !== 'checklist';
    case 'started':
      return record !== undefined;
    case 'checked':
      return (record?.attempts ?? 0) > 0;
  }
}

const ICONS = { new: 'circle-large-outline', started: 'color-mode', failed: 'error', passed: 'pass-filled' } as const;

function isExerciseArgument(value: unknown): value is ExerciseArgument {
  return isLessonArgument(value) && 'exercise' in value && typeof value.exercise === 'string';
}
