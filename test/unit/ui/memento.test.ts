import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { queued } from '../../../src/ui/memento';

/** As VS Code's: a write is sent as a whole, in its turn, and comes back over what is there by then. */
function slow(): Memento {
  let value: Record<string, unknown> = {};
  let turn = Promise.resolve();
  return {
    keys: () => Object.keys(value),
    get: <T>(key: string, fallback?: T) => (value[key] as T | undefined) ?? (fallback as T),
    update: (key: string, next: unknown) => {
      value[key] = next;
      turn = turn.then(async () => {
        const sent = { ...value };
        await new Promise((resolve) => setTimeout(resolve, 1));
        value = sent;
      });
      return turn;
    },
  };
}

describe('state that is written quickly', () => {
  const write = async (state: Memento): Promise<void> => {
    const first = state.update('a', 1);
    await Promise.resolve();
    await Promise.resolve();
    const others = [state.update('a', 2), state.update('b', 3)];
    await Promise.all([first, ...others]);
  };

  it('is lost in part by what VS Code hands back', async () => {
    const state = slow();
    await write(state);
    assert.notDeepEqual([state.get('a'), state.get('b')], [2, 3]);
  });

  it('takes turns, and reads what is being written', async () => {
    const inner = slow();
    const state = queued(inner);
    const writing = write(state);
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.deepEqual([state.get('a'), state.get('b'), state.get('c', 4)], [2, 3, 4]);
    await writing;
    assert.deepEqual([inner.get('a'), inner.get('b')], [2, 3]);
    const removing = state.update('a', undefined);
    assert.equal(state.get('a', 'none'), 'none');
    await removing;
    assert.equal(inner.get('a'), undefined);
  });
});
