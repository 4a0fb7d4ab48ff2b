import type { RawPlan, RawValue } from '../raw';
import { mark, plainValue, plansOf, type Document, type Marks } from './document';
import { PlanParseError } from './parseError';
import { put, type Properties } from './text/draft';

/**
 * EXPLAIN (FORMAT YAML), and auto_explain's: indented mappings and sequences, texts in double quotes escaped as in JSON,
 * numbers and booleans plain, flat lists in brackets (explain.c: ExplainYAMLLineStarting, escape_yaml). That subset, and
 * what tools make of it that write YAML anew: texts in single quotes or plain, quoted names, sequences not indented.
 * No anchors, tags, block texts or flow mappings: EXPLAIN prints none.
 * @throws {PlanParseError}
 */
export function parseYaml(text: string): readonly RawPlan[] {
  return plansOf(text, 'YAML', 'Actual Rows:', (marks) => new YamlReader(text, marks).read());
}

/** A sequence or mapping whose entries begin in column `indent`. */
type Open =
  | { readonly kind: 'list'; readonly indent: number; readonly list: RawValue[] }
  | { readonly kind: 'object'; readonly indent: number; readonly object: Properties };

type Put = (value: RawValue) => void;

const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/y;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/g;
const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '0': '\0' };

class YamlReader {
  private readonly open: Open[] = [];
  /** Where the next line's mapping or sequence goes: it follows a name without a value, or a lone dash. */
  private pending: { readonly indent: number; readonly put: Put } | undefined;
  private root: RawValue | undefined;
  private start = 0;
  /** Of the line that is read: its text, and where it begins. */
  private line = '';
  private offset = 0;

  constructor(
    private readonly text: string,
    private readonly marks: Marks | undefined,
  ) {}

  read(): Document {
    this.pending = { indent: -1, put: (value) => (this.root = value) };
    const { text } = this;
    for (let from = text.startsWith('\ufeff') ? 1 : 0; from < text.length;) {
      const newline = text.indexOf('\n', from);
      const end = newline < 0 ? text.length : newline;
      this.line = text.slice(from, end).trimEnd();
      this.offset = from;
      const indent = this.line.length - this.line.trimStart().length;
      if (indent < this.line.length && !/^(?:---|\.\.\.|#)/.test(this.line)) this.entries(indent);
      from = end + 1;
    }
    this.nothingFollows();
    const { root } = this;
    const empty = root === undefined || (Array.isArray(root) && root.length === 0);
    const plans: readonly RawValue[] = empty ? [] : Array.isArray(root) ? (root as readonly RawValue[]) : [root];
    return { plans, offset: Math.min(this.start, text.length) };
  }

  /** A line: any number of dashes, each of which begins an entry of a sequence, then an entry of a mapping or a value. */
  private entries(indent: number): void {
    let at = indent;
    if (this.root === undefined) this.start = this.offset + at;
    while (this.line[at] === '-' && (at + 1 === this.line.length || this.line[at + 1] === ' ')) {
      const list = this.listAt(at);
      const dash = at;
      at++;
      while (this.line[at] === ' ') at++;
      const place = list.length;
      list.push(null);
      this.pending = { indent: dash, put: (value) => (list[place] = value) };
    }
    if (at === this.line.length) return;
    const name = this.name(at);
    if (name === undefined) this.item(at);
    else this.member(at, name);
  }

  private listAt(indent: number): RawValue[] {
    const { pending } = this;
    // Beside its name, too, as other writers of YAML put it.
    if (
      pending !== undefined &&
      (indent > pending.indent || (indent === pending.indent && this.top()?.kind === 'object'))
    ) {
      const list: RawValue[] = [];
      this.begin({ kind: 'list', indent, list }, list);
      return list;
    }
    this.closeTo(indent);
    const top = this.top();
    if (top?.kind === 'list' && top.indent === indent) return top.list;
    return this.fail('this line is indented like no list above it.', indent);
  }

  private member(at: number, { name, end }: { readonly name: string; readonly end: number }): void {
    const object = this.objectAt(at);
    mark(this.marks, object, name, this.offset + at);
    let from = end;
    while (this.line[from] === ' ') from++;
    if (from === this.line.length) {
      put(object, name, null); // Its place in the order.
      this.pending = { indent: at, put: (value) => put(object, name, value) };
    } else {
      put(object, name, this.value(from, name));
    }
  }

  private objectAt(indent: number): Properties {
    const { pending } = this;
    if (pending !== undefined && indent > pending.indent) {
      const object: Properties = {};
      mark(this.marks, object, '', this.offset + indent);
      this.begin({ kind: 'object', indent, object }, object);
      return object;
    }
    this.closeTo(indent);
    if (this.top()?.kind === 'list' && this.top()?.indent === indent) this.open.pop();
    const top = this.top();
    if (top?.kind === 'object' && top.indent === indent) return top.object;
    return this.fail('this line is indented like none above it.', indent);
  }

  /** A value alone on its line: after a dash, or after its name on the line above. */
  private item(at: number): void {
    const { pending } = this;
    if (pending === undefined || at <= pending.indent) this.fail('a name and a colon should stand here.', at);
    const value = this.value(at, undefined);
    this.pending = undefined;
    pending.put(value);
  }

  private begin(container: Open, value: RawValue): void {
    this.pending?.put(value);
    this.pending = undefined;
    this.open.push(container);
  }

  private closeTo(indent: number): void {
    this.nothingFollows();
    for (let top = this.top(); top !== undefined && top.indent > indent; top = this.top()) this.open.pop();
  }

  /** A name without a value: an empty list ("Triggers"). */
  private nothingFollows(): void {
    const { pending } = this;
    this.pending = undefined;
    if (pending !== undefined && pending.indent >= 0) pending.put([]);
  }

  private top(): Open | undefined {
    return this.open.at(-1);
  }

  /** The name that begins at `at`, and where its value may begin; undefined where no colon follows. */
  private name(at: number): { readonly name: string; readonly end: number } | undefined {
    const quoted = this.quoted(at);
    if (quoted !== undefined) {
      const isName = this.line[quoted.end] === ':' && (this.line[quoted.end + 1] ?? ' ') === ' ';
      return isName ? { name: quoted.value, end: quoted.end + 1 } : undefined;
    }
    if ('"\'[{'.includes(this.line.charAt(at))) return undefined;
    const colon = this.line.indexOf(': ', at);
    const last = this.line.length - 1;
    const end = colon >= 0 ? colon : this.line[last] === ':' ? last : -1;
    return end > at ? { name: this.line.slice(at, end).trimEnd(), end: end + 1 } : undefined;
  }

  private value(at: number, name: string | undefined): RawValue {
    if (this.line[at] === '[') return this.flow(at);
    const quoted = this.quoted(at);
    if (quoted !== undefined) {
      if (quoted.end < this.line.length) this.fail('nothing may follow this text.', quoted.end);
      return quoted.value;
    }
    const first = this.line.charAt(at);
    if ('"\''.includes(first)) this.fail('this text does not end on its line.', at);
    if ('{&*!|>%@`'.includes(first)) this.fail('EXPLAIN prints no such YAML.', at);
    return scalar(this.line.slice(at), name);
  }

  /** ["a", "b"]: the keys of a grouping set. */
  private flow(start: number): RawValue[] {
    const items: RawValue[] = [];
    let at = this.afterSpace(start + 1);
    if (this.line[at] === ']' && at === this.line.length - 1) return items;
    for (;;) {
      const quoted = this.quoted(at);
      if (quoted === undefined) {
        const from = at;
        while (at < this.line.length && !',[]{}"'.includes(this.line.charAt(at))) at++;
        if (at === from) this.fail('a text should stand here.', at);
        items.push(scalar(this.line.slice(from, at).trim(), undefined));
      } else {
        items.push(quoted.value);
        at = quoted.end;
      }
      at = this.afterSpace(at);
      if (this.line[at] === ']' && at === this.line.length - 1) return items;
      if (this.line[at] !== ',') this.fail('a comma or ] should stand here.', at);
      at = this.afterSpace(at + 1);
    }
  }

  private afterSpace(at: number): number {
    let after = at;
    while (this.line[after] === ' ') after++;
    return after;
  }

  private quoted(at: number): { readonly value: string; readonly end: number } | undefined {
    const quote = this.line[at];
    if (quote !== '"' && quote !== "'") return undefined;
    QUOTED.lastIndex = at;
    if (!QUOTED.test(this.line)) return undefined;
    const end = QUOTED.lastIndex;
    const inside = this.line.slice(at + 1, end - 1);
    return { value: quote === '"' ? unescaped(inside) : inside.replaceAll("''", "'"), end };
  }

  /** @param at column in the line, from 0 */
  private fail(message: string, at: number): never {
    throw new PlanParseError(`Not valid YAML: ${message}`, this.text, this.offset + at);
  }
}

function scalar(text: string, name: string | undefined): RawValue {
  // A 64-bit number: as text, it keeps all digits.
  if (name === 'Query Identifier') return text;
  if (text === 'null' || text === '~') return null;
  return plainValue(text) ?? text;
}

function unescaped(inside: string): string {
  if (!inside.includes('\\')) return inside;
  return inside.replace(ESCAPE, (_, four: string | undefined, two: string | undefined, letter: string) => {
    const code = four ?? two;
    return code === undefined ? (ESCAPED[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16));
  });
}
