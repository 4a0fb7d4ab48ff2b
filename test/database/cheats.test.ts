/**
 * Every cheat that we know of, tried on both engines: each is caught with a sentence that says what was found.
 * Beside them what is unusual and right, which passes.
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkExercise } from '../../src/check/check';
import { apply, measureReference } from '../../src/check/measure';
import type { Reference } from '../../src/check/reference';
import type { Verdict } from '../../src/check/verdict';
import type { Exercise } from '../../src/course/lesson';
import { EmbeddedEngine } from '../../src/database/embedded';
import type { Database, Engine } from '../../src/database/engine';
import { resolveConnection, ServerEngine } from '../../src/database/server';
import { UserError } from '../../src/shared/errors';
import { sharedCluster, startCluster } from '../support/cluster';
import { pgliteAssets } from '../support/pglite';
import { CHEATS, EXERCISES, HONEST, INDEX, SETTINGS, spec, TARGET } from './support/cheats';

/** A sentence in which … stands for anything. */
function pattern(sentence: string): RegExp {
  return new RegExp(`^${sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.+')}$`);
}

function suite(make: () => Promise<Engine>): void {
  let engine: Engine;
  let database: Database;
  const references = new Map<Exercise, Reference>();

  before(async function () {
    this.timeout(120_000);
    engine = await make();
    for (const each of EXERCISES) references.set(each, await measureReference(each, () => engine.scratch(spec)));
  });
  beforeEach(async () => {
    await engine.reset(spec);
    database = await engine.open(spec);
  });
  after(() => engine.dispose());

  const solve = async (each: Exercise, run: string, text = run): Promise<Verdict> => {
    await apply(database.session, run);
    return database.fresh((session) => checkExercise(session, each, text, references.get(each)!));
  };
  const failed = (verdict: Verdict): string[] =>
    verdict.outcomes.filter((outcome) => !outcome.passed).map((outcome) => outcome.message);

  describe('is caught', () => {
    for (const cheat of CHEATS) {
      const { name, exercise: each = INDEX, run, text = run, harmless = false, undo } = cheat;
      it(name, async () => {
        const sentence = (engine.kind === 'server' ? cheat.onServer : undefined) ?? cheat.says;
        const says = pattern(sentence);
        try {
          const verdict = await solve(each, run, text);
          const messages = verdict.outcomes.map((outcome) => outcome.message);
          assert.equal(verdict.passed, false, messages.join('\n'));
          const found = verdict.outcomes.filter((outcome) => says.test(outcome.message));
          assert.ok(found.length > 0, messages.join('\n'));
          assert.equal(found[0]!.passed, harmless);
          assert.equal(found[0]!.note ?? false, harmless, 'a note');
          assert.doesNotMatch(messages.join('\n'), /cheat|trick|fool|attempt to|499/i);
          if (each !== INDEX) return;
          // beside the right answer it passes where it misleads nobody, and still says so
          const rows = /rows|gone|is not a table|lost its constraint PRIMARY/.test(sentence);
          if (!rows) {
            const beside = await solve(
              INDEX,
              'CREATE INDEX ON public.sale (customer)',
              `${text}; ${INDEX.solution.text}`,
            );
            const budget = /buffers/.test(sentence);
            assert.equal(beside.passed, harmless || budget, failed(beside).join('\n'));
            if (!budget) assert.ok(beside.outcomes.some((outcome) => says.test(outcome.message)));
          }
        } finally {
          if (undo !== undefined) await apply(database.session, undo);
        }
      });
    }

    it('what is altered beside the exercise’s own subject', async () => {
      const verdict = await solve(
        TARGET,
        'ALTER TABLE sale ALTER note SET STATISTICS 50; ALTER TABLE sale ALTER id SET STATISTICS 0',
      );
      assert.match(failed(verdict).join('\n'), /^The statistics target of sale.id is 0\. .*$/);
    });

    it('ALTER SYSTEM, and a parameter of pg_hint_plan, have no effect', async () => {
      const reload = (settings: string): Promise<void> =>
        apply(database.session, `${settings}; SELECT pg_reload_conf()`);
      const inForce = async (name: string): Promise<string | null | undefined> =>
        (await database.fresh((session) => session.run(`SHOW ${name}`))).rows[0]?.[0];
      try {
        await reload('ALTER SYSTEM SET enable_seqscan = off; ALTER SYSTEM SET random_page_cost = 0.01');
        await apply(
          database.session,
          `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET pg_hint_plan.enable_hint = on', current_database()); END $$`,
        );
        await database.close();
        database = await engine.open(spec);
        for (let tries = 0; tries < 50 && (await inForce('enable_seqscan')) !== 'off'; tries++)
          await new Promise((resolve) => setTimeout(resolve, 100));
        assert.equal(await inForce('enable_seqscan'), 'off');
        assert.equal(await inForce('random_page_cost'), '0.01');
        assert.equal(await inForce('pg_hint_plan.enable_hint'), 'on');
        assert.deepEqual(failed(await solve(SETTINGS, '')), []);
      } finally {
        await reload('ALTER SYSTEM RESET ALL');
      }
    });

    it('a lock that keeps the check waiting, with the one who has it', async function () {
      this.timeout(30_000);
      if (engine.kind === 'embedded') this.skip(); // one session: the check says that a transaction is open
      await apply(database.session, 'BEGIN; LOCK TABLE sale');
      try {
        await assert.rejects(
          database.fresh((session) => checkExercise(session, INDEX, '', references.get(INDEX)!)),
          (error) => error instanceof UserError && /open transaction of another session/.test(error.message),
        );
      } finally {
        await apply(database.session, 'ROLLBACK');
      }
    });
  });

  describe('passes', () => {
    for (const [name, each, run, text] of HONEST)
      it(name, async () => assert.deepEqual(failed(await solve(each, run, text)), []));
  });
}

describe('cheats on embedded', function () {
  this.timeout(60_000);
  let dir = '';
  after(() => rm(dir, { recursive: true, force: true }));
  suite(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'pgl-cheats-'));
    return new EmbeddedEngine({ assetsDir: await pgliteAssets(), storageDir: dir, cacheDir: path.join(dir, 'cache') });
  });
});

describe('cheats on a server', function () {
  this.timeout(60_000);
  suite(async () => {
    const { port, superuser: user, password } = await sharedCluster();
    return new ServerEngine(
      await resolveConnection({ host: '127.0.0.1', port, user, password, database: 'postgres' }, {}),
    );
  });
});

describe('a prepared transaction that holds a lock', function () {
  this.timeout(60_000);
  it('is named, with the way out', async () => {
    // the embedded engine, and a server as initdb makes it, take none
    const cluster = await startCluster();
    const { port, superuser: user, password } = cluster;
    const target = await resolveConnection({ host: '127.0.0.1', port, user, password, database: 'postgres' }, {});
    try {
      const first = new ServerEngine(target);
      const reference = await measureReference(INDEX, () => first.scratch(spec));
      const configured = await first.openConfigured();
      await apply(configured.session, 'ALTER SYSTEM SET max_prepared_transactions = 2');
      await first.dispose();
      await cluster.restart();
      const engine = new ServerEngine(target);
      const database = await engine.open(spec);
      await apply(database.session, `BEGIN; LOCK TABLE sale; PREPARE TRANSACTION 'mine'`);
      await assert.rejects(
        database.fresh((session) => checkExercise(session, INDEX, '', reference)),
        (error) => error instanceof UserError && /prepared transaction 'mine' holds a lock/.test(error.message),
      );
      await apply(database.session, `ROLLBACK PREPARED 'mine'`);
      await engine.dispose();
    } finally {
      await cluster.stop();
    }
  });
});
