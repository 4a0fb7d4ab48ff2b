import { typeName } from './nodeType';
import { figureOf, textOf, type RawNode, type RawProperties } from './raw';

/** A node in its place, before anything is computed. */
export interface Step {
  readonly id: number;
  readonly parent: number | undefined;
  readonly children: readonly number[];
  readonly depth: number;
  readonly properties: RawProperties;
  /** EXPLAIN's Node Type: "Aggregate", whatever its strategy. */
  readonly kind: string;
  readonly type: string;
  readonly relationship: string | undefined;
  readonly subplan: string | undefined;
  readonly loops: number | undefined;
  /** Measured rows of one loop; undefined where the node never ran. */
  readonly rows: number | undefined;
  readonly planRows: number | undefined;
  readonly neverExecuted: boolean;
}

/** Pre-order; a step's place is its id. */
export type Steps = readonly Step[];

/** Step 1: the tree as a list, parents before children. */
export function stepsOf(root: RawNode): Steps {
  const steps: Step[] = [];
  const pending: {
    readonly node: RawNode;
    readonly parent: number | undefined;
    readonly depth: number;
    readonly siblings: number[];
  }[] = [{ node: root, parent: undefined, depth: 0, siblings: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, parent, depth, siblings } = next;
    const { properties } = node;
    const id = steps.length;
    const children: number[] = [];
    const loops = figureOf(properties, 'Actual Loops');
    const neverExecuted = loops === 0;
    siblings.push(id);
    steps.push({
      id,
      parent,
      children,
      depth,
      properties,
      kind: textOf(properties, 'Node Type') ?? '',
      type: typeName(properties),
      relationship: textOf(properties, 'Parent Relationship'),
      subplan: textOf(properties, 'Subplan Name'),
      loops,
      rows: neverExecuted || loops === undefined ? undefined : figureOf(properties, 'Actual Rows'),
      planRows: figureOf(properties, 'Plan Rows'),
      neverExecuted,
    });
    for (const child of node.children.toReversed())
      pending.push({ node: child, parent: id, depth: depth + 1, siblings: children });
  }
  return steps;
}

export function stepAt(steps: Steps, id: number): Step {
  const step = steps[id];
  if (step === undefined) throw new RangeError(`No step ${String(id)}.`);
  return step;
}

export function childrenOf(steps: Steps, step: Step): Step[] {
  return step.children.map((id) => stepAt(steps, id));
}

/** From the parent up to the root. */
export function* ancestorsOf(steps: Steps, step: Step): Generator<Step> {
  for (let id = step.parent; id !== undefined;) {
    const ancestor = stepAt(steps, id);
    yield ancestor;
    id = ancestor.parent;
  }
}

/** One past the last step of the subtree: pre-order makes a subtree a range of ids. */
export function endOf(steps: Steps, step: Step): number {
  let end = step.id + 1;
  while (end < steps.length && stepAt(steps, end).depth > step.depth) end++;
  return end;
}

export function isCte(step: Step): boolean {
  return step.subplan?.startsWith('CTE ') === true;
}

/** Runs once, inside the first node that needs its value; EXPLAIN prints it at the top of its query level. */
export function isInitPlan(step: Step): boolean {
  return step.relationship === 'InitPlan' && !isCte(step);
}

export function isGather(step: Step): boolean {
  return step.kind === 'Gather' || step.kind === 'Gather Merge';
}
