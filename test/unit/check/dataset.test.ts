import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseDataset } from '../../../src/course/dataset';

describe('parseDataset', () => {
  it('fills parameters in as psql does', () => {
    const { sql, problems } = parseDataset(
      "\\set rows 10\n\\set name 'O''Neill''s'\n\\set double :rows:rows\nSELECT :rows, :'name', :\"rows\", x::rows, ':rows', \":rows\", $$:x$$ -- :rows\n, a[1:2], :unknown, :double;",
    );
    assert.equal(
      sql,
      "-- \\set rows 10\n-- \\set name 'O''Neill''s'\n-- \\set double :rows:rows\nSELECT 10, 'O''Neill''s', \"10\", x::rows, ':rows', \":rows\", $$:x$$ -- :rows\n, a[1:2], :unknown, 1010;",
    );
    assert.deepEqual(problems, []);
  });
  it('casts a parameter', () =>
    assert.match(parseDataset('\\set n 5\nSELECT 1 / :n::numeric').sql, /SELECT 1 \/ 5::numeric$/));
  it('writes a backslash as libpq does', () =>
    assert.match(parseDataset("\\set p 'a\\\\b'\nSELECT :'p'").sql, /SELECT {2}E'a\\\\b'$/));

  it('makes the variant with its own values, and the rest as they are', () => {
    const { sql, variant } = parseDataset(
      "-- Shop.\n-- variant rows=3 name='two words'\n\\set rows 10\n\\set seed 1\n\\set name x\nSELECT :rows, :seed, :'name'",
    );
    assert.match(sql, /SELECT 10, 1, 'x'$/);
    assert.match(variant!, /SELECT 3, 1, 'two words'$/);
  });
  it('has no variant where none is declared', () => {
    assert.equal(parseDataset('-- variants are nice\nSELECT 1').variant, undefined);
    assert.equal(parseDataset('SELECT 1;\n-- variant rows=3').variant, undefined);
  });

  const problems: [string, string, number][] = [
    ['-- variant rows=3\nSELECT 1', 'The variant sets “rows”, which is no parameter', 0],
    ['\\set a-b 3\nSELECT 1', 'A parameter is such as', 0],
    ['SELECT 1;\n\\set a 3', 'Put \\set lines at the top', 1],
    ['SELECT 1;\n\\copy t FROM x', '\\copy is psql’s', 1],
    [
      '\\set a 3\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT :a $$',
      '“:a” inside quotes is not replaced',
      1,
    ],
    ['\\set a 3\n-- variant a=1\n-- variant a=2\nSELECT :a', 'one hidden variant', 2],
  ];
  for (const [text, message, line] of problems) {
    it(`says of ${JSON.stringify(text)}: ${message}`, () => {
      const [found] = parseDataset(text).problems;
      assert.ok(found?.message.includes(message), found?.message);
      assert.equal(found?.range.startLine, line);
    });
  }
  it('points at the very place', () =>
    assert.deepEqual(parseDataset('\\set a 3\nDO $$ x :a $$').problems[0]?.range, {
      startLine: 1,
      startCharacter: 8,
      endLine: 1,
      endCharacter: 10,
    }));

  it('reads the shipped data set, whose variant is small', () => {
    const {
      sql,
      variant,
      problems: found,
    } = parseDataset(readFileSync('lessons/postgres-optimization/datasets/shop.sql', 'utf8'));
    assert.deepEqual(found, []);
    assert.match(sql, /generate_series\(1, 200000\) AS id/);
    assert.match(variant!, /generate_series\(1, \d{3,4}\) AS id/);
    assert.doesNotMatch(variant!, /[^:]:[a-z]/i);
  });
});
