import type { Plan, PlanNode } from '../model';
import { conditionOf, rolesOf, type Role } from './role';

/** Who does whose work: by node id of one plan, the node's id in the other. */
export interface Match {
  readonly before: readonly (number | undefined)[];
  readonly after: readonly (number | undefined)[];
}

interface Side {
  readonly plan: Plan;
  readonly roles: readonly Role[];
  readonly partners: (number | undefined)[];
}

/**
 * Pairs nodes that do the same: first whole subtrees that are equal, then by ever fewer marks, at last by what stands above
 * and below. Each pass is linear. Of several equal candidates the first in pre-order is taken.
 */
export function matchNodes(before: Plan, after: Plan): Match {
  const [a, b] = [sideOf(before), sideOf(after)];
  matchSubtrees(a, b);
  for (const key of KEYS) matchByKey(a, b, key);
  matchUpwards(a, b);
  matchDownwards(a, b);
  return { before: a.partners, after: b.partners };
}

function sideOf(plan: Plan): Side {
  return { plan, roles: rolesOf(plan), partners: plan.nodes.map(() => undefined) };
}

function pair(a: Side, b: Side, before: number, after: number): void {
  a.partners[before] = after;
  b.partners[after] = before;
}

/** From the most certain to the least; undefined: not by this key. */
const KEYS: readonly ((role: Role, parent: Role | undefined) => readonly string[] | undefined)[] = [
  (role, parent) => [
    role.class,
    role.object,
    role.keys,
    role.over,
    role.scope,
    parent?.class ?? '',
    parent?.over ?? '',
  ],
  (role) => [role.class, role.object, role.keys, role.over, role.scope],
  (role) => (isTelling(role) ? [role.class, role.object, role.over, role.scope] : undefined),
  (role) => (isTelling(role) ? [role.class, role.object, role.keys, role.over] : undefined),
  // Partitions are numbered in their aliases: those change when others are pruned.
  (role) => (isTelling(role) ? [role.class, role.plainObject, role.keys, role.plainOver, role.scope] : undefined),
  (role) => (isTelling(role) ? [role.class, role.plainObject, role.plainOver] : undefined),
];

/** It names or stands over something that is read. */
function isTelling({ object, over }: Role): boolean {
  return object !== '' || !over.startsWith('0,');
}

function matchByKey(
  a: Side,
  b: Side,
  keyOf: (role: Role, parent: Role | undefined) => readonly string[] | undefined,
): void {
  const textOf = (side: Side, id: number): string | undefined => {
    const role = side.roles[id];
    const parent = side.plan.nodes[id]?.parent;
    const key = role && keyOf(role, parent === undefined ? undefined : side.roles[parent]);
    return key && JSON.stringify(key);
  };
  const free = new Buckets();
  b.partners.forEach((partner, id) => {
    const key = partner === undefined ? textOf(b, id) : undefined;
    if (key !== undefined) free.add(key, id);
  });
  a.partners.forEach((partner, id) => {
    const key = partner === undefined ? textOf(a, id) : undefined;
    const found = key === undefined ? undefined : free.take(key);
    if (found !== undefined) pair(a, b, id, found);
  });
}

/** First come, first served; each take is one step. */
class Buckets {
  private readonly ids = new Map<string | number, { readonly list: number[]; next: number }>();

  add(key: string | number, id: number): void {
    const bucket = this.ids.get(key);
    if (bucket === undefined) this.ids.set(key, { list: [id], next: 0 });
    else bucket.list.push(id);
  }

  /** The first that `isFree`; those before it are never free again. */
  take(key: string | number, isFree: (id: number) => boolean = () => true): number | undefined {
    const bucket = this.ids.get(key);
    if (bucket === undefined) return undefined;
    while (bucket.next < bucket.list.length) {
      const id = bucket.list[bucket.next++];
      if (id !== undefined && isFree(id)) return id;
    }
    return undefined;
  }
}

/** Subtrees that are equal in all but figures, the largest first, so that no small one takes a part of a larger one. */
function matchSubtrees(a: Side, b: Side): void {
  const numbers = new Map<string, number>();
  const [mine, others] = [subtreeNumbers(a, numbers), subtreeNumbers(b, numbers)];
  const free = new Buckets();
  others.forEach((number, id) => free.add(number, id));
  const sizes = sizesOf(a.plan);
  const bySize = mine
    .map((number, id) => ({ id, number, size: sizes[id] ?? 1 }))
    .sort((one, two) => two.size - one.size);
  for (const { id, number, size } of bySize) {
    if (a.partners[id] !== undefined) continue;
    const found = free.take(number, (other) => b.partners[other] === undefined);
    if (found === undefined) continue;
    // Equal subtrees are equally long, and a subtree stands together in pre-order.
    for (let step = 0; step < size; step++) {
      if (a.partners[id + step] === undefined && b.partners[found + step] === undefined)
        pair(a, b, id + step, found + step);
    }
  }
}

/** Nodes in each subtree. */
function sizesOf({ nodes }: Plan): readonly number[] {
  const sizes = nodes.map(() => 1);
  for (let id = nodes.length - 1; id > 0; id--) {
    const parent = nodes[id]?.parent;
    if (parent !== undefined) sizes[parent] = (sizes[parent] ?? 1) + (sizes[id] ?? 1);
  }
  return sizes;
}

const TOLD = ['Index Cond', 'Recheck Cond', 'Filter', 'Join Filter', 'Hash Cond', 'Merge Cond', 'Join Type'];

function subtreeNumbers({ plan, roles }: Side, numbers: Map<string, number>): readonly number[] {
  const result = Array.from(plan.nodes, () => 0);
  for (let id = plan.nodes.length - 1; id >= 0; id--) {
    const node = plan.nodes[id];
    const role = roles[id];
    if (node === undefined || role === undefined) continue;
    const key = JSON.stringify([
      node.type,
      role.object,
      node.index ?? '',
      role.keys,
      role.scope,
      TOLD.map((name) => conditionOf(node, name) ?? ''),
      node.children.map((child) => result[child]),
    ]);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    result[id] = number;
  }
  return result;
}

/** The parents of a pair are a pair if they are of one class: a join of other tables that does the same for its parent. */
function matchUpwards(a: Side, b: Side): void {
  for (let id = a.partners.length - 1; id >= 0; id--) {
    const partner = a.partners[id];
    const node = a.plan.nodes[id];
    const other = partner === undefined ? undefined : b.plan.nodes[partner];
    if (node?.parent === undefined || other?.parent === undefined) continue;
    if (!isSameBranch(node, other)) continue;
    if (mayPair(a, b, node.parent, other.parent)) pair(a, b, node.parent, other.parent);
  }
}

/** Both are of the tree, or both stand beside it as a subplan. */
function isSameBranch(one: PlanNode, other: PlanNode): boolean {
  return (one.subplan === undefined) === (other.subplan === undefined);
}

function mayPair(a: Side, b: Side, before: number, after: number): boolean {
  const [role, other] = [a.roles[before], b.roles[after]];
  if (role === undefined || other === undefined) return false;
  return (
    a.partners[before] === undefined && b.partners[after] === undefined && role.class === other.class && !role.isScan
  );
}

/** The children of a pair that are left over, in their order; of several scans none, since partitions are known by name. */
function matchDownwards(a: Side, b: Side): void {
  if (mayPair(a, b, 0, 0)) pair(a, b, 0, 0);
  else matchOnly(a, b, [0], [0]);
  for (let id = 0; id < a.partners.length; id++) {
    const partner = a.partners[id];
    if (partner === undefined) continue;
    const mine = leftOf(a, id);
    const others = leftOf(b, partner);
    if (mine.length === 0 || others.length === 0) continue;
    const free = new Buckets();
    const key = (side: Side, child: number): string =>
      (side.plan.nodes[child]?.subplan === undefined ? 'tree ' : 'subplan ') + (side.roles[child]?.class ?? '');
    for (const child of others) if (b.roles[child]?.isScan === false) free.add(key(b, child), child);
    for (const child of mine) {
      const found = a.roles[child]?.isScan === false ? free.take(key(a, child)) : undefined;
      if (found !== undefined) pair(a, b, child, found);
    }
    matchOnly(a, b, mine, others);
  }
}

/** One scan is left on either side: something else is read in the same place. */
function matchOnly(a: Side, b: Side, mine: readonly number[], others: readonly number[]): void {
  const scans = (side: Side, ids: readonly number[]): readonly number[] =>
    ids.filter((id) => side.roles[id]?.isScan === true && side.partners[id] === undefined);
  const [[one, ...moreA], [other, ...moreB]] = [scans(a, mine), scans(b, others)];
  if (one === undefined || other === undefined || moreA.length + moreB.length > 0) return;
  const [left, right] = [a.plan.nodes[one], b.plan.nodes[other]];
  if (left !== undefined && right !== undefined && isSameBranch(left, right)) pair(a, b, one, other);
}

function leftOf(side: Side, id: number): readonly number[] {
  return (side.plan.nodes[id]?.children ?? []).filter((child) => side.partners[child] === undefined);
}
