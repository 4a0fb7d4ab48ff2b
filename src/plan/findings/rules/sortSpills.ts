import type { PlanNode } from '../../model';
import { figureOf, isProperties, textOf } from '../../raw';
import { formatBytes, formatCount, formatRows } from '../../words';
import { list, ownStake } from '../facts';
import type { Rule } from '../finding';
import { indexFix, orderOf } from '../indexes';
import { MEMORY_DOUBT, processFigures, workMemFix } from '../memory';

/** A row in memory takes 2–3 times what it takes on disk (tuplesort.c keeps whole tuples and their headers). */
const MEMORY_PER_DISK = 3;

export const sortSpills: Rule = {
  id: 'sort-spills',
  title: 'Sort spills to disk',
  trigger: 'A Sort or Incremental Sort whose method is external, or whose space is on disk, in any process.',
  source: { name: 'PostgreSQL manual, work_mem; pgMustard, depesz' },
  manual: 'runtime-config-resource.html#GUC-WORK-MEM',
  lesson: 'database-tuning',
  *find(facts) {
    for (const node of facts.ofKind('Sort', 'Incremental Sort')) {
      const spill = spilled(node);
      if (spill === undefined) continue;
      const scan = facts.child(node, 'Outer');
      // What reads the sort may stop early: its input is what was sorted.
      const sorted = scan?.totalRows ?? node.totalRows;
      const order = scan?.relation === undefined ? undefined : orderOf(node, scan);
      yield {
        node: node.id,
        message: `Sorted ${sorted === undefined ? 'its rows' : formatRows(sorted)} on disk (${formatBytes(spill.largest * 1024)}): they don't fit into work_mem.`,
        evidence: [
          { name: 'On disk, largest process', value: formatBytes(spill.largest * 1024) },
          ...(spill.processes > 1 ? [{ name: 'Processes that spilled', value: formatCount(spill.processes) }] : []),
          { name: 'Sort key', value: list(node, 'Sort Key').join(', ') },
        ],
        stake: ownStake(node),
        fixes: [
          workMemFix(
            facts,
            spill.largest * MEMORY_PER_DISK,
            'Give the sort enough memory: rows take up to 3 × more there than on disk.',
          ),
          ...(scan === undefined || order === undefined
            ? []
            : [
                indexFix(
                  scan,
                  { columns: order.map(({ sql }) => sql), where: undefined },
                  'Or read the rows in this order from an index: where the table lies in nearly this order, or only the first rows are taken.',
                ),
              ]),
        ],
        doubt: `Sorting in memory still takes time; only the part spent on temporary files is saved. ${MEMORY_DOUBT}`,
      };
    }
  },
};

/** kB on disk of the process that needed most. */
function spilled(node: PlanNode): { largest: number; processes: number } | undefined {
  let largest = 0;
  let processes = 0;
  for (const figures of processFigures(node)) {
    let kB = textOf(figures, 'Sort Space Type') === 'Disk' ? (figureOf(figures, 'Sort Space Used') ?? 0) : 0;
    // Incremental Sort: the largest of its groups.
    for (const group of ['Full-sort Groups', 'Pre-sorted Groups']) {
      const properties = figures[group];
      const disk = isProperties(properties) ? properties['Sort Space Disk'] : undefined;
      if (isProperties(disk)) kB = Math.max(kB, figureOf(disk, 'Peak Sort Space Used') ?? 0);
    }
    if (kB <= 0) continue;
    processes++;
    largest = Math.max(largest, kB);
  }
  return processes === 0 ? undefined : { largest, processes };
}
