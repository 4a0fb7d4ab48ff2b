import { alikeOf, type Alike } from '../alike';
import { captionsOf } from '../layout/captions';
import { layoutGraph, type Box, type Direction } from '../layout/graph';
import { figuresOf, metricFor, METRIC_NAMES, type Metric } from '../layout/metric';
import { paintGraph, type Palette, type Point, type ShapeStyle, type Surface, type TextStyle } from '../layout/paint';
import { sharedBuffers, type Plan } from '../model';
import { formatBuffers, formatMs } from '../words';

export interface SvgOptions {
  /** Shrinks the picture to that many pixels; its own width without. */
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly direction?: Direction;
  /** What bars and figures stand for; the first that the plan has figures for, time before buffers, without. */
  readonly metric?: Metric;
  /** As `alikeOf` gives it, which is also the default. */
  readonly alike?: ReadonlyMap<number, Alike>;
  /** First ids of groups to show member by member. */
  readonly open?: ReadonlySet<number>;
  /** By node id, for the marks. */
  readonly findings?: ReadonlyMap<number, readonly unknown[]>;
}

const MARGIN = 24;
const HEAD = 44;

/** A self-contained picture of the plan's graph, on a ground of its own so that it reads on white and on dark pages. */
export function planSvg(plan: Plan, options: SvgOptions = {}): string {
  const metric = metricFor(plan, options.metric ?? 'time');
  const layout = layoutGraph(
    plan,
    options.alike ?? alikeOf(plan),
    options.open ?? new Set(),
    options.direction ?? 'down',
  );
  const palette = PALETTES[options.theme ?? 'light'];
  const surface = new SvgSurface();
  paintGraph(surface, {
    ...{ layout, palette, metric, isMatch: undefined },
    caption: captionsOf(plan, figuresOf(plan, metric)),
    findings: ({ node, kind }) => (kind === 'node' ? (options.findings?.get(node)?.length ?? 0) : 0),
  });
  const summary = summaryOf(plan, metric);
  const width = Math.ceil(Math.max(layout.width, lengthOf(summary, 12, false)) + 2 * MARGIN);
  const height = Math.ceil(layout.height + 2 * MARGIN + HEAD);
  const scale = options.width === undefined ? 1 : Math.min(1, options.width / width);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width * scale)}" height="${round(height * scale)}" viewBox="0 0 ${width} ${height}" role="img" font-family="${FONTS}">`,
    `<title>Query plan</title>`,
    `<desc>${escaped(summary)}</desc>`,
    `<rect width="${width}" height="${height}" fill="${palette.page}"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 12}" font-size="12" fill="${palette.text}">${escaped(summary)}</text>`,
    `<g transform="translate(${round(Math.max(MARGIN, (width - layout.width) / 2))} ${MARGIN + HEAD})">`,
    ...surface.parts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** "Execution 12.4 ms · planning 0.3 ms · 2,942 buffers · bars: time in each node itself". */
function summaryOf(plan: Plan, metric: Metric): string {
  const buffers = plan.nodes[0]?.buffers;
  const parts = [
    plan.analyzed ? undefined : 'Estimated, not run',
    plan.executionMs === undefined ? undefined : `Execution ${formatMs(plan.executionMs)}`,
    plan.planningMs === undefined ? undefined : `planning ${formatMs(plan.planningMs)}`,
    buffers === undefined || !plan.analyzed ? undefined : formatBuffers(sharedBuffers(buffers)),
    `bars: ${METRIC_NAMES[metric].toLowerCase()} of each node itself`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

const FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, Ubuntu, 'Helvetica Neue', Arial, sans-serif";

/** Contrast at least 4.5 : 1 for text, 3 : 1 for lines that mean something. */
const PALETTES: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    ...{ page: '#ffffff', box: '#ffffff', frame: '#f4f4f4', line: '#8a8a8a', text: '#1f1f1f', dim: '#5f5f5f' },
    ...{ edge: '#b0b0b0', warn: '#bf8803', onWarn: '#000000', focus: '#005fb8', chosen: '#e8f1fa', track: '#e8e8e8' },
    bars: { time: '#1a85ff', buffers: '#652d90', rows: '#388a34', cost: '#b5620b' },
  },
  dark: {
    ...{ page: '#1f1f1f', box: '#2a2a2a', frame: '#252525', line: '#808080', text: '#e6e6e6', dim: '#a8a8a8' },
    ...{ edge: '#6b6b6b', warn: '#cca700', onWarn: '#000000', focus: '#4daafc', chosen: '#04395e', track: '#3c3c3c' },
    bars: { time: '#3794ff', buffers: '#b180d7', rows: '#89d185', cost: '#d18616' },
  },
};

class SvgSurface implements Surface {
  readonly parts: string[] = [];

  rect({ x, y, width, height }: Box, { radius, ...style }: ShapeStyle): void {
    const corners = radius === undefined ? '' : ` rx="${radius}"`;
    const place = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
    this.parts.push(`<rect ${place}${corners}${attributes(style)}/>`);
  }

  text(words: string, x: number, y: number, style: TextStyle): void {
    const align = style.align === undefined || style.align === 'start' ? '' : ` text-anchor="${style.align}"`;
    const font = `${style.bold === true ? ' font-weight="600"' : ''}${style.italic === true ? ' font-style="italic"' : ''}`;
    this.parts.push(
      `<text x="${round(x)}" y="${round(y)}" font-size="${style.size}" fill="${style.fill}"${align}${font}>${escaped(cut(words, style))}</text>`,
    );
  }

  edge([x1, y1]: Point, [x2, y2]: Point, direction: Direction, style: ShapeStyle): void {
    const [a, b] =
      direction === 'right'
        ? [`${round((x1 + x2) / 2)} ${round(y1)}`, `${round((x1 + x2) / 2)} ${round(y2)}`]
        : [`${round(x1)} ${round((y1 + y2) / 2)}`, `${round(x2)} ${round((y1 + y2) / 2)}`];
    const path = `M${round(x1)} ${round(y1)}C${a} ${b} ${round(x2)} ${round(y2)}`;
    this.parts.push(`<path d="${path}"${attributes(style)}/>`);
  }

  polygon(points: readonly Point[], fill: string): void {
    this.parts.push(
      `<polygon points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}" fill="${fill}"/>`,
    );
  }

  begin(words: () => string): void {
    this.parts.push(`<g><title>${escaped(words())}</title>`);
  }

  end(): void {
    this.parts.push('</g>');
  }
}

function attributes({ fill, stroke, lineWidth, dash }: Omit<ShapeStyle, 'radius'>): string {
  return [
    ` fill="${fill ?? 'none'}"`,
    stroke === undefined ? '' : ` stroke="${stroke}"`,
    lineWidth === undefined ? '' : ` stroke-width="${round(lineWidth)}"`,
    dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`,
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** For text and attributes; without what XML 1.0 has no way to write: control characters and halves of a pair. */
export function escaped(text: string): string {
  return text

    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/** Nothing that is drawn is longer. */
const LONGEST = 200;

/** Cut to its room by estimated widths: nobody can measure here. */
function cut(words: string, { size, room, bold }: TextStyle): string {
  if (words.length <= LONGEST && lengthOf(words, size, bold === true) <= room) return words;
  let length = widthOf('…', size, bold === true);
  let short = '';
  for (const character of words.slice(0, LONGEST)) {
    length += widthOf(character, size, bold === true);
    if (length > room) break;
    short += character;
  }
  return `${short.trimEnd()}…`;
}

function lengthOf(words: string, size: number, bold: boolean): number {
  let length = 0;
  for (const character of words) length += widthOf(character, size, bold);
  return length;
}

/** In em, on the wide side of what the fonts above have. */
function widthOf(character: string, size: number, bold: boolean): number {
  const code = character.codePointAt(0) ?? 0;
  let em = 0.58;
  if (/[il.,:;'|!()[\] jft]/.test(character)) em = 0.34;
  else if (/[mwMW@%…×]/.test(character)) em = 0.9;
  else if (code >= 0x1100) em = 1.05;
  else if (/[A-Z]/.test(character)) em = 0.7;
  return em * size * (bold ? 1.06 : 1);
}
