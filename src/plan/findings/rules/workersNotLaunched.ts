import { formatCount, nodeTitle } from '../../words';
import { figure, ran, wholeStake } from '../facts';
import type { Finding, Hit, Rule } from '../finding';
import { isReal } from '../worth';

const LEAST_SHARE = 0.05;

export const workersNotLaunched: Rule = {
  id: 'workers-not-launched',
  title: 'Fewer workers than planned',
  trigger: 'A Gather launched fewer workers than planned, and those missing could have spared ≥ 5 % of the time.',
  source: {
    name: 'PostgreSQL manual: how parallel query works',
    url: 'https://www.postgresql.org/docs/current/how-parallel-query-works.html',
  },
  manual: 'runtime-config-resource.html#GUC-MAX-PARALLEL-WORKERS',
  lesson: 'database-tuning',
  *find(facts): Iterable<Hit> {
    for (const node of facts.ofKind('Gather', 'Gather Merge')) {
      if (!ran(node)) continue;
      const planned = figure(node, 'Workers Planned') ?? 0;
      const launched = figure(node, 'Workers Launched') ?? 0;
      if (launched >= planned || node.properties['Single Copy'] === true) continue;
      const whole = wholeStake(node, 1 - (launched + 1) / (planned + 1));
      const stake = whole.ms === undefined ? {} : { ms: whole.ms, errorMs: whole.errorMs ?? 0 };
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      yield {
        node: node.id,
        message: `${nodeTitle(node)} got ${formatCount(launched)} of ${formatCount(planned)} workers: the plan was made for ${formatCount(planned + 1)} processes and ran in ${formatCount(launched + 1)}.`,
        evidence: [
          { name: 'Workers planned', value: formatCount(planned) },
          { name: 'Workers launched', value: formatCount(launched) },
          ...settings(facts.plan.settings),
        ],
        stake,
        fixes: [
          {
            kind: 'setting',
            text: `Look at both limits of all sessions together: max_parallel_workers (default 8) and max_worker_processes (default 8, needs a restart). Sessions × ${formatCount(planned)} workers must fit.`,
            sql: "SELECT name, setting, context FROM pg_settings WHERE name IN ('max_parallel_workers', 'max_worker_processes', 'max_parallel_workers_per_gather');",
          },
          {
            kind: 'setting',
            text: 'Where many sessions run at once, plan fewer workers for each instead: lower max_parallel_workers_per_gather.',
          },
        ],
        doubt:
          'Other sessions may have held the workers for this moment only: run it again. On a busy server fewer workers can be right.',
      };
    }
  },
};

/** Those of EXPLAIN (SETTINGS) that limit workers. */
function settings(all: Readonly<Record<string, string>>): Finding['evidence'] {
  return Object.entries(all)
    .filter(([name]) => name.startsWith('max_parallel_workers') || name === 'max_worker_processes')
    .map(([name, value]) => ({ name, value }));
}
