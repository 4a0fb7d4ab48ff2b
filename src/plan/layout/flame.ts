import type { Alike } from '../alike';
import type { Plan } from '../model';
import { itemsOf, type Item } from './items';
import { endsOf } from '../tree';
import { sumOver, type Figures } from './metric';

/** A plan as stacked bars: each item as wide as what it and all below it spent, its children under it. */
export interface FlameLayout {
  /** By index: nodes and closed groups; frames have no width. */
  readonly items: readonly Item[];
  /** Left edge and width, as shares of the whole; 0 wide where nothing was spent. */
  readonly left: Float64Array;
  readonly width: Float64Array;
  /** What the width stands for, in the metric's unit. */
  readonly spent: Float64Array;
  /** Level, from 0. */
  readonly level: Int32Array;
  /** By level: the items with a width, from left to right. */
  readonly levels: readonly (readonly number[])[];
  /** Their children spent more than they did themselves (they ran side by side, or a Limit stopped them) and are drawn narrower. */
  readonly squeezed: ReadonlySet<number>;
  /** By node id: the index of the item that shows it. */
  readonly shownBy: Int32Array;
  /** Of the root; 0 where nothing was spent. */
  readonly total: number;
}

/**
 * Widths are sums of the nodes' own figures: what a CTE or an InitPlan spent is drawn once, where it stands, and not again
 * in what waited for it. Linear.
 */
export function layoutFlame(
  plan: Plan,
  figures: Figures,
  alike: ReadonlyMap<number, Alike>,
  open: ReadonlySet<number>,
): FlameLayout {
  const { list, shownBy } = itemsOf(plan, alike, open);
  const ends = endsOf(plan.nodes);
  const spent = new Float64Array(list.length);
  const below = new Float64Array(list.length);
  const squeezed = new Set<number>();
  for (let index = list.length - 1; index >= 0; index--) {
    const item = list[index];
    if (item === undefined || item.kind === 'frame') continue;
    let sum = below[index] ?? 0;
    if (item.kind === 'group') {
      for (const member of item.members) sum += sumOver(figures, member, ends[member] ?? 0);
    } else {
      const limit = limitOf(plan, item.node, figures);
      sum += figures.own[item.node] ?? 0;
      if (limit !== undefined && sum > limit) {
        if (sum > limit * OVERLAP + (plan.nodes[item.node]?.errorMs ?? 0)) squeezed.add(index);
        sum = limit;
      }
    }
    spent[index] = sum;
    if (item.parent >= 0) below[item.parent] = (below[item.parent] ?? 0) + sum;
  }

  const total = spent[0] ?? 0;
  const left = new Float64Array(list.length);
  const width = new Float64Array(list.length);
  const level = new Int32Array(list.length);
  /** Where the next child goes. */
  const next = new Float64Array(list.length);
  const levels: number[][] = [];
  for (const { index, kind, parent } of list) {
    if (kind === 'frame') continue;
    if (parent < 0) {
      width[index] = total > 0 ? 1 : 0;
    } else {
      level[index] = (level[parent] ?? 0) + 1;
      const room = Math.max(spent[parent] ?? 0, 0);
      const wanted = below[parent] ?? 0;
      const scale = wanted > room ? room / wanted : 1;
      width[index] = total > 0 ? ((spent[index] ?? 0) * scale * (width[parent] ?? 0)) / (room || 1) : 0;
      left[index] = next[parent] ?? 0;
      next[parent] = (left[index] ?? 0) + (width[index] ?? 0);
    }
    next[index] = left[index] ?? 0;
    if ((width[index] ?? 0) > 0) (levels[level[index] ?? 0] ??= []).push(index);
  }
  return { items: list, left, width, spent, level, levels, squeezed, shownBy, total };
}

/** What it and all below it cannot exceed: children run within their parent. Rows and buffers add up of themselves. */
function limitOf(plan: Plan, id: number, { metric }: Figures): number | undefined {
  const node = plan.nodes[id];
  if (metric === 'cost') return node?.totalCost;
  if (metric !== 'time' || node?.inclusiveMs === undefined) return undefined;
  // A data-modifying CTE runs on after the main tree has ended.
  return node.parent === undefined ? Math.max(node.inclusiveMs, plan.spanMs ?? 0) : node.inclusiveMs;
}

/** Less is rounding, here or in the nodes below. */
const OVERLAP = 1.05;

/** The first item of a level that ends right of `share`: where to start drawing. */
export function firstRightOf(layout: FlameLayout, level: number, share: number): number {
  const row = layout.levels[level] ?? [];
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = row[middle] ?? 0;
    if ((layout.left[item] ?? 0) + (layout.width[item] ?? 0) <= share) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The item at a place, if there is one. */
export function itemAt(layout: FlameLayout, level: number, share: number): number | undefined {
  const item = layout.levels[level]?.[firstRightOf(layout, level, share)];
  return item !== undefined && (layout.left[item] ?? 0) <= share ? item : undefined;
}
