import { figureOf, isList, isProperties } from '../raw';
import { figure, type Facts } from './facts';

/**
 * What JIT took of the wall time. EXPLAIN's JIT section is the sum of the leader and all workers (explain.c,
 * ExplainPrintJITSummary), which compile at the same time: where the workers are listed (VERBOSE), the slowest process counts,
 * else the mean.
 */
export function jitWallMs({ plan, nodes }: Facts): number | undefined {
  const total = plan.jit?.totalMs;
  if (total === undefined) return undefined;
  let [ofWorkers, slowest, launched] = [0, 0, 0];
  for (const node of nodes) {
    launched += figure(node, 'Workers Launched') ?? 0;
    const workers = node.properties['Workers'];
    if (!isList(workers)) continue;
    for (const worker of workers) {
      const jit = isProperties(worker) ? worker['JIT'] : undefined;
      const timing = isProperties(jit) ? jit['Timing'] : undefined;
      // From 17 on a part may be a group of its own, the total is not.
      const ms = isProperties(timing) ? (figureOf(timing, 'Total') ?? 0) : 0;
      ofWorkers += ms;
      slowest = Math.max(slowest, ms);
    }
  }
  return ofWorkers > 0 ? Math.max(slowest, total - ofWorkers) : total / (launched + 1);
}
