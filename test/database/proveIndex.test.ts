import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedEngine } from '../../src/database/embedded/index';
import type { Database, Engine } from '../../src/database/engine';
import { resolveConnection, ServerEngine } from '../../src/database/server/index';
import { readsOf, rootBuffers } from '../../src/plan/find';
import { readPlan } from '../../src/plan/read';
import { UserError } from '../../src/shared/errors';
import { hypopgSchema, proveIndex } from '../../src/sql/proveIndex';
import { SqlError } from '../../src/sql/session';
import { statements, type Statement } from '../../src/sql/statements';
import { sharedCluster } from '../support/cluster';
import { createHypopg } from '../support/hypopg';
import { pgliteAssets } from '../support/pglite';

const spec = {
  course: 'course',
  lesson: 'prove',
  dataset: {
    name: 'parcels',
    sql: `CREATE TABLE parcel (id int PRIMARY KEY, customer int NOT NULL, name text NOT NULL);
          INSERT INTO parcel SELECT g, g % 5000, 'Parcel ' || g FROM generate_series(1, 20000) g;`,
  },
};

const only = (sql: string): Statement => {
  const [statement] = statements(sql);
  assert.ok(statement);
  return statement;
};

for (const [kind, make] of [
  ['embedded', makeEmbedded],
  ['server', makeServer],
] as const) {
  describe(`proving an index, ${kind}`, function () {
    this.timeout(60_000);
    let engine: Engine;
    let database: Database;
    before(async () => {
      engine = await make();
      await engine.reset(spec);
      database = await engine.open(spec);
    });
    after(() => engine.dispose());

    const indexes = async (): Promise<string | null | undefined> =>
      (await database.session.run(`SELECT string_agg(indexname, ',') FROM pg_indexes WHERE tablename = 'parcel'`))
        .rows[0]?.[0];
    const prove = (sql: string, index: string) =>
      database.fresh((session) => proveIndex(session, only(sql), index, { build: true }));

    it('measures the statement without and with it, and leaves nothing behind', async () => {
      const { before, after, measured } = await prove(
        'SELECT * FROM parcel WHERE customer = 7',
        'CREATE INDEX ON parcel (customer)',
      );
      assert.equal(measured, true);
      assert.deepEqual([readsOf(readPlan(before))[0]?.how, readsOf(readPlan(after))[0]?.how], ['seq', 'bitmap']);
      assert.ok((rootBuffers(readPlan(after)) ?? Infinity) * 5 < (rootBuffers(readPlan(before)) ?? 0));
      assert.equal(await indexes(), 'parcel_pkey');
    });

    it('analyzes the table for an index on an expression', async () => {
      const { after } = await prove(
        `SELECT * FROM parcel WHERE lower(name) = 'parcel 77'`,
        'CREATE INDEX ON parcel (lower(name))',
      );
      assert.equal(readPlan(after).nodes.find(({ relation }) => relation === 'parcel')?.planRows, 1);
      assert.equal(await indexes(), 'parcel_pkey');
    });

    it('leaves the rows of a statement that writes as they were', async () => {
      await prove('DELETE FROM parcel WHERE customer = 7', 'CREATE INDEX ON parcel (customer)');
      assert.equal((await database.session.run('SELECT FROM parcel WHERE customer = 7')).rowCount, 4);
    });

    it('undoes the index where the server refuses something', async () => {
      await assert.rejects(prove('SELECT * FROM parcel', 'CREATE INDEX ON parcel (nothing)'), SqlError);
      await assert.rejects(prove('SELECT 1 / 0 FROM parcel', 'CREATE INDEX ON parcel (customer)'), SqlError);
      assert.equal(await indexes(), 'parcel_pkey');
    });

    for (const sql of [
      'DROP TABLE parcel',
      'CREATE INDEX ON parcel (customer); DROP TABLE parcel',
      'CREATE INDEX CONCURRENTLY ON parcel (customer)',
      'CREATE TABLE t (i int)',
      '',
    ])
      it(`refuses “${sql}”`, () => assert.rejects(prove('SELECT 1', sql), UserError));
  });
}

describe('proving an index with HypoPG', function () {
  this.timeout(120_000);
  it('estimates it and builds nothing', async function () {
    const engine = await makeServer();
    try {
      await engine.reset(spec);
      const database = await engine.open(spec);
      const { session, serverVersion } = database;
      assert.equal(await hypopgSchema(session), undefined);
      if (!(await createHypopg(session, Math.floor(serverVersion / 10_000)))) this.skip();
      const [proof, left] = await database.fresh(async (fresh) => [
        await proveIndex(fresh, only('SELECT * FROM parcel WHERE customer = 7'), 'CREATE INDEX ON parcel (customer)', {
          build: false,
        }),
        (await fresh.run('SELECT count(*) FROM hypopg_list_indexes')).rows,
      ]);
      assert.equal(proof.measured, false);
      const [before, after] = [readPlan(proof.before), readPlan(proof.after)];
      assert.deepEqual([before.analyzed, after.analyzed], [false, false]);
      assert.deepEqual([readsOf(before)[0]?.how, readsOf(after)[0]?.how], ['seq', 'bitmap']);
      assert.deepEqual(left, [['0']]);
      await assert.rejects(
        database.fresh((fresh) =>
          proveIndex(fresh, only('SELECT nothing FROM parcel'), 'CREATE INDEX ON parcel (customer)', { build: false }),
        ),
        /column "nothing" does not exist/,
      );
    } finally {
      await engine.dispose();
    }
  });
});

async function makeEmbedded(): Promise<Engine> {
  const storageDir = await mkdtemp(path.join(tmpdir(), 'pgl-prove-'));
  const engine = new EmbeddedEngine({
    assetsDir: await pgliteAssets(),
    storageDir,
    cacheDir: path.join(storageDir, 'cache'),
  });
  const dispose = engine.dispose.bind(engine);
  engine.dispose = async () => {
    await dispose();
    await rm(storageDir, { recursive: true, force: true });
  };
  return engine;
}

async function makeServer(): Promise<Engine> {
  const { port, password } = await sharedCluster();
  return new ServerEngine(
    await resolveConnection({ host: '127.0.0.1', port, user: 'postgres', password }, { HOME: '/nowhere' }),
  );
}
