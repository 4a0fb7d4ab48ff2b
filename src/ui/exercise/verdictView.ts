import type { ExerciseView, VerdictView } from '../../shared/protocol';
import type { Verdict } from '../../check/verdict';
import { textFingerprint } from '../../check/attempt';
import type { ExerciseProgress } from '../../course/progress';

/** A verdict as the reader shows it: without what only the check needs. */
export function verdictView(verdict: Verdict): VerdictView {
  const { passed, points, maxPoints, message, outcomes } = verdict;
  return {
    passed,
    points,
    maxPoints,
    ...(message !== undefined && { message }),
    expectations: outcomes.map((outcome) => ({
      passed: outcome.passed,
      message: outcome.message,
      ...(outcome.expected !== undefined && { expected: outcome.expected }),
      ...(outcome.seen !== undefined && { seen: outcome.seen }),
    })),
  };
}

/** Whether the file's text is another than the one that was judged. */
export function isStale(verdict: Verdict | undefined, text: string | undefined): boolean {
  return verdict !== undefined && text !== undefined && verdict.text !== textFingerprint(text);
}

/** An exercise that was passed once stays passed, whatever is tried afterwards. */
export function statusOf(record: ExerciseProgress | undefined): ExerciseView['status'] {
  if (!record) return 'new';
  return record.passedAt === undefined ? record.status : 'passed';
}
