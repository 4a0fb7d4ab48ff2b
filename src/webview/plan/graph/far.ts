/**
 * The graph from far out: no words, only places. Ten thousand boxes are too many for a canvas' own calls at 60 frames a second;
 * as pixels in memory they take a millisecond.
 */
import type { Caption } from '../../../plan/layout/captions';
import type { GraphLayout } from '../../../plan/layout/graph';
import type { Item } from '../../../plan/layout/items';
import type { Figures } from '../../../plan/layout/metric';
import { edgeEnds, parentOf, type Palette, type Scene } from '../../../plan/layout/paint';
import type { Plan } from '../../../plan/model';
import type { Camera, Size } from './camera';

/** What of a layout is seen from far out, as numbers. */
export interface Far {
  /** By box: x, y, width, height. */
  readonly boxes: Float64Array;
  /** By edge: from x, y, to x, y. */
  readonly edges: Float64Array;
  /** 0–1, by box. */
  readonly bars: Float64Array;
  /** By box: a node or group, one that never ran, or a frame. */
  readonly kinds: Uint8Array;
}

const RAN = 0;
const NEVER = 1;
const FRAME = 2;

export function farOf(layout: GraphLayout, plan: Plan, figures: Figures, caption: (item: Item) => Caption): Far {
  const { length } = layout.boxes;
  const boxes = new Float64Array(4 * length);
  const edges = new Float64Array(4 * length);
  const bars = new Float64Array(length);
  const kinds = new Uint8Array(length);
  let edge = 0;
  for (const box of layout.boxes) {
    const { item } = box;
    boxes.set([box.x, box.y, box.width, box.height], 4 * item.index);
    const parent = parentOf(layout, box);
    if (parent !== undefined) {
      const [from, to] = edgeEnds(box, parent, layout.direction);
      edges.set([...from, ...to], 4 * edge++);
    }
    if (item.kind === 'node') {
      const own = figures.own[item.node] ?? 0;
      bars[item.index] = figures.most > 0 ? own / figures.most : 0;
      kinds[item.index] = plan.nodes[item.node]?.neverExecuted === true ? NEVER : RAN;
    } else {
      const { bar, isNever } = caption(item);
      bars[item.index] = item.kind === 'frame' ? 0 : bar;
      kinds[item.index] = item.kind === 'frame' ? FRAME : isNever ? NEVER : RAN;
    }
  }
  return { boxes, edges: edges.subarray(0, 4 * edge), bars, kinds };
}

/** Fills the canvas, whatever was on it; `ratio` is its pixels for one of CSS. */
export function paintFar(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  far: Far,
  scene: Scene,
  camera: Camera,
  view: Size,
  ratio: number,
): void {
  const { palette, layout } = scene;
  const scale = camera.scale * ratio;
  const raster = rasterOf(Math.round(view.width * ratio), Math.round(view.height * ratio));
  const toX = (x: number): number => Math.round((x - camera.x) * scale);
  const toY = (y: number): number => Math.round((y - camera.y) * scale);
  const ink = inksOf(palette);
  const bar = inkOf(palette.bars[scene.metric]);
  const { boxes, edges, bars, kinds } = far;
  const thin = Math.max(1, Math.round(ratio));

  for (let index = 0; index < kinds.length; index++) {
    if (kinds[index] === FRAME) box(index, ink.frame);
  }
  for (let at = 0; at < edges.length; at += 4) {
    const [x1, y1] = [toX(edges[at] ?? 0), toY(edges[at + 1] ?? 0)];
    const [x2, y2] = [toX(edges[at + 2] ?? 0), toY(edges[at + 3] ?? 0)];
    if (layout.direction === 'right') {
      const middle = (x1 + x2) >> 1;
      raster.fill(x1, y1, middle - x1, thin, ink.edge);
      raster.fill(middle, Math.min(y1, y2), thin, Math.abs(y2 - y1) + thin, ink.edge);
      raster.fill(middle, y2, x2 - middle, thin, ink.edge);
    } else {
      const middle = (y1 + y2) >> 1;
      raster.fill(x1, y1, thin, middle - y1, ink.edge);
      raster.fill(Math.min(x1, x2), middle, Math.abs(x2 - x1) + thin, thin, ink.edge);
      raster.fill(x2, middle, thin, y2 - middle, ink.edge);
    }
  }
  for (let index = 0; index < kinds.length; index++) {
    if (kinds[index] !== FRAME) box(index, kinds[index] === NEVER ? ink.track : ink.line);
  }
  context.putImageData(raster.image, 0, 0);

  function box(index: number, color: number): void {
    const x = toX(boxes[4 * index] ?? 0);
    const y = toY(boxes[4 * index + 1] ?? 0);
    const width = Math.max(1, Math.round((boxes[4 * index + 2] ?? 0) * scale));
    const height = Math.max(1, Math.round((boxes[4 * index + 3] ?? 0) * scale));
    raster.fill(x, y, width, height, color);
    if (kinds[index] !== FRAME && width > 4 * thin && height > 3 * thin) {
      raster.fill(x + thin, y + thin, width - 2 * thin, height - 2 * thin, ink.box);
    }
    const share = bars[index] ?? 0;
    if (share > 0) raster.fill(x, y, Math.max(1, Math.round(width * share)), height, bar);
  }
}

/** What was found and what is selected: on top, and never too small to be seen. In CSS pixels. */
export function paintFarMarks(context: CanvasRenderingContext2D, scene: Scene, camera: Camera, least: number): void {
  context.strokeStyle = scene.palette.focus;
  context.setLineDash([]);
  context.lineWidth = least > 3 ? 2 : 1.5;
  for (const { item, x, y, width, height } of scene.layout.boxes) {
    if (item.index !== scene.selected && scene.isMatch?.(item) !== true) continue;
    const [w, h] = [width * camera.scale, height * camera.scale];
    const grow = Math.max(1, (least - Math.min(w, h)) / 2);
    context.strokeRect(
      (x - camera.x) * camera.scale - grow,
      (y - camera.y) * camera.scale - grow,
      w + 2 * grow,
      h + 2 * grow,
    );
  }
}

interface Raster {
  readonly image: ImageData;
  fill(x: number, y: number, width: number, height: number, color: number): void;
}

/** One is kept: it is as large as the view. */
let kept: { readonly image: ImageData; readonly pixels: Uint32Array } | undefined;

function rasterOf(width: number, height: number): Raster {
  if (kept?.image.width !== width || kept.image.height !== height) {
    const image = new ImageData(Math.max(1, width), Math.max(1, height));
    kept = { image, pixels: new Uint32Array(image.data.buffer) };
  }
  const { image, pixels } = kept;
  pixels.fill(0);
  return {
    image,
    fill(x, y, wide, high, color) {
      const left = Math.max(0, x);
      const right = Math.min(width, x + wide);
      if (left >= right) return;
      const bottom = Math.min(height, y + high);
      for (let row = Math.max(0, y); row < bottom; row++) pixels.fill(color, row * width + left, row * width + right);
    },
  };
}

type Ink = 'box' | 'frame' | 'line' | 'edge' | 'track';

function inksOf(palette: Palette): Readonly<Record<Ink, number>> {
  return {
    box: inkOf(palette.box),
    frame: inkOf(palette.frame),
    line: inkOf(palette.line),
    edge: inkOf(palette.edge),
    track: inkOf(palette.track),
  };
}

const INKS = new Map<string, number>();

/** A CSS colour as a pixel. */
function inkOf(color: string): number {
  const known = INKS.get(color);
  if (known !== undefined) return known;
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context === null) return 0;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const ink = new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0] ?? 0;
  INKS.set(color, ink);
  return ink;
}
