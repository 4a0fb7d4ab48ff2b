import assert from 'node:assert/strict';
import { moveCell } from '../../../src/webview/results/cells';
import { isNumber, oneLine, widthsInCharacters } from '../../../src/webview/results/columns';
import { toCsv } from '../../../src/webview/results/csv';
import { firstToShow, outcome } from '../../../src/webview/results/summary';
import type { ResultView } from '../../../src/shared/protocol';

const text = (name: string) => ({ name, type: 25 });
const int = (name: string) => ({ name, type: 23 });

describe('CSV', () => {
  it('has names, then rows, each ended by CR LF', () => {
    assert.equal(toCsv([int('id'), text('name')], [['1', 'Ada']]), 'id,name\r\n1,Ada\r\n');
  });

  it('quotes commas, quotes, line breaks and outer space', () => {
    assert.equal(
      toCsv([text('a')], [['x,y'], ['say "hi"'], ['one\ntwo'], [' x']]),
      'a\r\n"x,y"\r\n"say ""hi"""\r\n"one\ntwo"\r\n" x"\r\n',
    );
  });

  it('tells NULL from an empty text', () => {
    assert.equal(toCsv([text('a'), text('b')], [[null, '']]), 'a,b\r\n,""\r\n');
  });

  it('has the names where there are no rows', () => {
    assert.equal(toCsv([text('total "net"')], []), '"total ""net"""\r\n');
  });
});

describe('column widths', () => {
  it('fit name and values, between 5 and 44 characters', () => {
    const fields = [int('n'), text('customer_name'), text('long')];
    assert.deepEqual(widthsInCharacters(fields, [['1', 'Ada', 'x'.repeat(500)]]), [5, 13, 44]);
  });

  it('count wide characters twice, and NULL as its word', () => {
    assert.deepEqual(widthsInCharacters([text('a')], [['山田太郎']]), [8]);
    assert.deepEqual(widthsInCharacters([text('a')], [[null]]), [5]);
  });

  it('look at the first rows only', () => {
    const rows = Array.from({ length: 300 }, (_, row) => [row === 250 ? 'x'.repeat(40) : 'x']);
    assert.deepEqual(widthsInCharacters([text('a')], rows), [5]);
  });
});

describe('cells', () => {
  it('show one line', () => {
    assert.equal(oneLine('a\r\nb\nc\td'), 'a⏎b⏎c⇥d');
    assert.equal(oneLine('x'.repeat(10_000)).length, 400);
  });

  it('align numbers by type, not by look', () => {
    assert.deepEqual(
      [20, 21, 23, 26, 700, 701, 1700].map((type) => isNumber({ name: '', type })),
      Array(7).fill(true),
    );
    assert.equal(isNumber(text('zip')), false);
  });
});

describe('the selected cell', () => {
  const extent = { rows: 100, columns: 4, page: 8 };
  const at = { row: 50, column: 2 };
  const cases: [string, boolean, { row: number; column: number }][] = [
    ['ArrowUp', false, { row: 49, column: 2 }],
    ['ArrowDown', false, { row: 51, column: 2 }],
    ['ArrowLeft', false, { row: 50, column: 1 }],
    ['ArrowRight', false, { row: 50, column: 3 }],
    ['PageUp', false, { row: 42, column: 2 }],
    ['PageDown', false, { row: 58, column: 2 }],
    ['Home', false, { row: 50, column: 0 }],
    ['End', false, { row: 50, column: 3 }],
    ['Home', true, { row: 0, column: 0 }],
    ['End', true, { row: 99, column: 3 }],
    ['ArrowDown', true, { row: 99, column: 2 }],
  ];
  for (const [key, control, expected] of cases) {
    it(`${control ? 'Ctrl+' : ''}${key}`, () => assert.deepEqual(moveCell(at, key, control, extent), expected));
  }

  it('stays in the grid', () => {
    assert.deepEqual(moveCell({ row: 0, column: 0 }, 'ArrowUp', false, extent), { row: 0, column: 0 });
    assert.deepEqual(moveCell({ row: 97, column: 3 }, 'PageDown', false, extent), { row: 99, column: 3 });
  });

  it('leaves other keys alone', () => {
    assert.equal(moveCell(at, 'a', false, extent), undefined);
  });
});

describe('results in words', () => {
  const result = (over: Partial<ResultView>): ResultView => ({
    title: '',
    status: 'done',
    fields: [],
    rows: [],
    rowCount: null,
    truncated: false,
    notices: [],
    ...over,
  });

  it('count rows, or name the command', () => {
    assert.equal(outcome(result({ command: 'SELECT', fields: [int('a')], rows: [['1']], rowCount: 1 })), '1 row');
    assert.equal(outcome(result({ command: 'CREATE INDEX' })), 'CREATE INDEX');
    assert.equal(outcome(result({ command: 'INSERT', rowCount: 3 })), 'INSERT, 3 rows');
    assert.equal(
      outcome(result({ command: 'INSERT', fields: [int('id')], rows: [['1']], rowCount: 1 })),
      'INSERT, 1 row',
    );
    assert.equal(outcome(result({})), 'Done');
  });

  it('say that more rows exist', () => {
    const rows = Array.from({ length: 1000 }, () => ['1']);
    assert.equal(
      outcome(result({ command: 'SELECT', fields: [int('a')], rows, rowCount: 1000, truncated: true })),
      '1,000 rows, more exist',
    );
  });

  it('begin with what runs, what failed, the last rows, the last', () => {
    const rows = result({ fields: [int('a')] });
    assert.equal(firstToShow([rows, result({ status: 'error' }), result({ status: 'running' })]), 2);
    assert.equal(firstToShow([rows, result({ status: 'error' })]), 1);
    assert.equal(firstToShow([rows, rows, result({})]), 1);
    assert.equal(firstToShow([result({}), result({})]), 1);
  });
});
