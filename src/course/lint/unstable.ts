/** What a data set computes anew each time it is loaded: its rows would be others on each server, and no check holds. */
import { tokens, type Token } from '../../sql/lexer';
import { statements } from '../../sql/statements';
import type { Problem } from '../problem';
import { Lines } from '../text';
import { problem } from './rules';

type Instead = 'number' | 'day' | 'uuid';

/** Functions of PostgreSQL 14 to 18, of pgcrypto and of uuid-ossp, and by what their values are replaced. */
const FUNCTIONS: ReadonlyMap<string, Instead> = new Map([
  ...each('number', 'random random_normal array_sample array_shuffle gen_random_bytes gen_salt'),
  ...each('number', 'txid_current pg_current_xact_id pg_backend_pid'),
  ...each('uuid', 'gen_random_uuid uuidv4 uuidv7 uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4'),
  ...each('day', 'now clock_timestamp statement_timestamp transaction_timestamp timeofday'),
]);

/** Called without parentheses; reserved words, and so never a column but behind AS or a dot. */
const KEYWORDS = new Set(['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp']);

/** Texts that date and time types read as the time of reading. */
const SPECIAL = /^'\s*(?:now|today|tomorrow|yesterday)\s*'$/i;
const DATE_TYPES = new Set(['date', 'time', 'timetz', 'timestamp', 'timestamptz']);

/** What setseed() makes repeatable, until PostgreSQL takes another generator, as 15 did. */
const SEEDED = new Set(['random', 'random_normal', 'array_sample', 'array_shuffle']);

const ADVICE: Readonly<Record<Instead, string>> = {
  number: 'take a hash of the row’s number instead, as hashint8extended(n, 1), or arithmetic with it',
  day: "write a fixed date instead, as DATE '2026-01-01' + n",
  uuid: 'make it of the row’s number instead, as md5(n::text)::uuid',
};

function each(instead: Instead, names: string): [string, Instead][] {
  return names.split(' ').map((name) => [name, instead]);
}

/** A token, or one of the body of a DO block or function. */
interface CodeToken extends Token {
  /** Lower case; an identifier’s without its quotes; of a string, nothing but where it is `SPECIAL`. */
  readonly text: string;
}

type Part = readonly CodeToken[];

/** @param text the file as it is, with its `\set` lines, which stand in `parameterLines` */
export function unstableData(text: string, parameterLines: ReadonlySet<number>): Problem[] {
  const sql = text
    .split('\n')
    .map((line, at) => (parameterLines.has(at) ? ' '.repeat(line.length) : line))
    .join('\n');
  const parts = statements(sql).map(({ start, end }) => codeTokens(sql, start, end));
  const own = new Set(parts.flatMap((part) => functionName(part) ?? []));
  const inserts = insertsOf(parts);
  const lines = new Lines(text);
  const filling = fillingParts(parts);
  const isSeeded = filling.some((part) => part.some(({ text: word }) => word === 'setseed'));
  return filling.flatMap((part) => {
    const told = new Set<string>();
    const defaultsAt = defaultsOf(part);
    return unstableCalls(part, own).flatMap(({ at, token, instead }) => {
      const value = defaultsAt(at);
      // once is enough for a list of VALUES
      if (told.has(token.text) || (value && !isOmitted(value, inserts))) return [];
      told.add(token.text);
      const name = KEYWORDS.has(token.text)
        ? token.text.toUpperCase()
        : `${token.text}${token.kind === 'string' ? '' : '()'}`;
      const message =
        isSeeded && SEEDED.has(token.text)
          ? `${name} gives other values on another version of PostgreSQL, even after setseed()`
          : `${name} gives other values each time the data set is loaded`;
      return [problem('unstable-data', `${message}: ${ADVICE[instead]}.`, lines.range(token.start, token.end))];
    });
  });
}

interface Call {
  readonly at: number;
  readonly token: CodeToken;
  readonly instead: Instead;
}

function unstableCalls(part: Part, own: ReadonlySet<string>): Call[] {
  const found: Call[] = [];
  for (const [at, token] of part.entries()) {
    const instead = own.has(token.text) ? undefined : calls(part, at);
    if (instead !== undefined) found.push({ at, token, instead });
    if (found.length === MOST_CALLS) break;
  }
  return found;
}

/** Of one statement: no table has as many defaults. */
const MOST_CALLS = 100;

function calls(part: Part, at: number): Instead | undefined {
  const { kind, text } = part[at] ?? { kind: 'punctuation', text: '' };
  const before = part[at - 1]?.text;
  if (kind === 'string') return text !== '' && isDate(part, at) ? 'day' : undefined;
  if (kind !== 'word' && kind !== 'identifier') return undefined;
  if (kind === 'word' && KEYWORDS.has(text)) return before === '.' || before === 'as' ? undefined : 'day';
  if (part[at + 1]?.text !== '(') return undefined;
  // lab.random() is somebody’s own
  const isElsewhere = before === '.' && !['pg_catalog', 'public'].includes(part[at - 2]?.text ?? '');
  return isElsewhere ? undefined : FUNCTIONS.get(text);
}

/** DATE '…', timestamp with time zone '…', '…'::date, CAST ('…' AS date). */
function isDate(part: Part, at: number): boolean {
  const [before, ...after] = [at - 1, at + 1, at + 2, at + 3].map((index) => part[index]?.text ?? '');
  const cast =
    after[0] === 'as' && part[at - 2]?.text === 'cast'
      ? after[1]
      : after[0] === ':' && after[1] === ':'
        ? after[2]
        : '';
  return before === 'zone' || DATE_TYPES.has(before ?? '') || DATE_TYPES.has(cast ?? '');
}

/** Those that compute rows when the file is run, and the functions that these call; a view is only written down. */
function fillingParts(parts: readonly Part[]): Part[] {
  const functions = new Map<string, Part[]>();
  const found = new Set<Part>();
  const queue: Part[] = [];
  for (const part of parts) {
    const name = functionName(part);
    if (name !== undefined) functions.set(name, [...(functions.get(name) ?? []).slice(0, MOST_OVERLOADS), part]);
    else if (!DECLARING.has(part[0]?.text ?? '') || makesRows(part)) queue.push(part);
  }
  for (let part = queue.pop(); part; part = queue.pop()) {
    found.add(part);
    for (const { text } of part) {
      queue.push(...(functions.get(text) ?? []));
      functions.delete(text);
    }
  }
  return parts.filter((part) => found.has(part));
}

/** Functions of one name. */
const MOST_OVERLOADS = 20;

const DECLARING = new Set(['create', 'comment', 'grant', 'revoke', 'drop', 'set']);

/** CREATE TABLE … AS, and defaults. */
function makesRows(part: Part): boolean {
  const words = part.slice(0, 5).map(({ text }) => text);
  return words[0] === 'create' && (words.includes('table') || words.includes('materialized'));
}

/** Of what a CREATE FUNCTION or PROCEDURE makes. */
function functionName(part: Part): string | undefined {
  if (part[0]?.text !== 'create') return undefined;
  const at = part.slice(0, 4).findIndex(({ text }) => text === 'function' || text === 'procedure');
  if (at === -1) return undefined;
  return part[at + 2]?.text === '.' ? part[at + 3]?.text : part[at + 1]?.text;
}

/** A column, and whether what stands there is its default: a CHECK computes no value. */
interface ColumnValue {
  readonly table: string;
  readonly column: string;
  readonly isDefault: boolean;
}

/** By a token's index, the column of a CREATE TABLE or ALTER TABLE … SET DEFAULT in whose definition it stands. */
function defaultsOf(part: Part): (at: number) => ColumnValue | undefined {
  const words = part.slice(0, 5).map(({ text }) => text);
  if (words[0] === 'alter' && words[1] === 'table') {
    const sets = part.findIndex(({ text }, index) => text === 'set' && part[index + 1]?.text === 'default');
    const alter = part.findIndex(({ text }, index) => text === 'alter' && index > 0);
    const value = { table: part[alter - 1]?.text ?? '', column: part[sets - 1]?.text ?? '', isDefault: true };
    return (at) => (sets !== -1 && at > sets ? value : undefined);
  }
  const values: (ColumnValue | undefined)[] = [];
  const open = part.findIndex(({ text }) => text === '(');
  if (words[0] !== 'create' || !words.includes('table')) return () => undefined;
  const table = part[open - 1]?.text ?? '';
  let depth = 0;
  let value: ColumnValue | undefined;
  for (const [at, { text }] of part.entries()) {
    if (text === ')') depth--;
    // CREATE TABLE … AS SELECT
    if (text === 'as' && depth === 0) return () => undefined;
    if (depth === 1 && (at === open + 1 || part[at - 1]?.text === ','))
      value = { table, column: text, isDefault: false };
    else if (depth === 1 && text === 'default' && value) value = { ...value, isDefault: true };
    values.push(value);
    if (text === '(') depth++;
  }
  return (at) => values[at];
}

/** The columns that each INSERT into a table names; those that name none give all of them. */
function insertsOf(parts: readonly Part[]): Map<string, Set<string>[]> {
  const inserts = new Map<string, Set<string>[]>();
  for (const part of parts) {
    for (const [at, { text }] of part.entries()) {
      if (text !== 'insert' || part[at + 1]?.text !== 'into') continue;
      let next = at + 2;
      if (part[next + 1]?.text === '.') next += 2;
      const table = part[next]?.text ?? '';
      next += part[next + 1]?.text === 'as' ? 3 : 1;
      const isDefaults = part[next]?.text === 'default';
      const isList =
        part[next]?.text === '(' && !['select', 'with', 'values', '('].includes(part[next + 1]?.text ?? '');
      if (!isDefaults && !isList) continue;
      const columns = new Set<string>();
      for (next++; isList && next < part.length && part[next]?.text !== ')'; next++)
        columns.add(part[next]?.text ?? '');
      const known = inserts.get(table);
      if (known) known.push(columns);
      else inserts.set(table, [columns]);
    }
  }
  return inserts;
}

/** Whether the data set leaves the column to its default; else only students' rows may have that. */
function isOmitted({ table, column, isDefault }: ColumnValue, inserts: ReadonlyMap<string, Set<string>[]>): boolean {
  return isDefault && (inserts.get(table) ?? []).some((columns) => !columns.has(column));
}

/** A statement’s tokens but comments; the bodies in dollar quotes of DO blocks and functions are read too. */
function codeTokens(sql: string, start: number, end: number): CodeToken[] {
  const found: CodeToken[] = [];
  const add = (from: number, to: number, depth: number): void => {
    const piece = sql.slice(from, to);
    for (const token of tokens(piece)) {
      if (token.kind === 'comment') continue;
      const raw = piece.slice(token.start, token.end);
      const [tag] = token.kind === 'string' ? (/^\$[^$]*\$/.exec(raw) ?? []) : [];
      // a body may quote what it executes
      if (tag !== undefined && depth < 3 && (found[0]?.text === 'do' || functionName(found) !== undefined)) {
        const inside = from + token.start + tag.length;
        add(inside, Math.max(inside, from + token.end - (token.closed ? tag.length : 0)), depth + 1);
        continue;
      }
      found.push({
        ...token,
        start: from + token.start,
        end: from + token.end,
        text: textOf(token, raw),
      });
    }
  };
  add(start, end, 0);
  return found;
}

function textOf({ kind }: Token, raw: string): string {
  if (kind === 'identifier') return unquoted(raw);
  return kind === 'string' && !SPECIAL.test(raw) ? '' : raw.toLowerCase();
}

function unquoted(identifier: string): string {
  return identifier.slice(1, -1).replaceAll('""', '"');
}
