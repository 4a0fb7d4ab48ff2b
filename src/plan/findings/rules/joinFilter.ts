import type { PlanNode } from '../../model';
import { formatCount } from '../../words';
import { termsOf } from '../conditions';
import { addStakes, ownStake, ran, removed, text, wholeStake, type Count, type Facts, type Stake } from '../facts';
import type { Fix, Hit, Rule } from '../finding';
import { keysFor } from '../indexes';
import { inShort, isReal, percent } from '../worth';
import { innerScan } from './joinInnerWithoutIndex';

const LEAST_REMOVED = 1000;
const LEAST_FACTOR = 10;
const LEAST_SHARE = 0.05;
const NAME = 'Rows Removed by Join Filter';

/** A join that builds pairs of rows to throw nearly all of them away. */
export const joinFilter: Rule = {
  id: 'join-filter',
  title: 'Join filter removes most rows',
  trigger: `A Join Filter removed ≥ ${formatCount(LEAST_REMOVED)} rows, ≥ ${LEAST_FACTOR} for each row kept, and the join took ≥ 5 % of the time; where an index spares it, join-inner-without-index speaks instead.`,
  source: { name: 'pgMustard: rows removed by a join filter' },
  manual: 'using-explain.html#USING-EXPLAIN-ANALYZE',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    for (const join of facts.ofKind('Nested Loop', 'Hash Join', 'Merge Join')) {
      const count = removesMost(facts, join);
      if (count === undefined || isIndexable(facts, join)) continue;
      const stake = stakeOf(facts, join, count.part);
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      const filter = text(join, 'Join Filter') ?? '';
      yield {
        node: join.id,
        message: `Compared ${formatCount(count.pairs)} pairs of rows and threw ${percent(count.part)} of them away${
          join.kind === 'Nested Loop' ? ': a nested loop tries each pair instead of looking matches up' : ''
        }.`,
        evidence: [
          { name: 'Join Filter', value: inShort(filter) },
          { name: 'Pairs removed', value: formatCount(count.removed) },
          { name: 'Rows kept', value: formatCount(count.kept) },
        ],
        stake,
        fixes: fixesOf(facts, join, filter),
        doubt:
          join.kind === 'Nested Loop'
            ? 'For a few hundred rows on each side comparing all pairs is the cheapest way, and no index would be used.'
            : 'The rest of the condition already narrowed the pairs; what remains may have no better form.',
      };
    }
  },
};

/** How many pairs the Join Filter removed, where these are nearly all. */
export function removesMost(
  facts: Facts,
  join: PlanNode,
): { readonly removed: number; readonly kept: number; readonly pairs: number; readonly part: number } | undefined {
  if (!ran(join)) return undefined;
  const printed = removed(join, NAME);
  const count = printed === undefined || printed.rows === 0 ? derived(facts, join) : printed;
  const kept = join.totalRows ?? 0;
  if (count === undefined) return undefined;
  const least = count.rows - count.error;
  if (least < LEAST_REMOVED || least < LEAST_FACTOR * (kept + (join.rowsError ?? 0))) return undefined;
  const pairs = count.rows + kept;
  return { removed: count.rows, kept, pairs, part: count.rows / pairs };
}

/** Before 9.2 the number is not printed, and 0 is not in the text form: of an inner nested loop it is what its inner side gave and the join did not. */
function derived(facts: Facts, join: PlanNode): Count | undefined {
  const type = text(join, 'Join Type') ?? 'Inner';
  const inner = facts.child(join, 'Inner');
  if (join.kind !== 'Nested Loop' || type !== 'Inner' || text(join, 'Join Filter') === undefined) return undefined;
  if (inner?.totalRows === undefined || join.properties['Inner Unique'] === true) return undefined;
  return { rows: Math.max(0, inner.totalRows - (join.totalRows ?? 0)), error: inner.rowsError ?? 0 };
}

/** The join's own work; of a nested loop also its inner side, which an index would spare. */
function stakeOf(facts: Facts, join: PlanNode, part: number): Stake {
  const inner = facts.child(join, 'Inner');
  const own = ownStake(join, part);
  return join.kind === 'Nested Loop' && inner !== undefined ? addStakes(own, wholeStake(inner, part)) : own;
}

function fixesOf(facts: Facts, join: PlanNode, filter: string): Fix[] {
  const terms = termsOf(filter) ?? [];
  if (terms.some(({ operator }) => operator === 'OR')) {
    return [
      {
        kind: 'rewrite',
        text: `Split the OR: one SELECT for each branch, joined by UNION (or UNION ALL with the overlap excluded). Each can then hash or look up its own equality.`,
      },
    ];
  }
  const fixes: Fix[] = [];
  const hasEquality = terms.some(
    ({ operator, quantifier, left, right }) =>
      operator === '=' && quantifier === undefined && left?.kind === 'column' && right?.kind === 'column',
  );
  if (join.kind === 'Nested Loop' && hasEquality) {
    if (isUnderestimated(facts, join))
      fixes.push({
        kind: 'maintenance',
        text: 'Correct the estimates below: the planner compares all pairs only where it expects a handful of rows; with the right numbers it would hash the equality.',
      });
    fixes.push({
      kind: 'setting',
      text: 'Measure a hash join on this equality, in this session only.',
      sql: 'SET enable_nestloop = off;',
    });
    return fixes;
  }
  const inArray = terms.some(({ operator, quantifier }) => operator === '=' && quantifier === 'ANY');
  fixes.push({
    kind: 'rewrite',
    text: inArray
      ? 'Join on each element alone: unnest the array first, or one SELECT for each column joined by UNION. Each is then an equality that can hash.'
      : hasEquality || join.kind !== 'Nested Loop'
        ? 'Let the filter narrow one side before the join, or add what it asks to the join condition as an equality.'
        : 'Add an equality of plain columns to the join (a key, a day, a bucket that both sides share); for ranges use a range type with a GiST index. Pairs are then looked up instead of tried.',
  });
  return fixes;
}

/** join-inner-without-index says more: which index spares these pairs. */
function isIndexable(facts: Facts, join: PlanNode): boolean {
  const inner = innerScan(facts, join);
  return inner !== undefined && keysFor(inner.terms) !== undefined;
}

function isUnderestimated(facts: Facts, join: PlanNode): boolean {
  const outer = facts.child(join, 'Outer');
  return (
    outer?.estimateFactor !== undefined &&
    outer.estimateFactor >= 10 &&
    (outer.rows ?? 0) > (outer.planRows ?? Infinity)
  );
}
