import type { Cell } from '../../sql/session';
import { sameCell, type Comparison, type Row } from './difference';
import type { RowPair } from './rowsDiff';

const MOST_EXAMPLES = 3;
/** Cells compared at most while looking for the nearest rows. */
const MOST_COMPARED = 400_000;
const MOST_CHARACTERS = 200;

export interface Examples {
  readonly missing: readonly Row[];
  readonly extra: readonly Row[];
  readonly pairs: readonly RowPair[];
}

/** The clearest few: rows that are one but for a cell or two, else the shortest. */
export function examples(missing: readonly Row[], extra: readonly Row[], columns: readonly Comparison[]): Examples {
  const pairs = nearest(missing, extra, columns);
  const shownMissing = pairs.map((pair) => pair.missing);
  const shownExtra = pairs.map((pair) => pair.extra);
  fill(shownMissing, missing);
  fill(shownExtra, extra);
  return {
    missing: shownMissing.map((row) => shortened(row)),
    extra: shownExtra.map((row) => shortened(row)),
    pairs: pairs.map((pair, place) => ({ missing: place, extra: place, columns: pair.columns })),
  };
}

interface Pair {
  readonly missing: Row;
  readonly extra: Row;
  readonly columns: readonly number[];
}

function nearest(missing: readonly Row[], extra: readonly Row[], columns: readonly Comparison[]): Pair[] {
  const width = Math.max(1, columns.length);
  const candidates = extra.slice(
    0,
    Math.max(MOST_EXAMPLES, Math.min(100, Math.floor(MOST_COMPARED / width / Math.max(1, missing.length)))),
  );
  const others = missing.slice(0, Math.ceil(MOST_COMPARED / width / Math.max(1, candidates.length)));
  const found: { pair: Pair; size: number }[] = [];
  for (const row of candidates) {
    let best: Row | undefined;
    let most = 0;
    for (const other of others) {
      const score = likeness(other, row, columns);
      if (score > most) [best, most] = [other, score];
    }
    if (!best) continue;
    const other = best;
    const differing = columns.flatMap((column, at) =>
      sameCell(other[at] ?? null, row[at] ?? null, column) ? [] : [at],
    );
    found.push({ pair: { missing: other, extra: row, columns: differing }, size: sizeOf(other) + sizeOf(row) });
  }
  found.sort((a, b) => a.pair.columns.length - b.pair.columns.length || a.size - b.size);
  const pairs: Pair[] = [];
  for (const { pair } of found) {
    if (pairs.length === MOST_EXAMPLES) break;
    if (!pairs.some((other) => other.missing === pair.missing)) pairs.push(pair);
  }
  return pairs;
}

/** Equal cells; the first columns, which mostly say which row it is, break ties. NULLs and flags alone make no pair. */
function likeness(a: Row, b: Row, columns: readonly Comparison[]): number {
  let score = 0;
  let telling = false;
  for (let at = 0; at < columns.length; at++) {
    const cell = a[at] ?? null;
    if (!sameCell(cell, b[at] ?? null, columns[at])) continue;
    score += 1 + 0.5 / (at + 2);
    if (cell !== null && cell !== 't' && cell !== 'f') telling = true;
  }
  return telling ? score : 0;
}

function fill(shown: Row[], rows: readonly Row[]): void {
  if (shown.length >= MOST_EXAMPLES) return;
  const others = rows.slice(0, 1000).filter((row) => !shown.includes(row));
  others.sort((a, b) => sizeOf(a) - sizeOf(b));
  shown.push(...others.slice(0, MOST_EXAMPLES - shown.length));
}

function sizeOf(row: Row): number {
  return row.reduce((sum, cell) => sum + (cell?.length ?? 4), 0);
}

export function shortened(row: Row): Row {
  return row.map((cell): Cell =>
    cell !== null && cell.length > MOST_CHARACTERS ? `${cell.slice(0, MOST_CHARACTERS - 1)}…` : cell,
  );
}

/** "(1, NULL, a)", for one line. */
export function rowText(row: Row | undefined): string {
  if (!row) return 'none';
  const text = row.map((cell) => (cell === null ? 'NULL' : cell)).join(', ');
  return `(${text.length > 120 ? `${text.slice(0, 119)}…` : text})`;
}
