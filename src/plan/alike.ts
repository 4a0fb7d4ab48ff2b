import type { Buffers, Plan, PlanNode } from './model';

/**
 * Sibling subtrees of one shape: the partitions of a table, each read in the same way. The views show them as one row.
 * What they read may differ; how they read it may not. Named subplans are never grouped: each does its own thing.
 */
export interface Alike {
  /** Ids of the subtrees' roots, at least FEWEST, in the order of the plan. They need not stand side by side. */
  readonly members: readonly number[];
}

/** Fewer are shown one by one. */
const FEWEST = 5;

/** The groups by their first member's id. A group may stand inside the members of another. */
export function alikeOf(plan: Plan): ReadonlyMap<number, Alike> {
  const groups = new Map<number, Alike>();
  const shapes = shapesOf(plan);
  for (const { children } of plan.nodes) {
    if (children.length < FEWEST) continue;
    const byShape = new Map<number, number[]>();
    for (const id of children) {
      const shape = shapes[id];
      if (shape === undefined || plan.nodes[id]?.subplan !== undefined) continue;
      const members = byShape.get(shape);
      if (members === undefined) byShape.set(shape, [id]);
      else members.push(id);
    }
    for (const members of byShape.values()) {
      const [first] = members;
      if (first !== undefined && members.length >= FEWEST) groups.set(first, { members });
    }
  }
  return groups;
}

/** By node id: a number that is equal for subtrees of the same types and relationships, all the way down. */
function shapesOf(plan: Plan): readonly number[] {
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  };
  const shapes = Array.from(plan.nodes, () => 0);
  // From the end: in pre-order, children come after their parent.
  for (let id = plan.nodes.length - 1; id >= 0; id--) {
    const node = plan.nodes[id];
    if (node === undefined) continue;
    // The two kinds of key begin differently: a type may hold any text.
    const head = numberOf(`type ${node.relationship ?? ''} ${node.type}`);
    shapes[id] = numberOf(`${head} ${node.children.map((child) => shapes[child]).join(' ')}`);
  }
  return shapes;
}

/** A group in one row. Figures that no member has are undefined. Times and buffers are the statement's, not an average. */
export interface AlikeTotals {
  readonly count: number;
  readonly neverExecuted: number;
  /** What the names of the relations have in common: "orders_2024_*". Undefined where they have nothing. */
  readonly pattern: string | undefined;
  /** Of all loops. */
  readonly rows: number | undefined;
  /** Estimated, × loops where they are known. Never executed members count nothing. */
  readonly planRows: number | undefined;
  readonly totalCost: number | undefined;
  /** Of the members with all that is below them. */
  readonly inclusiveMs: number | undefined;
  readonly inclusiveErrorMs: number | undefined;
  /** Of the members' roots alone. */
  readonly exclusiveMs: number | undefined;
  readonly errorMs: number | undefined;
  readonly buffers: Buffers | undefined;
  readonly exclusiveBuffers: Buffers | undefined;
}

export function alikeTotals(plan: Plan, { members }: Alike): AlikeTotals {
  const nodes = members.flatMap((id) => plan.nodes[id] ?? []);
  const total = (figure: (node: PlanNode) => number | undefined): number | undefined => sum(nodes.map(figure));
  return {
    count: nodes.length,
    neverExecuted: nodes.filter((node) => node.neverExecuted).length,
    pattern: commonName(nodes.flatMap((node) => nameOf(plan, node) ?? [])),
    rows: total((node) => node.totalRows),
    planRows: total((node) =>
      node.planRows === undefined || node.neverExecuted ? undefined : node.planRows * (node.loops ?? 1),
    ),
    totalCost: total((node) => node.totalCost),
    inclusiveMs: total((node) => node.inclusiveMs),
    inclusiveErrorMs: total((node) => node.inclusiveErrorMs),
    exclusiveMs: total((node) => node.exclusiveMs),
    errorMs: total((node) => node.errorMs),
    buffers: sumBuffers(nodes.map((node) => node.buffers)),
    exclusiveBuffers: sumBuffers(nodes.map((node) => node.exclusiveBuffers)),
  };
}

/** What a member reads: the relation at or below its root, down the first children; else the index. */
function nameOf(plan: Plan, root: PlanNode): string | undefined {
  let index: string | undefined;
  for (let node: PlanNode | undefined = root; node !== undefined; node = plan.nodes[node.children[0] ?? -1]) {
    if (node.relation !== undefined) return node.relation;
    index ??= node.index;
  }
  return index;
}

/**
 * "orders_2024_*" of orders_2024_01 … orders_2024_12: the beginning and the end that all share, without parts of words and
 * numbers. The name itself where all are equal; undefined where nothing is shared.
 */
export function commonName(names: readonly string[]): string | undefined {
  const [first] = names;
  if (first === undefined) return undefined;
  let prefix = first.length;
  let suffix = first.length;
  let shortest = first.length;
  for (const name of names) {
    shortest = Math.min(shortest, name.length);
    let same = 0;
    while (same < prefix && name[same] === first[same]) same++;
    prefix = same;
    same = 0;
    while (same < suffix && name[name.length - 1 - same] === first[first.length - 1 - same]) same++;
    suffix = same;
  }
  if (prefix === first.length && names.every((name) => name.length === prefix)) return first;
  while (prefix > 0 && names.some((name) => isInside(name, prefix))) prefix--;
  suffix = Math.min(suffix, shortest - prefix);
  while (suffix > 0 && names.some((name) => isInside(name, name.length - suffix))) suffix--;
  return prefix + suffix === 0 ? undefined : `${first.slice(0, prefix)}*${first.slice(first.length - suffix)}`;
}

/** A cut here would divide a word, a number or a character of two units. */
function isInside(name: string, at: number): boolean {
  const pair = name.slice(at - 1, at + 1);
  return /^(?:\d\d|\p{L}\p{L}|[\ud800-\udbff][\udc00-\udfff])$/u.test(pair) || /^[\ud800-\udbff]/.test(pair);
}

function sum(figures: readonly (number | undefined)[]): number | undefined {
  let total: number | undefined;
  for (const figure of figures) if (figure !== undefined) total = (total ?? 0) + figure;
  return total;
}

function sumBuffers(all: readonly (Buffers | undefined)[]): Buffers | undefined {
  const of = (field: keyof Buffers): number => sum(all.map((buffers) => buffers?.[field])) ?? 0;
  if (all.every((buffers) => buffers === undefined)) return undefined;
  return {
    sharedHit: of('sharedHit'),
    sharedRead: of('sharedRead'),
    sharedDirtied: of('sharedDirtied'),
    sharedWritten: of('sharedWritten'),
    localHit: of('localHit'),
    localRead: of('localRead'),
    localDirtied: of('localDirtied'),
    localWritten: of('localWritten'),
    tempRead: of('tempRead'),
    tempWritten: of('tempWritten'),
  };
}
