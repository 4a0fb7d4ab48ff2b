import { useEffect, useState } from 'preact/hooks';

/** A part of the page: undefined until it is there. */
export interface Loaded<T> {
  readonly part: T | undefined;
  readonly failed: boolean;
}

const WAITING = { part: undefined, failed: false };
const FAILED = { part: undefined, failed: true };

/** What was loaded before is there at once. */
const loaded = new Map<() => Promise<unknown>, Loaded<unknown>>();

/**
 * A part of the page that is loaded when it is first wanted. `load` must be the same function each time:
 * `const loadGraph = async () => (await import('./graph')).Graph`. After a failure it is tried again when it is next wanted.
 */
export function useModule<T>(load: () => Promise<T>, wanted = true): Loaded<T> {
  const [, redraw] = useState(0);
  const [failed, setFailed] = useState<() => Promise<T>>();
  const known = loaded.get(load);
  useEffect(() => {
    if (known !== undefined || !wanted) return undefined;
    let gone = false;
    preload(load).then(
      () => {
        if (!gone) redraw((count) => count + 1);
      },
      () => {
        if (!gone) setFailed(() => load);
      },
    );
    return () => {
      gone = true;
    };
  }, [load, known, wanted]);
  if (known !== undefined) return known as Loaded<T>;
  return wanted && failed === load ? FAILED : WAITING;
}

/** Loads a part before it is wanted. Rejects as the import does. */
export async function preload<T>(load: () => Promise<T>): Promise<void> {
  if (loaded.has(load)) return;
  loaded.set(load, { part: await load(), failed: false });
}

/** What stands where a part should be that can't be loaded: most often its file went with an update of the extension. */
export function missing(what: string): string {
  return `${what} could not be loaded. If the extension was updated meanwhile, reload the window.`;
}
