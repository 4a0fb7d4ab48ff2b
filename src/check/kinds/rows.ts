import type { RowsExpectation } from '../../course/schema';
import type { Cell, Result, Session } from '../../sql/session';
import { SqlError } from '../../sql/session';
import type { Attempt } from '../attempt';
import { fingerprint } from '../hash';
import { inSavepoint } from '../pinned';
import type { Outcome } from '../verdict';
import { readAttempt } from '../attempt';

/** Rows a query may return; more cannot be the answer to an exercise and would only fill memory. */
const MOST_ROWS = 200_000;

/** The student's query gives the same rows as the solution's, both run now on the same database. */
export async function checkRows(
  session: Session,
  expectation: RowsExpectation,
  attempt: Attempt,
  solution: string,
): Promise<Outcome> {
  const { query } = attempt;
  if (!query)
    return {
      passed: false,
      message: 'The file has no query. Write one that returns the rows asked for.',
      behaviour: 'rows: none',
    };
  const reference = readAttempt(solution).query;
  if (!reference) throw new Error('The solution has no query to compare rows with.');
  const expected = await inSavepoint(session, () => session.run(reference.text));
  let seen: Result;
  try {
    seen = await inSavepoint(session, () => session.run(query.text, { maxRows: MOST_ROWS }));
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { passed: false, message: `The query fails: ${error.message}`, behaviour: `rows: error ${error.code}` };
  }
  return compareRows(expectation, expected, seen);
}

/** Compares two results; pure. */
export function compareRows(expectation: RowsExpectation, expected: Result, seen: Result): Outcome {
  const fail = (message: string, values: { expected?: string; seen?: string } = {}): Outcome => ({
    passed: false,
    message,
    ...values,
    behaviour: `rows: ${digest(seen)}`,
  });
  const names = (result: Result): string => result.fields.map((field) => field.name).join(', ');

  if (seen.fields.length !== expected.fields.length) {
    return fail(`The result has ${count(seen.fields.length, 'column')}; ${expected.fields.length} are asked for.`, {
      expected: names(expected),
      seen: names(seen),
    });
  }
  if (expectation.columns && names(seen) !== names(expected)) {
    return fail('The columns have other names than asked for.', { expected: names(expected), seen: names(seen) });
  }
  if (seen.truncated)
    return fail(`The query returns more than ${MOST_ROWS.toLocaleString('en-US')} rows.`, {
      expected: count(expected.rows.length, 'row'),
    });

  const { missing, extra } = difference(expected.rows, seen.rows, expectation.tolerance);
  if (missing.length > 0 || extra.length > 0) {
    const distinct = new Set(seen.rows.map(rowKey)).size;
    if (missing.length === 0 && distinct === new Set(expected.rows.map(rowKey)).size) {
      return fail('Right rows, but some come more than once.', {
        expected: count(expected.rows.length, 'row'),
        seen: count(seen.rows.length, 'row'),
      });
    }
    const parts = [
      missing.length > 0 && `${count(missing.length, 'row')} missing`,
      extra.length > 0 && `${count(extra.length, 'row')} too many`,
    ].filter((part) => part !== false);
    return fail(`The rows differ: ${parts.join(', ')}.`, { expected: example(missing[0]), seen: example(extra[0]) });
  }
  const key = expectation.order && firstDisorder(expectation.order, expected, seen);
  if (key !== undefined)
    return fail(`Right rows, in the wrong order: sort by ${expectation.order?.join(', ') ?? ''}.`, {
      expected: key.expected,
      seen: key.seen,
    });
  return { passed: true, message: `${count(seen.rows.length, 'row')}, all right.`, behaviour: 'rows: right' };
}

/** Multiset difference. Numbers within the tolerance are paired, in order of their other columns. */
function difference(
  expected: Result['rows'],
  seen: Result['rows'],
  tolerance: number,
): { missing: Result['rows'][number][]; extra: Result['rows'][number][] } {
  const left = new Map<string, { row: readonly Cell[]; count: number }>();
  for (const row of expected) {
    const key = rowKey(row);
    const entry = left.get(key);
    if (entry) entry.count++;
    else left.set(key, { row, count: 1 });
  }
  const extra: (readonly Cell[])[] = [];
  for (const row of seen) {
    const entry = left.get(rowKey(row));
    if (entry && entry.count > 0) entry.count--;
    else extra.push(row);
  }
  const missing = [...left.values()].flatMap(({ row, count: times }) => Array.from({ length: times }, () => row));
  if (tolerance === 0 || missing.length === 0 || extra.length === 0) return { missing, extra };

  const unmatched: (readonly Cell[])[] = [];
  for (const row of extra) {
    const match = missing.findIndex(
      (candidate) =>
        candidate.length === row.length && candidate.every((cell, index) => near(cell, row[index] ?? null, tolerance)),
    );
    if (match === -1) unmatched.push(row);
    else missing.splice(match, 1);
  }
  return { missing, extra: unmatched };
}

function near(a: Cell, b: Cell, tolerance: number): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.trim() === '' || b.trim() === '') return false;
  return Math.abs(Number(a) - Number(b)) <= tolerance;
}

/** 1.50 and 1.5 are the same number to a reader of rows. */
function rowKey(row: readonly Cell[]): string {
  return JSON.stringify(
    row.map((cell) => (cell !== null && /^-?\d+\.\d+$/.test(cell) ? cell.replace(/\.?0+$/, '') : cell)),
  );
}

/** The first row whose sort key is not the expected one; rows with equal keys may stand in any order. */
function firstDisorder(
  order: readonly string[],
  expected: Result,
  seen: Result,
): { expected: string; seen: string } | undefined {
  const columns = order.map((item) => item.trim().split(/\s+/)[0] ?? '');
  const keyOf = (result: Result, row: readonly Cell[]): string => {
    const cells = columns.map((name) => {
      const byName = result.fields.findIndex((field) => field.name === name);
      const index = byName === -1 ? expected.fields.findIndex((field) => field.name === name) : byName;
      return row[index] ?? null;
    });
    return rowKey(cells);
  };
  for (const [index, row] of expected.rows.entries()) {
    const other = seen.rows[index];
    if (other && keyOf(expected, row) !== keyOf(seen, other))
      return { expected: `row ${index + 1}: ${example(row)}`, seen: `row ${index + 1}: ${example(other)}` };
  }
  return undefined;
}

function example(row: readonly Cell[] | undefined): string {
  if (!row) return 'none';
  const text = row.map((cell) => (cell === null ? 'NULL' : cell)).join(', ');
  return `(${text.length > 120 ? `${text.slice(0, 119)}…` : text})`;
}

function digest(result: Result): string {
  return fingerprint(JSON.stringify([result.fields.map((field) => field.name), result.rows]));
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
