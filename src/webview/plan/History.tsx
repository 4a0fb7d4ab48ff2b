import type { PlanEntry, PlanState } from '../../shared/protocol';
import { Tool } from '../kit/plain';
import { BackIcon, ForwardIcon } from '../kit/icons';
import { Menu, type MenuGroup, type MenuItem } from '../kit/Menu';

/** Steps through the plans that were kept, and lists them. */
export function History({ state, onShow }: { state: PlanState; onShow: (id: string) => void }) {
  const { history, source } = state;
  const at = history.findIndex(({ id }) => id === source?.id);
  const current = history[at];
  const step = (by: number): (() => void) => {
    const entry = at < 0 ? history.at(-1) : history[at + by];
    return () => {
      if (entry !== undefined) onShow(entry.id);
    };
  };
  if (history.length === 0 || (history.length === 1 && current !== undefined)) return null;
  return (
    <span class="history">
      <Tool label="Previous plan" disabled={at === 0} onClick={step(-1)}>
        <BackIcon />
      </Tool>
      <Menu label={`Plans: ${current?.title ?? 'earlier'}`} groups={historyGroups(state, onShow)}>
        <span class="tool-text">{current?.title ?? 'Earlier plans'}</span>
      </Menu>
      <Tool label="Next plan" disabled={at < 0 || at === history.length - 1} onClick={step(1)}>
        <ForwardIcon />
      </Tool>
    </span>
  );
}

export function historyGroups(state: PlanState, onShow: (id: string) => void): readonly MenuGroup[] {
  const items = state.history.toReversed().map((entry) => ({
    ...itemOf(entry, () => onShow(entry.id)),
    checked: entry.id === state.source?.id,
  }));
  return items.length < 2 ? [] : [{ name: 'Plans', items }];
}

/** What the plan can be compared with, the newest first. */
export function compareGroups(state: PlanState, onCompare: (id?: string) => void): readonly MenuGroup[] {
  const { history, source, before } = state;
  const others = history.filter(({ id }) => id !== source?.id).toReversed();
  const items = others.map((entry) => ({
    ...itemOf(entry, () => onCompare(entry.id)),
    checked: entry.id === before?.id,
  }));
  const stop: MenuItem[] = before === undefined ? [] : [{ label: 'Stop comparing', run: () => onCompare() }];
  return items.length + stop.length === 0 ? [] : [{ name: 'Compare with', items: [...items, ...stop] }];
}

function itemOf({ title, figures, at }: PlanEntry, run: () => void): MenuItem {
  const time = new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false });
  return { label: title, note: figures === undefined ? time : `${figures} · ${time}`, run };
}
