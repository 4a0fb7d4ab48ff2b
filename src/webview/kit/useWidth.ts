import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** An element's width in CSS pixels; 0 until it is on the page. */
export function useWidth(element: RefObject<HTMLElement>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const watched = element.current;
    if (watched === null) return undefined;
    setWidth(watched.clientWidth);
    const sizes = new ResizeObserver(() => setWidth(watched.clientWidth));
    sizes.observe(watched);
    return () => sizes.disconnect();
  }, [element]);
  return width;
}
