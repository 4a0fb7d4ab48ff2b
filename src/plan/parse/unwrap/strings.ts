import type { Rewriter } from './mapped';

/** Past the closing quote of the JSON string that begins at `start`; the text's end where none closes it. */
export function jsonStringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x5c) {
      at++;
      // A terminal may cut between the backslash and what it escapes.
      while (text.charCodeAt(at) === 0x0a || text.charCodeAt(at) === 0x0d) at++;
    } else if (character === 0x22) return at + 1;
  }
  return text.length;
}

const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** What a JSON string says; `from` and `to` without its quotes. */
export function keepUnescaped(out: Rewriter, text: string, from: number, to: number): void {
  // Not beyond its end: a text of many strings would be looked through for each.
  const part = text.slice(from, to);
  let kept = 0;
  for (let at = part.indexOf('\\'); at !== -1 && at < part.length - 1; at = part.indexOf('\\', kept)) {
    out.keep(from + kept, from + at);
    const letter = part.charAt(at + 1);
    const code = letter === 'u' ? /^[0-9a-fA-F]{4}/.exec(part.slice(at + 2, at + 6))?.[0] : undefined;
    if (code !== undefined) {
      out.insert(String.fromCharCode(Number.parseInt(code, 16)), from + at);
      kept = at + 6;
    } else {
      out.insert(ESCAPED[letter] ?? letter, from + at);
      kept = at + 2;
    }
  }
  out.keep(from + kept, to);
}

/** What a cell of CSV says: its quotes are doubled. */
export function keepUndoubled(out: Rewriter, text: string, from: number, to: number): void {
  const part = text.slice(from, to);
  let kept = 0;
  for (let at = part.indexOf('""'); at !== -1; at = part.indexOf('""', at + 2)) {
    out.keep(from + kept, from + at + 1);
    kept = at + 2;
  }
  out.keep(from + kept, to);
}

/** Where the quote stands that closes a cell of CSV; the text's end where none does. */
export function cellEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2))
    if (text.charCodeAt(at + 1) !== 0x22) return at;
  return text.length;
}
