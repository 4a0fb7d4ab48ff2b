import type { Plan, PlanNode } from '../model';
import { figureOf } from '../raw';
import { formatMs } from '../words';
import type { Figure } from './comparison';

/** What a difference of time comes from that stands outside the node tree, whose blocks no node counts: triggers and JIT. */

/** As much of the difference of time must be explained. */
const LEAST_PART = 0.5;

/** "trigger for constraint lines_order_id_fkey 120 ms → 0.3 ms", "JIT none → 80 ms"; undefined where it is something else. */
export function outsideWords(
  before: Plan,
  after: Plan,
  { before: from = 0, after: to = 0 }: Figure,
): string | undefined {
  const [mine, others] = [outsideOf(before), outsideOf(after)];
  let found: { words: string; part: number } | undefined;
  for (const name of new Set([...mine.keys(), ...others.keys()])) {
    const [a, b] = [mine.get(name), others.get(name)];
    const part = ((b ?? 0) - (a ?? 0)) / (to - from);
    if (part < LEAST_PART || part <= (found?.part ?? 0)) continue;
    found = {
      words: `${name} ${a === undefined ? 'none' : formatMs(a)} → ${b === undefined ? 'none' : formatMs(b)}`,
      part,
    };
  }
  return found?.words;
}

function outsideOf(plan: Plan): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { constraint, name, ms } of plan.triggers) {
    if (ms === undefined) continue;
    const called = constraint === undefined ? `trigger ${name ?? ''}`.trim() : `trigger for constraint ${constraint}`;
    times.set(called, (times.get(called) ?? 0) + ms);
  }
  const jit = plan.jit?.totalMs;
  if (jit !== undefined) times.set('JIT', jit / (1 + workers(plan.nodes)));
  return times;
}

/** The leader and the workers compile at the same time, and EXPLAIN prints the sum. */
function workers(nodes: readonly PlanNode[]): number {
  let launched = 0;
  for (const { properties } of nodes) launched += figureOf(properties, 'Workers Launched') ?? 0;
  return launched;
}
