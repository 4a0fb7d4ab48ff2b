import type { TextRange } from './problem';

/** A file's text as markdown-it sees it: lines end with \n, no byte order mark, no NUL. Lines and characters stay. */
export function normalizeText(source: string): string {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  // two searches are some ten times as quick as one pattern
  return text.includes('\r') || text.includes('\0') ? text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD') : text;
}

/** Offsets of a normalized text as lines and characters, and back. */
export class Lines {
  private startsRead: readonly number[] | undefined;

  constructor(readonly text: string) {}

  private get starts(): readonly number[] {
    return (this.startsRead ??= startsOf(this.text));
  }

  get count(): number {
    return this.starts.length;
  }

  /** Without its line end; empty behind the last line. */
  line(line: number): string {
    const start = this.starts[line];
    return start === undefined ? '' : this.text.slice(start, this.endOf(line));
  }

  offset(line: number, character = 0): number {
    const start = this.starts[line];
    return start === undefined ? this.text.length : Math.min(start + character, this.endOf(line));
  }

  /** From `start` to `end`, UTF-16 offsets; what lies outside is brought in. */
  range(start: number, end = start): TextRange {
    const from = this.position(start);
    const to = this.position(Math.max(start, end));
    return { startLine: from.line, startCharacter: from.character, endLine: to.line, endCharacter: to.character };
  }

  /** A line without the white space around it. */
  lineRange(line: number): TextRange {
    const text = this.line(line);
    return {
      startLine: line,
      startCharacter: text.length - text.trimStart().length,
      endLine: line,
      endCharacter: text.trimEnd().length,
    };
  }

  private position(offset: number): { line: number; character: number } {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    for (let high = this.starts.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - (this.starts[low] ?? 0) };
  }

  private endOf(line: number): number {
    const next = this.starts[line + 1];
    return next === undefined ? this.text.length : next - 1;
  }
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
