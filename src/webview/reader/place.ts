/** Where the reader is on the page. */
import type { Reveal } from '../../shared/protocol';
import type { ViewState } from '../kit/vscode';

interface Place {
  readonly lesson: string;
  readonly top: number;
}

function isPlace(value: unknown): value is Place {
  return (
    typeof value === 'object' &&
    value !== null &&
    'lesson' in value &&
    'top' in value &&
    typeof value.lesson === 'string' &&
    typeof value.top === 'number'
  );
}

/** Goes where `lesson` was left (its top, if it was not open last), and remembers each new place. Returns what stops it. */
export function keepPlace(view: ViewState, lesson: string): () => void {
  const saved = view.get('place');
  window.scrollTo(0, isPlace(saved) && saved.lesson === lesson ? saved.top : 0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const remember = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => view.set('place', { lesson, top: window.scrollY } satisfies Place), 100);
  };
  window.addEventListener('scroll', remember, { passive: true });
  return () => {
    clearTimeout(timer);
    window.removeEventListener('scroll', remember);
  };
}

/**
 * Keeps what is read where it is when the width changes: an editor that opens beside makes the page narrow, and
 * every line above breaks anew. Returns what stops it.
 */
export function keepAnchor(): () => void {
  let width = window.innerWidth;
  let anchor: { readonly element: Element; readonly top: number } | undefined;
  const remember = (): void => {
    const blocks = document.querySelectorAll('main > *, main .prose > *');
    const element = [...blocks].findLast((block) => block.getBoundingClientRect().top <= READING_LINE);
    anchor = element && { element, top: element.getBoundingClientRect().top };
  };
  const resized = (): void => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    if (anchor?.element.isConnected) window.scrollBy(0, anchor.element.getBoundingClientRect().top - anchor.top);
  };
  window.addEventListener('scroll', remember, { passive: true });
  window.addEventListener('resize', resized);
  return () => {
    window.removeEventListener('scroll', remember);
    window.removeEventListener('resize', resized);
  };
}

/** px from the top: what begins above it is what is read. */
const READING_LINE = 80;

/** Scrolls to a heading, an example or an exercise's task, and puts the focus there. */
export function show(id: string): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const found = find(id);
  const place = found?.matches('.exercise') ? (headingAbove(found) ?? found) : found;
  place?.scrollIntoView({ block: 'start', behavior: still ? 'auto' : 'smooth' });
  place?.focus({ preventScroll: true });
}

const PARTS = { verdict: '.verdict-place', hint: '.hints > :last-child', solution: ':scope > .aside' } as const;

/** As `show`, at once: the page may get another width the next moment. Without `focus` the focus stays where it is. */
export function reveal({ id, part, focus }: Reveal): void {
  const exercise = document.querySelector(`.exercise[data-id="${CSS.escape(id)}"]`);
  const place = exercise && part === undefined ? headingAbove(exercise) : find(id);
  place?.scrollIntoView({ block: 'start', behavior: 'auto' });
  if (part !== undefined) exercise?.querySelector(PARTS[part])?.scrollIntoView({ block: 'nearest', behavior: 'auto' });
  // the browser tells of the scroll only with the next frame, which may have the new width already
  window.dispatchEvent(new Event('scroll'));
  if (focus) place?.focus({ preventScroll: true });
}

/** An exercise's task stands between its heading and its card. */
function headingAbove(exercise: Element): HTMLElement | undefined {
  const headings = [...document.querySelectorAll<HTMLElement>('main :is(h1, h2, h3, h4)')];
  return headings.findLast((heading) => heading.compareDocumentPosition(exercise) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function find(id: string): HTMLElement | undefined {
  const element = document.getElementById(id) ?? document.querySelector(`[data-id="${CSS.escape(id)}"]`);
  return element instanceof HTMLElement ? element : undefined;
}
