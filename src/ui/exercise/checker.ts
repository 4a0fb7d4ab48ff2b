import { l10n, ProgressLocation, window, type Uri } from 'vscode';
import { referenceKey, type Reference } from '../../check/reference';
import type { Verdict } from '../../check/verdict';
import { OpenTransactionError, type Database } from '../../database/engine';
import type { ExerciseArgument } from '../../contributions';
import { CancelledError, UserError } from '../../shared/errors';
import { mayWrite, statements, statementTitle } from '../../sql/statements';
import type { Databases } from '../database/databases';
import type { ExerciseEntry } from '../lesson/courses';
import type { Runner } from '../run/runner';
import { argumentOf, type ExerciseFiles } from './files';
import type { ProgressStore } from './progress';
import { ReferenceFiles } from './referenceFiles';
import type { Verdicts } from './verdicts';

/** A check is over after this long: a query that takes longer solves no exercise. ms. */
const TIME_LIMIT = 60_000;

/** Checks exercises and records what came of it. */
export class Checker {
  private readonly references: ReferenceFiles;
  /** References being measured now, so that Start and Check do not both do it. */
  private readonly measuring = new Map<string, Promise<Reference>>();

  constructor(
    private readonly databases: Databases,
    private readonly files: ExerciseFiles,
    private readonly progress: ProgressStore,
    private readonly verdicts: Verdicts,
    private readonly runner: Runner,
    storage: Uri,
  ) {
    this.references = new ReferenceFiles(storage);
  }

  /** @throws {UserError} when there is nothing to check yet, or the check could not be made */
  async check(entry: ExerciseEntry): Promise<Verdict> {
    const exercise = argumentOf(entry);
    const text = await this.files.text(exercise);
    if (text === undefined)
      throw new UserError(l10n.t('“{0}” has not been started.', entry.exercise.title), l10n.t('Press Start first.'));
    return this.runner.exclusively(this.files.uri(exercise).toString(), -1, async ({ abort }) => {
      this.verdicts.setChecking(exercise, true);
      try {
        const judged = await window.withProgress({ location: ProgressLocation.Window, title: l10n.t('Checking') }, () =>
          this.judge(entry, text, abort),
        );
        const verdict = judged.passed ? judged : this.withNotRun(judged, exercise, text);
        await this.verdicts.set(exercise, verdict);
        await this.progress.checked(exercise, verdict);
        return verdict;
      } finally {
        this.verdicts.setChecking(exercise, false);
      }
    });
  }

  /** A failure may come of a statement that stands in the file but never ran. */
  private withNotRun(verdict: Verdict, exercise: ExerciseArgument, text: string): Verdict {
    const origin = this.files.uri(exercise).toString();
    const statement = statements(text).find((each) => mayWrite(each) && !this.runner.hasRun(origin, each.text));
    if (!statement) return verdict;
    const note = l10n.t('Not run in this window yet: {0}', statementTitle(statement.text));
    return { ...verdict, message: verdict.message === undefined ? note : `${verdict.message} ${note}` };
  }

  /** Measures the reference ahead of the first check. Failing is no matter: the check will say why. */
  prepare(entry: ExerciseEntry): void {
    this.databases
      .lesson(entry)
      .then((database) => this.reference(entry, database))
      .catch(() => undefined);
  }

  private async judge(entry: ExerciseEntry, text: string, abort: AbortController): Promise<Verdict> {
    const database = await this.databases.lesson(entry, abort.signal);
    if (database.session.transaction !== 'idle') throw new OpenTransactionError();
    const reference = await orAborted(this.reference(entry, database), abort.signal);
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
    const dataset = await this.databases.datasetOf(entry);
    const key = `${this.databases.kind}-${referenceKey(entry.exercise, dataset?.sql ?? '', database.serverVersion)}`;
    const known = this.measuring.get(key) ?? this.references.get(key);
    const found = await known;
    if (found) return found;
    const measuring = this.measuring.get(key) ?? this.measure(entry, key);
    this.measuring.set(key, measuring);
    try {
      return await measuring;
    } finally {
      this.measuring.delete(key);
    }
  }

  private async measure(entry: ExerciseEntry, key: string): Promise<Reference> {
    const progress = { location: ProgressLocation.Window, title: l10n.t('Measuring the reference solution (once)') };
    const { measureReference } = await import('../../check/measure');
    const reference = await window.withProgress(progress, () =>
      measureReference(entry.exercise, () => this.databases.scratch(entry)),
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
