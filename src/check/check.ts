import type { Exercise } from '../course/lesson';
import { SqlError, type Session } from '../sql/session';
import { readAttempt, textFingerprint, type Attempt } from './attempt';
import { evaluate } from './evaluate';
import { foreseenAs, type Behaviour } from './foreseen';
import { subjectSettings } from './integrity/compare';
import { asksDatabase, asOutcomes, inspect, inspectFurther } from './integrity/integrity';
import { tellingLocks } from './integrity/locks';
import { RESET } from './integrity/words';
import { beginUndoable, CATALOGS_ONLY, pinSettings, undo } from './pinned';
import type { Reference } from './reference';
import { sharedStatements } from './sharedStatements';
import { behaviours, pointsFor, type Outcome, type Verdict } from './verdict';

/**
 * Judges a student's file against the database it worked in.
 * @param session as `Database.fresh` lends it: inside a transaction that will be rolled back
 * @throws {UserError} when somebody's open transaction is in the way
 */
export async function checkExercise(
  session: Session,
  exercise: Exercise,
  text: string,
  reference: Reference,
): Promise<Verdict> {
  const attempt = readAttempt(text);
  const { groups, integrity } = asksDatabase(exercise)
    ? await tellingLocks(session, () => judge(session, exercise, attempt, reference))
    : { groups: await evaluate(session, exercise, attempt, reference), integrity: [] };
  const outcomes = [...groups.flat(), ...integrity];
  const passed = outcomes.every((outcome) => outcome.passed);
  const message = passed ? undefined : foreseen(exercise, attempt, behaviourOf(groups, integrity), reference);
  const bought = passed ? boughtBy(exercise, groups, reference) : undefined;
  return {
    passed,
    points: pointsFor([...groups, integrity], exercise.points, reference.met),
    maxPoints: exercise.points,
    ...(message !== undefined && { message }),
    outcomes: outcomes.map(shown),
    ...(bought !== undefined && { bought }),
    text: textFingerprint(text),
  };
}

/** What the expectations found, and what the integrity did. */
export interface Judged {
  readonly groups: readonly (readonly Outcome[])[];
  readonly integrity: readonly Outcome[];
}

/** The database is looked at before the expectations, since they may not even run where it was altered. */
async function judge(session: Session, exercise: Exercise, attempt: Attempt, reference: Reference): Promise<Judged> {
  const { settings, inventory } = reference;
  await pinSettings(session, { subject: subjectSettings(inventory), settings, searchPath: CATALOGS_ONLY });
  const { stored, ...inspected } = await inspect(session, reference);
  await beginUndoable(session);
  const groups = await evaluated(session, exercise, attempt, reference);
  const all = await inspectFurther(session, exercise, attempt, reference, inspected, groups);
  return { groups, integrity: [...asOutcomes(all), ...asOutcomes(stored)] };
}

async function evaluated(
  session: Session,
  exercise: Exercise,
  attempt: Attempt,
  reference: Reference,
): Promise<Outcome[][]> {
  try {
    return await evaluate(session, exercise, attempt, reference);
  } catch (error) {
    if (!(error instanceof SqlError && OF_THE_DATABASE.test(error.code))) throw error;
    await undo(session);
    // the exercise's own queries ran on pristine data. Other messages than of names may tell hidden values.
    const why = error.code.startsWith('42') ? `: ${error.message}` : '';
    return [
      [
        {
          passed: false,
          points: 0,
          message: `The exercise’s own queries do not run in this database any more${why}. ${RESET}`,
          behaviour: `error ${error.code}`,
        },
      ],
    ];
  }
}

/** Not of the server's troubles, of a cancel or of locks: what is left comes of what the database holds. */
const OF_THE_DATABASE = /^(?!08|40|53|55P03|57|58|F0|XX)/;

export function behaviourOf(groups: readonly (readonly Outcome[])[], integrity: readonly Outcome[]): Behaviour {
  const broken = integrity.filter(({ passed }) => !passed);
  return {
    groups: behaviours([...groups, broken]),
    passed: [...groups, broken].map((group) => group.every(({ passed }) => passed)),
  };
}

function foreseen(
  exercise: Exercise,
  attempt: Attempt,
  behaviour: Behaviour,
  reference: Reference,
): string | undefined {
  const index = foreseenAs(behaviour, reference, (answer) =>
    sharedStatements(attempt.text, exercise.wrong[answer]?.text ?? ''),
  );
  return exercise.wrong[index]?.message;
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

/** Without what only a reference needs. */
function shown(outcome: Outcome): Outcome {
  const { passed, message, note, expected, seen, rows, behaviour, buffers, points } = outcome;
  return {
    passed,
    message,
    behaviour,
    ...(note !== undefined && { note }),
    ...(expected !== undefined && { expected }),
    ...(seen !== undefined && { seen }),
    ...(rows && { rows }),
    ...(buffers !== undefined && { buffers }),
    ...(points !== undefined && { points }),
  };
}
