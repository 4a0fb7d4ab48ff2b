import type { Draft } from './draft';
import { figureOf, isList, isProperties } from './raw';
import { isGather } from './tree';

/**
 * Step 2: how many processes ran each node, on average over the loops of its Gather; 1 outside a Gather.
 *
 * Under a Gather, EXPLAIN's loops are the sum over the processes (workers and leader) and its time is the mean of one loop, so
 * wall time is time × loops ÷ processes. What one process did alone (a part of a Parallel Append that is not partial, the
 * bitmap's index scan) has fewer loops than there are processes; with VERBOSE, EXPLAIN lists the workers that ran a node.
 *
 * Sets `processes`.
 * @returns by id: the Gather that a node is under, if any
 */
export function setProcesses(drafts: readonly Draft[]): readonly (Gather | undefined)[] {
  const gathers: (Gather | undefined)[] = [];
  /** Of each Gather that is open above the node at hand, by its id: its children share it. */
  const made = new Map<number, Gather>();
  for (const draft of drafts) {
    const parent = draft.parent === undefined ? undefined : drafts[draft.parent];
    if (parent === undefined) {
      gathers.push(undefined);
      continue;
    }
    let under = gathers[parent.id];
    const startsHere = isGather(parent) && draft.relationship === 'Outer';
    if (startsHere) {
      under = made.get(parent.id) ?? gatherOf(drafts, parent);
      made.set(parent.id, under);
    }
    gathers.push(under);
    if (under === undefined) continue;
    const most = startsHere ? under.processes : parent.processes;
    const ran = under.listsWorkers ? listed(draft) : (draft.loops ?? 0) / under.loops;
    draft.processes = Math.min(most, Math.max(1, ran));
  }
  return gathers;
}

export interface Gather {
  readonly id: number;
  readonly loops: number;
  /** Workers launched and the leader. */
  readonly processes: number;
  /** VERBOSE: each node says which workers ran it. */
  readonly listsWorkers: boolean;
}

function gatherOf(drafts: readonly Draft[], { id, loops, children, properties }: Draft): Gather {
  const alone = properties['Single Copy'] === true;
  return {
    id,
    loops: Math.max(1, loops ?? 1),
    processes: alone ? 1 : (figureOf(properties, 'Workers Launched') ?? 0) + 1,
    listsWorkers: children.some((place) => {
      const child = drafts[place];
      return child?.relationship === 'Outer' && workersOf(child).count > 0;
    }),
  };
}

/** The workers that ran the node, and their loops (VERBOSE). */
function workersOf({ properties }: Draft): { readonly count: number; readonly loops: number } {
  const workers = properties['Workers'];
  let count = 0;
  let sum = 0;
  if (!isList(workers)) return { count, loops: sum };
  for (const worker of workers) {
    const loops = isProperties(worker) ? (figureOf(worker, 'Actual Loops') ?? 0) : 0;
    if (loops === 0) continue;
    count++;
    sum += loops;
  }
  return { count, loops: sum };
}

function listed(draft: Draft): number {
  const workers = workersOf(draft);
  const byLeader = (draft.loops ?? 0) - workers.loops;
  return workers.count + (byLeader > 0 ? 1 : 0);
}
