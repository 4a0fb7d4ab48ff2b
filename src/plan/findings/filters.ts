import type { PlanNode } from '../model';
import { columnTerms, isOwn, termsOf, type ColumnTerm, type Side, type Term } from './conditions';
import { figure, ran, removed, tableBlocks, text, type Count, type Facts } from './facts';
import { isEmptyList, keysFor } from './indexes';

/** What a scan's Filter threw away, and which rule has something to say about it. */

export interface Filtered {
  readonly removed: Count;
  readonly kept: number;
  /** 0–1 of the rows that were read. */
  readonly part: number;
  /** Removed rows by kept row, at the least that rounding allows. */
  readonly ratio: number;
}

/** Undefined where the node has no filter, or it was not measured. */
export function filtered(node: PlanNode, by = 'Rows Removed by Filter'): Filtered | undefined {
  const count = removed(node, by);
  const kept = node.totalRows;
  if (!ran(node) || count === undefined || kept === undefined || count.rows === 0) return undefined;
  return {
    removed: count,
    kept,
    part: count.rows / (count.rows + kept),
    ratio: Math.max(0, count.rows - count.error) / Math.max(1, kept + (node.rowsError ?? 0)),
  };
}

export interface FilteredScan {
  readonly node: PlanNode;
  readonly rows: Filtered;
  readonly obstacle: Obstacle;
}

/** Removed rows for each row kept (depesz: "removed more than 2/3 of what it read"). */
export const LEAST_RATIO = 2;
const SCANS = ['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan'];
const scans = new WeakMap<Facts, readonly FilteredScan[]>();

/** The scans of tables that are not small whose filter removes more than `LEAST_RATIO` × what it keeps. Several rules ask. */
export function filteredScans(facts: Facts): readonly FilteredScan[] {
  let found = scans.get(facts);
  if (found === undefined) scans.set(facts, (found = findScans(facts)));
  return found;
}

function findScans(facts: Facts): FilteredScan[] {
  const found: FilteredScan[] = [];
  for (const node of facts.ofKind(...SCANS)) {
    const rows = isTable(node) ? filtered(node) : undefined;
    if (rows !== undefined && rows.ratio > LEAST_RATIO && !isSmall(node, rows.kept + rows.removed.rows))
      found.push({ node, rows, obstacle: obstacleOf(node) });
  }
  return found;
}

/** A table of so few blocks is read faster than an index. */
const SMALL_TABLE = 3;

/** Read so often that a small table is no small work. */
const MANY_LOOPS = 10;

/** Of a small table: 3 blocks or fewer (without BUFFERS, 100 rows or fewer), and not again and again. */
export function isSmall(node: PlanNode, rowsRead: number): boolean {
  const loops = Math.max(1, (node.loops ?? 1) / Math.max(1, node.processes));
  const { exclusiveBuffers } = node;
  if (loops >= MANY_LOOPS) return false;
  return exclusiveBuffers === undefined
    ? rowsRead / loops <= 100
    : tableBlocks(exclusiveBuffers) / loops <= SMALL_TABLE;
}

/** A table of the user's, which can get an index. */
export function isTable({ relation, schema }: PlanNode): boolean {
  return relation !== undefined && schema !== 'pg_catalog' && !relation.startsWith('pg_');
}

/** What hinders an index from deciding the filter: nothing (`columns`), that it is no B-tree, a pattern, a function, or something else. */
export type Obstacle =
  | { readonly kind: 'columns'; readonly terms: readonly ColumnTerm[] }
  | { readonly kind: 'contains'; readonly term: Term; readonly side: Side; readonly method: 'gin' | 'gist' }
  | { readonly kind: 'wildcard'; readonly term: Term; readonly pattern: string; readonly side: Side }
  | { readonly kind: 'function'; readonly term: Term; readonly side: Side & { kind: 'expression' } }
  | { readonly kind: 'other' };

/** Several rules ask. */
const known = new WeakMap<PlanNode, Obstacle>();

/** In this order: an index on plain columns helps most. So only one rule speaks about a filter. */
export function obstacleOf(node: PlanNode): Obstacle {
  let obstacle = known.get(node);
  if (obstacle === undefined) known.set(node, (obstacle = findObstacle(node)));
  return obstacle;
}

function findObstacle(node: PlanNode): Obstacle {
  const filter = text(node, 'Filter');
  const all = columnTerms(node, filter);
  const real = all.find((term) => isRealCast(node, term));
  const terms = real === undefined ? all : all.filter((term) => term !== real);
  if (keysFor(terms) !== undefined) return { kind: 'columns', terms };
  let computed: Obstacle | undefined;
  for (const term of termsOf(filter) ?? []) {
    const contains = containsSide(node, term);
    if (contains !== undefined) return { kind: 'contains', term, ...contains };
    const pattern = leadingWildcard(term);
    if (pattern !== undefined && term.left !== undefined) return { kind: 'wildcard', term, pattern, side: term.left };
    const side = term.sql === real?.sql ? castSide(term) : computedSide(node, term);
    if (side !== undefined) computed ??= { kind: 'function', term, side };
  }
  return computed ?? { kind: 'other' };
}

/** eqsel without statistics: one of 200 values (selfuncs.h); of a parallel scan a little more for each process. */
const UNKNOWN_SHARE = [0.0045, 0.0075] as const;
/** A number, a date or a UUID. */
const NO_TEXT = /^(?:-?\d+(?:\.\d+)?|\d{4}-\d\d-\d\d.*|[\da-f]{8}-[\da-f]{4}-[\da-f-]{22})$/;

/**
 * "(code)::text = '4711'" is printed of a varchar, whose cast is none, and of a number, which is computed for each row. Of a
 * varchar the planner has statistics: where it assumed its default of a value that looks like no text, it is the latter.
 */
function isRealCast(node: PlanNode, { cast, operator, other, quantifier }: ColumnTerm): boolean {
  if (cast !== 'text' || operator !== '=' || quantifier !== undefined || other?.kind !== 'constant') return false;
  const { rows, planRows } = node;
  const thrown = figure(node, 'Rows Removed by Filter');
  if (node.kind !== 'Seq Scan' || !NO_TEXT.test(other.value ?? '') || rows === undefined || planRows === undefined)
    return false;
  const share = planRows / (rows + (thrown ?? 0));
  return share >= UNKNOWN_SHARE[0] && share <= UNKNOWN_SHARE[1];
}

function castSide({ left, right }: Term): (Side & { kind: 'expression' }) | undefined {
  const side = left?.kind === 'column' ? left : right;
  if (side?.kind !== 'column') return undefined;
  const { sql, column, cast } = side;
  return { kind: 'expression', sql, bare: sql, call: 'cast', cast, columns: [column] };
}

/** LIKE and ILIKE that may match anywhere, and regular expressions without an anchor at the start. */
function leadingWildcard({ operator, quantifier, left, right }: Term): string | undefined {
  if (quantifier !== undefined || right?.kind !== 'constant' || right.value === undefined) return undefined;
  if (left?.kind !== 'column' && left?.kind !== 'expression') return undefined;
  const { value } = right;
  switch (operator) {
    case '~~':
      return /^[%_]/.test(value) ? value : undefined;
    case '~~*':
    case '~*':
      return value;
    case '~':
      return value.startsWith('^') ? undefined : value;
    default:
      return undefined;
  }
}

/** What only GIN or GiST finds, told by the constant's type: the column's is not printed. All need no extension. */
function containsSide(
  node: PlanNode,
  { operator = '', quantifier, left, right }: Term,
): { readonly side: Side; readonly method: 'gin' | 'gist' } | undefined {
  if (quantifier !== undefined || right?.kind !== 'constant' || right.type === undefined) return undefined;
  if (left?.kind !== 'column' && left?.kind !== 'expression') return undefined;
  const columns = left.kind === 'column' ? [left.column] : left.columns;
  if (!columns.every((column) => isOwn(node, column))) return undefined;
  const method = CONTAINS.find(([types, operators]) => types.test(right.type ?? '') && operators.has(operator))?.[2];
  return method === undefined ? undefined : { side: left, method };
}

/** Types of the right side, operators of the default operator class of the left one, method (the manual's tables of classes). */
const CONTAINS: readonly (readonly [RegExp, ReadonlySet<string>, 'gin' | 'gist'])[] = [
  [/^jsonb$/, new Set(['@>']), 'gin'],
  [/^jsonpath$/, new Set(['@?', '@@']), 'gin'],
  [/^tsquery$/, new Set(['@@']), 'gin'],
  [/^text\[\]$/, new Set(['@>', '&&', '?|', '?&']), 'gin'],
  [
    /^(?:smallint|integer|bigint|numeric|character varying(?:\(\d+\))?|uuid|date|inet)\[\]$/,
    new Set(['@>', '&&']),
    'gin',
  ],
  // Not <@: what is in a range may be a plain number, which GiST knows only with btree_gist.
  [/^(?:int4|int8|num|ts|tstz|date)range$/, new Set(['@>', '&&']), 'gist'],
  [/^(?:box|circle|polygon)$/, new Set(['<@', '&&']), 'gist'],
];

const COMPARISONS = new Set(['=', '<', '<=', '>', '>=']);

/** The side that computes something of the table's columns, where the other has one value. */
function computedSide(
  node: PlanNode,
  { operator, quantifier, left, right }: Term,
): (Side & { kind: 'expression' }) | undefined {
  if (operator === undefined || !COMPARISONS.has(operator) || quantifier === 'ALL') return undefined;
  const isOwned = (side: Side | undefined): side is Side & { kind: 'expression' } =>
    side?.kind === 'expression' && side.columns.every((column) => isOwn(node, column));
  const isFixed = (side: Side | undefined): boolean =>
    (side?.kind === 'constant' && !isEmptyList(side)) ||
    side?.kind === 'parameter' ||
    (side?.kind === 'column' && !isOwn(node, side.column));
  if (isOwned(left) && isFixed(right)) return left;
  return isOwned(right) && isFixed(left) ? right : undefined;
}
