import { isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem, TextRange } from './problem';
import { EXPECTATION_KINDS } from './schema';

export interface Parsed<T> {
  /** Absent when there is an error among the problems. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

/**
 * YAML against a schema. Problems carry the range of the key or value they are about.
 * @param firstLine the line of the file at which `text` starts, from 0
 */
export function parseYaml<T>(text: string, schema: z.ZodType<T>, firstLine: number): Parsed<T> {
  const lines = new LineCounter();
  // maxAliasCount: a course may come from anywhere, and aliases can be nested to billions of nodes
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const range = (start: number, end: number): TextRange => {
    const from = lines.linePos(start);
    const to = lines.linePos(Math.max(start, end));
    return {
      startLine: firstLine + from.line - 1,
      startCharacter: from.col - 1,
      endLine: firstLine + to.line - 1,
      endCharacter: to.col - 1,
    };
  };
  const syntax = document.errors.map((error): Problem => ({
    severity: 'error',
    message: sentence(error.message),
    range: range(error.pos[0], error.pos[1]),
  }));
  if (syntax.length > 0) return { value: undefined, problems: syntax };

  const rangeOf = (path: readonly PropertyKey[], key?: string): TextRange => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    if (key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === key);
      if (pair && isNode(pair.key) && pair.key.range) return range(pair.key.range[0], pair.key.range[1]);
    }
    if (isNode(node) && node.range) return range(node.range[0], node.range[1]);
    return path.length === 0 ? range(0, text.trimEnd().length) : rangeOf(path.slice(0, -1));
  };
  const data: unknown = document.toJS({ maxAliasCount: 100 });
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, problems: [] };
  return { value: undefined, problems: problems(result.error.issues, data, [], rangeOf) };
}

function problems(
  issues: readonly z.core.$ZodIssue[],
  data: unknown,
  prefix: readonly PropertyKey[],
  rangeOf: (path: readonly PropertyKey[], key?: string) => TextRange,
): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    const path = [...prefix, ...issue.path];
    const error = (message: string, key?: string): Problem => ({
      severity: 'error',
      message,
      range: rangeOf(path, key),
    });
    const where = path.filter((part) => typeof part === 'string').at(-1);
    const name = where === undefined ? 'This' : `“${where}”`;
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => error(`Unknown key “${key}”. Remove it or correct its spelling.`, key));
      case 'invalid_union':
        return expectationProblems(valueAt(data, path), path, data, error, rangeOf);
      default:
        return [error(valueAt(data, path) === undefined ? `${name} is missing.` : `${name}: ${issue.message}.`)];
    }
  });
}

/** An item of `expect` fits no kind: says which kinds there are, or what is wrong inside the kind it names. */
function expectationProblems(
  value: unknown,
  path: readonly PropertyKey[],
  data: unknown,
  error: (message: string, key?: string) => Problem,
  rangeOf: (path: readonly PropertyKey[], key?: string) => TextRange,
): Problem[] {
  const kinds = Object.keys(EXPECTATION_KINDS);
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (!path.includes('expect')) return [error('must be a number, or such as "1.5 x solution".')];
  const [kind] = keys;
  if (keys.length !== 1 || kind === undefined)
    return [error(`An expectation has exactly one of the keys ${kinds.join(', ')}.`)];
  const schema = EXPECTATION_KINDS[kind];
  if (!schema) return [error(`There is no expectation “${kind}”. The kinds are ${kinds.join(', ')}.`, kind)];
  const inner = path.at(-1) === kind ? path : [...path, kind];
  const result = schema.safeParse(valueAt(data, inner));
  if (result.success) return [error(`“${kind}” is not valid here.`)];
  return problems(
    result.error.issues.map((issue) =>
      issue.code === 'invalid_union'
        ? { ...issue, code: 'custom', message: 'must be a number, or such as "1.5 x solution"' }
        : issue,
    ),
    data,
    inner,
    rangeOf,
  );
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
