/** A long text by its lines, without making a string of each. Lines end with \n, \r\n or \r as EXPLAIN's printers write them. */
export interface TextLines {
  readonly count: number;
  /** The line's text, without its end. `index` from 0. */
  at(index: number): string;
  /** Where it starts in the text. */
  startOf(index: number): number;
  readonly text: string;
}

export function linesOf(text: string): TextLines {
  let starts = new Uint32Array(1024);
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (count === starts.length) {
      const larger = new Uint32Array(2 * count);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = at + 1;
  }
  // A line break at the end ends the last line and begins none.
  if (count > 1 && starts[count - 1] === text.length) count--;
  const startOf = (index: number): number => (index >= count ? text.length : (starts[index] ?? 0));
  return {
    count,
    text,
    startOf,
    at(index) {
      const end = index + 1 < count ? (starts[index + 1] ?? text.length) - 1 : text.length;
      const line = text.slice(startOf(index), end);
      return /[\r\n]$/.test(line) ? line.replace(/\r?\n?$/, '') : line;
    },
  };
}

/** A place in the text: between two characters of a line. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** From one place to another, whichever comes first. */
export function textBetween(lines: TextLines, a: Position, b: Position): string {
  const from = offsetOf(lines, a);
  const to = offsetOf(lines, b);
  return lines.text.slice(Math.min(from, to), Math.max(from, to));
}

function offsetOf(lines: TextLines, { line, column }: Position): number {
  return Math.min(lines.startOf(line) + column, lines.startOf(line) + lines.at(line).length, lines.text.length);
}

/**
 * The line, from 0, on which each node stands in `planText`: figures, then "-> Seq Scan on a"; the root has no arrow. A line of
 * a node's details has its name and a colon before whatever it holds. −1 where a node is not found.
 */
export function nodeLines(lines: TextLines, types: readonly string[]): Int32Array {
  const found = new Int32Array(types.length).fill(-1);
  let node = 0;
  for (let line = 0; line < lines.count && node < types.length; line++) {
    const text = lines.at(line);
    const type = types[node] ?? '';
    const at = node === 0 ? text.indexOf(type) : text.indexOf('-> ');
    if (at < 0 || text.slice(0, at).includes(':')) continue;
    // From a depth of 40 on the line says how deep it is.
    if (
      node === 0 ||
      text
        .slice(at + 3)
        .replace(DEPTH, '')
        .startsWith(type)
    )
      found[node++] = line;
  }
  return found;
}

const DEPTH = /^\(level [\d,]+\) /;

/** The last entry that is not above `line`: which node a line belongs to. `starts` rises; −1 at its end means none. */
export function ownerOf(starts: Int32Array, line: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = starts[middle] ?? -1;
    if (start >= 0 && start <= line) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
