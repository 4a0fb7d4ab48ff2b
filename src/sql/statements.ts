import { tokens, type Token } from './lexer';

/** One statement of a text. */
export interface Statement {
  /** UTF-16 offset of its first token that is no comment. */
  readonly start: number;
  /** Exclusive; its semicolon, if it has one, is left out of `text` and lies before `end`. */
  readonly end: number;
  readonly text: string;
  /** Its first word, upper case: SELECT, WITH, CREATE … */
  readonly keyword: string;
}

/** Splits a text at the semicolons that end statements. A text of comments alone has none. */
export function statements(text: string): Statement[] {
  const found: Statement[] = [];
  let current: Token[] = [];
  const finish = (end: number): void => {
    const [first] = current;
    const last = current.at(-1);
    if (first && last) {
      found.push({
        start: first.start,
        end,
        text: text.slice(first.start, last.end),
        keyword: text.slice(first.start, first.end).toUpperCase(),
      });
    }
    current = [];
  };

  let parentheses = 0;
  const blocks = new AtomicBlocks();
  for (const token of tokens(text)) {
    if (token.kind === 'comment') continue;
    const word = text.slice(token.start, token.end);
    if (token.kind === 'punctuation') {
      if (word === '(') parentheses++;
      else if (word === ')') parentheses = Math.max(0, parentheses - 1);
      else if (word === ';' && parentheses === 0 && !blocks.open) {
        finish(token.end);
        blocks.reset();
        continue;
      }
    }
    if (token.kind === 'word') blocks.word(word.toUpperCase(), current.length);
    current.push(token);
  }
  finish(current.at(-1)?.end ?? text.length);
  return found;
}

/**
 * CREATE FUNCTION … BEGIN ATOMIC …; …; END: the semicolons inside belong to the body (PostgreSQL 14).
 * As psql does: only in CREATE [OR REPLACE] FUNCTION or PROCEDURE, counting BEGIN and CASE against END.
 */
class AtomicBlocks {
  private words: string[] = [];
  private depth = 0;

  get open(): boolean {
    return this.depth > 0;
  }

  word(word: string, index: number): void {
    if (index < 4) this.words.push(word);
    const [create, ...rest] = this.words;
    if (create !== 'CREATE' || !rest.some((part) => part === 'FUNCTION' || part === 'PROCEDURE')) return;
    if (word === 'BEGIN' || (word === 'CASE' && this.depth > 0)) this.depth++;
    else if (word === 'END' && this.depth > 0) this.depth--;
  }

  reset(): void {
    this.words = [];
    this.depth = 0;
  }
}

/**
 * The statement a cursor stands in: the one around the offset; behind its semicolon on the same line still
 * that one; between two statements (blank lines, comments) the next; after the last one, the last.
 */
export function statementAt(text: string, offset: number): Statement | undefined {
  const all = statements(text);
  for (const statement of all) {
    if (offset <= statement.end) return statement;
    const newline = text.indexOf('\n', statement.end);
    if (
      offset <= (newline === -1 ? text.length : newline) &&
      !all.some((other) => other.start >= statement.end && other.start <= offset)
    ) {
      return statement;
    }
  }
  return all.at(-1);
}

/** Statements that give rows or change them and that EXPLAIN takes. */
const EXPLAINABLE = new Set([
  'SELECT',
  'WITH',
  'VALUES',
  'TABLE',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'EXECUTE',
  'DECLARE',
  '(',
]);

/** Whether EXPLAIN takes this statement; CREATE TABLE AS and REFRESH included. */
export function isExplainable(statement: Statement): boolean {
  if (EXPLAINABLE.has(statement.keyword)) return true;
  return /^(?:CREATE\s+(?:(?:GLOBAL|LOCAL)\s+)?(?:TEMP(?:ORARY)?\s+|UNLOGGED\s+)?TABLE\b[\s\S]*?\bAS\b|CREATE\s+MATERIALIZED\s+VIEW\b|REFRESH\s+MATERIALIZED\s+VIEW\b)/i.test(
    statement.text,
  );
}

/** Whether a statement asks for rows: the last such one of an exercise file is the answer. */
export function isQuery(statement: Statement): boolean {
  return ['SELECT', 'WITH', 'VALUES', 'TABLE', '('].includes(statement.keyword);
}

/** Whether running it can change the database: everything but plain queries without data-modifying CTE, SHOW and EXPLAIN. */
export function mayWrite(statement: Statement): boolean {
  if (statement.keyword === 'SHOW') return false;
  if (statement.keyword === 'EXPLAIN') return /\bANALY[ZS]E\b/i.test(statement.text) && hasWriteWord(statement.text);
  if (!isQuery(statement)) return true;
  return hasWriteWord(statement.text);
}

function hasWriteWord(text: string): boolean {
  for (const token of tokens(text)) {
    if (token.kind === 'word' && /^(?:INSERT|UPDATE|DELETE|MERGE|INTO)$/i.test(text.slice(token.start, token.end)))
      return true;
  }
  return false;
}

/** The statement on one line, cut to `length` characters, for titles. */
export function statementTitle(text: string, length = 60): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
