import type { PlanNode } from '../../model';
import { formatCount, nodeTitle } from '../../words';
import type { Facts } from '../facts';
import type { Hit, Rule } from '../finding';
import { some } from '../worth';

/** A way that an enable_… setting forbids, taken because there is no other. */
export const disabledNode: Rule = {
  id: 'disabled-node',
  title: 'Switched off, and taken all the same',
  trigger: 'A node is marked Disabled (from 18 on), or its cost holds the 10,000,000,000 that marked it before.',
  source: {
    name: 'PostgreSQL manual: planner method configuration',
    url: 'https://www.postgresql.org/docs/current/runtime-config-query.html#RUNTIME-CONFIG-QUERY-ENABLE',
  },
  manual: 'runtime-config-query.html#RUNTIME-CONFIG-QUERY-ENABLE',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    for (const [setting, nodes] of disabledBySetting(facts)) {
      const [first] = nodes;
      if (first === undefined) continue;
      const known = setting.startsWith('enable_');
      yield {
        node: first.id,
        message: `${known ? `${setting} is off` : 'An enable_… setting is off'}, yet ${
          nodes.length === 1
            ? nodeTitle(first)
            : `${formatCount(nodes.length)} nodes (${some([...new Set(nodes.map(nodeTitle))])})`
        } had no other way.`,
        evidence: [
          { name: 'Nodes', value: formatCount(nodes.length) },
          ...(first.totalCost === undefined
            ? []
            : [{ name: 'Cost of the first', value: formatCount(first.totalCost) }]),
        ],
        stake: {},
        fixes: [
          {
            kind: 'setting',
            text: 'Reset it: it is meant for experiments, and distorts the choices around it.',
            ...(known ? { sql: `RESET ${setting};` } : {}),
          },
        ],
        doubt:
          'In an experiment that is the answer: without this way there is none, as a rule because an index is missing or cannot serve.',
      };
    }
  },
};

const SETTINGS: Readonly<Record<string, string>> = {
  'Seq Scan': 'enable_seqscan',
  'Index Scan': 'enable_indexscan',
  'Index Only Scan': 'enable_indexonlyscan',
  'Bitmap Heap Scan': 'enable_bitmapscan',
  'Tid Scan': 'enable_tidscan',
  'Tid Range Scan': 'enable_tidscan',
  'Nested Loop': 'enable_nestloop',
  'Hash Join': 'enable_hashjoin',
  'Merge Join': 'enable_mergejoin',
  Sort: 'enable_sort',
  'Incremental Sort': 'enable_incremental_sort',
  Materialize: 'enable_material',
  'Gather Merge': 'enable_gathermerge',
};

function disabledBySetting({ nodes }: Facts): ReadonlyMap<string, readonly PlanNode[]> {
  const found = new Map<string, PlanNode[]>();
  for (const node of nodes) {
    if (!node.disabled) continue;
    const isHashed = node.kind === 'Aggregate' && node.type.endsWith('HashAggregate');
    const setting = isHashed ? 'enable_hashagg' : Object.hasOwn(SETTINGS, node.kind) ? (SETTINGS[node.kind] ?? '') : '';
    const group = found.get(setting);
    if (group === undefined) found.set(setting, [node]);
    else group.push(node);
  }
  return found;
}
