import type { PlanNode } from '../../model';
import { formatCount, formatRows } from '../../words';
import { columnTerms, isEquality, isRange, termsOf } from '../conditions';
import { addStakes, list, ownStake, removed, tableBlocks, text, wholeStake, type Facts } from '../facts';
import { isSmall, isTable } from '../filters';
import { percent } from '../worth';
import type { Rule } from '../finding';
import { INDEX_COST, indexCondition, indexFix, keysFor, orderOf, type Keys, type Ordered } from '../indexes';

/** Rows sorted for each row that LIMIT takes. */
const LEAST_RATIO = 10;

export const topNWithoutIndex: Rule = {
  id: 'top-n-without-index',
  title: 'All rows read for the first few',
  trigger: `LIMIT above a Sort of a table's rows, ${LEAST_RATIO} × as many as it takes or more, by columns of that table; silent where an index would have to be read further than the table has blocks, because the filter keeps too little.`,
  source: { name: 'PostgreSQL manual, Indexes and ORDER BY; Use The Index, Luke' },
  manual: 'indexes-ordering.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const sort of facts.ofKind('Sort')) {
      const top = topN(facts, sort);
      if (top === undefined) continue;
      const { scan, keys, sorted, taken, kept, read } = top;
      const isSure = kept === 1;
      yield {
        node: sort.id,
        message: `Read and sorted ${formatRows(sorted)} of ${scan.relation ?? 'the table'} for the first ${formatRows(taken)}.${isSure ? '' : ` An index in this order has to be read on while the filter, which keeps ${percent(kept)}, throws rows away: about ${formatRows(read)}.`}`,
        evidence: [
          { name: 'Rows sorted', value: formatRows(sorted) },
          { name: 'Rows taken', value: formatRows(taken) },
          ...(isSure ? [] : [{ name: 'Rows to read in order, about', value: formatCount(read) }]),
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
        doubt: `${isSure ? '' : 'Rows that match may all lie at the other end of the order: then the index is read to its end, row by row, and that is slower than this plan. '}Rows in the order of an index lie in other blocks each. ${INDEX_COST}`,
      };
    }
  },
};

export interface TopN {
  readonly scan: PlanNode;
  readonly keys: Keys;
  readonly sorted: number;
  readonly taken: number;
  /** 0–1: what the part of the filter that the index can't decide keeps, at the least. 1 where it decides all. */
  readonly kept: number;
  /** Rows to read from the index, where those that match lie evenly. */
  readonly read: number;
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
  if (keys === undefined) return undefined;
  const kept = keptPart(scan, keys, sorted);
  const read = Math.ceil(taken / kept);
  return read > affordable(scan, sorted) ? undefined : { scan, keys, sorted, taken, kept, read };
}

/** An index that gives the rows in order: equalities, then the order; a range only on the first column of the order. */
export function orderedKeys(facts: Facts, scan: PlanNode, order: readonly Ordered[]): Keys | undefined {
  const terms = [...columnTerms(scan, indexCondition(facts, scan)), ...columnTerms(scan, text(scan, 'Filter'))];
  return keysFor(
    terms.filter((term) => isEquality(term) || (isRange(term) && order[0]?.name === term.column)),
    order,
  );
}

/** Of the rows that the index gives. Which part of the filter removed how many is not printed: the other one may have removed all. */
function keptPart(scan: PlanNode, { served }: Keys, sorted: number): number {
  const thrown = removed(scan, 'Rows Removed by Filter')?.rows ?? 0;
  const terms = termsOf(text(scan, 'Filter')) ?? [];
  const isDecided = terms.length > 0 && terms.every(({ sql }) => served.some((term) => term.sql === sql));
  return thrown === 0 || isDecided ? 1 : sorted / (sorted + thrown);
}

/** Each row from an index is a block: as many as the scan read now. Without BUFFERS, a tenth of the rows. */
function affordable(scan: PlanNode, sorted: number): number {
  const { exclusiveBuffers } = scan;
  return exclusiveBuffers === undefined ? sorted / LEAST_RATIO : tableBlocks(exclusiveBuffers);
}
