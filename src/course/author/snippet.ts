import { stringify } from 'yaml';
import type { JsonSchema } from '../jsonSchema';
import { allowedValues, variants } from './schemaPaths';

/** Longer examples are cut to a skeleton: a snippet is to be filled in, not to be cleared. */
const MOST_LINES = 12;
const MOST_CHOICES = 30;

/**
 * What follows a key and its colon, as a VS Code snippet: the schema's first example, with a stop at each value; else
 * a skeleton of what is required.
 * @param column where the key stands; deeper lines are indented from there
 */
export function valueSnippet(root: JsonSchema, schema: JsonSchema, column: number): string {
  const stops = new Stops();
  const all = variants(root, schema);
  const allowed = allowedValues(all);
  if (allowed.length > 0 && all.every((each) => each.properties === undefined))
    return ` ${stops.choice(allowed.map(({ text }) => text))}`;
  const example = schema.examples?.[0] ?? all.find((each) => each.examples !== undefined)?.examples?.[0];
  if (example !== undefined && example !== null) {
    const text = valueOf(example, column + 2, stops);
    if (text.split('\n').length <= MOST_LINES) return text;
  }
  return skeleton(root, all, column, new Stops(), 0);
}

/** The same on one line, for braces. */
export function inlineSnippet(root: JsonSchema, schema: JsonSchema): string {
  const all = variants(root, schema);
  const allowed = allowedValues(all);
  if (allowed.length > 0) return ` ${new Stops().choice(allowed.map(({ text }) => text))}`;
  if (all.some((each) => each.properties !== undefined || typeof each.additionalProperties === 'object'))
    return ' { $1 }';
  return all.some((each) => each.items !== undefined) ? ' [$1]' : ' $1';
}

function skeleton(root: JsonSchema, all: readonly JsonSchema[], column: number, stops: Stops, depth: number): string {
  const allowed = allowedValues(all);
  if (allowed.length > 0) return ` ${stops.choice(allowed.map(({ text }) => text))}`;
  const map = all.find((each) => each.properties !== undefined);
  if (map) {
    const pad = `\n${' '.repeat(column + 2)}`;
    const required = depth > 3 ? [] : (map.required ?? []);
    if (required.length === 0) return pad + stops.blank();
    return required
      .map((key) => {
        const next = map.properties?.[key];
        return `${pad}${key}:${next ? skeleton(root, variants(root, next), column + 2, stops, depth + 1) : ` ${stops.blank()}`}`;
      })
      .join('');
  }
  const list = all.find((each) => typeof each.items === 'object');
  if (list && typeof list.items === 'object') {
    const items = variants(root, list.items);
    if (items.some((each) => each.properties !== undefined || each.items !== undefined))
      return `\n${' '.repeat(column + 2)}- ${stops.blank()}`;
    return ` [${stops.blank()}]`;
  }
  if (all.some((each) => typeof each.additionalProperties === 'object'))
    return `\n${' '.repeat(column + 2)}${stops.blank()}`;
  return ` ${stops.blank()}`;
}

function valueOf(value: unknown, column: number, stops: Stops): string {
  const pad = `\n${' '.repeat(column)}`;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null || Array.isArray(item)))
      return ` ${flow(value, stops)}`;
    return value.map((item) => `${pad}-${onItem(valueOf(item, column + 2, stops))}`).join('');
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, item]) => `${pad}${escape(stringify(key).trim())}:${valueOf(item, column + 2, stops)}`)
      .join('');
  return ` ${stops.value(scalar(value))}`;
}

/** A map's first key stands on the line of its dash. */
function onItem(text: string): string {
  return text.startsWith('\n') ? ` ${text.trimStart()}` : text;
}

function flow(value: unknown, stops: Stops): string {
  if (Array.isArray(value)) return `[${value.map((item) => flow(item, stops)).join(', ')}]`;
  // between brackets, a comma would end it
  const text = scalar(value);
  return stops.value(/^["']/.test(text) || !/[,[\]{}]/.test(text) ? text : JSON.stringify(value));
}

function scalar(value: unknown): string {
  if (typeof value === 'string' && value.includes('\n')) return JSON.stringify(value);
  return stringify(value, { lineWidth: 0 }).trim();
}

/** Numbers the snippet's stops. */
class Stops {
  private count = 0;

  blank(): string {
    return `$${++this.count}`;
  }

  value(text: string): string {
    return `\${${++this.count}:${escape(text)}}`;
  }

  choice(texts: readonly string[]): string {
    const [only] = texts;
    if (only !== undefined && texts.length === 1) return escape(only);
    return `\${${++this.count}|${texts
      .slice(0, MOST_CHOICES)
      .map((text) => escape(text).replace(/[,|]/g, '\\$&'))
      .join(',')}|}`;
  }
}

/** For a snippet's text. */
export function escape(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
