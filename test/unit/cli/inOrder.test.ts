import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { inOrder } from '../../../src/cli/inOrder';

describe('cli: inOrder', () => {
  it('some at a time, results in their own order', async () => {
    let running = 0;
    let most = 0;
    const tasks = [30, 1, 10, 1, 1].map((ms, index) => async () => {
      most = Math.max(most, ++running);
      await delay(ms);
      running--;
      return index;
    });
    const seen: number[] = [];
    for await (const result of inOrder(tasks, 2)) seen.push(result);
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    assert.equal(most, 2);
  });

  it('a failure begins nothing more, and waits for what runs', async () => {
    const log: string[] = [];
    const tasks = [
      async () => {
        await delay(30);
        log.push('slow');
      },
      () => Promise.reject(new Error('broken')),
      () => Promise.resolve(void log.push('never')),
    ];
    await assert.rejects(async () => {
      for await (const result of inOrder(tasks, 2)) log.push(typeof result === 'undefined' ? 'result' : 'something');
    }, /broken/);
    assert.deepEqual(log, ['slow', 'result']);
  });

  it('none', async () => {
    assert.equal((await inOrder([], 3).next()).done, true);
  });
});
