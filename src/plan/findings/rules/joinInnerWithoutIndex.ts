import type { PlanNode } from '../../model';
import { formatCount, formatRows } from '../../words';
import { columnTerms, type ColumnTerm } from '../conditions';
import { addStakes, ownStake, text, wholeStake, type Facts } from '../facts';
import { filtered, isTable } from '../filters';
import type { Rule } from '../finding';
import { INDEX_COST, indexFix, keysFor } from '../indexes';

/** Runs of the inner side: fewer are not worth an index. */
const LEAST_RUNS = 10;

export const joinInnerWithoutIndex: Rule = {
  id: 'join-inner-without-index',
  title: 'Join reads a whole table again and again',
  trigger: `The inner side of a Nested Loop is a Seq Scan (or its rows kept by Materialize), gone through ${LEAST_RUNS} times or more, and compares a column with the outer side; more rows are thrown away than kept.`,
  source: { name: 'PostgreSQL manual, Using EXPLAIN; pgMustard' },
  manual: 'using-explain.html#USING-EXPLAIN-BASICS',
  lesson: 'index-tuning',
  *find(facts) {
    for (const join of facts.ofKind('Nested Loop')) {
      const inner = innerScan(facts, join);
      if (inner === undefined) continue;
      const { side, scan, terms, runs } = inner;
      const keys = keysFor(terms);
      const own = filtered(scan);
      const joined = filtered(join, 'Rows Removed by Join Filter');
      const thrown = (own?.removed.rows ?? 0) + (joined?.removed.rows ?? 0);
      const ratio = Math.max(own?.ratio ?? 0, joined?.ratio ?? 0);
      if (keys === undefined || ratio <= 1) continue;
      yield {
        node: scan.id,
        message: () =>
          `Went through ${scan.relation ?? 'the table'} ${formatCount(runs)} times, once for each row of the other side, and threw ${formatRows(thrown)} away.`,
        evidence: () => [
          { name: 'Runs', value: formatCount(runs) },
          { name: 'Rows thrown away', value: formatCount(thrown) },
          { name: 'Compared', value: terms.map(({ sql }) => sql).join(' AND ') },
        ],
        stake: addStakes(
          wholeStake(side, side === scan ? (own?.part ?? 0) : 1),
          joined === undefined ? {} : ownStake(join, joined.part),
        ),
        fixes: [indexFix(scan, keys, 'Index the column that the join compares: each run then reads only its rows.')],
        doubt: `Where the other side has many more rows than estimated, a hash join would be better than an index. ${INDEX_COST}`,
      };
    }
  },
};

export interface InnerScan {
  /** The inner side of the join: the scan itself, or the Materialize or Memoize above it. */
  readonly side: PlanNode;
  readonly scan: PlanNode;
  /** At least one compares with the outer side. */
  readonly terms: readonly ColumnTerm[];
  readonly runs: number;
}

/** The Seq Scan on the inner side of a Nested Loop that an index on the compared column could replace. */
export function innerScan(facts: Facts, join: PlanNode): InnerScan | undefined {
  if (join.kind !== 'Nested Loop') return undefined;
  const side = facts.child(join, 'Inner');
  if (side === undefined) return undefined;
  const scan = side.kind === 'Materialize' || side.kind === 'Memoize' ? facts.child(side, 'Outer') : side;
  if (scan?.kind !== 'Seq Scan' || !isTable(scan)) return undefined;
  const runs = (side.kind === 'Memoize' ? scan.loops : side.loops) ?? 0;
  if (runs < LEAST_RUNS) return undefined;
  // In a join's filter every column has its qualifier: the scan's own are those with its alias.
  const terms = [...columnTerms(scan, text(scan, 'Filter')), ...columnTerms(scan, text(join, 'Join Filter'))];
  const isJoined = terms.some(({ other }) => other?.kind === 'column' || other?.kind === 'expression');
  return isJoined ? { side, scan, terms, runs } : undefined;
}
