import { useEffect, useState } from 'preact/hooks';
import type { ReaderState } from '../../shared/protocol';
import { ChevronIcon } from '../kit/icons';
import { usePersisted } from '../kit/page';
import type { ViewState } from '../kit/vscode';
import { currentHeading } from './lesson';

/** From this width on the outline has a column of its own. The same number stands in reader.css. */
const WIDE = '(min-width: 940px)';

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

export function Outline({ entries, view }: { entries: ReaderState['outline']; view: ViewState }) {
  const wide = useMedia(WIDE);
  const [open, setOpen] = usePersisted(view, 'outline', false, isBoolean);
  const current = useCurrent(entries);
  if (entries.length < 2) {
    return null;
  }
  const list = (
    <ul class="outline-list" id="outline-list">
      {entries
        .filter((entry) => entry.level <= 3)
        .map((entry) => (
          <li key={entry.slug} class={`outline-level-${entry.level}`}>
            <a href={`#${entry.slug}`} {...(entry.slug === current ? { 'aria-current': 'location' as const } : {})}>
              {entry.text}
            </a>
          </li>
        ))}
    </ul>
  );
  return (
    <nav class="outline" aria-label="On this page">
      {wide ? (
        list
      ) : (
        <>
          <button
            type="button"
            class="outline-toggle"
            aria-expanded={open}
            aria-controls="outline-list"
            onClick={() => setOpen(!open)}
          >
            <ChevronIcon /> On this page
          </button>
          {open ? list : <div id="outline-list" hidden />}
        </>
      )}
    </nav>
  );
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const hear = (): void => setMatches(media.matches);
    media.addEventListener('change', hear);
    return () => media.removeEventListener('change', hear);
  }, [query]);
  return matches;
}

function useCurrent(entries: ReaderState['outline']): string | undefined {
  const [current, setCurrent] = useState<string>();
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const tops = entries.flatMap(({ slug }) => {
        const heading = document.getElementById(slug);
        return heading === null ? [] : [{ slug, top: heading.getBoundingClientRect().top }];
      });
      setCurrent(currentHeading(tops, 80));
    };
    const soon = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    window.addEventListener('scroll', soon, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', soon);
    };
  }, [entries]);
  return current;
}
