import type { NodeLine } from './nodeLine';

/**
 * A line as EXPLAIN printed it: whole, though a terminal or a mail program may have cut it into several, and though a literal
 * in it may hold line breaks. As long as nothing has cut it, it is a part of the text, not a copy.
 */
export interface Line {
  kind: 'node' | 'root' | 'subplan' | 'target' | 'worker' | 'property' | 'section' | 'trigger';
  /** Of what is printed first, arrow included; a tab counts 4. */
  column: number;
  /** Of "Name: value". */
  name: string;
  /** From where the line's content begins to the colon behind the name; -1 without a name. */
  colon: number;
  offset: number;
  /** What the content is a part of: without indentation and arrow, from `from` to `to`. */
  source: string;
  from: number;
  to: number;
  /** How it goes on, piece by piece: a text that grew with each would be copied with each. */
  more: string[] | undefined;
  /** A node's line that is complete, as read. */
  node: NodeLine | undefined;
}

export function lineOf(kind: Line['kind'], column: number, offset: number, source: string): Line {
  return {
    kind,
    column,
    name: '',
    colon: -1,
    offset,
    source,
    from: 0,
    to: source.length,
    more: undefined,
    node: undefined,
  };
}

/** Without indentation and arrow. */
export function contentOf(line: Line): string {
  if (line.more !== undefined) {
    line.source = line.source.slice(line.from, line.to) + line.more.join('');
    line.from = 0;
    line.to = line.source.length;
    line.more = undefined;
  }
  return line.source.slice(line.from, line.to);
}

/** The content's last characters. */
export function tailOf({ source, from, to, more = [] }: Line, length: number): string {
  let tail = '';
  for (let piece = more.length - 1; piece >= 0 && tail.length < length; piece--) tail = (more[piece] ?? '') + tail;
  if (tail.length < length) tail = source.slice(Math.max(from, to - length), to) + tail;
  return tail.slice(-length);
}

/** What stands behind the name. */
export function valueOf(line: Line): string {
  if (line.more !== undefined) contentOf(line);
  return line.source.slice(line.from + line.colon + 1, line.to).trim();
}

/** The line goes on. */
export function extend(line: Line, more: string): void {
  (line.more ??= []).push(more);
  line.node = undefined;
}
