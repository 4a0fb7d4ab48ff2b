import assert from 'node:assert/strict';
import { findingsOf } from '../../../../src/plan/findings';
import { ACCESS_RULES } from '../../../../src/plan/findings/rules/accessRules';
import type { Plan } from '../../../../src/plan/model';
import { readPlan } from '../../../../src/plan/read';
import { fixture, fixtureText } from '../fixtures';
import { capture, captureText, foundBy, planText, ran, scanOf } from './accessPlans';

/** The SQL of the first fix that has some. */
const sqlOf = (id: string, plan: Plan): string | undefined =>
  foundBy(id, plan)[0]?.fixes.find(({ sql }) => sql !== undefined)?.sql;

const messageOf = (id: string, plan: Plan): string | undefined => foundBy(id, plan)[0]?.message;

const shareOf = (id: string, plan: Plan): number => foundBy(id, plan)[0]?.shareOfTime ?? NaN;

const silent = (id: string, ...plans: Plan[]): void => {
  for (const [place, plan] of plans.entries())
    assert.deepEqual(
      foundBy(id, plan).map(({ message }) => message),
      [],
      `plan ${place}`,
    );
};

/** Of 10 ms and 100 blocks, unless told otherwise. */
const scan = (properties: object): Plan => readPlan(planText(scanOf(properties), 10));

const bitmapOr = (ms: number, ...conditions: string[]): Plan =>
  readPlan(
    planText(
      scanOf({
        'Node Type': 'Bitmap Heap Scan',
        Plans: [
          {
            'Node Type': 'BitmapOr',
            'Parent Relationship': 'Outer',
            ...ran(ms, 0, 20),
            Plans: conditions.map((condition, i) => ({
              'Node Type': 'Bitmap Index Scan',
              'Parent Relationship': 'Member',
              'Index Name': `t_${i}`,
              'Index Cond': condition,
              ...ran(ms / conditions.length, 50, 10),
            })),
          },
        ],
      }),
      10,
    ),
  );

/** LIMIT 10 above a sort of 10,000 rows. */
const topN = (key: readonly string[], properties: object = {}, rows = 10_000): Plan =>
  readPlan(
    planText(
      {
        'Node Type': 'Limit',
        ...ran(10, 10, 100),
        Plans: [
          {
            'Node Type': 'Sort',
            'Parent Relationship': 'Outer',
            'Sort Key': key,
            'Sort Method': 'top-N heapsort',
            'Sort Space Type': 'Memory',
            ...ran(10, 10, 100),
            Plans: [scanOf({ ...ran(6, rows, 100), ...properties })],
          },
        ],
      },
      10,
    ),
  );

const indexOnly = (rows: number, fetches: number): Plan =>
  scan({
    'Node Type': 'Index Only Scan',
    'Index Name': 't_pkey',
    'Index Cond': '(id > 5)',
    'Heap Fetches': fetches,
    ...ran(10, rows, 100),
  });

/** A table of 400,000 rows in 3,400 blocks, joined to `matched` rows of another, as PostgreSQL 15 plans it without an index. */
const hashJoin = (matched: number, planned = matched, properties: object = {}): string =>
  planText(
    {
      'Node Type': 'Hash Join',
      'Join Type': 'Inner',
      'Hash Cond': '(o.customer_id = c.id)',
      ...ran(50, 8, 3500),
      Plans: [
        scanOf({ 'Relation Name': 'orders', Alias: 'o', ...ran(40, 400_000, 3400), ...properties }),
        {
          'Node Type': 'Hash',
          'Parent Relationship': 'Inner',
          ...ran(4, matched, 100),
          Plans: [scanOf({ 'Relation Name': 'customers', Alias: 'c', ...ran(4, matched, 100), 'Plan Rows': planned })],
        },
      ],
    },
    50,
  );

/** Plans on which each rule speaks. */
const SPEAKS: Readonly<Record<string, () => string>> = {
  'seq-scan-filters': () => fixtureText('pg15', 'seq-scan'),
  'join-inner-without-index': () => captureText('join-materialized'),
  'hash-join-without-index': () => hashJoin(1),
  'top-n-without-index': () => fixtureText('pg15', 'top-n'),
  'order-by-limit-wrong-index': () => captureText('order-by-limit-wrong-index'),
  'index-filter': () => captureText('index-filter'),
  'low-index-selectivity': () => captureText('index-recheck'),
  'index-scan-then-sort': () => captureText('incremental-spill'),
  'function-on-column': () => captureText('function-lower'),
  'leading-wildcard': () => captureText('leading-wildcard'),
  'contains-without-index': () => captureText('contains-jsonb'),
  'impossible-index-condition': () => captureText('impossible-filter'),
  'bitmap-and': () => captureText('bitmap-and'),
  'lossy-bitmap': () => captureText('lossy-bitmap'),
  'heap-fetches': () => captureText('heap-fetches'),
  'buffers-per-row': () => captureText('bloated-seq'),
  'sort-spills': () => fixtureText('pg15', 'sort-spill'),
  'hash-spills': () => fixtureText('pg15', 'hash-spill'),
  'hash-aggregate-spills': () => fixtureText('pg15', 'hash-aggregate-spill'),
  'temp-blocks': () => captureText('materialize-temp'),
};

describe('findings: access', () => {
  it('each rule speaks on a plan of PostgreSQL (or, for OR, on what it prints)', () => {
    for (const { id } of ACCESS_RULES) {
      const text = SPEAKS[id]?.();
      const plan = text === undefined ? bitmapOr(5, '(a = 1)', '(b = 2)') : readPlan(text);
      const [finding] = foundBy(id, plan);
      assert.ok(finding, id);
      assert.ok(
        finding.evidence.every(({ name, value }) => name !== '' && value !== ''),
        id,
      );
      assert.ok((finding.shareOfTime ?? 0) > 0 && finding.fixes.length > 0 && finding.doubt !== '', id);
    }
  });

  it('each is silent where the plan has no time nor blocks to save', () => {
    for (const [id, text] of Object.entries(SPEAKS)) {
      const still = JSON.parse(text(), (key, value: unknown) =>
        /^Actual (?:Total|Startup) Time$/.test(key)
          ? 0
          : / Blocks$/.test(key) && !key.includes('Heap')
            ? undefined
            : value,
      ) as unknown;
      silent(id, readPlan(JSON.stringify(still)));
    }
  });

  it('each is silent within the error bar: a million loops of 0 ms are 0 ± 500 ms', () => {
    for (const [id, text] of Object.entries(SPEAKS)) {
      const rounded = JSON.parse(text(), (key, value: unknown) => {
        if (key === 'Actual Loops') return 1_000_000;
        if (key === 'Actual Total Time' || key === 'Execution Time') return key === 'Execution Time' ? 500 : 0;
        return / Blocks$/.test(key) && !key.includes('Heap') ? undefined : value;
      }) as unknown;
      silent(id, readPlan(JSON.stringify(rounded)));
    }
  });

  it('all are silent without ANALYZE', () => {
    for (const plan of [capture('estimate-only'), fixture('pg15', 'no-analyze')])
      for (const { id } of ACCESS_RULES) silent(id, plan);
  });

  describe('seq-scan-filters', () => {
    const id = 'seq-scan-filters';
    it('numbers, the share that was thrown away, and the index', () => {
      const plan = fixture('pg15', 'seq-scan');
      assert.equal(messageOf(id, plan), 'Read 40,000 rows of orders to keep 405.');
      assert.ok(Math.abs(shareOf(id, plan) - (24.986 / 25.028) * (39_595 / 40_000)) < 0.001);
      assert.deepEqual(foundBy(id, plan)[0]?.fixes[0]?.index, {
        schema: undefined,
        table: 'orders',
        columns: ['total'],
      });
      assert.equal(sqlOf(id, plan), 'CREATE INDEX ON orders (total);');
    });
    it('equalities first, then one range; what is computed is left out', () => {
      assert.equal(sqlOf(id, capture('seq-scan-composite')), 'CREATE INDEX ON events (kind, note, created);');
      const [finding] = foundBy(id, capture('seq-scan-composite'));
      assert.match(finding?.fixes[0]?.text ?? '', /first 2 columns may stand in any order/);
    });
    it('the order of a sort above, where no range is in the way', () => {
      assert.equal(sqlOf(id, capture('seq-scan-order')), 'CREATE INDEX ON events (kind, note);');
    });
    it('not behind a list, which has no order', () => {
      const sorted = (filter: string): Plan =>
        readPlan(
          planText(
            {
              'Node Type': 'Sort',
              'Sort Key': ['b'],
              ...ran(10, 90, 100),
              Plans: [scanOf({ Filter: filter, 'Rows Removed by Filter': 900, ...ran(10, 90, 100) })],
            },
            10,
          ),
        );
      assert.equal(sqlOf(id, sorted("(a = ANY ('{1,2}'::integer[]))")), 'CREATE INDEX ON t (a);');
      assert.equal(sqlOf(id, sorted('(a = 1)')), 'CREATE INDEX ON t (a, b);');
    });
    it('booleans and NULL become a predicate', () => {
      assert.equal(sqlOf(id, capture('seq-scan-boolean')), 'CREATE INDEX ON events (active) WHERE active;');
      assert.equal(
        sqlOf(id, capture('seq-scan-deleted')),
        'CREATE INDEX ON events (kind) WHERE deleted IS NULL AND NOT active;',
      );
    });
    it('a pattern with a known start', () => {
      assert.equal(sqlOf(id, capture('seq-scan-prefix')), 'CREATE INDEX ON events (note text_pattern_ops);');
    });
    it('VERBOSE: own columns are qualified, the table has its schema', () => {
      assert.equal(sqlOf(id, capture('verbose-qualified')), 'CREATE INDEX ON public.events (note, kind);');
    });
    it('names are quoted', () => {
      const plan = scan({
        Schema: 'My "s"',
        'Relation Name': 'order',
        Filter: '("user" = 1)',
        'Rows Removed by Filter': 1001,
      });
      assert.equal(sqlOf(id, plan), 'CREATE INDEX ON "My ""s"""."order" ("user");');
      assert.deepEqual(foundBy(id, plan)[0]?.fixes[0]?.index?.table, 'order');
    });
    it('by buffers where the plan has no times', () => {
      const [finding] = foundBy(id, capture('timing-off'));
      assert.equal(finding?.shareOfTime, undefined);
      assert.ok((finding?.shareOfBuffers ?? 0) > 0.9);
    });
    it('a small table read again and again counts', () => {
      assert.equal(sqlOf(id, capture('correlated')), 'CREATE INDEX ON accounts ("Region", id);');
      assert.match(messageOf(id, capture('correlated')) ?? '', /in 400 runs/);
    });
    it('silent: few rows removed, a small table, nothing to index, a system table, what other rules say', () => {
      silent(
        id,
        scan({ Filter: '(a = 1)', 'Rows Removed by Filter': 900, ...ran(10, 5, 3) }),
        scan({ Filter: '(a <> 1)', 'Rows Removed by Filter': 2000 }),
        scan({ Filter: '(a > b)', 'Rows Removed by Filter': 2000 }),
        scan({ Filter: '(a > (SubPlan 1))', 'Rows Removed by Filter': 2000 }),
        scan({ Filter: '((a = 1) OR (b = 1))', 'Rows Removed by Filter': 2000 }),
        scan({ 'Relation Name': 'pg_class', Filter: '(a = 1)', 'Rows Removed by Filter': 2000 }),
        capture('top-n-equal'),
        capture('join-lateral'),
      );
      const kept = (rows: number, removed: number): Plan =>
        scan({ Filter: '(a = 1)', 'Rows Removed by Filter': removed, ...ran(10, rows, 100) });
      silent(id, kept(99, 198));
      assert.equal(foundBy(id, kept(99, 199)).length, 1);
    });
    it('silent where an index would read as many blocks, unless it spares comparing many rows', () => {
      const kept = (removed: number): Plan => scan({ Filter: '(a = 1)', 'Rows Removed by Filter': removed });
      silent(id, kept(1000), capture('top-n-filter'));
      assert.match(foundBy(id, kept(1001))[0]?.doubt ?? '', /spares comparing rows and no reads/);
      assert.match(foundBy(id, capture('seq-scan-boolean'))[0]?.doubt ?? '', /scattered/);
    });
    it('silent where rounding could have made the rows: 0 of each loop may be nearly half a row', () => {
      const looped = (removed: number): Plan =>
        scan({ Filter: '(a = 1)', 'Rows Removed by Filter': removed, ...ran(0.01, 0, 5000, 1000) });
      silent(id, looped(1));
      assert.equal(foundBy(id, looped(9)).length, 1);
    });
  });

  describe('join-inner-without-index', () => {
    const id = 'join-inner-without-index';
    it('the column that the join compares, in its filter or the inner scan’s', () => {
      assert.equal(sqlOf(id, capture('join-materialized')), 'CREATE INDEX ON accounts (id);');
      assert.equal(sqlOf(id, capture('join-lateral')), 'CREATE INDEX ON accounts ("Region", id);');
      assert.equal(sqlOf(id, capture('join-inner')), 'CREATE INDEX ON accounts ("Region");');
      assert.match(messageOf(id, capture('join-materialized')) ?? '', /400 times.* 159,600 rows away/);
    });
    it('silent: few runs, an index already, no comparison, most rows kept', () => {
      const join = (loops: number, filter: string, inner: object = {}, removed = 9000): Plan =>
        readPlan(
          planText(
            {
              'Node Type': 'Nested Loop',
              'Join Filter': filter,
              'Rows Removed by Join Filter': removed,
              ...ran(10, 100, 100),
              Plans: [
                scanOf({ Alias: 'o', ...ran(1, loops, 10) }),
                scanOf({ 'Parent Relationship': 'Inner', ...ran(0.5, 100, 90, loops), ...inner }),
              ],
            },
            10,
          ),
        );
      assert.equal(foundBy(id, join(10, '(t.a = o.b)')).length, 1);
      silent(
        id,
        join(9, '(t.a = o.b)'),
        join(10, '(t.a = o.b)', { 'Node Type': 'Index Scan', 'Index Name': 'i' }),
        join(10, '(t.a <> o.b)'),
        join(10, '(t.a = 5)'),
        join(10, '(t.a = o.b)', {}, 50),
      );
    });
  });

  describe('top-n-without-index', () => {
    const id = 'top-n-without-index';
    it('equalities, then the order of the Sort Key', () => {
      assert.equal(sqlOf(id, fixture('pg15', 'top-n')), 'CREATE INDEX ON orders (total);');
      assert.equal(sqlOf(id, capture('top-n-equal')), 'CREATE INDEX ON events (kind, deleted DESC NULLS LAST, id);');
      assert.equal(sqlOf(id, topN(['a DESC', 't.b'], { Filter: '(c = 1)' })), 'CREATE INDEX ON t (c, a DESC, b);');
      assert.equal(messageOf(id, topN(['a'])), 'Read and sorted 10,000 rows of t for the first 10 rows.');
    });
    it('below a Gather Merge and in a lateral join', () => {
      assert.equal(sqlOf(id, fixture('pg15', 'parallel-gather-merge')), 'CREATE INDEX ON lines (quantity, product);');
      assert.equal(sqlOf(id, fixture('pg15', 'lateral')), 'CREATE INDEX ON orders (customer_id, created);');
    });
    it('doubts where a filter decides how far the index is read, and is silent where that is too far', () => {
      const filtered = (rows: number, removed: number, filter = '(a > b)'): Plan =>
        topN(['a'], { Filter: filter, 'Rows Removed by Filter': removed }, rows);
      const [finding] = foundBy(id, filtered(1000, 9000));
      assert.match(finding?.message ?? '', /the filter, which keeps 10 %, throws rows away: about 100 rows\.$/);
      assert.match(finding?.doubt ?? '', /slower than this plan/);
      silent(id, filtered(1000, 9001));
      assert.doesNotMatch(
        foundBy(id, filtered(1000, 90_000, '(c = 1)'))[0]?.doubt ?? '',
        /than this plan/,
        'the index decides it',
      );
      assert.doesNotMatch(foundBy(id, topN(['a']))[0]?.message ?? '', /filter/);
    });
    it('silent: an expression, another table’s column, nearly all rows taken', () => {
      silent(id, topN(['lower(a)']), topN(['o.a']), topN(['a'], {}, 99), capture('top-n-filter'), capture('sort-fits'));
      assert.equal(foundBy(id, topN(['a'], {}, 100)).length, 1);
    });
  });

  describe('order-by-limit-wrong-index', () => {
    const id = 'order-by-limit-wrong-index';
    it('indexes what the filter compares', () => {
      const plan = capture('order-by-limit-wrong-index');
      assert.equal(sqlOf(id, plan), 'CREATE INDEX ON events (account, kind);');
      assert.match(messageOf(id, plan) ?? '', /^Read 60,000 rows in the order of events_created_idx to find 50/);
    });
    it('silent: found early, an index condition, no LIMIT', () => {
      const below = (kind: string, properties: object): Plan =>
        readPlan(
          planText(
            {
              'Node Type': kind,
              ...ran(10, 5, 100),
              Plans: [
                scanOf({
                  'Node Type': 'Index Scan',
                  'Index Name': 'i',
                  Filter: '(a = 1)',
                  'Rows Removed by Filter': 900,
                  ...ran(10, 5, 100),
                  ...properties,
                }),
              ],
            },
            10,
          ),
        );
      assert.equal(foundBy(id, below('Limit', {})).length, 1);
      silent(
        id,
        capture('order-by-limit-good'),
        below('Limit', { 'Index Cond': '(b > 1)' }),
        below('Limit', { 'Rows Removed by Filter': 50 }),
        below('Sort', {}),
      );
    });
  });

  describe('index-filter', () => {
    const id = 'index-filter';
    it('the columns of both conditions, for index and bitmap scans', () => {
      for (const name of ['index-filter', 'index-filter-plain']) {
        assert.equal(sqlOf(id, capture(name)), 'CREATE INDEX ON events (account, kind, note);');
        assert.equal(messageOf(id, capture(name)), 'events_account_idx gave 150 rows, and the filter kept 5.');
      }
    });
    it('silent: the filter keeps much, or no index could hold it', () => {
      silent(
        id,
        scan({ 'Node Type': 'Index Scan', 'Index Cond': '(a = 1)', Filter: '(b = 1)', 'Rows Removed by Filter': 200 }),
        capture('index-filter-other'),
        capture('index-low-selectivity'),
        capture('order-by-limit-wrong-index'),
      );
    });
  });

  describe('low-index-selectivity', () => {
    const id = 'low-index-selectivity';
    it('by a filter or by the recheck', () => {
      assert.match(messageOf(id, capture('index-low-selectivity')) ?? '', /^The index gave 150 rows; the filter kept/);
      assert.equal(
        messageOf(id, capture('index-recheck')),
        'The index gave 6,000 rows; the check against the table kept 12.',
      );
    });
    it('silent: what other rules say, a lossy bitmap', () => {
      silent(
        id,
        capture('index-filter'),
        capture('index-filter-other'),
        capture('lossy-bitmap'),
        capture('exact-bitmap'),
      );
    });
  });

  describe('index-scan-then-sort', () => {
    const id = 'index-scan-then-sort';
    const sorted = (condition: string, key: readonly string[], method = 'Sort'): Plan =>
      readPlan(
        planText(
          {
            'Node Type': method,
            'Sort Key': key,
            'Presorted Key': ['a'],
            ...ran(10, 100, 50),
            Plans: [scanOf({ 'Node Type': 'Index Scan', 'Index Cond': condition, ...ran(3, 100, 50) })],
          },
          10,
        ),
      );
    it('equalities, then the order', () => {
      assert.equal(sqlOf(id, sorted('(a = 1)', ['b', 'c DESC'])), 'CREATE INDEX ON t (a, b, c DESC);');
      assert.equal(sqlOf(id, sorted('((a = 1) AND (b > 3))', ['b'])), 'CREATE INDEX ON t (a, b);');
      assert.equal(sqlOf(id, capture('incremental-spill')), 'CREATE INDEX ON tall (a, b DESC);');
      assert.equal(sqlOf(id, fixture('pg15', 'incremental-sort')), 'CREATE INDEX ON orders (created, total);');
      assert.ok(Math.abs(shareOf(id, sorted('(a = 1)', ['b'])) - 0.7) < 0.001);
    });
    it('silent: a range or list on another column, nothing saved worth a word', () => {
      silent(
        id,
        sorted('(a > 1)', ['b']),
        sorted("(a = ANY ('{1,2}'::integer[]))", ['b']),
        sorted('(a = 1)', ['lower(b)']),
        capture('index-scan-then-sort-range'),
        capture('index-scan-then-sort'),
      );
    });
  });

  describe('hash-join-without-index', () => {
    const id = 'hash-join-without-index';
    it('indexes the foreign key that few rows are joined by', () => {
      const plan = readPlan(hashJoin(1));
      assert.equal(sqlOf(id, plan), 'CREATE INDEX ON orders (customer_id);');
      assert.equal(messageOf(id, plan), 'Read all 400,000 rows of orders to join 1 row, which gave 8.');
      assert.ok(Math.abs(shareOf(id, plan) - 0.92) < 0.01);
    });
    it('silent: many rows, a wrong estimate, a filter, an expression', () => {
      silent(
        id,
        readPlan(hashJoin(200)),
        readPlan(hashJoin(1, 5000)),
        readPlan(hashJoin(1, 1, { Filter: '(status = 1)', 'Rows Removed by Filter': 900_000 })),
        readPlan(hashJoin(1).replace('(o.customer_id = c.id)', '((o.customer_id + 1) = c.id)')),
      );
    });
  });

  describe('function-on-column', () => {
    const id = 'function-on-column';
    it('indexes what is certainly immutable', () => {
      assert.equal(sqlOf(id, capture('function-lower')), 'CREATE INDEX ON events (lower(note));');
      assert.equal(sqlOf(id, capture('function-arithmetic')), 'CREATE INDEX ON events ((id + 5));');
      assert.equal(sqlOf(id, capture('index-filter-other')), 'CREATE INDEX ON events ((md5(note) || (kind)::text));');
    });
    it('rewrites dates and casts as comparisons of the column', () => {
      for (const name of ['function-date', 'function-extract', 'function-cast']) {
        assert.equal(sqlOf(id, capture(name)), undefined, name);
        assert.equal(foundBy(id, capture(name))[0]?.fixes[0]?.kind, 'rewrite', name);
      }
      assert.match(
        foundBy(id, capture('function-date'))[0]?.fixes[0]?.text ?? '',
        /created >= the start AND created </,
      );
    });
    it('inside a document: no column can stand alone, but the expression is indexed', () => {
      const filter = (Filter: string): Plan => scan({ Filter, 'Rows Removed by Filter': 900 });
      for (const [condition, sql] of [
        ["(((payload ->> 'sku'::text))::integer = 77)", "(((payload ->> 'sku'::text))::integer)"],
        ["((payload ->> 'n'::text) = '77'::text)", "(payload ->> 'n'::text)"],
        ["((payload #>> '{a,b}'::text[]) = 'x'::text)", "(payload #>> '{a,b}'::text[])"],
        ["(upper((payload ->> 'n'::text)) = 'A'::text)", "(upper((payload ->> 'n'::text)))"],
      ] as const) {
        assert.equal(sqlOf(id, filter(condition)), `CREATE INDEX ON t (${sql});`);
        for (const { text } of foundBy(id, filter(condition))[0]?.fixes ?? []) assert.doesNotMatch(text, /alone/);
      }
      // Not immutable: the date's form is a setting. Not "payload >= the start" either.
      const dated = filter("(((payload ->> 'd'::text))::date = '2024-01-01'::date)");
      assert.equal(sqlOf(id, dated), undefined);
      assert.match(foundBy(id, dated)[0]?.fixes[0]?.text ?? '', /^Where the expression is IMMUTABLE/);
      // A distance, and a text that looks like an arrow.
      for (const condition of ["((a <-> '5'::integer) < 5)", "((a || ' -> '::text) = 'x'::text)"])
        assert.match(foundBy(id, filter(condition))[0]?.fixes[0]?.text ?? '', /alone/);
    });
    it('a number compared as a text: told by the estimate, since a varchar is printed alike', () => {
      const cast = (planRows: number, value: string): Plan =>
        scan({
          Filter: `((code)::text = '${value}'::text)`,
          'Plan Rows': planRows,
          'Actual Rows': 1,
          'Rows Removed by Filter': 99_999,
        });
      assert.match(
        foundBy(id, cast(500, '4711'))[0]?.fixes[0]?.text ?? '',
        /^Leave code alone on its side: compare it/,
      );
      silent('seq-scan-filters', cast(500, '4711'));
      for (const plan of [cast(3, '4711'), cast(500, 'open')]) {
        silent(id, plan);
        assert.equal(sqlOf('seq-scan-filters', plan), 'CREATE INDEX ON t (code);');
        assert.match(foundBy('seq-scan-filters', plan)[0]?.doubt ?? '', /costs a varchar nothing/);
      }
    });
    it('does not claim that an unknown function is immutable', () => {
      const [finding] = foundBy(id, scan({ Filter: '(mine(a) = 1)', 'Rows Removed by Filter': 900 }));
      assert.equal(finding?.fixes[0]?.sql, undefined);
      assert.match(finding?.fixes[0]?.text ?? '', /^Where the expression is IMMUTABLE/);
    });
    it('silent: a column beside it can be indexed, few rows removed, a column on the other side', () => {
      silent(
        id,
        capture('seq-scan-composite'),
        capture('impossible-filter'),
        scan({ Filter: '(lower(a) = $1)', 'Rows Removed by Filter': 100 }),
        scan({ Filter: '(lower(a) = b)', 'Rows Removed by Filter': 900 }),
        scan({ Filter: '(lower(a) <> $1)', 'Rows Removed by Filter': 900 }),
        scan({ Filter: '(random() < 0.5)', 'Rows Removed by Filter': 900 }),
      );
    });
  });

  describe('leading-wildcard', () => {
    const id = 'leading-wildcard';
    it('a trigram index on the column or the expression', () => {
      assert.match(sqlOf(id, capture('leading-wildcard')) ?? '', /ON events USING gin \(note gin_trgm_ops\);$/);
      assert.match(
        sqlOf(id, capture('leading-wildcard-lower')) ?? '',
        /USING gin \(\(lower\(note\)\) gin_trgm_ops\);$/,
      );
      for (const operator of ['~~*', '~', '~*'])
        assert.equal(
          foundBy(id, scan({ Filter: `(a ${operator} 'x%'::text)`, 'Rows Removed by Filter': 900 })).length,
          1,
        );
    });
    it('says where the pattern is too short', () => {
      const doubt = (pattern: string): string =>
        foundBy(id, scan({ Filter: `(a ~~ '${pattern}'::text)`, 'Rows Removed by Filter': 900 }))[0]?.doubt ?? '';
      assert.match(doubt('%ab%'), /three characters/);
      assert.doesNotMatch(doubt('%abc%'), /three characters/);
    });
    it('silent: a known start, NOT LIKE, an anchor, few rows removed', () => {
      silent(
        id,
        capture('seq-scan-prefix'),
        capture('not-like'),
        scan({ Filter: "(a ~ '^x'::text)", 'Rows Removed by Filter': 900 }),
        scan({ Filter: "(a ~~ '%x%'::text)", 'Rows Removed by Filter': 150 }),
      );
    });
  });

  describe('contains-without-index', () => {
    const id = 'contains-without-index';
    const filtered = (filter: string): Plan => scan({ Filter: filter, 'Rows Removed by Filter': 900 });
    it('GIN for what is inside, GiST for what overlaps', () => {
      const [finding] = foundBy(id, capture('contains-jsonb'));
      assert.deepEqual(finding?.fixes[0]?.index, {
        schema: undefined,
        table: 'notes',
        columns: ['data'],
        method: 'gin',
      });
      assert.equal(sqlOf(id, capture('contains-jsonb')), 'CREATE INDEX ON notes USING gin (data);');
      assert.equal(sqlOf(id, capture('contains-array')), 'CREATE INDEX ON notes USING gin (tags);');
      assert.equal(
        sqlOf(id, capture('contains-words')),
        "CREATE INDEX ON notes USING gin ((to_tsvector('english'::regconfig, body)));",
      );
      assert.equal(sqlOf(id, capture('overlaps-range')), 'CREATE INDEX ON notes USING gist (valid);');
    });
    it('silent: another type, an operator without a built-in class, the column on the right, a B-tree can decide', () => {
      silent(
        id,
        filtered("(a @> '{}'::hstore)"),
        filtered("(a <@ '[1,5)'::int4range)"),
        filtered("(a @> '{1}'::mytype[])"),
        filtered("('{1}'::integer[] @> a)"),
        filtered('(a @> b)'),
        filtered("((a @> '{1}'::integer[]) AND (b = 1))"),
      );
      assert.equal(foundBy(id, filtered("(a @> '{1}'::integer[])")).length, 1);
    });
  });

  describe('impossible-index-condition', () => {
    const id = 'impossible-index-condition';
    it('an empty list, in a filter or an index condition', () => {
      assert.match(messageOf(id, capture('impossible-filter')) ?? '', /'\{\}'::integer\[\].* can never match/);
      const plan = scan({
        'Node Type': 'Index Scan',
        'Index Cond': "((a = 1) AND (b = ANY ('{}'::integer[])))",
        ...ran(10, 0, 100),
      });
      assert.equal(messageOf(id, plan), "(b = ANY ('{}'::integer[])) can never match: the list is empty.");
    });
    it('the join above it came to nothing as well', () => {
      const join = readPlan(
        planText(
          {
            'Node Type': 'Nested Loop',
            ...ran(10, 0, 100),
            Plans: [
              scanOf({ ...ran(9, 500, 90) }),
              scanOf({
                'Parent Relationship': 'Inner',
                Filter: "(a = ANY ('{}'::integer[]))",
                ...ran(0.001, 0, 1, 500),
              }),
            ],
          },
          10,
        ),
      );
      assert.ok(shareOf(id, join) > 0.99);
    });
    it('silent: no part of AND, always true, values', () => {
      silent(
        id,
        scan({ Filter: "((a = ANY ('{}'::integer[])) OR (b = 1))" }),
        scan({ Filter: "(a <> ALL ('{}'::integer[]))" }),
        scan({ Filter: "((data)::text = '{}'::text)" }),
        capture('impossible-index'),
      );
    });
  });

  describe('bitmap-and and bitmap-or', () => {
    it('one index on the columns of all', () => {
      assert.equal(sqlOf('bitmap-and', capture('bitmap-and')), 'CREATE INDEX ON events (account, created);');
      assert.equal(
        messageOf('bitmap-and', fixture('pg15', 'bitmap-and')),
        'Read 10,614 entries of 2 indexes for 99 rows.',
      );
      assert.equal(sqlOf('bitmap-and', fixture('pg15', 'bitmap-and')), 'CREATE INDEX ON orders (status, customer_id);');
      silent('bitmap-and', capture('bitmap-or'), capture('index-filter'));
    });
    it('one column: IN; several: UNION ALL', () => {
      const text = (plan: Plan): string => foundBy('bitmap-or', plan)[0]?.fixes[0]?.text ?? '';
      assert.match(text(bitmapOr(5, '(a = 1)', '(a = 2)')), /^Write a IN/);
      assert.match(text(bitmapOr(5, '(a = 1)', '(b = 2)')), /UNION ALL/);
    });
    it('silent where the bitmaps are a small part', () => {
      silent('bitmap-or', bitmapOr(2, '(a = 1)', '(b = 2)'), capture('bitmap-or-same'), fixture('pg15', 'bitmap-or'));
    });
  });

  describe('heap-fetches', () => {
    it('VACUUM, and the part of the rows', () => {
      assert.equal(sqlOf('heap-fetches', capture('heap-fetches')), 'VACUUM (ANALYZE) unvacuumed;');
      assert.ok(Math.abs(shareOf('heap-fetches', indexOnly(1000, 400)) - 0.4) < 0.001);
    });
    it('silent: few, or few for the rows', () => {
      silent('heap-fetches', indexOnly(1000, 99), indexOnly(5, 9), fixture('pg15', 'index-scan'));
    });
  });

  describe('buffers-per-row', () => {
    const id = 'buffers-per-row';
    it('dead rows in a table and in an index', () => {
      assert.equal(
        messageOf(id, capture('bloated-seq')),
        'Read 1,334 blocks for 50 rows of bloated, far more than they need.',
      );
      assert.equal(sqlOf(id, capture('bloated-index')), 'VACUUM (VERBOSE, ANALYZE) bloated;');
    });
    it('silent: rows that a filter removed were in those blocks, many searches, a list of unknown length', () => {
      const index = (properties: object): Plan =>
        scan({ 'Node Type': 'Index Scan', 'Index Cond': '(a > 1)', ...ran(10, 10, 1000), ...properties });
      assert.equal(foundBy(id, index({})).length, 1);
      silent(
        id,
        scan({ Filter: '(lower(a) <> $1)', 'Rows Removed by Filter': 950, ...ran(10, 50, 1000) }),
        index({ 'Rows Removed by Filter': 500, Filter: '(lower(a) <> $1)' }),
        index({ 'Index Searches': 60 }),
        index({ 'Index Cond': '(a = ANY ($1))' }),
        index(ran(0.1, 1, 1000, 100)),
        scan(ran(10, 50, 99)),
        capture('seq-scan-boolean'),
      );
    });
  });

  describe('memory', () => {
    it('sort: 3 × what was on disk, rounded up; what was sorted is the input', () => {
      assert.equal(sqlOf('sort-spills', fixture('pg15', 'sort-spill')), "SET work_mem = '8MB';");
      assert.match(messageOf('sort-spills', capture('cte-temp')) ?? '', /^Sorted 60,000 rows on disk/);
      const fixes = foundBy('sort-spills', fixture('pg15', 'sort-spill'))[0]?.fixes ?? [];
      assert.deepEqual(fixes[1]?.index?.columns, ['quantity', 'product']);
    });
    it('sort: the process that needed most', () => {
      const [finding] = foundBy('sort-spills', capture('parallel-spill'));
      assert.equal(finding?.evidence.find(({ name }) => name === 'Processes that spilled')?.value, '3');
    });
    it('incremental sort, with the current setting', () => {
      const plan = readPlan(
        JSON.stringify([
          {
            Plan: {
              'Node Type': 'Incremental Sort',
              'Sort Key': ['a', 'b'],
              'Presorted Key': ['a'],
              ...ran(10, 900, 50),
              'Pre-sorted Groups': {
                'Group Count': 3,
                'Sort Methods Used': ['external merge'],
                'Sort Space Disk': { 'Average Sort Space Used': 900, 'Peak Sort Space Used': 10_000 },
              },
              Plans: [scanOf({ 'Node Type': 'Index Scan', ...ran(1, 900, 50) })],
            },
            Settings: { work_mem: '64kB' },
            'Execution Time': 10,
          },
        ]),
      );
      assert.equal(sqlOf('sort-spills', plan), "SET work_mem = '32MB';");
      assert.match(foundBy('sort-spills', plan)[0]?.fixes[0]?.text ?? '', /It is 64kB now\.$/);
    });
    it('more than 1 GB is no setting to advise', () => {
      const sort = { 'Sort Space Type': 'Disk', 'Sort Space Used': 900_000, 'Sort Key': ['a'] };
      const [finding] = foundBy(
        'sort-spills',
        readPlan(planText({ 'Node Type': 'Sort', ...sort, ...ran(10, 5, 5) }, 10)),
      );
      assert.deepEqual([finding?.fixes[0]?.kind, finding?.fixes[0]?.sql], ['rewrite', undefined]);
    });
    it('hash: batches × memory, by hash_mem_multiplier', () => {
      const hash = (multiplier?: string): Plan =>
        readPlan(
          JSON.stringify([
            {
              Plan: {
                'Node Type': 'Hash Join',
                ...ran(10, 5, 50),
                Plans: [
                  scanOf(ran(1, 5, 5)),
                  {
                    'Node Type': 'Hash',
                    'Parent Relationship': 'Inner',
                    'Hash Batches': 4,
                    'Original Hash Batches': 1,
                    'Peak Memory Usage': 4000,
                    ...ran(5, 5, 5),
                    Plans: [scanOf(ran(1, 5, 5))],
                  },
                ],
              },
              ...(multiplier === undefined ? {} : { Settings: { hash_mem_multiplier: multiplier } }),
              'Execution Time': 10,
            },
          ]),
        );
      assert.equal(sqlOf('hash-spills', hash()), "SET work_mem = '16MB';");
      assert.equal(sqlOf('hash-spills', hash('2.0')), "SET work_mem = '8MB';");
      assert.match(JSON.stringify(foundBy('hash-spills', hash())[0]?.evidence), /more rows came than estimated/);
      assert.ok(Math.abs(shareOf('hash-spills', hash()) - 0.8) < 0.001);
    });
    it('aggregate, bitmap, temporary files', () => {
      assert.equal(
        messageOf('hash-aggregate-spills', fixture('pg15', 'hash-aggregate-spill')),
        "Grouped into 80,000 rows with 3.3 MB on disk: the groups don't fit into memory.",
      );
      assert.match(messageOf('lossy-bitmap', capture('lossy-bitmap')) ?? '', /of 3,244 blocks only as a whole/);
      assert.equal(sqlOf('lossy-bitmap', capture('lossy-bitmap')), "SET work_mem = '1MB';");
      assert.match(messageOf('temp-blocks', capture('materialize-temp')) ?? '', /^Materialize wrote 8\d\d kB/);
      assert.equal(foundBy('temp-blocks', capture('cte-temp'))[0]?.fixes[0]?.kind, 'rewrite');
    });
    it('silent where it fits, and about what another rule says', () => {
      silent('sort-spills', capture('sort-fits'), fixture('pg15', 'top-n'));
      silent('hash-spills', capture('hash-fits'), fixture('pg15', 'parallel-hash-join'));
      silent('hash-aggregate-spills', capture('hash-aggregate-fits'), fixture('pg15', 'hash-aggregate'));
      silent('lossy-bitmap', capture('exact-bitmap'));
      silent('temp-blocks', capture('cte-small'), capture('parallel-spill'), fixture('pg15', 'hash-spill'));
    });
  });

  it('one filter, one rule', () => {
    for (const name of ['function-lower', 'leading-wildcard', 'seq-scan-composite', 'top-n-equal', 'join-lateral']) {
      const about = findingsOf(capture(name)).filter(({ rule }) => ACCESS_RULES.includes(rule));
      assert.equal(about.length, 1, `${name}: ${about.map(({ rule }) => rule.id).join()}`);
    }
  });
});
