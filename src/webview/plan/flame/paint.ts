import type { Caption } from '../../../plan/layout/captions';
import { firstRightOf, type FlameLayout } from '../../../plan/layout/flame';
import type { Item } from '../../../plan/layout/items';
import { formatFigure, formatShare, type Figures } from '../../../plan/layout/metric';
import type { Palette } from '../../../plan/layout/paint';
import type { Size } from '../graph/camera';
import type { CanvasSurface } from '../graph/canvas';
import type { FlameWindow } from './window';

export const ROW = 24;

export interface FlameScene {
  readonly layout: FlameLayout;
  readonly figures: Figures;
  readonly palette: Palette;
  readonly caption: (item: Item) => Caption;
  readonly findings: (item: Item) => number;
  readonly isMatch: ((item: Item) => boolean) | undefined;
  readonly selected: number;
  readonly isFocused: boolean;
}

/** In pixels. Narrower than that, nobody sees where one ends. */
const NARROW = 2;

/** Draws the rows in sight. What is too narrow becomes one strip with what is beside it. Whole pixels: they are filled faster. */
export function paintFlame(
  surface: CanvasSurface,
  scene: FlameScene,
  { left, width }: FlameWindow,
  top: number,
  view: Size,
  hovered: number | undefined,
): void {
  const { layout, palette } = scene;
  const { context } = surface;
  const scale = view.width / width;
  const last = Math.min(layout.levels.length, Math.ceil((top + view.height) / ROW));
  for (let level = Math.floor(top / ROW); level < last; level++) {
    const row = layout.levels[level] ?? [];
    const y = Math.round(level * ROW - top);
    let stripFrom = NaN;
    let stripTo = NaN;
    const strip = (): void => {
      if (Number.isNaN(stripFrom)) return;
      context.fillStyle = palette.dim;
      const from = Math.round(stripFrom);
      context.fillRect(from, y, Math.max(1, Math.round(stripTo) - from), ROW - 1);
      stripFrom = NaN;
    };
    for (let place = firstRightOf(layout, level, left); place < row.length; place++) {
      const index = row[place] ?? 0;
      const x = ((layout.left[index] ?? 0) - left) * scale;
      if (x > view.width) break;
      const right = x + (layout.width[index] ?? 0) * scale;
      if (right - x < NARROW) {
        if (!(x - stripTo <= 1)) strip();
        if (Number.isNaN(stripFrom)) stripFrom = x;
        // On to the next pixel, over all that ends in this one.
        stripTo = Math.max(right, Math.floor(x) + 1);
        place = Math.max(place, firstRightOf(layout, level, left + stripTo / scale) - 1);
        continue;
      }
      strip();
      paintCell(surface, scene, index, Math.max(-2, x), Math.min(view.width + 2, right), y, index === hovered);
    }
    strip();
  }
}

function paintCell(
  surface: CanvasSurface,
  scene: FlameScene,
  index: number,
  left: number,
  right: number,
  y: number,
  isHovered: boolean,
): void {
  const { layout, figures, palette } = scene;
  const { context } = surface;
  const item = layout.items[index];
  if (item === undefined) return;
  const isChosen = index === scene.selected;
  const isMatch = scene.isMatch?.(item) === true;
  const x = Math.round(left);
  const box = { x, y, width: Math.max(1, Math.round(right) - x - 1), height: ROW - 1 };
  context.fillStyle = palette.track;
  context.fillRect(box.x, box.y, box.width, box.height);
  const spent = layout.spent[index] ?? 0;
  const own = item.kind === 'group' ? spent : (figures.own[item.node] ?? 0);
  if (spent > 0 && own > 0) {
    // What it took itself, as a part of what it took with all below.
    context.fillStyle = palette.bars[figures.metric];
    context.fillRect(box.x, box.y + ROW - 5, Math.max(1, box.width * Math.min(1, own / spent)), 4);
  }
  if (box.width < 6) {
    if (isChosen || isMatch || isHovered) surface.rect(box, { stroke: palette.focus, lineWidth: isChosen ? 2 : 1 });
    return;
  }
  if (isMatch) {
    surface.polygon(
      [
        [box.x, y],
        [box.x + 10, y],
        [box.x, y + 10],
      ],
      palette.focus,
    );
  }
  const findings = scene.findings(item);
  const start = Math.max(0, box.x) + 6;
  const hasMark = findings > 0 && box.width > 40;
  if (hasMark) {
    surface.polygon(
      [
        [start + 5, y + 5],
        [start + 10, y + 15],
        [start, y + 15],
      ],
      palette.warn,
    );
  }
  const room = box.x + box.width - start - (hasMark ? 15 : 0) - 4;
  if (room > 14)
    surface.text(labelOf(scene, item), start + (hasMark ? 15 : 0), y + 15, { fill: palette.text, size: 12, room });
  if (isChosen) surface.rect(box, { stroke: palette.focus, lineWidth: scene.isFocused ? 3 : 2 });
  else if (isMatch || isHovered) surface.rect(box, { stroke: palette.focus });
}

function labelOf({ layout, figures, caption }: FlameScene, item: Item): string {
  const { title, place } = caption(item);
  const spent = layout.spent[item.index] ?? 0;
  const share = formatShare(spent, layout.total);
  const figure = formatFigure(figures.metric, spent);
  const sign = item.kind === 'group' ? '+ ' : '';
  return `${sign}${place === '' ? title : `${title} ${place}`} · ${figure}${share === undefined ? '' : ` (${share})`}`;
}
