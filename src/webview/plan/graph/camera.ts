/** What part of a picture is in sight. World: the layout's pixels; screen: those of the view, from its top left. */
import type { Box } from '../../../plan/layout/graph';

export interface Camera {
  /** The world's point at the view's top left. */
  readonly x: number;
  readonly y: number;
  /** Screen pixels for one of the world. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const LARGEST = 2.5;
/** Room around what is fitted, in screen pixels. */
const MARGIN = 16;
/** All words can be read from here on; below it boxes have titles only. */
export const READABLE = 0.7;
/** Titles tell enough to see all of a plan at once. */
const OVERVIEW = 0.45;

export function sightOf({ x, y, scale }: Camera, view: Size): Box {
  return { x, y, width: view.width / scale, height: view.height / scale };
}

/** The world stays where it is under the point. */
export function zoomAt(camera: Camera, factor: number, [px, py]: readonly [number, number], least: number): Camera {
  const scale = Math.min(LARGEST, Math.max(least, camera.scale * factor));
  return { scale, x: camera.x + px / camera.scale - px / scale, y: camera.y + py / camera.scale - py / scale };
}

/** `dx`, `dy` in screen pixels: how far the picture goes with the pointer. Some of it stays in sight. */
export function pan(camera: Camera, dx: number, dy: number, world: Size, view: Size): Camera {
  const sight = sightOf(camera, view);
  const keep = 40 / camera.scale;
  return {
    scale: camera.scale,
    x: clamp(camera.x - dx / camera.scale, keep - sight.width, world.width - keep),
    y: clamp(camera.y - dy / camera.scale, keep - sight.height, world.height - keep),
  };
}

/** The scale at which all is in sight; never above 100 %. */
export function fitScale(world: Size, view: Size): number {
  return Math.min(1, (view.width - 2 * MARGIN) / world.width, (view.height - 2 * MARGIN) / world.height);
}

/** Nobody needs to see it smaller. */
export function leastScale(world: Size, view: Size): number {
  return Math.min(0.25, 0.8 * Math.max(1e-6, fitScale(world, view)));
}

export function fit(world: Size, view: Size): Camera {
  return centred(world.width / 2, world.height / 2, Math.max(1e-6, fitScale(world, view)), view);
}

export function centred(x: number, y: number, scale: number, view: Size): Camera {
  return { scale, x: x - view.width / 2 / scale, y: y - view.height / 2 / scale };
}

/** How a plan is first shown: all of it if that can be read, else from its root on. */
export function opening(root: Box, world: Size, view: Size): Camera {
  const whole = fitScale(world, view);
  if (whole >= OVERVIEW) return fit(world, view);
  const scale = 0.8;
  const sight = { width: view.width / scale, height: view.height / scale };
  const margin = MARGIN / scale;
  return {
    scale,
    x:
      sight.width > world.width
        ? (world.width - sight.width) / 2
        : Math.max(-margin, root.x + root.width / 2 - sight.width / 2),
    y:
      sight.height > world.height
        ? (world.height - sight.height) / 2
        : Math.max(-margin, root.y + root.height / 2 - sight.height / 2),
  };
}

/** Brings a box into sight, moving as little as possible; from far out it also comes near. */
export function revealed(camera: Camera, box: Box, view: Size, isFar: boolean): Camera {
  const middle: readonly [number, number] = [box.x + box.width / 2, box.y + box.height / 2];
  if (isFar && camera.scale < OVERVIEW) return centred(...middle, 0.8, view);
  const sight = sightOf(camera, view);
  const margin = Math.min(2 * MARGIN, view.width / 8, view.height / 8) / camera.scale;
  return {
    scale: camera.scale,
    x: intoSight(box.x - margin, box.width + 2 * margin, sight.x, sight.width),
    y: intoSight(box.y - margin, box.height + 2 * margin, sight.y, sight.height),
  };
}

/** Moves a box up from under what covers the view's bottom right corner. */
export function besideCorner(camera: Camera, box: Box, view: Size, corner: Size): Camera {
  const right = (box.x + box.width - camera.x) * camera.scale;
  const bottom = (box.y + box.height - camera.y) * camera.scale;
  const hidden = bottom - (view.height - corner.height);
  if (right <= view.width - corner.width || hidden <= 0) return camera;
  return { ...camera, y: camera.y + hidden / camera.scale };
}

function intoSight(start: number, length: number, from: number, size: number): number {
  if (length > size) return start + (length - size) / 2;
  return clamp(from, start + length - size, start);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

/** A wheel's turn as a factor; a pinch arrives as a wheel with Ctrl and small steps. */
export function wheelFactor(event: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>): number {
  const pixels = event.deltaY * (event.deltaMode === 0 ? 1 : event.deltaMode === 1 ? 16 : 400);
  return Math.exp(-Math.max(-240, Math.min(pixels, 240)) * (event.ctrlKey ? 0.01 : 0.002));
}
