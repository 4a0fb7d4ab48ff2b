import type { Item } from './items';

export type Move = 'parent' | 'child' | 'next' | 'previous' | 'first' | 'last';

/** The items below, with the members of an open group in the place of its frame. */
export function childrenShown(items: readonly Item[], index: number): readonly number[] {
  const { children } = items[index] ?? { children: [] };
  if (!children.some((child) => items[child]?.kind === 'frame')) return children;
  return children.flatMap((child) => (items[child]?.kind === 'frame' ? items[child].children : [child]));
}

/** It and what stands beside it. */
export function siblingsShown(items: readonly Item[], index: number): readonly number[] {
  const parent = items[index]?.parent ?? -1;
  return parent < 0 ? [index] : childrenShown(items, parent);
}

/** Where a move leads; the same index where there is nothing. `isShown` leaves out what cannot be seen. */
export function step(
  items: readonly Item[],
  index: number,
  move: Move,
  isShown: (index: number) => boolean = () => true,
): number {
  if (move === 'parent') return Math.max(0, items[index]?.parent ?? 0);
  if (move === 'child') return childrenShown(items, index).find(isShown) ?? index;
  const siblings = siblingsShown(items, index).filter(isShown);
  const at = siblings.indexOf(index);
  const to = { first: 0, last: siblings.length - 1, next: at + 1, previous: Math.max(0, at - 1) }[move];
  return siblings[to] ?? index;
}
