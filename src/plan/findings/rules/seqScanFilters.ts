import { formatCount, formatRows } from '../../words';
import { ownStake, text } from '../facts';
import { filtered, isSmall, isTable, obstacleOf } from '../filters';
import type { Rule } from '../finding';
import { INDEX_COST, indexFix, keysFor, leadingColumns, orderOf, sortAbove } from '../indexes';
import { innerScan } from './joinInnerWithoutIndex';
import { topN } from './topNWithoutIndex';

/** Removed rows for each row kept (depesz: "removed more than 2/3 of what it read"). */
const LEAST_RATIO = 2;

export const seqScanFilters: Rule = {
  id: 'seq-scan-filters',
  title: 'Whole table read for a few rows',
  trigger: `A Seq Scan whose filter removes more than ${LEAST_RATIO} × the rows that it keeps, reads more than 3 blocks, and compares columns in a way that an index can decide.`,
  source: { name: 'Pg::Explain, Hinter.pm (depesz); pgMustard', url: 'https://gitlab.com/depesz/Pg--Explain' },
  manual: 'indexes-multicolumn.html',
  lesson: 'index-tuning',
  *find(facts) {
    const joined = new Set<number>();
    for (const node of facts.nodes) {
      const inner = innerScan(facts, node);
      if (inner !== undefined) joined.add(inner.scan.id);
    }
    for (const node of facts.nodes) {
      const rows = node.kind === 'Seq Scan' && isTable(node) && !joined.has(node.id) ? filtered(node) : undefined;
      if (rows === undefined || rows.ratio <= LEAST_RATIO || isSmall(node, rows.kept + rows.removed.rows)) continue;
      const obstacle = obstacleOf(node);
      const sort = sortAbove(facts, node);
      // That rule proposes an index for the filter and the order.
      if (obstacle.kind !== 'columns' || (sort !== undefined && topN(facts, sort) !== undefined)) continue;
      const keys = keysFor(obstacle.terms, sort === undefined ? [] : orderOf(sort, node));
      if (keys === undefined) continue;
      const read = rows.kept + rows.removed.rows;
      const loops = node.loops ?? 1;
      const runs = loops > 1 && node.processes <= 1 ? ` in ${formatCount(loops)} runs` : '';
      yield {
        node: node.id,
        message: () => `Read ${formatRows(read)} of ${node.relation ?? 'the table'}${runs} to keep ${formatCount(rows.kept)}.`,
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
        }Where the query keeps a large part of the table, reading all of it is faster. ${INDEX_COST}`,
      };
    }
  },
};
