import { useEffect, useState } from 'preact/hooks';

/** What was loaded before is there at once. */
const loaded = new Map<() => Promise<unknown>, unknown>();

/**
 * A part of the page that is loaded when it is first wanted; undefined until it is there.
 * `load` must be the same function each time: `const loadGraph = () => import('./graph')`.
 */
export function useModule<T>(load: () => Promise<T>, wanted = true): T | undefined {
  const [, redraw] = useState(0);
  const known = loaded.has(load);
  useEffect(() => {
    if (known || !wanted) return undefined;
    let gone = false;
    void load().then((module) => {
      loaded.set(load, module);
      if (!gone) redraw((count) => count + 1);
    });
    return () => {
      gone = true;
    };
  }, [load, known, wanted]);
  return known ? (loaded.get(load) as T) : undefined;
}
