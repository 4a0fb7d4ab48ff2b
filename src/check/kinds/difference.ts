import type { Cell } from '../../sql/session';
import { canonicalNumber, numberOf, reach, type Allowance } from './numbers';

export type Row = readonly Cell[];

/** How the cells of a column are compared. */
export interface Comparison {
  /** By value, whatever the digits. */
  readonly isNumber: boolean;
  readonly allowance?: Allowance;
}

/** A text that is equal for equal rows. PostgreSQL's text holds no NUL. */
export function rowKey(row: Row, columns: readonly Comparison[]): string {
  let key = '';
  for (let at = 0; at < row.length; at++) {
    const cell = row[at] ?? null;
    key += cell === null ? '\0' : `\0=${columns[at]?.isNumber === true ? canonicalNumber(cell) : cell}`;
  }
  return key;
}

export interface Difference {
  /** Once for each time. */
  readonly missing: readonly Row[];
  readonly extra: readonly Row[];
  /** The rows are the same, but for how often each comes. */
  readonly onlyCounts: boolean;
}

/** Multiset difference: rows that stand at the same place, equal rows, then rows whose numbers are near enough. */
export function difference(expected: readonly Row[], seen: readonly Row[], columns: readonly Comparison[]): Difference {
  const [left, right] = elsewhere(expected, seen);
  const allowances = columns.filter((column) => column.allowance).length;
  // by one number, pairing in order leaves the fewest; by several, equal rows must not be taken by others
  const { missing, extra } = allowances === 1 ? { missing: left, extra: right } : withoutEqual(left, right, columns);
  if (missing.length === 0 && extra.length === 0) return { missing, extra, onlyCounts: false };
  const rest =
    allowances > 0 && missing.length > 0 && extra.length > 0 ? matchNear(missing, extra, columns) : { missing, extra };
  return { ...rest, onlyCounts: knows(expected, rest.extra, columns) && knows(seen, rest.missing, columns) };
}

/** Without the rows that are the same at the same place: mostly all of them. */
function elsewhere(expected: readonly Row[], seen: readonly Row[]): [Row[], Row[]] {
  const left: Row[] = [];
  const right: Row[] = [];
  for (let at = 0; at < Math.max(expected.length, seen.length); at++) {
    const [one, other] = [expected[at], seen[at]];
    if (one && other && identical(one, other)) continue;
    if (one) left.push(one);
    if (other) right.push(other);
  }
  return [left, right];
}

function identical(a: Row, b: Row): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return a.length === b.length;
}

function withoutEqual(
  expected: readonly Row[],
  seen: readonly Row[],
  columns: readonly Comparison[],
): { missing: Row[]; extra: Row[] } {
  const left = new Map<string, { count: number; row: Row }>();
  for (const row of expected) {
    const key = rowKey(row, columns);
    const entry = left.get(key);
    if (entry) entry.count++;
    else left.set(key, { count: 1, row });
  }
  const extra: Row[] = [];
  for (const row of seen) {
    const entry = left.get(rowKey(row, columns));
    if (entry && entry.count > 0) entry.count--;
    else extra.push(row);
  }
  const missing: Row[] = [];
  for (const { count, row } of left.values()) for (let times = 0; times < count; times++) missing.push(row);
  return { missing, extra };
}

/** Whether every one of some rows is among the others. */
function knows(rows: readonly Row[], some: readonly Row[], columns: readonly Comparison[]): boolean {
  const [first] = some;
  if (!first) return true;
  // mostly not, which one of them tells without a key for every row
  if (!rows.some((row) => first.every((cell, at) => sameCell(row[at] ?? null, cell, columns[at])))) return false;
  const keys = new Set(rows.map((row) => rowKey(row, columns)));
  return some.every((row) => keys.has(rowKey(row, columns)));
}

/** Pairs looked at before the rest counts as different: keeps a hopeless case from growing with the square. */
const MOST_PAIRS = 4_000_000;

function matchNear(
  missing: readonly Row[],
  extra: readonly Row[],
  columns: readonly Comparison[],
): { missing: Row[]; extra: Row[] } {
  const groups = new Map<string, { missing: number[]; extra: number[] }>();
  const keys = (rows: readonly Row[], side: 'missing' | 'extra'): void => {
    for (const [place, row] of rows.entries()) {
      const key = exactKey(row, columns);
      const group = groups.get(key) ?? { missing: [], extra: [] };
      group[side].push(place);
      groups.set(key, group);
    }
  };
  keys(missing, 'missing');
  keys(extra, 'extra');
  const takenMissing = new Uint8Array(missing.length);
  const takenExtra = new Uint8Array(extra.length);
  const budget = { pairs: MOST_PAIRS };
  for (const group of groups.values()) {
    if (group.missing.length === 0 || group.extra.length === 0) continue;
    for (const [of, by] of matchGroup(missing, extra, group, columns, budget)) {
      takenMissing[of] = 1;
      takenExtra[by] = 1;
    }
  }
  return {
    missing: missing.filter((_, place) => takenMissing[place] !== 1),
    extra: extra.filter((_, place) => takenExtra[place] !== 1),
  };
}

/** What must be equal for two rows to be near: everything but the numbers that may be off. */
function exactKey(row: Row, columns: readonly Comparison[]): string {
  let key = '';
  for (let at = 0; at < row.length; at++) {
    const cell = row[at] ?? null;
    const column = columns[at];
    if (cell === null) key += '\0';
    else if (column?.allowance && numberOf(cell) !== undefined) key += '\0~';
    else key += `\0=${column?.isNumber === true ? canonicalNumber(cell) : cell}`;
  }
  return key;
}

interface Near {
  readonly allowance: Allowance;
  /** Its numbers, in the order of the group's rows. */
  readonly missing: Float64Array;
  readonly extra: Float64Array;
}

/** Both sides sorted by one number; each missing row takes the first free row in its reach, so that few go without. */
function* matchGroup(
  missing: readonly Row[],
  extra: readonly Row[],
  group: { missing: number[]; extra: number[] },
  columns: readonly Comparison[],
  budget: { pairs: number },
): Generator<[number, number]> {
  const sample = missing[group.missing[0] ?? 0] ?? [];
  const near = columns.flatMap(({ allowance }, at): Near[] => {
    if (!allowance || numberOf(sample[at] ?? null) === undefined) return [];
    const numbers = (rows: readonly Row[], places: readonly number[]): Float64Array =>
      Float64Array.from(places, (place) => numberOf(rows[place]?.[at] ?? null) ?? 0);
    return [{ allowance, missing: numbers(missing, group.missing), extra: numbers(extra, group.extra) }];
  });
  const lead = selective(near);
  if (!lead) {
    // no number in them: they are equal
    for (const [at, of] of group.missing.entries()) {
      const by = group.extra[at];
      if (by !== undefined) yield [of, by];
    }
    return;
  }
  const order = ascending(lead.extra);
  const values = Float64Array.from(order, (place) => lead.extra[place] ?? 0);
  /** Of each place in `order`, the next one that is free, itself included. */
  const next = Int32Array.from({ length: order.length + 1 }, (_, at) => at);
  const free = (from: number): number => {
    let at = from;
    while (next[at] !== at) {
      next[at] = next[next[at] ?? at] ?? at;
      at = next[at] ?? at;
    }
    return at;
  };
  for (const of of ascending(lead.missing)) {
    const right = lead.missing[of] ?? 0;
    const far = reach(right, lead.allowance);
    for (
      let at = free(lowerBound(values, right - far));
      at < order.length && (values[at] ?? 0) <= right + far;
      at = free(at + 1)
    ) {
      if (budget.pairs-- <= 0) return;
      const by = order[at] ?? 0;
      const fits = near.every(({ allowance, missing: rights, extra: others }) => {
        const wanted = rights[of] ?? 0;
        return Math.abs(wanted - (others[by] ?? 0)) <= reach(wanted, allowance);
      });
      if (!fits) continue;
      next[at] = at + 1;
      yield [group.missing[of] ?? 0, group.extra[by] ?? 0];
      break;
    }
  }
}

/** Places in the order of their values. */
function ascending(values: Float64Array): Uint32Array {
  return Uint32Array.from(values, (_, place) => place).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
}

/** The column within whose reach the fewest rows lie. */
function selective(near: readonly Near[]): Near | undefined {
  if (near.length < 2) return near[0];
  let best: Near | undefined;
  let least = Infinity;
  for (const column of near) {
    const values = column.extra.slice().sort();
    let within = 0;
    for (const right of column.missing) {
      const far = reach(right, column.allowance);
      within += lowerBound(values, right + far) - lowerBound(values, right - far);
    }
    if (within < least) [best, least] = [column, within];
  }
  return best;
}

/** The first place whose value is not below. */
function lowerBound(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether two cells of a column are equal, or near enough. */
export function sameCell(a: Cell, b: Cell, column: Comparison | undefined): boolean {
  if (a === b) return true;
  if (a === null || b === null || column?.isNumber !== true || a === '' || b === '') return false;
  const [right, other] = [Number(a), Number(b)];
  if (!column.allowance || !Number.isFinite(right) || !Number.isFinite(other))
    // canonical texts for what a double cannot hold; most numbers differ so far that it need not be asked
    return Math.abs(right - other) <= Math.abs(right) * 1e-9 && canonicalNumber(a) === canonicalNumber(b);
  return Math.abs(right - other) <= reach(right, column.allowance);
}
