import type { NodeLine } from './nodeLine';

/**
 * A line as EXPLAIN printed it: whole, though a terminal or a mail program may have cut it into several, and though a literal
 * in it may hold line breaks. It is a part of the text as long as nothing has cut it: most are read without a copy.
 */
export interface Line {
  readonly kind: 'node' | 'root' | 'subplan' | 'target' | 'worker' | 'property' | 'section' | 'trigger';
  /** Of what is printed first, arrow included; a tab counts 4. */
  readonly column: number;
  /** Of "Name: value". */
  readonly name: string;
  /** From where the line's content begins to the colon behind the name; -1 without a name. */
  readonly colon: number;
  readonly offset: number;
  /** What the content is a part of: without indentation and arrow, from `from` to `to`. */
  source: string;
  from: number;
  to: number;
  /** A node's line that is complete, as read. */
  node: NodeLine | undefined;
}

/** Without indentation and arrow. */
export function contentOf({ source, from, to }: Line): string {
  return from === 0 && to === source.length ? source : source.slice(from, to);
}

/** What stands behind the name. */
export function valueOf({ source, from, to, colon }: Line): string {
  return source.slice(from + colon + 1, to).trim();
}

/** The line goes on. */
export function extend(line: Line, more: string): void {
  line.source = contentOf(line) + more;
  line.from = 0;
  line.to = line.source.length;
  line.node = undefined;
}
