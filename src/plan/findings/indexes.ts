import type { PlanNode } from '../model';
import { isEquality, isInList, isOwn, isRange, sortKey, type ColumnTerm, type Side } from './conditions';
import { list, text, type Facts } from './facts';
import type { Fix, IndexProposal } from './finding';
import { identifier, tableName } from './names';

/** Which index would serve a scan: what rules that propose one have in common. */

export interface Keys {
  /** As SQL, in order. */
  readonly columns: readonly string[];
  /** A predicate for a partial index, as SQL. */
  readonly where: string | undefined;
  /** Equalities come first; which of several is the most selective, the plan doesn't say. */
  readonly equalities: number;
  /** The terms that the index would decide. */
  readonly served: readonly ColumnTerm[];
}

/** A column of ORDER BY. */
export interface Ordered {
  /** Not quoted. */
  readonly name: string;
  /** As a column of an index: "created DESC". */
  readonly sql: string;
}

/**
 * The columns of a B-tree for these ANDed terms: equalities, then lists (IN), then one range – or, where there is none, the order
 * that is asked for. A boolean or IS NULL term becomes the predicate of a partial index where a column is left to index.
 * Undefined where nothing of it can be indexed.
 */
export function keysFor(terms: readonly ColumnTerm[], order: readonly Ordered[] = []): Keys | undefined {
  if (order.length > 0) return keysIn(terms, order);
  if (!unordered.has(terms)) unordered.set(terms, keysIn(terms, order));
  return unordered.get(terms);
}

/** Partitions share their terms. */
const unordered = new WeakMap<readonly ColumnTerm[], Keys | undefined>();

function keysIn(terms: readonly ColumnTerm[], order: readonly Ordered[]): Keys | undefined {
  const usable = terms.filter(isUsable);
  const flags = usable.filter(({ operator }) => operator.startsWith('IS '));
  const equal = usable.filter((term) => isEquality(term) && !flags.includes(term));
  const listed = usable.filter(isInList);
  const ranged = usable.filter((term) => isRange(term) || isPrefix(term));
  const columns = new Map<string, string>();
  const add = (name: string, sql: string): void => {
    if (!columns.has(name)) columns.set(name, sql);
  };
  for (const { column } of equal) add(column, identifier(column));
  const equalities = columns.size;
  // A list breaks the order; a range would end it as well.
  const keepsOrder = order.length > 0 && listed.length === 0;
  for (const { column } of listed) add(column, identifier(column));
  const range = ranged.find(({ column }) => !columns.has(column));
  if (keepsOrder && (range === undefined || range.column === order[0]?.name)) {
    for (const { name, sql } of order) add(name, sql);
  } else if (range !== undefined) {
    add(range.column, isPrefix(range) ? `${identifier(range.column)} text_pattern_ops` : identifier(range.column));
  }
  const predicates = flags.filter(({ column }) => !columns.has(column));
  if (columns.size === 0) for (const { column } of predicates) add(column, identifier(column));
  if (columns.size === 0) return undefined;
  const served = [...equal, ...listed, ...ranged.filter(({ column }) => column === range?.column), ...flags];
  return served.length === 0 && order.length === 0
    ? undefined
    : {
        columns: [...columns.values()],
        where: predicates.length === 0 ? undefined : predicates.map(predicate).join(' AND '),
        equalities,
        served,
      };
}

function isUsable(term: ColumnTerm): boolean {
  const { other, operator } = term;
  // An empty list matches nothing: another rule's matter.
  if (other?.kind === 'unknown' || isEmptyList(other)) return false;
  if (['IS NULL', 'IS TRUE', 'IS FALSE'].includes(operator)) return true;
  return other !== undefined && (isEquality(term) || isInList(term) || isRange(term) || isPrefix(term));
}

export function isEmptyList(side: Side | undefined): boolean {
  return side?.kind === 'constant' && side.value === '{}';
}

/** LIKE 'abc%': a range of texts, for an index with text_pattern_ops. */
function isPrefix({ operator, quantifier, other }: ColumnTerm): boolean {
  return (
    operator === '~~' && quantifier === undefined && other?.kind === 'constant' && /^[^%_\\]+%/.test(other.value ?? '')
  );
}

function predicate({ column, operator }: ColumnTerm): string {
  const name = identifier(column);
  return operator === 'IS NULL' ? `${name} IS NULL` : operator === 'IS TRUE' ? name : `NOT ${name}`;
}

/** The Sort Key as columns of an index, where all of it are plain columns of the scan's table; undefined otherwise. */
export function orderOf(sort: PlanNode, scan: PlanNode): readonly Ordered[] | undefined {
  const columns: { readonly name: string; readonly order: string }[] = [];
  for (const key of list(sort, 'Sort Key').map(sortKey)) {
    if (key?.side.kind !== 'column' || key.side.cast !== undefined || !isOwn(scan, key.side.column)) return undefined;
    columns.push({ name: key.side.column.name, order: key.order });
  }
  if (columns.length === 0) return undefined;
  // An index is read backwards as well.
  const isBackward = columns.every(({ order }) => order === 'DESC');
  return columns.map(({ name, order }) => ({
    name,
    sql: order === '' || isBackward ? identifier(name) : `${identifier(name)} ${order}`,
  }));
}

/** The Sort that takes the scan's rows as they come. */
export function sortAbove(facts: Facts, scan: PlanNode): PlanNode | undefined {
  const parent = facts.parent(scan);
  return parent?.kind === 'Sort' ? parent : undefined;
}

/** The condition that the index of a scan decides: of a bitmap heap scan, its only bitmap index scan's. */
export function indexCondition(facts: Facts, scan: PlanNode): string | undefined {
  if (scan.kind !== 'Bitmap Heap Scan') return text(scan, 'Index Cond');
  const bitmap = facts.children(scan).find(({ relationship }) => relationship === 'Outer');
  return bitmap?.kind === 'Bitmap Index Scan' ? text(bitmap, 'Index Cond') : undefined;
}

/** @param method of an index that is no B-tree: one that PostgreSQL has without an extension, so that it can be proved */
export function indexFix(
  scan: PlanNode,
  { columns, where }: Pick<Keys, 'columns' | 'where'>,
  says: string,
  method?: 'gin' | 'gist',
): Fix {
  const index: IndexProposal = {
    schema: scan.schema,
    table: scan.relation ?? '',
    columns,
    ...(method === undefined ? {} : { method }),
    ...(where === undefined ? {} : { where }),
  };
  const partial = where === undefined ? '' : ` WHERE ${where}`;
  const using = method === undefined ? '' : ` USING ${method}`;
  return {
    kind: 'index',
    text: says,
    sql: `CREATE INDEX ON ${tableName(scan)}${using} (${columns.join(', ')})${partial};`,
    index,
  };
}

/** What every new index costs. */
export const INDEX_COST = 'Each index makes writes slower and takes space.';

/** Which of the first columns should lead, where there are several. */
export function leadingColumns({ equalities }: Keys): string {
  return equalities > 1
    ? ` The first ${equalities} columns may stand in any order: the plan doesn't say which is the most selective.`
    : '';
}
