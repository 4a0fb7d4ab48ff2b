import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** An element's width in CSS pixels; the window's until it is measured, which is before the first paint. */
export function useWidth(element: RefObject<HTMLElement>): number {
  const [width, setWidth] = useState(window.innerWidth);
  useLayoutEffect(() => {
    const watched = element.current;
    if (watched === null) return undefined;
    // It is called first between layout and paint: asking for the width here would lay out the page once more.
    const sizes = new ResizeObserver(() => setWidth(watched.clientWidth));
    sizes.observe(watched);
    return () => sizes.disconnect();
  }, [element]);
  return width;
}
