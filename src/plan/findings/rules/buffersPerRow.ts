import type { PlanNode } from '../../model';
import { formatCount, formatRows } from '../../words';
import { figure, ownStake, ran, removed, tableBlocks, text, type Stake } from '../facts';
import { isTable } from '../filters';
import type { Rule } from '../finding';
import { tableName } from '../names';

const LEAST_BLOCKS = 100;
/** Blocks of an index from its root to a leaf, at the most: a B-tree of 4 levels holds 10^9 rows. */
const INDEX_DEPTH = 4;
const LEAST_FACTOR = 5;

export const buffersPerRow: Rule = {
  id: 'buffers-per-row',
  title: 'Many blocks read for few rows',
  trigger: `A scan of ${LEAST_BLOCKS} blocks or more: a Seq Scan with more blocks than rows, or an index scan with more than ${LEAST_FACTOR} × what a search of the index and one block a row take.`,
  source: { name: 'pgMustard, "Read efficiency"' },
  manual: 'routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY',
  lesson: 'database-tuning',
  *find(facts) {
    for (const node of facts.ofKind('Seq Scan', 'Index Scan', 'Index Only Scan')) {
      const { exclusiveBuffers, totalRows } = node;
      if (!ran(node) || exclusiveBuffers === undefined || totalRows === undefined || !isTable(node)) continue;
      const blocks = tableBlocks(exclusiveBuffers);
      const rows = rowsRead(node, totalRows);
      const expected = expectedBlocks(node, rows);
      if (expected === undefined || blocks < LEAST_BLOCKS || blocks <= expected) continue;
      const isIndex = node.kind !== 'Seq Scan';
      const stake: Stake = ownStake(node, 1 - expected / (isIndex ? LEAST_FACTOR : 1) / blocks);
      yield {
        node: node.id,
        message: () =>
          `Read ${formatCount(blocks)} blocks for ${formatRows(rows)} of ${node.relation ?? 'the table'}, far more than they need.`,
        evidence: () => [
          { name: 'Blocks', value: formatCount(blocks) },
          { name: 'Rows read', value: formatCount(rows) },
          { name: 'Blocks a row', value: formatCount(blocks / Math.max(1, rows)) },
        ],
        stake,
        fixes: [
          {
            kind: 'maintenance',
            text: isIndex
              ? 'Vacuum the table to remove index entries of dead rows; rebuild a bloated index.'
              : 'Vacuum the table; its space is given back only by VACUUM FULL (which locks it) or pg_repack.',
            sql: `VACUUM (VERBOSE, ANALYZE) ${tableName(node)};`,
          },
        ],
        doubt: isIndex
          ? 'An index condition that skips over many entries reads much as well, and so do indexes that are no B-trees.'
          : 'Rows of 4 kB and more fill a block each.',
      };
    }
  },
};

function rowsRead(node: PlanNode, kept: number): number {
  const names = ['Rows Removed by Filter', 'Rows Removed by Index Recheck'];
  return names.reduce(
    (sum, name) => {
      const count = removed(node, name);
      return sum + (count === undefined ? 0 : count.rows + count.error);
    },
    kept + (node.rowsError ?? 0),
  );
}

/** What the scan may take before it is a finding; undefined for other scans, and where it can't be told. */
function expectedBlocks(node: PlanNode, rows: number): number | undefined {
  const loops = node.loops ?? 1;
  switch (node.kind) {
    case 'Seq Scan':
      return rows;
    case 'Index Scan':
    case 'Index Only Scan': {
      const condition = text(node, 'Index Cond');
      const searches = figure(node, 'Index Searches');
      // A search for each item of a list; how many, only 18 says.
      if (condition === undefined || (searches === undefined && /\b(?:ANY|ALL) \(/.test(condition))) return undefined;
      return LEAST_FACTOR * ((searches === undefined ? loops : Math.max(loops, searches)) * INDEX_DEPTH + rows);
    }
    default:
      return undefined;
  }
}
