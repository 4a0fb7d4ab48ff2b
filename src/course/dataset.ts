import { tokens } from '../sql/lexer';
import { lineRange, type Problem, type TextRange } from './problem';

/**
 * A data set is SQL that psql runs too. Its parameters are psql's: `\set NAME VALUE` lines at its top, used as `:NAME`,
 * `:'NAME'` or `:"NAME"`. A comment `-- variant NAME=VALUE …` up there declares the hidden variant: the same data set
 * with other values, mostly another seed and few rows.
 */
export interface ParsedDataset {
  /** Plain SQL with the parameters' own values; lines stand where they stood. */
  readonly sql: string;
  /** The same with the variant's values; absent where none is declared. */
  readonly variant?: string;
  readonly parameters: readonly Parameter[];
  readonly problems: readonly Problem[];
}

export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** From 0. */
  readonly line: number;
}

interface Header {
  readonly parameters: Parameter[];
  readonly variants: { readonly line: number; readonly values: Map<string, string> }[];
  readonly problems: Problem[];
  /** Lines of the header that are psql's alone. */
  readonly lines: ReadonlySet<number>;
}

const SET = /^\\set(?:[ \t]+(\S+)(?:[ \t]+(.*?))?)?[ \t]*$/;
const VARIANT = /^--[ \t]*variant[ \t]+(?=[A-Za-z0-9_\u0080-\uffff]+=)(.*)$/;
const NAME = /^[A-Za-z0-9_\u0080-\uffff]+$/;

export function parseDataset(text: string): ParsedDataset {
  const lines = text.split('\n');
  const header = readHeader(lines);
  const plain = lines.map((line, at) => (header.lines.has(at) ? `-- ${line}` : line)).join('\n');
  const values = new Map(header.parameters.map(({ name, value }) => [name, value]));
  const problems = [...header.problems, ...quotedUses(plain, values), ...otherCommands(plain)];
  const [variant, second] = header.variants;
  if (second)
    problems.push(
      problem(
        'dataset-variant',
        'A data set has one hidden variant: put all values on one line.',
        lineRange(second.line),
      ),
    );
  return {
    sql: interpolate(plain, values),
    ...(variant && { variant: interpolate(plain, new Map([...values, ...variant.values])) }),
    parameters: header.parameters,
    problems,
  };
}

/** Blank lines, comments and `\set` before the first SQL. */
function readHeader(lines: readonly string[]): Header {
  const parameters: Parameter[] = [];
  const variants: Header['variants'] = [];
  const problems: Problem[] = [];
  const own = new Set<number>();
  for (const [at, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('--')) {
      const values = VARIANT.exec(line)?.[1];
      if (values !== undefined) variants.push({ line: at, values: assignments(values) });
      continue;
    }
    const set = SET.exec(line);
    if (!set) break;
    own.add(at);
    const [, name = '', value = ''] = set;
    if (!NAME.test(name)) {
      problems.push(
        problem(
          'dataset-parameter',
          'A parameter is such as \\set rows 1000: its name has letters, digits and _ only.',
          lineRange(at),
        ),
      );
      continue;
    }
    const before = new Map(parameters.map((each) => [each.name, each.value]));
    parameters.push({ name, value: psqlValue(value, before), line: at });
  }
  const known = new Set(parameters.map(({ name }) => name));
  for (const { line, values } of variants) {
    for (const name of values.keys()) {
      if (!known.has(name))
        problems.push(
          problem(
            'dataset-variant',
            `The variant sets “${name}”, which is no parameter: add a line \\set ${name} … below it.`,
            lineRange(line),
          ),
        );
    }
  }
  return { parameters, variants, problems, lines: own };
}

/** `rows=500 seed=7 name='two words'` */
function assignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [, name = '', quoted, bare = ''] of text.matchAll(
    /([A-Za-z0-9_\u0080-\uffff]+)=(?:'((?:[^']|'')*)'|(\S*))/g,
  ))
    values.set(name, quoted === undefined ? bare : quoted.replaceAll("''", "'"));
  return values;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', r: '\r', f: '\f' };

/** A meta-command's arguments, put together as `\set` does: quotes go, `:NAME` is replaced. */
function psqlValue(text: string, known: ReadonlyMap<string, string>): string {
  const parts = text.matchAll(/'((?:[^'\\]|\\.|'')*)'|([^\s']+)/g);
  return Array.from(parts, ([, quoted, bare = '']) =>
    quoted === undefined
      ? bare.replace(/:([A-Za-z0-9_\u0080-\uffff]+)/g, (all, name: string) => known.get(name) ?? all)
      : quoted.replaceAll("''", "'").replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter),
  ).join('');
}

interface Use {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `:NAME` as psql replaces it: outside of quotes and comments, and not behind another colon (a cast). */
function interpolate(text: string, values: ReadonlyMap<string, string>): string {
  if (values.size === 0) return text;
  const uses: Use[] = [];
  let colon = -1;
  for (const token of tokens(text)) {
    const isColon = token.kind === 'punctuation' && text[token.start] === ':';
    if (colon === token.start - 1 && !isColon) {
      const use = useOf(text, token.start, values);
      if (use) uses.push(use);
    }
    // the second colon of a cast begins nothing
    colon = isColon && colon !== token.start - 1 ? token.start : -1;
  }
  let replaced = '';
  let at = 0;
  for (const { start, end, text: value } of uses) {
    replaced += text.slice(at, start) + value;
    at = end;
  }
  return replaced + text.slice(at);
}

const USE = /([A-Za-z0-9_\u0080-\uffff]+)|'([A-Za-z0-9_\u0080-\uffff]+)'|"([A-Za-z0-9_\u0080-\uffff]+)"/y;

/** @param start behind the colon */
function useOf(text: string, start: number, values: ReadonlyMap<string, string>): Use | undefined {
  USE.lastIndex = start;
  const match = USE.exec(text);
  const [all = '', bare, literal, identifier] = match ?? [];
  const value = values.get(bare ?? literal ?? identifier ?? '');
  // psql leaves what it does not know as it is
  if (value === undefined) return undefined;
  const written =
    literal !== undefined ? quoteLiteral(value) : identifier !== undefined ? `"${value.replaceAll('"', '""')}"` : value;
  return { start: start - 1, end: start + all.length, text: written };
}

/** As libpq's PQescapeLiteral: with a backslash, an escape string. */
export function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** A parameter inside a string is not replaced: in a function's body that is easily overlooked. */
function quotedUses(text: string, values: ReadonlyMap<string, string>): Problem[] {
  const problems: Problem[] = [];
  if (values.size === 0) return problems;
  const place = placesIn(text);
  for (const token of tokens(text)) {
    if (token.kind !== 'string' || text[token.start] !== '$') continue;
    for (const { 0: all, 1: name = '', index } of text
      .slice(token.start, token.end)
      .matchAll(/(?<!:):([A-Za-z0-9_]+)/g)) {
      if (!values.has(name)) continue;
      problems.push(
        problem(
          'dataset-parameter',
          `“${all}” inside quotes is not replaced, in psql neither: write the function’s body as RETURN …, or pass the value in.`,
          place(token.start + index, token.start + index + all.length),
        ),
      );
    }
  }
  return problems;
}

/** psql's other commands are no SQL, and a `\set` further down would come too late. */
function otherCommands(text: string): Problem[] {
  const problems: Problem[] = [];
  const place = placesIn(text);
  for (const token of tokens(text)) {
    if (token.kind !== 'punctuation' || text[token.start] !== '\\') continue;
    const command = /^\\[A-Za-z!?]*/.exec(text.slice(token.start, token.start + 40))?.[0] ?? '\\';
    problems.push(
      problem(
        'dataset-command',
        command === '\\set'
          ? 'Put \\set lines at the top, before the first SQL.'
          : `${command} is psql’s, and no SQL: a data set has SQL and \\set lines only.`,
        place(token.start, token.start + command.length),
      ),
    );
  }
  return problems;
}

function problem(code: string, message: string, range: TextRange): Problem {
  return { severity: 'error', code, message, range };
}

function placesIn(text: string): (start: number, end: number) => TextRange {
  const at = (offset: number): [number, number] => {
    const before = text.slice(0, offset);
    const line = before.split('\n').length - 1;
    return [line, offset - (before.lastIndexOf('\n') + 1)];
  };
  return (start, end) => {
    const [startLine, startCharacter] = at(start);
    const [endLine, endCharacter] = at(end);
    return { startLine, startCharacter, endLine, endCharacter };
  };
}
