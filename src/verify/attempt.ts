import { checkExercise } from '../check/check';
import type { Reference } from '../check/reference';
import type { Outcome, Verdict } from '../check/verdict';
import type { Exercise } from '../course/lesson';
import type { Database } from '../database/engine';
import { CancelledError, UserError } from '../shared/errors';
import { SqlError } from '../sql/session';
import { statements } from '../sql/statements';
import { bounded } from './session';

/** What came of a text that was run and checked as a student would. */
export type Judged =
  | { readonly verdict: Verdict; readonly error: SqlError | undefined }
  /** There is no verdict, and why. */
  | { readonly verdict: undefined; readonly reason: string };

/** Runs the text statement by statement to its end or the first error, then checks it. */
export async function judge(
  database: Database,
  exercise: Exercise,
  text: string,
  reference: Reference,
  signal: AbortSignal | undefined,
): Promise<Judged> {
  try {
    const error = await applyText(database, text, signal);
    const verdict = await database.fresh(
      (session) => checkExercise(bounded(session, signal), exercise, text, reference),
      signal,
    );
    return { verdict, error };
  } catch (error) {
    return { verdict: undefined, reason: reasonOf(error) };
  }
}

/** @returns the error that ended it; the transaction it failed in is rolled back */
export async function applyText(
  database: Database,
  text: string,
  signal: AbortSignal | undefined,
): Promise<SqlError | undefined> {
  const session = bounded(database.session, signal);
  for (const statement of statements(text)) {
    try {
      await session.run(statement.text, { maxRows: 1 });
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      if (session.transaction !== 'idle') await session.run('ROLLBACK');
      return atOffset(error, statement.start);
    }
  }
  return undefined;
}

/** What the author can do something about, as text; rethrows what is not of the lesson. */
export function reasonOf(error: unknown): string {
  if (error instanceof CancelledError) throw error;
  if (error instanceof SqlError) return `The check could not be made: ${error.message}`;
  if (error instanceof UserError) return [error.message, error.nextStep].filter(Boolean).join(' ');
  throw error;
}

/** An error of a statement, with its place in the whole text. */
function atOffset(error: SqlError, start: number): SqlError {
  const { message, code, severity, detail, hint, where } = error;
  return new SqlError({ message, code, severity, detail, hint, where, offset: start + (error.offset ?? 0) });
}

/** "It says: …": what the expectations said that were not met. */
export function saidOf(outcomes: readonly Outcome[]): string {
  return outcomes
    .filter((outcome) => !outcome.passed)
    .map((outcome) => outcome.message)
    .join(' ');
}

/** Of the first expectation that was not met and has both. */
export function differenceOf(outcomes: readonly Outcome[]): { expected?: string; seen?: string } {
  const outcome = outcomes.find((each) => !each.passed && each.expected !== undefined && each.seen !== undefined);
  if (outcome?.expected === undefined || outcome.seen === undefined) return {};
  return { expected: outcome.expected, seen: outcome.seen };
}

/** The line of a block at which an error is. */
export function lineOf(code: { readonly text: string; readonly line: number }, error: SqlError): number {
  return code.line + code.text.slice(0, error.offset ?? 0).split('\n').length - 1;
}
