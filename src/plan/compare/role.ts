import type { Plan, PlanNode } from '../model';
import { isList, textOf } from '../raw';

/**
 * What a node does, apart from how: nodes of two plans that do the same are a pair, wherever they stand. A scan is what it
 * reads, a join what it brings together, all others what they are and what they stand over.
 */
export interface Role {
  /** "scan", "join", "group", "sort" …: nodes of different classes never are a pair. */
  readonly class: string;
  /** Reads something itself: a relation, a CTE, a function. */
  readonly isScan: boolean;
  /** What it reads or groups or sorts by, with its alias; "" for nothing. */
  readonly object: string;
  /** The same without alias. */
  readonly plainObject: string;
  /** Sort and group keys. */
  readonly keys: string;
  /** All that is read below it and by it, order apart. */
  readonly over: string;
  readonly plainOver: string;
  /** Where it is evaluated: "" in the main tree, "CTE recent", "SubPlan", "InitPlan" in one of those. */
  readonly scope: string;
}

const CLASSES: Readonly<Record<string, string>> = {
  'Nested Loop': 'join',
  'Hash Join': 'join',
  'Merge Join': 'join',
  Group: 'group',
  Unique: 'group',
  Sort: 'sort',
  'Incremental Sort': 'sort',
  Gather: 'gather',
  'Gather Merge': 'gather',
  Append: 'append',
  'Merge Append': 'append',
  BitmapAnd: 'bitmap',
  BitmapOr: 'bitmap',
};

/** By node id. */
export function rolesOf(plan: Plan): readonly Role[] {
  const tables = heapsOf(plan);
  const scopes: string[] = [];
  const objects = plan.nodes.map((node) => objectOf(node, tables));
  const sets = plan.nodes.map(() => emptySet());
  const plainSets = plan.nodes.map(() => emptySet());
  for (const node of plan.nodes) {
    const inherited = node.parent === undefined ? '' : (scopes[node.parent] ?? '');
    scopes.push(node.subplan === undefined ? inherited : scopeOf(node, node.subplan));
  }
  // From the end: in pre-order, children come after their parent.
  for (let id = plan.nodes.length - 1; id >= 0; id--) {
    const node = plan.nodes[id];
    const object = objects[id];
    const [set, plainSet] = [sets[id], plainSets[id]];
    if (node === undefined || object === undefined || set === undefined || plainSet === undefined) continue;
    if (object.isScan) {
      addTo(set, object.full);
      addTo(plainSet, object.plain);
    }
    // What a subplan reads is its own matter.
    if (node.parent === undefined || node.subplan !== undefined) continue;
    merge(sets[node.parent], set);
    merge(plainSets[node.parent], plainSet);
  }
  return plan.nodes.map((node, id) => {
    const object = objects[id];
    return {
      class: classOf(node),
      isScan: object?.isScan ?? false,
      object: object?.full ?? '',
      plainObject: object?.plain ?? '',
      keys: KEYS.map((name) => conditionOf(node, name) ?? '').join('|'),
      over: setKey(sets[id]),
      plainOver: setKey(plainSets[id]),
      scope: scopes[id] ?? '',
    };
  });
}

const KEYS = ['Sort Key', 'Group Key'];

function classOf(node: PlanNode): string {
  if (isTableScan(node)) return 'scan';
  if (node.kind === 'Aggregate')
    return textOf(node.properties, 'Partial Mode') === 'Partial' ? 'partial group' : 'group';
  return Object.hasOwn(CLASSES, node.kind) ? (CLASSES[node.kind] ?? node.kind) : node.kind;
}

/** Of a relation, in whatever way: what the planner chooses between. */
export function isTableScan(node: PlanNode): boolean {
  return node.relation !== undefined && node.kind !== 'ModifyTable';
}

export function isJoin(node: PlanNode): boolean {
  return classOf(node) === 'join';
}

/** Numbers of subplans change with the query: "InitPlan 1 (returns $0)". Names of CTEs do not. */
function scopeOf(node: PlanNode, subplan: string): string {
  return subplan.startsWith('CTE ') ? subplan : (node.relationship ?? 'SubPlan');
}

interface Named {
  readonly isScan: boolean;
  readonly full: string;
  readonly plain: string;
}

const OBJECTS = ['CTE Name', 'Function Name', 'Table Function Name', 'Tuplestore Name'];

function objectOf(node: PlanNode, tables: ReadonlyMap<number, string>): Named {
  const alias = node.alias ?? '';
  if (node.relation !== undefined) {
    const isScan = isTableScan(node);
    return { isScan, full: `${node.relation} ${alias}`, plain: node.relation };
  }
  if (node.kind === 'Bitmap Index Scan') {
    const plain = `${tables.get(node.id) ?? ''} by ${node.index ?? ''}`;
    return { isScan: false, full: plain, plain };
  }
  for (const name of OBJECTS) {
    const object = textOf(node.properties, name);
    if (object !== undefined) return { isScan: true, full: `${name} ${object} ${alias}`, plain: `${name} ${object}` };
  }
  // Values Scan, Subquery Scan, Foreign Scan of a join.
  return { isScan: node.children.length === 0 && alias !== '', full: alias, plain: alias === '' ? '' : node.kind };
}

/** The table whose bitmap is built, by the ids of what builds it. */
function heapsOf(plan: Plan): ReadonlyMap<number, string> {
  const tables = new Map<number, string>();
  for (const node of plan.nodes) {
    const table = node.relation ?? tables.get(node.id);
    if (table === undefined || !/^Bitmap/.test(node.kind)) continue;
    for (const child of node.children) if (plan.nodes[child]?.subplan === undefined) tables.set(child, table);
  }
  return tables;
}

/** A condition or a list of keys as one text. */
export function conditionOf(node: PlanNode, name: string): string | undefined {
  const value = node.properties[name];
  if (typeof value === 'string') return value;
  return isList(value) ? value.map((item) => (typeof item === 'string' ? item : '')).join(', ') : undefined;
}

/** A multiset of names as two sums of hashes: to compare sets of thousands in one step at each of thousands of nodes. */
type NameSet = [count: number, first: number, second: number];

function emptySet(): NameSet {
  return [0, 0, 0];
}

function addTo(set: NameSet, name: string): void {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second + unit, 0x85ebca6b) ^ (second >>> 13);
  }
  merge(set, [1, first, second]);
}

function merge(into: NameSet | undefined, from: NameSet): void {
  if (into === undefined) return;
  into[0] += from[0];
  into[1] = (into[1] + from[1]) | 0;
  into[2] = (into[2] + from[2]) | 0;
}

function setKey(set: NameSet | undefined): string {
  return set?.join(',') ?? '';
}
