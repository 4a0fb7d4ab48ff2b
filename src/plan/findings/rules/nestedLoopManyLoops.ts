import type { PlanNode } from '../../model';
import { formatCount, formatMs, formatRows, nodeTitle } from '../../words';
import { ran, wholeStake } from '../facts';
import type { Fix, Hit, Rule } from '../finding';
import { isReal } from '../worth';
import { isCartesian } from './cartesianJoin';
import { removesMost } from './joinFilter';

const LEAST_LOOPS = 1000;
const LEAST_SHARE = 0.1;

/** The inner side of a nested loop that is looked up again and again. Where a filter or nothing at all joins the sides, other rules say more. */
export const nestedLoopManyLoops: Rule = {
  id: 'nested-loop-many-loops',
  title: 'Nested loop with many loops',
  trigger: `The inner side of a nested loop ran ≥ ${formatCount(LEAST_LOOPS)} times and took ≥ 10 % of the time.`,
  source: { name: 'pev2, issue 388: flag excessive loops', url: 'https://github.com/dalibo/pev2/issues/388' },
  manual: 'planner-optimizer.html',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    for (const join of facts.ofKind('Nested Loop')) {
      if (!ran(join)) continue;
      const inner = facts.child(join, 'Inner');
      const outer = facts.child(join, 'Outer');
      if (inner === undefined || outer === undefined || inner.kind === 'Memoize' || inner.kind === 'Materialize')
        continue;
      const { loops = 0 } = inner;
      const stake = wholeStake(inner);
      if (loops < LEAST_LOOPS || !isReal(facts, stake, LEAST_SHARE)) continue;
      if (removesMost(facts, join) !== undefined || isCartesian(facts, join)) continue;
      const perLoop = inner.inclusiveMs === undefined ? undefined : (inner.inclusiveMs * inner.processes) / loops;
      yield {
        node: join.id,
        message: `Ran ${nodeTitle(inner)} ${formatCount(loops)} times${
          inner.inclusiveMs === undefined ? '' : `, ${formatMs(inner.inclusiveMs)} in all`
        }, once for each row of the outer side.`,
        evidence: [
          { name: 'Loops of the inner side', value: formatCount(loops) },
          ...(outer.planRows === undefined
            ? []
            : [{ name: 'Rows expected of the outer side', value: formatCount(outer.planRows * (outer.loops ?? 1)) }]),
          ...(perLoop === undefined ? [] : [{ name: 'Time of one loop', value: formatMs(perLoop) }]),
          ...(inner.rows === undefined ? [] : [{ name: 'Rows of one loop', value: formatRows(inner.rows) }]),
        ],
        stake,
        fixes: fixesOf(outer, inner),
        doubt:
          'Right where few of many rows are wanted: a hash join would read the inner side whole, once. A loop is dear only when its table is not cached or its index fits badly.',
      };
    }
  },
};

function fixesOf(outer: PlanNode, inner: PlanNode): Fix[] {
  const { rows = 0, planRows = 0, estimateFactor = 1 } = outer;
  const isUnderestimated = estimateFactor >= 10 && rows > planRows;
  return [
    ...(isUnderestimated
      ? [
          {
            kind: 'maintenance',
            text: `Correct the estimate first: the outer side was expected to give ${formatRows(planRows)} and gave ${formatRows(rows)}. With the right number the planner would weigh a hash join.`,
          } as const,
        ]
      : []),
    ...(inner.relation === undefined && inner.index === undefined
      ? []
      : [
          {
            kind: 'setting',
            text: 'Measure the other join: plan it once without nested loops, in this session only. If it is faster, its hash table may need more work_mem, or random_page_cost is too low for this storage.',
            sql: 'SET enable_nestloop = off;',
          } as const,
        ]),
    {
      kind: 'rewrite',
      text: 'Reduce the rows of the outer side before the join: filter or aggregate them first, so that fewer are looked up.',
    },
  ];
}
