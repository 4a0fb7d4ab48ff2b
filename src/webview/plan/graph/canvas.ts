/** A canvas that follows its place's size, the screen's resolution and the theme, and draws at most once a frame. */
import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Box, Direction } from '../../../plan/layout/graph';
import type { Palette, Point, ShapeStyle, Surface, TextStyle } from '../../../plan/layout/paint';
import type { Size } from './camera';

export type Draw = (context: CanvasRenderingContext2D, view: Size) => void;

/** Draws after each render and whenever the function that it gives is called. */
export function useCanvas(canvas: RefObject<HTMLCanvasElement>, draw: Draw): () => void {
  const latest = useRef(draw);
  latest.current = draw;
  const frame = useRef(0);
  const redraw = useCallback(() => {
    frame.current ||= requestAnimationFrame(() => {
      frame.current = 0;
      const element = canvas.current;
      const context = element?.getContext('2d') ?? null;
      if (element === null || context === null) return;
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = devicePixelRatio;
      if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
        element.width = Math.round(width * ratio);
        element.height = Math.round(height * ratio);
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      latest.current(context, { width, height });
    });
  }, [canvas]);
  useLayoutEffect(redraw);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const sizes = new ResizeObserver(redraw);
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, [canvas, redraw]);
  return redraw;
}

/** The colours that graph.css has for `element`; new ones with a new theme. */
export function usePalette(element: RefObject<HTMLElement>): Palette | undefined {
  const [palette, setPalette] = useState<Palette>();
  useLayoutEffect(() => {
    const read = (): void => setPalette(element.current === null ? undefined : paletteOf(element.current));
    read();
    // VS Code changes a class of the body and the variables on the document's element.
    const themes = new MutationObserver(read);
    themes.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
    themes.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
    return () => themes.disconnect();
  }, [element]);
  return palette;
}

function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const context = document.createElement('canvas').getContext('2d');
  // As the canvas writes it: color-mix() is worked out once, not with each box.
  const color = (name: string): string => {
    const value = style.getPropertyValue(`--graph-${name}`).trim();
    if (context === null) return value;
    context.fillStyle = '#808080';
    context.fillStyle = value;
    return context.fillStyle;
  };
  return {
    page: color('page'),
    box: color('box'),
    frame: color('frame'),
    line: color('line'),
    text: color('text'),
    dim: color('dim'),
    edge: color('edge'),
    warn: color('warn'),
    onWarn: color('on-warn'),
    focus: color('focus'),
    chosen: color('chosen'),
    track: color('track'),
    bars: { time: color('time'), buffers: color('buffers'), rows: color('rows'), cost: color('cost') },
  };
}

/** Widths of texts are kept; so many at the most. */
const KEPT = 20_000;
/** Nothing that is drawn is longer; a name may be of any length. */
const LONGEST = 200;

export class CanvasSurface implements Surface {
  readonly #cut = new Map<string, string>();
  #font = '';
  #isDashed = true;

  constructor(
    readonly context: CanvasRenderingContext2D,
    readonly family: string,
  ) {}

  /** Before each picture: a resized canvas has forgotten its font. */
  start(): void {
    this.#font = '';
    this.#isDashed = true;
    this.context.textBaseline = 'alphabetic';
  }

  rect({ x, y, width, height }: Box, { fill, stroke, lineWidth = 1, dash, radius = 0 }: ShapeStyle): void {
    const { context } = this;
    // A line of one pixel lies within the pixel.
    const inset = stroke === undefined || lineWidth % 2 !== 1 ? 0 : 0.5;
    const [left, top, wide, high] = [x + inset, y + inset, width - 2 * inset, height - 2 * inset];
    if (radius > 0) {
      context.beginPath();
      context.roundRect(left, top, wide, high, radius);
    }
    if (fill !== undefined) {
      context.fillStyle = fill;
      if (radius > 0) context.fill();
      else context.fillRect(left, top, wide, high);
    }
    if (stroke !== undefined) {
      this.#pen(stroke, lineWidth, dash);
      if (radius > 0) context.stroke();
      else context.strokeRect(left, top, wide, high);
    }
  }

  text(words: string, x: number, y: number, { fill, size, room, bold, italic, align }: TextStyle): void {
    const { context } = this;
    const font = `${italic === true ? 'italic ' : ''}${bold === true ? '600 ' : ''}${size}px ${this.family}`;
    if (font !== this.#font) {
      context.font = font;
      this.#font = font;
    }
    context.fillStyle = fill;
    context.textAlign = align === 'middle' ? 'center' : (align ?? 'start');
    context.fillText(this.#cutTo(words, room), x, y);
  }

  edge([x1, y1]: Point, [x2, y2]: Point, direction: Direction, style: ShapeStyle): void {
    const { context } = this;
    context.beginPath();
    context.moveTo(x1, y1);
    if (direction === 'right') context.bezierCurveTo((x1 + x2) / 2, y1, (x1 + x2) / 2, y2, x2, y2);
    else context.bezierCurveTo(x1, (y1 + y2) / 2, x2, (y1 + y2) / 2, x2, y2);
    this.#pen(style.stroke ?? '', style.lineWidth ?? 1, style.dash);
    context.stroke();
  }

  polygon(points: readonly Point[], fill: string): void {
    const { context } = this;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.closePath();
    context.fillStyle = fill;
    context.fill();
  }

  begin(): void {
    // A canvas has no parts: the words stand in the tree beside it.
  }

  end(): void {
    // As above.
  }

  #pen(color: string, width: number, dash: readonly number[] = []): void {
    const { context } = this;
    context.strokeStyle = color;
    context.lineWidth = width;
    if (dash.length > 0 || this.#isDashed) context.setLineDash([...dash]);
    this.#isDashed = dash.length > 0;
  }

  #cutTo(words: string, room: number): string {
    const key = `${this.#font}|${Math.round(room)}|${words.length > LONGEST ? words.slice(0, LONGEST) : words}`;
    const known = this.#cut.get(key);
    if (known !== undefined) return known;
    if (this.#cut.size > KEPT) this.#cut.clear();
    const cut = this.#fits(words.slice(0, LONGEST), words.length > LONGEST, room);
    this.#cut.set(key, cut);
    return cut;
  }

  #fits(words: string, isCut: boolean, room: number): string {
    const { context } = this;
    if (!isCut && context.measureText(words).width <= room) return words;
    let low = 0;
    let high = words.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (context.measureText(`${words.slice(0, middle)}…`).width <= room) low = middle;
      else high = middle - 1;
    }
    return low === 0 ? '' : `${words.slice(0, low).trimEnd()}…`;
  }
}

/** One surface for each context: it keeps what it measured. */
export function surfaceOf(context: CanvasRenderingContext2D): CanvasSurface {
  let surface = SURFACES.get(context);
  if (surface === undefined) {
    surface = new CanvasSurface(context, getComputedStyle(context.canvas).fontFamily);
    SURFACES.set(context, surface);
  }
  return surface;
}

const SURFACES = new WeakMap<CanvasRenderingContext2D, CanvasSurface>();
