import type * as z from 'zod';
import { closest } from './closest';
import { change, fix, problem } from './lint/rules';
import type { Fix, Problem } from './problem';
import { keysOf, placeholder, schemasAt } from './schemaKeys';
import { YamlText } from './yamlText';

export interface Parsed<T> {
  /** Absent when there is an error among the problems. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
  /** Where each piece stands. */
  readonly source: YamlText;
}

/**
 * YAML against a schema, any schema. Problems carry the range of the key or value they are about.
 * @param firstLine the line of the file at which `text` starts, from 0
 * @param defaults what to write for a missing key of the top level
 * @param indent characters that the file has before a line of `text`
 */
export function parseYaml<T>(
  text: string,
  schema: z.ZodType<T>,
  firstLine: number,
  defaults: () => Readonly<Record<string, string>> = () => ({}),
  indent?: (line: number) => number,
): Parsed<T> {
  const source = new YamlText(text, firstLine, indent);
  const { data, errors } = source.read();
  if (errors.length > 0)
    return {
      value: undefined,
      problems: errors.map((error) => problem('invalid-yaml', sentence(error.message), error.range)),
      source,
    };
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data, problems: [], source };
  const reader = new IssueReader(schema, data, source, defaults());
  return { value: undefined, problems: reader.problems(result.error.issues, []), source };
}

type Path = readonly PropertyKey[];

/** Says zod's issues in the format's words, with ranges and fixes. */
class IssueReader {
  constructor(
    private readonly schema: z.ZodType,
    private readonly data: unknown,
    private readonly source: YamlText,
    private readonly defaults: Readonly<Record<string, string>>,
  ) {}

  problems(issues: readonly z.core.$ZodIssue[], prefix: Path): Problem[] {
    return issues.flatMap((issue) => this.issue(issue, [...prefix, ...issue.path]));
  }

  private issue(issue: z.core.$ZodIssue, path: Path): Problem[] {
    const value = valueAt(this.data, path);
    const name = nameOf(path);
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => this.unknownKey(path, key));
      case 'invalid_union':
        return this.union(issue, path, value);
      case 'invalid_key':
        return this.invalidKey(issue, path);
      case 'invalid_value': {
        if (value === undefined) return [this.missing(path)];
        const allowed = issue.values.map(String);
        const near = typeof value === 'string' ? closest(value, allowed) : undefined;
        const range = this.source.valueRange(path);
        const question = near === undefined ? '' : ` Did you mean “${near}”?`;
        // a list of sixty is no help: then the schema's own words
        const message =
          allowed.length === 1
            ? `${name} can only be ${allowed.join('')}.`
            : allowed.length > 12
              ? sentence(`${name}: ${issue.message}`)
              : `${name} must be one of ${allowed.join(', ')}.${question}`;
        return [
          problem('not-one-of', message, range, change(range, near ?? (allowed.length === 1 ? allowed[0] : undefined))),
        ];
      }
      case 'invalid_type':
        if (value === undefined) return [this.missing(path)];
        return [
          problem(
            'wrong-value',
            `${name} must be ${typeWord(issue.expected)}.`,
            this.source.valueRange(path),
            this.typeFix(issue.expected, value, path),
          ),
        ];
      case 'too_small':
      case 'too_big':
        return [problem('wrong-value', `${name} ${boundWords(issue)}.`, this.source.valueRange(path))];
      default:
        if (value === undefined) return [this.missing(path)];
        return [problem('wrong-value', sentence(`${name}: ${issue.message}`), this.source.valueRange(path))];
    }
  }

  private unknownKey(path: Path, key: string): Problem {
    const range = this.source.keyRange(path, key);
    const present = keysIn(valueAt(this.data, path));
    const known = schemasAt(this.schema, path).flatMap(keysOf);
    const near = closest(
      key,
      known.filter((candidate) => !present.includes(candidate)),
    );
    const remove = this.source.removeKey(path, key);
    const fixes = [...change(range, near), ...(remove ? [{ title: `Remove “${key}”`, edits: [remove] }] : [])];
    const advice = near === undefined ? 'Remove it or correct its spelling.' : `Did you mean “${near}”?`;
    return problem('unknown-key', `Unknown key “${key}”. ${advice}`, range, fixes);
  }

  private missing(path: Path): Problem {
    const key = path.at(-1);
    const parent = path.slice(0, -1);
    if (typeof key !== 'string')
      return problem('missing-key', 'There is nothing here.', this.source.containerRange(path));
    // a key of its own that is misspelt: the fix is there
    const unknown = keysIn(valueAt(this.data, parent)).filter(
      (each) => !schemasAt(this.schema, parent).flatMap(keysOf).includes(each),
    );
    const isMisspelt = unknown.some((each) => closest(each, [key]) === key);
    const text =
      (parent.length === 0 && Object.hasOwn(this.defaults, key) ? this.defaults[key] : undefined) ??
      placeholder(schemasAt(this.schema, path));
    // written as `key:` with nothing behind it
    const isThere = keysIn(valueAt(this.data, parent)).includes(key);
    const edit = isMisspelt || isThere ? undefined : this.source.insertKey(parent, key, text);
    const fixes: Fix[] = edit ? [{ title: `Add “${key}”`, edits: [edit] }] : [];
    const range = isThere ? this.source.keyRange(parent, key) : this.source.containerRange(path);
    return problem('missing-key', `“${key}” is missing.`, range, fixes);
  }

  private invalidKey(issue: z.core.$ZodIssueInvalidKey, path: Path): Problem[] {
    const key = String(path.at(-1));
    const parent = path.slice(0, -1);
    const range = this.source.keyRange(parent, key);
    const [inner] = issue.issues;
    const allowed = inner?.code === 'invalid_value' ? inner.values.map(String) : [];
    const near = closest(key, allowed);
    const message =
      allowed.length > 0
        ? `“${key}” is not allowed here: ${allowed.join(', ')} are.`
        : sentence(`“${key}”: ${inner?.message ?? issue.message}`);
    return [problem('unknown-key', message, range, change(range, near))];
  }

  /** Which option the author meant, and what is wrong inside it. */
  private union(issue: z.core.$ZodIssueInvalidUnion, path: Path, value: unknown): Problem[] {
    if (value === undefined) return [this.missing(path)];
    const options = schemasAt(this.schema, path);
    const kind = this.kind(options, path, value);
    if (kind) return kind;
    const scored = issue.errors.map((errors) => ({ errors, score: scoreOf(errors, value) }));
    const least = Math.min(...scored.map(({ score }) => score));
    const fitting = scored.filter(({ score }) => score === least);
    const [best] = fitting;
    if (best && (least < WRONG_TYPE || fitting.length === 1)) return this.problems(best.errors, path);
    const types = new Set(
      issue.errors
        .flat()
        .flatMap((each) => (each.code === 'invalid_type' && each.path.length === 0 ? [typeWord(each.expected)] : [])),
    );
    const words =
      issue.message === 'Invalid input' ? `must be ${[...types].join(' or ') || 'something else'}` : issue.message;
    return [problem('wrong-value', sentence(`${nameOf(path)}: ${words}`), this.source.valueRange(path))];
  }

  /** Options that are told apart by a key of their own, as `rows:`, `plan:` …: `undefined` where one of them is named. */
  private kind(options: readonly z.core.$ZodType[], path: Path, value: unknown): Problem[] | undefined {
    const shapes = options.map(keysOf);
    if (shapes.length < 2 || shapes.some((keys) => keys.length === 0)) return undefined;
    const kinds = shapes.flat().filter((key) => shapes.filter((keys) => keys.includes(key)).length === 1);
    if (kinds.length < shapes.length) return undefined;
    const present = keysIn(value);
    const named = present.filter((key) => kinds.includes(key));
    const own = (key: string): number => shapes.findIndex((keys) => keys.includes(key));
    if (named.length > 0) {
      const [first, ...rest] = named;
      const other = rest.find((key) => first !== undefined && own(key) !== own(first));
      if (other === undefined) return undefined;
      return [
        problem(
          'one-kind',
          `An item has exactly one of the keys ${kinds.join(', ')}: put “${other}” into an item of its own.`,
          this.source.keyRange(path, other),
        ),
      ];
    }
    const shared = shapes.flat();
    const unknown = present.find((key) => !shared.includes(key));
    if (unknown === undefined)
      return [
        problem('one-kind', `An item has exactly one of the keys ${kinds.join(', ')}.`, this.source.valueRange(path)),
      ];
    const range = this.source.keyRange(path, unknown);
    const near = closest(unknown, kinds);
    const advice = near === undefined ? '' : ` Did you mean “${near}”?`;
    return [
      problem(
        'unknown-kind',
        `There is no expectation “${unknown}”. The kinds are ${kinds.join(', ')}.${advice}`,
        range,
        change(range, near),
      ),
    ];
  }

  private typeFix(expected: string, value: unknown, path: Path): Fix[] {
    const range = this.source.valueRange(path);
    const text = typeof value === 'string' ? value.trim() : '';
    if ((expected === 'number' || expected === 'int') && /^\d+(?:\.\d+)?$/.test(text)) return change(range, text);
    const isPlain =
      typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && !/['\n]/.test(value));
    if (expected === 'string' && isPlain) return [fix('Put it in quotes', range, `'${String(value)}'`)];
    if (expected === 'array' && isPlain) return [fix('Make it a list', range, `[${String(value)}]`)];
    return [];
  }
}

/** The value is not of the option's type at all. */
const WRONG_TYPE = 1000;

function scoreOf(errors: readonly z.core.$ZodIssue[], value: unknown): number {
  let score = 0;
  for (const issue of errors) {
    if (
      issue.path.length === 0 &&
      (issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof value !== 'string'))
    )
      score += WRONG_TYPE;
    else if (issue.path.length === 0 && issue.code === 'unrecognized_keys') score += 10 * issue.keys.length;
    else if (valueAt(value, issue.path) === undefined) score += 5;
    else score += 1;
  }
  return score;
}

function nameOf(path: Path): string {
  const where = path.filter((part) => typeof part === 'string').at(-1);
  return where === undefined ? 'This' : `“${where}”`;
}

function typeWord(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map of keys',
    record: 'a map of keys',
    null: 'empty',
  };
  return Object.hasOwn(words, expected) ? (words[expected] ?? expected) : expected;
}

function boundWords(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const many = issue.origin === 'array' || issue.origin === 'set';
  const unit = many ? ' items' : issue.origin === 'string' ? ' characters' : '';
  if (issue.code === 'too_small') {
    if (many && Number(issue.minimum) === 1) return 'needs at least one item';
    if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
    return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}${unit}`;
  }
  return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${String(issue.maximum)}${unit}`;
}

function keysIn(value: unknown): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
