import assert from 'node:assert/strict';
import { columnTerms, isEquality, isInList, isRange, sortKey, termsOf } from '../../../../src/plan/findings/conditions';
import { identifier } from '../../../../src/plan/findings/names';
import type { PlanNode } from '../../../../src/plan/model';
import { cpuMs } from './accessPlans';
import { allFixtures, planOf, seeded, sharedPlans } from '../fixtures';
import { readPlan } from '../../../../src/plan/read';

const scan = (alias = 't'): PlanNode =>
  planOf({ 'Node Type': 'Seq Scan', 'Relation Name': 't', Alias: alias }).nodes[0]!;

/** "column operator kind" of each term that is about a column. */
const read = (condition: string): string[] =>
  columnTerms(scan(), condition).map(({ column, operator, quantifier, other }) =>
    [column, operator, quantifier, other?.kind].filter((part) => part !== undefined).join(' '),
  );

describe('findings: conditions', () => {
  it('ANDed terms, with casts and literals', () => {
    assert.deepEqual(
      read(
        "((customer_id = 42) AND ((status)::text = 'it''s (AND) new'::text) AND (created >= '2024-01-01'::date) AND (total < '-1.5'::numeric))",
      ),
      ['customer_id = constant', 'status = constant', 'created >= constant', 'total < constant'],
    );
    const [term] = columnTerms(scan(), "((name)::text = 'it''s'::text)");
    assert.ok(term);
    assert.equal(term.cast, 'text');
    assert.deepEqual(term.other?.kind === 'constant' && [term.other.value, term.other.type], ["it's", 'text']);
  });

  it('types of several words', () => {
    assert.deepEqual(
      read(
        "((a > '2024-01-01 00:00:00'::timestamp(3) without time zone) AND (b = '1'::double precision) AND (c = 'N'::\"char\") AND (d = '1 mon'::interval year to month) AND (e = 'x'::character varying(20)) AND (f = '{1}'::integer[]) AND (g = 'x'::public.\"My Type\"))",
      ),
      ['a > constant', 'b = constant', 'c = constant', 'd = constant', 'e = constant', 'f = constant', 'g = constant'],
    );
  });

  it('lists, NULL, booleans, patterns', () => {
    assert.deepEqual(read("(id = ANY ('{1,2}'::integer[]))"), ['id = ANY constant']);
    assert.deepEqual(read('(id <> ALL (ARRAY[$1, $2]))'), ['id <> ALL parameter']);
    assert.deepEqual(read('((a IS NULL) AND (b IS NOT NULL) AND active AND (NOT done))'), [
      'a IS NULL',
      'b IS NOT NULL',
      'active IS TRUE',
      'done IS FALSE',
    ]);
    assert.deepEqual(read("(((a)::text ~~ 'x%'::text) AND (b !~~* 'y'::text))"), ['a ~~ constant', 'b !~~* constant']);
    assert.deepEqual(read('(a IS DISTINCT FROM 5)'), ['a IS DISTINCT FROM constant']);
  });

  it('a constant on the left is turned round', () => {
    assert.deepEqual(read('((5 < a) AND (7 = b) AND (1 >= c))'), ['a > constant', 'b = constant', 'c <= constant']);
    assert.deepEqual(read("('abc'::text ~~ pattern)"), []);
    assert.deepEqual(read('(5 = ANY (numbers))'), []);
  });

  it('parameters: what has one value while a scan runs', () => {
    assert.deepEqual(
      read(
        "((a = $1) AND (b = (InitPlan 1).col1) AND (c > (now() - '1 day'::interval)) AND (d = CURRENT_DATE) AND (e = (InitPlan minmax_1).col1))",
      ),
      ['a = parameter', 'b = parameter', 'c > parameter', 'd = parameter', 'e = parameter'],
    );
  });

  it('unknown: SubPlans and what changes with each call', () => {
    assert.deepEqual(
      read('((a = (SubPlan 1)) AND (b > random()) AND (hashed SubPlan 2) AND (NOT (hashed SubPlan 3)))'),
      [],
    );
    assert.deepEqual(read('((SubPlan 2) > 20)'), []);
    assert.deepEqual(
      termsOf('(NOT (hashed SubPlan 1))')?.map(({ operator }) => operator),
      ['NOT'],
    );
  });

  it('OR, CASE and rows are one term that says nothing', () => {
    assert.deepEqual(
      termsOf('((a = 1) OR (b = 2))')?.map(({ operator }) => operator),
      ['OR'],
    );
    assert.deepEqual(read("((CASE WHEN (a IS NULL) THEN b ELSE c END = 'N'::text) AND (d = 1))"), ['d = constant']);
    assert.deepEqual(read('(ROW(a, b) > ROW(1, 2))'), []);
    assert.deepEqual(read('(a OPERATOR(public.=) 5)'), []);
    assert.deepEqual(read('(a < b)'), []);
  });

  it('qualifiers: own, others', () => {
    const own = columnTerms(scan('o'), '((o.customer_id = c.id) AND (c.x = 4) AND ("Strange ""Col" = o2.y))');
    assert.deepEqual(
      own.map(({ column, other }) => [column, other?.kind]),
      [
        ['customer_id', 'column'],
        ['Strange "Col', 'column'],
      ],
    );
    assert.deepEqual(
      columnTerms(scan('c'), '(o.customer_id = c.id)').map(({ column, other }) => [column, other?.sql]),
      [['id', 'o.customer_id']],
    );
  });

  it('expressions name their function and columns, without qualifiers where an index wants them', () => {
    const left = (condition: string): unknown => {
      const side = termsOf(condition)?.[0]?.left;
      return side?.kind === 'expression'
        ? [side.call, side.bare, side.columns.map(({ name }) => name).join(), side.cast]
        : side?.kind;
    };
    assert.deepEqual(left("(lower(o.name) = 'x'::text)"), ['lower', 'lower(name)', 'name', undefined]);
    assert.deepEqual(left("((created)::date = '2024-01-01'::date)"), ['cast', '(created)::date', 'created', 'date']);
    assert.deepEqual(left("(date_trunc('month'::text, o.created) = $1)"), [
      'date_trunc',
      "date_trunc('month'::text, created)",
      'created',
      undefined,
    ]);
    assert.deepEqual(left("(EXTRACT(year FROM created) = '2024'::numeric)"), [
      'EXTRACT',
      'EXTRACT(year FROM created)',
      'created',
      undefined,
    ]);
    assert.deepEqual(left('((id + 5) = 9)'), ['operator', 'id + 5', 'id', undefined]);
    assert.deepEqual(left("((data ->> 'a'::text) = 'b'::text)"), ['operator', "data ->> 'a'::text", 'data', undefined]);
    assert.deepEqual(left("(public.norm(o.name) = 'x'::text)"), [undefined, 'public.norm(name)', 'name', undefined]);
    assert.deepEqual(left('((name COLLATE "C") > \'x\'::text)'), [undefined, 'name COLLATE "C"', 'name', undefined]);
  });

  it('equality, list, range', () => {
    const [a, b, c, d] = columnTerms(scan(), "((a = 1) AND (b = ANY ('{1}'::int[])) AND (c <= 3) AND (d <> 4))");
    assert.deepEqual(
      [a, b, c, d].map((term) => isEquality(term!)),
      [true, false, false, false],
    );
    assert.deepEqual(
      [a, b, c, d].map((term) => isInList(term!)),
      [false, true, false, false],
    );
    assert.deepEqual(
      [a, b, c, d].map((term) => isRange(term!)),
      [false, false, true, false],
    );
  });

  it('sort keys', () => {
    assert.deepEqual(
      ['created DESC NULLS LAST', 'o."Re ""g"', 'lower(name)', 'a NULLS FIRST'].map((key) => {
        const read = sortKey(key);
        return [read?.side.kind === 'column' ? read.side.column.name : read?.side.sql, read?.order];
      }),
      [
        ['created', 'DESC NULLS LAST'],
        ['Re "g', ''],
        ['lower(name)', ''],
        ['a', 'NULLS FIRST'],
      ],
    );
    assert.equal(sortKey('name COLLATE "de_DE"'), undefined);
    assert.equal(sortKey('a USING >>'), undefined);
  });

  it('names are quoted where PostgreSQL would', () => {
    assert.deepEqual(['orders', 'Order', 'order', 'a"b', 'größe', '1a', 'a$1', 'name'].map(identifier), [
      'orders',
      '"Order"',
      '"order"',
      '"a""b"',
      '"größe"',
      '"1a"',
      'a$1',
      'name',
    ]);
  });

  it('what is no expression is not read', () => {
    for (const text of ['((a = 1)', 'a = 1)', "(a = 'x)", '(a = §)', '("a = 1)'])
      assert.equal(termsOf(text), undefined, text);
    assert.deepEqual(termsOf('()'), []);
    assert.deepEqual(termsOf(''), []);
    assert.equal(termsOf('x'.repeat(200_000)), undefined);
  });

  it('any depth and any length in linear time', () => {
    const ms = cpuMs(() => {
      const deep = '('.repeat(40_000) + 'a = 1' + ')'.repeat(40_000);
      assert.equal(columnTerms(scan(), deep)[0]?.column, 'a');
      const nested = `${'('.repeat(7000)}(a = 1)${' AND (b = 2))'.repeat(6000)}${')'.repeat(1000)}`;
      assert.equal(termsOf(nested)?.length, 6001);
      assert.equal(termsOf(`(${Array.from({ length: 8000 }, () => '(a = 1)').join(' AND ')})`)?.length, 8000);
      termsOf(`(${'a '.repeat(45_000)})`);
      termsOf(`(x = ${'::text'.repeat(10_000)})`);
      termsOf(`(x)${'::text'.repeat(10_000)}`);
      termsOf(`'${"''".repeat(45_000)}`);
      termsOf(`(${'NOT '.repeat(20_000)}a)`);
    });
    assert.ok(ms < 2000, `${ms} ms`);
  }).timeout(60_000);

  it('never throws, on every condition there is and on mutations of them', () => {
    const random = seeded(7);
    let conditions = 0;
    for (const { text } of [...allFixtures(), ...(sharedPlans() ?? [])]) {
      for (const { properties } of readPlan(text).nodes) {
        for (const name of ['Filter', 'Index Cond', 'Recheck Cond', 'Join Filter', 'Hash Cond', 'Merge Cond']) {
          const condition = properties[name];
          if (typeof condition !== 'string') continue;
          conditions++;
          assert.notEqual(termsOf(condition), undefined, condition);
          for (let mutation = 0; mutation < 20; mutation++) {
            const at = Math.floor(random() * condition.length);
            const char = `()'":$ ,.[]=%ANDOR5`[Math.floor(random() * 19)] ?? '';
            termsOf(condition.slice(0, at) + char + condition.slice(at + Math.floor(random() * 3)));
          }
        }
      }
    }
    assert.ok(conditions > 200, `${conditions}`);
  }).timeout(60_000);
});
