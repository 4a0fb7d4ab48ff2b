import type { Draft } from './draft';
import type { Gather } from './processes';
import { isList, textOf, type RawValue } from './raw';
import { isCte, isInitPlan } from './tree';

/**
 * Step 3: where the work of a CTE or an InitPlan was done. EXPLAIN prints both at the top of their query level, yet a CTE runs
 * inside the scans that pull its rows, and an InitPlan once, inside the first node that needs its value.
 */

/**
 * The executed scans of each CTE, by the CTE's id; a CTE that nothing scanned has none.
 *
 * Names shadow: a scan reads the CTE of the nearest query level that has one of that name, and never the CTE that the scan
 * itself is part of.
 */
export function scansOfCtes(drafts: readonly Draft[], ends: Uint32Array): ReadonlyMap<number, readonly Draft[]> {
  const scans = new Map<number, Draft[]>();
  for (const draft of drafts) if (isCte(draft) && draft.parent !== undefined) scans.set(draft.id, []);
  if (scans.size === 0) return scans;
  /** The CTEs that the node at hand may read, by name, the nearest last. */
  const visible = new Map<string, number[]>();
  const show = (cte: number): void => {
    const name = drafts[cte]?.subplan ?? '';
    const same = visible.get(name);
    if (same === undefined) visible.set(name, [cte]);
    else same.push(cte);
  };
  const hide = (cte: number): void => {
    visible.get(drafts[cte]?.subplan ?? '')?.pop();
  };
  const open: { readonly end: number; readonly close: () => void }[] = [];
  for (const draft of drafts) {
    for (let last = open.at(-1); last !== undefined && last.end <= draft.id; last = open.at(-1)) {
      last.close();
      open.pop();
    }
    const end = ends[draft.id] ?? draft.id + 1;
    if (scans.has(draft.id)) {
      // Its owner, the node above, showed it last of its name.
      hide(draft.id);
      open.push({ end, close: () => show(draft.id) });
    }
    const owned = draft.children.filter((child) => scans.has(child));
    if (owned.length > 0) {
      owned.forEach(show);
      open.push({ end, close: () => owned.forEach(hide) });
    }
    if (draft.kind !== 'CTE Scan' || draft.neverExecuted) continue;
    const cte = visible.get(`CTE ${textOf(draft.properties, 'CTE Name') ?? ''}`)?.at(-1);
    if (cte !== undefined) scans.get(cte)?.push(draft);
  }
  return scans;
}

/** The InitPlans that ran. */
export function initPlansOf(drafts: readonly Draft[]): readonly Draft[] {
  return drafts.filter((draft) => isInitPlan(draft) && !draft.neverExecuted && draft.parent !== undefined);
}

/**
 * A search for the nodes that may have run an InitPlan, the likeliest first: an Append that chose its members by its value, those
 * that mention it (a Gather evaluates it for what is below), the nodes above these (they re-scan them), the node it is printed
 * under, and everything else of that query level (the mention may be in an output list, which only VERBOSE prints).
 */
export function runnersFor(
  drafts: readonly Draft[],
  ends: Uint32Array,
  gathers: readonly (Gather | undefined)[],
  initPlans: readonly Draft[],
): (initPlan: Draft) => Iterable<readonly Draft[]> {
  const mentions = mentionsIn(drafts, new Set(initPlans.flatMap(valuesOf)));
  const hasPruned = pruningIn(drafts);
  let effort = EFFORT;
  return function* runnersOf(initPlan) {
    const owner = initPlan.parent === undefined ? undefined : drafts[initPlan.parent];
    if (owner === undefined) return;
    const end = ends[owner.id] ?? 0;
    const skipTo = ends[initPlan.id] ?? 0;
    const may = ({ id, neverExecuted }: Draft): boolean =>
      !neverExecuted && id >= owner.id && id < end && (id < initPlan.id || id >= skipTo);
    const mentioning: Draft[] = [];
    const pruning: Draft[] = [];
    for (const value of valuesOf(initPlan)) {
      for (const draft of mentions.get(value) ?? []) {
        if (--effort < 0) break;
        const below = gathers[draft.id];
        const gather = below !== undefined && below.id >= owner.id ? drafts[below.id] : undefined;
        if (may(draft)) mentioning.push(gather ?? draft);
        const append = draft.neverExecuted && draft.parent !== undefined ? drafts[draft.parent] : undefined;
        if (append === undefined || gather !== undefined || append === pruning.at(-1) || !may(append)) continue;
        if (hasPruned(append, draft, initPlan)) pruning.push(append);
      }
    }
    yield pruning;
    yield mentioning;
    for (const draft of mentioning) {
      for (let above = draft.parent; above !== undefined && above >= owner.id; above = drafts[above]?.parent) {
        const ancestor = drafts[above];
        if (--effort < 0 || ancestor === undefined) break;
        yield [ancestor];
      }
    }
    yield [owner];
    effort -= end - owner.id;
    if (effort >= 0) yield drafts.slice(owner.id, end).filter(may);
  };
}

/**
 * Whether an Append passed a member over that never ran, by the InitPlan's value. An Append runs its members in order: one that
 * stands before one that ran was passed over. What comes after may have been cut off by a LIMIT above; then the Append has
 * evaluated the value if its first row took that much longer than its first member's.
 */
function pruningIn(drafts: readonly Draft[]): (append: Draft, member: Draft, initPlan: Draft) => boolean {
  const cache = new Map<number, { readonly last: number; readonly waitedMs: number }>();
  const lookAt = ({ children, startupMs = 0, loops }: Draft): { readonly last: number; readonly waitedMs: number } => {
    const ran = children.filter((id) => {
      const child = drafts[id];
      return child?.relationship === 'Member' && !child.neverExecuted;
    });
    const first = drafts[ran[0] ?? -1];
    // None ran: all were passed over.
    if (first === undefined) return { last: Infinity, waitedMs: 0 };
    return { last: ran.at(-1) ?? 0, waitedMs: (startupMs - (first.startupMs ?? startupMs)) * (loops ?? 1) };
  };
  return (append, { id, relationship }, { inclusiveMs, inclusiveErrorMs = 0 }) => {
    if (relationship !== 'Member' || (append.kind !== 'Append' && append.kind !== 'Merge Append')) return false;
    const seen = cache.get(append.id) ?? lookAt(append);
    cache.set(append.id, seen);
    if (append.kind === 'Merge Append' || id < seen.last) return true;
    return (
      inclusiveMs !== undefined && inclusiveMs > inclusiveErrorMs && seen.waitedMs + inclusiveErrorMs >= inclusiveMs
    );
  };
}

/** Nodes looked at before the search gives up, so that no plan makes it quadratic. Far above what a real plan takes. */
const EFFORT = 500_000;

/**
 * What stands for an InitPlan's value in an expression: "InitPlan 1 (returns $0,$1)" is read as $0 (to 16), "InitPlan 1" as
 * (InitPlan 1).col1 (17), "InitPlan minmax_1" likewise (19).
 */
function valuesOf({ subplan = '' }: Draft): string[] {
  const returned = /\(returns ([^)]*)\)/.exec(subplan)?.[1]?.match(/\$\d+/g);
  return returned ?? [`(${subplan})`];
}

const VALUE = /\$\d+|\(InitPlan [^()]*\)/g;

/** The nodes whose printed expressions mention each of the values: those that ran, and members that an Append passed over. */
function mentionsIn(drafts: readonly Draft[], values: ReadonlySet<string>): ReadonlyMap<string, readonly Draft[]> {
  const mentions = new Map<string, Draft[]>();
  if (values.size === 0) return mentions;
  const look = (draft: Draft, text: string): void => {
    for (const value of text.match(VALUE) ?? []) {
      if (!values.has(value)) continue;
      const found = mentions.get(value);
      if (found === undefined) mentions.set(value, [draft]);
      else if (found.at(-1) !== draft) found.push(draft);
    }
  };
  for (const draft of drafts) {
    if (draft.neverExecuted && draft.relationship !== 'Member') continue;
    for (const [name, value] of Object.entries(draft.properties)) {
      if (name !== 'Subplan Name' && name !== 'Plans') eachText(value, (text) => look(draft, text));
    }
  }
  return mentions;
}

function eachText(value: RawValue, take: (text: string) => void): void {
  if (typeof value === 'string') take(value);
  else if (isList(value)) for (const item of value) if (typeof item === 'string') take(item);
}
