import assert from 'node:assert/strict';
import { createChannel } from '../../../src/webview/kit/channel';
import type { RequestMessage } from '../../../src/shared/protocol';

interface TestRequests {
  ready(): number;
  twice(params: { n: number }): number;
}

function opened() {
  const sent: RequestMessage[] = [];
  let hear: (message: unknown) => void = () => {};
  const channel = createChannel<string, TestRequests>({
    post: (message) => sent.push(message),
    listen: (listener) => {
      hear = listener;
    },
  });
  return { channel, sent, hear: (message: unknown) => hear(message) };
}

describe('the channel to the host', () => {
  it('gives each answer to who asked, in whatever order they come', async () => {
    const { channel, sent, hear } = opened();
    const first = channel.request('twice', { n: 1 });
    const second = channel.request('twice', { n: 2 });
    assert.deepEqual(
      sent.map(({ method, params }) => [method, params]),
      [
        ['twice', { n: 1 }],
        ['twice', { n: 2 }],
      ],
    );
    hear({ kind: 'reply', id: sent[1]?.id, ok: 4 });
    hear({ kind: 'reply', id: sent[0]?.id, ok: 2 });
    assert.deepEqual(await Promise.all([first, second]), [2, 4]);
  });

  it('rejects with the sentence of the host', async () => {
    const { channel, sent, hear } = opened();
    const asked = channel.request('ready');
    hear({ kind: 'reply', id: sent[0]?.id, error: 'No lesson is open.' });
    await assert.rejects(asked, { message: 'No lesson is open.' });
  });

  it('settles by a reply without a value, which arrives without `ok`', async () => {
    const { channel, sent, hear } = opened();
    const asked = channel.request('ready');
    hear(JSON.parse(JSON.stringify({ kind: 'reply', id: sent[0]?.id, ok: undefined })));
    assert.equal(await asked, undefined);
  });

  it('rejects what cannot be sent', async () => {
    const channel = createChannel<string, TestRequests>({
      post: () => {
        throw new Error('could not be cloned');
      },
      listen: () => {},
    });
    await assert.rejects(channel.request('ready'), { message: 'could not be cloned' });
  });

  it('tells states to those that listen, until they stop', () => {
    const { channel, hear } = opened();
    const heard: string[] = [];
    const stop = channel.onState((state) => heard.push(state));
    hear({ kind: 'state', state: 'one' });
    stop();
    hear({ kind: 'state', state: 'two' });
    assert.deepEqual(heard, ['one']);
  });

  it('does not mind messages of others', () => {
    const { hear } = opened();
    for (const message of [null, 'x', {}, { kind: 'reply' }, { kind: 'reply', id: 99, ok: 1 }, { kind: 'other' }]) {
      hear(message);
    }
  });
});
