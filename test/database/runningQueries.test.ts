import assert from 'node:assert/strict';
import type { Database, Engine } from '../../src/database/engine';
import { resolveConnection, ServerEngine } from '../../src/database/server/index';
import { readPlan } from '../../src/plan/read';
import { UserError } from '../../src/shared/errors';
import { explainableIn, planOfRunning, runningQueries } from '../../src/sql/runningQueries';
import { statements, type Statement } from '../../src/sql/statements';
import { sharedCluster } from '../support/cluster';

const only = (sql: string): Statement => {
  const [statement] = statements(sql);
  assert.ok(statement);
  return statement;
};

describe('running queries', function () {
  this.timeout(60_000);
  let engine: Engine;
  let mine: Database;
  let other: Database;
  before(async () => {
    const { port, password } = await sharedCluster();
    const settings = { host: '127.0.0.1', port, user: 'postgres', password };
    const server = new ServerEngine(await resolveConnection(settings, { HOME: '/nowhere' }));
    engine = server;
    mine = await server.openConfigured();
    other = await server.openConfigured({ database: 'template1' });
  });
  after(() => engine.dispose());

  /** Looks while the other session runs a statement, which says that it has begun. */
  const during = async <T>(sql: string, look: () => Promise<T>): Promise<T> => {
    const abort = new AbortController();
    const running = other.session.run(sql, { signal: abort.signal });
    try {
      for (;;) {
        const { rowCount } = await mine.session.run(
          `SELECT FROM pg_stat_activity WHERE datname = 'template1' AND state = 'active' AND wait_event = 'PgSleep'`,
        );
        if (rowCount === 1) return await look();
      }
    } finally {
      abort.abort();
      await running.catch(() => undefined);
    }
  };

  it('are those of other sessions, and can be planned', async () => {
    const sql = `SELECT pg_sleep(600), relname FROM pg_class WHERE relname = 'pg_class'`;
    const queries = await during(sql, () => runningQueries(mine.session));
    assert.equal(queries.length, 1);
    const [query] = queries;
    assert.ok(query);
    assert.deepEqual(
      [query.database, query.user, query.sql, query.cutOff, query.wait],
      ['template1', 'postgres', sql, false, 'Timeout: PgSleep'],
    );
    const plan = readPlan(await planOfRunning(other.session, explainableIn(query), other.serverVersion));
    assert.equal(plan.analyzed, false);
    assert.ok(plan.nodes.some(({ relation }) => relation === 'pg_class'));
    assert.equal(other.session.transaction, 'idle');
  });

  it('that are longer than the server keeps are refused with the setting’s name', async () => {
    const sql = `SELECT pg_sleep(600) /* ${'x'.repeat(2000)} */`;
    const [query] = await during(sql, () => runningQueries(mine.session));
    assert.ok(query);
    assert.equal(query.cutOff, true);
    assert.throws(
      () => explainableIn(query),
      (error: UserError) => /track_activity_query_size/.test(error.nextStep ?? ''),
    );
  });

  it('never run the statement, whatever it is', async () => {
    await other.session.run('CREATE TEMPORARY TABLE t (i int)');
    await planOfRunning(other.session, only('INSERT INTO t VALUES (1)'), other.serverVersion);
    assert.equal((await other.session.run('SELECT FROM t')).rowCount, 0);
  });

  it('with parameters need a server that plans without their values', async () => {
    await assert.rejects(
      planOfRunning(other.session, only('SELECT * FROM pg_class WHERE oid = $1'), 150000),
      UserError,
    );
  });
});
