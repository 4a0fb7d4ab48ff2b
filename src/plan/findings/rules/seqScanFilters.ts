import type { PlanNode } from '../../model';
import { formatCount, formatRows } from '../../words';
import { ownStake, tableBlocks, text } from '../facts';
import { filteredScans, LEAST_RATIO, type Filtered } from '../filters';
import type { Rule } from '../finding';
import { INDEX_COST, indexFix, keysFor, leadingColumns, orderOf, sortAbove } from '../indexes';
import { innerScan } from './joinInnerWithoutIndex';
import { topN } from './topNWithoutIndex';

/** Where as many rows are kept as the table has blocks, an index may read them all as well: then the rows must be few. */
const LEAST_RATIO_SCATTERED = 10;

export const seqScanFilters: Rule = {
  id: 'seq-scan-filters',
  title: 'Whole table read for a few rows',
  trigger: `A Seq Scan of more than 3 blocks whose filter removes more than ${LEAST_RATIO} × the rows that it keeps (${LEAST_RATIO_SCATTERED} × where it keeps more rows than it reads blocks), and compares columns in a way that an index can decide.`,
  source: { name: 'Pg::Explain, Hinter.pm (depesz); pgMustard', url: 'https://gitlab.com/depesz/Pg--Explain' },
  manual: 'indexes-multicolumn.html',
  lesson: 'index-tuning',
  *find(facts) {
    const joined = new Set<number>();
    for (const node of facts.ofKind('Nested Loop')) {
      const inner = innerScan(facts, node);
      if (inner !== undefined) joined.add(inner.scan.id);
    }
    for (const { node, rows, obstacle } of filteredScans(facts)) {
      if (node.kind !== 'Seq Scan' || obstacle.kind !== 'columns' || joined.has(node.id)) continue;
      const scattered = isScattered(node, rows);
      const sort = sortAbove(facts, node);
      // That rule proposes an index for the filter and the order.
      if ((scattered && rows.ratio <= LEAST_RATIO_SCATTERED) || (sort !== undefined && topN(facts, sort) !== undefined))
        continue;
      const keys = keysFor(obstacle.terms, sort === undefined ? [] : orderOf(sort, node));
      if (keys === undefined) continue;
      const read = rows.kept + rows.removed.rows;
      const loops = node.loops ?? 1;
      yield {
        node: node.id,
        message: () => {
          const runs = loops > 1 && node.processes <= 1 ? ` in ${formatCount(loops)} runs` : '';
          return `Read ${formatRows(read)} of ${node.relation ?? 'the table'}${runs} to keep ${formatCount(rows.kept)}.`;
        },
        evidence: () => [
          { name: 'Rows kept', value: formatCount(rows.kept) },
          { name: 'Rows removed by the filter', value: formatCount(rows.removed.rows) },
          { name: 'Filter', value: text(node, 'Filter') ?? '' },
        ],
        stake: ownStake(node, rows.part),
        fixes: [indexFix(node, keys, `Index what the filter compares.${leadingColumns(keys)}`)],
        doubt: `${
          obstacle.terms.length > keys.served.length
            ? 'The plan does not say how many rows the indexed part of the filter removes. '
            : ''
        }${
          keys.served.some(({ cast }) => cast !== undefined)
            ? 'A cast to text costs a varchar nothing; a column of another type is computed by it, and the index is then not used. '
            : ''
        }${
          scattered
            ? 'The rows kept are more than the blocks: where they lie scattered, an index spares comparing rows and no reads. '
            : ''
        }Where the query keeps a large part of the table, reading all of it is faster. ${INDEX_COST}`,
      };
    }
  },
};

function isScattered({ exclusiveBuffers }: PlanNode, { kept }: Filtered): boolean {
  return exclusiveBuffers !== undefined && kept >= tableBlocks(exclusiveBuffers);
}
