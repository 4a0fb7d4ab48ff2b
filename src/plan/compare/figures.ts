import { sharedBuffers, type Buffers, type Plan, type PlanNode } from '../model';
import { formatCount, formatFactor } from '../words';
import type { Comparison, Figure } from './comparison';

/** Two figures of one kind: what differs, what is noise, and how to say it. Nothing is ever divided by 0. */

/** Times of two runs of one statement differ by so much on a quiet machine. */
export const TIME_NOISE = 0.2;
/** Shorter than that, a run measures the machine. */
const TIME_GRAIN_MS = 0.1;
/** Hint bits, visibility and catalogue pages make so much of a difference between two runs. */
const BLOCK_NOISE = 0.1;

export type Direction = 'more' | 'less' | 'same' | 'unknown';

export function directionOf({ before, after }: Figure, noise: number, atLeast = 0): Direction {
  if (before === undefined || after === undefined) return 'unknown';
  const difference = after - before;
  if (Math.abs(difference) <= atLeast || Math.abs(difference) < noise * Math.max(before, after)) return 'same';
  return difference > 0 ? 'more' : 'less';
}

export function blockDirection(figure: Figure): Direction {
  return directionOf(figure, BLOCK_NOISE);
}

/** @param errorMs what rounding can have done to both together */
export function timeDirection(figure: Figure, errorMs: number): Direction {
  return directionOf(figure, TIME_NOISE, Math.max(TIME_GRAIN_MS, errorMs));
}

/** All blocks that a node or statement touched, in whatever buffer: what its work comes to. */
export function blocksOf(buffers: Buffers | undefined): number | undefined {
  return buffers === undefined
    ? undefined
    : sharedBuffers(buffers) + buffers.localHit + buffers.localRead + tempBlocks(buffers);
}

export function tempBlocks(buffers: Buffers): number {
  return buffers.tempRead + buffers.tempWritten;
}

export function totalsOf(before: Plan, after: Plan): Comparison['totals'] {
  const root = (figure: (node: PlanNode) => number | undefined): Figure => {
    const [a, b] = [before.nodes[0], after.nodes[0]];
    return { before: a && figure(a), after: b && figure(b) };
  };
  // Where one was printed without its summary, both are the root's time.
  const hasBoth = before.executionMs !== undefined && after.executionMs !== undefined;
  return {
    executionMs: hasBoth ? { before: before.executionMs, after: after.executionMs } : root((node) => node.inclusiveMs),
    planningMs: { before: before.planningMs, after: after.planningMs },
    buffers: root((node) => node.buffers && sharedBuffers(node.buffers)),
    tempBlocks: root((node) => node.buffers && tempBlocks(node.buffers)),
    rows: root((node) => node.totalRows),
    cost: root((node) => node.totalCost),
  };
}

/** "67 × fewer buffers (2,942 → 44)", "30 % more buffers (100 → 130)", "44 buffers instead of none". Call it where they differ. */
export function amountWords(before: number, after: number, noun: string): string {
  if (before === 0) return `${formatCount(after)} ${noun} instead of none`;
  if (after === 0) return `no ${noun} instead of ${formatCount(before)}`;
  const word = after > before ? 'more' : 'fewer';
  return `${times(before, after, word)} ${noun} (${formatCount(before)} → ${formatCount(after)})`;
}

/** "3 × faster", "30 % slower". */
export function speedWords(before: number, after: number): string {
  return times(before, after, after > before ? 'slower' : 'faster');
}

/** "3 × fewer"; below the double in percent of what was. */
export function times(before: number, after: number, word: string): string {
  const factor = Math.max(before, after) / Math.min(before, after);
  if (factor >= 2) return `${formatFactor(factor)} ${word}`;
  return `${formatCount(Math.round((100 * Math.abs(after - before)) / before))} % ${word}`;
}
