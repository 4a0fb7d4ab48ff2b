import { buffersOf, common, covers, NO_BUFFERS, subtract } from './buffers';
import type { Buffers } from './model';
import { processesOf } from './processes';
import { figureOf } from './raw';
import { childrenOf, isCte, isGather, isInitPlan, type Step, type Steps } from './steps';
import { initPlansOf, runnersOf, scansOfCtes } from './subplans';

/** What a node took: with all below it, and alone. */
export interface Spent {
  readonly inclusiveMs: number | undefined;
  readonly exclusiveMs: number | undefined;
  readonly errorMs: number | undefined;
  readonly clamped: boolean;
  readonly buffers: Buffers | undefined;
  readonly exclusiveBuffers: Buffers | undefined;
}

/** EXPLAIN rounds a time to 0.001 ms; its error is multiplied by the loops. */
const ROUNDING_MS = 0.0005;

/** What is left of a node's figures while the work of others is taken off. May fall below 0 by rounding. */
interface Account {
  readonly step: Step;
  readonly processes: number;
  /** Sum over the processes. */
  readonly processMs: number | undefined;
  readonly processErrorMs: number;
  readonly inclusiveMs: number | undefined;
  readonly buffers: Buffers | undefined;
  ownMs: number;
  errorMs: number;
  ownBuffers: Buffers;
}

/** Step 4: inclusive and exclusive time and buffers of each step. */
export function spentOf(steps: Steps): readonly Spent[] {
  const processes = processesOf(steps);
  const accounts = steps.map((step) => accountOf(step, processes[step.id] ?? 1));
  const accountAt = (step: Step): Account => accounts[step.id] ?? accountOf(step, 1);
  for (const account of accounts) {
    for (const child of childrenOf(steps, account.step)) {
      if (!isCte(child) && !isInitPlan(child)) payForChild(account, accountAt(child));
    }
  }
  for (const [cte, scans] of scansOfCtes(steps)) payForCte(scans.map(accountAt), accountAt(cte));
  // The largest first: they fit in the fewest places.
  const initPlans = initPlansOf(steps).map(accountAt);
  for (const initPlan of initPlans.sort((a, b) => (b.inclusiveMs ?? 0) - (a.inclusiveMs ?? 0))) {
    const runner = runnerOf(steps, initPlan, accountAt);
    if (runner !== undefined) payForInitPlan(runner, initPlan);
  }
  return accounts.map(close);
}

function accountOf(step: Step, processes: number): Account {
  const perLoop = step.neverExecuted ? undefined : figureOf(step.properties, 'Actual Total Time');
  const loops = step.loops ?? 1;
  const processMs = perLoop === undefined ? undefined : perLoop * loops;
  const inclusiveMs = processMs === undefined ? undefined : processMs / processes;
  const buffers = buffersOf(step.properties);
  return {
    step,
    processes,
    processMs,
    processErrorMs: ROUNDING_MS * loops,
    inclusiveMs,
    buffers,
    ownMs: inclusiveMs ?? 0,
    errorMs: (ROUNDING_MS * loops) / processes,
    ownBuffers: buffers ?? NO_BUFFERS,
  };
}

/**
 * A parent's share of its child's time: what the child took in all processes, over the parent's processes, so that a child that
 * one process ran alone is not charged to all. A Gather waits while its child runs: the child's wall time.
 */
function payForChild(parent: Account, child: Account): void {
  const processes = isGather(parent.step) && child.step.relationship === 'Outer' ? child.processes : parent.processes;
  if (child.processMs !== undefined) {
    parent.ownMs -= child.processMs / processes;
    parent.errorMs += child.processErrorMs / processes;
  }
  if (child.buffers !== undefined) parent.ownBuffers = subtract(parent.ownBuffers, child.buffers);
}

/**
 * A CTE's time is in its scans, in proportion to what they have left. More than they have was spent elsewhere: a data-modifying
 * CTE runs on after the main tree. Buffers are whole: the scans give what they have, in order, so that the sum stays exact.
 */
function payForCte(scans: readonly Account[], cte: Account): void {
  const left = scans.reduce((sum, scan) => sum + Math.max(0, scan.ownMs), 0);
  const share = left > 0 ? Math.min(1, (cte.inclusiveMs ?? 0) / left) : 0;
  let due = cte.buffers ?? NO_BUFFERS;
  for (const scan of scans) {
    const paid = Math.max(0, scan.ownMs) * share;
    scan.ownMs -= paid;
    if (cte.inclusiveMs !== undefined) scan.errorMs += cte.errorMs;
    const given = common(scan.ownBuffers, due);
    scan.ownBuffers = subtract(scan.ownBuffers, given);
    due = subtract(due, given);
  }
}

/** The first node, in order of likelihood, whose own time and buffers can hold the InitPlan's. */
function runnerOf(steps: Steps, initPlan: Account, accountAt: (step: Step) => Account): Account | undefined {
  const holds = (account: Account): boolean =>
    (initPlan.inclusiveMs === undefined ||
      account.inclusiveMs === undefined ||
      account.ownMs + account.errorMs + initPlan.errorMs >= initPlan.inclusiveMs) &&
    (initPlan.buffers === undefined || account.buffers === undefined || covers(account.ownBuffers, initPlan.buffers));
  let first: Account | undefined;
  for (const candidates of runnersOf(steps, initPlan.step)) {
    const accounts = candidates.map(accountAt);
    first ??= accounts[0];
    const able = accounts.filter(holds);
    if (able.length > 0) return able.reduce((best, account) => (account.ownMs > best.ownMs ? account : best));
  }
  return first;
}

function payForInitPlan(runner: Account, initPlan: Account): void {
  if (initPlan.processMs !== undefined) {
    runner.ownMs -= initPlan.processMs / runner.processes;
    runner.errorMs += initPlan.processErrorMs / runner.processes;
  }
  if (initPlan.buffers !== undefined) runner.ownBuffers = subtract(runner.ownBuffers, initPlan.buffers);
}

function close({ inclusiveMs, ownMs, errorMs, buffers, ownBuffers }: Account): Spent {
  const timed = inclusiveMs !== undefined;
  return {
    inclusiveMs,
    exclusiveMs: timed ? Math.max(0, ownMs) : undefined,
    errorMs: timed ? errorMs : undefined,
    clamped: timed && ownMs < -errorMs,
    buffers,
    exclusiveBuffers: buffers === undefined ? undefined : ownBuffers,
  };
}
