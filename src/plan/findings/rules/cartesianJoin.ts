import type { PlanNode } from '../../model';
import { formatCount, formatRows, nodeTitle } from '../../words';
import { ran, text, wholeStake, type Facts } from '../facts';
import type { Hit, Rule } from '../finding';
import { isReal, stakeWithout } from '../worth';

const LEAST_ROWS = 10_000;
const LEAST_SHARE = 0.05;

/** Every row of one side with every row of the other. */
export const cartesianJoin: Rule = {
  id: 'cartesian-join',
  title: 'Join without a condition',
  trigger: `A nested loop without any condition between its sides gave ≥ ${formatCount(LEAST_ROWS)} rows and took ≥ 5 % of the time.`,
  source: {
    name: 'PostgreSQL manual: cross join',
    url: 'https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-JOIN',
  },
  manual: 'queries-table-expressions.html#QUERIES-JOIN',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    for (const join of facts.ofKind('Nested Loop')) {
      const [outer, inner] = [facts.child(join, 'Outer'), facts.child(join, 'Inner')];
      if (outer === undefined || inner === undefined || !isCartesian(facts, join)) continue;
      const stake = stakeWithout(wholeStake(join), wholeStake(outer));
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      yield {
        node: join.id,
        message: `Paired each of ${formatRows(outer.totalRows ?? 0)} with each of ${formatRows(inner.rows ?? 0)}: ${formatRows(join.totalRows ?? 0)}, with no condition between the two sides.`,
        evidence: [
          { name: 'Outer side', value: `${nodeTitle(outer)}, ${formatRows(outer.totalRows ?? 0)}` },
          { name: 'Inner side', value: `${nodeTitle(inner)}, ${formatRows(inner.rows ?? 0)}` },
          { name: 'Product', value: formatRows(join.totalRows ?? 0) },
        ],
        stake,
        fixes: [
          {
            kind: 'rewrite',
            text: `Check the joins of these two tables for a missing condition (a comma in FROM without its WHERE, ON true, a condition on the wrong alias).`,
          },
          {
            kind: 'rewrite',
            text: 'Where all pairs are meant, filter or aggregate each side before they meet.',
          },
        ],
        doubt: 'All pairs may be what the query is for, such as a calendar times each product.',
      };
    }
  },
};

/** What is computed anew for each outer row without EXPLAIN saying from what: LATERAL functions. */
const OPAQUE = new Set(['Function Scan', 'Table Function Scan', 'Values Scan', 'ProjectSet', 'Result', 'Memoize']);
const CONDITIONS = [
  'Index Cond',
  'Filter',
  'Recheck Cond',
  'TID Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'Order By',
];
/** Larger subtrees and longer conditions are not searched; silence is the safe answer. */
const MOST_NODES = 100;
const MOST_TEXT = 10_000;

/** Many pairs, and no condition joins the sides: no filter at the join, nothing in the inner side that asks for an outer column. */
export function isCartesian(facts: Facts, join: PlanNode): boolean {
  if (join.kind !== 'Nested Loop' || !ran(join) || (join.totalRows ?? 0) < LEAST_ROWS) return false;
  const type = text(join, 'Join Type') ?? 'Inner';
  if (type !== 'Inner' || text(join, 'Join Filter') !== undefined || join.properties['Inner Unique'] === true)
    return false;
  const [outer, inner] = [facts.child(join, 'Outer'), facts.child(join, 'Inner')];
  if (outer === undefined || inner === undefined || (inner.rows ?? 0) < 2 || (outer.rows ?? 0) < 2) return false;
  const [inside, outside] = [subtree(facts, inner), subtree(facts, outer)];
  if (inside === undefined || outside === undefined || inside.some(({ kind }) => OPAQUE.has(kind))) return false;
  const aliases = outside.flatMap(({ alias, relation }) => alias ?? relation ?? []).map(lastWord);
  if (aliases.includes('')) return false;
  return inside.every((node) => {
    const asked = qualifiersOf(node);
    return asked !== undefined && !aliases.some((alias) => asked.has(alias));
  });
}

function subtree(facts: Facts, root: PlanNode): PlanNode[] | undefined {
  const found: PlanNode[] = [];
  for (let id = root.id; id < facts.nodes.length; id++) {
    const node = facts.node(id);
    if (id > root.id && node.depth <= root.depth) return found;
    if (found.length === MOST_NODES) return undefined;
    found.push(node);
  }
  return found;
}

/** A node lies in many subtrees, its conditions are read once. */
const read = new WeakMap<PlanNode, ReadonlySet<string> | null>();

/** The last words before each dot in the node's conditions: "o" of `o.id`; undefined where they may hide an outer column. */
function qualifiersOf(node: PlanNode): ReadonlySet<string> | undefined {
  const known = read.get(node);
  if (known !== undefined) return known ?? undefined;
  const found = new Set<string>();
  for (const name of CONDITIONS) {
    const condition = text(node, name);
    if (condition === undefined) continue;
    // A parameter ($0) may stand for an outer column; what a SubPlan is given is not printed.
    if (condition.length > MOST_TEXT || /\$\d|SubPlan/.test(condition)) {
      read.set(node, null);
      return undefined;
    }
    for (let dot = condition.indexOf('.'); dot >= 0; dot = condition.indexOf('.', dot + 1))
      found.add(lastWord(condition.slice(Math.max(0, dot - LONGEST_NAME), dot)));
  }
  read.set(node, found);
  return found;
}

/** PostgreSQL cuts names at 63 bytes. */
const LONGEST_NAME = 66;

/** "table" of `("My table"`; "" where there is none. */
function lastWord(name: string): string {
  let end = name.length;
  while (end > 0 && name[end - 1] === '"') end--;
  let start = end;
  while (start > 0 && /[\p{L}\p{N}_$]/u.test(name[start - 1] ?? '')) start--;
  return name.slice(start, end);
}
