import { rewritten, unchanged, type Mapped } from './mapped';

const BLANKS_IN_STRUCTURE = /(?:^|\n)[ \t]*\u00a0|\u00a0(?:->|\(cost=|\(actual)|->\u00a0|\)\u00a0\(actual/;
const NO_WIDTH = /[\u200b\u2060\ufeff]/;
const NO_WIDTH_ALL = /[\u200b\u2060\ufeff]/g;

/**
 * Line breaks of old, and what web pages and chats put in: blanks that don't break, characters without width. Blanks change only
 * where the indentation has them: a literal may hold one.
 */
export function withPlainCharacters(text: string): Mapped {
  let plain = text;
  if (plain.includes('\r') && !plain.includes('\n')) plain = plain.replaceAll('\r', '\n');
  if (plain.includes('\u00a0') && BLANKS_IN_STRUCTURE.test(plain)) plain = plain.replaceAll('\u00a0', ' ');
  // The same length up to here: the same offsets.
  const source = unchanged(plain);
  if (!NO_WIDTH.test(plain)) return source;
  return rewritten(source, (out) => {
    let from = 0;
    for (const { index } of plain.matchAll(NO_WIDTH_ALL)) {
      out.keep(from, index);
      from = index + 1;
    }
    out.keep(from, plain.length);
  });
}
