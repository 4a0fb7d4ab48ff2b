import { formatBytes, formatCount } from '../../words';
import { addStakes, figure, ownStake } from '../facts';
import type { Rule } from '../finding';
import { hashMultiplier, MEMORY_DOUBT, peakMemory, workMemFix } from '../memory';

export const hashSpills: Rule = {
  id: 'hash-spills',
  title: 'Hash join spills to disk',
  trigger: 'A Hash with more than one batch.',
  source: { name: 'PostgreSQL source, nodeHash.c; pgMustard, pev2' },
  manual: 'runtime-config-resource.html#GUC-HASH-MEM-MULTIPLIER',
  lesson: 'database-tuning',
  *find(facts) {
    for (const node of facts.ofKind('Hash')) {
      const batches = figure(node, 'Hash Batches');
      if (batches === undefined || batches <= 1) continue;
      const join = facts.parent(node);
      const peak = peakMemory(node);
      const planned = figure(node, 'Original Hash Batches');
      // A parallel hash table is shared: each process gives its own work_mem to it.
      const processes = node.type.startsWith('Parallel ') ? Math.max(1, node.processes) : 1;
      yield {
        node: node.id,
        message: `The hash table was split into ${formatCount(batches)} batches${peak === undefined ? '' : ` of ${formatBytes(peak * 1024)}`}: all but one went through temporary files.`,
        evidence: [
          { name: 'Batches', value: formatCount(batches) },
          ...(planned === undefined || planned === batches
            ? []
            : [{ name: 'Batches planned', value: `${formatCount(planned)}: more rows came than estimated` }]),
          ...(peak === undefined ? [] : [{ name: 'Memory of the largest batch', value: formatBytes(peak * 1024) }]),
        ],
        stake: join === undefined ? ownStake(node) : addStakes(ownStake(node), ownStake(join)),
        fixes:
          peak === undefined
            ? [{ kind: 'setting', text: 'Raise work_mem or hash_mem_multiplier.' }]
            : [
                workMemFix(
                  facts,
                  (peak * batches) / hashMultiplier(facts) / processes,
                  'Give the hash table enough memory for a single batch (work_mem × hash_mem_multiplier).',
                ),
              ],
        doubt: `Joining in memory still takes time, and batches may differ in size. ${MEMORY_DOUBT}`,
      };
    }
  },
};
