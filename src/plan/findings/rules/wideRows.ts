import type { PlanNode } from '../../model';
import { formatBytes, formatCount, formatRows, nodeTitle } from '../../words';
import { figure, ownStake } from '../facts';
import type { Hit, Rule } from '../finding';
import { isReal } from '../worth';

const LEAST_WIDTH = 2000;
const LEAST_BYTES = 8 * 1024 * 1024;
const LEAST_SHARE = 0.05;

/** What keeps or sends whole rows. */
const CARRIERS = [
  'Sort',
  'Incremental Sort',
  'Hash',
  'Materialize',
  'WindowAgg',
  'Gather',
  'Gather Merge',
  'CTE Scan',
  'Unique',
];

/** Wide rows carried through sorts, hash tables and workers. Said once, of the node that pays most. */
export const wideRows: Rule = {
  id: 'wide-rows',
  title: 'Wide rows',
  trigger: `Rows of ≥ ${formatCount(LEAST_WIDTH)} bytes, ≥ 8 MB of them, went through a sort, a hash table, a Materialize, a window, a CTE or a Gather that took ≥ 5 % of the time.`,
  source: { name: 'pgMustard: wide rows' },
  manual: 'storage-toast.html',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    let worst: { node: PlanNode; bytes: number } | undefined;
    let nodes = 0;
    for (const node of facts.ofKind(...CARRIERS)) {
      const bytes = volume(node);
      if (bytes === undefined || !isReal(facts, ownStake(node), LEAST_SHARE)) continue;
      nodes++;
      if (worst === undefined || (node.exclusiveMs ?? 0) > (worst.node.exclusiveMs ?? 0)) worst = { node, bytes };
    }
    if (worst === undefined) return;
    const { node, bytes } = worst;
    const space = figure(node, 'Sort Space Used');
    yield {
      node: node.id,
      message: `${nodeTitle(node)} carried ${formatRows(node.totalRows ?? node.planRows ?? 0)} of about ${formatCount(node.planWidth ?? 0)} bytes: ${formatBytes(bytes)}.`,
      evidence: [
        { name: 'Row width, estimated', value: formatBytes(node.planWidth ?? 0) },
        { name: 'Volume', value: formatBytes(bytes) },
        ...(space === undefined ? [] : [{ name: 'Sort space', value: formatBytes(space * 1024) }]),
        ...(nodes > 1 ? [{ name: 'Nodes that carry wide rows', value: formatCount(nodes) }] : []),
      ],
      stake: ownStake(node),
      fixes: [
        {
          kind: 'rewrite',
          text: 'Select the columns that are needed instead of *: text, jsonb and bytea columns travel through every node above the scan.',
        },
        ...(node.kind.endsWith('Sort') || node.kind === 'WindowAgg'
          ? [
              {
                kind: 'rewrite',
                text: 'Sort the keys alone, apply LIMIT, and join the wide columns to what is left.',
              } as const,
            ]
          : []),
      ],
      doubt:
        'The width is the planner’s guess from statistics; values stored out of line (TOAST) count as 18 bytes until they are used.',
    };
  },
};

function volume({ planWidth, totalRows, planRows }: PlanNode): number | undefined {
  if (planWidth === undefined || planWidth < LEAST_WIDTH) return undefined;
  const bytes = planWidth * (totalRows ?? planRows ?? 0);
  return bytes < LEAST_BYTES ? undefined : bytes;
}
