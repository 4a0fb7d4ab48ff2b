import { formatCount, formatRows } from '../../words';
import type { Side } from '../conditions';
import { ownStake, text } from '../facts';
import { filteredScans, LEAST_RATIO } from '../filters';
import type { Fix, Rule } from '../finding';
import { INDEX_COST, indexFix } from '../indexes';
import type { PlanNode } from '../../model';

export const functionOnColumn: Rule = {
  id: 'function-on-column',
  title: 'Function on a column hides it from indexes',
  trigger: `A filter that compares what is computed of a column (a function, cast or operator), removes more than ${LEAST_RATIO} × the rows that it keeps, and compares no column that an index could decide.`,
  source: { name: 'PostgreSQL manual, Indexes on Expressions; Use The Index, Luke' },
  manual: 'indexes-expressional.html',
  lesson: 'index-tuning',
  *find(facts) {
    for (const { node, rows, obstacle } of filteredScans(facts)) {
      if (obstacle.kind !== 'function') continue;
      const { side, term } = obstacle;
      yield {
        node: node.id,
        message: () =>
          `Computed ${side.sql} for ${formatRows(rows.kept + rows.removed.rows)} to keep ${formatCount(rows.kept)}: an index on the column can't decide it.`,
        evidence: () => [
          { name: 'Condition', value: term.sql },
          { name: 'Rows kept', value: formatCount(rows.kept) },
          { name: 'Rows removed by the filter', value: formatCount(rows.removed.rows) },
          ...(text(node, 'Filter') === term.sql ? [] : [{ name: 'Filter', value: text(node, 'Filter') ?? '' }]),
        ],
        stake: ownStake(node, rows.part),
        fixes: fixesFor(node, side),
        doubt: `An expression can be indexed only where its result depends on nothing but the row (IMMUTABLE): not on the time zone or the language. ${INDEX_COST}`,
      };
    }
  },
};

/** Functions of pg_catalog that are IMMUTABLE for every type they take. */
const IMMUTABLE = new Set(
  'lower upper initcap abs md5 length char_length octet_length btrim ltrim rtrim substr substring left right reverse replace round floor ceil sign coalesce COALESCE SUBSTRING GREATEST LEAST NULLIF split_part translate'.split(
    ' ',
  ),
);

const DATES = new Set(['date_trunc', 'date_part', 'EXTRACT', 'to_char', 'date']);

function fixesFor(node: PlanNode, side: Side & { kind: 'expression' }): Fix[] {
  const { call, cast, bare, columns } = side;
  if (readsDocument(bare)) return documentFixes(node, side);
  const [column] = columns;
  const names = [...new Set(columns.map(({ name }) => name))].join(', ');
  const isDate = (call !== undefined && DATES.has(call)) || cast === 'date' || cast?.startsWith('timestamp') === true;
  if (isDate && column !== undefined)
    return [
      {
        kind: 'rewrite',
        text: `Compare the column itself with a range: ${names} >= the start AND ${names} < the end. An index on it can then be used.`,
      },
    ];
  const alone: Fix = {
    kind: 'rewrite',
    text: `Leave ${names} alone on its side${call === 'cast' ? ": compare it with a value of the column's own type" : ' and compute on the other'}.`,
  };
  // Which casts are immutable depends on the type of the column, which EXPLAIN doesn't print.
  if (call === 'cast') return [alone];
  if (call === 'operator') {
    const index = expressionIndex(node, `(${bare})`);
    return columns.length === 1 ? [alone, index] : [index];
  }
  return call !== undefined && IMMUTABLE.has(call)
    ? [expressionIndex(node, /^[a-z_]\w*\(/.test(bare) ? bare : `(${bare})`)]
    : [
        {
          kind: 'index',
          text: `Where the expression is IMMUTABLE, index it: (${bare}). Otherwise compare ${names} itself, or store the result in a generated column.`,
        },
      ];
}

/** Nobody indexes longer expressions. */
const LONGEST = 1000;

/** Takes a part of json or jsonb: data ->> 'sku', data #>> '{a,b}', data['sku']. Literals are left out. */
function readsDocument(bare: string): boolean {
  if (bare.length > LONGEST) return false;
  return / (?:->>?|#>>?) |^\(*\w+\['/.test(bare.replace(/'(?:[^']|'')*'(?!::text\])/g, ''));
}

/** Types that a text is cast to in the same way everywhere: no dates, which depend on settings. */
const PLAIN_TYPES =
  /^(?:smallint|integer|bigint|numeric|real|double precision|boolean|uuid|text)(?:\(\d+(?:,\d+)?\))?$/;

/** What is inside a document can't stand alone, but it can be indexed, or become a column. */
function documentFixes(node: PlanNode, { call, cast, bare }: Side & { kind: 'expression' }): Fix[] {
  const column: Fix = {
    kind: 'design',
    text: 'What is asked for often is better kept in a column of its own: the planner then has statistics of it too.',
  };
  const isPlain =
    call === 'operator' || (call === 'cast' ? PLAIN_TYPES.test(cast ?? '') : call !== undefined && IMMUTABLE.has(call));
  return isPlain
    ? [expressionIndex(node, `(${bare})`), column]
    : [
        {
          kind: 'index',
          text: `Where the expression is IMMUTABLE (a cast to a date or time is not), index it: (${bare}). Or index the text itself and compare that.`,
        },
        column,
      ];
}

function expressionIndex(node: PlanNode, expression: string): Fix {
  return indexFix(node, { columns: [expression], where: undefined }, 'Index the expression.');
}
