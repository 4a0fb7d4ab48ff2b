import { formatCount, formatRows, nodeTitle } from '../../words';
import { addStakes, ownStake, ran } from '../facts';
import type { Hit, Rule } from '../finding';
import { isReal } from '../worth';
import { isCartesian } from './cartesianJoin';
import { removesMost } from './joinFilter';

const LEAST_LOOPS = 1000;
const LEAST_ROWS = 1_000_000;
const LEAST_SHARE = 0.05;

/** Rows that are stored once and read through again for each outer row. */
export const materializeRescans: Rule = {
  id: 'materialize-rescans',
  title: 'Stored rows read again and again',
  trigger: `A Materialize was read ≥ ${formatCount(LEAST_LOOPS)} times and ≥ ${formatCount(LEAST_ROWS)} rows in all; with its join it took ≥ 5 % of the time.`,
  source: { name: 'pgMustard: excessive materialization' },
  manual: 'runtime-config-query.html#GUC-ENABLE-MATERIAL',
  lesson: 'query-analysis',
  *find(facts): Iterable<Hit> {
    for (const node of facts.ofKind('Materialize')) {
      if (!ran(node)) continue;
      const join = facts.parent(node);
      if (join?.kind !== 'Nested Loop' || node.relationship !== 'Inner') continue;
      const { loops = 0, totalRows = 0, rows = 0 } = node;
      if (loops < LEAST_LOOPS || totalRows < LEAST_ROWS) continue;
      const stake = addStakes(ownStake(node), ownStake(join));
      if (!isReal(facts, stake, LEAST_SHARE)) continue;
      if (removesMost(facts, join) !== undefined || isCartesian(facts, join)) continue;
      yield {
        node: node.id,
        message: `Read ${formatRows(rows)} again for each of ${formatCount(loops)} outer rows: ${formatRows(totalRows)} in all.`,
        evidence: [
          { name: 'Reads of the stored rows', value: formatCount(loops) },
          { name: 'Rows stored', value: formatRows(rows) },
          { name: 'Below', value: facts.children(node).map(nodeTitle).join(', ') },
        ],
        stake,
        fixes: [
          {
            kind: 'rewrite',
            text: 'Give the join an equality of plain columns, so that it can hash; or narrow the stored side before the join.',
          },
        ],
        doubt:
          'A join on an inequality alone has no other way but pairs; the rows may all be wanted. Storing them was still cheaper than running the inner side each time.',
      };
    }
  },
};
