import { formatBytes } from '../words';
import { figure, type Facts } from './facts';
import type { Fix } from './finding';
import type { PlanNode } from '../model';
import { isList, isProperties, type RawProperties } from '../raw';

/** What work_mem would have to be: what rules about spilling have in common. */

/** More than that for one operation is no setting to advise. */
const MOST_KB = 1024 * 1024;

/** The next power of two, in the unit that PostgreSQL shows it in: 5,900 kB is "8MB". */
function memorySetting(kB: number): string {
  const rounded = 2 ** Math.ceil(Math.log2(Math.max(1024, kB)));
  return rounded >= 1024 * 1024 ? `${rounded / 1024 / 1024}GB` : `${rounded / 1024}MB`;
}

/** `kB` of work_mem, or why not. */
export function workMemFix({ plan }: Facts, kB: number, says: string): Fix {
  const now = plan.settings['work_mem'];
  const since = now === undefined ? '' : ` It is ${now} now.`;
  if (!(kB <= MOST_KB))
    return {
      kind: 'rewrite',
      text: `It would take about ${formatBytes(kB * 1024)} of memory, too much for work_mem: read fewer rows or columns.${since}`,
    };
  return { kind: 'setting', text: `${says}${since}`, sql: `SET work_mem = '${memorySetting(kB)}';` };
}

/** A hash may take work_mem × hash_mem_multiplier: 2 from 15 on, 1 before. Where the plan doesn't say, the smaller is safe. */
export function hashMultiplier({ plan }: Facts): number {
  const set = Number(plan.settings['hash_mem_multiplier'] ?? 1);
  return set >= 1 && set <= 1000 ? set : 1;
}

/** The node's own figures and those of its workers. */
export function* processFigures(node: PlanNode): Generator<RawProperties> {
  yield node.properties;
  const workers = node.properties['Workers'];
  if (isList(workers)) for (const worker of workers) if (isProperties(worker)) yield worker;
}

/** Memory in a doubt: it is per operation and process. */
export const MEMORY_DOUBT =
  'work_mem is a limit for each sort or hash of each process: set it for this query or role, not for the whole server.';

/** "Peak Memory Usage" in kB. */
export function peakMemory(node: PlanNode): number | undefined {
  return figure(node, 'Peak Memory Usage');
}
