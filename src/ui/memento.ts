import type { Memento } from 'vscode';

/**
 * VS Code writes an extension's state as a whole and hands each write back a moment later, over what was written
 * meanwhile. So writes take turns here, and what is being written is what is read.
 */
export function queued(state: Memento): Memento {
  const pending = new Map<string, { readonly value: unknown }>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    keys: () => state.keys(),
    get<T>(key: string, fallback?: T): T | undefined {
      const writing = pending.get(key);
      return (writing ? (writing.value as T | undefined) : state.get<T>(key)) ?? fallback;
    },
    update: async (key: string, value: unknown) => {
      const write = { value };
      pending.set(key, write);
      const done = last.then(() => state.update(key, value));
      last = done.catch(() => undefined);
      try {
        await done;
      } finally {
        if (pending.get(key) === write) pending.delete(key);
      }
    },
  };
}
