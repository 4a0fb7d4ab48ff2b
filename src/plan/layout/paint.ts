import { formatCount } from '../words';
import type { Caption } from './captions';
import { FRAME_HEAD, type Box, type Direction, type GraphLayout, type Placed } from './graph';
import type { Item } from './items';
import type { Metric } from './metric';

/** What a graph is drawn on: a canvas, or the text of an SVG. Lengths in pixels at 100 %. */
export interface Surface {
  rect(box: Box, style: ShapeStyle): void;
  /** `x` is its start, middle or end; `y` its baseline. Cut to `room`, with an ellipsis. */
  text(words: string, x: number, y: number, style: TextStyle): void;
  /** An S from one point to another, along the layout's direction. */
  edge(from: Point, to: Point, direction: Direction, style: ShapeStyle): void;
  polygon(points: readonly Point[], fill: string): void;
  /** What is drawn until `end` is one thing with these words. */
  begin(words: () => string): void;
  end(): void;
}

export type Point = readonly [x: number, y: number];

export interface ShapeStyle {
  readonly fill?: string;
  readonly stroke?: string;
  readonly lineWidth?: number;
  readonly dash?: readonly number[];
  readonly radius?: number;
}

export interface TextStyle {
  readonly fill: string;
  readonly size: number;
  readonly room: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly align?: 'start' | 'middle' | 'end';
}

/** CSS colours. */
export interface Palette {
  readonly page: string;
  readonly box: string;
  readonly frame: string;
  readonly line: string;
  readonly text: string;
  readonly dim: string;
  readonly edge: string;
  readonly warn: string;
  readonly onWarn: string;
  readonly focus: string;
  readonly chosen: string;
  readonly track: string;
  readonly bars: Readonly<Record<Metric, string>>;
}

export interface Scene {
  readonly layout: GraphLayout;
  readonly palette: Palette;
  readonly metric: Metric;
  readonly caption: (item: Item) => Caption;
  /** How many findings the item has. */
  readonly findings: (item: Item) => number;
  /** It holds what the search looks for; undefined without a search. */
  readonly isMatch: ((item: Item) => boolean) | undefined;
  /** Index of a box. */
  readonly selected?: number;
  readonly isFocused?: boolean;
  /** Index of the box under the pointer. */
  readonly hovered?: number;
  /** From some way off: titles only, in this size. */
  readonly compact?: number;
}

const PADDING = 10;
const NEVER = 'never executed';

/** Edges first, so that boxes stand over them. `sight` leaves out what does not touch it. */
export function paintGraph(surface: Surface, scene: Scene, sight?: Box): void {
  const { boxes } = scene.layout;
  for (const placed of boxes) {
    const parent = parentOf(scene.layout, placed);
    if (placed.item.kind === 'frame' && touches(placed, sight)) paintFrame(surface, scene, placed);
    if (parent !== undefined && (sight === undefined || touches(spanOf(placed, parent), sight))) {
      paintEdge(surface, scene, placed, parent);
    }
  }
  for (const placed of boxes) {
    if (placed.item.kind !== 'frame' && touches(placed, sight)) paintBox(surface, scene, placed);
  }
}

/** What it hangs on by an edge; members hang on nothing, they stand in their frame. */
export function parentOf(layout: GraphLayout, { item }: Placed): Placed | undefined {
  return item.isMember ? undefined : layout.boxes[item.parent];
}

export function touches(box: Box, sight: Box | undefined): boolean {
  return (
    sight === undefined ||
    (box.x < sight.x + sight.width &&
      box.x + box.width > sight.x &&
      box.y < sight.y + sight.height &&
      box.y + box.height > sight.y)
  );
}

function spanOf(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    ...{ x, y },
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** 1 px for none, 9 for a billion rows. */
export function edgeWidth(rows: number | undefined): number {
  return rows === undefined ? 1 : Math.min(10, 1 + 0.9 * Math.log10(1 + rows));
}

/** Where the edge leaves the parent and where it meets the child. */
export function edgeEnds(child: Box, parent: Box, direction: Direction): readonly [Point, Point] {
  return direction === 'right'
    ? [
        [parent.x + parent.width, parent.y + parent.height / 2],
        [child.x, child.y + child.height / 2],
      ]
    : [
        [parent.x + parent.width / 2, parent.y + parent.height],
        [child.x + child.width / 2, child.y],
      ];
}

function paintEdge(
  surface: Surface,
  { layout, palette, caption, compact }: Scene,
  placed: Placed,
  parent: Placed,
): void {
  const { rows, rowsLabel, isNever } = caption(placed.item);
  const [from, to] = edgeEnds(placed, parent, layout.direction);
  surface.edge(from, to, layout.direction, {
    stroke: palette.edge,
    lineWidth: edgeWidth(isNever ? undefined : rows),
    ...(isNever ? { dash: [4, 4] } : {}),
  });
  if (rowsLabel === '' || compact !== undefined) return;
  const style = { fill: palette.dim, size: 11, room: 76 } as const;
  const clear = edgeWidth(rows) / 2 + 4;
  if (layout.direction === 'right') surface.text(rowsLabel, to[0] - 6, to[1] - clear, { ...style, align: 'end' });
  // On the side that the edge does not come from.
  else if (to[0] < from[0]) surface.text(rowsLabel, to[0] - clear - 2, to[1] - 6, { ...style, align: 'end' });
  else surface.text(rowsLabel, to[0] + clear + 2, to[1] - 6, style);
}

function paintFrame(surface: Surface, { palette, caption, compact = 12 }: Scene, placed: Placed): void {
  const of = caption(placed.item);
  const { title, place, figure } = of;
  surface.begin(() => `${of.sentence}, shown one by one`);
  surface.rect(placed, { fill: palette.frame, stroke: palette.line, radius: 6 });
  const words = [`${title} ${place}`.trim(), figure].filter((part) => part !== undefined).join(' · ');
  surface.text(`− ${words}`, placed.x + PADDING, placed.y + FRAME_HEAD - 11, {
    ...{ fill: palette.text, size: compact, bold: true },
    room: placed.width - 2 * PADDING,
  });
  surface.end();
}

function paintBox(surface: Surface, scene: Scene, placed: Placed): void {
  const { palette } = scene;
  const { item, x, y, width, height } = placed;
  const caption = scene.caption(item);
  const isChosen = scene.selected === item.index;
  const isMatch = scene.isMatch?.(item) === true;
  surface.begin(() => caption.sentence);
  const radius = scene.compact === undefined ? 4 : 0;
  if (item.kind === 'group') {
    for (const by of [6, 3]) {
      surface.rect({ x: x + by, y: y + by, width, height }, { fill: palette.box, stroke: palette.line, radius });
    }
  }
  surface.rect(placed, {
    fill: palette.box,
    stroke: caption.isNever ? palette.dim : palette.line,
    radius,
    ...(caption.isNever ? { dash: [5, 4] } : {}),
  });
  if (isChosen) surface.rect(placed, { fill: palette.chosen, radius });
  if (scene.compact === undefined) paintWords(surface, scene, placed, caption);
  else paintTitle(surface, scene, placed, caption, scene.compact);
  outline(surface, scene, placed, isChosen, isMatch);
  surface.end();
}

function paintWords(surface: Surface, scene: Scene, placed: Placed, caption: Caption): void {
  const { palette } = scene;
  const { item, x, y, width } = placed;
  const findings = scene.findings(item);
  const room = width - 2 * PADDING - (findings > 0 ? 24 : 0);
  const ink = caption.isNever ? palette.dim : palette.text;
  const left = x + PADDING;
  const right = x + width - PADDING;
  surface.text(item.kind === 'group' ? `+ ${caption.title}` : caption.title, left, y + 19, {
    ...{ fill: ink, size: 13, bold: true, room },
    italic: caption.isNever,
  });
  if (findings > 0) paintFindings(surface, palette, right, y + 8, findings);
  if (caption.place !== '') {
    surface.text(caption.place, left, y + 35, { fill: palette.dim, size: 12, room: width - 2 * PADDING });
  }
  paintFigures(surface, scene, placed, caption);
}

/** From some way off: its title and what it reads, as large as they can be read, and its bar. */
function paintTitle(surface: Surface, scene: Scene, placed: Placed, caption: Caption, size: number): void {
  const { palette, metric } = scene;
  const { item, x, y, width, height } = placed;
  const hasFindings = scene.findings(item) > 0;
  const left = x + PADDING;
  const room = width - 2 * PADDING;
  const lines = 2.6 * size < height - 12 ? 2 : 1;
  const first = y + (height - 8 - lines * 1.3 * size) / 2 + size;
  const title = item.kind === 'group' ? `+ ${caption.title}` : caption.title;
  surface.text(title, left, first, {
    ...{ fill: caption.isNever ? palette.dim : palette.text, size, bold: lines > 1, italic: caption.isNever },
    room: room - (hasFindings ? 18 : 0),
  });
  const second = caption.isNever ? NEVER : caption.place === '' ? caption.figure : caption.place;
  if (lines > 1 && second !== undefined) {
    surface.text(second, left, first + 1.3 * size, { fill: palette.dim, size, room, italic: caption.isNever });
  }
  if (hasFindings) paintFindings(surface, palette, x + width - 6, y + 6, 1);
  if (caption.bar > 0) {
    const bar = { x, y: y + height - 8, width: Math.max(3, width * caption.bar), height: 8 };
    surface.rect(bar, { fill: palette.bars[metric], radius: 2 });
  }
}

function paintFigures(surface: Surface, { palette, metric }: Scene, { x, y, width, height }: Box, caption: Caption) {
  const left = x + PADDING;
  const right = x + width - PADDING;
  const room = width - 2 * PADDING;
  const style = { fill: palette.text, size: 12 };
  if (caption.isNever) {
    surface.text(NEVER, left, y + 52, { ...style, italic: true, room });
    return;
  }
  const note = metric === 'rows' ? caption.estimate?.replace(/ rows.*/, '') : caption.share;
  if (caption.figure !== undefined) surface.text(caption.figure, left, y + 52, { ...style, room: room - 50 });
  if (note !== undefined) surface.text(note, right, y + 52, { ...style, align: 'end', room: room / 2 });
  const bar = { x: left, y: y + height - 8, width: room, height: 4 };
  surface.rect(bar, { fill: palette.track, radius: 2 });
  if (caption.bar > 0) {
    surface.rect({ ...bar, width: Math.max(2, room * caption.bar) }, { fill: palette.bars[metric], radius: 2 });
  }
}

/** A triangle with the number of findings before it. */
function paintFindings(surface: Surface, palette: Palette, right: number, top: number, count: number): void {
  surface.polygon(
    [
      [right - 7, top],
      [right, top + 12],
      [right - 14, top + 12],
    ],
    palette.warn,
  );
  surface.text('!', right - 7, top + 11, { fill: palette.onWarn, size: 10, bold: true, room: 14, align: 'middle' });
  if (count > 1) {
    surface.text(formatCount(count), right - 17, top + 11, { fill: palette.text, size: 11, room: 20, align: 'end' });
  }
}

function outline(surface: Surface, scene: Scene, box: Placed, isChosen: boolean, isMatch: boolean): void {
  const { palette } = scene;
  // A match has a second line around it and a mark: neither is only a colour.
  if (isMatch) {
    surface.rect(grown(box, 4), { stroke: palette.focus, lineWidth: 1, radius: 7 });
    surface.polygon(
      [
        [box.x - 4, box.y - 4],
        [box.x + 8, box.y - 4],
        [box.x - 4, box.y + 8],
      ],
      palette.focus,
    );
  }
  if (isChosen) {
    surface.rect(grown(box, 1), { stroke: palette.focus, lineWidth: scene.isFocused === true ? 3 : 1.5, radius: 5 });
  } else if (scene.hovered === box.item.index) {
    surface.rect(box, { stroke: palette.focus, radius: 4 });
  }
}

function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}
