import { figureOf } from '../../raw';
import { formatBytes, formatCount, formatRows } from '../../words';
import { list, ownStake } from '../facts';
import type { Rule } from '../finding';
import { hashMultiplier, MEMORY_DOUBT, processFigures, workMemFix } from '../memory';

export const hashAggregateSpills: Rule = {
  id: 'hash-aggregate-spills',
  title: 'Hash aggregate spills to disk',
  trigger: 'An Aggregate by hash with disk usage or more than one batch, in any process.',
  source: { name: 'PostgreSQL source, nodeAgg.c; pgMustard' },
  manual: 'runtime-config-resource.html#GUC-HASH-MEM-MULTIPLIER',
  lesson: 'database-tuning',
  *find(facts) {
    for (const node of facts.ofKind('Aggregate')) {
      let disk = 0;
      let batches = 0;
      let needed = 0;
      for (const figures of processFigures(node)) {
        const used = figureOf(figures, 'Disk Usage') ?? 0;
        disk = Math.max(disk, used);
        batches = Math.max(batches, figureOf(figures, 'HashAgg Batches') ?? 0);
        needed = Math.max(needed, (figureOf(figures, 'Peak Memory Usage') ?? 0) + 2 * used);
      }
      if (disk === 0 && batches <= 1) continue;
      yield {
        node: node.id,
        message: `Grouped ${node.totalRows === undefined ? '' : `into ${formatRows(node.totalRows)} `}with ${formatBytes(disk * 1024)} on disk: the groups don't fit into memory.`,
        evidence: [
          { name: 'On disk, largest process', value: formatBytes(disk * 1024) },
          ...(batches > 0 ? [{ name: 'Batches', value: formatCount(batches) }] : []),
          { name: 'Group key', value: list(node, 'Group Key').join(', ') || 'grouping sets' },
        ],
        stake: ownStake(node),
        fixes: [
          workMemFix(
            facts,
            needed / hashMultiplier(facts),
            'Give the groups enough memory (work_mem × hash_mem_multiplier).',
          ),
        ],
        doubt: `Grouping in memory still takes time. How much memory the groups need is an estimate from what was spilled. ${MEMORY_DOUBT}`,
      };
    }
  },
};
