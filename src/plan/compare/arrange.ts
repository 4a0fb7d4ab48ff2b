import type { Plan } from '../model';
import type { Match } from './match';

/** A row of both trees in one: who stands there, and how deep. */
export interface Row {
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly depth: number;
}

/**
 * Both trees as one, in pre-order: the after-plan's, and what was removed below the node that it stood under. A removed node
 * that stood around a kept one (a Sort that is no longer needed) comes before the kept ones, others after them.
 */
export function arrange(before: Plan, after: Plan, match: Match): readonly Row[] {
  const removed = removedBelow(before, match);
  const rows: Row[] = [];
  const pending: Row[] = [];
  const push = (ids: readonly Omit<Row, 'depth'>[], depth: number): void => {
    for (let place = ids.length - 1; place >= 0; place--) {
      const row = ids[place];
      if (row !== undefined) pending.push({ before: row.before, after: row.after, depth });
    }
  };
  const gone = (parent: number, around: boolean): readonly Omit<Row, 'depth'>[] => {
    const list = removed.get(parent) ?? [];
    return list.filter((row) => row.isAround === around).map(({ id }) => ({ before: id, after: undefined }));
  };
  push(
    [
      ...gone(TOP, true),
      ...(after.nodes.length > 0 ? [{ before: match.after[0], after: 0 }] : []),
      ...gone(TOP, false),
    ],
    0,
  );
  for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
    rows.push(row);
    const kept = row.after === undefined ? [] : (after.nodes[row.after]?.children ?? []);
    // What a removed node has below it that was kept, stands where it is now.
    if (row.before !== undefined) push(gone(row.before, false), row.depth + 1);
    push(
      kept.map((id) => ({ before: match.after[id], after: id })),
      row.depth + 1,
    );
    if (row.before !== undefined) push(gone(row.before, true), row.depth + 1);
  }
  return rows;
}

const TOP = -1;

/** Removed nodes by their parent in the before-plan; those without by TOP. */
function removedBelow(
  before: Plan,
  match: Match,
): ReadonlyMap<number, readonly { readonly id: number; readonly isAround: boolean }[]> {
  const hasKept = before.nodes.map((_, id) => match.before[id] !== undefined);
  for (let id = before.nodes.length - 1; id > 0; id--) {
    const parent = before.nodes[id]?.parent;
    if (parent !== undefined && hasKept[id] === true) hasKept[parent] = true;
  }
  const removed = new Map<number, { readonly id: number; readonly isAround: boolean }[]>();
  before.nodes.forEach((node, id) => {
    if (match.before[id] !== undefined) return;
    const list = removed.get(node.parent ?? TOP);
    const entry = { id, isAround: hasKept[id] === true };
    if (list === undefined) removed.set(node.parent ?? TOP, [entry]);
    else list.push(entry);
  });
  return removed;
}
