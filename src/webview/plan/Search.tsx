import { useEffect, useRef, useState } from 'preact/hooks';
import { Tool } from '../kit/plain';
import { CloseIcon, DownIcon, UpIcon } from '../kit/icons';

interface SearchProps {
  readonly text: string;
  /** Changes when the field must get the focus. */
  readonly asked: number;
  readonly hits: readonly number[] | undefined;
  readonly selected: number;
  readonly onText: (text: string) => void;
  readonly onStep: (backwards: boolean) => void;
  readonly onClose: () => void;
}

/** Typing faster than this searches once. */
const PAUSE = 120;

/** A field that finds nodes: Enter goes to the next, Shift+Enter to the one before, Escape closes. */
export function Search({ text, asked, hits, selected, onText, onStep, onClose }: SearchProps) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (asked > 0) field.current?.select();
  }, [asked]);
  useEffect(() => {
    if (typed === text) return undefined;
    const later = setTimeout(() => onText(typed), PAUSE);
    return () => clearTimeout(later);
  }, [typed]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      if (typed === text) onStep(event.shiftKey);
      else onText(typed);
    } else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  const place = hits?.indexOf(selected) ?? -1;
  const count = hits === undefined ? '' : place < 0 ? `${hits.length} found` : `${place + 1} of ${hits.length}`;
  const none = hits === undefined || hits.length === 0;
  return (
    <div class="search" role="search">
      <input
        ref={field}
        type="search"
        class="field"
        aria-label="Find nodes"
        placeholder="Find nodes"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span class="search-count dim" role="status">
        {count}
      </span>
      <Tool label="Previous match" disabled={none} onClick={() => onStep(true)}>
        <UpIcon />
      </Tool>
      <Tool label="Next match" disabled={none} onClick={() => onStep(false)}>
        <DownIcon />
      </Tool>
      <Tool label="Close search" onClick={onClose}>
        <CloseIcon />
      </Tool>
    </div>
  );
}
