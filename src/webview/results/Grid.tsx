import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../plan/words';
import type { ResultView } from '../../shared/protocol';
import { usePersisted } from '../kit/page';
import { useScroll } from '../kit/useScroll';
import type { ViewState } from '../kit/vscode';
import { columnsInSight, offsets, rowsInSight, scrollToShow } from '../kit/window';
import { type CellAt, moveCell } from './cells';
import { isNumber, oneLine, widthsInCharacters } from './columns';

/** In CSS pixels; results.css has the same. */
const ROW = 22;
const HEAD = 24;
const PADDING = 17;
const NARROWEST = 32;

interface GridProps {
  /** Which result this is, among all that were ever shown. */
  readonly name: string;
  readonly result: ResultView;
  readonly view: ViewState;
  readonly copy: (text: string) => void;
}

interface SavedGrid {
  readonly name: string;
  readonly cell?: CellAt;
  readonly top?: number;
  readonly left?: number;
}

function isSavedGrid(value: unknown): value is SavedGrid {
  return typeof value === 'object' && value !== null && 'name' in value;
}

/** Rows and columns out of sight have no elements: 10,000 × 50 is as light as 10 × 5. */
export function Grid({ name, result: { fields, rows }, view, copy }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const sight = useScroll(scroller);
  const character = useCharacterWidth(scroller);
  const [saved, setSaved] = usePersisted<SavedGrid>(view, 'grid', { name }, isSavedGrid);
  const cell = saved.name === name ? saved.cell : undefined;

  // Widths follow the content until the first is dragged.
  const [dragged, setDragged] = useState<ReadonlyMap<number, number>>(new Map());
  const characters = useMemo(() => widthsInCharacters(fields, rows), [fields, rows]);
  const starts = useMemo(
    () => offsets(characters.map((width, column) => dragged.get(column) ?? Math.ceil(width * character) + PADDING)),
    [characters, character, dragged],
  );
  const numbers = Math.ceil(formatCount(rows.length).length * character) + PADDING;
  const total = starts.at(-1) ?? 0;

  useEffect(() => {
    if (saved.name === name && scroller.current !== null) {
      scroller.current.scrollTo(saved.left ?? 0, saved.top ?? 0);
    }
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => {
      const now = { name, top: sight.top, left: sight.left };
      view.set('grid', cell === undefined ? now : { ...now, cell });
    }, 150);
    return () => clearTimeout(timer);
  }, [name, cell, sight.top, sight.left]);

  const select = (to: CellAt): void => {
    setSaved({ ...saved, name, cell: to });
    const element = scroller.current;
    if (element !== null) {
      element.scrollTop = scrollToShow(
        to.row * ROW,
        (to.row + 1) * ROW,
        element.scrollTop,
        element.clientHeight - HEAD,
      );
      element.scrollLeft = scrollToShow(
        starts[to.column] ?? 0,
        starts[to.column + 1] ?? 0,
        element.scrollLeft,
        element.clientWidth - numbers,
      );
    }
  };
  const resize = (column: number, width: number): void =>
    setDragged((before) => new Map(before).set(column, Math.max(NARROWEST, width)));

  const onKeyDown = (event: KeyboardEvent): void => {
    const control = event.ctrlKey || event.metaKey;
    const at = cell ?? { row: 0, column: 0 };
    if (control && event.key === 'c') {
      if (cell !== undefined && (getSelection()?.isCollapsed ?? true)) {
        event.preventDefault();
        copy(rows[cell.row]?.[cell.column] ?? '');
      }
      return;
    }
    if (event.altKey && event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      const width = (starts[at.column + 1] ?? 0) - (starts[at.column] ?? 0);
      resize(at.column, width + (event.key === 'ArrowLeft' ? -16 : 16));
      return;
    }
    if (event.altKey || event.shiftKey || rows.length === 0) {
      return;
    }
    const page = Math.max(1, Math.floor((sight.height - HEAD) / ROW) - 1);
    const to = moveCell(at, event.key, control, { rows: rows.length, columns: fields.length, page });
    if (to !== undefined) {
      event.preventDefault();
      select(cell === undefined ? at : to);
    }
  };

  const { first, end } = rowsInSight(sight.top, sight.height - HEAD, ROW, rows.length, 6);
  const columns = columnsInSight(starts, sight.left, sight.width - numbers);
  const inSight = fields.slice(columns.first, columns.end);
  const active =
    cell !== undefined &&
    cell.row >= first &&
    cell.row < end &&
    cell.column >= columns.first &&
    cell.column < columns.end;

  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label="Rows"
      aria-rowcount={rows.length + 1}
      aria-colcount={fields.length + 1}
      {...(active ? { 'aria-activedescendant': 'active-cell' } : {})}
      onKeyDown={onKeyDown}
    >
      <div class="grid-all" style={{ width: numbers + total, height: HEAD + rows.length * ROW }}>
        <div class="grid-head" role="row" aria-rowindex={1} style={{ width: numbers + total }}>
          <div class="grid-corner" role="columnheader" aria-colindex={1} style={{ width: numbers }}>
            <span class="visually-hidden">Row</span>
          </div>
          {inSight.map((field, index) => {
            const column = columns.first + index;
            const left = starts[column] ?? 0;
            const width = (starts[column + 1] ?? 0) - left;
            return (
              <div
                key={column}
                class={isNumber(field) ? 'grid-name number' : 'grid-name'}
                role="columnheader"
                aria-colindex={column + 2}
                title={field.name}
                style={{ left: numbers + left, width }}
              >
                <span class="grid-name-text">{field.name}</span>
                <Handle
                  width={width}
                  onResize={(to) => resize(column, to)}
                  onFit={() =>
                    setDragged((before) => {
                      const after = new Map(before);
                      after.delete(column);
                      return after;
                    })
                  }
                />
              </div>
            );
          })}
        </div>
        {rows.slice(first, end).map((row, index) => {
          const at = first + index;
          return (
            <div
              key={at}
              class={at % 2 === 1 ? 'grid-row odd' : 'grid-row'}
              role="row"
              aria-rowindex={at + 2}
              style={{ top: HEAD + at * ROW, width: numbers + total }}
            >
              <div class="grid-number" role="rowheader" aria-colindex={1} style={{ width: numbers }}>
                {formatCount(at + 1)}
              </div>
              {inSight.map((field, position) => {
                const column = columns.first + position;
                const left = starts[column] ?? 0;
                const value = row[column] ?? null;
                const chosen = cell?.row === at && cell.column === column;
                return (
                  <div
                    key={column}
                    class={`grid-cell${isNumber(field) ? ' number' : ''}${value === null ? ' null' : ''}${chosen ? ' chosen' : ''}`}
                    role="gridcell"
                    aria-colindex={column + 2}
                    aria-selected={chosen}
                    {...(chosen ? { id: 'active-cell' } : {})}
                    {...(value !== null && value.length > 24 ? { title: value.slice(0, 2000) } : {})}
                    style={{ left: numbers + left, width: (starts[column + 1] ?? 0) - left }}
                    onMouseDown={() => select({ row: at, column })}
                  >
                    {value === null ? 'NULL' : oneLine(value)}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Drag to resize, double-click to fit the content again. By keyboard: Alt+Shift and an arrow, on a cell. */
function Handle(props: { width: number; onResize: (width: number) => void; onFit: () => void }) {
  const start = useRef<{ x: number; width: number }>();
  return (
    <span
      class="grid-handle"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width: props.width };
      }}
      onPointerMove={(event) => {
        if (start.current !== undefined) {
          props.onResize(start.current.width + event.clientX - start.current.x);
        }
      }}
      onPointerUp={() => {
        start.current = undefined;
      }}
      onDblClick={props.onFit}
    />
  );
}

/** Of the element's own, monospaced font, in CSS pixels. */
function useCharacterWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(7.8);
  useEffect(() => {
    const context = document.createElement('canvas').getContext('2d');
    if (element.current !== null && context !== null) {
      const { fontSize, fontFamily } = getComputedStyle(element.current);
      context.font = `${fontSize} ${fontFamily}`;
      setWidth(context.measureText('0'.repeat(20)).width / 20);
    }
  }, [element]);
  return width;
}
