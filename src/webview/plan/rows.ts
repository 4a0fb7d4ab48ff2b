/** A tree as a list of rows that can be folded and walked by keys; no DOM, no recursion. */
import type { Alike } from '../../plan/alike';
import type { PlanNode } from '../../plan/model';

export interface Row {
  /** What is selected and folded: unique in the list. */
  readonly key: number;
  readonly depth: number;
  /** Among its siblings in sight, from 1, and how many they are. */
  readonly position: number;
  readonly size: number;
  /** Undefined where there is nothing to unfold. */
  readonly expanded: boolean | undefined;
}

/** A node, or a group of alike nodes: then `id` is the first member's. */
export interface PlanRow extends Row {
  readonly id: number;
  readonly group: Alike | undefined;
}

/** The key of the row that stands for a group of alike nodes; a node's key is its id. */
export function groupKey(first: number): number {
  return -1 - first;
}

/** The node that a row is about: of a group, the first member. */
export function nodeOfKey(key: number): number {
  return key < 0 ? groupKey(key) : key;
}

export interface Folding {
  /** Ids of the nodes whose children are hidden. */
  readonly folded: ReadonlySet<number>;
  /** First ids of the groups that are shown member by member. */
  readonly openGroups: ReadonlySet<number>;
}

/** A plan's tree, with what must be known of it to list its rows. */
export interface Tree {
  readonly nodes: readonly PlanNode[];
  readonly alike: ReadonlyMap<number, Alike>;
  /** The first member of the group that a node is in. */
  readonly groupOf: ReadonlyMap<number, number>;
}

export function treeOf(nodes: readonly PlanNode[], alike: ReadonlyMap<number, Alike>): Tree {
  const groupOf = new Map<number, number>();
  for (const [first, { members }] of alike) for (const id of members) groupOf.set(id, first);
  return { nodes, alike, groupOf };
}

/** The rows in sight, from the top. Members of a group stand together, under its row. */
export function rowsOf(tree: Tree, { folded, openGroups }: Folding): readonly PlanRow[] {
  const rows: PlanRow[] = [];
  const pending: { readonly key: number; readonly depth: number; readonly position: number; readonly size: number }[] =
    [];
  const add = (keys: readonly number[], depth: number): void => {
    for (let at = keys.length - 1; at >= 0; at--) {
      const key = keys[at];
      if (key !== undefined) pending.push({ key, depth, position: at + 1, size: keys.length });
    }
  };
  if (tree.nodes.length > 0) add([0], 0);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const id = nodeOfKey(next.key);
    const group = next.key < 0 ? tree.alike.get(id) : undefined;
    const below = group?.members ?? tree.nodes[id]?.children ?? [];
    const expanded = group === undefined ? !folded.has(id) : openGroups.has(id);
    rows.push({ ...next, id, group, expanded: below.length === 0 ? undefined : expanded });
    if (expanded) add(group === undefined ? grouped(tree, below) : below, next.depth + 1);
  }
  return rows;
}

/** Keys of siblings, each group's in the place of its first member. */
function grouped({ groupOf }: Tree, ids: readonly number[]): readonly number[] {
  const keys: number[] = [];
  for (const id of ids) {
    const first = groupOf.get(id);
    if (first === undefined) keys.push(id);
    else if (first === id) keys.push(groupKey(first));
  }
  return keys;
}

/** The row of each key. */
export function placesOf(rows: readonly Row[]): ReadonlyMap<number, number> {
  return new Map(rows.map((row, place) => [row.key, place]));
}

/** The row that shows `key`: its own, or that of what hides it; -1 if there is none. */
export function rowShowing(tree: Tree, places: ReadonlyMap<number, number>, key: number): number {
  for (let at: number | undefined = key; at !== undefined; at = above(tree, at)) {
    const place = places.get(at);
    if (place !== undefined) return place;
  }
  return -1;
}

function above({ nodes, groupOf }: Tree, key: number): number | undefined {
  const first = key < 0 ? undefined : groupOf.get(key);
  return first === undefined ? nodes[nodeOfKey(key)]?.parent : groupKey(first);
}

/** What must unfold so that `id` is in sight. */
export function unfoldedFor(tree: Tree, id: number, folding: Folding): Folding {
  const folded = new Set(folding.folded);
  const openGroups = new Set(folding.openGroups);
  for (let at = above(tree, id); at !== undefined; at = above(tree, at)) {
    if (at < 0) openGroups.add(nodeOfKey(at));
    else folded.delete(at);
  }
  return { folded, openGroups };
}

/** Unfolds or folds what a row's key stands for. */
export function toggled({ folded, openGroups }: Folding, key: number): Folding {
  return key < 0
    ? { folded, openGroups: flipped(openGroups, nodeOfKey(key)) }
    : { folded: flipped(folded, key), openGroups };
}

export function flipped(set: ReadonlySet<number>, member: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(member)) next.add(member);
  return next;
}

/** Rows of a list that knows only depths; `folded` holds places in it. */
export function rowsByDepth(depths: readonly number[], folded: ReadonlySet<number>): readonly Row[] {
  const parents: number[] = [];
  const siblings = new Map<number, number>();
  const position: number[] = [];
  const path: number[] = [];
  for (const [place, depth] of depths.entries()) {
    while (path.length > 0 && (depths[path.at(-1) ?? 0] ?? 0) >= depth) path.pop();
    const parent = path.at(-1) ?? -1;
    parents.push(parent);
    const count = (siblings.get(parent) ?? 0) + 1;
    siblings.set(parent, count);
    position.push(count);
    path.push(place);
  }
  const rows: Row[] = [];
  let hiddenBelow = Infinity;
  for (const [place, depth] of depths.entries()) {
    if (depth > hiddenBelow) continue;
    const isFolded = folded.has(place);
    hiddenBelow = isFolded ? depth : Infinity;
    rows.push({
      key: place,
      depth,
      position: position[place] ?? 1,
      size: siblings.get(parents[place] ?? -1) ?? 1,
      expanded: siblings.has(place) ? !isFolded : undefined,
    });
  }
  return rows;
}

/** What a key does: goes to a row, or folds or unfolds one. */
export type Step = { readonly kind: 'go' | 'toggle'; readonly row: number };

/**
 * One key, as in the ARIA treegrid pattern with the focus on rows: Right unfolds, then goes to the first child;
 * Left folds, then goes to the parent. `undefined` if the key means nothing here.
 */
export function walk(rows: readonly Row[], selected: number, key: string, page: number): Step | undefined {
  const row = rows[selected];
  const go = (to: number): Step => ({ kind: 'go', row: Math.max(0, Math.min(to, rows.length - 1)) });
  const toggle: Step = { kind: 'toggle', row: selected };
  if (row === undefined) return rows.length > 0 && KEYS.has(key) ? go(0) : undefined;
  switch (key) {
    case 'ArrowDown':
      return go(selected + 1);
    case 'ArrowUp':
      return go(selected - 1);
    case 'PageDown':
      return go(selected + page);
    case 'PageUp':
      return go(selected - page);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowRight':
      if (row.expanded === undefined) return go(selected);
      return row.expanded ? go(selected + 1) : toggle;
    case 'ArrowLeft':
      return row.expanded === true ? toggle : go(parentRow(rows, selected));
    case 'Enter':
    case ' ':
      return row.expanded === undefined ? go(selected) : toggle;
    default:
      return undefined;
  }
}

const KEYS = new Set([
  ...['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight'],
  ...['PageDown', 'PageUp', 'Home', 'End', 'Enter', ' '],
]);

function parentRow(rows: readonly Row[], child: number): number {
  const depth = rows[child]?.depth ?? 0;
  let at = child;
  while (at > 0 && (rows[at]?.depth ?? 0) >= depth) at--;
  return depth === 0 ? child : at;
}
