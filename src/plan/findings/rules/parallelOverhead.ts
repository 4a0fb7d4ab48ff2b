import { formatCount, formatMs, formatRows, nodeTitle } from '../../words';
import { figure, ran } from '../facts';
import type { Hit, Rule } from '../finding';
import { jitWallMs } from '../jit';
import { isReal, timeStake } from '../worth';

const LEAST_SHARE = 0.1;
const LEAST_MS = 1;

/** A Gather that took longer than its workers' work would have taken one process. */
export const parallelOverhead: Rule = {
  id: 'parallel-overhead',
  title: 'Parallel plan does not pay',
  trigger:
    'A Gather took longer than all its processes worked together: what is more is ≥ 1 ms and ≥ 10 % of the time.',
  source: { name: 'pgMustard: parallel overhead' },
  manual: 'runtime-config-query.html#GUC-PARALLEL-SETUP-COST',
  lesson: 'database-tuning',
  *find(facts): Iterable<Hit> {
    for (const node of facts.ofKind('Gather', 'Gather Merge')) {
      if (!ran(node)) continue;
      const launched = figure(node, 'Workers Launched') ?? 0;
      const child = facts.child(node, 'Outer');
      if (launched === 0 || node.inclusiveMs === undefined || child?.inclusiveMs === undefined) continue;
      const work = child.inclusiveMs * child.processes;
      const errorMs = (node.inclusiveErrorMs ?? 0) + (child.inclusiveErrorMs ?? 0) * child.processes;
      // What JIT took is another finding.
      const more = node.inclusiveMs - work - (jitWallMs(facts) ?? 0);
      const stake = timeStake(more, errorMs);
      if (more < LEAST_MS || !isReal(facts, stake, LEAST_SHARE)) continue;
      const rows = node.totalRows ?? 0;
      yield {
        node: node.id,
        message: `${nodeTitle(node)} took ${formatMs(node.inclusiveMs)} with ${formatCount(launched)} ${launched === 1 ? 'worker' : 'workers'}; the work in all processes adds up to ${formatMs(work)}.`,
        evidence: [
          { name: 'Time of the Gather', value: formatMs(node.inclusiveMs) },
          { name: 'Work of all processes', value: formatMs(work) },
          { name: 'Rows through the Gather', value: formatRows(rows) },
        ],
        stake,
        fixes: [
          {
            kind: 'setting',
            text: 'Measure it in one process, in this session only.',
            sql: 'SET max_parallel_workers_per_gather = 0;',
          },
          rows >= 100_000
            ? {
                kind: 'rewrite',
                text: `Send fewer rows to the leader: each of ${formatRows(rows)} is copied. Filter or aggregate below the Gather, or raise parallel_tuple_cost.`,
              }
            : {
                kind: 'setting',
                text: 'If one process is faster, ask more of parallel plans: raise parallel_setup_cost (default 1000) or min_parallel_table_scan_size (default 8 MB) where they were lowered.',
              },
        ],
        doubt:
          'Starting workers costs the same few milliseconds however much they do: on more data the plan may pay. The first run of a session, or a busy machine, starts them slower; JIT compiles in each of them.',
      };
    }
  },
};
