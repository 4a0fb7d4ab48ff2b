import assert from 'node:assert/strict';
import type { Plan } from '../../../../src/plan/model';
import { fixture } from '../fixtures';
import { hit, node, on, outer, planOfNodes, says, sqlOf, statement, theOnly } from './statementPlans';

function gather(
  ms: number,
  childMs: number,
  more: object = {},
  child: object = {},
  loops = 3,
  sections: object = {},
): Plan {
  return planOfNodes(
    node('Gather', ms, 10, { 'Workers Planned': 2, 'Workers Launched': 2, ...more }, [
      node('Seq Scan', childMs, 10, { ...outer, ...on('a'), 'Parallel Aware': true, 'Actual Loops': loops, ...child }),
    ]),
    ms,
    sections,
  );
}

describe('workers-not-launched', () => {
  it('counts them', () => {
    const finding = theOnly('workers-not-launched', fixture('pg15', 'parallel-no-workers'));
    assert.match(finding.message, /^Gather got 0 of 2 workers: the plan was made for 3 processes and ran in 1\.$/);
    assert.match(sqlOf(finding), /max_parallel_workers/);
  });

  it('is silent where all came, and where they could not have spared much', () => {
    assert.deepEqual(says('workers-not-launched', fixture('pg15', 'parallel-seq-scan')), []);
    assert.equal(says('workers-not-launched', gather(100, 90, { 'Workers Launched': 1 }, {}, 2)).length, 1);
    assert.deepEqual(
      says('workers-not-launched', gather(100, 90, { 'Workers Planned': 24, 'Workers Launched': 23 }, {}, 24)),
      [],
    );
    assert.deepEqual(
      says('workers-not-launched', gather(100, 90, { 'Workers Launched': 0, 'Single Copy': true }, {}, 1)),
      [],
    );
  });
});

describe('parallel-overhead', () => {
  it('compares the Gather with all that was worked', () => {
    const finding = theOnly('parallel-overhead', fixture('pg15', 'parallel-bitmap'));
    assert.match(
      finding.message,
      /^Gather took 19\.8 ms with 2 workers; the work in all processes adds up to 6\.8 ms\.$/,
    );
    assert.match(sqlOf(finding), /SET max_parallel_workers_per_gather = 0;/);
  });

  it('is silent where the workers did more than the leader waited, below 1 ms, and where JIT explains it', () => {
    assert.equal(says('parallel-overhead', gather(30, 5)).length, 1);
    assert.deepEqual(says('parallel-overhead', gather(30, 10)), []);
    assert.deepEqual(says('parallel-overhead', gather(1.2, 0.1)), []);
    const jit = {
      JIT: { Functions: 9, Timing: { Generation: 1, Inlining: 0, Optimization: 1, Emission: 40, Total: 42 } },
    };
    assert.deepEqual(says('parallel-overhead', gather(30, 5, {}, {}, 3, jit)), []);
    assert.deepEqual(says('parallel-overhead', fixture('pg15', 'parallel-append-one-process')), []);
  });
});

describe('skewed-workers', () => {
  const workers = (...times: number[]): object => ({
    Workers: times.map((ms, place) => ({
      'Worker Number': place,
      'Actual Startup Time': 0,
      'Actual Total Time': ms,
      'Actual Rows': 10,
      'Actual Loops': 1,
    })),
  });

  it('names the process and what it did alone', () => {
    const finding = theOnly('skewed-workers', statement('skewed'));
    assert.match(finding.message, /^(?:The leader|Worker \d) worked \d+ ms, [23](?:\.\d)? × the mean of 3 processes/);
    assert.match(finding.fixes[0]!.text, /^Seq Scan on public\.skew was read by one process/);
  });

  it('is silent where the work is even, or short, or not listed', () => {
    // the mean of three loops is printed
    assert.equal(says('skewed-workers', gather(100, 40, {}, workers(90, 15))).length, 1);
    assert.deepEqual(says('skewed-workers', gather(100, 40, {}, workers(50, 30))), []);
    assert.deepEqual(says('skewed-workers', gather(10, 4, {}, workers(9, 1.5))), []);
    assert.deepEqual(says('skewed-workers', gather(100, 40)), []);
    assert.deepEqual(says('skewed-workers', fixture('pg15', 'parallel-verbose')), []);
  });
});

describe('lock-wait', () => {
  it('finds time without blocks, in writes and in row locks', () => {
    const update = theOnly('lock-wait', statement('lock-wait'));
    assert.match(update.message, /^Update on customers took \d+ ms of its own for 1 row and 14 blocks/);
    assert.match(sqlOf(update), /pg_blocking_pids/);
    assert.match(theOnly('lock-wait', statement('for-update')).fixes.at(-1)!.text, /SKIP LOCKED/);
  });

  it('is silent where rows and blocks explain the time, or nothing tells', () => {
    assert.deepEqual(says('lock-wait', statement('update-many')), []);
    assert.deepEqual(says('lock-wait', fixture('pg15', 'insert-conflict')), []);
    const update = (ms: number, blocks: object): Plan =>
      planOfNodes(
        node('ModifyTable', ms, 0, { Operation: 'Update', ...on('a'), ...blocks }, [
          node('Index Scan', 0.1, 1, { ...outer, ...on('a'), ...(Object.keys(blocks).length > 0 ? hit(1) : {}) }),
        ]),
        ms,
      );
    assert.equal(says('lock-wait', update(60, hit(5))).length, 1);
    assert.deepEqual(says('lock-wait', update(45, hit(5))), []);
    assert.deepEqual(says('lock-wait', update(60, hit(50))), [], '50 blocks from a slow disk take as long');
    assert.deepEqual(says('lock-wait', update(60, {})), [], 'without BUFFERS nobody knows');
  });
});
