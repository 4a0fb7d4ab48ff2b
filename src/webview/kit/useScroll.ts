import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Scrolled {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

const NOTHING: Scrolled = { top: 0, left: 0, width: 0, height: 0 };

/** What of a scrolling element is in sight, in CSS pixels; follows scrolling and resizing, once a frame. */
export function useScroll(element: RefObject<HTMLElement>): Scrolled {
  const [scrolled, setScrolled] = useState(NOTHING);
  useLayoutEffect(() => {
    const scroller = element.current;
    if (scroller === null) {
      return undefined;
    }
    let frame = 0;
    const measure = (): void => {
      frame = 0;
      setScrolled({
        top: scroller.scrollTop,
        left: scroller.scrollLeft,
        width: scroller.clientWidth,
        height: scroller.clientHeight,
      });
    };
    const soon = (): void => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    scroller.addEventListener('scroll', soon, { passive: true });
    const sizes = new ResizeObserver(soon);
    sizes.observe(scroller);
    return () => {
      cancelAnimationFrame(frame);
      scroller.removeEventListener('scroll', soon);
      sizes.disconnect();
    };
  }, [element]);
  return scrolled;
}
