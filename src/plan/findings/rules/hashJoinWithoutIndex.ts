import type { PlanNode } from '../../model';
import { formatCount, formatRows } from '../../words';
import { columnTerms, isEquality } from '../conditions';
import { addStakes, ownStake, ran, tableBlocks, text, type Facts } from '../facts';
import { filteredScans, isTable } from '../filters';
import type { Rule } from '../finding';
import { INDEX_COST, indexFix, keysFor, type Keys } from '../indexes';
import { LEAST_FACTOR } from '../origins';
import { isReal } from '../worth';

const LEAST_SHARE = 0.05;
/** Blocks that a look-up in an index takes, at the most; and one more for each row that it finds. */
const LOOK_UP = 4;
/** The whole table has so many times the blocks that look-ups would read: the planner would have chosen an index. */
const LEAST_RATIO = 10;

/** The most common missing index: of a foreign key. */
export const hashJoinWithoutIndex: Rule = {
  id: 'hash-join-without-index',
  title: 'Join reads a whole table to match a few rows',
  trigger: `A Hash Join reads a table by a Seq Scan whose filter is not the matter, and has ${LEAST_RATIO} × the blocks that looking up each row of the other side would take (${LOOK_UP}, and one for each row joined); the other side was estimated right, and it took ≥ 5 % of the time.`,
  source: { name: 'PostgreSQL manual, foreign keys: index the referencing columns; pgMustard' },
  manual: 'ddl-constraints.html#DDL-CONSTRAINTS-FK',
  lesson: 'index-tuning',
  *find(facts) {
    for (const join of facts.ofKind('Hash Join')) {
      for (const { scan, other } of sidesOf(facts, join)) {
        const keys = keysOf(facts, join, scan, other);
        const [read, matched, given] = [scan.totalRows, other.totalRows, join.totalRows];
        const stake = addStakes(ownStake(scan), ownStake(join));
        if (keys === undefined || read === undefined || matched === undefined || given === undefined) continue;
        if (!isReal(facts, stake, LEAST_SHARE)) continue;
        yield {
          node: scan.id,
          message: `Read all ${formatRows(read)} of ${scan.relation ?? 'the table'} to join ${formatRows(matched)}, which gave ${formatCount(given)}.`,
          evidence: [
            { name: 'Rows read', value: formatCount(read) },
            { name: 'Rows of the other side', value: formatCount(matched) },
            { name: 'Rows joined', value: formatCount(given) },
            { name: 'Hash condition', value: text(join, 'Hash Cond') ?? '' },
          ],
          stake,
          fixes: [
            indexFix(scan, keys, 'Index the column that the join compares: only the rows that match are then read.'),
          ],
          doubt: `One may be there that the query can't use: of another type or collation, or switched off. ${INDEX_COST}`,
        };
      }
    }
  },
};

/** The sides that are a table read whole, each with what it is joined to. */
function sidesOf(facts: Facts, join: PlanNode): { scan: PlanNode; other: PlanNode }[] {
  const [outer, hash] = [facts.child(join, 'Outer'), facts.child(join, 'Inner')];
  const inner = hash === undefined ? undefined : facts.child(hash, 'Outer');
  if (outer === undefined || inner === undefined) return [];
  return [
    { scan: outer, other: inner },
    { scan: inner, other: outer },
  ].filter(({ scan }) => scan.kind === 'Seq Scan' && isTable(scan) && ran(scan));
}

function keysOf(facts: Facts, join: PlanNode, scan: PlanNode, other: PlanNode): Keys | undefined {
  const { exclusiveBuffers, totalRows } = scan;
  if (exclusiveBuffers === undefined || totalRows === undefined || other.totalRows === undefined) return undefined;
  if (scan.processes < (scan.loops ?? 1) || (other.estimateFactor ?? 1) >= LEAST_FACTOR) return undefined;
  const lookedUp = other.totalRows * LOOK_UP + (join.totalRows ?? 0);
  if (lookedUp * LEAST_RATIO > tableBlocks(exclusiveBuffers)) return undefined;
  // What the filter removes is another rule's matter.
  if (filteredScans(facts).some(({ node }) => node === scan)) return undefined;
  return keysFor(
    columnTerms(scan, text(join, 'Hash Cond')).filter((term) => isEquality(term) && term.cast === undefined),
  );
}
