import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkExercise } from '../../src/check/check';
import { apply, measureReference } from '../../src/check/measure';
import type { Reference } from '../../src/check/reference';
import type { Verdict } from '../../src/check/verdict';
import type { Exercise } from '../../src/course/lesson';
import { parseLesson } from '../../src/course/parse';
import { EmbeddedEngine } from '../../src/database/embedded';
import { OpenTransactionError, type Database, type Engine, type LessonDatabaseSpec } from '../../src/database/engine';
import { resolveConnection, ServerEngine } from '../../src/database/server';
import { sharedCluster } from '../support/cluster';
import { pgliteAssets } from '../support/pglite';

const spec: LessonDatabaseSpec = {
  course: 'course',
  lesson: 'check',
  dataset: {
    name: 'sales',
    sql: `CREATE TABLE sale (id int PRIMARY KEY, customer int NOT NULL, total numeric(8,2) NOT NULL, note text);
          INSERT INTO sale SELECT g, (g * 7919) % 500, (g % 97) + 0.5, repeat('x', 60) FROM generate_series(1, 20000) g;`,
  },
};

/** An exercise as an author writes it. */
function exercise(
  expect: string,
  texts: { starter?: string; solution: string; wrong?: Record<string, string> },
): Exercise {
  const fence = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\`\n`;
  const source = [
    '---\nid: check\ntitle: Check\nkind: tutorial\nminutes: 1\ndataset: sales\n---\n\n## Task\n\n',
    fence('yaml exercise', `id: task\nexpect:\n${expect}`),
    fence('sql starter', texts.starter ?? '-- your turn'),
    fence('sql solution', texts.solution),
    ...Object.entries(texts.wrong ?? {}).map(([message, sql]) => fence(`sql wrong "${message}"`, sql)),
  ].join('');
  const { lesson, problems } = parseLesson(source, 'a/check.md', 'A');
  assert.deepEqual(problems, []);
  return lesson!.exercises[0]!;
}

const INDEX = exercise(
  `  - plan:
      query: SELECT sum(total) FROM sale WHERE customer = $1
      parameters: [[17], ['499']]
      reads: { sale: index }
      buffers: { at-most: 1.3 x solution }
  - data: unchanged`,
  {
    starter: 'SELECT sum(total) FROM sale WHERE customer = 17;',
    solution: 'CREATE INDEX ON sale (customer);',
    wrong: {
      'That index leads with the total.': 'CREATE INDEX ON sale (total, customer);',
      'Partial.': 'CREATE INDEX ON sale (total) WHERE customer = 17;',
    },
  },
);

const ROWS = exercise('  - rows: { order: [total desc], columns: true }', {
  starter: 'SELECT 1;',
  solution: 'SELECT customer, sum(total) AS total FROM sale GROUP BY customer ORDER BY total DESC LIMIT 5;',
  wrong: { 'Ascending.': 'SELECT customer, sum(total) AS total FROM sale GROUP BY customer ORDER BY total LIMIT 5;' },
});

const ANSWER = exercise(
  '  - answer: { plan: { query: SELECT count(note) FROM sale, node: { relation: sale }, take: rows } }\n  - answer: { label: count, query: SELECT count(*) FROM sale, tolerance: 1 % }',
  {
    starter: '-- answer:\n-- answer count:',
    solution: '-- answer: 20000\n-- answer count: 20000',
    wrong: { 'Half.': '-- answer: 10000\n-- answer count: 10000' },
  },
);

const STATE = exercise(
  `  - state: { query: "SELECT EXISTS (SELECT FROM pg_statistic_ext WHERE stxname = 's')", message: There are no statistics s. }`,
  {
    solution: 'CREATE STATISTICS s ON customer, total FROM sale;',
  },
);

/** A statement that no transaction block takes. */
const CONCURRENTLY = exercise(`  - plan: { query: SELECT * FROM sale WHERE customer = 5, reads: { sale: index } }`, {
  solution: 'CREATE INDEX CONCURRENTLY ON sale (customer);',
});

function suite(make: () => Promise<Engine>): void {
  let engine: Engine;
  let database: Database;
  const references = new Map<Exercise, Reference>();

  before(async function () {
    this.timeout(120_000);
    engine = await make();
    database = await engine.open(spec);
    for (const each of [INDEX, ROWS, ANSWER, STATE, CONCURRENTLY]) {
      references.set(each, await measureReference(each, () => engine.scratch(spec)));
    }
  });
  after(() => engine.dispose());

  const fresh = async (): Promise<void> => {
    await engine.reset(spec);
    database = await engine.open(spec);
  };
  const check = (each: Exercise, text: string): Promise<Verdict> =>
    database.fresh((session) => checkExercise(session, each, text, references.get(each)!));
  /** Runs the text as a student would, then checks it. */
  const solve = async (each: Exercise, text: string): Promise<Verdict> => {
    await apply(database.session, text);
    return check(each, text);
  };
  const failed = (verdict: Verdict): string[] =>
    verdict.outcomes.filter((outcome) => !outcome.passed).map((outcome) => outcome.message);

  describe('plan', () => {
    beforeEach(fresh);

    it('fails where nothing was done, and says how the table is read', async () => {
      const verdict = await solve(INDEX, INDEX.starter.text);
      assert.deepEqual([verdict.passed, verdict.points], [false, 0]);
      assert.equal(failed(verdict)[0], 'sale is read by a Seq Scan.');
      assert.match(failed(verdict)[1]!, /^Reads \d+ buffers, \d+ at most are asked for\.$/);
    });
    it('passes with the solution, and says what it bought', async () => {
      const verdict = await solve(INDEX, INDEX.solution.text);
      assert.deepEqual(failed(verdict), []);
      assert.equal(verdict.points, 10);
      assert.match(verdict.bought!, /^\d+ → \d+ buffers$/);
    });
    for (const other of [
      'CREATE INDEX any_name ON sale (customer, id)',
      'CREATE INDEX ON sale (customer) INCLUDE (total)',
      'CREATE INDEX ON sale USING hash (customer)',
    ]) {
      it(`passes with ${other}`, async () => assert.deepEqual(failed(await solve(INDEX, other)), []));
    }
    for (const wrong of INDEX.wrong) {
      it(`knows the foreseen wrong answer “${wrong.message}”, whatever its index is called`, async () => {
        const verdict = await solve(INDEX, wrong.text.replace('CREATE INDEX', 'CREATE INDEX mine'));
        assert.deepEqual([verdict.passed, verdict.message], [false, wrong.message]);
      });
    }
    it('never tells hidden parameters', async () => {
      assert.doesNotMatch(JSON.stringify(await solve(INDEX, INDEX.starter.text)), /499/);
    });
    it('is not fooled by a setting of the session or the database, and says that it was there', async () => {
      await apply(database.session, 'SET enable_seqscan = off; SET enable_bitmapscan = off');
      assert.equal((await check(INDEX, '')).passed, false);
      const name = (await database.session.run('SELECT quote_ident(current_database())')).rows[0]![0]!;
      await apply(
        database.session,
        `ALTER DATABASE ${name} SET enable_seqscan = off; ALTER ROLE postgres SET enable_sort = off`,
      );
      const { passed, outcomes } = await check(INDEX, '');
      await apply(database.session, `ALTER DATABASE ${name} RESET ALL; ALTER ROLE postgres RESET ALL`);
      assert.equal(passed, false);
      assert.match(outcomes.at(-1)!.message, /defaults for enable_seqscan, enable_sort/);
    });
    it('measures a solution that no transaction block takes', async () => {
      assert.equal((await check(CONCURRENTLY, '')).passed, false);
      assert.deepEqual(failed(await solve(CONCURRENTLY, CONCURRENTLY.solution.text)), []);
    });
  });

  describe('data', () => {
    beforeEach(fresh);

    const changes: Record<string, RegExp> = {
      'DELETE FROM sale WHERE customer <> 17': /has \d+ rows instead of 20,000/,
      'UPDATE sale SET total = total + 1 WHERE id = 1': /other rows than at the start/,
      'DROP TABLE sale; CREATE TABLE sale AS SELECT 1 AS id, 17 AS customer, 1.0 AS total':
        /has 1 rows? instead of 20,000/,
      'ALTER TABLE sale RENAME TO old; CREATE MATERIALIZED VIEW sale AS SELECT * FROM old': /is not a table any more/,
    };
    for (const [change, message] of Object.entries(changes)) {
      it(`notices ${change}`, async () => {
        const verdict = await solve(INDEX, change);
        assert.ok(
          failed(verdict).some((text) => message.test(text)),
          failed(verdict).join('\n'),
        );
      });
    }
    it('takes rows that were changed and changed back', async () => {
      const verdict = await solve(
        INDEX,
        'CREATE INDEX ON sale (customer); UPDATE sale SET total = total + 1 WHERE id = 1; UPDATE sale SET total = total - 1 WHERE id = 1',
      );
      assert.ok(!failed(verdict).some((text) => text.includes('table sale')), failed(verdict).join('\n'));
    });
  });

  describe('rows, answer, state', () => {
    before(fresh);

    it('takes another query with the same rows', async () => {
      const text =
        'SELECT customer, total FROM (SELECT customer, sum(total) AS total, rank() OVER (ORDER BY sum(total) DESC) FROM sale GROUP BY 1) t ORDER BY rank LIMIT 5';
      assert.deepEqual(failed(await check(ROWS, text)), []);
    });
    it('takes the last query of the file, and no other statement', async () => {
      assert.ok((await check(ROWS, `SELECT 1;\n${ROWS.solution.text}\n-- done`)).passed);
      assert.equal((await check(ROWS, `${ROWS.solution.text}\nSELECT 1;`)).passed, false);
    });
    it('knows the foreseen wrong answer', async () =>
      assert.equal((await check(ROWS, ROWS.wrong[0]!.text)).message, 'Ascending.'));
    it('says why a query fails, and leaves the session usable', async () => {
      assert.match(
        failed(await check(ROWS, 'SELECT nonsense FROM sale'))[0]!,
        /^The query fails: column "nonsense" does not exist/,
      );
      assert.ok((await check(ROWS, ROWS.solution.text)).passed);
    });
    it('says what is missing where there is no query', async () =>
      assert.match(failed(await check(ROWS, '-- nothing'))[0]!, /has no query/));

    it('compares the answer with what the database says now', async () => {
      assert.deepEqual(failed(await check(ANSWER, '-- answer: 20,000 rows\n-- answer count: 20000')), []);
      const wrong = await check(ANSWER, '-- answer: 10000\n-- answer count: 10000');
      assert.deepEqual([wrong.points, wrong.message], [0, 'Half.']);
      assert.doesNotMatch(JSON.stringify(wrong.outcomes), /20,?000/);
      assert.match(failed(await check(ANSWER, '-- answer:'))[0]!, /no answer yet/);
      assert.match(failed(await check(ANSWER, '-- answer: about 20000 or so'))[0]!, /is a number/);
    });

    it('asks the database for its state', async () => {
      assert.deepEqual(failed(await check(STATE, '')), ['There are no statistics s.']);
      assert.deepEqual(failed(await solve(STATE, STATE.solution.text)), []);
    });
  });

  describe('a check', () => {
    before(fresh);

    it('leaves nothing behind in the database', async () => {
      const digest = async (): Promise<unknown> =>
        (await database.session.run(`SELECT count(*), max(oid) FROM pg_class`)).rows[0];
      const before = await digest();
      for (const each of [INDEX, ROWS, ANSWER, STATE]) await check(each, each.starter.text);
      assert.deepEqual(await digest(), before);
    });
    it('sees only what is committed', async () => {
      await apply(database.session, 'BEGIN; CREATE INDEX ON sale (customer)');
      try {
        assert.equal((await check(INDEX, '')).passed, false);
      } catch (error) {
        assert.ok(error instanceof OpenTransactionError, String(error));
      } finally {
        await apply(database.session, 'ROLLBACK');
      }
    });
    it('gives the same verdict every time', async () => {
      await fresh();
      await apply(database.session, INDEX.solution.text);
      const verdicts = new Set<string>();
      for (let run = 0; run < 20; run++) verdicts.add(JSON.stringify(await check(INDEX, INDEX.solution.text)));
      assert.equal(verdicts.size, 1);
    });
  });
}

describe('checks on embedded', function () {
  this.timeout(60_000);
  let dir = '';
  after(() => rm(dir, { recursive: true, force: true }));
  suite(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'pgl-check-'));
    return new EmbeddedEngine({ assetsDir: await pgliteAssets(), storageDir: dir, cacheDir: path.join(dir, 'cache') });
  });
});

describe('checks on a server', function () {
  this.timeout(60_000);
  suite(async () => {
    const { port, superuser: user, password } = await sharedCluster();
    return new ServerEngine(
      await resolveConnection({ host: '127.0.0.1', port, user, password, database: 'postgres' }, {}),
    );
  });
});
