import type { Exercise } from '../course/lesson';
import type { Expectation } from '../course/schema';
import type { Session } from '../sql/session';
import type { Attempt } from './attempt';
import { checkAnswer } from './kinds/answer';
import { checkData } from './kinds/data';
import { checkPlan } from './kinds/plan';
import { checkRows } from './kinds/rows';
import { checkState } from './kinds/state';
import type { Reference } from './reference';
import type { Outcome } from './verdict';

/** Every expectation of an exercise, in order; one may give several outcomes. Runs inside `pinned`. */
export async function evaluate(
  session: Session,
  exercise: Exercise,
  attempt: Attempt,
  reference: Reference,
): Promise<Outcome[][]> {
  const groups: Outcome[][] = [];
  for (const [index, expectation] of exercise.expect.entries()) {
    groups.push(await one(session, exercise, expectation, index, attempt, reference));
  }
  return groups;
}

async function one(
  session: Session,
  exercise: Exercise,
  expectation: Expectation,
  index: number,
  attempt: Attempt,
  reference: Reference,
): Promise<Outcome[]> {
  if ('rows' in expectation) return [await checkRows(session, expectation.rows, attempt, exercise.solution.text)];
  if ('plan' in expectation) {
    return checkPlan(session, expectation.plan, attempt, {
      start: reference.start[index] ?? undefined,
      solution: reference.solution[index] ?? undefined,
    });
  }
  if ('answer' in expectation) return [await checkAnswer(session, expectation.answer, attempt)];
  if ('state' in expectation) return [await checkState(session, expectation.state)];
  return [await checkData(session, reference.data)];
}
