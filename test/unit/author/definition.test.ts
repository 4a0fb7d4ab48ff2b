import assert from 'node:assert/strict';
import { meaningAt, relationNamed } from '../../../src/course/author/definition';
import { relationsOf } from '../../../src/course/author/relations';
import { atCursor } from './cursor';

function meaning(marked: string): string | undefined {
  const { text, offset } = atCursor(marked);
  const found = meaningAt('tutorials/01.md', text, offset);
  if (!found) return undefined;
  const word = text.slice(found.span.start, found.span.end);
  const to = found.what === 'exercise' ? `${found.path} ${found.id}` : found.name;
  return `${found.what} ${to} «${word}»`;
}

const exercise = (yaml: string): string => `\`\`\`yaml exercise\n${yaml}\n\`\`\`\n`;

describe('meaningAt', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['---\ndataset: sh|op\n---\n', 'dataset shop «shop»'],
    ['---\ntitle: sh|op\n---\n', undefined],
    [exercise('expect:\n  - plan:\n      reads: { or|ders: index }'), 'relation orders «orders»'],
    [exercise('expect:\n  - plan:\n      re|ads: { orders: index }'), undefined],
    [exercise('expect:\n  - index: or|ders (id)'), 'relation orders «orders»'],
    [exercise('expect:\n  - index: { table: "or|ders" }'), 'relation orders «orders»'],
    [
      exercise('expect:\n  - plan:\n      query: >-\n        SELECT 1\n        FROM or|ders'),
      'relation orders «orders»',
    ],
    ['```sql starter\nSELECT * FROM orders|\n```\n', 'relation orders «orders»'],
    ['```sql\nSELECT * FROM or|ders\n```\n', undefined],
    ['[x](#find|-it)', 'exercise tutorials/01.md find-it «find-it»'],
    ['[x](../a/02.md#|find-it)', 'exercise a/02.md find-it «find-it»'],
    ['or|ders', undefined],
  ];
  for (const [marked, expected] of cases)
    it(JSON.stringify(marked), () => {
      assert.equal(meaning(marked), expected);
    });
});

describe('relationsOf', () => {
  const relations = (sql: string): string[] =>
    relationsOf(sql).map(
      ({ name, kind, columns }) =>
        `${kind} ${name}(${columns.map(({ name: column, type }) => `${column}:${type}`).join()})`,
    );

  it('reads tables and their columns', () =>
    assert.deepEqual(
      relations(`
        -- CREATE TABLE not_this (a int);
        CREATE UNLOGGED TABLE IF NOT EXISTS sales.Orders (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          "Total, net" numeric(10,  2) NOT NULL DEFAULT 0 CHECK ("Total, net" >= 0),
          tags text[],
          at timestamp with time zone REFERENCES days (at),
          UNIQUE (id, at), CONSTRAINT c FOREIGN KEY (id) REFERENCES x (id), LIKE other INCLUDING ALL
        ) PARTITION BY RANGE (at);`),
      ['table orders(id:bigint,Total, net:numeric(10, 2),tags:text[],at:timestamp with time zone)'],
    ));

  it('reads views, and tables made of queries', () =>
    assert.deepEqual(
      relations(`CREATE OR REPLACE VIEW v (a, b) AS SELECT 1, 2; CREATE MATERIALIZED VIEW m AS SELECT 1;
        CREATE TABLE t AS SELECT 1 AS a; CREATE FUNCTION f() RETURNS int AS $$ CREATE TABLE no (a int) $$ LANGUAGE sql;`),
      ['view v(a:,b:)', 'materialized view m()', 'table t()'],
    ));

  it('reads what is half written', () => {
    assert.deepEqual(relations('CREATE TABLE orders (id int, tot'), ['table orders(id:int,tot:)']);
    assert.deepEqual(relations('CREATE TABLE a (id int; CREATE TABLE b (id int)'), [
      'table a(id:int)',
      'table b(id:int)',
    ]);
    assert.deepEqual(relations('CREATE TABLE'), []);
  });

  it('says where the name stands', () => {
    const sql = 'CREATE TABLE "a""b" ();';
    const [relation] = relationsOf(sql);
    assert.equal(relation?.name, 'a"b');
    assert.equal(sql.slice(relation.start, relation.end), '"a""b"');
  });

  it('folds names that are not quoted', () => {
    const list = relationsOf('CREATE TABLE orders (); CREATE TABLE "Mixed" ();');
    assert.equal(relationNamed('public.ORDERS', list)?.name, 'orders');
    assert.equal(relationNamed('Mixed', list)?.name, 'Mixed');
    assert.equal(relationNamed('mixed', list), undefined);
  });
});
