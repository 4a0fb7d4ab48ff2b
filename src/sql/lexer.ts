/**
 * PostgreSQL's lexical structure, as far as finding statements needs it (manual, chapter 4.1).
 * Never throws: an unclosed quote or comment ends with the text.
 */
export type TokenKind = 'word' | 'string' | 'identifier' | 'comment' | 'punctuation' | 'number' | 'parameter';

export interface Token {
  readonly kind: TokenKind;
  /** UTF-16 offsets into the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** False where the text ended inside a quote or comment. */
  readonly closed: boolean;
}

const SPACE = /\s*/y;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
/** E'…', B'…', X'…', N'…', U&'…', U&"…" */
const PREFIXED = /(?:[eEbBxXnN](?=')|[uU]&(?=['"]))/y;
const DIGIT = /[0-9]/;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const NUMBER = /0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]+)?/y;

/** Tokens in order, white space left out. */
export function* tokens(text: string): Generator<Token> {
  for (let at = afterSpace(text, 0); at < text.length;) {
    const token = next(text, at, text.charAt(at));
    yield token;
    at = afterSpace(text, token.end);
  }
}

function afterSpace(text: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.test(text);
  return SPACE.lastIndex;
}

function next(text: string, start: number, character: string): Token {
  if (text.startsWith('--', start)) return lineComment(text, start);
  if (text.startsWith('/*', start)) return blockComment(text, start);
  if (character === "'") return quoted(text, start, start + 1, "'", 'string', false);
  if (character === '"') return quoted(text, start, start + 1, '"', 'identifier', false);
  if (character === '$') return dollar(text, start);
  WORD.lastIndex = start;
  if (WORD.test(text)) {
    const end = WORD.lastIndex;
    PREFIXED.lastIndex = start;
    if (end > start + 1 || !PREFIXED.test(text)) return { kind: 'word', start, end, closed: true };
    const quote = PREFIXED.lastIndex;
    return text.charAt(quote) === "'"
      ? quoted(text, start, quote + 1, "'", 'string', /[eE]/.test(character))
      : quoted(text, start, quote + 1, '"', 'identifier', false);
  }
  if (DIGIT.test(character)) {
    NUMBER.lastIndex = start;
    const match = NUMBER.exec(text);
    return { kind: 'number', start, end: start + (match?.[0].length ?? 1), closed: true };
  }
  return { kind: 'punctuation', start, end: start + 1, closed: true };
}

function lineComment(text: string, start: number): Token {
  const newline = text.indexOf('\n', start);
  return { kind: 'comment', start, end: newline === -1 ? text.length : newline, closed: true };
}

/** Block comments nest in PostgreSQL. */
function blockComment(text: string, start: number): Token {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith('/*', at)) {
      depth++;
      at++;
    } else if (text.startsWith('*/', at)) {
      depth--;
      at++;
      if (depth === 0) return { kind: 'comment', start, end: at + 1, closed: true };
    }
  }
  return { kind: 'comment', start, end: text.length, closed: false };
}

function quoted(text: string, start: number, from: number, quote: string, kind: TokenKind, escapes: boolean): Token {
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (escapes && character === '\\') at++;
    else if (character === quote) {
      if (text.charAt(at + 1) !== quote) return { kind, start, end: at + 1, closed: true };
      at++;
    }
  }
  return { kind, start, end: text.length, closed: false };
}

function dollar(text: string, start: number): Token {
  DOLLAR_TAG.lastIndex = start;
  const tag = DOLLAR_TAG.exec(text)?.[0];
  if (tag !== undefined) {
    const close = text.indexOf(tag, start + tag.length);
    const end = close === -1 ? text.length : close + tag.length;
    return { kind: 'string', start, end, closed: close !== -1 };
  }
  let end = start + 1;
  while (DIGIT.test(text.charAt(end))) end++;
  return { kind: end > start + 1 ? 'parameter' : 'punctuation', start, end, closed: true };
}
