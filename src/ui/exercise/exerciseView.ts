import type { LessonRenderer } from '../../course/render';
import type { ExerciseView } from '../../shared/protocol';
import type { ExerciseEntry } from '../lesson/courses';
import type { Answers } from './answers';
import type { Attempts } from './attempts';
import { argumentOf } from './files';
import type { ProgressStore } from './progress';
import { quizOf } from './quiz';
import { quizView, solutionHtml } from './quizView';
import type { Verdicts } from './verdicts';
import { statusOf, verdictView } from './verdictView';

/** Where an exercise's state is. */
export interface ExerciseStores {
  readonly answers: Answers;
  readonly attempts: Attempts;
  readonly progress: ProgressStore;
  readonly verdicts: Verdicts;
}

/** What of an exercise is seen. */
export interface Uncovered {
  /** The first so many. */
  readonly hints: number;
  /** Why a choice is right. */
  readonly explanation: boolean;
  readonly solution: boolean;
}

/** An exercise as its card shows it. */
export async function exerciseView(
  { answers, attempts, progress, verdicts }: ExerciseStores,
  entry: ExerciseEntry,
  renderer: LessonRenderer,
  uncovered: Uncovered,
): Promise<ExerciseView> {
  const { exercise } = entry;
  const id = argumentOf(entry);
  const verdict = verdicts.of(id);
  const quiz = quizOf(exercise);
  return {
    id: exercise.id,
    title: exercise.title,
    points: exercise.points,
    status: statusOf(progress.of(id)),
    stale: verdicts.isStale(id, await attempts.text(entry)),
    ...(verdicts.isOutdated(id) && { outdated: true }),
    checking: verdicts.isChecking(id),
    ...(quiz && { quiz: quizView(quiz, answers.of(id) ?? [], uncovered.explanation, renderer) }),
    ...(verdict && { verdict: verdictView(verdict) }),
    hints: exercise.hints.slice(0, uncovered.hints).map((hint) => renderer.text(hint.text)),
    hintCount: exercise.hints.length,
    ...(uncovered.solution && { solution: solutionHtml(exercise, renderer) }),
  };
}
