import assert from 'node:assert/strict';
import { loadSqlParser } from '../../../src/parser/loadSqlParser';
import type { SqlParser } from '../../../src/sql/parsed';
import { sqlParser } from './support/memoryCourse';

describe('the SQL parser', () => {
  let parse: SqlParser;
  before(async () => {
    parse = await sqlParser();
  });

  it('counts in UTF-16 units, errors as well as names', () => {
    const wrong = "SELECT 'ä😀' FROM a b c";
    assert.equal(parse(wrong).error?.offset, wrong.indexOf('c', 15));
    const right = "SELECT 'ä😀' FROM été";
    assert.deepEqual(parse(right).statements[0]?.relations, [{ name: 'été', offset: right.indexOf('été') }]);
  });

  it('tells what is read from what is made, and leaves out WITH’s names', () => {
    const read = (sql: string) =>
      parse(sql).statements.map(({ relations, creates }) => [
        relations.map(({ name }) => name),
        creates.map(({ name }) => name),
      ]);
    assert.deepEqual(read('WITH a AS (SELECT 1) SELECT * FROM a, orders'), [[['orders'], []]]);
    assert.deepEqual(read('CREATE TABLE t AS SELECT * FROM u; ALTER TABLE t RENAME TO v'), [
      [['u'], ['t']],
      [['t'], ['v']],
    ]);
    assert.deepEqual(read('CREATE FOREIGN TABLE f (a int) SERVER s; REINDEX INDEX i'), [
      [[], ['f']],
      [[], []],
    ]);
  });

  it('names columns where they can be told', () => {
    assert.deepEqual(parse('SELECT o.id, sum(x), y::int AS z FROM o').statements[0]?.columns, ['id', 'sum', 'z']);
    assert.equal(parse('SELECT * FROM o').statements[0]?.columns?.includes('*'), undefined);
    assert.equal(parse('SELECT 1 + 1').statements[0]?.columns, undefined);
  });

  it('takes what is nested beyond the stack, and goes on', () => {
    assert.deepEqual(parse(`SELECT 1${'+1'.repeat(100_000)}`).statements, []);
    assert.equal(parse('SELECT $3').statements[0]?.parameters, 3);
  });

  it('refuses bytes that are no parser', () => assert.rejects(loadSqlParser(new Uint8Array([1, 2, 3]))));
});
