import { formatCount, formatMs } from '../../words';
import type { Facts } from '../facts';
import type { Fix, Hit, Rule } from '../finding';
import { jitWallMs } from '../jit';
import { percent } from '../worth';

const LEAST_SHARE = 0.1;
const LEAST_MS = 1;
/** jit_above_cost. */
const DEFAULT_ABOVE_COST = 100_000;
/** What an enable_… setting that is off adds to a cost before PostgreSQL 18. */
const DISABLE_COST = 1e10;

export const jitCost: Rule = {
  id: 'jit-cost',
  title: 'JIT compilation costs more than it can gain',
  trigger: 'JIT compilation took ≥ 10 % of the execution time, and ≥ 1 ms.',
  source: { name: 'pgMustard: JIT' },
  manual: 'jit-decision.html',
  lesson: 'database-tuning',
  *find(facts): Iterable<Hit> {
    const { jit } = facts.plan;
    const { spanMs } = facts;
    const ms = jitWallMs(facts);
    if (jit?.totalMs === undefined || ms === undefined || spanMs === undefined) return;
    if (ms < LEAST_MS || ms < LEAST_SHARE * spanMs) return;
    const isShared = ms < jit.totalMs * 0.999;
    const parts = [
      ['Generation', jit.generationMs],
      ['Inlining', jit.inliningMs],
      ['Optimization', jit.optimizationMs],
      ['Emission', jit.emissionMs],
    ] as const;
    yield {
      message: `JIT compiled ${formatCount(jit.functions ?? 0)} functions in ${formatMs(ms)}${isShared ? ' in each process' : ''}: ${percent(Math.min(1, ms / spanMs))} of the execution time.`,
      evidence: [
        { name: isShared ? 'JIT, all processes together' : 'JIT', value: formatMs(jit.totalMs) },
        ...parts.flatMap(([name, ms]) => (ms === undefined ? [] : [{ name, value: formatMs(ms) }])),
        ...(facts.nodes[0]?.totalCost === undefined
          ? []
          : [{ name: 'Cost of the plan', value: formatCount(facts.nodes[0].totalCost) }]),
      ],
      stake: { ms, errorMs: 0.002 },
      fixes: fixesOf(facts),
      doubt:
        'What the compiled code saved is not in the plan: compare with jit off. A statement that runs for minutes gains more than this.',
    };
  },
};

function fixesOf({ nodes }: Facts): Fix[] {
  const off: Fix = {
    kind: 'setting',
    text: 'Switch JIT off for this session or role and compare.',
    sql: 'SET jit = off;',
  };
  const cost = nodes[0]?.totalCost;
  if (cost === undefined || cost <= 0) return [off];
  if (cost >= DISABLE_COST && nodes.some(({ disabled }) => disabled)) {
    return [
      {
        kind: 'setting',
        text: 'The cost is that high because an enable_… setting is off, which adds 10,000,000,000 before PostgreSQL 18 and so starts JIT: reset it.',
      },
      off,
    ];
  }
  if (cost < DEFAULT_ABOVE_COST)
    return [
      {
        kind: 'setting',
        text: `The plan costs only ${formatCount(cost)}, so jit_above_cost was lowered from its default of 100,000: set it back.`,
        sql: 'SET jit_above_cost = 100000;',
      },
      off,
    ];
  const above = roundedUp(cost * 2);
  return [
    {
      kind: 'setting',
      text: `Compile dearer plans only: this one costs ${formatCount(cost)}, so raise jit_above_cost (default 100,000) above it.`,
      sql: `SET jit_above_cost = ${above};`,
    },
    off,
  ];
}

/** To one figure: 465 is 500. No exponent for any cost that the planner gives. */
function roundedUp(value: number): string {
  const size = 10 ** Math.floor(Math.log10(value));
  return Math.max(1, Math.ceil(value / size) * size).toFixed(0);
}
