import type { Draft } from './draft';
import { isList, textOf, type RawValue } from './raw';
import { isCte } from './tree';

/**
 * Step 5: how far the planner's rows were from the measured ones, per loop: max/min, both at least 1, since the planner never
 * says less. So where less than a row came per loop, the factor is a bound: the truth is at least that far off. Undefined where
 * the comparison means nothing:
 * - never executed, or not measured;
 * - nodes without rows of their own: BitmapAnd and BitmapOr (always 0), ModifyTable without RETURNING;
 * - the inner side of a merge join, which goes back to a mark and counts rows again;
 * - fewer rows than planned where the node above may have stopped it early (below). More rows than planned still count.
 */
export function setEstimates(drafts: readonly Draft[], scans: ReadonlyMap<number, readonly Draft[]>): void {
  const stopped = stoppedNodes(drafts, scans);
  for (const draft of drafts) {
    const { rows, planRows } = draft;
    if (rows === undefined || planRows === undefined || isMute(draft) || isMarked(drafts, draft)) continue;
    const actual = Math.max(1, rows);
    const planned = Math.max(1, planRows);
    if (actual < planned && stopped[draft.id] === 1) continue;
    draft.estimateFactor = actual > planned ? actual / planned : planned / actual;
    draft.estimateIsBound = rows < 1 && planned > 1;
  }
}

function isMute({ kind }: Draft): boolean {
  return kind === 'BitmapAnd' || kind === 'BitmapOr' || kind === 'ModifyTable';
}

function isMarked(drafts: readonly Draft[], draft: Draft): boolean {
  if (draft.relationship !== 'Inner' || draft.parent === undefined) return false;
  const parent = drafts[draft.parent];
  return parent?.kind === 'Merge Join' && parent.properties['Inner Unique'] !== true;
}

/**
 * The nodes that may not have been asked for all their rows (1, by id): below LIMIT, EXISTS, ANY, a merge join whose other side
 * ended, a hash join with an empty table, a window's run condition – down to a node that reads all its input before it answers.
 */
function stoppedNodes(drafts: readonly Draft[], scans: ReadonlyMap<number, readonly Draft[]>): Uint8Array {
  const stopped = new Uint8Array(drafts.length);
  const ctes: Draft[] = [];
  const walk = (from: Draft): void => {
    const pending = [from];
    for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
      if (parent.children.length === 0) continue;
      const stops = stopsOf(drafts, parent);
      const isStopped = stopped[parent.id] === 1;
      for (const id of parent.children) {
        const child = drafts[id];
        if (child === undefined) continue;
        if (isCte(child)) {
          ctes.push(child);
          continue;
        }
        if (stops(child) || (isStopped && passesOn(parent, child))) stopped[id] = 1;
        if (child.children.length > 0) pending.push(child);
      }
    }
  };
  const [root] = drafts;
  if (root === undefined) return stopped;
  walk(root);
  // A CTE is read as far as its scans are; what scans it has been walked by then, since later CTEs read earlier ones.
  for (let cte = ctes.pop(); cte !== undefined; cte = ctes.pop()) {
    const isRead = (scans.get(cte.id) ?? []).some((scan) => stopped[scan.id] !== 1);
    if (cte.kind !== 'ModifyTable' && !isRead) stopped[cte.id] = 1;
    walk(cte);
  }
  return stopped;
}

/** Of a parent: whether it may leave rows of a child unread, whoever reads the parent. */
function stopsOf(drafts: readonly Draft[], parent: Draft): (child: Draft) => boolean {
  const { kind, properties } = parent;
  const join = textOf(properties, 'Join Type') ?? 'Inner';
  const keepsOuter = join === 'Full' || join === 'Left' || join === 'Anti';
  const keepsInner = join === 'Full' || join === 'Right' || join === 'Right Anti';
  let hashed: ReadonlySet<string> | undefined;
  const innerSide = (): Draft | undefined => {
    const id = parent.children.find((place) => drafts[place]?.relationship === 'Inner');
    return id === undefined ? undefined : drafts[id];
  };
  const seesEmptyTable = kind === 'Hash Join' && !keepsOuter && innerSide()?.rows === 0;
  return (child) => {
    // Which SubPlan is an EXISTS, EXPLAIN says from 17 on only; a hashed one reads everything.
    if (child.relationship === 'SubPlan') {
      hashed ??= hashedIn(parent);
      return !hashed.has(child.subplan ?? '');
    }
    if (child.relationship === 'InitPlan') return true;
    const inner = child.relationship === 'Inner';
    switch (kind) {
      case 'Limit':
        return true;
      case 'Nested Loop':
        return inner && (join === 'Semi' || join === 'Anti' || properties['Inner Unique'] === true);
      case 'Merge Join':
        return inner ? !keepsInner : !keepsOuter;
      case 'Hash Join':
        return !inner && seesEmptyTable;
      case 'WindowAgg':
        return properties['Run Condition'] !== undefined;
      default:
        return false;
    }
  };
}

/** The names of the hashed SubPlans in a node's expressions: "(NOT (hashed SubPlan 1))". */
function hashedIn({ properties }: Draft): ReadonlySet<string> {
  const names = new Set<string>();
  const look = (value: RawValue): void => {
    if (typeof value === 'string') for (const [, name] of value.matchAll(/\(hashed ([^()]*)\)/g)) names.add(name ?? '');
  };
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'Plans') continue;
    if (isList(value)) value.forEach(look);
    else look(value);
  }
  return names;
}

/** A reader that stops early stops this child too: the parent does not read all of it before its first row. */
function passesOn(parent: Draft, child: Draft): boolean {
  switch (parent.kind) {
    case 'Sort':
    case 'Hash':
    case 'ModifyTable':
    case 'BitmapAnd':
    case 'BitmapOr':
    case 'Bitmap Heap Scan':
      return false;
    case 'Aggregate':
    case 'SetOp':
      return parent.properties['Strategy'] === 'Sorted';
    case 'Hash Join':
      return child.relationship !== 'Inner';
    default:
      return true;
  }
}
