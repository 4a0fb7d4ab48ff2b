import { Document, isAlias, isCollection, isMap, isPair, isScalar, parseDocument, visit } from 'yaml';
import { isNestedTooDeeply } from './nesting';

/** Where the cursor is in a YAML text, also in one that is half typed. */
export interface YamlPlace {
  /**
   * `key`: of the map at `path`. `value`: the scalar at `path`, or what will be a map once a key is written
   * there: only a schema can tell.
   */
  readonly kind: 'key' | 'value';
  readonly path: YamlPath;
  /** Keys that the map has, without the one at the cursor. */
  readonly present: readonly string[];
  /** Values that the sequence around the scalar has. */
  readonly siblings: readonly string[];
  /** What a completion replaces: the scalar at the cursor, with its quotes. */
  readonly start: number;
  readonly end: number;
  /** Between brackets or braces, where no new line can begin. */
  readonly flow: boolean;
  /** The value stands on the line of its key: a map cannot begin there in block style. */
  readonly inline: boolean;
  /** A space is missing between the colon and the cursor. */
  readonly glued: boolean;
  /** A colon follows the key already. */
  readonly colon: boolean;
  /** Spaces before the key or value on its line: what a new line below needs at least. */
  readonly indent: number;
}

export type YamlPath = readonly (string | number)[];

/** No author writes it, and it is a plain scalar anywhere. */
const CURSOR = 'zzcursorzz';

/** Longer texts are no exercises: the cursor is not looked for in them. */
const MOST = 50_000;

/**
 * The place at an offset: a word is put there, the text is read as far as it can be, and the word is looked for.
 * @returns `undefined` in comments, block scalars and broken places that tell nothing
 */
export function yamlPlace(text: string, offset: number): YamlPlace | undefined {
  if (text.length > MOST || isNestedTooDeeply(text)) return undefined;
  const before = text.slice(0, offset);
  const glued = /[^\s:]:$/.test(before) && /^\s*(?:$|\n|#)/.test(text.slice(offset));
  const space = glued ? ' ' : '';
  let found = find(`${before}${space}${CURSOR}${text.slice(offset)}`);
  // with another key on the next line, the two words are one key of two lines: a colon tells them apart
  if (found && /\s/.test(found.value) && found.kind === 'key')
    found = find(`${before}${CURSOR}: ${text.slice(offset)}`) ?? found;
  if (!found || found.block || /\n/.test(found.value)) return undefined;

  const end = Math.max(found.end - CURSOR.length - space.length, offset);
  const start = Math.min(found.start - space.length, offset);
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const lead = text.slice(line, start);
  return {
    kind: found.kind,
    path: found.path,
    present: found.present,
    siblings: found.siblings,
    start: glued ? offset : Math.min(found.start, offset),
    end,
    flow: found.flow,
    inline: /:\s*$/.test(lead),
    glued,
    colon: /^[ \t]*:/.test(text.slice(end)),
    indent: lead.replace(/[^\s-].*$/, '').length,
  };
}

interface Found extends Pick<YamlPlace, 'kind' | 'path' | 'present' | 'siblings' | 'flow' | 'start' | 'end'> {
  readonly value: string;
  readonly block: boolean;
}

function find(text: string): Found | undefined {
  const document = read(text);
  let found: Found | undefined;
  visit(document, {
    Scalar(key, node, ancestors) {
      const value = typeof node.value === 'string' ? node.value : (node.source ?? '');
      if (!value.includes(CURSOR) || !node.range) return undefined;
      const parent = ancestors.at(-1);
      const isKey = key === 'key' && isPair(parent);
      const map = isKey ? ancestors.at(-2) : undefined;
      const names = isMap(map)
        ? map.items.flatMap((pair) => (pair === parent || !isScalar(pair.key) ? [] : [String(pair.key.value)]))
        : [];
      const siblings =
        isCollection(parent) && !isMap(parent)
          ? parent.items.flatMap((item) => (isScalar(item) && item !== node ? [String(item.value)] : []))
          : [];
      found = {
        kind: isKey ? 'key' : 'value',
        path: pathOf(ancestors, isKey ? undefined : key, isKey),
        present: names,
        siblings,
        start: node.range[0],
        end: node.range[1],
        flow: ancestors.some((each) => isCollection(each) && each.flow === true),
        value,
        block: node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL',
      };
      return visit.BREAK;
    },
  });
  return found;
}

/** What stands at an offset in a YAML text as it is: for hover, definition and rename. */
export interface YamlToken {
  readonly kind: 'key' | 'value';
  /** Of the value; for a key, of the value under it. */
  readonly path: YamlPath;
  readonly text: string;
  /** Without quotes. */
  readonly start: number;
  readonly end: number;
}

export function yamlToken(text: string, offset: number): YamlToken | undefined {
  if (text.length > MOST || isNestedTooDeeply(text)) return undefined;
  return yamlTokens(text).find(({ start, end }) => offset >= start && offset <= end);
}

/** Every scalar of a text that can be read, in order. */
function yamlTokens(text: string): YamlToken[] {
  const found: YamlToken[] = [];
  visit(read(text), {
    Scalar(key, node, ancestors) {
      if (!node.range) return;
      const [from, to] = node.range;
      const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
      const isKey = key === 'key';
      const path = pathOf(ancestors, isKey ? undefined : key, isKey);
      found.push({
        kind: isKey ? 'key' : 'value',
        path: isKey ? [...path, String(node.value)] : path,
        text: typeof node.value === 'string' ? node.value : (node.source ?? String(node.value)),
        start: from + quoted,
        end: Math.max(from + quoted, to - quoted),
      });
    },
  });
  return found;
}

/** Never throws: what cannot be read ends as nothing. */
function read(text: string): Document {
  try {
    return parseDocument(text, { prettyErrors: false, strict: false, uniqueKeys: false, logLevel: 'silent' });
  } catch {
    return new Document();
  }
}

/** Keys and positions from the root down to a node whose ancestors are given; aliases lead nowhere. */
function pathOf(
  ancestors: readonly unknown[],
  key: number | 'key' | 'value' | null | undefined,
  isKey: boolean,
): (string | number)[] {
  const path: (string | number)[] = [];
  const last = isKey ? ancestors.length - 1 : ancestors.length;
  for (const [index, each] of ancestors.entries()) {
    if (index >= last) break;
    if (isPair(each)) path.push(isScalar(each.key) ? String(each.key.value) : '');
    else if (isCollection(each) && !isMap(each)) {
      const next = ancestors[index + 1];
      if (index + 1 < ancestors.length) path.push(each.items.indexOf(next));
      else if (typeof key === 'number') path.push(key);
    } else if (isAlias(each)) return [];
  }
  return path;
}
