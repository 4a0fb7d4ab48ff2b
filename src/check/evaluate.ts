import type { Exercise } from '../course/lesson';
import type { Expectation, PlanExpectation } from '../course/schema';
import type { Session } from '../sql/session';
import { mayWrite } from '../sql/statements';
import type { Attempt } from './attempt';
import { checkAnswer } from './kinds/answer';
import { checkIndex } from './kinds/catalogIndex';
import { checkTable } from './kinds/catalogTable';
import { checkData } from './kinds/data';
import { checkPlan } from './kinds/plan';
import { checkChecklist, checkChoice } from './kinds/quiz';
import { checkRows } from './kinds/rows';
import { checkSetting } from './kinds/setting';
import { checkState } from './kinds/state';
import type { Reference } from './reference';
import type { Outcome } from './verdict';

/**
 * Every expectation of an exercise, in order; one may give several outcomes. Runs after `pin`; a choice and a
 * checklist need no session.
 */
export async function evaluate(
  session: Session,
  exercise: Exercise,
  attempt: Attempt,
  reference: Reference,
): Promise<Outcome[][]> {
  const groups: Outcome[][] = [];
  for (const [index, expectation] of exercise.expect.entries()) {
    const outcomes = await one(session, exercise, expectation, index, attempt, reference);
    groups.push(inTheWordsOf(expectation, weighed(expectation, outcomes)));
  }
  return groups;
}

/** An expectation's share is its outcomes' together, so that a check that stops at the first failure weighs the same. */
function weighed(expectation: Expectation, outcomes: readonly Outcome[]): Outcome[] {
  const points = expectation.points ?? ('data' in expectation ? 0 : 1);
  return outcomes.map((outcome) => ({ points: points / outcomes.length, ...outcome }));
}

/** The author's own sentence, once: in the place of the first that does not hold. */
function inTheWordsOf({ message }: Expectation, outcomes: readonly Outcome[]): Outcome[] {
  const first = message === undefined ? -1 : outcomes.findIndex(({ passed }) => !passed);
  return outcomes.map((outcome, at) => (at === first && message !== undefined ? { ...outcome, message } : outcome));
}

/**
 * An expectation before this one ran the very query of the plan here, and nothing was altered since, as by a hidden
 * variant's tables. With other values, or with workers, its plan may be another.
 */
function ran({ expect }: Exercise, index: number, plan: PlanExpectation, { query }: Attempt): boolean {
  if (plan.query !== undefined || plan.parameters !== undefined || plan.workers !== undefined) return false;
  const before = expect.slice(0, index).filter((expectation) => 'rows' in expectation);
  return query !== undefined && !mayWrite(query) && before.length > 0 && before.every(({ rows }) => !rows.variant);
}

async function one(
  session: Session,
  exercise: Exercise,
  expectation: Expectation,
  index: number,
  attempt: Attempt,
  reference: Reference,
): Promise<Outcome[]> {
  if ('rows' in expectation) {
    const { variant, kept } = reference;
    const known = { solution: exercise.solution.text, variant, kept: kept.solution[index] };
    return [await checkRows(session, expectation.rows, attempt, known)];
  }
  if ('plan' in expectation) {
    const { start, solution, measured } = reference;
    const figures = {
      buffers: { start: start[index] ?? undefined, solution: solution[index] ?? undefined },
      rows: { start: measured.start[index]?.['rows'], solution: measured.solution[index]?.['rows'] },
    };
    return checkPlan(session, expectation.plan, attempt, figures, ran(exercise, index, expectation.plan, attempt));
  }
  if ('choice' in expectation) return [checkChoice(expectation.choice, attempt)];
  if ('checklist' in expectation) return checkChecklist(expectation.checklist, attempt);
  if ('answer' in expectation) {
    const { start, solution } = reference.kept;
    const known = { solution: exercise.solution.text, atStart: start[index], atSolution: solution[index] };
    return [await checkAnswer(session, expectation.answer, attempt, known)];
  }
  if ('state' in expectation) return [await checkState(session, expectation.state)];
  if ('setting' in expectation) return [await checkSetting(session, expectation.setting, attempt)];
  if ('index' in expectation) return checkIndex(session, expectation.index);
  if ('table' in expectation) return checkTable(session, expectation.table);
  return [await checkData(session, reference.data, reference.dataSubjects)];
}
