/** Where the reader is on the page. */
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

/** Scrolls to a heading, an example or an exercise, and puts the focus there unless it is wanted elsewhere. */
export function show(id: string, focus = true): void {
  const element = document.getElementById(id) ?? document.querySelector(`[data-id="${CSS.escape(id)}"]`);
  if (element instanceof HTMLElement) {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.scrollIntoView({ block: 'start', behavior: still ? 'auto' : 'smooth' });
    if (focus) element.focus({ preventScroll: true });
  }
}
