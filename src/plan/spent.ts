import { covers, NO_BUFFERS, NO_IO, NO_WAL, subtract, subtractIo, subtractWal } from './buffers';
import type { Draft } from './draft';
import type { Gather } from './processes';
import { asFigure } from './raw';
import { initPlansOf, runnersFor } from './subplans';
import { isCte, isGather, isInitPlan } from './tree';

/** EXPLAIN rounds a time to 0.001 ms; its error is multiplied by the loops. */
const ROUNDING_MS = 0.0005;

/**
 * Step 4: inclusive and exclusive time, buffers, I/O and WAL of each node.
 *
 * While the work of others is taken off, `exclusiveMs` is what is left, and may be below 0; `close` settles that.
 */
export function setSpent(
  drafts: readonly Draft[],
  ends: Uint32Array,
  gathers: readonly (Gather | undefined)[],
  scans: ReadonlyMap<number, readonly Draft[]>,
): void {
  drafts.forEach(open);
  for (const child of drafts) {
    const parent = child.parent === undefined ? undefined : drafts[child.parent];
    if (parent !== undefined && !isCte(child) && !isInitPlan(child)) payForChild(parent, child);
  }
  const initPlans = initPlansOf(drafts);
  if (initPlans.length > 0) {
    const runnersOf = runnersFor(drafts, ends, gathers, initPlans);
    // The largest first: they fit in the fewest places.
    for (const initPlan of initPlans.toSorted((a, b) => (b.inclusiveMs ?? 0) - (a.inclusiveMs ?? 0))) {
      const runner = runnerOf(runnersOf(initPlan), initPlan);
      if (runner !== undefined) payForInitPlan(runner, initPlan);
    }
  }
  // After the InitPlans: what a scan is left with is shared in proportion, and an InitPlan that ran in it is no part of that.
  for (const [id, readers] of scans) {
    const cte = drafts[id];
    if (cte !== undefined) payForCte(readers, cte);
  }
  drafts.forEach(close);
}

function open(draft: Draft): void {
  const perLoop = draft.neverExecuted ? undefined : asFigure(draft.properties['Actual Total Time']);
  if (perLoop === undefined) return;
  const loops = draft.loops ?? 1;
  draft.inclusiveMs = draft.exclusiveMs = (perLoop * loops) / draft.processes;
  draft.inclusiveErrorMs = draft.errorMs = (ROUNDING_MS * loops) / draft.processes;
}

/** Takes a part of another node's time off what is left of this one's. */
function take(from: Draft, ms: number | undefined, errorMs: number | undefined): void {
  if (ms === undefined || from.exclusiveMs === undefined) return;
  from.exclusiveMs -= ms;
  from.errorMs = (from.errorMs ?? 0) + (errorMs ?? 0);
}

function takeCounters(from: Draft, what: Draft): void {
  if (from.exclusiveBuffers !== undefined && what.buffers !== undefined && what.buffers !== NO_BUFFERS)
    from.exclusiveBuffers = subtract(from.exclusiveBuffers, what.buffers);
  if (from.exclusiveIo !== undefined && what.io !== undefined && what.io !== NO_IO)
    from.exclusiveIo = subtractIo(from.exclusiveIo, what.io);
  if (from.exclusiveWal !== undefined && what.wal !== undefined && what.wal !== NO_WAL)
    from.exclusiveWal = subtractWal(from.exclusiveWal, what.wal);
}

/**
 * A parent's share of its child's time: what the child took in all processes, over the parent's processes, so that a child that
 * one process ran alone is not charged to all. Where the others wait, it is the child's wall time:
 * - a Gather waits for what is below it;
 * - of a Parallel Bitmap Heap Scan, one process builds the bitmap and the others sleep until it is there
 *   (nodeBitmapHeapscan.c, BitmapShouldInitializeSharedState), unless they came later: at most what they have.
 */
function payForChild(parent: Draft, child: Draft): void {
  let share = child.processes / parent.processes;
  const ms = child.inclusiveMs;
  if (isGather(parent) && child.relationship === 'Outer') share = 1;
  else if (share < 1 && ms !== undefined && ms > 0 && isSharedBitmap(parent, child))
    share = Math.max(share, Math.min(1, (parent.exclusiveMs ?? 0) / ms));
  if (ms !== undefined) take(parent, ms * share, (child.inclusiveErrorMs ?? 0) * share);
  takeCounters(parent, child);
}

function isSharedBitmap(parent: Draft, child: Draft): boolean {
  return (
    parent.kind === 'Bitmap Heap Scan' && parent.properties['Parallel Aware'] === true && child.relationship === 'Outer'
  );
}

/**
 * A CTE's time is in its scans, in proportion to what they have left. More than they have was spent elsewhere: a data-modifying
 * CTE runs on after the main tree. Counters are whole: the scans give what they have, in order, so that the sum stays exact.
 */
function payForCte(scans: readonly Draft[], cte: Draft): void {
  let left = 0;
  for (const scan of scans) left += Math.max(0, scan.exclusiveMs ?? 0);
  const share = left > 0 ? Math.min(1, (cte.inclusiveMs ?? 0) / left) : 0;
  let buffers = cte.buffers ?? NO_BUFFERS;
  let io = cte.io ?? NO_IO;
  let wal = cte.wal ?? NO_WAL;
  for (const scan of scans) {
    if (cte.inclusiveMs !== undefined) take(scan, Math.max(0, scan.exclusiveMs ?? 0) * share, cte.inclusiveErrorMs);
    const own = { buffers: scan.exclusiveBuffers, io: scan.exclusiveIo, wal: scan.exclusiveWal };
    if (own.buffers !== undefined) {
      scan.exclusiveBuffers = subtract(own.buffers, buffers);
      buffers = subtract(buffers, own.buffers);
    }
    if (own.io !== undefined) {
      scan.exclusiveIo = subtractIo(own.io, io);
      io = subtractIo(io, own.io);
    }
    if (own.wal !== undefined) {
      scan.exclusiveWal = subtractWal(own.wal, wal);
      wal = subtractWal(wal, own.wal);
    }
  }
}

/** The first node, in order of likelihood, whose own time and buffers can hold the InitPlan's. */
function runnerOf(groups: Iterable<readonly Draft[]>, initPlan: Draft): Draft | undefined {
  let first: Draft | undefined;
  for (const candidates of groups) {
    first ??= candidates[0];
    let best: Draft | undefined;
    for (const candidate of candidates) {
      if (!holds(candidate, initPlan)) continue;
      if (best === undefined || isLikelier(candidate, best, initPlan)) best = candidate;
    }
    if (best !== undefined) return best;
  }
  return first;
}

/** Whose first row had to wait for the InitPlan; of these the first (a join starts with its outer side), else the slowest. */
function isLikelier(one: Draft, other: Draft, initPlan: Draft): boolean {
  const waited = canHaveWaited(one, initPlan);
  if (waited !== canHaveWaited(other, initPlan)) return waited;
  return waited ? one.id < other.id : (one.exclusiveMs ?? 0) > (other.exclusiveMs ?? 0);
}

function canHaveWaited(
  { startupMs, loops, processes }: Draft,
  { inclusiveMs = 0, inclusiveErrorMs = 0 }: Draft,
): boolean {
  const perLoop = (loops ?? 1) / processes;
  return startupMs !== undefined && (startupMs + ROUNDING_MS) * perLoop + inclusiveErrorMs >= inclusiveMs;
}

function holds(runner: Draft, initPlan: Draft): boolean {
  const { exclusiveMs, errorMs = 0, exclusiveBuffers } = runner;
  const { inclusiveMs, inclusiveErrorMs = 0, buffers } = initPlan;
  return (
    (inclusiveMs === undefined ||
      exclusiveMs === undefined ||
      exclusiveMs + errorMs + inclusiveErrorMs >= inclusiveMs) &&
    (buffers === undefined || exclusiveBuffers === undefined || covers(exclusiveBuffers, buffers))
  );
}

function payForInitPlan(runner: Draft, initPlan: Draft): void {
  const share = initPlan.processes / runner.processes;
  if (initPlan.inclusiveMs !== undefined)
    take(runner, initPlan.inclusiveMs * share, (initPlan.inclusiveErrorMs ?? 0) * share);
  takeCounters(runner, initPlan);
}

/** Below 0 by more than rounding explains: children overlapped, or ran in some processes only. */
function close(draft: Draft): void {
  const { exclusiveMs, errorMs } = draft;
  if (exclusiveMs === undefined || errorMs === undefined) return;
  draft.clamped = exclusiveMs < -errorMs;
  draft.exclusiveMs = Math.max(0, exclusiveMs);
}
