import assert from 'node:assert/strict';
import { isExplainable, isQuery, mayWrite, statementAt, statements, statementTitle } from '../../../src/sql/statements';

const texts = (sql: string): string[] => statements(sql).map((statement) => statement.text);

describe('statements', () => {
  it('splits at semicolons and leaves them and comments around out', () => {
    assert.deepEqual(texts('-- first;\nSELECT 1; /* a ; b */ SELECT 2 -- end;\n;;'), ['SELECT 1', 'SELECT 2']);
  });

  it('gives offsets into the text', () => {
    const sql = '-- 😀\n  SELECT 1 ;\nSELECT 2';
    for (const { start, text } of statements(sql)) assert.equal(sql.slice(start, start + text.length), text);
    assert.deepEqual(
      statements(sql).map(({ end }) => sql.slice(0, end).at(-1)),
      [';', '2'],
    );
  });

  const whole: Record<string, string> = {
    'a quoted string': "SELECT 'a;''b;'",
    'an escape string': "SELECT E'a\\';b'",
    'a standard string, where a backslash is itself': "SELECT 'a\\'",
    'a Unicode string': "SELECT U&'d\\0061t;a'",
    'a quoted identifier': 'SELECT ";""x;"',
    'a Unicode identifier': 'SELECT U&";"',
    'dollar quotes': 'DO $$ BEGIN a; END $$',
    'tagged dollar quotes': 'DO $body$ a; $$ ; $$ $body$',
    'dollar quotes behind a parameter': 'SELECT $1, $$;$$',
    'nested comments': 'SELECT /* ; /* ; */ ; */ 1',
    parentheses: 'CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)',
    'a body in BEGIN ATOMIC':
      'CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END',
    'an identifier with a dollar': 'SELECT a$b$c;'.slice(0, -1),
  };
  for (const [what, sql] of Object.entries(whole)) {
    it(`keeps ${what} whole`, () => assert.deepEqual(texts(`${sql};SELECT 2`), [sql, 'SELECT 2']));
  }

  it('keeps BEGIN and END of transactions apart', () => {
    assert.deepEqual(texts('BEGIN; SELECT 1; END; SELECT 2'), ['BEGIN', 'SELECT 1', 'END', 'SELECT 2']);
  });

  it('ends an unclosed quote or comment with the text', () => {
    assert.deepEqual(texts("SELECT 1; SELECT 'a; b"), ['SELECT 1', "SELECT 'a; b"]);
    assert.deepEqual(texts('SELECT 1; /* a; b'), ['SELECT 1']);
    assert.deepEqual(texts('SELECT 1; DO $x$ a; $$'), ['SELECT 1', 'DO $x$ a; $$']);
  });

  it('finds nothing in blanks and comments', () => assert.deepEqual(texts(' \n-- a\n/* b */;'), []));

  it('does not throw on any text', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    const parts = [
      "'",
      '"',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      ';',
      '(',
      ')',
      '\n',
      'E',
      'U&',
      '\\',
      'a',
      '1',
      '$1',
      '😀',
      ' ',
    ];
    for (let run = 0; run < 3000; run++) {
      const sql = Array.from({ length: random(30) }, () => parts[random(parts.length)]).join('');
      for (const { start, end, text } of statements(sql))
        assert.ok(start < end && sql.slice(start, end).startsWith(text), sql);
    }
  });
});

describe('statementAt', () => {
  const sql = 'SELECT 1; SELECT 2;\n\n-- about three\nSELECT 3\n';
  const at = (marker: string, after = 0): string | undefined => statementAt(sql, sql.indexOf(marker) + after)?.text;

  it('takes the one around the cursor', () => {
    assert.equal(at('SELECT 1', 3), 'SELECT 1');
    assert.equal(at('SELECT 2', 3), 'SELECT 2');
  });
  it('stays with a statement right behind its semicolon', () => {
    assert.equal(at('SELECT 1;', 9), 'SELECT 1');
    assert.equal(at('SELECT 2;', 9), 'SELECT 2');
  });
  it('takes the next one from blanks and comments before it', () => assert.equal(at('-- about', 2), 'SELECT 3'));
  it('takes the last one from behind it', () => assert.equal(statementAt(sql, sql.length)?.text, 'SELECT 3'));
  it('finds none where there is none', () => assert.equal(statementAt('-- nothing', 3), undefined));
});

describe('kinds of statements', () => {
  const one = (sql: string) => statements(sql)[0]!;

  it('knows what EXPLAIN takes', () => {
    for (const sql of [
      'SELECT 1',
      'with a as (select 1) select * from a',
      'VALUES (1)',
      '(SELECT 1)',
      'UPDATE t SET a = 1',
      'CREATE TABLE t AS SELECT 1',
      'CREATE TEMP TABLE t AS SELECT 1',
      'REFRESH MATERIALIZED VIEW v',
    ]) {
      assert.ok(isExplainable(one(sql)), sql);
    }
    for (const sql of [
      'CREATE TABLE t (a int)',
      'CREATE INDEX ON t (a)',
      'BEGIN',
      'SET a = 1',
      'EXPLAIN SELECT 1',
      'VACUUM',
    ])
      assert.ok(!isExplainable(one(sql)), sql);
  });

  it('knows what may write', () => {
    for (const sql of [
      'INSERT INTO t VALUES (1)',
      'WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a',
      'SELECT 1 INTO t',
      'CREATE INDEX ON t (a)',
      'EXPLAIN ANALYZE UPDATE t SET a = 1',
      'VACUUM',
      'SET a = 1',
    ]) {
      assert.ok(mayWrite(one(sql)), sql);
    }
    for (const sql of [
      'SELECT 1',
      "SELECT 'delete into'",
      'SHOW work_mem',
      'EXPLAIN UPDATE t SET a = 1',
      'EXPLAIN ANALYZE SELECT 1',
      'TABLE t',
    ])
      assert.ok(!mayWrite(one(sql)), sql);
  });

  it('knows what asks for rows', () => {
    assert.ok(isQuery(one('(SELECT 1) UNION SELECT 2')));
    assert.ok(!isQuery(one('CREATE INDEX ON t (a)')));
  });

  it('makes a title of one line', () => {
    assert.equal(statementTitle('SELECT  a,\n   b\nFROM t'), 'SELECT a, b FROM t');
    assert.equal(statementTitle('SELECT abcdefgh', 10), 'SELECT ab…');
  });
});
