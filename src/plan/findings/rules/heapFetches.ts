import { formatCount, formatRows } from '../../words';
import { figure, ownStake, ran } from '../facts';
import type { Rule } from '../finding';
import { tableName } from '../names';

const LEAST_FETCHES = 10;
const LEAST_PART = 0.1;

export const heapFetches: Rule = {
  id: 'heap-fetches',
  title: 'Index-only scan reads the table',
  trigger: `An Index Only Scan with ${LEAST_FETCHES} heap fetches or more, for at least ${LEAST_PART * 100} % of its rows.`,
  source: { name: 'PostgreSQL manual, Index-Only Scans; pgMustard' },
  manual: 'indexes-index-only-scans.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const node of facts.ofKind('Index Only Scan')) {
      const fetches = ran(node) ? figure(node, 'Heap Fetches') : undefined;
      // A total over the loops, unlike the rows.
      const rows = (node.totalRows ?? 0) + (figure(node, 'Rows Removed by Filter') ?? 0) * (node.loops ?? 0);
      if (fetches === undefined || fetches < LEAST_FETCHES || fetches < rows * LEAST_PART) continue;
      yield {
        node: node.id,
        message: `Went to the table for ${formatCount(fetches)} of ${formatRows(Math.max(fetches, rows))}, to see whether they are visible.`,
        evidence: [
          { name: 'Heap fetches', value: formatCount(fetches) },
          { name: 'Rows', value: formatCount(rows) },
        ],
        stake: ownStake(node, Math.min(1, fetches / Math.max(1, rows))),
        fixes: [
          {
            kind: 'maintenance',
            text: 'Vacuum the table: it marks blocks whose rows all may see. Where it changes much, let autovacuum come more often.',
            ...(node.relation === undefined ? {} : { sql: `VACUUM (ANALYZE) ${tableName(node)};` }),
          },
        ],
        doubt: 'A long-running transaction keeps VACUUM from marking blocks, and rows changed since are fetched again.',
      };
    }
  },
};
