import type { PlanNode } from '../../model';
import { formatCount, nodeTitle } from '../../words';
import { ran, tableBlocks, text, type Facts } from '../facts';
import type { Hit, Rule } from '../finding';
import { tableName } from '../names';
import { some } from '../worth';

/** What plancat.c's estimate_rel_size assumes of a table that was never vacuumed or analyzed and has fewer pages. */
const ASSUMED_PAGES = 10;
const CPU_TUPLE_COST = 0.01;

/**
 * Tables that PostgreSQL knows nothing about. A table of less than 10 pages that was never analyzed is planned with 10, each
 * full of rows of the width that the column types suggest: the cost of its unfiltered scan is then 10 + rows / 100 and the rows
 * are a multiple of 10 – and not those it has.
 */
export const neverAnalyzed: Rule = {
  id: 'never-analyzed',
  title: 'Table never analyzed',
  trigger:
    'An unfiltered Seq Scan was planned with exactly 10 pages, a multiple of 10 rows that is not the real number, and the table has fewer pages (where BUFFERS tell): the default for a table without statistics.',
  source: {
    name: 'PostgreSQL source: estimate_rel_size (plancat.c)',
    url: 'https://github.com/postgres/postgres/blob/master/src/backend/optimizer/util/plancat.c',
  },
  manual: 'routine-vacuuming.html#VACUUM-FOR-STATISTICS',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    const scans = new Map<string, PlanNode>();
    for (const node of facts.ofKind('Seq Scan'))
      if (looksNew(facts, node) && !scans.has(tableName(node))) scans.set(tableName(node), node);
    const [first] = scans.values();
    if (first === undefined) return;
    const names = [...scans.keys()];
    yield {
      node: first.id,
      message: `${some(names)} ${names.length === 1 ? 'looks' : 'look'} as if never analyzed: planned with the default of ${ASSUMED_PAGES} pages. Every estimate above is a guess.`,
      evidence: [...scans.values()].slice(0, 16).map((node) => ({
        name: nodeTitle(node),
        value: `${formatCount(node.planRows ?? 0)} rows assumed, ${formatCount(node.rows ?? 0)} found`,
      })),
      stake: {},
      fixes: [
        {
          kind: 'maintenance',
          text: 'Gather statistics; after a load or restore do it for the whole database.',
          sql: `ANALYZE ${names.slice(0, 16).join(', ')};`,
        },
      ],
      doubt:
        'Seen from the numbers, not from the catalogue: pg_stat_user_tables.last_analyze knows. Autovacuum never analyzes temporary and foreign tables, and waits for 50 changed rows.',
    };
  },
};

function looksNew({ plan }: Facts, node: PlanNode): boolean {
  const { planRows, totalCost, startupCost, rows, loops = 0, exclusiveBuffers } = node;
  if (node.relation === undefined || !ran(node) || text(node, 'Filter') !== undefined) return false;
  if (node.type !== 'Seq Scan' || planRows === undefined || totalCost === undefined || rows === undefined) return false;
  // Nothing is decided about a table alone; and until 14 one that was analyzed while empty looks the same.
  if (node.parent === undefined || rows === 0) return false;
  if ('seq_page_cost' in plan.settings || 'cpu_tuple_cost' in plan.settings || startupCost !== 0) return false;
  // Stopped early, it says nothing about the table.
  if (node.estimateFactor === undefined || Math.abs(rows - planRows) < Math.max(1, planRows * 0.1)) return false;
  const isDefault =
    planRows % ASSUMED_PAGES === 0 && Math.abs(totalCost - (ASSUMED_PAGES + planRows * CPU_TUPLE_COST)) < 0.006;
  return isDefault && (exclusiveBuffers === undefined || tableBlocks(exclusiveBuffers) < ASSUMED_PAGES * loops);
}
