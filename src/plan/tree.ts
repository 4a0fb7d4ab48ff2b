import type { Plan, PlanNode } from './model';

/** Ways through a plan's tree, and what a node's place in it says. Nothing here is slower than what it gives. */

/** @throws {RangeError} */
export function nodeAt(plan: Pick<Plan, 'nodes'>, id: number): PlanNode {
  const node = plan.nodes[id];
  if (node === undefined) throw new RangeError(`No node ${id}.`);
  return node;
}

export function childrenOf(plan: Pick<Plan, 'nodes'>, node: PlanNode): PlanNode[] {
  return node.children.map((id) => nodeAt(plan, id));
}

/** From the parent up to the root. */
export function* ancestorsOf(plan: Pick<Plan, 'nodes'>, node: PlanNode): Generator<PlanNode> {
  for (let id = node.parent; id !== undefined;) {
    const ancestor = nodeAt(plan, id);
    yield ancestor;
    id = ancestor.parent;
  }
}

/** One past the last id of the subtree: pre-order makes a subtree a range of ids. */
export function endOf(plan: Pick<Plan, 'nodes'>, node: PlanNode): number {
  const { nodes } = plan;
  let ends = ENDS.get(nodes);
  if (ends === undefined) {
    ends = endsOf(nodes);
    ENDS.set(nodes, ends);
  }
  return ends[node.id] ?? node.id + 1;
}

const ENDS = new WeakMap<readonly PlanNode[], Uint32Array>();

/** `endOf` of each node, by id. */
export function endsOf(nodes: readonly PlanNode[]): Uint32Array {
  const ends = new Uint32Array(nodes.length);
  for (let id = nodes.length - 1; id >= 0; id--) {
    const last = nodes[id]?.children.at(-1);
    ends[id] = last === undefined ? id + 1 : (ends[last] ?? id + 1);
  }
  return ends;
}

export function isCte(node: PlanNode): boolean {
  return node.subplan?.startsWith('CTE ') === true;
}

/** Runs once, inside the first node that needs its value; EXPLAIN prints it at the top of its query level. */
export function isInitPlan(node: PlanNode): boolean {
  return node.relationship === 'InitPlan' && !isCte(node);
}

export function isGather(node: PlanNode): boolean {
  return node.kind === 'Gather' || node.kind === 'Gather Merge';
}
