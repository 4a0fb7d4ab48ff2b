import { buffersLine } from '../../buffers';
import { formatCount, formatFactor, formatMs } from '../../words';
import type { Fix, Hit, Rule } from '../finding';

const LEAST_MS = 5;
const MANY_MEMBERS = 50;

export const planningTime: Rule = {
  id: 'planning-time',
  title: 'Planning took longer than execution',
  trigger: `Planning took longer than execution, and ≥ ${LEAST_MS} ms.`,
  source: { name: 'pgMustard: planning time' },
  manual: 'sql-prepare.html#SQL-PREPARE-NOTES',
  lesson: 'database-tuning',
  *find({ plan, nodes }): Iterable<Hit> {
    const { planningMs, executionMs, planningBuffers } = plan;
    if (planningMs === undefined || executionMs === undefined) return;
    if (planningMs < LEAST_MS || planningMs <= executionMs) return;
    let relations = 0;
    for (const node of nodes) if (node.relation !== undefined && node.kind.endsWith('Scan')) relations++;
    const read = planningBuffers?.sharedRead ?? 0;
    const fixes: Fix[] = [];
    if (relations >= MANY_MEMBERS) {
      fixes.push({
        kind: 'design',
        text: `The plan has ${formatCount(relations)} scans: for partitions, name the partition key in WHERE with a constant, so that the others are left out before they are planned; or use fewer, larger partitions.`,
      });
    }
    fixes.push(
      {
        kind: 'rewrite',
        text: 'Prepare the statement once for each session and execute it many times: after five runs PostgreSQL may keep one generic plan.',
      },
      {
        kind: 'setting',
        text: 'Where the generic plan is as good, use it from the first run on.',
        sql: 'SET plan_cache_mode = force_generic_plan;',
      },
    );
    yield {
      message: `Planning took ${formatMs(planningMs)}, execution ${formatMs(executionMs)}${executionMs > 0 ? `: ${formatFactor(planningMs / executionMs)} as long` : ''}.`,
      evidence: [
        { name: 'Planning Time', value: formatMs(planningMs) },
        { name: 'Execution Time', value: formatMs(executionMs) },
        { name: 'Scans in the plan', value: formatCount(relations) },
        ...(planningBuffers === undefined ? [] : [{ name: 'Planning buffers', value: buffersLine(planningBuffers) }]),
      ],
      stake: { ms: planningMs, errorMs: 0.0005 },
      fixes,
      doubt:
        read > 0
          ? `Planning read ${formatCount(read)} blocks that were not cached: the first statement of a session fills its catalogue caches. Run it again.`
          : 'The first statement of a session fills its catalogue caches: run it again. A statement that runs once a minute is not worth preparing.',
    };
  },
};
