/** A plan as EXPLAIN printed it, whatever the format: what each parser produces and `buildModel` computes from. */

/** A number keeps its text: Query Identifier exceeds 2^53, and "100.00" says that rows are fractional (18). */
export interface RawNumber {
  readonly text: string;
  readonly value: number;
}

export type RawValue = string | boolean | null | RawNumber | readonly RawValue[] | RawProperties;

/** In EXPLAIN's order, under the names of its JSON form. */
export type RawProperties = ReadonlyMap<string, RawValue>;

export interface RawNode {
  /** All but "Plans". */
  readonly properties: RawProperties;
  readonly children: readonly RawNode[];
}

export interface RawPlan {
  readonly root: RawNode;
  /** What stands beside the node tree: Planning, Triggers, JIT, Settings, Execution Time … */
  readonly sections: RawProperties;
}

export function isNumber(value: RawValue | undefined): value is RawNumber {
  return typeof value === 'object' && value !== null && 'text' in value;
}

export function isList(value: RawValue | undefined): value is readonly RawValue[] {
  return Array.isArray(value);
}

export function isProperties(value: RawValue | undefined): value is RawProperties {
  return value instanceof Map;
}

export function textOf(properties: RawProperties, name: string): string | undefined {
  const value = properties.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** Above it, products and sums of figures could become Infinity. The planner itself stops at 1e100 rows. */
const LARGEST = 1e120;

/** A figure to compute with: finite, not negative; anything else counts as absent. */
export function figureOf(properties: RawProperties, name: string): number | undefined {
  const value = properties.get(name);
  return isNumber(value) && value.value >= 0 && value.value <= LARGEST ? value.value : undefined;
}
