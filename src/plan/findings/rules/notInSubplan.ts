import type { PlanNode } from '../../model';
import { formatCount, formatMs, formatRows, nodeTitle } from '../../words';
import { ran, text, wholeStake, type Facts } from '../facts';
import type { Fix, Hit, Rule } from '../finding';
import { tableName } from '../names';
import { isReal } from '../worth';

const LEAST_SHARE = 0.05;

export const notInSubplan: Rule = {
  id: 'not-in-subplan',
  title: 'NOT IN (subquery)',
  trigger:
    'A filter has NOT (hashed SubPlan) of NOT IN, and filling its hash table took ≥ 5 % of the time; or NOT IN is not even hashed, and the SubPlan took ≥ 5 %.',
  source: { name: 'PostgreSQL wiki: Don’t use NOT IN', url: 'https://wiki.postgresql.org/wiki/Don%27t_Do_This' },
  manual: 'functions-subquery.html#FUNCTIONS-SUBQUERY-NOTIN',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    for (const node of facts.subplans) {
      if (node.relationship !== 'SubPlan' || !ran(node)) continue;
      const stake = wholeStake(node);
      const parent = facts.parent(node);
      if (parent === undefined || !isReal(facts, stake, LEAST_SHARE)) continue;
      const notIn = notInOf(facts, parent, node);
      if (notIn === undefined) continue;
      const { loops = 0, subplan = 'SubPlan', rows = 0 } = node;
      yield {
        node: node.id,
        message: notIn.isHashed
          ? `NOT IN ran as a filter with a hash table of ${formatRows(rows)} (${subplan}), not as an anti join.`
          : `NOT IN went through ${formatRows(rows)} on average for each of ${formatCount(loops)} rows of ${nodeTitle(parent)}: its list was too large to hash.`,
        evidence: [
          { name: notIn.property, value: notIn.isHashed ? `NOT (hashed ${subplan})` : `NOT (${subplan})` },
          { name: 'Loops', value: formatCount(loops) },
          { name: 'Rows of one loop', value: formatRows(rows) },
          ...(node.inclusiveMs === undefined ? [] : [{ name: 'Time', value: formatMs(node.inclusiveMs) }]),
        ],
        stake,
        fixes: fixesOf(facts, node, notIn),
        doubt: notIn.isHashed
          ? 'While its list fits in memory the hash is fast; past work_mem × hash_mem_multiplier the plan turns to going through the list for each row. NOT EXISTS differs where the list or the column has nulls: NOT IN then gives no row.'
          : 'NOT EXISTS differs where the list or the column has nulls: NOT IN then gives no row, which is seldom meant.',
      };
    }
  },
};

interface NotIn {
  readonly isHashed: boolean;
  readonly property: string;
  /** The outer column, which PostgreSQL prints from 17 on. */
  readonly column: string | undefined;
}

const PLACES = ['Filter', 'Join Filter', 'Hash Cond'];

/** Longer conditions are not searched. */
const MOST_TEXT = 20_000;

/**
 * Whether the parent asks NOT IN of the SubPlan. From 17 on EXPLAIN says so: `NOT (ANY (a.b = (hashed SubPlan 1).col1))`.
 * Before, `NOT (hashed SubPlan 1)` may also be a NOT EXISTS that PostgreSQL chose to hash: then another SubPlan, its
 * alternative, is left out. `NOT (SubPlan 1)` is a NOT IN where its rows are stored in a Materialize, which EXISTS never does.
 */
export function notInOf(facts: Facts, parent: PlanNode, node: PlanNode): NotIn | undefined {
  const { subplan } = node;
  if (subplan === undefined) return undefined;
  for (const property of PLACES) {
    const condition = text(parent, property);
    if (condition === undefined || condition.length > MOST_TEXT) continue;
    for (const hashed of ['hashed ', '']) {
      const isHashed = hashed !== '';
      const at = condition.indexOf(`(${hashed}${subplan})`);
      if (at < 0) continue;
      const before = condition.slice(Math.max(0, at - 300), at);
      const any = /NOT \(ANY \(\(?([^()]*?) = $/.exec(before);
      if (any !== null) return { isHashed, property, column: any[1] };
      if (!before.endsWith('NOT ')) continue;
      if (isHashed ? !isAlternative(facts, subplan) : node.kind === 'Materialize')
        return { isHashed, property, column: undefined };
    }
  }
  return undefined;
}

/** By plan. */
const numbers = new WeakMap<Facts, ReadonlySet<string>>();

/** It may be the hashed form of an EXISTS: the other form, of the number before, was planned and left out. */
function isAlternative(facts: Facts, subplan: string): boolean {
  const number = /^SubPlan (\d+)$/.exec(subplan)?.[1];
  if (number === undefined || number === '1') return false;
  let known = numbers.get(facts);
  if (known === undefined) {
    const found = new Set<string>();
    for (const { subplan: name } of facts.subplans)
      found.add(/^(?:SubPlan|InitPlan) (\d+)/.exec(name ?? '')?.[1] ?? '');
    numbers.set(facts, (known = found));
  }
  return !known.has(String(Number(number) - 1));
}

function fixesOf(facts: Facts, node: PlanNode, { isHashed, column }: NotIn): Fix[] {
  let scan: PlanNode | undefined = node;
  for (let steps = 0; scan !== undefined && scan.relation === undefined && steps < 20; steps++)
    scan = facts.children(scan)[0];
  const table = scan?.relation === undefined ? '…' : tableName(scan);
  return [
    {
      kind: 'rewrite',
      text: `Use NOT EXISTS, which becomes an anti join: WHERE NOT EXISTS (SELECT FROM ${table} s WHERE s.… = ${column ?? '…'}).`,
    },
    ...(isHashed
      ? []
      : [
          {
            kind: 'setting',
            text: 'Until it is rewritten, let the list fit in a hash table: raise work_mem for this statement until the plan says "hashed SubPlan".',
          } as const,
        ]),
  ];
}
