/** What part of a flame's breadth is in sight, in shares of the whole. */
import type { FlameLayout } from '../../../plan/layout/flame';

export interface FlameWindow {
  readonly left: number;
  readonly width: number;
}

export const ALL: FlameWindow = { left: 0, width: 1 };
/** A millionth of the whole over the view: nothing that is measured is smaller. */
const LEAST = 1e-7;

/** The share under the pointer (0–1 of the view) stays where it is. */
export function zoomWindow({ left, width }: FlameWindow, factor: number, at: number): FlameWindow {
  const next = Math.min(1, Math.max(LEAST, width / factor));
  return within(left + at * (width - next), next);
}

/** `by`: in widths of the view, to the right. */
export function panWindow({ left, width }: FlameWindow, by: number): FlameWindow {
  return within(left + by * width, width);
}

export function windowOf(layout: FlameLayout, item: number): FlameWindow {
  const width = layout.width[item] ?? 0;
  return width > 0 ? within(layout.left[item] ?? 0, Math.max(LEAST, width)) : ALL;
}

/** So that `item` is in sight and not smaller than `least` of the view: as much of what is around it as leaves it that wide. */
export function showing(layout: FlameLayout, at: FlameWindow, item: number, least: number): FlameWindow {
  const left = layout.left[item] ?? 0;
  const width = layout.width[item] ?? 0;
  if (width === 0) return at;
  const isWide = width / at.width >= Math.min(least, 1);
  if (isWide && left >= at.left - 1e-9 && left + width <= at.left + at.width + 1e-9) return at;
  // Wider than the view: some of it in sight is enough.
  if (width >= at.width) return left < at.left + at.width && left + width > at.left ? at : within(left, at.width);
  const next = isWide ? at.width : Math.max(LEAST, width / least);
  return within(left + width / 2 - next / 2, next);
}

function within(left: number, width: number): FlameWindow {
  return { left: Math.max(0, Math.min(left, 1 - width)), width };
}
