import type { PlanNode } from '../model';

/**
 * Reads the conditions that EXPLAIN prints: ruleutils.c's form of an expression, in which every operator has its parentheses,
 * "((customer_id = 42) AND ((name)::text ~~ 'a%'::text))". What is not understood is `unknown`, never guessed.
 */

export interface Column {
  /** The alias before it; EXPLAIN leaves a scan's own out, but for VERBOSE. */
  readonly qualifier: string | undefined;
  /** Not quoted. */
  readonly name: string;
}

/** What stands on one side of an operator. `sql` is as printed, less its outer parentheses. */
export type Side =
  /** `cast` where it is cast to text, which costs a varchar nothing. */
  | { readonly kind: 'column'; readonly sql: string; readonly column: Column; readonly cast: string | undefined }
  /** `value` is a literal's text: of numbers and strings, without quotes. */
  | {
      readonly kind: 'constant';
      readonly sql: string;
      readonly value: string | undefined;
      readonly type: string | undefined;
    }
  /** Has one value while a scan runs: $1, an InitPlan's result, now() - '1 day'. */
  | { readonly kind: 'parameter'; readonly sql: string }
  /** Computed of columns. `call` is the outermost function ("lower"), "cast" or "operator"; `bare` is without qualifiers. */
  | {
      readonly kind: 'expression';
      readonly sql: string;
      readonly bare: string;
      readonly call: string | undefined;
      /** The type of an outermost cast. */
      readonly cast: string | undefined;
      readonly columns: readonly Column[];
    }
  | { readonly kind: 'unknown'; readonly sql: string };

/** One of the ANDed parts of a condition. */
export interface Term {
  /** As printed, with its parentheses. */
  readonly sql: string;
  /** "=", "~~", "IS NULL", "IS TRUE" (of a boolean column alone), "IS FALSE" (after NOT), "OR"; undefined where it is none. */
  readonly operator: string | undefined;
  /** `= ANY (…)`, `<> ALL (…)`. */
  readonly quantifier: 'ANY' | 'ALL' | undefined;
  readonly left: Side | undefined;
  readonly right: Side | undefined;
}

/** A term as the owner of one side sees it: "column operator other". */
export interface ColumnTerm {
  readonly sql: string;
  /** Not quoted. */
  readonly column: string;
  readonly cast: string | undefined;
  readonly operator: string;
  readonly quantifier: 'ANY' | 'ALL' | undefined;
  /** Of no column of the same table; absent for IS NULL and the like. */
  readonly other: Side | undefined;
}

/** Longer conditions are not read: 100 kB of them says nothing that an index could use. */
const LONGEST = 100_000;

/** The ANDed terms; undefined where the text is not an expression that can be read. */
export function termsOf(condition: string | undefined): readonly Term[] | undefined {
  if (condition === undefined || condition.length > LONGEST) return undefined;
  if (condition.length > REMEMBERED_LENGTH) return readTerms(condition);
  if (remembered.has(condition)) return remembered.get(condition);
  const terms = readTerms(condition);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(condition, terms);
  return terms;
}

/** Partitions repeat the same conditions, and several rules read each. */
const remembered = new Map<string, readonly Term[] | undefined>();
const REMEMBERED = 200;
const REMEMBERED_LENGTH = 1000;

function readTerms(condition: string): readonly Term[] | undefined {
  const source = sourceOf(condition);
  if (source === undefined) return undefined;
  const terms: Term[] = [];
  const pending: Range[] = [{ from: 0, to: source.tokens.length }];
  for (let range = pending.pop(); range !== undefined; range = pending.pop()) {
    const inner = stripped(source, range);
    const parts = inner.from >= inner.to || hasWord(source, inner, 'CASE') ? [] : split(source, inner, 'AND');
    if (parts.length < 2) {
      if (inner.from < inner.to) terms.push(termOf(source, range, inner));
      continue;
    }
    for (const part of parts.toReversed()) pending.push(part);
  }
  return terms;
}

/** The terms that compare a column of the scanned table with something that is not of it. */
export function columnTerms(node: PlanNode, condition: string | undefined): readonly ColumnTerm[] {
  const terms = termsOf(condition);
  if (terms === undefined) return NONE;
  const known = hasQualifiers(terms) ? undefined : anyonesTerms.get(terms);
  if (known !== undefined) return known;
  const found: ColumnTerm[] = [];
  for (const term of terms) {
    const own = columnTerm(term, (column) => isOwn(node, column));
    if (own !== undefined) found.push(own);
  }
  if (!hasQualifiers(terms)) anyonesTerms.set(terms, found);
  return found;
}

const NONE: readonly ColumnTerm[] = [];

/** Without qualifiers a condition says the same of every scan: partitions have one list. */
const anyonesTerms = new WeakMap<readonly Term[], readonly ColumnTerm[]>();
const qualified = new WeakMap<readonly Term[], boolean>();

/** What the terms say depends on the scan's alias. */
export function hasQualifiers(terms: readonly Term[]): boolean {
  const known = qualified.get(terms);
  if (known !== undefined) return known;
  const isQualified = (side: Side | undefined): boolean =>
    (side?.kind === 'column' && side.column.qualifier !== undefined) ||
    (side?.kind === 'expression' && side.columns.some(({ qualifier }) => qualifier !== undefined));
  const has = terms.some(({ left, right }) => isQualified(left) || isQualified(right));
  qualified.set(terms, has);
  return has;
}

/** Of a scan's own table: EXPLAIN prints no qualifier, or (VERBOSE) the scan's alias. */
export function isOwn({ alias, relation }: PlanNode, { qualifier }: Column): boolean {
  return qualifier === undefined || qualifier === (alias ?? relation);
}

/** The term as seen from the side that owns a column; undefined where neither does, or both do. */
function columnTerm(term: Term, owns: (column: Column) => boolean): ColumnTerm | undefined {
  const { sql, operator, quantifier, left, right } = term;
  if (operator === undefined) return undefined;
  const isFree = (side: Side | undefined): boolean =>
    side === undefined ||
    side.kind === 'constant' ||
    side.kind === 'parameter' ||
    (side.kind === 'column' && !owns(side.column)) ||
    (side.kind === 'expression' && !side.columns.some(owns));
  if (left?.kind === 'column' && owns(left.column) && isFree(right))
    return { sql, column: left.column.name, cast: left.cast, operator, quantifier, other: right };
  const flipped = FLIPPED[operator];
  if (
    right?.kind === 'column' &&
    owns(right.column) &&
    isFree(left) &&
    flipped !== undefined &&
    quantifier === undefined
  )
    return { sql, column: right.column.name, cast: right.cast, operator: flipped, quantifier, other: left };
  return undefined;
}

/** A B-tree finds such rows at one place of the index, in the order of its next column. */
export function isEquality({ operator, quantifier }: ColumnTerm): boolean {
  return (operator === '=' && quantifier === undefined) || ['IS NULL', 'IS TRUE', 'IS FALSE'].includes(operator);
}

/** `= ANY (list)`, which is what IN becomes: one place for each item. */
export function isInList({ operator, quantifier }: ColumnTerm): boolean {
  return operator === '=' && quantifier === 'ANY';
}

export function isRange({ operator, quantifier }: ColumnTerm): boolean {
  return RANGES.has(operator) && quantifier === undefined;
}

const RANGES = new Set(['<', '<=', '>', '>=']);

const FLIPPED: Readonly<Record<string, string>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '@>': '<@',
  '<@': '@>',
  '&&': '&&',
};

/** A Sort Key: the expression, and its order as SQL ("DESC", "DESC NULLS LAST", "" for ascending). */
export interface SortKey {
  readonly side: Side;
  readonly order: string;
}

/** Undefined where the key is not understood: one with USING or COLLATE. */
export function sortKey(text: string): SortKey | undefined {
  const [, expression = '', order = ''] = /^(.*?)((?: DESC)?(?: NULLS (?:FIRST|LAST))?)$/s.exec(text) ?? [];
  if (expression.length > LONGEST) return undefined;
  const source = sourceOf(expression);
  if (source === undefined) return undefined;
  const range = stripped(source, { from: 0, to: source.tokens.length });
  if (range.from >= range.to || hasWord(source, range, 'USING') || hasWord(source, range, 'COLLATE')) return undefined;
  return { side: sideOf(source, range), order: order.trim() };
}

// --- tokens

interface Token {
  readonly kind:
    'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'operator' | 'cast' | 'open' | 'close' | 'other';
  /** Of quoted names and strings: without quotes. Of a cast: the type. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

interface Source {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** By opening token: its closing one. */
  readonly closing: ReadonlyMap<number, number>;
}

/** Tokens `from` to before `to`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** One group for each of KINDS, in their order; white space has none. */
const TOKEN = new RegExp(
  [
    String.raw`\s+`,
    String.raw`(?![EBXU]&?')([\p{L}_][\p{L}\p{N}_$]*)`,
    String.raw`([(\[])`,
    String.raw`([)\]])`,
    String.raw`::((?:"(?:[^"]|"")*"|[a-z_][\w$]*)(?:\.(?:"(?:[^"]|"")*"|[a-z_][\w$]*))?` +
      String.raw`(?: varying| precision)?(?: (?:year|month|day|hour|minute|second)(?: to (?:month|hour|minute|second))?)?` +
      String.raw`(?:\(\d+(?:,-?\d+)?\))?(?: with(?:out)? time zone)?(?:\[\])*)`,
    String.raw`[EBXU]?&?'((?:[^']|'')*)'`,
    String.raw`"((?:[^"]|"")*)"`,
    String.raw`(\d+(?:\.\d*)?(?:e[+-]?\d+)?)`,
    String.raw`\$(\d+)`,
    String.raw`([-+*/<>=~!@#%^&|?` + '`' + String.raw`]+)`,
    String.raw`([,.:;])`,
  ].join('|'),
  'iuy',
);

const KINDS = [
  'word',
  'open',
  'close',
  'cast',
  'string',
  'quoted',
  'number',
  'parameter',
  'operator',
  'other',
] as const;

function sourceOf(text: string): Source | undefined {
  const tokens: Token[] = [];
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0, end = 0; at < text.length; at = end) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    end = TOKEN.lastIndex;
    const place = KINDS.findIndex((_, group) => match[group + 1] !== undefined);
    const kind = KINDS[place];
    if (kind === undefined) continue;
    if (kind === 'open') open.push(tokens.length);
    if (kind === 'close') {
      const from = open.pop();
      if (from === undefined) return undefined;
      closing.set(from, tokens.length);
    }
    tokens.push({ kind, value: plain(kind, match[place + 1] ?? ''), start: at, end });
  }
  return open.length > 0 ? undefined : { text, tokens, closing };
}

function plain(kind: Token['kind'], value: string): string {
  if (kind === 'quoted') return value.replaceAll('""', '"');
  return kind === 'string' ? value.replaceAll("''", "'") : value;
}

function textIn({ text, tokens }: Source, { from, to }: Range): string {
  return text.slice(tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0);
}

/** Without parentheses around the whole. */
function stripped({ tokens, closing }: Source, { from, to }: Range): Range {
  let [first, last] = [from, to];
  while (tokens[first]?.kind === 'open' && tokens[first]?.value === '(' && closing.get(first) === last - 1) {
    first++;
    last--;
  }
  return { from: first, to: last };
}

/** The tokens outside inner parentheses; a parenthesis is its opening token. */
function* outer({ closing }: Source, { from, to }: Range): Generator<number> {
  for (let at = from; at < to; at++) {
    yield at;
    at = closing.get(at) ?? at;
  }
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value === word;
}

function hasWord(source: Source, range: Range, word: string): boolean {
  for (const at of outer(source, range)) if (isWord(source.tokens[at], word)) return true;
  return false;
}

function split(source: Source, range: Range, word: string): Range[] {
  const parts: Range[] = [];
  let { from } = range;
  for (const at of outer(source, range)) {
    if (!isWord(source.tokens[at], word)) continue;
    parts.push({ from, to: at });
    from = at + 1;
  }
  parts.push({ from, to: range.to });
  return parts;
}

// --- terms

function termOf(source: Source, whole: Range, range: Range): Term {
  const { tokens } = source;
  const sql = textIn(source, whole);
  const term = (operator?: string, left?: Side, right?: Side, quantifier?: 'ANY' | 'ALL'): Term => ({
    sql,
    operator,
    quantifier,
    left,
    right,
  });
  if (hasWord(source, range, 'CASE')) return term();
  if (hasWord(source, range, 'OR')) return term('OR');
  if (isWord(tokens[range.from], 'NOT')) {
    const side = sideOf(source, stripped(source, { from: range.from + 1, to: range.to }));
    return side.kind === 'column' ? term('IS FALSE', side) : term('NOT');
  }
  const operators: number[] = [];
  for (const at of outer(source, range)) {
    if (isWord(tokens[at], 'IS')) return isTerm(source, range, at, term);
    // OPERATOR(schema.=), and the parts of a JSON path or a row that is not plain.
    if (isWord(tokens[at], 'OPERATOR')) return term();
    if (tokens[at]?.kind === 'operator') operators.push(at);
  }
  const [at, ...others] = operators;
  if (others.length > 0) return term();
  if (at === undefined) {
    const side = sideOf(source, range);
    return side.kind === 'column' ? term('IS TRUE', side) : term(undefined, side);
  }
  if (at === range.from || at === range.to - 1) return term();
  const left = sideOf(source, { from: range.from, to: at });
  const operator = tokens[at]?.value;
  const next = tokens[at + 1];
  if (isWord(next, 'ANY') || isWord(next, 'ALL')) {
    const list = sideOf(source, { from: at + 2, to: range.to });
    return term(operator, left, list, next?.value === 'ANY' ? 'ANY' : 'ALL');
  }
  return term(operator, left, sideOf(source, { from: at + 1, to: range.to }));
}

function isTerm(
  source: Source,
  { from, to }: Range,
  at: number,
  term: (operator?: string, left?: Side, right?: Side) => Term,
): Term {
  const left = sideOf(source, { from, to: at });
  const words: string[] = [];
  let next = at;
  for (let word = source.tokens[next]; next < to && word?.kind === 'word'; word = source.tokens[++next]) {
    words.push(word.value);
    if (word.value === 'FROM') {
      next++;
      break;
    }
  }
  const operator = words.join(' ');
  if (next === to) return term(operator, left);
  return operator.endsWith('DISTINCT FROM') ? term(operator, left, sideOf(source, { from: next, to })) : term();
}

/** Have one value in a statement, and no parentheses. */
const STABLE_WORDS = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'CURRENT_USER',
  'SESSION_USER',
  'CURRENT_ROLE',
  'CURRENT_CATALOG',
  'CURRENT_SCHEMA',
]);

/** Each call may give another value: no index can be asked for it. */
const VOLATILE = new Set(
  'random random_normal clock_timestamp timeofday nextval currval setval lastval gen_random_uuid uuidv4 uuidv7 uuid_generate_v4 pg_sleep txid_current'.split(
    ' ',
  ),
);

/** Words inside an expression that are no names. */
const SYNTAX = new Set(
  `AND OR NOT IS NULL TRUE FALSE UNKNOWN CASE WHEN THEN ELSE END ARRAY ROW ANY ALL DISTINCT FROM FOR IN BOTH LEADING TRAILING AT
TIME ZONE COLLATE SIMILAR ESCAPE PLACING LIKE USING NFC NFD NFKC NFKD VARIADIC ORDER BY DESC NULLS FIRST LAST FILTER WHERE OVER
PARTITION WITHIN GROUP LOCAL DOCUMENT CONTENT OF`.split(/\s+/),
);

/** Casts that cost a varchar nothing. */
const TEXT_TYPES = new Set(['text', 'character varying', 'bpchar']);

function sideOf(source: Source, range: Range): Side {
  const { tokens } = source;
  const sql = textIn(source, stripped(source, range));
  const casts: string[] = [];
  let inner = stripped(source, range);
  const isCast = (): boolean => inner.to - inner.from > 1 && tokens[inner.to - 1]?.kind === 'cast';
  while (isCast() && isWhole(source, inner)) {
    while (isCast()) {
      casts.push(tokens[inner.to - 1]?.value ?? '');
      inner = { from: inner.from, to: inner.to - 1 };
    }
    inner = stripped(source, inner);
  }
  const [cast] = casts;
  const literal = inner.to - inner.from === 1 ? tokens[inner.from] : undefined;
  if (literal?.kind === 'string' || literal?.kind === 'number')
    return { kind: 'constant', sql, value: literal.value, type: cast };
  if (isWord(literal, 'NULL') || isWord(literal, 'true') || isWord(literal, 'false'))
    return { kind: 'constant', sql, value: literal?.value === 'NULL' ? undefined : literal?.value, type: cast };
  const column = columnIn(source, inner);
  if (column !== undefined)
    return casts.every((type) => TEXT_TYPES.has(type.replace(/\(\d+\)$/, '')))
      ? { kind: 'column', sql, column, cast }
      : {
          kind: 'expression',
          sql,
          bare: bareIn(source, stripped(source, range)),
          call: 'cast',
          cast,
          columns: [column],
        };
  const columns = columnsIn(source, inner);
  if (columns === undefined) return { kind: 'unknown', sql };
  if (columns.length === 0) return { kind: 'parameter', sql };
  return {
    kind: 'expression',
    sql,
    bare: bareIn(source, stripped(source, range)),
    call: cast === undefined ? callIn(source, inner) : 'cast',
    cast,
    columns,
  };
}

/** A single operand: no operator stands beside what is cast. */
function isWhole(source: Source, range: Range): boolean {
  for (const at of outer(source, range)) if (source.tokens[at]?.kind === 'operator') return false;
  return true;
}

function isName(token: Token | undefined): token is Token {
  return (
    token?.kind === 'quoted' || (token?.kind === 'word' && !SYNTAX.has(token.value) && !STABLE_WORDS.has(token.value))
  );
}

function isDot(token: Token | undefined): boolean {
  return token?.kind === 'other' && token.value === '.';
}

function columnIn({ tokens }: Source, { from, to }: Range): Column | undefined {
  const [first, dot, second] = [tokens[from], tokens[from + 1], tokens[from + 2]];
  if (!isName(first)) return undefined;
  if (to - from === 1) return { qualifier: undefined, name: first.value };
  return to - from === 3 && isDot(dot) && isName(second) ? { qualifier: first.value, name: second.value } : undefined;
}

/** The columns that an expression is made of; undefined where its value may change between rows for other reasons. */
function columnsIn({ tokens }: Source, { from, to }: Range): readonly Column[] | undefined {
  const columns: Column[] = [];
  for (let at = from; at < to; at++) {
    const token = tokens[at];
    const next = at + 1 < to ? tokens[at + 1] : undefined;
    if (isWord(token, 'SubPlan') || isWord(token, 'SubPlans') || isWord(token, 'EXISTS')) return undefined;
    if (isWord(token, 'InitPlan')) {
      // "(InitPlan 1).col1", "(InitPlan minmax_1)": its name is no column.
      at++;
      continue;
    }
    // EXTRACT(year FROM created), x COLLATE "C"
    if (isWord(token, 'EXTRACT') || isWord(token, 'COLLATE')) {
      at += token?.value === 'EXTRACT' ? 2 : 1;
      continue;
    }
    if (!isName(token)) continue;
    if (next?.kind === 'open' && next.value === '(') {
      if (VOLATILE.has(token.value)) return undefined;
      continue;
    }
    if (isDot(tokens[at - 1])) continue;
    if (!isDot(next)) {
      columns.push({ qualifier: undefined, name: token.value });
      continue;
    }
    const second = tokens[at + 2];
    if (second === undefined || at + 2 >= to || !isName(second)) return undefined;
    // schema.function(…)
    if (tokens[at + 3]?.kind === 'open') continue;
    columns.push({ qualifier: token.value, name: second.value });
    at += 2;
  }
  return columns;
}

/** "lower" of lower(name); "operator" of (a + b). */
function callIn({ tokens, closing }: Source, { from, to }: Range): string | undefined {
  const name = tokens[from];
  if (name?.kind === 'word' && tokens[from + 1]?.kind === 'open' && closing.get(from + 1) === to - 1) return name.value;
  for (let at = from; at < to; at = (closing.get(at) ?? at) + 1) if (tokens[at]?.kind === 'operator') return 'operator';
  return undefined;
}

/** As printed, less the qualifiers: "lower(o.name)" is "lower(name)". */
function bareIn({ text, tokens }: Source, { from, to }: Range): string {
  let bare = '';
  let copied = tokens[from]?.start ?? 0;
  for (let at = from; at < to; at++) {
    const [token, before] = [tokens[at], tokens[at - 1]];
    if (!isName(token) || !isDot(tokens[at + 1]) || isDot(before) || before?.kind === 'close') continue;
    // schema.function(…) keeps its schema
    if (!isName(tokens[at + 2]) || tokens[at + 3]?.kind === 'open') continue;
    bare += text.slice(copied, token.start);
    copied = tokens[at + 2]?.start ?? copied;
  }
  return bare + text.slice(copied, tokens[to - 1]?.end ?? copied);
}
