import type { PlanNode } from '../model';
import { text, type Facts } from './facts';

/** Where wrong row estimates begin. */

/** A node whose estimate is off by that factor or more is misestimated. */
export const LEAST_FACTOR = 10;
const LEAST = Math.log(LEAST_FACTOR);

/**
 * The lowest nodes of each wrong estimate. An error counts as the logarithm of actual over planned rows, so that those of a
 * join's sides add up. A node inherits what its inputs bring in its own direction; it is an origin where it is off by 10 × and
 * adds 10 × of its own, or where no input was off that much yet. Linear: children come after their parents in pre-order.
 */
export function originsOf(facts: Facts): readonly PlanNode[] {
  const { nodes } = facts;
  const errors = nodes.map(errorOf);
  const ctes = cteErrors(facts, errors);
  const origins: PlanNode[] = [];
  for (const node of nodes) {
    const error = errors[node.id] ?? 0;
    if (Math.abs(error) < LEAST) continue;
    const { inherited, largest } = inputsOf(facts, node, Math.sign(error), errors, ctes);
    if (largest < LEAST || Math.abs(error) - Math.min(Math.abs(error), inherited) >= LEAST) origins.push(node);
  }
  return origins;
}

/** Positive: more rows than planned. 0 where the comparison means nothing. The bitmap is judged by its heap scan. */
export function errorOf(node: PlanNode): number {
  const { kind, estimateFactor, rows, planRows } = node;
  if (estimateFactor === undefined || rows === undefined || planRows === undefined) return 0;
  // A window's run condition ends it as early as it can: that is its use.
  if (kind === 'Bitmap Index Scan' || text(node, 'Run Condition') !== undefined) return 0;
  return rows >= planRows ? Math.log(estimateFactor) : -Math.log(estimateFactor);
}

function inputsOf(
  facts: Facts,
  node: PlanNode,
  sign: number,
  errors: readonly number[],
  ctes: ReadonlyMap<string, number>,
): { inherited: number; largest: number } {
  let [inherited, largest] = [0, 0];
  const isJoin = node.kind === 'Nested Loop' || node.kind.endsWith(' Join');
  const add = (error: number): void => {
    const same = Math.max(0, error * sign);
    inherited = isJoin ? inherited + same : Math.max(inherited, same);
    largest = Math.max(largest, same);
  };
  for (const id of node.children) {
    const { relationship } = facts.node(id);
    if (relationship !== 'InitPlan' && relationship !== 'SubPlan') add(errors[id] ?? 0);
  }
  const name = text(node, 'CTE Name');
  // The rows of a work table are those of the CTE it belongs to, of the round before.
  if (name !== undefined && node.kind === 'CTE Scan') add(ctes.get(name) ?? 0);
  return { inherited, largest };
}

/** The largest error of the CTEs of a name: which one a scan means is of no importance here. */
function cteErrors({ subplans }: Facts, errors: readonly number[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { id, subplan } of subplans) {
    if (subplan?.startsWith('CTE ') !== true) continue;
    const name = subplan.slice(4);
    const error = errors[id] ?? 0;
    if (Math.abs(error) > Math.abs(found.get(name) ?? 0)) found.set(name, error);
  }
  return found;
}
