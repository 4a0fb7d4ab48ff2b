/** A plan as EXPLAIN printed it: the form of FORMAT JSON, whatever the format was. What each parser produces and `buildModel` computes from. */

export type RawValue = string | number | boolean | null | readonly RawValue[] | RawProperties;

/**
 * In EXPLAIN's order, under the names of its JSON form. A Query Identifier is text: it exceeds 2^53.
 * Read it with `Object.entries` and the functions below: a plan is untrusted and may hold any name.
 */
export interface RawProperties {
  readonly [name: string]: RawValue;
}

export interface RawPlan {
  /** The node tree: each node's children are its "Plans". */
  readonly root: RawProperties;
  /** The object that holds "Plan": Planning, Triggers, JIT, Settings, Execution Time … stand beside it. */
  readonly sections: RawProperties;
  /** From 18 on rows are printed with two decimals, and rounded there. */
  readonly fractionalRows: boolean;
}

export function isList(value: RawValue | undefined): value is readonly RawValue[] {
  return Array.isArray(value);
}

export function isProperties(value: RawValue | undefined): value is RawProperties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(properties: RawProperties, name: string): string | undefined {
  return asText(properties[name]);
}

/** A figure to compute with: finite, not negative; anything else counts as absent. */
export function figureOf(properties: RawProperties, name: string): number | undefined {
  return asFigure(properties[name]);
}

/** Like `textOf`. Where every node of a large plan is read: a lookup by a constant name costs a tenth of one by a variable. */
export function asText(value: RawValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Above it, products and sums of figures could become Infinity. The planner itself stops at 1e100 rows. */
const LARGEST = 1e120;

/** Like `figureOf`, and like `asText`. */
export function asFigure(value: RawValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= LARGEST ? value : undefined;
}
