import type { Plan, PlanNode } from '../model';
import { formatCount, formatMs, nodeTitle } from '../words';
import { arrange, type Row } from './arrange';
import type { Comparison, Pair } from './comparison';
import { differencesOf, type Differences } from './differences';
import { blocksOf, totalsOf } from './figures';
import { matchNodes, type Match } from './match';
import { isJoin } from './role';
import { judge, type Changed } from './verdict';

export type { Change, Comparison, Figure, Pair } from './comparison';
export { regressionOf } from './regression';

/** What became of a plan: of the same query or of another, run or only estimated. Takes n log n of the nodes. */
export function comparePlans(before: Plan, after: Plan): Comparison {
  const match = matchNodes(before, after);
  const [keptBefore, keptAfter] = [nearestKept(before, match.before), nearestKept(after, match.after)];
  const pairs: Pair[] = [];
  const changes: Changed[] = [];
  for (const row of arrange(before, after, match)) {
    const [a, b] = [nodeAt(before, row.before), nodeAt(after, row.after)];
    if (a === undefined || b === undefined) {
      pairs.push(alone(row, before, a, after, b));
      changes.push({ before: a, after: b, differences: undefined, isMoved: false });
      continue;
    }
    const differences = differencesOf([before, a], [after, b], isSwapped(a, b, match));
    const [above, aboveNow] = [keptBefore[a.id], keptAfter[b.id]];
    const isMoved = (above === undefined ? undefined : match.before[above]) !== aboveNow;
    const words = wordsOf(differences);
    if (isMoved) words.unshift(movedWords(nodeAt(before, above), nodeAt(after, aboveNow)));
    pairs.push({ ...row, change: isMoved ? 'moved' : words.length > 0 ? 'changed' : 'same', words });
    changes.push({ before: a, after: b, differences, isMoved });
  }
  const totals = totalsOf(before, after);
  return { before, after, ...judge(before, after, totals, changes), totals, pairs };
}

function nodeAt(plan: Plan, id: number | undefined): PlanNode | undefined {
  return id === undefined ? undefined : plan.nodes[id];
}

function wordsOf({ shape, conditions, figures }: Differences): string[] {
  return [...shape, ...conditions, ...figures];
}

/** By node id: the nearest node above it that the other plan has too. A node between that came or went moves nothing. */
function nearestKept(plan: Plan, partners: Match['before']): readonly (number | undefined)[] {
  const nearest: (number | undefined)[] = [];
  for (const { parent } of plan.nodes)
    nearest.push(parent === undefined || partners[parent] !== undefined ? parent : nearest[parent]);
  return nearest;
}

function movedWords(above: PlanNode | undefined, aboveNow: PlanNode | undefined): string {
  const name = (node: PlanNode | undefined): string => (node === undefined ? 'the top' : nodeTitle(node));
  const [from, to] = [name(above), name(aboveNow)];
  return from === to ? 'moved below another node' : `moved from below ${from} to below ${to}`;
}

/** The join's outer side is now its inner one, perhaps below a Hash or Sort. */
function isSwapped(a: PlanNode, b: PlanNode, match: Match): boolean {
  if (!isJoin(a) || !isJoin(b)) return false;
  const [outer, inner] = a.children;
  const [outerNow, innerNow] = b.children;
  const moved = (from: number | undefined, to: number | undefined): boolean =>
    from !== undefined && to !== undefined && match.before[from] === to;
  return moved(outer, innerNow) || moved(inner, outerNow);
}

function alone(row: Row, before: Plan, a: PlanNode | undefined, after: Plan, b: PlanNode | undefined): Pair {
  return {
    ...row,
    change: b === undefined ? 'removed' : 'added',
    words: aloneWords(a ?? b, b === undefined ? before : after),
  };
}

/** What a node that stands in one plan only came to. */
function aloneWords(node: PlanNode | undefined, plan: Plan): readonly string[] {
  if (node === undefined) return [];
  if (node.neverExecuted) return ['never executed'];
  const words: string[] = [];
  const rows = node.totalRows ?? (plan.analyzed ? undefined : node.planRows);
  if (rows !== undefined) words.push(`${plan.analyzed ? 'rows' : 'estimated rows'} ${formatCount(rows)}`);
  if (node.exclusiveMs !== undefined) words.push(`own time ${formatMs(node.exclusiveMs)}`);
  const blocks = blocksOf(node.exclusiveBuffers);
  if (blocks !== undefined && blocks > 0) words.push(`own buffers ${formatCount(blocks)}`);
  return words;
}
