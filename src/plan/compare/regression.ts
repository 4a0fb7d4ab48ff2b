import type { Comparison, Figure } from './comparison';
import { blockDirection, blocksOf } from './figures';

/**
 * By how much of what it was the work grew, where the outcome is "worse"; else 0. Counted in what decided: blocks, else time,
 * else cost. 0.5: half as much again. From nothing to something is `Number.MAX_VALUE`.
 */
export function regressionOf({ before, after, outcome, totals }: Comparison): number {
  if (outcome !== 'worse') return 0;
  const blocks: Figure = { before: blocksOf(before.nodes[0]?.buffers), after: blocksOf(after.nodes[0]?.buffers) };
  const deciding =
    blockDirection(blocks) === 'more' ? blocks : isMore(totals.executionMs) ? totals.executionMs : totals.cost;
  if (!isMore(deciding)) return 0;
  const { before: from = 0, after: to = 0 } = deciding;
  return from > 0 ? (to - from) / from : Number.MAX_VALUE;
}

function isMore({ before, after }: Figure): boolean {
  return before !== undefined && after !== undefined && after > before;
}
