import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

interface TabListProps<T extends string> {
  readonly name: string;
  /** Id of the element that shows what is chosen. */
  readonly panel: string;
  readonly tabs: readonly { readonly id: T; readonly label: ComponentChildren }[];
  readonly chosen: T;
  readonly onChoose: (id: T) => void;
}

/** A row of tabs; arrow keys, Home and End choose, as in the ARIA tabs pattern. */
export function TabList<T extends string>({ name, panel, tabs, chosen, onChoose }: TabListProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const last = tabs.length - 1;
    const to = {
      ArrowLeft: at <= 0 ? last : at - 1,
      ArrowRight: at === last ? 0 : at + 1,
      Home: 0,
      End: last,
    }[event.key];
    const tab = to === undefined ? undefined : tabs[to];
    if (to === undefined || tab === undefined) return;
    event.preventDefault();
    onChoose(tab.id);
    const button = list.current?.children[to];
    if (button instanceof HTMLElement) button.focus();
  };
  return (
    <div ref={list} class="tab-list" role="tablist" aria-label={name} onKeyDown={onKeyDown}>
      {tabs.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`${panel}-${id}`}
          class="tab-button"
          aria-selected={id === chosen}
          {...(id === chosen ? { 'aria-controls': panel } : {})}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
