/**
 * Figures read where they stand, character by character: a regular expression needs a string for the line and makes one of each
 * figure, and a large plan has a hundred thousand. A place of -1 says that something before it was not as expected, so that one
 * look at the end of a line is enough.
 */

/** Above it, digits are no longer exact in a number, and Number() reads them. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, digits) => 10 ** digits);

/** Past the word that stands here. */
export function after(text: string, at: number, word: string): number {
  if (at === -1) return -1;
  for (let place = 0; place < word.length; place++)
    if (text.charCodeAt(at + place) !== word.charCodeAt(place)) return -1;
  return at + word.length;
}

/** Past the digits that stand here. */
export function digitsEnd(text: string, at: number): number {
  if (at === -1) return -1;
  let end = at;
  while (isDigit(text.charCodeAt(end))) end++;
  return end === at || end - at > MOST_DIGITS ? -1 : end;
}

/** Past "12" or "12.34". */
export function numberEnd(text: string, at: number): number {
  const whole = digitsEnd(text, at);
  if (whole === -1 || text.charCodeAt(whole) !== POINT || !isDigit(text.charCodeAt(whole + 1))) return whole;
  const end = digitsEnd(text, whole + 1);
  return end - at > MOST_DIGITS ? -1 : end;
}

/** What stands between a place and its `numberEnd`: as Number() reads it, since both parts of the division are exact. */
export function numberIn(text: string, from: number, end: number): number {
  let digits = 0;
  let decimals = 0;
  for (let at = from; at < end; at++) {
    const character = text.charCodeAt(at);
    if (character === POINT) decimals = end - at - 1;
    else digits = digits * 10 + character - ZERO;
  }
  return decimals === 0 ? digits : digits / (POWERS[decimals] ?? 1);
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
