import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { captionsOf } from '../../../plan/layout/captions';
import { itemAt, layoutFlame, type FlameLayout } from '../../../plan/layout/flame';
import type { Item } from '../../../plan/layout/items';
import { figuresOf, formatFigure, formatShare, metricFor, metricsOf } from '../../../plan/layout/metric';
import { step, type Move } from '../../../plan/layout/walk';
import type { Plan } from '../../../plan/model';
import { formatCount, nodeTitle } from '../../../plan/words';
import { scrollToShow } from '../../kit/window';
import type { Metric, ViewProps } from '../view';
import { wheelFactor } from '../graph/camera';
import { surfaceOf, useCanvas, usePalette } from '../graph/canvas';
import '../graph/graph.css';
import { FitIcon, OutIcon, ZoomInIcon, ZoomOutIcon } from '../graph/icons';
import { marksOf } from '../graph/marks';
import { Near } from '../graph/Near';
import { Tool } from '../../kit/plain';
import { MetricChoice } from '../graph/Tools';
import './flame.css';
import { paintFlame, ROW, type FlameScene } from './paint';
import { ALL, panWindow, showing, windowOf, zoomWindow, type FlameWindow } from './window';

const ZOOM_STEP = 1.5;
const STILL = 4;
/** Narrower than that, in pixels, nobody finds it. */
const VISIBLE = 60;

/** The plan as an icicle: the root on top, each node as wide as what it and all below it took. */
export function FlameView(props: ViewProps) {
  const { plan, alike, openGroups, view, serial, selected } = props;
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const palette = usePalette(place);
  const saved = useMemo(() => savedOf(view.get(SAVED), serial), [serial]);
  const sight = useRef<FlameWindow>(saved);
  const hovered = useRef<number>();
  const [isFocused, setIsFocused] = useState(false);
  const [zoomed, setZoomed] = useState(-1);
  const metric = useMemo(() => metricFor(plan, props.metric), [plan, props.metric]);
  const figures = useMemo(() => figuresOf(plan, metric), [plan, metric]);
  const layout = useMemo(() => layoutFlame(plan, figures, alike, openGroups), [plan, figures, alike, openGroups]);
  const { items } = layout;
  const caption = useMemo(() => captionsOf(plan, figures), [plan, figures, layout]);
  const marks = useMemo(
    () => marksOf(layout.shownBy, props.findings, props.matches),
    [layout, props.findings, props.matches],
  );
  const at = layout.shownBy[selected] ?? 0;
  const scene: FlameScene | undefined =
    palette === undefined
      ? undefined
      : {
          layout,
          figures,
          palette,
          caption,
          findings: marks.findings,
          isMatch: marks.isMatch,
          selected: at,
          isFocused,
        };

  const redraw = useCanvas(canvas, (context, size) => {
    if (scene === undefined) return;
    const surface = surfaceOf(context);
    surface.start();
    paintFlame(surface, scene, sight.current, scroller.current?.scrollTop ?? 0, size, hovered.current);
  });
  const saving = useRef<ReturnType<typeof setTimeout>>();
  const go = (next: FlameWindow): void => {
    sight.current = next;
    redraw();
    clearTimeout(saving.current);
    saving.current = setTimeout(() => view.set(SAVED, { serial, ...next }), 300);
  };
  useEffect(() => () => clearTimeout(saving.current), []);
  const breadth = (): number => Math.max(1, canvas.current?.clientWidth ?? 1);
  const zoom = (factor: number, point?: number): void => {
    const { left, width } = sight.current;
    const middle = (layout.left[at] ?? 0) + (layout.width[at] ?? 0) / 2;
    const own = (middle - left) / width;
    go(zoomWindow(sight.current, factor, point ?? (own >= 0 && own <= 1 ? own : 0.5)));
  };
  const zoomInto = (index: number): void => {
    setZoomed(index <= 0 ? -1 : index);
    go(index <= 0 ? ALL : windowOf(layout, index));
  };
  const open = (item: Item | undefined): void => {
    if (item === undefined) return;
    if (item.kind === 'group') props.onToggleGroup(item.node);
    else zoomInto(item.index);
  };

  // Another width for the same node: the zoom stays with the node it went into.
  const zoomedNode = useRef(-1);
  useLayoutEffect(() => {
    if (zoomedNode.current < 0) return;
    const index = layout.shownBy[zoomedNode.current] ?? 0;
    zoomInto((layout.width[index] ?? 0) > 0 ? index : 0);
  }, [layout]);
  useLayoutEffect(() => {
    zoomedNode.current = items[zoomed]?.node ?? -1;
  });

  const reveal = (least: number): void => {
    const element = scroller.current;
    if (element === null) return;
    const top = (layout.level[at] ?? 0) * ROW;
    const to = scrollToShow(Math.max(0, top - ROW), top + 2 * ROW, element.scrollTop, element.clientHeight);
    // No half rows at the top.
    element.scrollTop = Math.ceil(to / ROW) * ROW;
    go(showing(layout, sight.current, at, least));
  };
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else reveal(VISIBLE / breadth());
  }, [props.reveal]);
  useEffect(() => reveal(0), [selected]);

  const hit = (event: MouseEvent): number | undefined => {
    const corner = canvas.current?.getBoundingClientRect();
    if (corner === undefined) return undefined;
    const level = Math.floor((event.clientY - corner.top + (scroller.current?.scrollTop ?? 0)) / ROW);
    const { left, width } = sight.current;
    return itemAt(layout, level, left + ((event.clientX - corner.left) / breadth()) * width);
  };

  const pressed = useRef<{ x: number; y: number; isDrag: boolean }>();
  const onPointerMove = (event: PointerEvent): void => {
    const element = scroller.current;
    const down = pressed.current;
    if (element === null) return;
    if (down !== undefined && event.buttons !== 0) {
      const [dx, dy] = [event.clientX - down.x, event.clientY - down.y];
      if (!down.isDrag && Math.hypot(dx, dy) < STILL) return;
      pressed.current = { x: event.clientX, y: event.clientY, isDrag: true };
      element.scrollTop -= dy;
      go(panWindow(sight.current, -dx / breadth()));
      return;
    }
    const index = hit(event);
    if (index === hovered.current) return;
    hovered.current = index;
    const item = index === undefined ? undefined : items[index];
    if (item === undefined) element.removeAttribute('title');
    else element.title = `${caption(item).sentence}\n${words(item)}`;
    redraw();
  };
  const words = (item: Item): string => {
    const spent = layout.spent[item.index] ?? 0;
    const share = formatShare(spent, layout.total);
    const parts = [
      (layout.width[item.index] ?? 0) === 0 ? 'nothing to draw' : `${formatFigure(metric, spent)} with all below it`,
      share === undefined ? '' : `${share} of the plan`,
      layout.squeezed.has(item.index) ? 'its children are drawn narrower than they are' : '',
      marks.words(item),
    ];
    return parts.filter((part) => part !== '').join(', ');
  };

  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  wheel.current = (event) => {
    // With Alt the place scrolls, as it does by its bar.
    if (event.altKey) return;
    event.preventDefault();
    const corner = canvas.current?.getBoundingClientRect();
    if (corner === undefined) return;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      go(panWindow(sight.current, by / breadth()));
    } else go(zoomWindow(sight.current, wheelFactor(event), (event.clientX - corner.left) / breadth()));
  };
  useEffect(() => {
    const element = scroller.current;
    const turn = (event: WheelEvent): void => wheel.current(event);
    element?.addEventListener('wheel', turn, { passive: false });
    element?.addEventListener('scroll', redraw, { passive: true });
    return () => {
      element?.removeEventListener('wheel', turn);
      element?.removeEventListener('scroll', redraw);
    };
  }, [redraw]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const move = MOVES[event.key];
    if (move !== undefined) {
      const to = items[step(items, at, move, (index) => (layout.width[index] ?? 0) > 0)];
      if (to !== undefined && to.index !== at) props.onSelect(to.node);
    } else if (event.key === '+' || event.key === '=') zoom(ZOOM_STEP);
    else if (event.key === '-') zoom(1 / ZOOM_STEP);
    else if (event.key === '0') zoomInto(0);
    else if (event.key === 'Enter' || event.key === ' ') open(items[at]);
    else if (event.key === 'Escape' && (zoomed > 0 || sight.current.width < 1)) zoomInto(items[zoomed]?.parent ?? 0);
    else return;
    event.preventDefault();
  };

  const frame = items[items[at]?.frame ?? -1];
  const never = useMemo(() => neverWords(plan), [plan]);
  const notes = [
    never,
    layout.squeezed.size > 0 ? SQUEEZED[metric] : undefined,
    metric === 'rows' ? 'A width is the rows of a node and of all below it.' : undefined,
  ].filter((note) => note !== undefined);
  const isDrawn = layout.total > 0;
  return (
    <div ref={place} class="picture flame">
      <div class="flame-head">
        <nav class="flame-path" aria-label="Zoomed into">
          <Tool
            label="Zoom out to the parent"
            disabled={zoomed <= 0}
            onClick={() => zoomInto(items[zoomed]?.parent ?? 0)}
          >
            <OutIcon />
          </Tool>
          {pathOf(items, zoomed <= 0 ? 0 : zoomed).map((index, position) => {
            const item = items[index];
            return item === undefined ? null : (
              <span key={index} class="flame-crumb">
                {position === 0 ? null : <span class="dim">›</span>}
                <button
                  type="button"
                  class="tool"
                  title={caption(item).sentence}
                  {...(index === Math.max(0, zoomed) ? { 'aria-current': 'true' as const } : {})}
                  onClick={() => zoomInto(index)}
                >
                  {caption(item).title}
                </button>
              </span>
            );
          })}
        </nav>
        <div class="tools" role="toolbar" aria-label="Flame">
          {frame === undefined ? null : (
            <button
              type="button"
              class="tool"
              onClick={() => {
                props.onToggleGroup(frame.node);
                props.onSelect(frame.node);
              }}
            >
              Collapse {caption(frame).title}
            </button>
          )}
          <MetricChoice plan={plan} label="Widths show" metric={metric} onMetric={props.onMetric} />
          <Tool label="Zoom out" onClick={() => zoom(1 / ZOOM_STEP)}>
            <ZoomOutIcon />
          </Tool>
          <Tool label="Zoom in" onClick={() => zoom(ZOOM_STEP)}>
            <ZoomInIcon />
          </Tool>
          <Tool label="Show all" onClick={() => zoomInto(0)}>
            <FitIcon />
          </Tool>
        </div>
      </div>
      {isDrawn ? null : (
        <p class="panel-empty">
          {metricsOf(plan).length === 0
            ? 'This plan has no figures to draw.'
            : `All that the plan has of ${metric} is 0: choose another measure.`}
        </p>
      )}
      <div
        ref={scroller}
        class="flame-scroll"
        role="tree"
        tabIndex={0}
        aria-label={`Plan by ${metric}`}
        hidden={!isDrawn}
        {...(items.length === 0 ? {} : { 'aria-activedescendant': `flame-${at}` })}
        onKeyDown={onKeyDown}
        onFocus={() => setIsFocused(true)}
        onBlur={() => setIsFocused(false)}
        onPointerDown={(event) => {
          // The scroll bar is not a place to drag the picture from.
          if (event.button !== 0 || event.target === event.currentTarget) return;
          pressed.current = { x: event.clientX, y: event.clientY, isDrag: false };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onPointerUp={(event) => {
          const isClick = pressed.current?.isDrag === false;
          pressed.current = undefined;
          const item = isClick ? items[hit(event) ?? -1] : undefined;
          if (item !== undefined) props.onSelect(item.node);
        }}
        onPointerCancel={() => (pressed.current = undefined)}
        onPointerLeave={() => {
          hovered.current = undefined;
          redraw();
        }}
        onDblClick={(event) => open(items[hit(event) ?? -1])}
      >
        <div class="flame-all" role="none" style={{ height: layout.levels.length * ROW + 2 }}>
          <canvas ref={canvas} aria-hidden="true" />
        </div>
        {items.length === 0 ? null : (
          <Near
            {...{ plan, items, at, caption }}
            id="flame"
            more={words}
            onChoose={(item) => props.onSelect(item.node)}
          />
        )}
      </div>
      {notes.length === 0 ? null : (
        <p class="flame-foot dim" title={notes.join('\n')}>
          {notes.join(' ')}
        </p>
      )}
    </div>
  );
}

const MOVES: Readonly<Record<string, Move>> = {
  ArrowDown: 'child',
  ArrowUp: 'parent',
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  Home: 'first',
  End: 'last',
};

const SQUEEZED: Readonly<Record<Metric, string | undefined>> = {
  time: 'Where children ran side by side they are drawn narrower, to fit their parent.',
  cost: 'Where a parent costs less than its children (a Limit does) they are drawn narrower, to fit it.',
  buffers: undefined,
  rows: undefined,
};

/** As many names as a line has room for. */
const NAMED = 3;

/** "Never executed: Seq Scan on a, Index Scan on b and 12 more." Only the topmost: nothing below them ran either. */
function neverWords({ nodes }: Plan): string | undefined {
  const top = nodes.filter(
    (node) => node.neverExecuted && (node.parent === undefined || nodes[node.parent]?.neverExecuted !== true),
  );
  if (top.length === 0) return undefined;
  const names = top.slice(0, NAMED).map(nodeTitle).join(', ');
  return `Never executed: ${names}${top.length > NAMED ? ` and ${formatCount(top.length - NAMED)} more` : ''}.`;
}

/** The breadcrumb has no room for more. */
const DEEPEST = 6;

/** From the root to an item, at most so many of them, the last ones. */
function pathOf(items: FlameLayout['items'], index: number): readonly number[] {
  const path: number[] = [];
  for (let at = index; at >= 0 && path.length < DEEPEST; at = items[at]?.parent ?? -1) path.unshift(at);
  return path[0] === 0 ? path : [0, ...path.slice(1)];
}

const SAVED = 'flame';

function savedOf(value: unknown, serial: number): FlameWindow {
  if (typeof value !== 'object' || value === null) return ALL;
  if (!('serial' in value) || !('left' in value) || !('width' in value) || value.serial !== serial) return ALL;
  const { left, width } = value;
  if (typeof left !== 'number' || typeof width !== 'number' || !(left >= 0 && width > 0 && left + width <= 1.000001))
    return ALL;
  return { left, width };
}
