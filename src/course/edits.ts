import type { TextEdit } from './problem';
import type { Lines } from './text';

/** The edit that puts whole lines before a line; behind the last one where there are no more. */
export function insertLines(lines: Lines, before: number, text: string): TextEdit {
  if (before < lines.count) {
    return { range: { startLine: before, startCharacter: 0, endLine: before, endCharacter: 0 }, text: `${text}\n` };
  }
  const last = lines.count - 1;
  const end = lines.line(last).length;
  return {
    range: { startLine: last, startCharacter: end, endLine: last, endCharacter: end },
    text: end === 0 ? `${text}\n` : `\n${text}\n`,
  };
}

/** An id made of a title: "Find the index" is `find-the-index`. */
export function idOf(title: string): string {
  return title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
}
