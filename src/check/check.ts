import type { Exercise } from '../course/lesson';
import type { Session } from '../sql/session';
import { readAttempt, textFingerprint } from './attempt';
import { evaluate } from './evaluate';
import { pinned } from './pinned';
import type { Reference } from './reference';
import { behaviour, pointsFor, type Outcome, type Verdict } from './verdict';

/**
 * Judges a student's file against the database it worked in.
 * @param session a fresh one, with no transaction open; it is left as it was
 * @throws {SqlError} when the exercise's own queries do not run
 */
export async function checkExercise(
  session: Session,
  exercise: Exercise,
  text: string,
  reference: Reference,
): Promise<Verdict> {
  const attempt = readAttempt(text);
  const { result: groups, changed } = await pinned(session, () => evaluate(session, exercise, attempt, reference));
  const outcomes = groups.flat();
  const passed = outcomes.every((outcome) => outcome.passed);
  const message = passed ? undefined : foreseen(exercise, outcomes, reference);
  const bought = passed ? boughtBy(exercise, groups, reference) : undefined;
  return {
    passed,
    points: pointsFor(outcomes, exercise.points),
    maxPoints: exercise.points,
    ...(message !== undefined && { message }),
    outcomes: changed.length > 0 ? [...outcomes, settingsNote(changed)] : outcomes,
    ...(bought !== undefined && { bought }),
    text: textFingerprint(text),
  };
}

function foreseen(exercise: Exercise, outcomes: readonly Outcome[], reference: Reference): string | undefined {
  const index = reference.wrong.indexOf(behaviour(outcomes));
  return index === -1 ? undefined : exercise.wrong[index]?.message;
}

/** Buffers at the start and now, where a plan was expected to read fewer. */
function boughtBy(
  exercise: Exercise,
  groups: readonly (readonly Outcome[])[],
  reference: Reference,
): string | undefined {
  for (const [index, group] of groups.entries()) {
    const expectation = exercise.expect[index];
    if (!expectation || !('plan' in expectation) || !expectation.plan.buffers) continue;
    const before = reference.start[index];
    const now = group.find((outcome) => outcome.buffers !== undefined)?.buffers;
    if (before != null && now !== undefined && now < before) {
      return `${before.toLocaleString('en-US')} → ${now.toLocaleString('en-US')} buffers`;
    }
  }
  return undefined;
}

/** Not a failure: the check went on under PostgreSQL's own defaults. */
function settingsNote(names: readonly string[]): Outcome {
  return {
    passed: true,
    message: `The check used PostgreSQL’s defaults for ${names.join(', ')}, which this database or role changes.`,
    behaviour: '',
  };
}
