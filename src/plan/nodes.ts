import { buffersOf, ioOf, NO_BUFFERS, NO_IO, NO_WAL, walOf } from './buffers';
import type { Draft } from './draft';
import { typeName } from './nodeType';
import { asFigure, isList, isProperties, asText, type RawPlan, type RawProperties } from './raw';

/**
 * Step 1: the tree as a list, parents before children, with what EXPLAIN printed of each node in its place.
 *
 * EXPLAIN prints 0 for what never ran (explain.c, ExplainNode: `nloops` 0): those are no measurements, so they are left out.
 * Its text form leaves out a line of counters that are all 0: where any node has such counters, a node without has none.
 */
export function draftsOf({ root, fractionalRows }: RawPlan): Draft[] {
  const drafts: Draft[] = [];
  /** The nodes to come, the next one last, and the ids of their parents. */
  const pending: RawProperties[] = [root];
  const parents: (number | undefined)[] = [undefined];
  let fractional = fractionalRows;
  for (let properties = pending.pop(); properties !== undefined; properties = pending.pop()) {
    const parentId = parents.pop();
    const parent = parentId === undefined ? undefined : drafts[parentId];
    const id = drafts.length;
    const draft = draftOf(properties, id, parent);
    if (draft.rows !== undefined && !Number.isInteger(draft.rows)) fractional = true;
    if (parent !== undefined) (parent.children as number[]).push(id);
    drafts.push(draft);
    const plans = properties['Plans'];
    if (!isList(plans) || plans.length === 0) continue;
    draft.children = [];
    for (let place = plans.length - 1; place >= 0; place--) {
      const plan = plans[place];
      if (!isProperties(plan)) continue;
      pending.push(plan);
      parents.push(id);
    }
  }
  roundRows(drafts, fractional);
  fillZeros(drafts);
  return drafts;
}

const NO_CHILDREN: readonly number[] = [];

function draftOf(properties: RawProperties, id: number, parent: Draft | undefined): Draft {
  const loops = asFigure(properties['Actual Loops']);
  const neverExecuted = loops === 0;
  const ran = loops !== undefined && !neverExecuted;
  const rows = ran ? asFigure(properties['Actual Rows']) : undefined;
  const buffers = neverExecuted ? undefined : buffersOf(properties);
  const io = neverExecuted ? undefined : ioOf(properties);
  const wal = neverExecuted ? undefined : walOf(properties);
  return {
    id,
    parent: parent?.id,
    children: NO_CHILDREN,
    depth: parent === undefined ? 0 : parent.depth + 1,
    type: typeName(properties),
    kind: asText(properties['Node Type']) ?? '',
    schema: asText(properties['Schema']),
    relation: asText(properties['Relation Name']),
    alias: asText(properties['Alias']),
    index: asText(properties['Index Name']),
    relationship: asText(properties['Parent Relationship']),
    subplan: asText(properties['Subplan Name']),
    startupCost: asFigure(properties['Startup Cost']),
    totalCost: asFigure(properties['Total Cost']),
    planRows: asFigure(properties['Plan Rows']),
    planWidth: asFigure(properties['Plan Width']),
    rows,
    loops,
    totalRows: rows === undefined || loops === undefined ? undefined : rows * loops,
    rowsError: undefined,
    processes: 1,
    startupMs: neverExecuted ? undefined : asFigure(properties['Actual Startup Time']),
    inclusiveMs: undefined,
    exclusiveMs: undefined,
    inclusiveErrorMs: undefined,
    errorMs: undefined,
    clamped: false,
    buffers,
    exclusiveBuffers: buffers,
    io,
    exclusiveIo: io,
    wal,
    exclusiveWal: wal,
    neverExecuted,
    disabled: false,
    estimateFactor: undefined,
    estimateIsBound: false,
    properties,
  };
}

/** Rows of one loop are rounded to whole ones (to 17) or to two decimals (18); those of a single loop are exact. */
function roundRows(drafts: readonly Draft[], fractional: boolean): void {
  const rounding = fractional ? 0.005 : 0.5;
  for (const draft of drafts) {
    if (draft.rows === undefined || draft.loops === undefined) continue;
    draft.rowsError = draft.loops <= 1 ? 0 : rounding * draft.loops;
  }
}

function fillZeros(drafts: readonly Draft[]): void {
  let buffers = false;
  let io = false;
  let wal = false;
  for (const draft of drafts) {
    buffers ||= draft.buffers !== undefined;
    io ||= draft.io !== undefined;
    wal ||= draft.wal !== undefined;
  }
  if (!buffers && !io && !wal) return;
  for (const draft of drafts) {
    if (draft.neverExecuted) continue;
    if (buffers && draft.buffers === undefined) draft.buffers = draft.exclusiveBuffers = NO_BUFFERS;
    if (io && draft.io === undefined) draft.io = draft.exclusiveIo = NO_IO;
    if (wal && draft.wal === undefined) draft.wal = draft.exclusiveWal = NO_WAL;
  }
}
