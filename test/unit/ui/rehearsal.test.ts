import assert from 'node:assert/strict';
import type { Memento } from 'vscode';
import { authorsId, isRehearsal, rehearsalId, withoutRehearsals } from '../../../src/ui/lesson/rehearsal';

function memento(): Memento & { readonly content: Map<string, unknown> } {
  const content = new Map<string, unknown>();
  return {
    content,
    keys: () => [...content.keys()],
    get: <T>(key: string, fallback?: T) => (content.has(key) ? content.get(key) : fallback) as T,
    update: (key: string, value: unknown) => {
      content.set(key, value);
      return Promise.resolve();
    },
  };
}

describe('a rehearsal', () => {
  const id = rehearsalId('my-course', 1_700_000_000_000);

  it('has an id that no course can have, and from which the course’s is known', () => {
    assert.ok(isRehearsal(id));
    assert.ok(!isRehearsal('my-course'));
    assert.equal(authorsId(id), 'my-course');
    assert.equal(authorsId('my-course'), 'my-course');
    assert.doesNotMatch(id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.notEqual(id, rehearsalId('my-course', 1_700_000_000_001));
  });

  it('leaves no progress in the store, and keeps it while the window lives', async () => {
    const store = memento();
    const state = withoutRehearsals(store);
    const own = { 'my-course/l/e': { status: 'passed' } };
    await state.update('progress', { version: 1, exercises: { ...own, [`${id}/l/e`]: { status: 'failed' } } });
    assert.deepEqual(store.content.get('progress'), { version: 1, exercises: own });
    assert.deepEqual(state.get('progress'), {
      version: 1,
      exercises: { ...own, [`${id}/l/e`]: { status: 'failed' } },
    });
  });

  it('leaves no verdict in the store', async () => {
    const store = memento();
    const state = withoutRehearsals(store);
    await state.update('verdicts', { [`${id}/l/e`]: { passed: false } });
    assert.deepEqual(store.content.get('verdicts'), {});
    assert.deepEqual(state.get('verdicts'), { [`${id}/l/e`]: { passed: false } });
    await state.update('verdicts', undefined);
    assert.equal(state.get('verdicts'), undefined);
  });

  it('changes nothing else', async () => {
    const state = withoutRehearsals(memento());
    assert.equal(state.get('other', 3), 3);
    await state.update('other', ['a']);
    assert.deepEqual(state.get('other'), ['a']);
    assert.deepEqual(state.keys(), ['other']);
  });
});
