import { useRef } from 'preact/hooks';
import type { ViewState } from '../kit/vscode';
import { usePersisted } from '../kit/page';

/** What the side takes of the split, in percent: beside the plan, or below it where there is little room. */
interface Shares {
  readonly beside: number;
  readonly below: number;
}

const SHARES: Shares = { beside: 25, below: 45 };
const LEAST = 15;
const MOST = 70;
const STEP = 2;

function isShares(value: unknown): value is Shares {
  return (
    typeof value === 'object' &&
    value !== null &&
    'beside' in value &&
    'below' in value &&
    [value.beside, value.below].every((share) => typeof share === 'number' && share >= LEAST && share <= MOST)
  );
}

/** As a style of the split: what its side takes. */
export function useShares(view: ViewState) {
  const [shares, setShares] = usePersisted(view, 'shares', SHARES, isShares);
  return { shares, setShares, style: { '--beside': `${shares.beside}%`, '--below': `${shares.below}%` } };
}

/** Between the plan and what stands beside or below it: dragged, moved by arrow keys, put back by a double click. */
export function Splitter({ shares, onShares }: { shares: Shares; onShares: (shares: Shares) => void }) {
  const bar = useRef<HTMLDivElement>(null);
  const dragged = useRef<Shares>();
  const split = (): HTMLElement | null => bar.current?.parentElement ?? null;
  const isBelow = (): boolean => {
    const element = split();
    return element !== null && getComputedStyle(element).flexDirection === 'column';
  };
  const to = (percent: number): Shares => {
    const share = Math.round(10 * Math.min(MOST, Math.max(LEAST, percent))) / 10;
    return isBelow() ? { ...shares, below: share } : { ...shares, beside: share };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const element = split();
    if (dragged.current === undefined || element === null) return;
    const { right, bottom, width, height } = element.getBoundingClientRect();
    const share = isBelow() ? (bottom - event.clientY) / height : (right - event.clientX) / width;
    dragged.current = to(100 * share);
    // Not by a render: the views measure themselves.
    element.style.setProperty('--beside', `${dragged.current.beside}%`);
    element.style.setProperty('--below', `${dragged.current.below}%`);
  };
  const end = (): void => {
    if (dragged.current !== undefined) onShares(dragged.current);
    dragged.current = undefined;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = isBelow() ? shares.below : shares.beside;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: now + STEP,
      ArrowUp: now + STEP,
      ArrowRight: now - STEP,
      ArrowDown: now - STEP,
      Home: LEAST,
      End: MOST,
    };
    const share = moves[event.key];
    if (share === undefined) return;
    event.preventDefault();
    onShares(to(share));
  };
  return (
    <div
      ref={bar}
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-label="Width of what stands beside the plan"
      aria-controls="plan-side"
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={Math.round(shares.beside)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = shares;
      }}
      onPointerMove={onPointerMove}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={onKeyDown}
      onDblClick={() => onShares(SHARES)}
    />
  );
}
