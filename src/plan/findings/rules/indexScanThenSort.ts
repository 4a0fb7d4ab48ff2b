import { formatRows } from '../../words';
import { columnTerms, isEquality } from '../conditions';
import { list, ownStake } from '../facts';
import { isTable } from '../filters';
import type { Rule } from '../finding';
import { INDEX_COST, indexCondition, indexFix, orderOf } from '../indexes';
import { orderedKeys, topN } from './topNWithoutIndex';

const SCANS = new Set(['Index Scan', 'Index Only Scan', 'Bitmap Heap Scan']);

export const indexScanThenSort: Rule = {
  id: 'index-scan-then-sort',
  title: 'Rows from an index are sorted again',
  trigger:
    'A Sort (or Incremental Sort) of the rows of an index or bitmap scan by columns of its table, where an index on the equalities and then those columns gives them in order.',
  source: { name: 'PostgreSQL manual, Indexes and ORDER BY; Use The Index, Luke' },
  manual: 'indexes-ordering.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const sort of facts.ofKind('Sort', 'Incremental Sort')) {
      const isPart = sort.kind === 'Incremental Sort';
      const scan = facts.child(sort, 'Outer');
      if (scan === undefined || !SCANS.has(scan.kind) || !isTable(scan) || topN(facts, sort) !== undefined) continue;
      const order = orderOf(sort, scan);
      if (order === undefined) continue;
      const terms = columnTerms(scan, indexCondition(facts, scan));
      // With a range on another column or a list, the index finds rows in one order or the other, not both.
      const fits = terms.every((term) => isEquality(term) || order[0]?.name === term.column);
      const keys = fits && (isPart || terms.some(isEquality)) ? orderedKeys(facts, scan, order) : undefined;
      if (keys === undefined) continue;
      yield {
        node: sort.id,
        message: `Sorted ${scan.totalRows === undefined ? 'the rows' : formatRows(scan.totalRows)} that an index on ${scan.relation ?? 'the table'} found${isPart ? ', in order only in part' : ''}.`,
        evidence: [
          { name: 'Sort key', value: list(sort, 'Sort Key').join(', ') },
          ...(isPart ? [{ name: 'In order already', value: list(sort, 'Presorted Key').join(', ') }] : []),
        ],
        stake: ownStake(sort),
        fixes: [
          indexFix(scan, keys, 'Index the columns in the order that is asked for, after those compared for equality.'),
        ],
        doubt: `Reading a table in the order of an index may touch more blocks than a bitmap scan and a sort. ${INDEX_COST}`,
      };
    }
  },
};
