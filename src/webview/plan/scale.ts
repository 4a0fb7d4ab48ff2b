/** What the bars and words of a plan are measured by. */
import { type Plan, type PlanNode, sharedBuffers } from '../../plan/model';
import { formatFactor } from '../../plan/words';

export interface Costliest {
  /** Most time in the node alone; `undefined` where the plan has no times, or a single node. */
  readonly time: number | undefined;
  /** Most shared buffers in the node alone. */
  readonly buffers: number | undefined;
  /** Its row estimate is farthest off, by FAR_OFF at least; of equals the lowest, where the error began. */
  readonly estimate: number | undefined;
}

export interface Scale {
  readonly costliest: Costliest;
  /** The largest figure of any node alone, for bars; 0 where there is none. */
  readonly mostMs: number;
  readonly mostBuffers: number;
  /** Of the whole plan: what a share is a share of. */
  readonly allMs: number;
  readonly allBuffers: number;
  readonly hasTime: boolean;
  readonly hasBuffers: boolean;
  readonly hasCost: boolean;
  readonly hasLoops: boolean;
  readonly hasMisestimate: boolean;
  readonly deepest: number;
}

export function exclusiveShared(node: PlanNode): number | undefined {
  return node.exclusiveBuffers === undefined ? undefined : sharedBuffers(node.exclusiveBuffers);
}

export function scaleOf(plan: Plan): Scale {
  const { nodes } = plan;
  const [root] = nodes;
  const time = largest(nodes, (node) => node.exclusiveMs);
  const buffers = largest(nodes, exclusiveShared);
  const estimate = largest(nodes, (node) => node.estimateFactor, true);
  const several = nodes.length > 1;
  return {
    costliest: {
      time: several ? time.id : undefined,
      buffers: several ? buffers.id : undefined,
      estimate: estimate.value >= FAR_OFF ? estimate.id : undefined,
    },
    mostMs: time.value,
    mostBuffers: buffers.value,
    allMs: plan.spanMs ?? root?.inclusiveMs ?? 0,
    allBuffers: root?.buffers === undefined ? 0 : sharedBuffers(root.buffers),
    hasTime: nodes.some((node) => node.exclusiveMs !== undefined),
    hasBuffers: nodes.some((node) => node.exclusiveBuffers !== undefined),
    hasCost: nodes.some((node) => node.totalCost !== undefined),
    hasLoops: nodes.some(({ loops }) => loops !== undefined && loops > 1),
    hasMisestimate: nodes.some((node) => misestimate(node) !== undefined),
    deepest: nodes.reduce((deepest, { depth }) => Math.max(deepest, depth), 1),
  };
}

function largest(
  nodes: readonly PlanNode[],
  figure: (node: PlanNode) => number | undefined,
  last = false,
): { id: number | undefined; value: number } {
  let id: number | undefined;
  let value = 0;
  for (const node of nodes) {
    const own = figure(node) ?? 0;
    if (own > value || (last && own === value && own > 0)) {
      id = node.id;
      value = own;
    }
  }
  return { id, value };
}

/** A node that is worth a look, and why. */
export interface Worst {
  readonly id: number;
  /** "most time". */
  readonly why: string;
}

/** Where "Worst node" leads, one press after the other; each node once. */
export function worstNodes({ costliest }: Scale): readonly Worst[] {
  const reasons = [
    { id: costliest.time, why: 'most time' },
    { id: costliest.buffers, why: 'most buffers' },
    { id: costliest.estimate, why: 'estimate farthest off' },
  ];
  const found = new Map<number, string>();
  for (const { id, why } of reasons) {
    if (id !== undefined) found.set(id, found.has(id) ? `${found.get(id) ?? ''}, ${why}` : why);
  }
  return Array.from(found, ([id, why]) => ({ id, why }));
}

/** From here on an estimate is far enough off to be worth a word. */
const FAR_OFF = 10;

/** "24 × more": how the measured rows differ from the estimate; `undefined` where they do not by much. */
export function misestimate(node: PlanNode): string | undefined {
  const { estimateFactor, estimateIsBound, rows, planRows } = node;
  if (estimateFactor === undefined || estimateFactor < FAR_OFF || rows === undefined || planRows === undefined) {
    return undefined;
  }
  return `${estimateIsBound ? '≥ ' : ''}${formatFactor(estimateFactor)} ${rows > planRows ? 'more' : 'fewer'}`;
}

/** Estimated rows of all loops, which is what `totalRows` is compared with. */
export function estimatedRows(node: PlanNode): number | undefined {
  return node.planRows === undefined ? undefined : node.planRows * Math.max(1, node.loops ?? 1);
}

/** "42 %", "0.3 %"; empty where it would say nothing. */
export function share(part: number | undefined, whole: number): string {
  if (part === undefined || whole <= 0) return '';
  const percent = (100 * part) / whole;
  if (percent < 0.05) return '';
  return `${percent < 0.95 ? percent.toFixed(1) : Math.min(100, percent).toFixed(0)} %`;
}
