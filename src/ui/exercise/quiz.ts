import { readAttempt, textFingerprint } from '../../check/attempt';
import { checkChecklist, checkChoice } from '../../check/kinds/quiz';
import { pointsFor, type Verdict } from '../../check/verdict';
import type { Exercise } from '../../course/lesson';
import type { ChecklistExpectation, ChoiceExpectation } from '../../course/schema';

/** An exercise without SQL: it is answered in its card, and needs no database. */
export type Quiz =
  | { readonly kind: 'choice'; readonly choice: ChoiceExpectation }
  | { readonly kind: 'checklist'; readonly checklist: ChecklistExpectation };

/** What an exercise asks to choose or to tick; `undefined` for one that is solved in a file. */
export function quizOf({ expect }: Pick<Exercise, 'expect'>): Quiz | undefined {
  for (const expectation of expect) {
    if ('choice' in expectation) return { kind: 'choice', choice: expectation.choice };
    if ('checklist' in expectation) return { kind: 'checklist', checklist: expectation.checklist };
  }
  return undefined;
}

/** Options or items in the author's order. */
export function itemsOf(quiz: Quiz): { readonly id: string; readonly text: string; readonly optional: boolean }[] {
  const items: Readonly<Record<string, { readonly text: string; readonly optional?: boolean }>> =
    quiz.kind === 'choice' ? quiz.choice.options : quiz.checklist.items;
  return Object.entries(items).map(([id, { text, optional = false }]) => ({ id, text, optional }));
}

/** Whether several may be chosen. */
export function takesMany(quiz: Quiz): boolean {
  return quiz.kind === 'checklist' || quiz.choice.right.length > 1;
}

/** What is chosen, as the text of an attempt. Ids of items that the author has removed are left out. */
export function answerText(quiz: Quiz, chosen: readonly string[]): string {
  return `-- answer: ${known(quiz, chosen).join(', ')}`.trimEnd();
}

/** What is chosen of what there is now, in the author's order. */
export function known(quiz: Quiz, chosen: readonly string[]): readonly string[] {
  return itemsOf(quiz).flatMap(({ id }) => (chosen.includes(id) ? [id] : []));
}

/** Judges without a database. */
export function checkQuiz(exercise: Exercise, quiz: Quiz, chosen: readonly string[]): Verdict {
  const text = answerText(quiz, chosen);
  const attempt = readAttempt(text);
  const outcomes =
    quiz.kind === 'choice' ? [checkChoice(quiz.choice, attempt)] : checkChecklist(quiz.checklist, attempt);
  return {
    passed: outcomes.every((outcome) => outcome.passed),
    points: pointsFor([outcomes], exercise.points),
    maxPoints: exercise.points,
    outcomes,
    text: textFingerprint(text),
  };
}
