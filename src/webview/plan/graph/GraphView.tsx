import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { captionsOf } from '../../../plan/layout/captions';
import { layoutGraph, type Direction, type GraphLayout, type Placed } from '../../../plan/layout/graph';
import { figuresOf, metricFor } from '../../../plan/layout/metric';
import { paintGraph, type Scene } from '../../../plan/layout/paint';
import { step, type Move } from '../../../plan/layout/walk';
import type { Plan } from '../../../plan/model';
import type { ViewProps } from '../view';
import {
  besideCorner,
  centred,
  fit,
  fitScale,
  leastScale,
  opening,
  pan,
  READABLE,
  revealed,
  sightOf,
  wheelFactor,
  zoomAt,
  type Camera,
  type Size,
} from './camera';
import { surfaceOf, useCanvas, usePalette } from './canvas';
import { farOf, paintFar, paintFarMarks } from './far';
import './graph.css';
import { DownIcon, FitIcon, MapIcon, RightIcon, ZoomInIcon, ZoomOutIcon } from './icons';
import { marksOf } from './marks';
import { Minimap } from './Minimap';
import { Near } from './Near';
import { isSaved, type SavedGraph } from './saved';
import { Tool } from '../../kit/plain';
import { MetricChoice } from './Tools';

/** Below it, boxes have no words. */
const FAR = 0.3;
/** A press that moves farther is a drag. */
const STILL = 4;
const ZOOM_STEP = 1.25;

/** The plan as boxes on a plane: wheel and drag with the pointer, arrows with the keys. */
export function GraphView(props: ViewProps) {
  const { plan, alike, openGroups, view, serial, selected } = props;
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const focus = useRef<HTMLDivElement>(null);
  const palette = usePalette(place);
  const saved = useMemo(() => savedOf(view.get(SAVED), serial), [serial]);
  const [direction, setDirection] = useState<Direction | undefined>(saved.direction);
  const [hasMap, setHasMap] = useState(saved.map);
  const [isFocused, setIsFocused] = useState(false);
  const percent = useRef<HTMLButtonElement>(null);
  const [mapNeeded, setMapNeeded] = useState(false);
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  const hovered = useRef<number>();
  const camera = useRef<Camera | undefined>(saved.camera);
  const follow = useRef<(camera: Camera, view: Size) => void>();
  const metric = useMemo(() => metricFor(plan, props.metric), [plan, props.metric]);

  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      if (next.width === 0 || next.height === 0) return;
      setRoom(next);
      // Decided once: a picture that turns while a panel is resized is another picture.
      setDirection((known) => known ?? betterFor(plan, alike, next));
    };
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);

  const layout = useMemo(
    () => (direction === undefined ? undefined : layoutGraph(plan, alike, openGroups, direction)),
    [plan, alike, openGroups, direction],
  );
  const items = useMemo(() => layout?.boxes.map(({ item }) => item) ?? [], [layout]);
  const figures = useMemo(() => figuresOf(plan, metric), [plan, metric]);
  const caption = useMemo(() => captionsOf(plan, figures), [plan, figures, layout]);
  const far = useMemo(
    () => (layout === undefined ? undefined : farOf(layout, plan, figures, caption)),
    [layout, plan, figures, caption],
  );
  const marks = useMemo(
    () => marksOf(layout?.shownBy, props.findings, props.matches),
    [layout, props.findings, props.matches],
  );
  const at = layout?.shownBy[selected] ?? 0;
  const scene = useMemo<Scene | undefined>(
    () =>
      layout === undefined || palette === undefined
        ? undefined
        : {
            layout,
            palette,
            metric,
            caption,
            findings: marks.findings,
            isMatch: marks.isMatch,
            selected: at,
            isFocused,
          },
    [layout, palette, metric, caption, marks, at, isFocused],
  );

  const redraw = useCanvas(canvas, (context, size) => {
    if (scene === undefined || far === undefined || size.width === 0) return;
    const now = (camera.current ??= first(scene.layout, at, size));
    if (now.scale < FAR) {
      paintFar(context, far, scene, now, size, devicePixelRatio);
      paintFarMarks(context, scene, now, 6);
    } else {
      const surface = surfaceOf(context);
      surface.start();
      context.scale(now.scale, now.scale);
      context.translate(-now.x, -now.y);
      const compact = now.scale < READABLE ? Math.min(26, 11 / now.scale) : undefined;
      const hover = hovered.current;
      paintGraph(
        surface,
        {
          ...scene,
          ...(hover === undefined ? {} : { hovered: hover }),
          ...(compact === undefined ? {} : { compact }),
        },
        sightOf(now, size),
      );
    }
    follow.current?.(now, size);
    // Not by a render: this is said with each step of the wheel.
    const words = percentOf(now.scale);
    if (percent.current !== null && percent.current.textContent !== words) percent.current.textContent = words;
    setMapNeeded(!isAllInSight(scene.layout, now, size));
  });

  const save = useCallback(
    (change: Partial<SavedGraph>) =>
      view.set(SAVED, { ...savedOf(view.get(SAVED), serial), serial, camera: camera.current, ...change }),
    [view, serial],
  );
  const saving = useRef<ReturnType<typeof setTimeout>>();
  useEffect(
    () => () => {
      clearTimeout(saving.current);
      save({});
    },
    [save],
  );
  const go = (next: Camera): void => {
    camera.current = next;
    redraw();
    clearTimeout(saving.current);
    saving.current = setTimeout(() => save({}), 300);
  };
  const size = (): Size => ({ width: canvas.current?.clientWidth ?? 0, height: canvas.current?.clientHeight ?? 0 });
  const zoom = (factor: number, point?: readonly [number, number]): void => {
    const now = camera.current;
    if (now === undefined || layout === undefined) return;
    const { width, height } = size();
    go(zoomAt(now, factor, point ?? [width / 2, height / 2], leastScale(layout, { width, height })));
  };
  const fitAll = (): void => {
    if (layout !== undefined) go(fit(layout, size()));
  };
  const actualSize = (): void => {
    const box = layout?.boxes[at];
    if (box !== undefined) go(centred(box.x + box.width / 2, box.y + box.height / 2, 1, size()));
  };

  // Another layout of the same plan: what was selected stays where it was on the screen.
  const before = useRef<Placed>();
  useLayoutEffect(() => {
    const box = layout?.boxes[at];
    const now = camera.current;
    if (box !== undefined && now !== undefined && before.current !== undefined) {
      const { x, y } = before.current;
      camera.current = { ...now, x: now.x + box.x - x, y: now.y + box.y - y };
      reveal(false);
    }
  }, [layout]);
  useLayoutEffect(() => {
    before.current = layout?.boxes[at];
  });

  const reveal = (isFar: boolean): void => {
    const box = layout?.boxes[at];
    if (camera.current === undefined || box === undefined) return;
    const next = revealed(camera.current, box, size(), isFar);
    const map = place.current?.querySelector<HTMLElement>('.minimap');
    if (map == null) go(next);
    else go(besideCorner(next, box, size(), { width: map.offsetWidth + 12, height: map.offsetHeight + 12 }));
  };
  const isFirst = useRef(true);
  useEffect(() => {
    // Where it was left is where it stays; afterwards the page's wish counts.
    if (isFirst.current) isFirst.current = false;
    else reveal(true);
  }, [props.reveal]);
  useEffect(() => reveal(false), [selected]);

  const boxAt = (event: MouseEvent): Placed | undefined => {
    const now = camera.current;
    const corner = canvas.current?.getBoundingClientRect();
    if (now === undefined || corner === undefined || layout === undefined) return undefined;
    const x = now.x + (event.clientX - corner.left) / now.scale;
    const y = now.y + (event.clientY - corner.top) / now.scale;
    return layout.boxes.findLast((box) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height);
  };
  const press = (box: Placed | undefined): void => {
    if (box === undefined) return;
    if (box.item.kind !== 'node') props.onToggleGroup(box.item.node);
    props.onSelect(box.item.node);
  };

  const pressed = useRef<{ x: number; y: number; isDrag: boolean }>();
  const onPointerMove = (event: PointerEvent): void => {
    const down = pressed.current;
    if (down !== undefined && event.buttons !== 0) {
      const [dx, dy] = [event.clientX - down.x, event.clientY - down.y];
      if (!down.isDrag && Math.hypot(dx, dy) < STILL) return;
      pressed.current = { x: event.clientX, y: event.clientY, isDrag: true };
      if (camera.current !== undefined && layout !== undefined) go(pan(camera.current, dx, dy, layout, size()));
      return;
    }
    const box = boxAt(event);
    const element = focus.current;
    if (box?.item.index === hovered.current || element === null) return;
    hovered.current = box?.item.index;
    element.classList.toggle('on-box', box !== undefined);
    if (box === undefined) element.removeAttribute('title');
    else element.title = [caption(box.item).sentence, marks.words(box.item)].filter((part) => part !== '').join(', ');
    redraw();
  };
  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  wheel.current = (event) => {
    event.preventDefault();
    const corner = canvas.current?.getBoundingClientRect();
    if (corner === undefined || camera.current === undefined || layout === undefined) return;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      go(pan(camera.current, -by, 0, layout, size()));
    } else zoom(wheelFactor(event), [event.clientX - corner.left, event.clientY - corner.top]);
  };
  useEffect(() => {
    const element = focus.current;
    const listen = (event: WheelEvent): void => wheel.current(event);
    // Preact's listeners are passive where the browser says so; this one keeps the page still.
    element?.addEventListener('wheel', listen, { passive: false });
    return () => element?.removeEventListener('wheel', listen);
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || layout === undefined) return;
    const move = moves(layout.direction)[event.key];
    const item = items[at];
    if (move !== undefined) {
      const to = items[step(items, at, move)];
      if (to !== undefined && to.index !== at) props.onSelect(to.node);
    } else if (event.key === '+' || event.key === '=') zoom(ZOOM_STEP);
    else if (event.key === '-') zoom(1 / ZOOM_STEP);
    else if (event.key === '0') fitAll();
    else if (event.key === '1') actualSize();
    else if (event.key === 'Enter' || event.key === ' ') {
      const group = item?.kind === 'group' ? item : items[item?.frame ?? -1];
      if (group === undefined) return;
      toggle(group.node);
    } else return;
    event.preventDefault();
  };
  /** Closing one takes the selection to the group. */
  const toggle = (first: number): void => {
    props.onToggleGroup(first);
    props.onSelect(first);
  };

  const frame = items[items[at]?.frame ?? -1];
  return (
    <div ref={place} class="picture graph">
      <canvas ref={canvas} class="graph-canvas" aria-hidden="true" />
      <div
        ref={focus}
        class="picture-focus"
        role="tree"
        tabIndex={0}
        aria-label="Plan graph"
        {...(items.length === 0 ? {} : { 'aria-activedescendant': `graph-${at}` })}
        onKeyDown={onKeyDown}
        onFocus={() => setIsFocused(true)}
        onBlur={() => setIsFocused(false)}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          pressed.current = { x: event.clientX, y: event.clientY, isDrag: false };
        }}
        onPointerMove={onPointerMove}
        onPointerUp={(event) => {
          const isClick = pressed.current?.isDrag === false;
          pressed.current = undefined;
          if (isClick) press(boxAt(event));
        }}
        onPointerCancel={() => (pressed.current = undefined)}
        onPointerLeave={() => {
          hovered.current = undefined;
          redraw();
        }}
      >
        {items.length === 0 ? null : (
          <Near
            {...{ plan, items, at, caption }}
            id="graph"
            more={marks.words}
            onChoose={(item) => props.onSelect(item.node)}
          />
        )}
      </div>
      <div class="tools" role="toolbar" aria-label="Graph">
        {frame === undefined ? null : (
          <button type="button" class="tool" onClick={() => toggle(frame.node)}>
            Collapse {caption(frame).title}
          </button>
        )}
        <MetricChoice plan={plan} label="Bars show" metric={metric} onMetric={props.onMetric} />
        <Tool label="Zoom out" onClick={() => zoom(1 / ZOOM_STEP)}>
          <ZoomOutIcon />
        </Tool>
        <button ref={percent} type="button" class="tool tool-scale" title="Actual size" onClick={actualSize} />
        <Tool label="Zoom in" onClick={() => zoom(ZOOM_STEP)}>
          <ZoomInIcon />
        </Tool>
        <Tool label="Show all" onClick={fitAll}>
          <FitIcon />
        </Tool>
        <Tool
          label={direction === 'right' ? 'Grow downwards' : 'Grow to the right'}
          onClick={() => {
            const next = direction === 'right' ? 'down' : 'right';
            setDirection(next);
            save({ direction: next });
          }}
        >
          {direction === 'right' ? <DownIcon /> : <RightIcon />}
        </Tool>
        <Tool
          label="Minimap"
          pressed={hasMap}
          onClick={() => {
            setHasMap(!hasMap);
            save({ map: !hasMap });
          }}
        >
          <MapIcon />
        </Tool>
      </div>
      {hasMap && mapNeeded && scene !== undefined && far !== undefined ? (
        <Minimap
          scene={scene}
          far={far}
          room={{ width: Math.min(200, room.width / 4), height: Math.min(120, room.height / 3) }}
          onReady={(draw) => {
            follow.current = draw;
            redraw();
          }}
          onGo={(x, y) => {
            if (camera.current !== undefined) go(centred(x, y, camera.current.scale, size()));
          }}
        />
      ) : null}
    </div>
  );
}

/** The one in which more of the plan can be read at once. */
function betterFor(plan: Plan, alike: ViewProps['alike'], view: Size): Direction {
  const scale = (direction: Direction): number => fitScale(layoutGraph(plan, alike, new Set(), direction), view);
  return scale('right') > scale('down') ? 'right' : 'down';
}

const SAVED = 'graph';

function savedOf(value: unknown, serial: number): SavedGraph {
  if (!isSaved(value)) return { serial, map: true };
  // Another plan is looked at anew; how is a habit.
  const { camera, ...habits } = value;
  return value.serial === serial && camera !== undefined ? { ...habits, camera } : { ...habits, serial };
}

function first(layout: GraphLayout, at: number, view: Size): Camera {
  const [root] = layout.boxes;
  if (root === undefined) return { x: 0, y: 0, scale: 1 };
  const start = opening(root, layout, view);
  const box = layout.boxes[at];
  return box === undefined ? start : revealed(start, box, view, false);
}

function percentOf(scale: number): string {
  return scale < 0.01 ? '< 1 %' : `${Math.round(scale * 100)} %`;
}

function isAllInSight(layout: GraphLayout, camera: Camera, view: Size): boolean {
  const { x, y, width, height } = sightOf(camera, view);
  return x <= 0 && y <= 0 && x + width >= layout.width && y + height >= layout.height;
}

/** Arrows go where the eye goes. */
function moves(direction: Direction): Readonly<Record<string, Move>> {
  const edges = { Home: 'first', End: 'last' } as const;
  return direction === 'right'
    ? { ArrowRight: 'child', ArrowLeft: 'parent', ArrowDown: 'next', ArrowUp: 'previous', ...edges }
    : { ArrowDown: 'child', ArrowUp: 'parent', ArrowRight: 'next', ArrowLeft: 'previous', ...edges };
}
