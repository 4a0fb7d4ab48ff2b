/**
 * A text of any length, of which only the lines in sight are elements. What is copied comes from the text, not from the page:
 * a selection may reach over lines that are not there.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useScroll } from '../../kit/useScroll';
import { textBetween, type Position, type TextLines } from './textLines';
import './lines.css';

/** In CSS pixels; lines.css has the same. */
const ROW = 18;
/** No element can be higher than some 33 million pixels; beyond it a pixel of scrolling is more than one. */
const HIGHEST = 30_000_000;
/** Longer lines are cut on the page. */
const LONGEST = 2000;
const MARGIN = 10;

export interface LinesProps {
  readonly lines: TextLines;
  readonly label: string;
  readonly hasNumbers?: boolean;
  /** From 0; highlighted. */
  readonly current?: number;
  /** Changes when `current` must be brought into sight. */
  readonly reveal: number;
  /** Words for the line's mark: "matches the search", "error". */
  readonly mark?: (line: number) => { readonly tone: 'match' | 'error'; readonly words: string } | undefined;
  readonly onLine?: (line: number) => void;
  /** Under the line it is about. */
  readonly note?: { readonly line: number; readonly column: number };
}

export function Lines({ lines, label, hasNumbers, current, reveal, mark, onLine, note }: LinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const sight = useScroll(scroller);
  const [isAll, setIsAll] = useState(false);
  const [anchor, setAnchor] = useState<number>();
  const height = Math.min(HIGHEST, lines.count * ROW);
  const first = firstLine(sight.top, sight.height, height, lines.count);
  const from = Math.max(0, Math.floor(first) - MARGIN);
  const to = Math.min(lines.count, Math.ceil(first + sight.height / ROW) + MARGIN);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || current === undefined || current < 0) return;
    const rows = element.clientHeight / ROW;
    const top = firstLine(element.scrollTop, element.clientHeight, height, lines.count);
    if (current >= top + 1 && current <= top + rows - 2) return;
    const wanted = Math.max(0, current - Math.floor(rows / 3));
    element.scrollTop =
      height < HIGHEST ? wanted * ROW : (wanted / Math.max(1, lines.count - rows)) * (height - element.clientHeight);
  }, [current, reveal, lines]);

  // Where the selection begins stays on the page while it is dragged out of sight.
  useEffect(() => {
    const onChange = (): void => {
      const selection = getSelection();
      const at = selection?.isCollapsed === false ? positionOf(selection.anchorNode, 0, scroller.current) : undefined;
      setAnchor(at?.line);
    };
    document.addEventListener('selectionchange', onChange);
    return () => document.removeEventListener('selectionchange', onChange);
  }, []);
  useLayoutEffect(() => setIsAll(false), [lines]);

  const onCopy = (event: ClipboardEvent): void => {
    const selection = getSelection();
    if (event.clipboardData === null) return;
    if (isAll) event.clipboardData.setData('text/plain', lines.text);
    else {
      if (selection === null || selection.isCollapsed) return;
      const start = positionOf(selection.anchorNode, selection.anchorOffset, scroller.current);
      const end = positionOf(selection.focusNode, selection.focusOffset, scroller.current);
      if (start === undefined || end === undefined) return;
      event.clipboardData.setData('text/plain', textBetween(lines, start, end));
    }
    event.preventDefault();
  };
  const shown: number[] = [];
  if (anchor !== undefined && anchor < from && anchor < lines.count) shown.push(anchor);
  for (let line = from; line < to; line++) shown.push(line);
  if (anchor !== undefined && anchor >= to && anchor < lines.count) shown.push(anchor);

  return (
    <div
      ref={scroller}
      class={`lines${isAll ? ' all' : ''}${hasNumbers === true ? ' numbered' : ''}`}
      role="document"
      aria-label={label}
      tabIndex={0}
      onCopy={onCopy}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key === 'a') {
          // All of it, also what is not on the page.
          event.preventDefault();
          getSelection()?.selectAllChildren(event.currentTarget);
          setIsAll(true);
        }
      }}
      onMouseDown={() => setIsAll(false)}
      onClick={(event) => {
        const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-line]') : null;
        if (row !== null && getSelection()?.isCollapsed !== false) onLine?.(Number(row.dataset['line']));
      }}
    >
      <div class="lines-all" style={{ height }}>
        {shown.map((line) => {
          const text = lines.at(line);
          const marked = mark?.(line);
          const top = line * ROW + (sight.top - first * ROW);
          return (
            <div
              key={line}
              data-line={line}
              class={`line${line === current ? ' current' : ''}${marked === undefined ? '' : ` ${marked.tone}`}`}
              {...(line === current ? { 'aria-current': 'true' as const } : {})}
              style={{ top }}
            >
              {hasNumbers === true ? <span class="line-number" data-number={line + 1} aria-hidden="true" /> : null}
              <span class="line-mark" {...(marked === undefined ? {} : { title: marked.words })}>
                {marked === undefined ? null : <span class="visually-hidden">{marked.words}: </span>}
              </span>
              <span class="line-text">{text.length > LONGEST ? text.slice(0, LONGEST) : text}</span>
              {text.length > LONGEST ? (
                <span
                  class="line-rest dim"
                  data-rest={`… ${(text.length - LONGEST).toLocaleString('en-US')} more characters`}
                />
              ) : null}
              {note?.line === line && note.column <= LONGEST ? (
                <span class="line-caret" aria-hidden="true" style={{ insetInlineStart: `${note.column}ch` }} />
              ) : null}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The line at the top, with its fraction. Where not all lines have their height, the way scrolled says how far. */
function firstLine(scrolled: number, room: number, height: number, count: number): number {
  if (height < HIGHEST) return scrolled / ROW;
  return (scrolled / Math.max(1, height - room)) * Math.max(0, count - room / ROW);
}

/** Line and column of a place in the page, as far as it lies in `root`. */
function positionOf(node: Node | null, offset: number, root: HTMLElement | null): Position | undefined {
  if (node === null || root === null || !root.contains(node)) return undefined;
  const element = node instanceof Element ? node : node.parentElement;
  const row = element?.closest<HTMLElement>('[data-line]') ?? null;
  if (row === null) {
    // Between lines: the one that follows, or the end.
    const next = node.childNodes[offset];
    const line = next instanceof HTMLElement ? Number(next.dataset['line'] ?? NaN) : NaN;
    return Number.isNaN(line) ? undefined : { line, column: 0 };
  }
  const words = row.querySelector('.line-text');
  const line = Number(row.dataset['line']);
  if (words === null || !words.contains(node)) return { line, column: 0 };
  return { line, column: node === words ? (offset === 0 ? 0 : words.textContent.length) : offset };
}
