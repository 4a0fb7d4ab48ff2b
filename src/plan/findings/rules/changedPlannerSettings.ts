import type { Facts } from '../facts';
import type { Hit, Rule } from '../finding';
import { some } from '../worth';

/** Settings that make the planner decide otherwise than it would, and seldom better. EXPLAIN (SETTINGS) prints those that differ from the default. */
export const changedPlannerSettings: Rule = {
  id: 'changed-planner-settings',
  title: 'Planner settings bend this plan',
  trigger:
    'EXPLAIN (SETTINGS) shows an enable_… switch that is off, random_page_cost below seq_page_cost, free parallel workers or JIT (cost 0), a collapse limit below 8, geqo off, or plan_cache_mode forced.',
  source: {
    name: 'PostgreSQL manual: query planning',
    url: 'https://www.postgresql.org/docs/current/runtime-config-query.html',
  },
  manual: 'runtime-config-query.html',
  lesson: 'database-tuning',
  *find(facts): Iterable<Hit> {
    const odd = oddSettings(facts);
    if (odd.length === 0) return;
    yield {
      message: `Planned with ${some(
        odd.map(({ name, value }) => `${name} = ${value}`),
        4,
      )}: not the plan that the server’s defaults give.`,
      evidence: odd.map(({ name, value, why }) => ({ name, value: `${value} (${why})` })),
      stake: {},
      fixes: [
        {
          kind: 'setting',
          text: 'Set them back for this session and compare; where they come from, pg_settings tells (source, sourcefile).',
          sql: odd.map(({ name }) => `RESET ${name};`).join('\n'),
        },
      ],
      doubt: 'They may be set on purpose, for this experiment or because this server’s disks are measured.',
    };
  },
};

interface Odd {
  readonly name: string;
  readonly value: string;
  readonly why: string;
}

/** By name: when a value is odd, and why. The names are PostgreSQL's, so that they may stand in SQL as they are. */
const CHECKS: readonly (readonly [RegExp, (value: string, facts: Facts) => string | undefined])[] = [
  [/^enable_[a-z_]+$/, (value) => (isOff(value) ? 'a way to run it is switched off' : undefined)],
  [
    /^random_page_cost$/,
    (value, { plan }) =>
      Number(value) < Number(plan.settings['seq_page_cost'] ?? 1)
        ? 'below seq_page_cost: random reads are never cheaper'
        : Number(value) > 10
          ? 'indexes look dearer than on any disk'
          : undefined,
  ],
  [/^seq_page_cost$/, (value) => (Number(value) === 0 ? 'reading tables looks free' : undefined)],
  [/^(?:parallel_setup_cost|parallel_tuple_cost)$/, (value) => (Number(value) === 0 ? 'workers look free' : undefined)],
  [/^jit_above_cost$/, (value) => (Number(value) === 0 ? 'every statement is compiled' : undefined)],
  [
    /^(?:join_collapse_limit|from_collapse_limit)$/,
    (value) => (Number(value) < 8 ? 'joins are tried in the written order' : undefined),
  ],
  [/^geqo$/, (value) => (isOff(value) ? 'many joins are planned exhaustively' : undefined)],
  [/^plan_cache_mode$/, (value) => (value.startsWith('force_') ? 'prepared plans are forced' : undefined)],
];

function oddSettings(facts: Facts): Odd[] {
  const odd: Odd[] = [];
  for (const [name, value] of Object.entries(facts.plan.settings)) {
    const check = CHECKS.find(([pattern]) => pattern.test(name));
    const why = check?.[1](value, facts);
    if (why !== undefined) odd.push({ name, value, why });
  }
  return odd;
}

function isOff(value: string): boolean {
  return value === 'off' || value === 'false';
}
