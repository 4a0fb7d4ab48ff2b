import { Range, type TextDocument } from 'vscode';
import type { Span } from '../../../course/author/blocks';
import type { TextRange } from '../../../course/problem';

/** A whole line's end is "far to the right"; the protocol wants a number of its own size. */
const FAR = 100_000;

export function rangeOf(document: TextDocument, { start, end }: Span): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}

export function toRange({ startLine, startCharacter, endLine, endCharacter }: TextRange): Range {
  return new Range(startLine, Math.min(startCharacter, FAR), endLine, Math.min(endCharacter, FAR));
}
