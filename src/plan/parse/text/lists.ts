/**
 * A list as EXPLAIN's text form prints it: joined with ", ", which may also stand inside brackets and quotes of an item
 * ("COALESCE(a, b), c").
 */
export function splitList(text: string): string[] {
  const items: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === SINGLE || character === DOUBLE) {
      // A doubled quote closes and opens again: the same.
      const close = text.indexOf(character === SINGLE ? "'" : '"', at + 1);
      if (close === -1) break;
      at = close;
    } else if (OPENING.has(character)) depth++;
    else if (CLOSING.has(character)) depth--;
    else if (character === COMMA && depth <= 0) {
      items.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  items.push(text.slice(from).trim());
  return items;
}

const SINGLE = 0x27;
const DOUBLE = 0x22;
const COMMA = 0x2c;
const OPENING = new Set([0x28, 0x5b, 0x7b]);
const CLOSING = new Set([0x29, 0x5d, 0x7d]);

/** Whether brackets or quotes stay open at the end of a text that comes in parts; each part is looked at once. */
export interface Balance {
  depth: number;
  /** The quote that is open. */
  quote: number;
}

export function balanceOf(): Balance {
  return { depth: 0, quote: 0 };
}

export function addTo(balance: Balance, text: string): void {
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (balance.quote !== 0) {
      if (character === balance.quote) balance.quote = 0;
    } else if (character === SINGLE || character === DOUBLE) balance.quote = character;
    else if (character === 0x28 || character === 0x5b) balance.depth++;
    else if (character === 0x29 || character === 0x5d) balance.depth--;
  }
}

export function isOpen(balance: Balance): boolean {
  return balance.quote !== 0 || balance.depth > 0;
}
