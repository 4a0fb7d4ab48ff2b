import type { PlanNode } from '../model';
import { columnTerms, isOwn, termsOf, type ColumnTerm, type Side, type Term } from './conditions';
import { ran, removed, tableBlocks, text, type Count } from './facts';
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

/** What hinders an index from deciding the filter: nothing (`columns`), a pattern, a function, or something else. */
export type Obstacle =
  | { readonly kind: 'columns'; readonly terms: readonly ColumnTerm[] }
  | { readonly kind: 'wildcard'; readonly term: Term; readonly pattern: string; readonly side: Side }
  | { readonly kind: 'function'; readonly term: Term; readonly side: Side & { kind: 'expression' } }
  | { readonly kind: 'other' };

/** In this order: an index on plain columns helps most. So only one rule speaks about a filter. */
export function obstacleOf(node: PlanNode): Obstacle {
  const filter = text(node, 'Filter');
  const terms = columnTerms(node, filter);
  if (keysFor(terms) !== undefined) return { kind: 'columns', terms };
  let computed: Obstacle | undefined;
  for (const term of termsOf(filter) ?? []) {
    const pattern = leadingWildcard(term);
    if (pattern !== undefined && term.left !== undefined) return { kind: 'wildcard', term, pattern, side: term.left };
    const side = computedSide(node, term);
    if (side !== undefined) computed ??= { kind: 'function', term, side };
  }
  return computed ?? { kind: 'other' };
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
