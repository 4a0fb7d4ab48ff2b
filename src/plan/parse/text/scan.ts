/**
 * Figures read where they stand, character by character: a regular expression makes a string of each, and a large plan has a
 * hundred thousand.
 */
export interface Scanner {
  readonly text: string;
  at: number;
  /** Of the last figure: digits behind its point. */
  decimals: number;
  /** Each figure so far had few enough digits to be what Number() makes of it. */
  exact: boolean;
}

/** Up to it, the digits and the power of ten below them are exact, and so is what a division rounds them to. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, digits) => 10 ** digits);

export function scannerAt(text: string, at: number): Scanner {
  return { text, at, decimals: 0, exact: true };
}

/** The figure "12" or "12.34" behind so many characters; not exact where there is none. */
export function nextFigure(scanner: Scanner, skip: number): number {
  const { text } = scanner;
  const from = scanner.at + skip;
  let at = from;
  let digits = 0;
  let character = text.charCodeAt(at);
  for (; isDigit(character); character = text.charCodeAt(++at)) digits = digits * 10 + character - ZERO;
  let decimals = 0;
  if (character === POINT && isDigit((character = text.charCodeAt(at + 1)))) {
    const point = at++;
    for (; isDigit(character); character = text.charCodeAt(++at)) digits = digits * 10 + character - ZERO;
    decimals = at - point - 1;
  }
  if (at === from || at - from > MOST_DIGITS) scanner.exact = false;
  scanner.at = at;
  scanner.decimals = decimals;
  return decimals === 0 ? digits : digits / (POWERS[decimals] ?? 1);
}

/** Past the word that stands here; -1 where it doesn't. */
export function after(text: string, at: number, word: string): number {
  return text.startsWith(word, at) ? at + word.length : -1;
}

/** Past the blanks that stand here. */
export function blanksEnd(text: string, at: number, end: number): number {
  let past = at;
  while (past < end && text.charCodeAt(past) === BLANK) past++;
  return past;
}

/** Past the last character that is not blank. */
export function blanksStart(text: string, from: number, end: number): number {
  let start = end;
  while (start > from && text.charCodeAt(start - 1) === BLANK) start--;
  return start;
}

const BLANK = 0x20;
const POINT = 0x2e;
const ZERO = 0x30;

function isDigit(character: number): boolean {
  return character >= ZERO && character <= 0x39;
}
