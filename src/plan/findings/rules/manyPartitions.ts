import type { PlanNode } from '../../model';
import { formatCount, formatMs, nodeTitle } from '../../words';
import { figure, ran, text, wholeStake, addStakes, type Facts, type Stake } from '../facts';
import type { Hit, Rule } from '../finding';
import { inShort, isReal, percent } from '../worth';

const LEAST_MEMBERS = 20;
/** Of the members that ran. */
const LEAST_EMPTY = 0.8;
const LEAST_SHARE = 0.05;

/** Many members of an Append were searched and gave nothing. */
export const manyPartitions: Rule = {
  id: 'many-partitions',
  title: 'Partitions searched in vain',
  trigger: `≥ ${LEAST_MEMBERS} members of an Append ran, ≥ 80 % of them gave no row, and these took ≥ 5 % of the time.`,
  source: { name: 'pev2, issue 476: thousands of partitions', url: 'https://github.com/dalibo/pev2/issues/476' },
  manual: 'ddl-partitioning.html#DDL-PARTITION-PRUNING',
  lesson: 'database-tuning',
  *find(facts): Iterable<Hit> {
    for (const node of facts.ofKind('Append', 'Merge Append')) {
      if (node.children.length < LEAST_MEMBERS) continue;
      if (!ran(node) || facts.limit(node) !== undefined) continue;
      const members = membersOf(facts, node);
      const { ran: count, empty, first, stake } = members;
      if (count < LEAST_MEMBERS || empty < LEAST_EMPTY * count || first === undefined) continue;
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      const filter = text(first, 'Filter') ?? text(first, 'Index Cond') ?? text(first, 'Recheck Cond');
      const { planningMs } = facts.plan;
      yield {
        node: node.id,
        message: `Searched ${formatCount(count)} members; ${formatCount(empty)} of them (${percent(empty / count)}) gave no row.`,
        evidence: [
          { name: 'Members that ran', value: formatCount(count) },
          { name: 'Without a row', value: formatCount(empty) },
          { name: 'First of them', value: nodeTitle(first) },
          ...(filter === undefined ? [] : [{ name: 'Its condition', value: inShort(filter) }]),
          ...(members.removed > 0 ? [{ name: 'Left out before', value: formatCount(members.removed) }] : []),
          ...(planningMs === undefined ? [] : [{ name: 'Planning Time', value: formatMs(planningMs) }]),
        ],
        stake,
        fixes: [
          {
            kind: 'rewrite',
            text: 'Where these are partitions, add the partition key to WHERE: compared with a constant or parameter of the key’s own type, not inside a function or cast. The others are then left out.',
          },
          {
            kind: 'design',
            text: 'If queries seldom know the key, partition by the column that they know, or keep fewer, larger partitions.',
          },
        ],
        doubt:
          'The condition may say nothing about the partition key, and any partition could have had a row. An index on each makes the empty ones cheap.',
      };
    }
  },
};

interface Members {
  ran: number;
  empty: number;
  /** Subplans Removed: pruned when execution began. */
  removed: number;
  /** Of the empty ones. */
  first: PlanNode | undefined;
  stake: Stake;
}

function membersOf(facts: Facts, append: PlanNode): Members {
  const members: Members = {
    ran: 0,
    empty: 0,
    removed: figure(append, 'Subplans Removed') ?? 0,
    first: undefined,
    stake: {},
  };
  for (const id of append.children) {
    const member = facts.node(id);
    if (member.relationship !== 'Member' || member.relation === undefined || !ran(member)) continue;
    members.ran++;
    if (member.totalRows === undefined || member.totalRows > 0 || (member.rowsError ?? 0) > 0) continue;
    members.empty++;
    members.first ??= member;
    members.stake = addStakes(members.stake, wholeStake(member));
  }
  return members;
}
