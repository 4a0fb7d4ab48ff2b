import { formatCount, formatRows } from '../../words';
import { ownStake, text } from '../facts';
import { filteredScans, LEAST_RATIO } from '../filters';
import type { Rule } from '../finding';
import { indexFix } from '../indexes';
import { identifier } from '../names';

export const containsWithoutIndex: Rule = {
  id: 'contains-without-index',
  title: 'Search inside documents, arrays, ranges or areas without an index',
  trigger: `A filter that asks jsonb or an array what it contains, a text for its words (@@), a range or an area whether it overlaps, removes more than ${LEAST_RATIO} × the rows that it keeps, and compares no column that a B-tree could decide.`,
  source: { name: 'PostgreSQL manual, GIN and GiST: built-in operator classes' },
  manual: 'indexes-types.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const { node, rows, obstacle } of filteredScans(facts)) {
      if (obstacle.kind !== 'contains' || obstacle.side.kind === 'unknown') continue;
      const { side, term, method } = obstacle;
      const key =
        side.kind === 'column' ? identifier(side.column.name) : side.kind === 'expression' ? `(${side.bare})` : '';
      yield {
        node: node.id,
        message: () =>
          `Searched in ${formatRows(rows.kept + rows.removed.rows)} of ${node.relation ?? 'the table'} to keep ${formatCount(rows.kept)}: ${method === 'gin' ? 'GIN finds what is inside a value' : 'GiST finds what overlaps'}, a B-tree can't.`,
        evidence: () => [
          { name: 'Condition', value: term.sql },
          { name: 'Rows kept', value: formatCount(rows.kept) },
          { name: 'Rows removed by the filter', value: formatCount(rows.removed.rows) },
          ...(text(node, 'Filter') === term.sql ? [] : [{ name: 'Filter', value: text(node, 'Filter') ?? '' }]),
        ],
        stake: ownStake(node, rows.part),
        fixes: [
          indexFix(
            node,
            { columns: [key], where: undefined },
            method === 'gin' ? 'Index what the values contain.' : 'Index what the values cover.',
            method,
          ),
        ],
        doubt:
          method === 'gin'
            ? 'A GIN index is large and slows writes down; where the search is for what most rows have, it does not help. An expression can be indexed only where it is IMMUTABLE: to_tsvector with its configuration named.'
            : 'Where most rows overlap what is asked for, reading the table is faster. A GiST index slows writes down.',
      };
    }
  },
};
