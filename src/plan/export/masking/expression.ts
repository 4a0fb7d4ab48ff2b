import { tokens, type Token } from '../../../sql/lexer';
import { BEFORE, FIELDS, FUNCTIONS, KEYWORDS, PLAN_WORDS, PLANNER_NAMES, TYPE_REST, TYPES } from './builtins';
import { maskNumber, maskString } from './literals';
import type { Pseudonyms } from './pseudonyms';

/**
 * An expression as EXPLAIN prints it (ruleutils.c), with stand-ins for names and literals: "(o.customer_id = 42)" →
 * "(a1.c1 = 1)". Keywords are in capitals there; any other word is a name unless it is a built-in function or type.
 * Comments are left out.
 */
export function maskExpression(text: string, names: Pseudonyms): string {
  return mask(text, names, (word) => KEYWORDS.has(word) || PLAN_WORDS.has(word));
}

/** A statement as somebody wrote it: keywords in any case, unless the plan knows a name that is written so. */
export function maskStatement(text: string, names: Pseudonyms): string {
  return mask(text, names, (word) => {
    const name = word.toLowerCase();
    return KEYWORDS.has(word.toUpperCase()) && !names.has('relation', name) && !names.has('column', name);
  });
}

function mask(text: string, names: Pseudonyms, isKeyword: (word: string) => boolean): string {
  const all = [...tokens(text)].filter(({ kind }) => kind !== 'comment');
  const parts: string[] = [];
  let end = all[0]?.start ?? text.length;
  for (let place = 0; place < all.length; place++) {
    const token = all[place];
    if (token === undefined) continue;
    // Between tokens is white space, or a comment.
    if (token.start > end) parts.push(' ');
    end = token.end;
    parts.push(maskToken(text, all, place, names, isKeyword));
  }
  return parts.join('');
}

function maskToken(
  text: string,
  all: readonly Token[],
  place: number,
  names: Pseudonyms,
  isKeyword: (word: string) => boolean,
): string {
  const token = all[place];
  if (token === undefined) return '';
  const written = text.slice(token.start, token.end);
  switch (token.kind) {
    case 'string':
      return maskString(written);
    case 'number':
      return isSubplanNumber(text, all[place - 1]) ? written : maskNumber(written);
    case 'punctuation':
    case 'parameter':
      return written;
    case 'comment':
      return '';
    case 'identifier':
    case 'word':
      return maskWord(text, all, place, names, isKeyword);
  }
}

function maskWord(
  text: string,
  all: readonly Token[],
  place: number,
  names: Pseudonyms,
  isKeyword: (word: string) => boolean,
): string {
  const at = (offset: number): string => {
    const token = all[place + offset];
    return token === undefined ? '' : text.slice(token.start, token.end);
  };
  const written = at(0);
  const isQuoted = all[place]?.kind === 'identifier';
  const name = isQuoted ? unquoted(written) : written.toLowerCase() === written ? written : fold(written, isKeyword);
  const isQualified = at(-1) === '.';
  if (isQuoted && PLANNER_NAMES.test(name)) return written;
  if (isTypePlace(at) && !isQualified) {
    if (!isQuoted && TYPES.has(name)) return written;
    if (isQuoted && name === 'char') return written;
    return at(1) === '.' ? schemaName(name, names) : names.of('type', name);
  }
  if (!isQuoted && !isQualified) {
    if (TYPE_REST.has(name) && isRestOfType(at)) return written;
    if (isKeyword(written) || (Object.hasOwn(BEFORE, written) && BEFORE[written]?.test(at(1)) === true)) return written;
    if (FIELDS.has(name) && at(-1) === '(' && at(-2).toUpperCase() === 'EXTRACT') return written;
  }
  if (at(-1).toUpperCase() === 'COLLATE')
    return ['C', 'POSIX', 'default'].includes(name) ? written : names.of('collation', name);
  if (at(1) === '.' && at(2) !== '') return qualifierName(name, at, names);
  if (at(1) === '(') {
    if (!isQuoted && FUNCTIONS.has(name)) return written;
    if (!names.has('relation', name)) return names.of('function', name);
  }
  // public.orders, in what a foreign server is asked.
  if (isQualified && names.has('schema', at(-2)) && names.has('relation', name)) return names.of('relation', name);
  if (isQualified && isTypePlace((offset) => at(offset - 2))) return names.of('type', name);
  return names.ofFirst(['column', 'relation', 'cte', 'alias', 'column'], name);
}

/** "SubPlan 2" is called that where it stands, too. */
function isSubplanNumber(text: string, before: Token | undefined): boolean {
  return before !== undefined && /^(?:SubPlan|InitPlan)$/.test(text.slice(before.start, before.end));
}

/** After "::". */
function isTypePlace(at: (offset: number) => string): boolean {
  return at(-1) === ':' && at(-2) === ':';
}

/** "varying" of "::character varying", "time zone" of "::timestamp(3) without time zone". */
function isRestOfType(at: (offset: number) => string): boolean {
  for (let offset = -1; offset > -8; offset--) {
    const word = at(offset);
    if (TYPES.has(word) && isTypePlace((more) => at(offset + more))) return true;
    if (!TYPE_REST.has(word) && !/^(?:[(),]|\d+)$/.test(word)) return false;
  }
  return false;
}

/** Before a dot: an alias, or a schema where a relation, a function or a type follows. */
function qualifierName(name: string, at: (offset: number) => string, names: Pseudonyms): string {
  if (at(3) === '(' || at(3) === '.' || /^[^\w"]/.test(at(2))) {
    if (at(2) !== '*') return schemaName(name, names);
  }
  return names.ofFirst(['alias', 'relation', 'schema', 'cte', 'alias'], name);
}

function schemaName(name: string, names: Pseudonyms): string {
  return name === 'pg_catalog' || name === 'information_schema' ? name : names.of('schema', name);
}

function unquoted(identifier: string): string {
  const open = identifier.indexOf('"');
  return identifier.slice(open + 1, identifier.endsWith('"') ? -1 : undefined).replaceAll('""', '"');
}

/** A name that is written in capitals without quotes is the same in small letters. */
function fold(word: string, isKeyword: (word: string) => boolean): string {
  return isKeyword(word) ? word : word.toLowerCase();
}
