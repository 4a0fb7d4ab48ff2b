import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Database, Engine } from '../../src/database/engine';
import { resolveConnection, ServerEngine } from '../../src/database/server/index';
import { rootBuffers } from '../../src/plan/find';
import { findingsOf } from '../../src/plan/findings';
import type { IndexProposal } from '../../src/plan/findings/finding';
import type { Plan } from '../../src/plan/model';
import { readPlan } from '../../src/plan/read';
import { explain } from '../../src/sql/explain';
import { proveIndex } from '../../src/sql/proveIndex';
import { statements, type Statement } from '../../src/sql/statements';
import { sharedCluster } from '../support/cluster';

interface Captures {
  readonly setup: readonly string[];
  readonly cases: Readonly<
    Record<string, { readonly sql: string; readonly settings: Readonly<Record<string, string>> }>
  >;
}

/** The statements that the findings' fixtures were captured with. */
const { setup, cases } = JSON.parse(
  readFileSync(path.join(__dirname, '..', 'unit', 'plan', 'findings', 'fixtures', 'access.json'), 'utf8'),
) as Captures;

/** Of the fixtures' tables. */
const USED = /\b(?:events|accounts|notes)\b/;

/** Tables and statements where the index is worth blocks too, beyond those of the fixtures. */
const MORE = `
CREATE TABLE visits (id int PRIMARY KEY, site int NOT NULL, who text NOT NULL, filler text NOT NULL);
INSERT INTO visits SELECT i, i % 20, md5(i::text), repeat('x', 100) FROM generate_series(1, 40000) i;
CREATE INDEX visits_site_idx ON visits (site);
`;

const only = (sql: string): Statement => {
  const [statement] = statements(sql);
  assert.ok(statement);
  return statement;
};

/** Rule, and the case of the fixtures, or a statement and settings of its own. */
const PROOFS: readonly (readonly [string, string | { sql: string; settings: Readonly<Record<string, string>> }])[] = [
  ['seq-scan-filters', 'verbose-qualified'],
  ['seq-scan-filters', 'seq-scan-order'],
  ['seq-scan-filters', 'seq-scan-deleted'],
  ['seq-scan-filters', 'seq-scan-prefix'],
  [
    'index-scan-then-sort',
    { sql: 'SELECT who FROM visits WHERE site = 7 ORDER BY who', settings: { enable_seqscan: 'off' } },
  ],
  ['top-n-without-index', 'top-n-equal'],
  ['bitmap-and', 'bitmap-and'],
  [
    'join-inner-without-index',
    {
      sql: `SELECT count(*) FROM accounts a JOIN events e ON e.note = a."Region" WHERE a.id < 20`,
      settings: { enable_hashjoin: 'off', enable_mergejoin: 'off', enable_material: 'off' },
    },
  ],
  ['index-filter', 'index-filter'],
  ['index-filter', 'index-filter-plain'],
  ['function-on-column', 'function-lower'],
  ['function-on-column', 'function-arithmetic'],
  ['contains-without-index', 'contains-jsonb'],
  ['contains-without-index', 'contains-array'],
  ['contains-without-index', 'contains-words'],
  ['contains-without-index', 'overlaps-range'],
];

describe('findings: the indexes they propose, proved', function () {
  this.timeout(60_000);
  let engine: Engine;
  let database: Database;
  before(async () => {
    const { port, password } = await sharedCluster();
    engine = new ServerEngine(
      await resolveConnection({ host: '127.0.0.1', port, user: 'postgres', password }, { HOME: '/nowhere' }),
    );
    const sql = [...setup.filter((line) => USED.test(line) && !line.startsWith('VACUUM')), MORE].join('\n');
    const spec = { course: 'course', lesson: 'findings', dataset: { name: 'findings', sql } };
    await engine.reset(spec);
    database = await engine.open(spec);
    // Outside the data set's transaction.
    await database.session.run('VACUUM (ANALYZE) events, accounts, notes, visits');
  });
  after(() => engine.dispose());

  for (const [rule, of] of PROOFS) {
    const { sql, settings } = typeof of === 'string' ? (cases[of] ?? assert.fail(`No case ${of}.`)) : of;
    it(`${rule}: ${sql}`, () =>
      database.fresh(async (session) => {
        for (const [name, value] of Object.entries({ jit: 'off', max_parallel_workers_per_gather: '0', ...settings }))
          await session.run(`SET ${name} = '${value}'`);
        const { json } = await explain(session, only(sql), { analyze: true });
        const [fix] = findingsOf(readPlan(json))
          .filter((finding) => finding.rule.id === rule)
          .flatMap(({ fixes }) => fixes.filter(({ index }) => index !== undefined));
        assert.ok(fix?.index !== undefined && fix.sql !== undefined, `${rule} proposes no index`);
        const proof = await proveIndex(session, only(sql), fix.sql, { build: true });
        assert.equal(proof.measured, true);
        const [before, after] = [readPlan(proof.before), readPlan(proof.after)];
        assert.ok(usesNew(before, after, fix.index), `not used: ${fix.sql}\n${proof.after}`);
        assert.ok(
          buffersOf(after) < buffersOf(before),
          `${fix.sql}: ${buffersOf(before)} buffers became ${buffersOf(after)}`,
        );
        assert.deepEqual(
          findingsOf(after)
            .filter((finding) => finding.rule.id === rule)
            .map(({ message }) => message),
          [],
          'the finding is gone',
        );
      }));
  }
});

/** An index of the table that the plan had not read before. */
function usesNew(before: Plan, after: Plan, { table }: IndexProposal): boolean {
  const known = new Set(before.nodes.map(({ index }) => index));
  return after.nodes.some(({ index }) => index?.startsWith(`${table}_`) === true && !known.has(index));
}

function buffersOf(plan: Plan): number {
  return rootBuffers(plan) ?? assert.fail('The plan has no buffers.');
}
