import { tokens } from '../../sql/lexer';
import type { FenceBlock } from '../blocks';
import type { TextRange } from '../problem';
import { Lines } from '../text';

/** The token at an offset; behind the last one, the last one. */
export function tokenRangeAt(sql: string, offset: number): { readonly start: number; readonly end: number } {
  let last = { start: Math.min(offset, sql.length), end: Math.min(offset, sql.length) };
  for (const { start, end, kind } of tokens(sql)) {
    if (offset >= start && offset < end) return firstLine(sql, start, end);
    if (start > offset) break;
    if (kind !== 'comment') last = { start, end };
  }
  return firstLine(sql, last.start, last.end);
}

/** An unterminated string goes on to the end of the text: its first line is enough to show. */
function firstLine(sql: string, start: number, end: number): { readonly start: number; readonly end: number } {
  const newline = sql.indexOf('\n', start);
  return { start, end: newline === -1 ? end : Math.min(end, Math.max(newline, start)) };
}

/** Where a piece of a block's text stands in its file. */
export function blockRange(
  lines: Lines,
  { line, text }: Pick<FenceBlock, 'line' | 'text'>,
  from: number,
  to: number,
): TextRange {
  const inside = new Lines(text).range(from, to);
  // an indented fence takes its indentation off its lines
  const shift = (each: number): number => {
    const file = lines.line(line + 1 + each);
    return Math.max(0, file.length - (text.split('\n')[each] ?? '').length);
  };
  return {
    startLine: line + 1 + inside.startLine,
    startCharacter: inside.startCharacter + shift(inside.startLine),
    endLine: line + 1 + inside.endLine,
    endCharacter: inside.endCharacter + shift(inside.endLine),
  };
}

/** A text without what does not matter: white space, case of bare words, comments but those that are answers. */
export function canonicalSql(sql: string): string {
  const parts: string[] = [];
  for (const { start, end, kind } of tokens(sql)) {
    const text = sql.slice(start, end);
    if (kind === 'comment') {
      if (/^--\s*answer\b/i.test(text)) parts.push(text.replace(/\s+/g, ' ').trim().toLowerCase());
    } else if (text !== ';') parts.push(kind === 'word' ? text.toLowerCase() : text);
  }
  return parts.join(' ');
}
