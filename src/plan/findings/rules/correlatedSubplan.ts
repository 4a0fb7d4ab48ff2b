import type { PlanNode } from '../../model';
import { formatCount, formatMs, nodeTitle } from '../../words';
import { ran, text, wholeStake, type Facts } from '../facts';
import type { Fix, Hit, Rule } from '../finding';
import { isReal } from '../worth';
import { notInOf } from './notInSubplan';

const LEAST_LOOPS = 10;
const LEAST_SHARE = 0.05;

/** A subquery that runs once for each row. */
export const correlatedSubplan: Rule = {
  id: 'correlated-subplan',
  title: 'Subquery runs once for each row',
  trigger: `A SubPlan that is not hashed ran ≥ ${LEAST_LOOPS} times and took ≥ 5 % of the time.`,
  source: {
    name: 'PostgreSQL manual: SubPlan',
    url: 'https://www.postgresql.org/docs/current/using-explain.html#USING-EXPLAIN-BASICS',
  },
  manual: 'using-explain.html#USING-EXPLAIN-BASICS',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    for (const node of facts.subplans) {
      if (node.relationship !== 'SubPlan' || !ran(node)) continue;
      const { loops = 0, subplan = 'SubPlan' } = node;
      const stake = wholeStake(node);
      if (loops < LEAST_LOOPS || !isReal(facts, stake, LEAST_SHARE)) continue;
      const parent = facts.parent(node);
      if (parent === undefined || notInOf(facts, parent, node) !== undefined) continue;
      const place = placeOf(parent, subplan);
      yield {
        node: node.id,
        message: `Ran ${subplan} ${formatCount(loops)} times${
          node.inclusiveMs === undefined ? '' : `, ${formatMs(node.inclusiveMs)} in all`
        }: once for each row that ${nodeTitle(parent)} ${place === undefined ? 'gives' : `evaluates in its ${place}`}.`,
        evidence: [
          { name: 'Loops', value: formatCount(loops) },
          ...(node.inclusiveMs === undefined
            ? []
            : [{ name: 'Time of one loop', value: formatMs((node.inclusiveMs * node.processes) / loops) }]),
          ...(place === undefined ? [] : [{ name: 'Evaluated in', value: place }]),
        ],
        stake,
        fixes: fixesOf(facts, node),
        doubt:
          'With an index that answers it and few rows above, one look-up for each row is the cheapest plan; a join would compute the result for rows that are not wanted.',
      };
    }
  },
};

const PLACES = ['Filter', 'Join Filter', 'One-Time Filter', 'Hash Cond', 'Index Cond', 'Recheck Cond'];
/** Longer conditions are not searched. */
const MOST_TEXT = 20_000;

/** Where it is evaluated; undefined for the output, which only VERBOSE prints. */
function placeOf(parent: PlanNode, subplan: string): string | undefined {
  return PLACES.find((name) => {
    const condition = text(parent, name);
    return condition !== undefined && condition.length < MOST_TEXT && condition.includes(`${subplan})`);
  });
}

function fixesOf(facts: Facts, node: PlanNode): Fix[] {
  const isAggregate = node.kind === 'Aggregate' && text(node, 'Strategy') === 'Plain';
  const isLimited = node.kind === 'Limit';
  const scan = keyedScan(facts, node);
  return [
    isAggregate
      ? {
          kind: 'rewrite',
          text: `Compute it for all keys at once and join: LEFT JOIN (SELECT key, aggregate FROM ${scan?.relation ?? '…'} GROUP BY key) s ON s.key = …; count() needs coalesce(…, 0).`,
        }
      : isLimited
        ? {
            kind: 'rewrite',
            text: 'Rank once and join: SELECT DISTINCT ON (key) … ORDER BY key, …; or keep it as LEFT JOIN LATERAL (… LIMIT n) with an index on the key and the order.',
          }
        : {
            kind: 'rewrite',
            text: 'Write it as a join (LEFT JOIN on the key for a value, EXISTS alone in WHERE for a test: beside OR it can become no semi-join, so use UNION).',
          },
    {
      kind: 'design',
      text: `Where it must stay, let one loop be an index look-up${scan?.relation === undefined ? '' : ` in ${scan.relation}`}: on the columns compared with the outer row, then those it returns.`,
    },
  ];
}

/** The first table that the SubPlan reads. */
function keyedScan(facts: Facts, node: PlanNode): PlanNode | undefined {
  let at: PlanNode | undefined = node;
  for (let steps = 0; at !== undefined && at.relation === undefined && steps < 20; steps++) at = facts.children(at)[0];
  return at?.relation === undefined ? undefined : at;
}
