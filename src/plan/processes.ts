import { figureOf, isList, isProperties } from './raw';
import { childrenOf, isGather, stepAt, type Step, type Steps } from './steps';

/**
 * Step 2: how many processes ran each node, on average over the loops of its Gather; 1 outside a Gather.
 *
 * Under a Gather, EXPLAIN's loops are the sum over the processes (workers and leader) and its time is the mean of one loop, so
 * wall time is time × loops ÷ processes. What one process did alone (a part of a Parallel Append that is not partial, the
 * bitmap's index scan) has fewer loops than there are processes; with VERBOSE, EXPLAIN lists the workers that ran a node.
 */
export function processesOf(steps: Steps): readonly number[] {
  const processes: number[] = [];
  /** By step: the Gather it is under, if any. */
  const gathers: (Gather | undefined)[] = [];
  for (const step of steps) {
    const parent = step.parent === undefined ? undefined : stepAt(steps, step.parent);
    const under =
      parent === undefined
        ? undefined
        : isGather(parent) && step.relationship === 'Outer'
          ? gatherOf(steps, parent)
          : gathers[parent.id];
    gathers.push(under);
    if (under === undefined || parent === undefined) {
      processes.push(1);
      continue;
    }
    const most = isGather(parent) ? under.processes : (processes[parent.id] ?? 1);
    const ran = under.listsWorkers ? listed(step) : (step.loops ?? 0) / under.loops;
    processes.push(Math.min(most, Math.max(1, ran)));
  }
  return processes;
}

interface Gather {
  readonly loops: number;
  /** Workers launched and the leader. */
  readonly processes: number;
  /** VERBOSE: each node says which workers ran it. */
  readonly listsWorkers: boolean;
}

function gatherOf(steps: Steps, step: Step): Gather {
  const alone = step.properties.get('Single Copy') === true;
  return {
    loops: Math.max(1, step.loops ?? 1),
    processes: alone ? 1 : (figureOf(step.properties, 'Workers Launched') ?? 0) + 1,
    listsWorkers: childrenOf(steps, step).some(
      (child) => child.relationship === 'Outer' && workerLoops(child).length > 0,
    ),
  };
}

/** The loops of each worker that ran the node (VERBOSE). */
function workerLoops(step: Step): number[] {
  const workers = step.properties.get('Workers');
  if (!isList(workers)) return [];
  return workers
    .filter(isProperties)
    .map((worker) => figureOf(worker, 'Actual Loops') ?? 0)
    .filter((loops) => loops > 0);
}

function listed(step: Step): number {
  const workers = workerLoops(step);
  const byLeader = (step.loops ?? 0) - workers.reduce((sum, loops) => sum + loops, 0);
  return workers.length + (byLeader > 0 ? 1 : 0);
}
