import type { PlanNode } from '../../model';
import { formatBlocks, formatRows } from '../../words';
import { ownStake, text } from '../facts';
import type { Fix, Rule } from '../finding';
import { MEMORY_DOUBT, workMemFix } from '../memory';

/** What the other rules about spilling are for. */
const OTHERS = new Set(['Sort', 'Incremental Sort', 'Hash', 'Hash Join', 'Aggregate']);
/** Blocks: below, the temporary file cost next to nothing. */
const LEAST = 128;

export const tempBlocks: Rule = {
  id: 'temp-blocks',
  title: 'Rows kept in a temporary file',
  trigger:
    'A Materialize, CTE Scan, WindowAgg, Function Scan or other node (not a sort, hash or aggregate) that itself wrote or read 1 MB or more of temporary files.',
  source: { name: 'PostgreSQL manual, work_mem; pgMustard' },
  manual: 'runtime-config-resource.html#GUC-WORK-MEM',
  lesson: 'database-tuning',
  *find(facts) {
    for (const node of facts.nodes) {
      const { exclusiveBuffers } = node;
      if (exclusiveBuffers === undefined || OTHERS.has(node.kind)) continue;
      const { tempRead, tempWritten } = exclusiveBuffers;
      if (tempRead + tempWritten < LEAST) continue;
      yield {
        node: node.id,
        message: `${node.type} wrote ${formatBlocks(tempWritten)} to a temporary file and read ${formatBlocks(tempRead)} from it.`,
        evidence: [
          { name: 'Written', value: formatBlocks(tempWritten) },
          { name: 'Read', value: formatBlocks(tempRead) },
          ...(node.totalRows === undefined ? [] : [{ name: 'Rows', value: formatRows(node.totalRows) }]),
        ],
        stake: ownStake(node),
        fixes: [
          ...rewrites(node),
          workMemFix(facts, Math.max(tempRead, tempWritten) * 8 * 2, 'Give the rows enough memory.'),
        ],
        doubt: `A temporary file is often still in the operating system's cache. ${MEMORY_DOUBT}`,
      };
    }
  },
};

function rewrites(node: PlanNode): Fix[] {
  const cte = text(node, 'CTE Name');
  if (node.kind === 'CTE Scan' && cte !== undefined)
    return [
      {
        kind: 'rewrite',
        text: `Select fewer columns in ${cte}, or write "AS NOT MATERIALIZED" so that it becomes part of the query.`,
      },
    ];
  return node.kind === 'Function Scan'
    ? [{ kind: 'rewrite', text: 'Call the function with arguments that make it return fewer rows.' }]
    : [];
}
