/**
 * The page's end of the one channel (`shared/protocol.ts`): `request` asks the host, and always settles
 * with the host's answer; `onState` hears each state the host pushes.
 */
import type { HostMessage, RequestMessage } from '../../shared/protocol';

/** What a page needs of VS Code, so that a test can stand in for it. */
export interface Port {
  post(message: RequestMessage): void;
  listen(listener: (message: unknown) => void): void;
}

/** Requests as an interface of methods: each takes one object, or nothing. */
export type Requests<R> = { readonly [K in keyof R]: (params: never) => unknown };

export interface Channel<State, R extends Requests<R>> {
  /** Rejects with the host's sentence. */
  request<K extends keyof R & string>(method: K, ...params: Parameters<R[K]>): Promise<ReturnType<R[K]>>;
  onState(listener: (state: State) => void): () => void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

export function createChannel<State, R extends Requests<R>>(port: Port): Channel<State, R> {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(state: State) => void>();
  let lastId = 0;

  port.listen((data) => {
    if (!isHostMessage<State>(data)) {
      return;
    }
    if (data.kind === 'state') {
      for (const listener of listeners) {
        listener(data.state);
      }
      return;
    }
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('error' in data) {
      asked?.reject(new Error(data.error));
    } else {
      asked?.resolve(data.ok);
    }
  });

  return {
    request: (method, ...params) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        try {
          port.post({ kind: 'request', id, method, params: params[0] });
        } catch (error) {
          waiting.delete(id);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }),
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isHostMessage<State>(data: unknown): data is HostMessage<State> {
  if (typeof data !== 'object' || data === null || !('kind' in data)) {
    return false;
  }
  // A reply without a value arrives without `ok`: messages cross as JSON.
  return data.kind === 'state' || (data.kind === 'reply' && 'id' in data);
}
