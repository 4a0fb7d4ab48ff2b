import { Component, type ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Scrolled, useScroll } from '../kit/useScroll';
import { rowsInSight, scrollToShow } from '../kit/window';
import { type Row, walk } from './rows';

/** In CSS pixels; plan.css has the same. */
const ROW = 24;
const HEAD = 24;
/** One level's indent: less in deep plans, so that the names stay in sight. */
const INDENT = 14;
const DEEPEST = 220;
/** Below it, lines would run into one another: the level stands there as a number. */
const NARROWEST = 4;
/** What a name needs beside its indent; beyond it, columns are shown in the order of their priority. */
const NAME = 170;
const NAME_AT_LEAST = 240;
/** Rows beyond those in sight, above and below: a step of the wheel. */
const MARGIN = 5;

export interface Column<R extends Row> {
  readonly name: string;
  readonly title: string;
  readonly width: number;
  /** The lowest is shown first where there is little room. */
  readonly priority: number;
  /** Of the switch between a node's own figures and those with its children. */
  readonly onSwitch?: () => void;
  /** A length beside its number. */
  readonly hasBar?: boolean;
  readonly cell: (row: R) => ComponentChildren;
}

/** What is to be seen at a row beyond its own figures. */
export interface Mark {
  /** Of the row's element. */
  readonly classes: string;
  /** Findings. */
  readonly found: number;
}

/** How a row looks. While these are the same functions, a row that was drawn stays as it is. */
export interface Look<R extends Row> {
  readonly titleOf: (row: R, mark: Mark) => ComponentChildren;
  /** The row in one sentence, for who hears it. */
  readonly describe: (row: R, mark: Mark) => string;
}

interface TreeGridProps<R extends Row> {
  readonly name: string;
  readonly rows: readonly R[];
  readonly columns: readonly Column<R>[];
  /** Place in `rows`; -1 for none. */
  readonly selected: number;
  readonly deepest: number;
  /** Changes when the selected row must be brought into sight. */
  readonly reveal: number;
  /** Where it was scrolled to when it was hidden. */
  readonly top: number;
  readonly onScroll: (top: number) => void;
  readonly onSelect: (row: R) => void;
  readonly onToggle: (row: R) => void;
  readonly look: Look<R>;
  readonly markOf: (row: R) => Mark;
}

/** What it was last; the next one is drawn for that at once. */
let size: Pick<Scrolled, 'width' | 'height'> | undefined;

function guess(): Scrolled {
  const { innerWidth, innerHeight } = window;
  return { top: 0, left: 0, ...(size ?? { width: innerWidth - (innerWidth > 780 ? 300 : 0), height: innerHeight }) };
}

/** Rows of a tree in columns, of which only those in sight are in the page. */
export function TreeGrid<R extends Row>(props: TreeGridProps<R>) {
  const { rows, selected, reveal, deepest, look } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const sight = useScroll(scroller, useMemo(guess, []));
  const revealed = useRef({ reveal, key: rows[selected]?.key });
  const indent = Math.min(INDENT, Math.min(DEEPEST, 0.25 * sight.width) / Math.max(1, deepest));
  const name = Math.min(0.6 * sight.width, Math.max(NAME_AT_LEAST, deepest * indent + NAME));
  const fitted = fitting(props.columns, sight.width - name);
  const columns = useMemo(() => fitted, [props.columns, fitted.length]);

  useEffect(() => {
    if (scroller.current !== null && props.top > 0) scroller.current.scrollTop = props.top;
  }, []);
  const key = rows[selected]?.key;
  useEffect(() => {
    const element = scroller.current;
    const before = revealed.current;
    revealed.current = { reveal, key };
    // Folding elsewhere, or coming back, must not scroll.
    if (element === null || selected < 0 || (props.top > 0 && before.reveal === reveal && before.key === key)) return;
    // With the row above and the row below.
    const height = element.clientHeight - HEAD;
    const top = scrollToShow((selected - 1) * ROW, (selected + 2) * ROW, element.scrollTop, height);
    // No half rows at the top.
    element.scrollTop = Math.ceil(top / ROW) * ROW;
  }, [key, reveal]);
  useEffect(() => {
    size = sight;
  }, [sight.width, sight.height]);
  useEffect(() => {
    const later = setTimeout(() => props.onScroll(sight.top), 250);
    return () => clearTimeout(later);
  }, [sight.top]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target !== event.currentTarget)
      return;
    const page = Math.max(1, Math.floor((sight.height - HEAD) / ROW) - 1);
    const step = walk(rows, selected, event.key, page);
    if (step === undefined) return;
    event.preventDefault();
    const row = rows[step.row];
    if (row === undefined) return;
    if (step.kind === 'toggle') props.onToggle(row);
    else if (step.row !== selected) props.onSelect(row);
  };

  /** What is pressed: listeners at each row would be most of what a row costs. */
  const pressed = (event: MouseEvent): { row: R; isTwisty: boolean } | undefined => {
    if (!(event.target instanceof Element)) return undefined;
    const row = rows[Number(event.target.closest<HTMLElement>('.tree-row')?.dataset['place'] ?? NaN)];
    const isTwisty = row?.expanded !== undefined && event.target.closest('.twisty') !== null;
    return row && { row, isTwisty };
  };

  const { first, end } = rowsInSight(sight.top, sight.height - HEAD, ROW, rows.length, MARGIN);
  const widths = `minmax(0, 1fr) ${columns.map(({ width }) => `${width}px`).join(' ')}`;
  return (
    <div
      ref={scroller}
      class="tree"
      role="treegrid"
      tabIndex={0}
      aria-label={props.name}
      aria-rowcount={rows.length + 1}
      {...(selected >= first && selected < end ? { 'aria-activedescendant': `row-${selected}` } : {})}
      onKeyDown={onKeyDown}
    >
      <div
        class="tree-all"
        role="presentation"
        style={{ height: HEAD + rows.length * ROW, '--columns': widths }}
        onMouseDown={(event) => {
          const { row, isTwisty } = pressed(event) ?? {};
          if (row !== undefined) (isTwisty === true ? props.onToggle : props.onSelect)(row);
        }}
        onDblClick={(event) => {
          const { row, isTwisty } = pressed(event) ?? {};
          if (row?.expanded !== undefined && isTwisty !== true) props.onToggle(row);
        }}
      >
        <div class="tree-head" role="row" aria-rowindex={1}>
          <span role="columnheader">Node</span>
          {columns.map(({ name, title, onSwitch }, index) => (
            <span key={index} role="columnheader" class="number" title={title}>
              {onSwitch === undefined ? (
                name
              ) : (
                <button type="button" class="tree-switch" onClick={onSwitch}>
                  {name}
                </button>
              )}
            </span>
          ))}
        </div>
        {rows.slice(first, end).map((row, index) => {
          const place = first + index;
          const isChosen = place === selected;
          return <GridRow key={row.key} {...{ row, place, isChosen, columns, indent, look }} {...props.markOf(row)} />;
        })}
      </div>
    </div>
  );
}

interface GridRowProps<R extends Row> extends Mark {
  readonly row: R;
  /** In the list, from 0. */
  readonly place: number;
  readonly isChosen: boolean;
  readonly columns: readonly Column<R>[];
  /** Of one level. */
  readonly indent: number;
  readonly look: Look<R>;
}

/** Drawn again only when something of it has changed: scrolling draws the rows that come into sight. */
class GridRow<R extends Row> extends Component<GridRowProps<R>> {
  override shouldComponentUpdate(next: GridRowProps<R>): boolean {
    const { row, place, isChosen, columns, indent, look, classes, found } = this.props;
    return (
      next.row !== row ||
      next.place !== place ||
      next.isChosen !== isChosen ||
      next.columns !== columns ||
      next.indent !== indent ||
      next.look !== look ||
      next.classes !== classes ||
      next.found !== found
    );
  }

  override render() {
    const { row, place, isChosen, columns, indent, look, classes } = this.props;
    return (
      <div
        id={`row-${place}`}
        data-place={place}
        class={`tree-row${isChosen ? ' chosen' : ''}${classes === '' ? '' : ` ${classes}`}`}
        role="row"
        aria-rowindex={place + 2}
        aria-level={row.depth + 1}
        aria-posinset={row.position}
        aria-setsize={row.size}
        aria-selected={isChosen}
        {...(row.expanded === undefined ? {} : { 'aria-expanded': row.expanded })}
        aria-label={look.describe(row, this.props)}
        style={{ top: HEAD + place * ROW }}
      >
        <span class="tree-node" role="gridcell">
          <Indent depth={row.depth} step={indent} />
          <span class={row.expanded === undefined ? 'twisty' : row.expanded ? 'twisty open' : 'twisty closed'} />
          {look.titleOf(row, this.props)}
        </span>
        {columns.map(({ cell, hasBar }, column) => (
          <span key={column} class={hasBar === true ? 'number with-bar' : 'number'} role="gridcell">
            {cell(row)}
          </span>
        ))}
      </div>
    );
  }
}

function Indent({ depth, step }: { depth: number; step: number }) {
  if (depth === 0) return null;
  if (step < NARROWEST) {
    return (
      <>
        <span class="tree-indent" style={{ width: depth * step }} />
        <span class="tree-level dim">{depth + 1}</span>
      </>
    );
  }
  return <span class="tree-indent" style={{ width: depth * step, backgroundSize: `${step}px 100%` }} />;
}

/** The columns that have room, in their own order. */
function fitting<R extends Row>(columns: readonly Column<R>[], width: number): readonly Column<R>[] {
  let left = width;
  const shown = new Set<Column<R>>();
  for (const column of columns.toSorted((a, b) => a.priority - b.priority)) {
    left -= column.width;
    if (left < 0 && shown.size > 0) break;
    shown.add(column);
  }
  return columns.filter((column) => shown.has(column));
}

/** A length beside its number, and what part of the whole it is. */
export function Bar(props: {
  value: number | undefined;
  most: number;
  words: (value: number) => string;
  share?: string;
  kind: 'time' | 'buffers';
}) {
  const { value, most } = props;
  return (
    <>
      {value === undefined || value <= 0 || most <= 0 ? null : (
        <span class="bar-place">
          <span
            class={`bar bar-${props.kind}`}
            style={{ width: `${Math.min(100, Math.max(2, (100 * value) / most))}%` }}
          />
        </span>
      )}
      <span class="bar-number">{value === undefined ? '' : props.words(value)}</span>
      {props.share === undefined ? null : <span class="bar-share dim">{props.share}</span>}
    </>
  );
}
