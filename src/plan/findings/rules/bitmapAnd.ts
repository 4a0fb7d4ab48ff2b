import { formatCount, formatRows } from '../../words';
import { columnTerms, isRange } from '../conditions';
import { text, wholeStake } from '../facts';
import { isTable } from '../filters';
import type { Rule } from '../finding';
import { identifier } from '../names';
import { INDEX_COST, indexFix, keysFor, leadingColumns } from '../indexes';

export const bitmapAnd: Rule = {
  id: 'bitmap-and',
  title: 'Two indexes combined where one would do',
  trigger: 'A BitmapAnd of index scans whose conditions one composite index can decide.',
  source: { name: 'PostgreSQL manual, Combining Multiple Indexes' },
  manual: 'indexes-bitmap-scans.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const node of facts.ofKind('BitmapAnd')) {
      const heap = facts.parent(node);
      const scans = facts.children(node);
      if (heap?.kind !== 'Bitmap Heap Scan' || !isTable(heap)) continue;
      if (!scans.every(({ kind }) => kind === 'Bitmap Index Scan')) continue;
      const terms = scans.flatMap((scan) => columnTerms(heap, text(scan, 'Index Cond')));
      const keys = keysFor(terms);
      if (keys === undefined) continue;
      // Behind the first range, a column is still compared inside the index.
      const columns = new Set(keys.columns);
      for (const term of terms) if (isRange(term)) columns.add(identifier(term.column));
      if (columns.size < 2) continue;
      const found = scans.reduce((sum, { totalRows }) => sum + (totalRows ?? 0), 0);
      const kept = heap.totalRows;
      yield {
        node: node.id,
        message: `Read ${formatCount(found)} entries of ${formatCount(scans.length)} indexes${kept === undefined ? '' : ` for ${formatRows(kept)}`}.`,
        evidence: scans.map((scan) => ({
          name: scan.index ?? 'Index',
          value: `${scan.totalRows === undefined ? '' : `${formatRows(scan.totalRows)}, `}${text(scan, 'Index Cond') ?? ''}`,
        })),
        stake: wholeStake(node),
        fixes: [
          indexFix(
            heap,
            { columns: [...columns], where: keys.where },
            `One index on all of these columns reads only the rows that match.${leadingColumns(keys)}`,
          ),
        ],
        doubt: `Single-column indexes also serve other queries; keep them where those need them. ${INDEX_COST}`,
      };
    }
  },
};
