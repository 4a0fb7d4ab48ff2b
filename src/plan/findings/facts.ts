import type { Buffers, Plan, PlanNode } from '../model';
import { figureOf, isList, textOf } from '../raw';
import type { Hit } from './finding';

/**
 * What rules ask about a plan: the plan itself and look-ups, made once in one pass. All of them take constant time but
 * `ancestors`, which a rule should leave after a few steps: a plan may be thousands of nodes deep.
 */
export interface Facts {
  readonly plan: Plan;
  /** Pre-order, as in the plan. */
  readonly nodes: readonly PlanNode[];
  readonly node: (id: number) => PlanNode;
  /** Those of the kinds named, in pre-order: most rules are about few of thousands. */
  readonly ofKind: (...kinds: readonly string[]) => readonly PlanNode[];
  /** InitPlans, SubPlans and CTEs, in pre-order. */
  readonly subplans: readonly PlanNode[];
  readonly parent: (node: PlanNode) => PlanNode | undefined;
  readonly children: (node: PlanNode) => readonly PlanNode[];
  /** The child with that Parent Relationship ("Outer", "Inner"). */
  readonly child: (node: PlanNode, relationship: string) => PlanNode | undefined;
  /** From the parent up to the root. */
  readonly ancestors: (node: PlanNode) => Generator<PlanNode>;
  /** The LIMIT above that may stop the node early: nothing between them reads all its input before it answers. */
  readonly limit: (node: PlanNode) => PlanNode | undefined;
  /** The Append, Merge Append or ModifyTable above whose members are partitions or like them, and the node's way up to it. */
  readonly member: (node: PlanNode) => Membership | undefined;
  /** What 100 % of time is; undefined without times. */
  readonly spanMs: number | undefined;
  /** What 100 % of buffers is: blocks of tables (shared, local) and temporary files that the nodes touched; undefined without BUFFERS. */
  readonly totalBlocks: number | undefined;
}

export interface Membership {
  readonly of: number;
  /** The same for nodes of like kind in the same place below the same `of`. */
  readonly place: number;
}

export type Stake = Hit['stake'];

export function factsOf(plan: Plan): Facts {
  const { nodes } = plan;
  const node = (id: number): PlanNode => {
    const found = nodes[id];
    if (found === undefined) throw new RangeError(`No node ${id}.`);
    return found;
  };
  const limits: (number | undefined)[] = [];
  const members: (Membership | undefined)[] = [];
  const places = new Map<string, number>();
  const subplans: PlanNode[] = [];
  const kinds = new Map<string, PlanNode[]>();
  let touched: number | undefined;
  for (const each of nodes) {
    const above = each.parent === undefined ? undefined : node(each.parent);
    const alike = kinds.get(each.kind);
    if (alike === undefined) kinds.set(each.kind, [each]);
    else alike.push(each);
    if (each.subplan !== undefined || isApart(each)) subplans.push(each);
    limits.push(above === undefined || isApart(each) ? undefined : limitBelow(above, each, limits[above.id]));
    // Thousands of partitions stand in a row: all but the first have their place already.
    const last = nodes[each.id - 1];
    const isLikeLast =
      last?.parent === each.parent && last?.type === each.type && last.relationship === each.relationship;
    if (isLikeLast) members.push(members[last.id]);
    else members.push(above === undefined ? undefined : memberBelow(above, each, members[above.id], places));
    if (each.exclusiveBuffers !== undefined) touched = (touched ?? 0) + blocksOf(each.exclusiveBuffers);
  }
  const whole = nodes[0]?.buffers;
  return {
    plan,
    nodes,
    node,
    subplans,
    ofKind: (...names) => {
      const [first = [], ...others] = names.flatMap((name) => {
        const found = kinds.get(name);
        return found === undefined ? [] : [found];
      });
      return others.length === 0 ? first : nodes.filter(({ kind }) => names.includes(kind));
    },
    parent: ({ parent }) => (parent === undefined ? undefined : node(parent)),
    children: ({ children }) => children.map(node),
    child: ({ children }, relationship) => {
      const id = children.find((child) => node(child).relationship === relationship);
      return id === undefined ? undefined : node(id);
    },
    *ancestors({ parent }) {
      for (let id = parent; id !== undefined;) {
        const ancestor = node(id);
        yield ancestor;
        id = ancestor.parent;
      }
    },
    limit: ({ id }) => {
      const limit = limits[id];
      return limit === undefined ? undefined : node(limit);
    },
    member: ({ id }) => members[id],
    spanMs: plan.spanMs,
    totalBlocks:
      touched === undefined && whole === undefined
        ? undefined
        : // A data-modifying CTE runs on after the root has ended: the sum may be more than the root's.
          Math.max(touched ?? 0, whole === undefined ? 0 : blocksOf(whole)),
  };
}

/** Runs on its own account, not as its parent's input. */
function isApart({ relationship }: PlanNode): boolean {
  return relationship === 'InitPlan' || relationship === 'SubPlan';
}

function limitBelow(parent: PlanNode, child: PlanNode, limit: number | undefined): number | undefined {
  if (parent.kind === 'Limit') return parent.id;
  switch (parent.kind) {
    case 'Sort':
    case 'Hash':
    case 'ModifyTable':
    case 'Recursive Union':
    case 'BitmapAnd':
    case 'BitmapOr':
    case 'Bitmap Heap Scan':
      return undefined;
    case 'Aggregate':
    case 'SetOp':
      return textOf(parent.properties, 'Strategy') === 'Sorted' ? limit : undefined;
    case 'Hash Join':
      return child.relationship === 'Inner' ? undefined : limit;
    default:
      return limit;
  }
}

const COLLECTIONS = new Set(['Append', 'Merge Append', 'ModifyTable']);

function memberBelow(
  parent: PlanNode,
  child: PlanNode,
  membership: Membership | undefined,
  places: Map<string, number>,
): Membership | undefined {
  const of = COLLECTIONS.has(parent.kind) ? parent.id : membership?.of;
  if (of === undefined) return undefined;
  // The way is named by numbers, one for each distinct step: as text it would grow with the depth.
  const way = of === parent.id ? '' : `${membership?.place ?? ''}`;
  const key = `${of}/${way}/${child.relationship ?? ''}/${child.type}`;
  const place = places.get(key) ?? places.size;
  places.set(key, place);
  return { of, place };
}

/** Blocks of tables and temporary files: what a statement touched, cached or not. */
export function blocksOf(buffers: Buffers): number {
  return tableBlocks(buffers) + buffers.tempRead + buffers.tempWritten;
}

/** Blocks of tables and indexes: hit or read. */
export function tableBlocks(buffers: Buffers): number {
  return buffers.sharedHit + buffers.sharedRead + buffers.localHit + buffers.localRead;
}

/** A property that is text: "Filter", "Index Cond", "Sort Method". */
export function text(node: PlanNode, name: string): string | undefined {
  return textOf(node.properties, name);
}

/** A property that is a figure, as printed: most are a mean of the loops. */
export function figure(node: PlanNode, name: string): number | undefined {
  return figureOf(node.properties, name);
}

/** A property that is a list of texts: "Sort Key", "Group Key", "Output". Empty where it is absent. */
export function list(node: PlanNode, name: string): readonly string[] {
  const value = node.properties[name];
  if (typeof value === 'string') return [value];
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}

export interface Count {
  readonly rows: number;
  /** Half-width of what rounding per loop can have done. */
  readonly error: number;
}

/** "Rows Removed by …" over all loops: EXPLAIN prints the mean of the loops, rounded to a whole row. */
export function removed(node: PlanNode, name: string): Count | undefined {
  const rows = figure(node, name);
  const { loops } = node;
  if (rows === undefined || loops === undefined || loops === 0) return undefined;
  return { rows: rows * loops, error: loops > 1 ? loops / 2 : 0 };
}

/** The node's own time and blocks, or a part of them (0–1). */
export function ownStake(node: PlanNode, part = 1): Stake {
  return stake(node.exclusiveMs, node.errorMs, node.exclusiveBuffers, part);
}

/** The time and blocks of the node and all below it, or a part of them (0–1). */
export function wholeStake(node: PlanNode, part = 1): Stake {
  return stake(node.inclusiveMs, node.inclusiveErrorMs, node.buffers, part);
}

function stake(ms: number | undefined, errorMs: number | undefined, buffers: Buffers | undefined, part: number): Stake {
  const found: Sum = {};
  if (ms !== undefined) {
    found.ms = ms * part;
    found.errorMs = (errorMs ?? 0) * part;
  }
  if (buffers !== undefined) found.blocks = Math.round(blocksOf(buffers) * part);
  return found;
}

/** A stake in the making: rules may have one for each of thousands of partitions. */
export type Sum = { -readonly [Key in keyof Stake]: Stake[Key] };

/** Of two things that can be saved together. */
export function addStakes(one: Stake, other: Stake): Stake {
  const sum: Sum = {};
  addTo(sum, one);
  addTo(sum, other);
  return sum;
}

export function addTo(sum: Sum, { ms, errorMs, blocks }: Stake): void {
  if (ms !== undefined) sum.ms = (sum.ms ?? 0) + ms;
  if (errorMs !== undefined) sum.errorMs = (sum.errorMs ?? 0) + errorMs;
  if (blocks !== undefined) sum.blocks = (sum.blocks ?? 0) + blocks;
}

/** Ran, and was measured. */
export function ran(node: PlanNode): boolean {
  return node.loops !== undefined && node.loops > 0;
}
