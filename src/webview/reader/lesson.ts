/** What the reader page derives from its state; no DOM. */
import type { ExerciseView, ReaderState, RowDiffView, RowsDiffView, Segment } from '../../shared/protocol';

export interface Progress {
  readonly passed: number;
  readonly total: number;
}

export function progressOf(exercises: readonly ExerciseView[]): Progress {
  return { passed: exercises.filter((exercise) => exercise.status === 'passed').length, total: exercises.length };
}

/**
 * The slug of the heading that already says an exercise's title: the last heading in the text above it.
 * `undefined` where that heading says something else, so that the card must say it.
 */
export function headingOf(
  title: string,
  segments: readonly Segment[],
  index: number,
  outline: ReaderState['outline'],
): string | undefined {
  for (let above = index - 1; above >= 0; above--) {
    const segment = segments[above];
    if (segment?.kind !== 'html') {
      continue;
    }
    const slug = [...segment.html.matchAll(/<h[1-6][^>]*\sid="([^"]*)"/g)].at(-1)?.[1];
    if (slug !== undefined) {
      return outline.some((entry) => entry.slug === slug && entry.text === title) ? slug : undefined;
    }
  }
  return undefined;
}

export type NextAction = 'start' | 'check' | undefined;

/** The one action a card suggests. */
export function nextAction(exercise: ExerciseView): NextAction {
  const { quiz } = exercise;
  if (quiz && (quiz.kind === 'checklist' || quiz.chosen.length === 0)) {
    return undefined;
  }
  if (!quiz && exercise.status === 'new') {
    return 'start';
  }
  return exercise.status === 'passed' && !exercise.stale ? undefined : 'check';
}

/** Where a link of the lesson's text leads: a place on this page, a file for the host, or out (VS Code opens it). */
export function linkTarget(
  href: string,
): { readonly kind: 'heading'; readonly slug: string } | { readonly kind: 'file' | 'web' | 'none' } {
  if (href === '') {
    return { kind: 'none' };
  }
  if (href.startsWith('#')) {
    return { kind: 'heading', slug: decode(href.slice(1)) };
  }
  if (/^(?:https?|mailto):/i.test(href)) {
    return { kind: 'web' };
  }
  return { kind: /^[a-z][a-z0-9+.-]*:/i.test(href) ? 'none' : 'file' };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The heading being read: the last one whose top edge is above `line`. Tops in page order. */
export function currentHeading(
  tops: readonly { readonly slug: string; readonly top: number }[],
  line: number,
): string | undefined {
  let current: string | undefined;
  for (const { slug, top } of tops) {
    if (top > line) {
      break;
    }
    current = slug;
  }
  return current;
}

/** What is chosen after one item was ticked or unticked, in the items' order. */
export function withItem(
  items: readonly { readonly id: string }[],
  chosen: readonly string[],
  id: string,
  ticked: boolean,
): readonly string[] {
  return items.map((item) => item.id).filter((each) => (each === id ? ticked : chosen.includes(each)));
}

export function pointsOf(count: number): string {
  return count === 1 ? '1 point' : `${count} points`;
}

/** What a row of a diff is, in words. */
export function rowWord({ kind, times, row }: RowDiffView): string {
  switch (kind) {
    case 'missing':
    case 'extra':
      return kind;
    case 'often':
      return times ? `${times.seen} instead of ${times.expected}` : '';
    case 'expected':
    case 'seen':
      return `row ${row ?? ''} ${kind}`;
  }
}

/** "2 of 14 missing rows and 1 of 3 extra rows"; `undefined` where all of them are shown. */
export function examplesOf(diff: RowsDiffView, shown: readonly RowDiffView[]): string | undefined {
  const parts = (['missing', 'extra'] as const).flatMap((kind) => {
    const of = diff[kind];
    return of === 0
      ? []
      : [{ text: `${shown.filter((row) => row.kind === kind).length} of ${of.toLocaleString('en-US')} ${kind}`, of }];
  });
  const all = parts.reduce((sum, part) => sum + part.of, 0);
  return all <= shown.filter((row) => row.kind === 'missing' || row.kind === 'extra').length
    ? undefined
    : `Shown: ${parts.map((part) => part.text).join(', ')}.`;
}
