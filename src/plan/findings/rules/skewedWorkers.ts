import type { PlanNode } from '../../model';
import { figureOf, isList, isProperties } from '../../raw';
import { formatCount, formatFactor, formatMs, nodeTitle } from '../../words';
import { ran } from '../facts';
import type { Hit, Rule } from '../finding';
import { isReal, timeStake } from '../worth';

const LEAST_FACTOR = 2;
const LEAST_SHARE = 0.1;
/** Processes differ by chance; less than that says nothing. */
const LEAST_MS = 10;

/** One process has most of the work, the others wait for it. EXPLAIN lists processes with VERBOSE only. */
export const skewedWorkers: Rule = {
  id: 'skewed-workers',
  title: 'Work is unevenly spread over workers',
  trigger:
    'Of the processes below a Gather (listed by VERBOSE), one took ≥ 2 × the mean, ≥ 10 ms and ≥ 10 % of the time more than an even split.',
  source: {
    name: 'PostgreSQL manual: parallel plans',
    url: 'https://www.postgresql.org/docs/current/parallel-plans.html',
  },
  manual: 'parallel-plans.html#PARALLEL-SCANS',
  lesson: 'database-tuning',
  *find(facts): Iterable<Hit> {
    for (const gather of facts.ofKind('Gather', 'Gather Merge')) {
      const node = facts.child(gather, 'Outer');
      if (node === undefined || !ran(node) || (gather.loops ?? 1) > 1) continue;
      const processes = processesOf(node);
      if (processes.length < 2) continue;
      let total = 0;
      let slowest = processes[0];
      for (const process of processes) {
        total += process.ms;
        if (slowest === undefined || process.ms > slowest.ms) slowest = process;
      }
      const mean = total / processes.length;
      if (slowest === undefined || slowest.ms < LEAST_FACTOR * mean || slowest.ms - mean < LEAST_MS) continue;
      const stake = timeStake(slowest.ms - mean, (node.inclusiveErrorMs ?? 0) + 0.0005 * slowest.loops);
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      const alone = oneProcessScan(facts.nodes, node);
      yield {
        node: gather.id,
        message: `${slowest.name} worked ${formatMs(slowest.ms)}, ${formatFactor(slowest.ms / mean)} the mean of ${formatCount(processes.length)} processes; the others had to wait.`,
        evidence: processes.slice(0, 16).map(({ name, ms }) => ({ name, value: formatMs(ms) })),
        stake,
        fixes: [
          alone === undefined
            ? {
                kind: 'rewrite',
                text: 'Find what one process does alone: a join key with one very common value, or costly rows that lie together in the table.',
              }
            : {
                kind: 'setting',
                text: `${nodeTitle(alone)} was read by one process: let it be shared. Its table may be below min_parallel_table_scan_size, or its expressions may not be parallel safe.`,
              },
        ],
        doubt:
          'The leader also gathers the rows of the others and so does less itself; short scans end before all workers have started.',
      };
    }
  },
};

interface Process {
  readonly name: string;
  readonly ms: number;
  readonly loops: number;
}

/** The workers as listed, and the leader: what is left of the node's own figures, which are the mean of all. */
function processesOf(node: PlanNode): Process[] {
  const workers = node.properties['Workers'];
  if (!isList(workers)) return [];
  const processes: Process[] = [];
  let [ms, loops] = [(figureOf(node.properties, 'Actual Total Time') ?? 0) * (node.loops ?? 0), node.loops ?? 0];
  for (const worker of workers) {
    if (!isProperties(worker)) continue;
    const time = figureOf(worker, 'Actual Total Time');
    const ran = figureOf(worker, 'Actual Loops');
    if (time === undefined || ran === undefined) continue;
    const process = {
      name: `Worker ${figureOf(worker, 'Worker Number') ?? processes.length}`,
      ms: time * ran,
      loops: ran,
    };
    processes.push(process);
    ms -= process.ms;
    loops -= ran;
  }
  if (processes.length > 0 && loops > 0) processes.push({ name: 'The leader', ms: Math.max(0, ms), loops });
  return processes;
}

/** Searched for the cause. */
const MOST_NODES = 10_000;

/** The dearest scan below that one process read alone: a member of a Parallel Append that is not shared. */
function oneProcessScan(nodes: readonly PlanNode[], top: PlanNode): PlanNode | undefined {
  let found: PlanNode | undefined;
  const end = Math.min(nodes.length, top.id + MOST_NODES);
  for (let id = top.id + 1; id < end; id++) {
    const node = nodes[id];
    if (node === undefined || node.depth <= top.depth) break;
    const isShared = node.type.startsWith('Parallel ');
    if (node.relation === undefined || isShared || node.processes > 1 || !ran(node)) continue;
    if (found === undefined || (node.inclusiveMs ?? 0) > (found.inclusiveMs ?? 0)) found = node;
  }
  return found;
}
