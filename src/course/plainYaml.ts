/**
 * A quick reader of the YAML that authors nearly always write: maps and lists by indentation or in brackets, words,
 * numbers, quoted texts, blocks of text. Some thirty times as quick as the parser, and no different: whatever might be
 * read in another way, and whatever is wrong, is left to the parser.
 */

/** Characters that have a meaning of their own, or that an editor does not show. */
const UNSURE = /[^\n\x20-\x7e\u00a1-\u2027\u202a-\ufefe\uff00-\uffff]/;
const KEY = /([A-Za-z_][\w.-]{0,200}):(?: +|$)/y;
/** A colon that a space or the end follows makes it a key. */
const GAP = /:(?: |$)| #/;
const PLAIN = /^(?:[^-+.?:,[\]{}#&*!|>'"%@`~\s]|-[1-9])/;
const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const DECIMAL = /^-?(?:0|[1-9]\d{0,9})\.\d{1,9}$/;
const WORD_WITH_MEANING = /^(?:true|false|null)$/i;
/** `007`, `1e3`, `0x1F`, `1.`: not `64MB`, not `5 %`. */
const NUMBER_LIKE = /^(?:0|-|[1-9].*[\d.]$)\S*$/;

const NOT_PLAIN = new Error('not plain');

/** @returns the value of the document, a map; `undefined` where only the parser can tell */
export function readPlainYaml(text: string): unknown {
  if (UNSURE.test(text)) return undefined;
  try {
    return new PlainReader(text).document();
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

class PlainReader {
  private readonly lines: readonly string[];
  private number = -1;
  /** The line at the cursor; -1 as the column behind the last one, which ends every block. */
  private line = '';
  private column = 0;

  constructor(text: string) {
    this.lines = text.split('\n');
  }

  document(): unknown {
    this.next();
    const value = this.column === 0 ? this.map(0) : refuse();
    return this.column === -1 ? value : refuse();
  }

  /** To the first character of the next line with something in it. */
  private next(): void {
    for (;;) {
      const line = this.lines[++this.number];
      if (line === undefined) {
        this.column = -1;
        return;
      }
      let column = 0;
      while (line.charCodeAt(column) === 0x20) column++;
      if (column === line.length || line.charCodeAt(column) === 0x23) continue;
      this.line = line;
      this.column = column;
      return;
    }
  }

  private key(): string | undefined {
    KEY.lastIndex = this.column;
    const match = KEY.exec(this.line);
    if (!match) return undefined;
    const key = match[1] ?? '';
    if (key === '__proto__' || WORD_WITH_MEANING.test(key)) refuse();
    this.column += match[0].length;
    return key;
  }

  private map(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    while (this.column === indent) {
      const key = this.key();
      if (key === undefined || Object.hasOwn(map, key)) return refuse();
      map[key] = this.value(indent, indent);
    }
    return this.column > indent ? refuse() : map;
  }

  private list(indent: number): unknown[] {
    const list: unknown[] = [];
    while (this.column === indent && this.isItem()) {
      this.column++;
      this.spaces();
      const { column } = this;
      if (this.isItem()) list.push(this.list(column));
      else {
        list.push(this.key() === undefined ? this.value(indent, indent + 1) : this.mapFrom(column));
      }
    }
    return this.column > indent ? refuse() : list;
  }

  /** A map whose first key stands behind a dash. */
  private mapFrom(column: number): Record<string, unknown> {
    this.column = column;
    return this.map(column);
  }

  private isItem(): boolean {
    const { line, column } = this;
    return line.charCodeAt(column) === 0x2d && (column + 1 === line.length || line.charCodeAt(column + 1) === 0x20);
  }

  private spaces(): void {
    while (this.line.charCodeAt(this.column) === 0x20) this.column++;
  }

  /**
   * What stands behind a key or a dash, to the end of its last line.
   * @param indent of the block that it belongs to
   * @param least the column from which on a list below it may begin: a key's own
   */
  private value(indent: number, least: number): unknown {
    const { line, column } = this;
    const first = line.charAt(column);
    if (first === '') {
      this.next();
      if (this.column >= least && this.isItem()) return this.list(this.column);
      return this.column > indent ? this.map(this.column) : null;
    }
    if (first === '|' || first === '>') return this.block(indent, line.slice(column));
    let value: unknown;
    if (first === '[' || first === '{' || first === "'" || first === '"') {
      value = this.flow(indent);
      this.spaces();
      if (this.column < this.line.length) refuse();
    } else value = plain(line.slice(column));
    // a deeper line would go on with it: who called sees that it is none of theirs
    this.next();
    return value;
  }

  /** A value in brackets or quotes; the cursor is behind it then. */
  private flow(indent: number): unknown {
    const { line, column } = this;
    const first = line.charAt(column);
    if (first === '[' || first === '{') {
      this.column++;
      return first === '[' ? this.flowList(indent) : this.flowMap(indent);
    }
    if (first === "'" || first === '"') return this.quoted(first);
    let end = column;
    while (end < line.length && !/[,[\]{}]/.test(line.charAt(end))) end++;
    this.column = end;
    const text = line.slice(column, end);
    return text.includes(':') ? refuse() : plain(text);
  }

  private flowList(indent: number): unknown[] {
    const list: unknown[] = [];
    if (this.closes(indent, ']')) return list;
    do {
      this.across(indent);
      list.push(this.flow(indent));
    } while (this.goesOn(indent, ']'));
    return list;
  }

  private flowMap(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    if (this.closes(indent, '}')) return map;
    do {
      this.across(indent);
      const key = this.key();
      if (key === undefined || Object.hasOwn(map, key)) return refuse();
      map[key] = this.flow(indent);
    } while (this.goesOn(indent, '}'));
    return map;
  }

  private closes(indent: number, mark: string): boolean {
    this.across(indent);
    if (this.line.charAt(this.column) !== mark) return false;
    this.column++;
    return true;
  }

  private goesOn(indent: number, mark: string): boolean {
    if (this.closes(indent, mark)) return false;
    return this.line.charAt(this.column++) === ',' || refuse();
  }

  /** Over white space; brackets may go over several lines, each deeper than what they belong to. */
  private across(indent: number): void {
    this.spaces();
    if (this.column < this.line.length) return;
    const { number } = this;
    this.next();
    if (this.column <= indent || this.number !== number + 1) refuse();
  }

  private quoted(quote: string): string {
    const { line } = this;
    const start = this.column + 1;
    let end = line.indexOf(quote, start);
    while (quote === "'" && end !== -1 && line.charAt(end + 1) === quote) end = line.indexOf(quote, end + 2);
    const text = line.slice(start, end);
    if (end === -1 || (quote === '"' && text.includes('\\'))) return refuse();
    this.column = end + 1;
    return quote === "'" ? text.replaceAll("''", "'") : text;
  }

  /** `|`, `|-`, `>`, `>-` */
  private block(indent: number, header: string): string {
    if (!/^[|>]-?$/.test(header)) refuse();
    const lines: string[] = [];
    let own = 0;
    for (;;) {
      const line = this.lines[this.number + 1 + lines.length];
      if (line === undefined) break;
      const space = /^ */.exec(line)?.[0].length ?? 0;
      if (space === line.length) {
        // blank lines at the beginning, and white space in them, have rules of their own
        if (space > 0 || own === 0) refuse();
      } else if (own === 0) {
        if (space <= indent) refuse();
        own = space;
      } else if (space < own) {
        if (space > indent) refuse();
        break;
      }
      lines.push(line.slice(own));
    }
    this.number += lines.length;
    while (lines.at(-1) === '') lines.pop();
    if (lines.length === 0) refuse();
    this.next();
    // without a last line end there is none to keep
    const isCut = this.column === -1 && this.lines.at(-1) !== '';
    const text = header.startsWith('>') ? folded(lines) : lines.join('\n');
    return text + (header.endsWith('-') ? '' : isCut ? refuse() : '\n');
  }
}

/** Lines become one, but at empty lines and at those that are indented further. */
function folded(lines: readonly string[]): string {
  let text = '';
  let gap = '';
  let wasDeeper = false;
  for (const line of lines) {
    if (line === '') {
      if (gap === '\n') text += '\n';
      else gap = '\n';
      continue;
    }
    const isDeeper = line.startsWith(' ');
    if (isDeeper && gap === ' ') gap = '\n';
    else if (isDeeper && gap === '\n' && !wasDeeper) gap = '\n\n';
    text += gap + line;
    gap = isDeeper ? '\n' : ' ';
    wasDeeper = isDeeper;
  }
  return text;
}

function plain(source: string): unknown {
  const text = source.replace(/ +$/, '');
  if (!PLAIN.test(text) || GAP.test(text)) return refuse();
  if (INTEGER.test(text) || DECIMAL.test(text)) return Number(text);
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (WORD_WITH_MEANING.test(text) || NUMBER_LIKE.test(text)) return refuse();
  return text;
}

function refuse(): never {
  throw NOT_PLAIN;
}
