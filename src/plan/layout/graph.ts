import type { Alike } from '../alike';
import type { Plan } from '../model';
import { itemsOf, type Item } from './items';
import { tidyTree } from './tidy';

/** Where the children stand: right of their parent, for wide places, or below it. */
export type Direction = 'right' | 'down';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Placed extends Box {
  readonly item: Item;
}

/** In pixels at 100 %, from the top left. */
export interface GraphLayout {
  readonly direction: Direction;
  readonly width: number;
  readonly height: number;
  /** By the item's index. */
  readonly boxes: readonly Placed[];
  /** By node id: the index of the box that shows it. */
  readonly shownBy: Int32Array;
}

export const BOX_WIDTH = 212;
export const BOX_HEIGHT = 66;
export const FRAME_HEAD = 30;
const FRAME_PADDING = 12;
/** Between siblings, and between levels: the latter has room for a row count on the edge. */
const GAPS = { right: { beside: 14, below: 68 }, down: { beside: 18, below: 46 } } as const;
/** Width : height of an open group's frame. */
const FRAME_RATIO = 1.8;

/**
 * The plan as a tree of equal boxes. An open group of alike nodes is a frame that holds them as a grid: thousands of
 * partitions stay one thing to look at. Linear.
 */
export function layoutGraph(
  plan: Plan,
  alike: ReadonlyMap<number, Alike>,
  open: ReadonlySet<number>,
  direction: Direction,
): GraphLayout {
  const { list, shownBy } = itemsOf(plan, alike, open);
  const isRight = direction === 'right';
  const gap = GAPS[direction];
  const width = new Float64Array(list.length).fill(BOX_WIDTH);
  const height = new Float64Array(list.length).fill(BOX_HEIGHT);
  const [across, along] = isRight ? [height, width] : [width, height];
  // A frame's members are trees of their own.
  const depthAt = new Float64Array(list.length);
  for (const { index, parent, isMember } of list) {
    if (parent >= 0 && !isMember) depthAt[index] = (depthAt[parent] ?? 0) + (along[parent] ?? 0) + gap.below;
  }
  const tidy = tidyTree({
    count: list.length,
    children: (index) => (list[index]?.kind === 'node' ? list[index].children : []),
    breadth: (index) => (across[index] ?? 0) + gap.beside,
    depth: (index) => (along[index] ?? 0) + gap.below,
    depthAt: (index) => depthAt[index] ?? 0,
  });
  const grids = new Map<number, Grid>();
  for (let index = list.length - 1; index >= 0; index--) {
    const item = list[index];
    if (item?.kind === 'frame') {
      const grid = gridOf(
        item.children.map((member) => tidy.place(member)),
        direction,
        gap,
      );
      grids.set(index, grid);
      width[index] = grid.columns * grid.width + 2 * FRAME_PADDING - grid.gapX;
      height[index] = grid.rows * grid.height + FRAME_HEAD + FRAME_PADDING - grid.gapY;
    }
    tidy.gather(index);
  }
  const extent = list.length === 0 ? { breadth: 0, depth: 0 } : tidy.place(0);

  // From the outside in: where each tree starts is known before what stands in it.
  const originX = new Float64Array(list.length);
  const originY = new Float64Array(list.length);
  const boxes: Placed[] = [];
  for (const item of list) {
    const { index, parent, isMember } = item;
    if (parent >= 0 && !isMember) {
      originX[index] = originX[parent] ?? 0;
      originY[index] = originY[parent] ?? 0;
    }
    const beside = tidy.breadthAt[index] ?? 0;
    const below = depthAt[index] ?? 0;
    const x = (originX[index] ?? 0) + (isRight ? below : beside);
    const y = (originY[index] ?? 0) + (isRight ? beside : below);
    // Whole pixels: lines stay sharp at 100 %.
    boxes.push({ item, x: Math.round(x), y: Math.round(y), width: width[index] ?? 0, height: height[index] ?? 0 });
    const grid = grids.get(index);
    if (grid === undefined) continue;
    for (const [place, member] of item.children.entries()) {
      // Members follow each other as siblings do: downwards where children stand at the right.
      const column = isRight ? Math.floor(place / grid.rows) : place % grid.columns;
      const row = isRight ? place % grid.rows : Math.floor(place / grid.columns);
      originX[member] = x + FRAME_PADDING + column * grid.width;
      originY[member] = y + FRAME_HEAD + row * grid.height;
    }
  }
  const [totalWidth, totalHeight] = isRight
    ? [extent.depth - gap.below, extent.breadth - gap.beside]
    : [extent.breadth - gap.beside, extent.depth - gap.below];
  return { direction, width: Math.max(0, totalWidth), height: Math.max(0, totalHeight), boxes, shownBy };
}

interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Of a cell, with the gap to the next. */
  readonly width: number;
  readonly height: number;
  readonly gapX: number;
  readonly gapY: number;
}

function gridOf(
  members: readonly { breadth: number; depth: number }[],
  direction: Direction,
  gap: { beside: number; below: number },
): Grid {
  let breadth = 0;
  let depth = 0;
  for (const member of members) {
    breadth = Math.max(breadth, member.breadth);
    depth = Math.max(depth, member.depth);
  }
  depth += gap.beside - gap.below;
  const [width, height] = direction === 'right' ? [depth, breadth] : [breadth, depth];
  const count = members.length;
  const ideal = Math.ceil(Math.sqrt((count * FRAME_RATIO * height) / width));
  const columns = Math.max(1, Math.min(count, ideal));
  return { columns, rows: Math.ceil(count / columns), width, height, gapX: gap.beside, gapY: gap.beside };
}
