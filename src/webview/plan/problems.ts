import { formatCount } from '../../plan/words';
import type { Problem } from './useReading';

/** No more are collected. */
const MOST = 20;

/** "1 of 5 plans could not be read: line 40, …" Undefined where all could. */
export function problemsNote(read: number, problems: readonly Problem[]): string | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const all = read + problems.length;
  const count = problems.length < MOST ? `${formatCount(problems.length)} of ${formatCount(all)}` : `${MOST} or more`;
  const where = problems.length === 1 ? 'line' : 'the first at line';
  const next = first.nextStep === undefined ? '' : ` ${first.nextStep}`;
  return `${count} plans could not be read: ${where} ${formatCount(first.line)}, ${lower(first.message)}${next}`;
}

/** Within a sentence. A word in capitals stays ("EXPLAIN"). */
function lower(sentence: string): string {
  return /^[A-Z](?![A-Z])/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}
