import assert from 'node:assert/strict';
import { compareHidden, compareRows, sortKeyName } from '../../../src/check/kinds/compareRows';
import { canonicalNumber } from '../../../src/check/kinds/numbers';
import type { RowsExpectation } from '../../../src/course/schema';
import type { Cell, Result } from '../../../src/sql/session';

const TYPES: Readonly<Record<string, number>> = { text: 25, int: 23, numeric: 1700, float: 701, date: 1082 };

/** Columns are `name` (text) or `name:type`. */
const result = (columns: string, ...rows: Cell[][]): Result => ({
  command: 'SELECT',
  fields: columns.split(' ').map((column) => {
    const [name = '', type = 'text'] = column.split(':');
    return { name, type: TYPES[type] ?? 25 };
  }),
  rows,
  rowCount: rows.length,
  truncated: false,
  durationMs: 1,
});
const CATEGORIES = new Map([
  [25, 'S'],
  [23, 'N'],
  [1700, 'N'],
  [701, 'N'],
  [1082, 'D'],
]);
const full = (options: Partial<RowsExpectation>): RowsExpectation => ({
  columns: false,
  types: false,
  tolerance: 0,
  variant: false,
  ...options,
});
const compare = (expected: Result, seen: Result, options: Partial<RowsExpectation> = {}) =>
  compareRows(full(options), expected, seen, CATEGORIES);
const right = result('id name', ['1', 'a'], ['2', 'b'], ['2', 'b']);

describe('compareRows', () => {
  it('takes the same rows in any order', () =>
    assert.ok(compare(right, result('x y', ['2', 'b'], ['1', 'a'], ['2', 'b'])).passed));

  it('tells a missing row, by example', () => {
    const { passed, message, expected, seen } = compare(right, result('id name', ['2', 'b'], ['2', 'b']));
    assert.deepEqual(
      { passed, message, expected, seen },
      { passed: false, message: 'The rows differ: 1 row missing.', expected: '(1, a)', seen: 'none' },
    );
  });
  it('tells a row too many', () =>
    assert.equal(compare(right, result('id name', ['1', 'a'], ['2', 'b'], ['2', 'b'], ['3', null])).seen, '(3, NULL)'));
  it('pairs rows that are one but for a cell, and says which cell', () => {
    const expected = result(
      'id city total',
      ['1', 'Oslo', '5'],
      ['2', 'Rome', '6'],
      ['3', 'Bern', '7'],
      ['4', 'Riga', '8'],
    );
    const seen = result(
      'id city total',
      ['1', 'Oslo', '5'],
      ['3', 'Bern', '70'],
      ['2', 'Rom', '60'],
      ['5', 'Kyiv', '9'],
    );
    const { rows } = compare(expected, seen);
    assert.deepEqual(rows, {
      columns: ['id', 'city', 'total'],
      missing: [
        ['3', 'Bern', '7'],
        ['2', 'Rome', '6'],
        ['4', 'Riga', '8'],
      ],
      extra: [
        ['3', 'Bern', '70'],
        ['2', 'Rom', '60'],
        ['5', 'Kyiv', '9'],
      ],
      missingCount: 3,
      extraCount: 3,
      pairs: [
        { missing: 0, extra: 0, columns: [2] },
        { missing: 1, extra: 1, columns: [1, 2] },
      ],
      duplicates: [],
    });
  });
  it('shows three rows at most, the shortest, and cuts long cells', () => {
    const seen = result('a', ...Array.from({ length: 50 }, (_, at) => ['x'.repeat(300 - at)]), ['a']);
    const { rows } = compare(result('a', ['a']), seen);
    assert.deepEqual([rows?.extra.length, rows?.extraCount, rows?.extra[0]?.[0]?.length], [3, 50, 200]);
  });
  it('counts duplicates', () => {
    const more = compare(right, result('id name', ['1', 'a'], ['1', 'a'], ['2', 'b'], ['2', 'b']));
    assert.equal(more.message, 'Right rows, but some come more often than asked for.');
    assert.deepEqual(more.rows?.duplicates, [{ row: ['1', 'a'], expected: 1, seen: 2 }]);
    assert.equal(more.seen, '(1, a) 2 ×');
    assert.equal(
      compare(right, result('id name', ['1', 'a'], ['2', 'b'])).message,
      'Right rows, but some come less often than asked for.',
    );
    assert.equal(
      compare(right, result('id name', ['1', 'a'], ['1', 'a'], ['2', 'b'])).message,
      'Right rows, but some come more often and some less often than asked for.',
    );
  });
  it('tells NULL from an empty string', () => assert.ok(!compare(result('a', [null]), result('a', [''])).passed));
  it('does not mix up cells', () =>
    assert.ok(
      !compare(result('a b', ['x', null]), result('a b', [null, 'x'])).passed &&
        !compare(result('a b', ['ab', 'c']), result('a b', ['a', 'bc'])).passed,
    ));
  it('tells the number of columns, and which is too many', () => {
    assert.match(compare(right, result('id', ['1'])).message, /has 1 column; 2 are asked for\.$/);
    assert.match(
      compare(right, result('id note name', ['1', 'x', 'a'])).message,
      /has 3 columns; 2 are asked for, without “note”\.$/,
    );
  });

  it('compares column names only where they are stated', () => {
    const renamed = result('id title', ...right.rows.map((row) => [...row]));
    assert.ok(compare(right, renamed).passed);
    assert.equal(
      compare(right, renamed, { columns: true }).message,
      'Column 2 is called “title”; “name” is asked for.',
    );
    assert.ok(compare(right, renamed, { columns: ['id', 'title'] }).passed);
  });

  it('compares types by category only where they are stated', () => {
    const numbers = result('a:int', ['1'], ['2']);
    assert.ok(compare(numbers, result('a', ['1'], ['2'])).passed);
    assert.ok(compare(numbers, result('a:numeric', ['1.0'], ['2']), { types: true }).passed);
    assert.equal(
      compare(numbers, result('a', ['1'], ['2']), { types: true }).message,
      'Column 1 (“a”) is text; a number is asked for.',
    );
  });
  it('says that a type differs where the rows do', () =>
    assert.equal(
      compare(result('d:date', ['2025-01-01']), result('d', ['1 January 2025'])).message,
      'The rows differ: 1 row missing, 1 row too many. Column 1 (“d”) is text; a date or time is asked for.',
    ));

  it('holds the stated order, and only that', () => {
    const expected = result('total id', ['9', '1'], ['5', '2'], ['5', '3']);
    const order = ['total desc'];
    assert.ok(compare(expected, result('total id', ['9', '1'], ['5', '3'], ['5', '2']), { order }).passed);
    const wrong = compare(expected, result('sum id', ['5', '2'], ['9', '1'], ['5', '3']), { order });
    assert.equal(wrong.message, 'Right rows, in the wrong order from row 1 on: sort by total desc.');
    assert.equal(wrong.seen, 'row 1: (5, 2)');
    assert.deepEqual(wrong.rows?.disorder, { row: 1, expected: ['9', '1'], seen: ['5', '2'], columns: [0] });
    assert.ok(!compare(expected, result('total id', ['9', '1'], ['5', '3'], ['5', '2']), { order: 'exact' }).passed);
  });
  it('reads the names of sort keys', () =>
    assert.deepEqual(['total desc', '"Total sum" asc', 'id', 'a nulls last', 'b DESC NULLS FIRST'].map(sortKeyName), [
      'total',
      'Total sum',
      'id',
      'a',
      'b',
    ]));
  it('says which key the solution does not have', () =>
    assert.throws(() => compare(right, right, { order: ['total desc'] }), /order names “total”, which is no column/));

  it('takes numbers of the same value, and texts as they are', () => {
    assert.ok(compare(result('a:numeric', ['1.50']), result('a:numeric', ['1.5'])).passed);
    assert.ok(!compare(result('a:numeric', ['1.50']), result('a:numeric', ['1.51'])).passed);
    assert.ok(!compare(result('a', ['1.50']), result('a', ['1.5'])).passed);
    assert.ok(compare(result('a:float', ['0.30000000000000004']), result('a:float', ['0.3'])).passed);
    assert.ok(compare(result('a:float', ['NaN'], ['Infinity']), result('a:float', ['Infinity'], ['NaN'])).passed);
  });
  it('takes numbers within the tolerance: absolute, a percentage, or of a column', () => {
    const row = (...cells: string[]) => result('id:int total:numeric', cells);
    assert.ok(compare(row('7', '1.50'), row('7', '1.51'), { tolerance: 0.01 }).passed);
    assert.ok(!compare(row('7', '1.50'), row('7', '1.52'), { tolerance: 0.01 }).passed);
    assert.ok(compare(row('7', '200'), row('7', '201.9'), { tolerance: '1 %' }).passed);
    assert.ok(
      !compare(row('700', '200'), row('701', '200'), { tolerance: '1 %' }).passed,
      'whole numbers are mostly keys',
    );
    assert.ok(compare(row('700', '200'), row('701', '200'), { tolerance: { id: 1 } }).passed);
    assert.throws(() => compare(row('7', '1'), row('7', '1'), { tolerance: { totl: 1 } }), /tolerance names “totl”/);
    assert.ok(!compare(result('a', ['x']), result('a', ['y']), { tolerance: 9 }).passed);
    assert.ok(!compare(result('a:numeric', [null]), result('a:numeric', ['0']), { tolerance: 9 }).passed);
  });
  it('gives each row its own partner', () => {
    const numbers = (...cells: string[]) => result('a:numeric b:numeric', ...cells.map((cell) => [cell, '1']));
    assert.ok(compare(numbers('1', '1.9', '2.8'), numbers('1.9', '2.8', '3.7'), { tolerance: { a: 0.9 } }).passed);
    assert.equal(compare(numbers('1', '2'), numbers('1.1', '1.2'), { tolerance: { a: 0.5 } }).rows?.missingCount, 1);
  });

  it('gives two different failures different behaviours, and equal ones the same', () => {
    const one = compare(right, result('id name', ['1', 'a'], ['3', 'c']));
    const other = compare(right, result('id name', ['2', 'b'], ['3', 'c']));
    assert.notEqual(one.behaviour, other.behaviour);
    assert.equal(
      one.behaviour,
      compare(right, result('x y', ['3', 'c'], ['1', 'a'])).behaviour,
      'order does not count',
    );
    const order: RowsExpectation['order'] = ['id'];
    assert.notEqual(
      compare(right, result('id name', ['1', 'a'], ['3', 'c']), { order }).behaviour,
      compare(right, result('id name', ['3', 'c'], ['1', 'a']), { order }).behaviour,
    );
  });

  it('tells nothing of hidden rows but their number and the kind', () => {
    const hidden = compareHidden(full({}), right, result('id name', ['1', 'a'], ['77', 'secret']));
    assert.equal(
      hidden.message,
      'Right on the data you see; on other data of the same kind 2 rows are missing, 1 row too many.',
    );
    assert.deepEqual([hidden.expected, hidden.seen, hidden.rows], [undefined, undefined, undefined]);
    assert.doesNotMatch(JSON.stringify(hidden), /secret|77/);
  });

  it('does not compare each row with each: 60,000 that all differ, near and far', function () {
    this.timeout(60_000);
    const rows = (shift: number) =>
      Array.from({ length: 60_000 }, (_, at): Cell[] => [String(at % 100), (at + shift).toFixed(3), '5']);
    const table = (shift: number) => ({ ...result('k:int a:numeric b:numeric'), rows: rows(shift) });
    assert.ok(compare(table(0), table(0.25), { tolerance: 0.5 }).passed);
    assert.equal(compare(table(0), table(0.75), { tolerance: 0.5 }).rows?.missingCount, 60_000);
    // everything lies within reach in one column, and nothing fits in the other
    const far = { ...table(0), rows: rows(0).map(([k = null, , b = null], at) => [k, String(at * 10), b]) };
    const flat = { ...far, rows: far.rows.map(([k = null, a = null]) => [k, a, '9']) };
    assert.ok(!compare(far, flat, { tolerance: { a: 1e9, b: 1 } }).passed);
  });
});

describe('canonicalNumber', () => {
  const equal: [string, string][] = [
    ['1.50', '1.5'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['+7', '7'],
    ['1e+20', '100000000000000000000'],
    ['1.5e-05', '0.000015'],
    ['.5', '0.5'],
    ['007', '7'],
    ['1e300', `1${'0'.repeat(300)}`],
    ['NaN', 'NaN'],
    ['-Infinity', '-Infinity'],
    ['', ''],
  ];
  for (const [text, number] of equal)
    it(`${text || 'nothing'} is ${number.slice(0, 30) || 'nothing'}`, () =>
      assert.equal(canonicalNumber(text), number));
});
