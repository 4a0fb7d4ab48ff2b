import assert from 'node:assert/strict';
import { readPlan } from '../../../../src/plan/read';
import type { Plan } from '../../../../src/plan/model';
import { fixture, sharedPlans } from '../fixtures';
import { hit, node, on, outer, planOfNodes, says, sqlOf, statement, theOnly } from './statementPlans';

const scan = (ms: number, more: object = {}): object => node('Seq Scan', ms, 10, { ...on('a'), ...more });

describe('planning-time', () => {
  const plan = (planning: number, execution: number): Plan =>
    planOfNodes(scan(execution), execution, { 'Planning Time': planning });

  it('compares planning with execution', () => {
    const finding = theOnly('planning-time', plan(30, 10));
    assert.equal(finding.message, 'Planning took 30 ms, execution 10 ms: 3 × as long.');
    assert.equal(finding.shareOfTime, 1);
  });

  it('is silent below 5 ms, and where execution takes longer', () => {
    assert.deepEqual(says('planning-time', plan(4.9, 1)), []);
    assert.deepEqual(says('planning-time', plan(10, 10)), []);
    assert.deepEqual(says('planning-time', fixture('pg15', 'index-scan')), []);
  });
});

describe('jit-cost', () => {
  it('proposes a limit that fits the plan', () => {
    assert.match(
      theOnly('jit-cost', statement('jit')).message,
      /^JIT compiled 5 functions in [\d.]+ ms: \d+ % of the execution time\.$/,
    );
    assert.match(sqlOf(theOnly('jit-cost', statement('jit'))), /SET jit_above_cost = 100000;/);
  });

  it('counts a process, not the sum of them', () => {
    const jit = {
      JIT: { Functions: 12, Timing: { Generation: 1, Inlining: 0, Optimization: 5, Emission: 24, Total: 30 } },
    };
    const gather = (launched: number): Plan =>
      planOfNodes(
        node('Gather', 100, 1, { 'Total Cost': 150_000, 'Workers Planned': 2, 'Workers Launched': launched }),
        100,
        jit,
      );
    const finding = theOnly('jit-cost', gather(2));
    assert.equal(finding.stake.ms, 10);
    assert.match(finding.message, /in 10 ms in each process: 10 %/);
    assert.match(sqlOf(finding), /SET jit_above_cost = 300000;/);
    assert.deepEqual(says('jit-cost', gather(3)), [], '7.5 ms in each');
  });

  it('is silent for little, and without JIT', () => {
    assert.deepEqual(says('jit-cost', fixture('pg15', 'jit')), [], '6 of 95 ms in each of 3 processes');
    assert.deepEqual(says('jit-cost', fixture('pg15', 'seq-scan')), []);
  });
});

describe('trigger-time', () => {
  it('writes the query that writes the index', () => {
    const finding = theOnly('trigger-time', statement('delete-parents'));
    assert.match(finding.message, /^The check of child_parent_id_fkey on parent took .*: 899 calls of /);
    assert.match(sqlOf(finding), /conname = 'child_parent_id_fkey'/);
  });

  it('knows that an insert looks up the primary key', () => {
    const finding = theOnly('trigger-time', statement('insert-children'));
    assert.equal(
      finding.fixes.some(({ kind }) => kind === 'index'),
      false,
    );
  });

  it('is silent below 10 % or 1 ms, and quotes what it is given', () => {
    const plan = (ms: number, constraint = "it's"): Plan =>
      planOfNodes(node('ModifyTable', 50, 0, { Operation: 'Delete', ...on('a') }), 100, {
        Triggers: [{ 'Trigger Name': 'RI_1', 'Constraint Name': constraint, Relation: 'a', Time: ms, Calls: 5 }],
      });
    assert.match(sqlOf(theOnly('trigger-time', plan(10))), /conname = 'it''s'/);
    assert.deepEqual(says('trigger-time', plan(9.9)), []);
    const short = planOfNodes(scan(1), 1, { Triggers: [{ 'Trigger Name': 't', Relation: 'a', Time: 0.9, Calls: 1 }] });
    assert.deepEqual(says('trigger-time', short), []);
  });
});

describe('slow-io and cold-cache', () => {
  const read = (ms: number, blocks: number, io: object = {}, hits = 0): Plan =>
    planOfNodes(scan(ms, hit(hits, { 'Shared Read Blocks': blocks, ...io })), ms);

  it('slow-io tells the time of one block', () => {
    const finding = theOnly('slow-io', read(100, 100, { 'I/O Read Time': 80 }));
    assert.match(finding.message, /^Waited 80 ms for I\/O, 80 % of the time; Seq Scan on a most\.$/);
    assert.ok(finding.evidence.some(({ name, value }) => name === 'Time of one block read' && value === '0.8 ms'));
    assert.match(sqlOf(finding), /effective_io_concurrency/);
    assert.match(theOnly('slow-io', read(100, 10, { 'I/O Read Time': 80 })).fixes[1]!.text, /seeking disk/);
    assert.match(theOnly('slow-io', read(100, 8000, { 'I/O Read Time': 80 })).fixes[1]!.text, /operating system/);
  });

  it('slow-io is silent below 20 % and 1 ms', () => {
    assert.deepEqual(says('slow-io', read(100, 100, { 'I/O Read Time': 19 })), []);
    assert.deepEqual(says('slow-io', read(1, 100, { 'I/O Read Time': 0.9 })), []);
    assert.deepEqual(says('slow-io', fixture('pg15', 'io-timing')), []);
  });

  it('slow-io finds it in a real plan', function () {
    const plan = sharedPlans()?.find(({ name }) => name.endsWith('io-timings/read-and-write.plan'));
    if (plan === undefined) this.skip();
    assert.match(theOnly('slow-io', readPlan(plan.text)).message, /^Waited 1 min 17 s for I\/O, 97 % of the time/);
  });

  it('cold-cache speaks where nothing timed the reads', () => {
    const finding = theOnly('cold-cache', read(1000, 9000, {}, 1000));
    assert.match(finding.message, /^Read 70 MB \(9,000 blocks, 90 % of all\) from outside shared buffers/);
    assert.match(sqlOf(finding), /SELECT pg_prewarm\('a'\);/);
    assert.deepEqual(finding.stake, {});
  });

  it('cold-cache is silent for few blocks, those of the operating system, and where I/O was timed', () => {
    assert.deepEqual(says('cold-cache', read(1000, 999)), []);
    assert.deepEqual(says('cold-cache', read(1000, 9000, {}, 9001)), []);
    assert.deepEqual(says('cold-cache', statement('cold')), [], '1,875 blocks in 30 ms came from memory');
    assert.deepEqual(says('cold-cache', read(1000, 9000, { 'I/O Read Time': 8 })), []);
  });
});

describe('reader-dirties-or-writes', () => {
  it('proposes VACUUM', () => {
    const finding = theOnly('reader-dirties-or-writes', statement('reader-dirties'));
    assert.match(finding.message, /^Reading alone changed 2,223 blocks \(17 MB\) and wrote 2,191/);
    assert.match(sqlOf(finding), /VACUUM \(ANALYZE\) fresh;/);
  });

  it('is silent for statements that write, and for few blocks', () => {
    assert.deepEqual(says('reader-dirties-or-writes', statement('full-pages')), []);
    const plan = (dirtied: number, touched: number): Plan =>
      planOfNodes(scan(10, hit(touched, { 'Shared Dirtied Blocks': dirtied })), 10);
    assert.equal(says('reader-dirties-or-writes', plan(100, 10_000)).length, 1);
    assert.deepEqual(says('reader-dirties-or-writes', plan(99, 99)), []);
    assert.deepEqual(says('reader-dirties-or-writes', plan(100, 10_001)), []);
  });
});

describe('full-page-images', () => {
  it('counts them', () => {
    const finding = theOnly('full-page-images', statement('full-pages'));
    assert.match(finding.message, /^Wrote 19 MB of WAL, up to \d+ % of it 2,\d{3} whole pages/);
    assert.match(sqlOf(finding), /wal_compression/);
  });

  it('is silent for few, and without WAL', () => {
    const plan = (fpi: number, bytes: number): Plan =>
      planOfNodes(
        node('ModifyTable', 10, 0, { Operation: 'Update', 'WAL Records': 900, 'WAL FPI': fpi, 'WAL Bytes': bytes }),
        10,
      );
    assert.equal(says('full-page-images', plan(100, 1_600_000)).length, 1);
    assert.deepEqual(says('full-page-images', plan(99, 800_000)), []);
    assert.deepEqual(says('full-page-images', plan(100, 1_700_000)), []);
    assert.deepEqual(says('full-page-images', fixture('pg15', 'verbose-wal-settings')), []);
  });
});

describe('serialization-cost', () => {
  const plan = (ms: number): Plan =>
    planOfNodes(scan(10), 100, { Serialization: { Time: ms, 'Output Volume': 2048, Format: 'text' } });

  it('tells its share and volume', () => {
    assert.equal(
      theOnly('serialization-cost', plan(60)).message,
      'Converting the result for the client took 60 ms, 60 % of the execution time, for 2 MB.',
    );
  });

  it('is silent below 20 %, and without SERIALIZE', () => {
    assert.deepEqual(says('serialization-cost', plan(19.9)), []);
    assert.deepEqual(says('serialization-cost', fixture('pg15', 'seq-scan')), []);
  });
});

describe('disabled-node', () => {
  it('names the setting, of both marks', () => {
    assert.equal(
      theOnly('disabled-node', fixture('pg15', 'disabled')).message,
      'enable_seqscan is off, yet Seq Scan on tree had no other way.',
    );
    assert.match(sqlOf(theOnly('disabled-node', statement('disabled-joins'))), /RESET enable_nestloop;/);
    assert.match(
      theOnly('disabled-node', planOfNodes(scan(1, { Disabled: true }), 1)).message,
      /^enable_seqscan is off/,
    );
  });

  it('is silent otherwise', () => {
    assert.deepEqual(says('disabled-node', fixture('pg15', 'seq-scan')), []);
    assert.deepEqual(says('disabled-node', planOfNodes(scan(1, { Disabled: false }), 1)), []);
  });
});

describe('changed-planner-settings', () => {
  it('lists what bends the plan, and nothing else', () => {
    const finding = theOnly('changed-planner-settings', statement('settings'));
    assert.match(finding.message, /^Planned with enable_indexscan = off and random_page_cost = 0\.5/);
    assert.equal(sqlOf(finding), 'RESET enable_indexscan;\nRESET random_page_cost;');
  });

  it('is silent for settings that only fit the server', () => {
    assert.deepEqual(says('changed-planner-settings', fixture('pg15', 'verbose-wal-settings')), []);
    const plan = (Settings: object): Plan => planOfNodes(scan(1, outer), 1, { Settings });
    assert.deepEqual(
      says('changed-planner-settings', plan({ random_page_cost: '1', join_collapse_limit: '12', jit: 'off' })),
      [],
    );
    assert.equal(says('changed-planner-settings', plan({ join_collapse_limit: '1' })).length, 1);
    assert.deepEqual(says('changed-planner-settings', plan({ 'enable_x; DROP TABLE a': 'off' })), []);
  });
});
