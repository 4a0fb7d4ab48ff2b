import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface MenuItem {
  readonly label: string;
  /** Beside it, dimmed: "12.3 ms, 2,942 buffers". */
  readonly note?: string;
  /** One of several that is chosen now. */
  readonly checked?: boolean;
  readonly run: () => void;
}

/** Items that belong together, under their name. */
export interface MenuGroup {
  readonly name?: string;
  readonly items: readonly MenuItem[];
}

interface MenuProps {
  /** Of the button, in words. */
  readonly label: string;
  readonly groups: readonly MenuGroup[];
  /** What the button shows. */
  readonly children: ComponentChildren;
}

/** A button that opens a menu below it, by mouse and by keyboard as in the ARIA menu button pattern. */
export function Menu({ label, groups, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open) return undefined;
    itemsOf(list.current)[0]?.focus();
    const close = (event: Event): void => {
      if (event.target instanceof Node && place.current?.contains(event.target) !== true) setOpen(false);
    };
    // A click in another part of the window only takes the focus away.
    const leave = (): void => setOpen(false);
    document.addEventListener('pointerdown', close);
    window.addEventListener('blur', leave);
    return () => {
      document.removeEventListener('pointerdown', close);
      window.removeEventListener('blur', leave);
    };
  }, [open]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const items = itemsOf(list.current);
    const at = items.findIndex((item) => item === document.activeElement);
    const last = items.length - 1;
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to !== undefined) items[to]?.focus();
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
    else if (event.key.length === 1 && event.key !== ' ') focusByLetter(items, at, event.key);
    if (to !== undefined || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  return (
    <span ref={place} class="menu-place">
      <button
        ref={button}
        type="button"
        class="tool"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' && !open) {
            event.preventDefault();
            setOpen(true);
          }
        }}
      >
        {children}
      </button>
      {open ? (
        <div ref={list} class="menu" role="menu" aria-label={label} onKeyDown={onKeyDown}>
          {groups.map(({ name, items }, index) => (
            <div key={index} class="menu-group" role="group" {...(name === undefined ? {} : { 'aria-label': name })}>
              {name === undefined ? null : (
                <div class="menu-name" aria-hidden="true">
                  {name}
                </div>
              )}
              {items.map(({ label: text, note, checked, run }, place) => (
                <button
                  key={place}
                  type="button"
                  class="menu-item"
                  role={checked === undefined ? 'menuitem' : 'menuitemradio'}
                  {...(checked === undefined ? {} : { 'aria-checked': checked })}
                  tabIndex={-1}
                  onClick={() => {
                    close();
                    run();
                  }}
                >
                  <span class="menu-label">{text}</span>
                  {note === undefined ? null : <span class="menu-note">{note}</span>}
                </button>
              ))}
            </div>
          ))}
        </div>
      ) : null}
    </span>
  );
}

function itemsOf(list: HTMLElement | null): readonly HTMLElement[] {
  return list === null ? [] : Array.from(list.querySelectorAll<HTMLElement>('.menu-item'));
}

function focusByLetter(items: readonly HTMLElement[], at: number, letter: string): void {
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  after.find((item) => item.textContent.toLowerCase().startsWith(letter.toLowerCase()))?.focus();
}
