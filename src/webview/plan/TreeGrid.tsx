import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ChevronIcon } from '../kit/icons';
import { useScroll } from '../kit/useScroll';
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
const NAME = 150;
const NAME_AT_LEAST = 240;

export interface Column<R extends Row> {
  readonly name: string;
  readonly title: string;
  readonly width: number;
  /** The lowest is shown first where there is little room. */
  readonly priority: number;
  /** Of the switch between a node's own figures and those with its children. */
  readonly onSwitch?: () => void;
  readonly cell: (row: R) => ComponentChildren;
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
  readonly titleOf: (row: R) => ComponentChildren;
  /** The row in one sentence, for who hears it. */
  readonly describe: (row: R) => string;
  readonly classOf: (row: R) => string;
}

/** Rows of a tree in columns, of which only those in sight are in the page. */
export function TreeGrid<R extends Row>(props: TreeGridProps<R>) {
  const { rows, selected, reveal, deepest } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const sight = useScroll(scroller);
  const revealed = useRef({ reveal, key: rows[selected]?.key });
  const indent = Math.min(INDENT, Math.min(DEEPEST, 0.25 * sight.width) / Math.max(1, deepest));
  const name = Math.min(0.6 * sight.width, Math.max(NAME_AT_LEAST, deepest * indent + NAME));
  const columns = fitting(props.columns, sight.width - name);

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

  const { first, end } = rowsInSight(sight.top, sight.height - HEAD, ROW, rows.length, 8);
  const template = { gridTemplateColumns: `minmax(0, 1fr) ${columns.map(({ width }) => `${width}px`).join(' ')}` };
  return (
    <div
      ref={scroller}
      class="tree"
      role="treegrid"
      tabIndex={0}
      aria-label={props.name}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      {...(selected >= first && selected < end ? { 'aria-activedescendant': `row-${selected}` } : {})}
      onKeyDown={onKeyDown}
    >
      <div class="tree-all" style={{ height: HEAD + rows.length * ROW }}>
        <div class="tree-head" role="row" aria-rowindex={1} style={template}>
          <span role="columnheader" aria-colindex={1}>
            Node
          </span>
          {columns.map(({ name, title, onSwitch }, index) => (
            <span key={index} role="columnheader" aria-colindex={index + 2} class="number" title={title}>
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
          return (
            <div
              key={row.key}
              id={`row-${place}`}
              class={`tree-row${place === selected ? ' chosen' : ''} ${props.classOf(row)}`}
              role="row"
              aria-rowindex={place + 2}
              aria-level={row.depth + 1}
              aria-posinset={row.position}
              aria-setsize={row.size}
              aria-selected={place === selected}
              {...(row.expanded === undefined ? {} : { 'aria-expanded': row.expanded })}
              aria-label={props.describe(row)}
              style={{ ...template, top: HEAD + place * ROW }}
              onMouseDown={() => props.onSelect(row)}
              onDblClick={() => {
                if (row.expanded !== undefined) props.onToggle(row);
              }}
            >
              <span class="tree-node" role="gridcell" aria-colindex={1}>
                <Indent depth={row.depth} step={indent} />
                <Twisty expanded={row.expanded} onToggle={() => props.onToggle(row)} />
                {props.titleOf(row)}
              </span>
              {columns.map(({ cell }, column) => (
                <span key={column} class="number" role="gridcell" aria-colindex={column + 2}>
                  {cell(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Indent({ depth, step }: { depth: number; step: number }) {
  if (step < NARROWEST && depth > 0) {
    return (
      <>
        <span class="tree-indent" style={{ width: depth * step }} />
        <span class="tree-level dim">{depth + 1}</span>
      </>
    );
  }
  return <span class="tree-indent" style={{ width: depth * step, backgroundSize: `${step}px 100%` }} />;
}

function Twisty({ expanded, onToggle }: { expanded: boolean | undefined; onToggle: () => void }) {
  if (expanded === undefined) return <span class="twisty" />;
  return (
    <span
      class={expanded ? 'twisty open' : 'twisty'}
      onMouseDown={(event) => {
        event.stopPropagation();
        onToggle();
      }}
      onDblClick={(event) => event.stopPropagation()}
    >
      <ChevronIcon />
    </span>
  );
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
      <span class="bar-place">
        {value === undefined || value <= 0 || most <= 0 ? null : (
          <span
            class={`bar bar-${props.kind}`}
            style={{ width: `${Math.min(100, Math.max(2, (100 * value) / most))}%` }}
          />
        )}
      </span>
      <span class="bar-number">{value === undefined ? '' : props.words(value)}</span>
      {props.share === undefined ? null : <span class="bar-share dim">{props.share}</span>}
    </>
  );
}
