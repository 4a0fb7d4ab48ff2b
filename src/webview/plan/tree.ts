/** The plan as a list of rows that can be folded and walked; no DOM. */
import { type Plan, type PlanNode, sharedBuffers } from '../../plan/model';
import { formatFactor } from '../../plan/words';

/** Ids of the nodes in sight, from the top: all but those under a folded one. */
export function rowsOf(nodes: readonly PlanNode[], folded: ReadonlySet<number>): readonly number[] {
  const rows: number[] = [];
  let hiddenBelow = Infinity;
  for (const node of nodes) {
    if (node.depth > hiddenBelow) {
      continue;
    }
    hiddenBelow = folded.has(node.id) && node.children.length > 0 ? node.depth : Infinity;
    rows.push(node.id);
  }
  return rows;
}

/** What must unfold so that `id` is in sight. */
export function unfoldedFor(id: number, nodes: readonly PlanNode[], folded: ReadonlySet<number>): ReadonlySet<number> {
  const open = new Set(folded);
  for (let above = nodes[id]?.parent; above !== undefined; above = nodes[above]?.parent) {
    open.delete(above);
  }
  return open;
}

export interface Walk {
  readonly selected: number;
  readonly folded: ReadonlySet<number>;
}

/**
 * One key, as in the ARIA treegrid pattern with the focus on rows: Right unfolds, then goes to the first child;
 * Left folds, then goes to the parent. `undefined` if the key means nothing here.
 */
export function walk(at: Walk, key: string, nodes: readonly PlanNode[], page: number): Walk | undefined {
  const node = nodes[at.selected];
  const rows = rowsOf(nodes, at.folded);
  const row = rows.indexOf(at.selected);
  if (node === undefined || row < 0) {
    const first = rows[0];
    return first === undefined ? undefined : { ...at, selected: first };
  }
  const goTo = (to: number): Walk => ({
    ...at,
    selected: rows[Math.max(0, Math.min(to, rows.length - 1))] ?? at.selected,
  });
  const isFolded = at.folded.has(node.id);
  switch (key) {
    case 'ArrowDown':
      return goTo(row + 1);
    case 'ArrowUp':
      return goTo(row - 1);
    case 'PageDown':
      return goTo(row + page);
    case 'PageUp':
      return goTo(row - page);
    case 'Home':
      return goTo(0);
    case 'End':
      return goTo(rows.length - 1);
    case 'ArrowRight':
      if (node.children.length === 0) {
        return at;
      }
      return isFolded ? toggled(at, node.id) : goTo(row + 1);
    case 'ArrowLeft':
      if (node.children.length > 0 && !isFolded) {
        return toggled(at, node.id);
      }
      return { ...at, selected: node.parent ?? at.selected };
    case 'Enter':
    case ' ':
      return node.children.length > 0 ? toggled(at, node.id) : at;
    default:
      return undefined;
  }
}

/** Folds or unfolds; a selection that would be out of sight moves to the folded node. */
export function toggle(at: Walk, id: number, nodes: readonly PlanNode[]): Walk {
  const next = toggled(at, id);
  return rowsOf(nodes, next.folded).includes(at.selected) ? next : { ...next, selected: id };
}

function toggled(at: Walk, id: number): Walk {
  const folded = new Set(at.folded);
  if (!folded.delete(id)) {
    folded.add(id);
  }
  return { ...at, folded };
}

export interface Costliest {
  /** Most time in the node alone; `undefined` where the plan has no times, or a single node. */
  readonly time: number | undefined;
  /** Most shared buffers in the node alone. */
  readonly buffers: number | undefined;
}

export interface Scale {
  readonly costliest: Costliest;
  /** The largest figure of any node, for bars; 0 where there is none. */
  readonly mostMs: number;
  readonly mostBuffers: number;
  readonly hasTime: boolean;
  readonly hasBuffers: boolean;
  readonly hasCost: boolean;
}

export function exclusiveShared(node: PlanNode): number | undefined {
  return node.exclusiveBuffers === undefined ? undefined : sharedBuffers(node.exclusiveBuffers);
}

export function scaleOf(plan: Plan): Scale {
  const time = largest(plan.nodes, (node) => node.exclusiveMs);
  const buffers = largest(plan.nodes, exclusiveShared);
  const several = plan.nodes.length > 1;
  return {
    costliest: { time: several ? time.id : undefined, buffers: several ? buffers.id : undefined },
    mostMs: time.value,
    mostBuffers: buffers.value,
    hasTime: plan.nodes.some((node) => node.exclusiveMs !== undefined),
    hasBuffers: plan.nodes.some((node) => node.exclusiveBuffers !== undefined),
    hasCost: plan.nodes.some((node) => node.totalCost !== undefined),
  };
}

function largest(
  nodes: readonly PlanNode[],
  figure: (node: PlanNode) => number | undefined,
): { id: number | undefined; value: number } {
  let id: number | undefined;
  let value = 0;
  for (const node of nodes) {
    const own = figure(node) ?? 0;
    if (own > value) {
      id = node.id;
      value = own;
    }
  }
  return { id, value };
}

/** From here on an estimate is far enough off to be worth a word. */
const FAR_OFF = 10;

/** "24 × more": how the measured rows differ from the estimate; `undefined` where they do not by much. */
export function misestimate(node: PlanNode): string | undefined {
  const { estimateFactor, rows, planRows } = node;
  if (estimateFactor === undefined || estimateFactor < FAR_OFF || rows === undefined || planRows === undefined) {
    return undefined;
  }
  return `${formatFactor(estimateFactor)} ${rows > planRows ? 'more' : 'fewer'}`;
}

/** Estimated rows of all loops, which is what `totalRows` is compared with. */
export function estimatedRows(node: PlanNode): number | undefined {
  return node.planRows === undefined ? undefined : node.planRows * Math.max(1, node.loops ?? 1);
}
