import { l10n, ProgressLocation, window, type Uri } from 'vscode';
import { referenceKey, type Reference } from '../../check/reference';
import type { Verdict } from '../../check/verdict';
import { OpenTransactionError, type Database } from '../../database/engine';
import type { ExerciseArgument } from '../../contributions';
import { CancelledError, UserError } from '../../shared/errors';
import { mayWrite, statements, statementTitle } from '../../sql/statements';
import { waitSeconds } from '../../course/attemptLog';
import type { Databases } from '../database/databases';
import type { ExerciseEntry } from '../lesson/courses';
import type { Runner } from '../run/runner';
import { setting } from '../settings';
import type { Answers } from './answers';
import type { AttemptLogs } from './attemptLogs';
import type { Attempts } from './attempts';
import { argumentOf, type ExerciseFiles } from './files';
import type { ProgressStore } from './progress';
import { checkQuiz, quizOf } from './quiz';
import { ReferenceFiles } from './referenceFiles';
import type { Verdicts } from './verdicts';
import { summaryOf } from './verdictView';

/** A check is over after this long: a query that takes longer solves no exercise. ms. */
const TIME_LIMIT = 60_000;

export interface CheckerDependencies {
  readonly databases: Databases;
  readonly files: ExerciseFiles;
  readonly attempts: Attempts;
  readonly answers: Answers;
  readonly logs: AttemptLogs;
  readonly progress: ProgressStore;
  readonly verdicts: Verdicts;
  readonly runner: Runner;
  readonly storage: Uri;
}

const OF_THE_SESSION = new Set(['SET', 'RESET']);

/** Checks exercises and records what came of it. */
export class Checker {
  private readonly references: ReferenceFiles;
  /** References being measured now, so that Start and Check do not both do it. */
  private readonly measuring = new Map<string, Promise<Reference>>();
  /** States of databases whose rows were compared with the data set's, so that it is not done twice. */
  private readonly proven = new Set<string>();

  constructor(private readonly deps: CheckerDependencies) {
    this.references = new ReferenceFiles(deps.storage);
  }

  /** @throws {UserError} when there is nothing to check yet, or the check could not be made */
  async check(entry: ExerciseEntry): Promise<Verdict> {
    const { attempts, files, runner } = this.deps;
    const exercise = argumentOf(entry);
    const text = await attempts.text(entry);
    if (text === undefined)
      throw new UserError(
        l10n.t('“{0}” has not been started.', entry.exercise.title),
        quizOf(entry.exercise) ? l10n.t('Choose an answer first.') : l10n.t('Press Start first.'),
      );
    await this.waitFor(exercise);
    const quiz = quizOf(entry.exercise);
    if (quiz) return this.record(entry, text, checkQuiz(entry.exercise, quiz, this.deps.answers.of(exercise) ?? []));
    return runner.exclusively(files.uri(exercise).toString(), -1, async ({ abort }) => {
      this.deps.verdicts.setChecking(exercise, true);
      try {
        const judged = await window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Checking') }, () =>
          this.judge(entry, text, abort),
        );
        return await this.record(entry, text, judged.passed ? judged : this.withNotRun(judged, exercise, text));
      } finally {
        this.deps.verdicts.setChecking(exercise, false);
      }
    });
  }

  /** Chooses an option, or ticks an item. A list of items has no check: it counts as it is ticked. */
  async answer(entry: ExerciseEntry, chosen: readonly string[]): Promise<void> {
    const { answers, progress } = this.deps;
    const exercise = argumentOf(entry);
    const quiz = quizOf(entry.exercise);
    if (!quiz) return;
    await answers.set(exercise, chosen);
    if (quiz.kind === 'checklist') await progress.ticked(exercise, checkQuiz(entry.exercise, quiz, chosen));
    else await progress.started(exercise);
  }

  /** @throws {UserError} when the last check is so recent that the class has to wait */
  private async waitFor(exercise: ExerciseArgument): Promise<void> {
    const cooldown = setting('pgLessons.checkCooldown');
    if (cooldown <= 0) return;
    const seconds = waitSeconds(await this.deps.logs.of(exercise), cooldown, Date.now());
    if (seconds > 0)
      throw new UserError(
        l10n.t('The next check is in {0} s.', seconds),
        l10n.t('Read what the last one said, or take a hint.'),
      );
  }

  private async record(entry: ExerciseEntry, text: string, verdict: Verdict): Promise<Verdict> {
    const { logs, progress, verdicts } = this.deps;
    const exercise = argumentOf(entry);
    await verdicts.set(entry, verdict);
    await progress.checked(exercise, verdict);
    const { passed, points, maxPoints } = verdict;
    await logs.add(exercise, {
      at: Date.now(),
      passed,
      points,
      maxPoints,
      summary: summaryOf(verdict),
      fingerprint: verdict.text,
      text,
    });
    return verdict;
  }

  /**
   * A failure may come of a statement that stands in the file but never ran: that is said first. Settings of the
   * person's own session matter to no check.
   */
  private withNotRun(verdict: Verdict, exercise: ExerciseArgument, text: string): Verdict {
    const origin = this.deps.files.uri(exercise).toString();
    const statement = statements(text).find(
      (each) => !OF_THE_SESSION.has(each.keyword) && mayWrite(each) && !this.deps.runner.hasRun(origin, each.text),
    );
    if (!statement) return verdict;
    const title = statementTitle(statement.text);
    const note = l10n.t('Not run in this window yet: {0}', title.endsWith('…') ? title : `${title}.`);
    return { ...verdict, message: verdict.message === undefined ? note : `${note} ${verdict.message}` };
  }

  /** Measures the reference ahead of the first check. Failing is no matter: the check will say why. */
  prepare(entry: ExerciseEntry): void {
    if (quizOf(entry.exercise)) return;
    this.deps.databases
      .lesson(entry)
      .then((database) => this.reference(entry, database))
      .catch(() => undefined);
  }

  private async judge(entry: ExerciseEntry, text: string, abort: AbortController): Promise<Verdict> {
    const database = await this.deps.databases.current(entry, abort.signal);
    if (database.session.transaction !== 'idle') throw new OpenTransactionError();
    const measured = await orAborted(this.reference(entry, database), abort.signal);
    const reference = { ...measured, data: { ...measured.data, proven: this.proven } };
    const timer = setTimeout(
      () =>
        abort.abort(
          new UserError(
            l10n.t('The check took longer than {0} s and was stopped.', TIME_LIMIT / 1000),
            l10n.t('Explain your query and find out what makes it slow.'),
          ),
        ),
      TIME_LIMIT,
    );
    try {
      const { checkExercise } = await import('../../check/check');
      return await database.fresh((session) => checkExercise(session, entry.exercise, text, reference), abort.signal);
    } catch (error) {
      if (
        abort.signal.aborted &&
        abort.signal.reason instanceof UserError &&
        !(abort.signal.reason instanceof CancelledError)
      )
        throw abort.signal.reason;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async reference(entry: ExerciseEntry, database: Database): Promise<Reference> {
    const dataset = await this.deps.databases.datasetOf(entry);
    const data = `${dataset?.sql ?? ''}\0${dataset?.variant ?? ''}`;
    const key = `${this.deps.databases.kind}-${referenceKey(entry.exercise, data, database.serverVersion)}`;
    const known = this.measuring.get(key) ?? this.references.get(key);
    const found = await known;
    if (found) return found;
    const measuring = this.measuring.get(key) ?? this.measure(entry, dataset?.variant, key);
    this.measuring.set(key, measuring);
    try {
      return await measuring;
    } finally {
      this.measuring.delete(key);
    }
  }

  private async measure(entry: ExerciseEntry, variant: string | undefined, key: string): Promise<Reference> {
    const progress = { location: ProgressLocation.Window, title: l10n.t('Measuring the reference solution (once)') };
    const { measureReference } = await import('../../check/measure');
    const reference = await window.withProgress(progress, () =>
      measureReference(entry.exercise, async () => {
        const database = await this.deps.databases.scratch(entry);
        return { session: database.session, variant, close: () => database.close() };
      }),
    );
    await this.references.set(key, reference);
    return reference;
  }
}

/** What is measured goes on for the next check; this one ends when it is cancelled. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work, aborted]);
}
