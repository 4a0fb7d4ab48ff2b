import { PlanParseError } from './parseError';

/**
 * JSON with each value's place, read without recursion: a plan may be thousands of nodes deep, an error must say where it
 * stands, and numbers keep their text. JSON.parse gives none of the three.
 */
export type JsonValue = JsonScalar | JsonList | JsonObject;

export interface JsonScalar {
  readonly kind: 'string' | 'number' | 'literal';
  /** Where the value begins in the text, in UTF-16 units. */
  readonly offset: number;
  /** A string unescaped; a number or a literal (true, false, null) as written. */
  readonly text: string;
}

export interface JsonList {
  readonly kind: 'list';
  readonly offset: number;
  readonly items: readonly JsonValue[];
}

export interface JsonObject {
  readonly kind: 'object';
  readonly offset: number;
  /** Of a name that stands twice, the last. */
  readonly members: ReadonlyMap<string, JsonValue>;
}

type Open =
  | { readonly kind: 'list'; readonly offset: number; readonly items: JsonValue[] }
  | { readonly kind: 'object'; readonly offset: number; readonly members: Map<string, JsonValue>; name: string };

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const LITERAL = /(?:true|false|null)(?!\w)/y;
const VALID_ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/g;
const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** @throws {PlanParseError} */
export function readJson(text: string): JsonValue {
  const open: Open[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;

  const skipSpace = (): void => {
    for (;;) {
      const character = text.charCodeAt(at);
      if (character !== 0x20 && character !== 0x0a && character !== 0x0d && character !== 0x09) return;
      at++;
    }
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return undefined;
    const from = at;
    at = pattern.lastIndex;
    return text.slice(from, at);
  };
  const take = (character: string): boolean => {
    skipSpace();
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const fail = (expected: string): never => {
    if (at >= text.length)
      throw new PlanParseError(
        `The plan ends too early: ${expected} is missing.`,
        text,
        at,
        'Copy the whole plan, up to its last bracket.',
      );
    throw new PlanParseError(`Not valid JSON: ${expected} should stand here, not ${quote(text, at)}.`, text, at);
  };
  const string = (): string | undefined => {
    const end = stringEnd(text, at);
    if (end === undefined) return undefined;
    const inside = text.slice(at + 1, end - 1);
    at = end;
    if (!inside.includes('\\')) return inside;
    return inside.replace(ESCAPE, (_, code: string | undefined, letter: string) =>
      code === undefined ? (ESCAPED[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
    );
  };
  const scalar = (): JsonScalar => {
    const offset = at;
    const unquoted = string();
    if (unquoted !== undefined) return { kind: 'string', offset, text: unquoted };
    const number = match(NUMBER);
    if (number !== undefined) return { kind: 'number', offset, text: number };
    const literal = match(LITERAL);
    if (literal !== undefined) return { kind: 'literal', offset, text: literal };
    return text[at] === '"' ? failString(text, at) : fail('a value');
  };
  const name = (object: Open & { kind: 'object' }): void => {
    skipSpace();
    const read = string();
    if (read === undefined) return text[at] === '"' ? failString(text, at) : fail('a name in double quotes');
    object.name = read;
    if (!take(':')) fail('a colon');
  };

  for (;;) {
    skipSpace();
    let done: JsonValue;
    const offset = at;
    if (take('[')) {
      const list = { kind: 'list' as const, offset, items: [] };
      if (!take(']')) {
        open.push(list);
        continue;
      }
      done = list;
    } else if (take('{')) {
      const object = { kind: 'object' as const, offset, members: new Map<string, JsonValue>(), name: '' };
      if (!take('}')) {
        name(object);
        open.push(object);
        continue;
      }
      done = object;
    } else {
      done = scalar();
    }
    // `done` is complete: give it to what encloses it, and close as much of that as ends here.
    for (;;) {
      const enclosing = open.at(-1);
      if (enclosing === undefined) {
        skipSpace();
        if (at < text.length) fail('nothing more');
        return done;
      }
      if (enclosing.kind === 'list') {
        enclosing.items.push(done);
        if (take(',')) break;
        if (!take(']')) fail('a comma or ]');
      } else {
        enclosing.members.set(enclosing.name, done);
        if (take(',')) {
          name(enclosing);
          break;
        }
        if (!take('}')) fail('a comma or }');
      }
      done = enclosing;
      open.pop();
    }
  }
}

/** Past the closing quote of the string that begins at `start`; undefined where none does. */
function stringEnd(text: string, start: number): number | undefined {
  if (text[start] !== '"') return undefined;
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x22) return at + 1;
    if (character < 0x20) return undefined;
    if (character === 0x5c) {
      VALID_ESCAPE.lastIndex = at;
      if (!VALID_ESCAPE.test(text)) return undefined;
      at = VALID_ESCAPE.lastIndex - 1;
    }
  }
  return undefined;
}

function failString(text: string, at: number): never {
  throw new PlanParseError(
    'Not valid JSON: this string does not end, or holds a line break or an unknown escape.',
    text,
    at,
  );
}

function quote(text: string, at: number): string {
  const word = /\S{1,20}/y;
  word.lastIndex = at;
  return `“${word.exec(text)?.[0] ?? text.charAt(at)}”`;
}
