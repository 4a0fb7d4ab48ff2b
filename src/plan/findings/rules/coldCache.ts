import type { PlanNode } from '../../model';
import { formatBlocks, formatCount, nodeTitle } from '../../words';
import type { Hit, Rule } from '../finding';
import { tableName } from '../names';
import { percent } from '../worth';

const LEAST_BLOCKS = 1000;
const LEAST_PART = 0.5;
/** Of the reading nodes' own time, for each block read: less can have come from the operating system's cache only. */
const LEAST_MS = 0.02;

/** Most blocks came from outside PostgreSQL's cache. Where I/O was timed, slow-io tells what that cost. */
export const coldCache: Rule = {
  id: 'cold-cache',
  title: 'Blocks were not in shared buffers',
  trigger: `≥ ${formatCount(LEAST_BLOCKS)} shared blocks (8 MB) and ≥ 50 % of all were read from outside shared buffers, at ≥ 0.02 ms of the reading nodes’ time each; the plan has no I/O timings.`,
  source: {
    name: 'PostgreSQL manual: EXPLAIN, BUFFERS',
    url: 'https://www.postgresql.org/docs/current/sql-explain.html',
  },
  manual: 'runtime-config-resource.html#GUC-SHARED-BUFFERS',
  lesson: 'database-tuning',
  *find({ nodes }): Iterable<Hit> {
    let [hit, read, ms] = [0, 0, 0];
    let isTimed = false;
    let most: PlanNode | undefined;
    for (const node of nodes) {
      if (node.io !== undefined) return;
      const own = node.exclusiveBuffers;
      if (own === undefined) continue;
      hit += own.sharedHit;
      read += own.sharedRead;
      if (own.sharedRead > 0 && node.exclusiveMs !== undefined) {
        ms += node.exclusiveMs;
        isTimed = true;
      }
      if (own.sharedRead > (most?.exclusiveBuffers?.sharedRead ?? 0)) most = node;
    }
    if (most === undefined || read < LEAST_BLOCKS || read < LEAST_PART * (hit + read)) return;
    if (isTimed && ms < LEAST_MS * read) return;
    const relation = most.relation;
    yield {
      node: most.id,
      message: `Read ${formatBlocks(read)} (${formatCount(read)} blocks, ${percent(read / (hit + read))} of all) from outside shared buffers, most of it in ${nodeTitle(most)}.`,
      evidence: [
        { name: 'Shared blocks read', value: formatCount(read) },
        { name: 'Shared blocks hit', value: formatCount(hit) },
        { name: 'Read by this node', value: formatCount(most.exclusiveBuffers?.sharedRead ?? 0) },
      ],
      // How much of the time it was, only I/O timings tell.
      stake: {},
      fixes: [
        {
          kind: 'setting',
          text: 'Run it again and compare: blocks that are read once more did not stay. Let EXPLAIN time the reads.',
          sql: 'SET track_io_timing = on;',
        },
        ...(relation === undefined
          ? []
          : [
              {
                kind: 'maintenance',
                text: 'Where it must be fast after a restart, load the table ahead (extension pg_prewarm).',
                sql: `SELECT pg_prewarm('${tableName(most).replaceAll("'", "''")}');`,
              } as const,
            ]),
        {
          kind: 'setting',
          text: 'If it stays so, the working set exceeds shared_buffers: about a quarter of the memory is a start.',
        },
      ],
      doubt:
        'The operating system may have had the blocks in its cache, which is nearly as fast. Large sequential scans use a small ring on purpose and never fill shared buffers.',
    };
  },
};
