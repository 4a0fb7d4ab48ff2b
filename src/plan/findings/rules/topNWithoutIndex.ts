import type { PlanNode } from '../../model';
import { formatRows } from '../../words';
import { columnTerms, isEquality, isRange } from '../conditions';
import { addStakes, list, ownStake, text, wholeStake, type Facts } from '../facts';
import { isSmall, isTable } from '../filters';
import type { Rule } from '../finding';
import { INDEX_COST, indexCondition, indexFix, keysFor, orderOf, type Keys, type Ordered } from '../indexes';

/** Rows sorted for each row that LIMIT takes. */
const LEAST_RATIO = 10;

export const topNWithoutIndex: Rule = {
  id: 'top-n-without-index',
  title: 'All rows read for the first few',
  trigger: `LIMIT above a Sort of a table's rows, ${LEAST_RATIO} × as many as it takes or more, by columns of that table.`,
  source: { name: 'PostgreSQL manual, Indexes and ORDER BY; Use The Index, Luke' },
  manual: 'indexes-ordering.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const sort of facts.ofKind('Sort')) {
      const top = topN(facts, sort);
      if (top === undefined) continue;
      const { scan, keys, sorted, taken } = top;
      yield {
        node: sort.id,
        message: `Read and sorted ${formatRows(sorted)} of ${scan.relation ?? 'the table'} for the first ${formatRows(taken)}.`,
        evidence: [
          { name: 'Rows sorted', value: formatRows(sorted) },
          { name: 'Rows taken', value: formatRows(taken) },
          { name: 'Sort key', value: list(sort, 'Sort Key').join(', ') },
        ],
        stake: addStakes(ownStake(sort, 1 - taken / sorted), wholeStake(scan, 1 - taken / sorted)),
        fixes: [
          indexFix(
            scan,
            keys,
            'Index the columns in the order that is asked for, after those compared for equality: the first rows are then read and no more.',
          ),
        ],
        doubt: `Where other conditions throw rows away, the index is read on until enough are left: with few that match, that may be all of it. ${INDEX_COST}`,
      };
    }
  },
};

export interface TopN {
  readonly scan: PlanNode;
  readonly keys: Keys;
  readonly sorted: number;
  readonly taken: number;
}

const SCANS = new Set(['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan']);

/** LIMIT directly above the sort (or above the Gather Merge of its processes), and a table's scan below it. */
export function topN(facts: Facts, sort: PlanNode): TopN | undefined {
  if (sort.kind !== 'Sort') return undefined;
  const above = facts.parent(sort);
  const limit = above?.kind === 'Gather Merge' ? facts.parent(above) : above;
  const scan = facts.child(sort, 'Outer');
  if (limit?.kind !== 'Limit' || scan === undefined || !SCANS.has(scan.kind) || !isTable(scan)) return undefined;
  const sorted = scan.totalRows;
  const taken = limit.totalRows;
  if (sorted === undefined || taken === undefined || sorted < LEAST_RATIO * Math.max(1, taken)) return undefined;
  if (isSmall(scan, sorted)) return undefined;
  const order = orderOf(sort, scan);
  if (order === undefined) return undefined;
  const keys = orderedKeys(facts, scan, order);
  return keys === undefined ? undefined : { scan, keys, sorted, taken };
}

/** An index that gives the rows in order: equalities, then the order; a range only on the first column of the order. */
export function orderedKeys(facts: Facts, scan: PlanNode, order: readonly Ordered[]): Keys | undefined {
  const terms = [...columnTerms(scan, indexCondition(facts, scan)), ...columnTerms(scan, text(scan, 'Filter'))];
  return keysFor(
    terms.filter((term) => isEquality(term) || (isRange(term) && order[0]?.name === term.column)),
    order,
  );
}
