/** What lint and verify have to tell, for each format to put in its own words. */
import type { Problem } from '../../course/problem';
import type { Proof } from '../../verify/proof';

export type Event =
  | { readonly type: 'problem'; readonly file: string; readonly problem: Problem }
  /** A course is proven on an engine; proofs that follow are of it. */
  | { readonly type: 'course'; readonly id: string; readonly title: string; readonly engine: string }
  | { readonly type: 'proof'; readonly file: string; readonly proof: Proof }
  | { readonly type: 'end'; readonly counts: Counts };

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly errors: number;
  readonly warnings: number;
}

/** What to print for each event, as it comes. Made anew for each run: a format may keep what it needs at the end. */
export type Reporter = (event: Event) => string;

export const NO_COUNTS: Counts = { passed: 0, failed: 0, skipped: 0, errors: 0, warnings: 0 };

export function counted(counts: Counts, event: Event): Counts {
  if (event.type === 'problem') {
    const key = event.problem.severity === 'error' ? 'errors' : 'warnings';
    return { ...counts, [key]: counts[key] + 1 };
  }
  if (event.type === 'proof') {
    const { status } = event.proof;
    return { ...counts, [status]: counts[status] + 1 };
  }
  return counts;
}

/** "missing-index", of an example "run-3". */
export function subjectName({ subject }: Proof): string {
  return `${subject.lesson}/${subject.id}`;
}

/** The message, and what was expected and seen where both are known. */
export function details({ message, expected, seen }: Proof): string {
  const parts = [message ?? ''];
  if (expected !== undefined && seen !== undefined)
    parts.push(`expected:\n${indented(expected)}`, `seen:\n${indented(seen)}`);
  return parts.filter(Boolean).join('\n');
}

export function indented(text: string, by = '  '): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `${by}${line}`.trimEnd())
    .join('\n');
}
