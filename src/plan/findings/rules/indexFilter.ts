import { formatCount, formatRows } from '../../words';
import { columnTerms } from '../conditions';
import { ownStake, text } from '../facts';
import { filtered, isTable, obstacleOf } from '../filters';
import type { Fix, Rule } from '../finding';
import { INDEX_COST, indexCondition, indexFix, keysFor, leadingColumns } from '../indexes';

const LEAST_RATIO = 2;
const SCANS = ['Index Scan', 'Index Only Scan', 'Bitmap Heap Scan'];

export const indexFilter: Rule = {
  id: 'index-filter',
  title: 'Index decides only part of the condition',
  trigger: `An Index Scan or Bitmap Heap Scan whose filter removes more than ${LEAST_RATIO} × the rows that it keeps, on columns that the index could hold too.`,
  source: { name: 'pgMustard, "Index potential"; pev2' },
  manual: 'indexes-multicolumn.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const node of facts.ofKind(...SCANS)) {
      const rows = isTable(node) ? filtered(node) : undefined;
      const condition = indexCondition(facts, node);
      if (rows === undefined || rows.ratio <= LEAST_RATIO || condition === undefined) continue;
      const obstacle = obstacleOf(node);
      if (obstacle.kind !== 'columns') continue;
      const keys = keysFor([...columnTerms(node, condition), ...obstacle.terms]);
      if (keys === undefined) continue;
      const index = node.index ?? facts.child(node, 'Outer')?.index ?? 'The index';
      const constant = obstacle.terms.filter(({ other, operator }) => other?.kind === 'constant' && operator === '=');
      const fixes: Fix[] = [
        indexFix(node, keys, `Index the columns of both conditions, equalities first.${leadingColumns(keys)}`),
      ];
      if (constant.length > 0)
        fixes.push({
          kind: 'index',
          text: `Where ${constant.map(({ sql }) => sql).join(' AND ')} is always asked for, a partial index (WHERE …) is smaller.`,
        });
      yield {
        node: node.id,
        message: () =>
          `${index} gave ${formatRows(rows.kept + rows.removed.rows)}, and the filter kept ${formatCount(rows.kept)}.`,
        evidence: () => [
          { name: 'Rows kept', value: formatCount(rows.kept) },
          { name: 'Rows removed by the filter', value: formatCount(rows.removed.rows) },
          { name: 'Index condition', value: condition },
          { name: 'Filter', value: text(node, 'Filter') ?? '' },
        ],
        stake: ownStake(node, rows.part),
        fixes,
        doubt: `The plan does not say which columns the index has: one may be there already, behind a column that is not asked for. ${INDEX_COST}`,
      };
    }
  },
};
