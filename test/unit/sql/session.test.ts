import assert from 'node:assert/strict';
import { explain } from '../../../src/sql/explain';
import { SqlError, utf16Offset, type Result, type Session, type TransactionState } from '../../../src/sql/session';
import { statements } from '../../../src/sql/statements';

describe('utf16Offset', () => {
  it('counts code points from 1', () => {
    assert.equal(utf16Offset('SELECT x', 1), 0);
    assert.equal(utf16Offset('SELECT x', 8), 7);
    assert.equal(utf16Offset("SELECT '😀', x", 13), "SELECT '😀', x".indexOf('x'));
  });
  it('stays inside the text', () => assert.equal(utf16Offset('ab', 99), 2));
});

describe('explain', () => {
  class Recorder implements Session {
    readonly sent: string[] = [];
    constructor(
      public transaction: TransactionState,
      private readonly error?: SqlError,
    ) {}
    run(sql: string): Promise<Result> {
      this.sent.push(sql);
      if (sql === 'BEGIN') this.transaction = 'open';
      if (sql === 'ROLLBACK') this.transaction = 'idle';
      if (this.error && sql.startsWith('EXPLAIN')) return Promise.reject(this.error);
      return Promise.resolve({
        command: 'EXPLAIN',
        fields: [],
        rows: [['[{"Plan":'], ['{}}]']],
        rowCount: 2,
        truncated: false,
        durationMs: 0,
      });
    }
  }
  const statement = (sql: string) => statements(sql)[0]!;

  it('joins the lines and runs a query as it is', async () => {
    const session = new Recorder('idle');
    assert.deepEqual(await explain(session, statement('SELECT 1'), { analyze: true }), {
      json: '[{"Plan":\n{}}]',
      rolledBack: false,
    });
    assert.deepEqual(session.sent, ['EXPLAIN (ANALYZE, BUFFERS, SETTINGS, FORMAT JSON) SELECT 1']);
  });
  it('undoes what a writing statement did', async () => {
    const session = new Recorder('idle');
    assert.equal((await explain(session, statement('DELETE FROM t'), { analyze: true })).rolledBack, true);
    assert.deepEqual([session.sent[0], session.sent.at(-1)], ['BEGIN', 'ROLLBACK']);
  });
  it('keeps the person’s own transaction', async () => {
    const session = new Recorder('open');
    await explain(session, statement('DELETE FROM t'), { analyze: true });
    assert.deepEqual(
      [session.sent[0], session.sent.at(-1)],
      ['SAVEPOINT pg_lessons_explain', 'ROLLBACK TO SAVEPOINT pg_lessons_explain'],
    );
  });
  it('does not run what it only explains', async () => {
    const session = new Recorder('idle');
    await explain(session, statement('DELETE FROM t'), { analyze: false });
    assert.deepEqual(session.sent, ['EXPLAIN (SETTINGS, FORMAT JSON) DELETE FROM t']);
  });
  it('gives positions in the statement, and undoes then too', async () => {
    const prefix = 'EXPLAIN (ANALYZE, BUFFERS, SETTINGS, FORMAT JSON) ';
    const session = new Recorder('idle', new SqlError({ message: 'no', code: '42703', offset: prefix.length + 7 }));
    await assert.rejects(
      explain(session, statement('UPDATE x SET a = 1'), { analyze: true }),
      (error) => error instanceof SqlError && error.offset === 7,
    );
    assert.equal(session.sent.at(-1), 'ROLLBACK');
  });
});
