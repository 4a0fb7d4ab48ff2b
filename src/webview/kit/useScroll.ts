import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Scrolled {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

const NOTHING: Scrolled = { top: 0, left: 0, width: 0, height: 0 };

/**
 * What of a scrolling element is in sight, in CSS pixels; follows scrolling and resizing, once a frame.
 * @param guess what to draw first; it is measured before the first paint
 */
export function useScroll(element: RefObject<HTMLElement>, guess: Scrolled = NOTHING): Scrolled {
  const [scrolled, setScrolled] = useState(guess);
  useLayoutEffect(() => {
    const scroller = element.current;
    if (scroller === null) {
      return undefined;
    }
    let frame = 0;
    const measure = (): void => {
      frame = 0;
      const { scrollTop: top, scrollLeft: left, clientWidth: width, clientHeight: height } = scroller;
      setScrolled((before) => {
        const isSame = before.top === top && before.left === left && before.width === width && before.height === height;
        return isSame ? before : { top, left, width, height };
      });
    };
    const soon = (): void => {
      frame ||= requestAnimationFrame(measure);
    };
    scroller.addEventListener('scroll', soon, { passive: true });
    // It is called first between layout and paint: measuring here would lay out the page once more.
    const sizes = new ResizeObserver(measure);
    sizes.observe(scroller);
    return () => {
      cancelAnimationFrame(frame);
      scroller.removeEventListener('scroll', soon);
      sizes.disconnect();
    };
  }, [element]);
  return scrolled;
}
