import assert from 'node:assert/strict';
import { compareRows } from '../../../src/check/kinds/rows';
import type { RowsExpectation } from '../../../src/course/schema';
import type { Cell, Result } from '../../../src/sql/session';

const result = (columns: string, ...rows: Cell[][]): Result => ({
  command: 'SELECT',
  fields: columns.split(' ').map((name) => ({ name, type: 25 })),
  rows,
  rowCount: rows.length,
  truncated: false,
  durationMs: 1,
});
const compare = (expected: Result, seen: Result, options: Partial<RowsExpectation> = {}) =>
  compareRows({ columns: false, tolerance: 0, ...options }, expected, seen);
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
  it('counts duplicates', () => {
    assert.equal(compare(right, result('id name', ['1', 'a'], ['2', 'b'])).message, 'The rows differ: 1 row missing.');
    assert.equal(
      compare(right, result('id name', ['1', 'a'], ['1', 'a'], ['2', 'b'], ['2', 'b'])).message,
      'Right rows, but some come more than once.',
    );
  });
  it('tells NULL from an empty string', () => assert.ok(!compare(result('a', [null]), result('a', [''])).passed));
  it('tells the number of columns', () =>
    assert.match(compare(right, result('id', ['1'])).message, /has 1 column; 2 are asked for/));

  it('compares column names only where they are stated', () => {
    const renamed = result('id title', ...right.rows.map((row) => [...row]));
    assert.ok(compare(right, renamed).passed);
    assert.match(compare(right, renamed, { columns: true }).message, /other names/);
  });

  it('holds the stated order, and only that', () => {
    const expected = result('total id', ['9', '1'], ['5', '2'], ['5', '3']);
    assert.ok(
      compare(expected, result('total id', ['9', '1'], ['5', '3'], ['5', '2']), { order: ['total desc'] }).passed,
    );
    const wrong = compare(expected, result('total id', ['5', '2'], ['9', '1'], ['5', '3']), { order: ['total desc'] });
    assert.equal(wrong.message, 'Right rows, in the wrong order: sort by total desc.');
    assert.equal(wrong.seen, 'row 1: (5, 2)');
  });

  it('takes numbers of the same value, and within the tolerance', () => {
    assert.ok(compare(result('a', ['1.50']), result('a', ['1.5'])).passed);
    assert.ok(!compare(result('a', ['1.50']), result('a', ['1.51'])).passed);
    assert.ok(compare(result('a b', ['x', '1.50']), result('a b', ['x', '1.51']), { tolerance: 0.011 }).passed);
    assert.ok(!compare(result('a', ['x']), result('a', ['y']), { tolerance: 9 }).passed);
  });

  it('gives two different failures different behaviours, and equal ones the same', () => {
    const one = compare(right, result('id name', ['1', 'a']));
    const other = compare(right, result('id name', ['2', 'b']));
    assert.notEqual(one.behaviour, other.behaviour);
    assert.equal(one.behaviour, compare(right, result('id name', ['1', 'a'])).behaviour);
  });
});
