/**
 * A picture for who hears it: the selected item and what is around it, as items of the tree that has the focus. The rest comes
 * as the selection moves; thousands of elements would help nobody.
 */
import type { Plan } from '../../../plan/model';
import type { Caption } from '../../../plan/layout/captions';
import type { Item } from '../../../plan/layout/items';
import { childrenShown, siblingsShown } from '../../../plan/layout/walk';

const AROUND = 5;

interface NearProps {
  readonly id: string;
  readonly plan: Plan;
  readonly items: readonly Item[];
  readonly at: number;
  readonly caption: (item: Item) => Caption;
  /** Beyond the caption: "2 findings". */
  readonly more: (item: Item) => string;
  readonly onChoose: (item: Item) => void;
}

export function Near({ id, plan, items, at, caption, more, onChoose }: NearProps) {
  const siblings = siblingsShown(items, at);
  const place = siblings.indexOf(at);
  const parent = items[at]?.parent ?? -1;
  const around = siblings.slice(Math.max(0, place - AROUND), place);
  const after = siblings.slice(place + 1, place + 1 + AROUND);
  const children = childrenShown(items, at);
  const treeItem = (index: number, among: readonly number[], position: number) => {
    const item = items[index];
    if (item === undefined) return null;
    const words = more(item);
    return (
      <div
        key={index}
        id={`${id}-${index}`}
        role="treeitem"
        aria-level={(plan.nodes[item.node]?.depth ?? 0) + 1}
        aria-setsize={among.length}
        aria-posinset={position + 1}
        aria-selected={index === at}
        {...(item.kind === 'group'
          ? { 'aria-expanded': false }
          : item.children.length > 0
            ? { 'aria-expanded': true }
            : {})}
        onClick={() => onChoose(item)}
      >
        {words === '' ? caption(item).sentence : `${caption(item).sentence}, ${words}`}
      </div>
    );
  };
  const beside = parent < 0 ? [] : siblingsShown(items, parent);
  return (
    <div class="visually-hidden" role="none">
      {parent < 0 ? null : treeItem(parent, beside, beside.indexOf(parent))}
      {around.map((index, step) => treeItem(index, siblings, place - around.length + step))}
      {treeItem(at, siblings, place)}
      {children.slice(0, AROUND).map((index, step) => treeItem(index, children, step))}
      {after.map((index, step) => treeItem(index, siblings, place + 1 + step))}
    </div>
  );
}
