import type { RowsExpectation } from '../../course/schema';
import { UserError } from '../../shared/errors';
import type { Field, Result } from '../../sql/session';
import type { Outcome } from '../verdict';
import { difference, rowKey, sameCell, type Comparison, type Row } from './difference';
import { examples, rowText, shortened, type Examples } from './examples';
import { allowance, canonicalNumber, isFloat, isNumber, isWhole } from './numbers';
import type { RowsDiff } from './rowsDiff';

/** Rows a query may return; more cannot be the answer to an exercise and would only fill memory. */
export const MOST_ROWS = 200_000;

/** What comparing needs of a result. */
export type Rows = Pick<Result, 'fields' | 'rows'> & { readonly truncated?: boolean };

/** What is compared, and how the parts of a difference are called. */
export interface Compared {
  readonly passed: boolean;
  readonly message: string;
  readonly expected?: string;
  readonly seen?: string;
  readonly diff?: RowsDiff;
  /** The kind of difference, and on hidden data all that is told of it. */
  readonly hidden: string;
}

/** Sums of floating-point numbers depend on the order of the rows: so far they may be off where nothing is stated. */
const FLOAT = { absolute: 0, relative: 1e-9 };

/**
 * Compares two results; pure. 200,000 rows take a fraction of a second.
 * @param categories of types, by OID (pg_type.typcategory): needed where `types` is stated, told where rows differ
 * @throws {UserError} the expectation names a column that the solution's result does not have
 */
export function compareRows(
  expectation: RowsExpectation,
  expected: Rows,
  seen: Rows,
  categories: ReadonlyMap<number, string> = new Map(),
): Outcome {
  const { passed, message, expected: wanted, seen: got, diff } = compare(expectation, expected, seen, categories);
  return {
    passed,
    message,
    ...(wanted !== undefined && { expected: wanted }),
    ...(got !== undefined && { seen: got }),
    ...(diff && { rows: diff }),
    behaviour: passed ? 'rows: right' : `rows: ${digest(expectation, expected, seen)}`,
  };
}

/** What is told of a difference in hidden data: how many rows, and no value. */
export function compareHidden(expectation: RowsExpectation, expected: Rows, seen: Rows): Outcome {
  const { passed, hidden } = compare({ ...expectation, types: false }, expected, seen, new Map());
  return {
    passed,
    message: passed
      ? 'The rows are right on other data, too.'
      : `Right on the data you see; on other data of the same kind ${hidden}.`,
    behaviour: passed ? 'rows: right' : `rows: hidden ${digest(expectation, expected, seen)}`,
  };
}

function compare(
  expectation: RowsExpectation,
  expected: Rows,
  seen: Rows,
  categories: ReadonlyMap<number, string>,
): Compared {
  const wanted = expected.fields.map((field, at) => ({
    ...field,
    name: (Array.isArray(expectation.columns) ? expectation.columns[at] : undefined) ?? field.name,
  }));
  const columns = comparisons(expectation, wanted);
  const keys = keyColumns(expectation, wanted);
  const wrong =
    otherColumns(wanted, seen.fields) ??
    (expectation.columns === false ? undefined : otherName(wanted, seen.fields)) ??
    (expectation.types ? otherType(wanted, seen.fields, categories) : undefined);
  if (wrong) return { passed: false, ...wrong };
  if (seen.truncated === true)
    return {
      passed: false,
      message: `The query returns more than ${MOST_ROWS.toLocaleString('en-US')} rows.`,
      expected: count(expected.rows.length, 'row'),
      hidden: 'too many rows come',
    };

  const { missing, extra, onlyCounts } = difference(expected.rows, seen.rows, columns);
  const names = seen.fields.map(({ name }) => name);
  if (missing.length > 0 || extra.length > 0) {
    if (onlyCounts) return wrongCounts(expected.rows, seen.rows, columns, { missing, extra, names });
    const shown = examples(missing, extra, columns);
    return otherRows(missing.length, extra.length, shown, names, otherType(wanted, seen.fields, categories)?.message);
  }
  const disorder = keys && firstDisorder(keys, expected.rows, seen.rows, columns);
  if (disorder) {
    const place = `row ${disorder.row.toLocaleString('en-US')}`;
    const by = Array.isArray(expectation.order)
      ? `sort by ${expectation.order.join(', ')}`
      : 'the order of all rows counts';
    return {
      passed: false,
      message: `Right rows, in the wrong order from ${place} on: ${by}.`,
      expected: `${place}: ${rowText(disorder.expected)}`,
      seen: `${place}: ${rowText(disorder.seen)}`,
      diff: { ...NO_DIFF, columns: names, disorder },
      hidden: 'the rows are in the wrong order',
    };
  }
  return { passed: true, message: `${count(seen.rows.length, 'row')}, all right.`, hidden: '' };
}

const NO_DIFF = { missing: [], extra: [], missingCount: 0, extraCount: 0, pairs: [], duplicates: [] };

function otherRows(
  missing: number,
  extra: number,
  shown: Examples,
  names: readonly string[],
  type: string | undefined,
): Compared {
  const parts = [missing > 0 && `${count(missing, 'row')} missing`, extra > 0 && `${count(extra, 'row')} too many`]
    .filter((part) => part !== false)
    .join(', ');
  return {
    passed: false,
    message: `The rows differ: ${parts}.${type === undefined ? '' : ` ${type}`}`,
    expected: rowText(shown.missing[0]),
    seen: rowText(shown.extra[0]),
    diff: { ...NO_DIFF, columns: names, ...shown, missingCount: missing, extraCount: extra },
    hidden: parts.replace(/^(1 row)\b/, '$1 is').replace(/^([\d,]+ rows)\b/, '$1 are'),
  };
}

function wrongCounts(
  expected: readonly Row[],
  seen: readonly Row[],
  columns: readonly Comparison[],
  found: { missing: readonly Row[]; extra: readonly Row[]; names: readonly string[] },
): Compared {
  const { missing, extra, names } = found;
  const times = (rows: readonly Row[], key: string): number =>
    rows.filter((row) => rowKey(row, columns) === key).length;
  const different = new Map([...extra, ...missing].map((row) => [rowKey(row, columns), row]));
  const duplicates = [...different].slice(0, 3).map(([key, row]) => ({
    row: shortened(row),
    expected: times(expected, key),
    seen: times(seen, key),
  }));
  const [first] = duplicates;
  const often =
    missing.length === 0
      ? 'some come more than once too often'
      : extra.length === 0
        ? 'some come too seldom'
        : 'not as often as asked for';
  const message =
    missing.length === 0
      ? 'Right rows, but some come more often than asked for.'
      : extra.length === 0
        ? 'Right rows, but some come less often than asked for.'
        : 'Right rows, but some come more often and some less often than asked for.';
  return {
    passed: false,
    message,
    ...(first && {
      expected: `${rowText(first.row)} ${first.expected} ×`,
      seen: `${rowText(first.row)} ${first.seen} ×`,
    }),
    diff: { ...NO_DIFF, columns: names, missingCount: missing.length, extraCount: extra.length, duplicates },
    hidden: often === 'some come too seldom' ? 'some rows come too seldom' : 'some rows come too often',
  };
}

type Wrong = Omit<Compared, 'passed'>;

function otherColumns(expected: readonly Field[], seen: readonly Field[]): Wrong | undefined {
  if (seen.length === expected.length) return undefined;
  const names = (fields: readonly Field[]): string => fields.map((field) => field.name).join(', ');
  const known = new Set(expected.map(({ name }) => name));
  const unknown = seen.filter(({ name }) => !known.has(name)).map(({ name }) => `“${name}”`);
  const isClear = unknown.length === seen.length - expected.length;
  return {
    message: `The result has ${count(seen.length, 'column')}; ${expected.length} ${expected.length === 1 ? 'is' : 'are'} asked for${isClear ? `, without ${unknown.join(', ')}` : ''}.`,
    expected: names(expected),
    seen: names(seen),
    hidden: 'the columns are others',
  };
}

function otherName(expected: readonly Field[], seen: readonly Field[]): Wrong | undefined {
  const at = expected.findIndex(({ name }, place) => seen[place]?.name !== name);
  if (at === -1) return undefined;
  const [wanted, got] = [expected[at]?.name ?? '', seen[at]?.name ?? ''];
  const names = (fields: readonly Field[]): string => fields.map((field) => field.name).join(', ');
  return {
    message: `Column ${at + 1} is called “${got}”; “${wanted}” is asked for.`,
    expected: names(expected),
    seen: names(seen),
    hidden: 'the columns have other names',
  };
}

/** pg_type.typcategory. */
const CATEGORIES: Readonly<Record<string, string>> = {
  A: 'an array',
  B: 'a boolean',
  C: 'a row',
  D: 'a date or time',
  E: 'an enum',
  G: 'geometric',
  I: 'a network address',
  N: 'a number',
  R: 'a range',
  S: 'text',
  T: 'an interval',
  V: 'a bit string',
  X: 'text',
};

function otherType(
  expected: readonly Field[],
  seen: readonly Field[],
  categories: ReadonlyMap<number, string>,
): Wrong | undefined {
  const category = (field: Field | undefined): string => {
    const letter = categories.get(field?.type ?? 0) ?? '';
    return letter === 'X' ? 'S' : letter;
  };
  for (const [at, field] of expected.entries()) {
    const [wanted, got] = [category(field), category(seen[at])];
    // another type without a category that says anything, such as json: its own kind
    if (wanted === got && (wanted !== 'U' || field.type === seen[at]?.type)) continue;
    if (field.type === seen[at]?.type) continue;
    const words = (letter: string): string => CATEGORIES[letter] ?? 'of another type';
    return {
      message: `Column ${at + 1} (“${seen[at]?.name ?? ''}”) is ${words(got)}; ${words(wanted)} is asked for.`,
      expected: words(wanted),
      seen: words(got),
      hidden: 'the columns have other types',
    };
  }
  return undefined;
}

function comparisons(expectation: RowsExpectation, fields: readonly Field[]): Comparison[] {
  const { tolerance } = expectation;
  if (typeof tolerance === 'object') {
    for (const name of Object.keys(tolerance)) assertColumn(name, 'tolerance', fields);
  }
  return fields.map(({ name, type }): Comparison => {
    if (!isNumber(type)) return { isNumber: false };
    const stated =
      typeof tolerance === 'object'
        ? Object.hasOwn(tolerance, name)
          ? tolerance[name]
          : undefined
        : isWhole(type)
          ? undefined
          : tolerance;
    if (stated !== undefined && stated !== 0) return { isNumber: true, allowance: allowance(stated) };
    return isFloat(type) ? { isNumber: true, allowance: FLOAT } : { isNumber: true };
  });
}

function assertColumn(name: string, where: string, fields: readonly Field[]): number {
  const at = fields.findIndex((field) => field.name === name);
  if (at === -1)
    throw new UserError(
      `The exercise’s ${where} names “${name}”, which is no column of the solution’s result.`,
      `Its columns are ${fields.map((field) => field.name).join(', ')}.`,
    );
  return at;
}

/** The columns of the sort key, from 0; undefined where order does not count. */
function keyColumns(expectation: RowsExpectation, fields: readonly Field[]): number[] | undefined {
  if (expectation.order === undefined) return undefined;
  if (expectation.order === 'exact') return fields.map((_, at) => at);
  return expectation.order.map((item) => assertColumn(sortKeyName(item), 'order', fields));
}

/** "total desc nulls last" is total; a name with spaces stands in quotes. */
export function sortKeyName(item: string): string {
  const quoted = /^\s*"((?:[^"]|"")+)"/.exec(item)?.[1];
  if (quoted !== undefined) return quoted.replaceAll('""', '"');
  return item
    .trim()
    .replace(/\s+nulls\s+(?:first|last)$/i, '')
    .replace(/\s+(?:asc|desc)$/i, '');
}

/** The first row whose sort key is not the expected one; rows with equal keys may stand in any order. */
function firstDisorder(
  keys: readonly number[],
  expected: readonly Row[],
  seen: readonly Row[],
  columns: readonly Comparison[],
): RowsDiff['disorder'] {
  for (const [at, row] of expected.entries()) {
    const other = seen[at] ?? [];
    if (keys.every((key) => sameCell(row[key] ?? null, other[key] ?? null, columns[key]))) continue;
    return { row: at + 1, expected: shortened(row), seen: shortened(other), columns: keys };
  }
  return undefined;
}

/** What came, in a few characters: names only where they count, order only as far as it counts. */
function digest(expectation: RowsExpectation, expected: Rows, seen: Rows): string {
  const types = expected.fields.map(({ type }) => isNumber(type));
  let keys: number[] = [];
  const { order } = expectation;
  if (order === 'exact') keys = seen.fields.map((_, at) => at);
  else if (order) keys = order.map((item) => expected.fields.findIndex(({ name }) => name === sortKeyName(item)));
  let sum = 0;
  let chain = 0;
  for (const row of seen.rows) {
    let all = 0;
    for (let at = 0; at < row.length; at++) {
      const cell = row[at] ?? null;
      const text = cell !== null && types[at] === true ? canonicalNumber(cell) : cell;
      const own = hashOf(text, at);
      all = Math.imul(all ^ own, 0x01000193);
      if (keys.includes(at)) chain = Math.imul(chain ^ own, 0x01000193);
    }
    sum = (sum + all) | 0;
  }
  const names = expectation.columns === false ? '' : seen.fields.map(({ name }) => name).join('\0');
  const numbers = [sum, chain, hashOf(names, 0)].map((number) => (number >>> 0).toString(16));
  return `${seen.fields.length} × ${seen.rows.length} ${numbers.join('-')}`;
}

/** FNV-1a. */
function hashOf(text: string | null, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  if (text === null) return hash ^ 0x5bd1e995;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
