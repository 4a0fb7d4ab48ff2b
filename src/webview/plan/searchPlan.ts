/** Finding nodes by words; no DOM. */
import { detailsOf } from '../../plan/details';
import type { Plan, PlanNode } from '../../plan/model';
import { nodeTitle } from '../../plan/words';

/** Ids of the nodes that hold every word of the query, in the plan's order; undefined where it has no words. */
export function searchPlan(plan: Plan, query: string): readonly number[] | undefined {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return undefined;
  const found: number[] = [];
  for (const node of plan.nodes) {
    const text = textOf(node);
    if (words.every((word) => text.includes(word))) found.push(node.id);
  }
  return found;
}

/** The hit after `from` (or before it), around the end; undefined without hits. */
export function nextHit(hits: readonly number[], from: number, backwards: boolean): number | undefined {
  return backwards ? (hits.findLast((id) => id < from) ?? hits.at(-1)) : (hits.find((id) => id > from) ?? hits[0]);
}

function textOf(node: PlanNode): string {
  const parts = [nodeTitle(node), node.subplan ?? '', node.neverExecuted ? 'never executed' : ''];
  for (const { name, value } of detailsOf(node)) parts.push(name, value);
  return parts.join('\n').toLowerCase();
}
