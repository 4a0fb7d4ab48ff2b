import type { ExerciseView, RowDiffView, RowsDiffView, VerdictView } from '../../shared/protocol';
import type { RowsDiff } from '../../check/kinds/rowsDiff';
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
      ...(outcome.note === true && { note: true }),
      message: outcome.message,
      ...(outcome.expected !== undefined && { expected: outcome.expected }),
      ...(outcome.seen !== undefined && { seen: outcome.seen }),
      ...(outcome.rows && { rows: rowsDiffView(outcome.rows) }),
    })),
  };
}

/** Rows that are one but for some cells stand together. */
export function rowsDiffView(diff: RowsDiff): RowsDiffView {
  const paired = (side: 'missing' | 'extra'): Set<number> => new Set(diff.pairs.map((pair) => pair[side]));
  const alone = (side: 'missing' | 'extra'): RowDiffView[] =>
    diff[side].flatMap((cells, index) => (paired(side).has(index) ? [] : [{ kind: side, cells, differs: [] }]));
  const pairs = diff.pairs.flatMap(({ missing, extra, columns }): RowDiffView[] => [
    { kind: 'missing', cells: diff.missing[missing] ?? [], differs: columns },
    { kind: 'extra', cells: diff.extra[extra] ?? [], differs: columns },
  ]);
  const { disorder } = diff;
  return {
    columns: diff.columns,
    missing: diff.missingCount,
    extra: diff.extraCount,
    rows: [
      ...pairs,
      ...alone('missing'),
      ...alone('extra'),
      ...diff.duplicates.map(({ row, expected, seen }): RowDiffView => ({
        kind: 'often',
        cells: row,
        differs: [],
        times: { expected, seen },
      })),
      ...(disorder
        ? ([
            { kind: 'expected', cells: disorder.expected, differs: disorder.columns, row: disorder.row },
            { kind: 'seen', cells: disorder.seen, differs: disorder.columns, row: disorder.row },
          ] satisfies RowDiffView[])
        : []),
    ],
  };
}

/** The one thing that a verdict says. */
export function summaryOf(verdict: Verdict): string {
  if (verdict.passed) return verdict.bought ?? verdict.outcomes[0]?.message ?? '';
  return verdict.message ?? verdict.outcomes.find((outcome) => !outcome.passed)?.message ?? '';
}

/** Up to the first full stop that ends a sentence: not that of "1.5" or of "public.orders". */
export function firstSentence(text: string): string {
  return /^[\s\S]*?[.?!](?=\s|$)/.exec(text.trim())?.[0] ?? text.trim();
}

/** Whether a verdict is about another text than this. */
export function isAboutAnother(verdict: Verdict, text: string | undefined): boolean {
  return text !== undefined && verdict.text !== textFingerprint(text);
}

/** An exercise that was passed once stays passed, whatever is tried afterwards. */
export function statusOf(record: ExerciseProgress | undefined): ExerciseView['status'] {
  if (!record) return 'new';
  return record.passedAt === undefined ? record.status : 'passed';
}
