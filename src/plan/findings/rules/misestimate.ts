import type { PlanNode } from '../../model';
import { formatCount, formatFactor, formatRows, nodeTitle } from '../../words';
import { columnTerms, isEquality, isInList, isRange } from '../conditions';
import { addStakes, figure, ownStake, ran, removed, text, wholeStake, type Facts, type Stake } from '../facts';
import type { Finding, Hit, Rule } from '../finding';
import { errorOf, LEAST_FACTOR, originsOf } from '../origins';
import { statisticsFixes } from '../statistics';
import { inShort, isReal, percent } from '../worth';

const LEAST_SHARE = 0.05;
/** Rows, in a plan that has no times. */
const LEAST_ROWS = 1000;
/** With no consequence to be seen: a factor and rows that will matter some day. */
const LARGE_FACTOR = 100;
const LARGE_ROWS = 10_000;

export const misestimate: Rule = {
  id: 'misestimate',
  title: 'Row estimate far off',
  trigger: `A node gave ≥ ${LEAST_FACTOR} × more or fewer rows than planned, and its inputs do not explain it; what it led to (a nested loop, a spill, a table read whole) took ≥ 5 % of the time, or it is off by ≥ ${LARGE_FACTOR} × and ≥ ${formatCount(LARGE_ROWS)} rows.`,
  source: {
    name: 'PostgreSQL manual: statistics used by the planner',
    url: 'https://www.postgresql.org/docs/current/planner-stats.html',
  },
  manual: 'planner-stats.html#PLANNER-STATS-EXTENDED',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    for (const node of originsOf(facts)) {
      const { rows, planRows, loops = 1, estimateFactor } = node;
      if (rows === undefined || planRows === undefined || estimateFactor === undefined) continue;
      const consequences = consequencesOf(facts, node);
      const most = Math.max(rows, planRows) * loops;
      let stake: Stake = {};
      for (const consequence of consequences) stake = addStakes(stake, consequence.stake);
      const isReason = consequences.length > 0 && isReal(facts, stake, LEAST_SHARE);
      if (!isReason) {
        // That nothing came, without anything to show for it, is as a rule the answer.
        const isLarge = rows > 0 && estimateFactor >= LARGE_FACTOR && most >= LARGE_ROWS;
        if (!isLarge && (facts.spanMs !== undefined || most < LEAST_ROWS)) continue;
        stake = {};
      }
      const led = isReason ? consequences.map(({ says }) => says) : [];
      yield {
        node: node.id,
        message: `Expected ${formatRows(planRows)}${loops > 1 ? ' in each loop' : ''} of ${nodeTitle(node)} and got ${
          rows === 0 ? 'none' : formatCount(rows)
        }: ${node.estimateIsBound ? 'at least ' : ''}${formatFactor(estimateFactor)} ${errorOf(node) > 0 ? 'too few' : 'too many'}.${
          led.length === 0 ? '' : ` So ${led.slice(0, 2).join(', and ')}.`
        }`,
        evidence: [
          { name: 'Rows expected', value: formatCount(planRows) },
          { name: 'Rows found', value: formatCount(rows) },
          ...(loops > 1 ? [{ name: 'Loops', value: formatCount(loops) }] : []),
          ...conditions(node),
          ...assumedShare(node),
          ...led.map((value) => ({ name: 'Led to', value })),
        ],
        stake,
        fixes: statisticsFixes(facts, node),
        doubt: isReason
          ? 'With the right number the planner may choose the same plan: what is at stake is the most that another could save.'
          : 'Nothing in this plan seems to have suffered from it; with other data or joins above it may.',
      };
    }
  },
};

interface Consequence {
  /** After "So". */
  readonly says: string;
  readonly stake: Stake;
}

/** How far up the plan a wrong number is followed. */
const MOST_STEPS = 20;

/** What the wrong number made of the nodes above, as long as they share it; and of the scan's own way. */
function consequencesOf(facts: Facts, origin: PlanNode): Consequence[] {
  const sign = Math.sign(errorOf(origin));
  const found: Consequence[] = [];
  if (sign < 0 && origin.kind === 'Seq Scan' && keepsFew(origin) && isIndexable(origin))
    found.push({ says: 'the whole table was read for few rows', stake: ownStake(origin) });
  if (sign > 0 && origin.kind === 'Index Scan' && (origin.rows ?? 0) >= LEAST_ROWS)
    found.push({ says: 'an index scan fetched many rows one by one', stake: ownStake(origin) });
  let below = origin;
  for (const node of facts.ancestors(origin)) {
    if (below.relationship === 'InitPlan' || below.relationship === 'SubPlan') break;
    const consequence = sign > 0 ? ofTooFew(facts, node, below) : ofTooMany(facts, node, below);
    if (consequence !== undefined) found.push(consequence);
    if (found.length >= MOST_STEPS || origin.depth - node.depth > MOST_STEPS) break;
    if (errorOf(node) * sign < Math.log(2) && !passes(node)) break;
    below = node;
  }
  return found;
}

/** Of few rows an index would have looked up: less than a tenth of what was read. */
function keepsFew(scan: PlanNode): boolean {
  const count = removed(scan, 'Rows Removed by Filter');
  return count !== undefined && count.rows - count.error > 9 * (scan.totalRows ?? 0);
}

/** It compares a column as an index could. */
function isIndexable(scan: PlanNode): boolean {
  return columnTerms(scan, text(scan, 'Filter')).some((term) => isEquality(term) || isInList(term) || isRange(term));
}

/** Its own rows are not to be compared, those below go through all the same. */
function passes({ estimateFactor }: PlanNode): boolean {
  return estimateFactor === undefined;
}

function ofTooFew(facts: Facts, node: PlanNode, below: PlanNode): Consequence | undefined {
  const inner = node.kind === 'Nested Loop' && below.relationship === 'Outer' ? facts.child(node, 'Inner') : undefined;
  if (inner !== undefined) {
    return (inner.loops ?? 0) < 10
      ? undefined
      : {
          says: `a nested loop ran ${nodeTitle(inner)} ${formatCount(inner.loops ?? 0)} times`,
          stake: wholeStake(inner),
        };
  }
  const batches = figure(node, 'Hash Batches') ?? 0;
  if (node.kind === 'Hash' && batches > (figure(node, 'Original Hash Batches') ?? batches))
    return { says: `a hash table was split into ${formatCount(batches)} batches on disk`, stake: ownStake(node) };
  if (node.kind === 'Sort' && text(node, 'Sort Space Type') === 'Disk')
    return { says: 'a sort went to disk', stake: ownStake(node) };
  if (node.kind === 'Aggregate' && (figure(node, 'Disk Usage') ?? 0) > 0)
    return { says: 'a hash aggregate went to disk', stake: ownStake(node) };
  return undefined;
}

/** So few rows were matched that looking each up would have spared reading the other side. */
function ofTooMany(facts: Facts, node: PlanNode, below: PlanNode): Consequence | undefined {
  if (node.kind !== 'Hash Join' && node.kind !== 'Merge Join') return undefined;
  const other = facts.child(node, below.relationship === 'Outer' ? 'Inner' : 'Outer');
  if (other === undefined || !ran(other) || (below.totalRows ?? 0) * 10 > (other.totalRows ?? 0)) return undefined;
  return {
    says: `a ${node.kind.toLowerCase()} read ${formatRows(other.totalRows ?? 0)} to match ${formatRows(below.totalRows ?? 0)}`,
    stake: wholeStake(other),
  };
}

function conditions(node: PlanNode): Finding['evidence'] {
  return ['Index Cond', 'Recheck Cond', 'Filter', 'Hash Cond', 'Merge Cond', 'Join Filter'].flatMap((name) => {
    const condition = text(node, name);
    return condition === undefined ? [] : [{ name, value: inShort(condition) }];
  });
}

/** selfuncs.h: what is assumed of a comparison about which nothing is known. */
const DEFAULTS = [0.005, 1 / 3];

/** Of a scan with its filter: the share of rows that was assumed, and whether that is a default. */
function assumedShare(node: PlanNode): Finding['evidence'] {
  const count = node.kind === 'Seq Scan' ? removed(node, 'Rows Removed by Filter') : undefined;
  const { rows = 0, planRows = 0, loops = 1 } = node;
  const all = rows + (count?.rows ?? 0) / loops;
  if (count === undefined || all < 1000 || planRows > all) return [];
  const share = planRows / all;
  const isDefault = DEFAULTS.some((value) => Math.abs(share / value - 1) < 0.01);
  return [
    { name: 'Share assumed', value: `${percent(share)}${isDefault ? ', the default where nothing is known' : ''}` },
  ];
}
