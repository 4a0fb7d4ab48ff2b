import { isMap, isNode, isPair, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml';
import { readPlainYaml } from './plainYaml';
import type { TextEdit, TextRange } from './problem';
import { Lines } from './text';

/** Longer ones are refused: the parser's check for repeated keys takes time by the square of their number. */
const MOST_CHARACTERS = 128 * 1024;

export interface YamlError {
  readonly message: string;
  readonly range: TextRange;
}

/** A YAML document inside a file: its data, and where in the file each piece of it stands. Parsed when first asked. */
export class YamlText {
  private result: { readonly data: unknown; readonly errors: readonly YamlError[] } | undefined;
  private parsed: Document.Parsed | undefined;
  private linesRead: Lines | undefined;

  /**
   * @param firstLine the line of the file at which `text` starts, from 0
   * @param indent characters that the file has before a line of the text: an indented fence's
   */
  constructor(
    readonly text: string,
    readonly firstLine: number,
    private readonly indent: (line: number) => number = () => 0,
  ) {}

  /** The data as plain values, or what is wrong with the YAML. Never throws. */
  read(): { readonly data: unknown; readonly errors: readonly YamlError[] } {
    return (this.result ??= this.parseData());
  }

  private parseData(): { readonly data: unknown; readonly errors: readonly YamlError[] } {
    const refused = (message: string) => ({ data: undefined, errors: [{ message, range: this.firstLineRange() }] });
    if (this.text.length > MOST_CHARACTERS) return refused(`This YAML is longer than ${MOST_CHARACTERS / 1024} kB`);
    if (isTooDeep(this.text)) return refused('This YAML is nested too deep');
    const plain = readPlainYaml(this.text);
    if (plain !== undefined) return { data: plain, errors: [] };
    try {
      // not kept: it is fifty times as large as the text, and only problems ask where something stands
      const document = this.parsed ?? parseDocument(this.text, { prettyErrors: false });
      const errors = document.errors.map((error) => ({
        message: error.message,
        range: this.errorRange(error.pos[0], error.pos[1]),
      }));
      // maxAliasCount: a course may come from anywhere, and aliases can be nested to billions of nodes
      return { data: errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 }), errors };
    } catch (error) {
      // nested too deep, or too many aliases
      return refused(error instanceof Error ? error.message : String(error));
    }
  }

  /** Of the value at a path; where there is none, of the key of what should contain it. */
  valueRange(path: readonly PropertyKey[]): TextRange {
    const node = this.node(path);
    if (path.length > 0 && node?.range) return this.range(node.range[0], node.range[1]);
    return this.containerRange(path);
  }

  /** Of a key of the map at a path. */
  keyRange(path: readonly PropertyKey[], key: string): TextRange {
    const pair = this.pair(path, key);
    return pair?.key.range ? this.range(pair.key.range[0], pair.key.range[1]) : this.containerRange([...path, key]);
  }

  /** Of the key under which the value at a path is missed. */
  containerRange(path: readonly PropertyKey[]): TextRange {
    for (let length = path.length - 1; length > 0; length--) {
      const key = path[length - 1];
      const parent = path.slice(0, length - 1);
      const pair = typeof key === 'string' ? this.pair(parent, key) : undefined;
      if (pair?.key.range) return this.range(pair.key.range[0], pair.key.range[1]);
      const node = this.node(path.slice(0, length));
      if (node?.range) {
        const range = this.range(node.range[0], node.range[1]);
        return range.endLine === range.startLine
          ? range
          : { ...range, endLine: range.startLine, endCharacter: this.lineLength(range.startLine) };
      }
    }
    return this.firstLineRange();
  }

  /** The edit that puts a key into the map at a path. */
  insertKey(path: readonly PropertyKey[], key: string, value: string): TextEdit | undefined {
    const map = this.node(path);
    const entry = `${key}: ${value}`.trimEnd();
    if (map === undefined && path.length === 0) {
      const end = this.range(this.text.length, this.text.length);
      return this.text.trim() === '' ? { range: { ...end, endLine: end.startLine }, text: `${entry}\n` } : undefined;
    }
    if (!isMap(map) || !map.range) return undefined;
    const [first] = map.items;
    if (map.flow) {
      const at = map.range[0] + 1;
      return { range: this.range(at, at), text: first ? ` ${entry},` : ` ${entry} ` };
    }
    const start = first && isNode(first.key) ? first.key.range?.[0] : undefined;
    if (start === undefined) return undefined;
    const { startCharacter } = this.range(start, start);
    // before the first key: what follows the last one may be a comment, or nothing
    return { range: this.range(start, start), text: `${entry}\n${' '.repeat(startCharacter)}` };
  }

  /** The edit that takes a key and its value out of the map at a path. */
  removeKey(path: readonly PropertyKey[], key: string): TextEdit | undefined {
    const map = this.node(path);
    if (!isMap(map)) return undefined;
    const index = map.items.findIndex((item) => isNode(item.key) && scalarText(item.key) === key);
    const pair = map.items[index];
    if (!pair || !isNode(pair.key) || !pair.key.range) return undefined;
    const start = pair.key.range[0];
    const value = isNode(pair.value) ? pair.value.range : undefined;
    const end = value?.[1] ?? this.text.indexOf(':', pair.key.range[1]) + 1;
    if (map.flow) {
      const comma = /^\s*,\s*/.exec(this.text.slice(end))?.[0].length ?? 0;
      const before = comma > 0 ? 0 : (/,\s*$/.exec(this.text.slice(0, start))?.[0].length ?? 0);
      return { range: this.range(start - before, end + comma), text: '' };
    }
    // a sequence's dash stands on the first key's line: only the other keys have lines of their own
    const lineStart = this.text.lastIndexOf('\n', start - 1) + 1;
    if (this.text.slice(lineStart, start).trim() !== '' || map.items.length === 1) return undefined;
    const newline = this.text.indexOf('\n', Math.max(start, end - 1));
    return { range: this.range(lineStart, newline === -1 ? this.text.length : newline + 1), text: '' };
  }

  /**
   * Where a piece of a string stands: quotes, indentation and folded lines are stepped over.
   * @param from,to offsets into the string
   */
  textRange(path: readonly PropertyKey[], from: number, to: number): TextRange {
    const node = this.node(path);
    if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return this.valueRange(path);
    const places = align(node.value, this.text, node.range[0], node.range[1]);
    const start = places[Math.min(from, places.length - 1)] ?? node.range[0];
    const last = to > from ? places[Math.min(to - 1, places.length - 1)] : undefined;
    return this.range(start, last === undefined ? start : last + 1);
  }

  /** What is missed is missed behind the last character there is. */
  private errorRange(start: number, end: number): TextRange {
    if (this.text.slice(start, end).trim() !== '') return this.range(start, end);
    const last = this.text.slice(0, end).trimEnd().length;
    return this.range(Math.max(0, last - 1), last);
  }

  private parse(): Document.Parsed {
    return (this.parsed ??= parseDocument(this.text, { prettyErrors: false }));
  }

  private node(path: readonly PropertyKey[]): Node | undefined {
    let node: unknown = this.parse().contents;
    for (const part of path) {
      if (isMap(node))
        node = node.items.find((item) => isNode(item.key) && scalarText(item.key) === String(part))?.value;
      else if (isSeq(node) && typeof part === 'number') node = node.items[part];
      else return undefined;
    }
    return isNode(node) ? node : undefined;
  }

  private pair(path: readonly PropertyKey[], key: string): { key: Node } | undefined {
    const map = this.node(path);
    if (!isMap(map)) return undefined;
    const pair = map.items.find((item) => isPair(item) && isNode(item.key) && scalarText(item.key) === key);
    return pair && isNode(pair.key) ? { key: pair.key } : undefined;
  }

  private range(start: number, end: number): TextRange {
    const range = (this.linesRead ??= new Lines(this.text)).range(start, end);
    return this.placed(range);
  }

  private placed({ startLine, startCharacter, endLine, endCharacter }: TextRange): TextRange {
    return {
      startLine: this.firstLine + startLine,
      startCharacter: this.indent(startLine) + startCharacter,
      endLine: this.firstLine + endLine,
      endCharacter: this.indent(endLine) + endCharacter,
    };
  }

  private firstLineRange(): TextRange {
    const line = /^[^\n]*/.exec(this.text)?.[0] ?? '';
    return this.range(0, line.trimEnd().length);
  }

  private lineLength(line: number): number {
    const own = line - this.firstLine;
    return this.indent(own) + (this.text.split('\n')[own] ?? '').trimEnd().length;
  }
}

/** The parser's time grows by the square of how deep lists and maps stand in each other on one line. */
function isTooDeep(text: string): boolean {
  if (/(?:[-?:][ \t]+){100}/.test(text)) return true;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth++;
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--;
    if (depth > 100) return true;
  }
  return false;
}

function scalarText(node: Node): string | undefined {
  return isScalar(node) ? String(node.value) : undefined;
}

/** For each character of a scalar's value, the offset in the source that it comes from. */
function align(value: string, source: string, start: number, end: number): number[] {
  const places: number[] = [];
  let at = start;
  if (/^[|>]/.test(source.slice(start, start + 1))) at = source.indexOf('\n', start) + 1;
  for (const character of value.split('')) {
    const space = /\s/.test(character);
    while (at < end && source.charAt(at) !== character && !(space && /\s/.test(source.charAt(at)))) at++;
    places.push(Math.min(at, end));
    at++;
    // a folded line's end and indentation are one space of the value
    if (space && character !== '\n')
      while (at < end && /\s/.test(source.charAt(at)) && source.charAt(at - 1) === '\n') at++;
  }
  return places;
}
