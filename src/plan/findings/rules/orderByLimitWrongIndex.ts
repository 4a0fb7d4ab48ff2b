import { formatCount, formatRows } from '../../words';
import { columnTerms } from '../conditions';
import { ownStake, text } from '../facts';
import { filtered, isTable } from '../filters';
import type { Fix, Rule } from '../finding';
import { INDEX_COST, indexFix, keysFor, orderOf } from '../indexes';

const LEAST_RATIO = 10;
const LEAST_REMOVED = 100;

export const orderByLimitWrongIndex: Rule = {
  id: 'order-by-limit-wrong-index',
  title: 'LIMIT reads an index for its order and filters row by row',
  trigger: `Below LIMIT, an Index Scan without an index condition whose filter removes ${LEAST_REMOVED} rows or more, and more than ${LEAST_RATIO} × those it keeps.`,
  source: { name: 'pgMustard; PostgreSQL mailing lists, "slow with LIMIT"' },
  manual: 'indexes-ordering.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const node of facts.ofKind('Index Scan', 'Index Only Scan')) {
      if (text(node, 'Index Cond') !== undefined || !isTable(node) || facts.limit(node) === undefined) continue;
      const rows = filtered(node);
      if (rows === undefined || rows.ratio <= LEAST_RATIO || rows.removed.rows < LEAST_REMOVED) continue;
      const above = facts.parent(node);
      const order = above?.kind === 'Incremental Sort' ? orderOf(above, node) : undefined;
      const keys = keysFor(columnTerms(node, text(node, 'Filter')), order);
      const fixes: Fix[] = [];
      if (keys !== undefined)
        fixes.push(
          indexFix(
            node,
            keys,
            order === undefined
              ? 'Index what the filter compares; add the columns of ORDER BY (EXPLAIN does not name them here) after the equalities, and the rows come in order too.'
              : 'Index what the filter compares, then the columns of ORDER BY.',
          ),
        );
      fixes.push({
        kind: 'rewrite',
        text: "Until then: an expression in ORDER BY (created + 0, or created + interval '0') keeps the planner from this index.",
      });
      yield {
        node: node.id,
        message: `Read ${formatRows(rows.kept + rows.removed.rows)} in the order of ${node.index ?? 'an index'} to find ${formatCount(rows.kept)} that match.`,
        evidence: [
          { name: 'Rows kept', value: formatCount(rows.kept) },
          { name: 'Rows removed by the filter', value: formatCount(rows.removed.rows) },
          { name: 'Filter', value: text(node, 'Filter') ?? '' },
        ],
        stake: ownStake(node, rows.part),
        fixes,
        doubt: `The planner hoped to find the rows early: with other values it may be right. ${INDEX_COST}`,
      };
    }
  },
};
