import { formatCount, formatRows } from '../../words';
import { ownStake } from '../facts';
import { filteredScans, LEAST_RATIO } from '../filters';
import type { Rule } from '../finding';
import { identifier, tableName } from '../names';

const OPERATORS: Readonly<Record<string, string>> = { '~~': 'LIKE', '~~*': 'ILIKE', '~': '~', '~*': '~*' };

export const leadingWildcard: Rule = {
  id: 'leading-wildcard',
  title: 'Pattern that can match anywhere',
  trigger: `A filter with LIKE '%…', ILIKE or a regular expression without an anchor, which removes more than ${LEAST_RATIO} × the rows that it keeps, and compares no column that an index could decide.`,
  source: { name: 'PostgreSQL manual, pg_trgm; Use The Index, Luke' },
  manual: 'pgtrgm.html#PGTRGM-INDEX',
  lesson: 'index-tuning',
  *find(facts) {
    for (const { node, rows, obstacle } of filteredScans(facts)) {
      if (obstacle.kind !== 'wildcard') continue;
      const { side, pattern, term } = obstacle;
      const key =
        side.kind === 'column'
          ? identifier(side.column.name)
          : side.kind === 'expression'
            ? `(${side.bare})`
            : undefined;
      const operator = OPERATORS[term.operator ?? ''] ?? 'LIKE';
      yield {
        node: node.id,
        message: () =>
          `Compared ${formatRows(rows.kept + rows.removed.rows)} with the pattern ${quoted(pattern)} to keep ${formatCount(rows.kept)}: a B-tree can't find what a text contains.`,
        evidence: () => [
          { name: 'Condition', value: `${side.sql} ${operator} ${quoted(pattern)}` },
          { name: 'Rows kept', value: formatCount(rows.kept) },
          { name: 'Rows removed by the filter', value: formatCount(rows.removed.rows) },
        ],
        stake: ownStake(node, rows.part),
        fixes: [
          {
            kind: 'index',
            text: 'Index the trigrams of the text.',
            ...(key === undefined
              ? {}
              : {
                  sql: `CREATE EXTENSION IF NOT EXISTS pg_trgm;\nCREATE INDEX ON ${tableName(node)} USING gin (${key} gin_trgm_ops);`,
                }),
          },
          {
            kind: 'rewrite',
            text: 'Where words are looked for, full-text search fits better; where the start is known, leave the first % out.',
          },
        ],
        doubt: `${
          longestLiteral(pattern) < 3 ? 'Trigrams need three characters in a row, and this pattern has fewer. ' : ''
        }A trigram index is large and slows writes down.`,
      };
    }
  },
};

function quoted(pattern: string): string {
  return `'${pattern.length > 40 ? `${pattern.slice(0, 40)}…` : pattern}'`;
}

/** Characters in a row that are no part of the pattern's syntax. */
function longestLiteral(pattern: string): number {
  return Math.max(
    0,
    ...pattern
      .slice(0, 200)
      .split(/[^\p{L}\p{N}]+/u)
      .map(({ length }) => length),
  );
}
