import type { Exercise } from '../../course/lesson';
import type { LessonRenderer } from '../../course/render';
import type { QuizView } from '../../shared/protocol';
import { itemsOf, known, quizOf, takesMany, type Quiz } from './quiz';

/** What the card shows of a choice or a checklist. What is right is not in it. */
export function quizView(
  quiz: Quiz,
  chosen: readonly string[],
  passed: boolean,
  renderer: Pick<LessonRenderer, 'text'>,
): QuizView {
  const { explanation } = quiz.kind === 'choice' ? quiz.choice : quiz.checklist;
  return {
    kind: quiz.kind,
    multiple: takesMany(quiz),
    items: itemsOf(quiz).map(({ id, text, optional }) => ({
      id,
      html: renderer.text(text),
      ...(optional && { optional }),
    })),
    chosen: known(quiz, chosen),
    ...(passed && explanation !== undefined && { explanation: renderer.text(explanation) }),
  };
}

/** The solution as a reader sees it: SQL, or the options that are right. */
export function solutionHtml(exercise: Exercise, renderer: Pick<LessonRenderer, 'text' | 'code'>): string {
  const quiz = quizOf(exercise);
  if (quiz?.kind !== 'choice') return renderer.code(exercise.solution.text, 'sql');
  const { options, right, explanation } = quiz.choice;
  return [...right.map((id) => options[id]?.text ?? ''), ...(explanation === undefined ? [] : [explanation])]
    .map((text) => renderer.text(text))
    .join('');
}
