import type { Plan, PlanNode } from '../model';
import { figureOf, isList, isProperties, textOf } from '../raw';
import { formatCount, formatMs, nodeTitle } from '../words';
import { blockDirection, blocksOf, directionOf, timeDirection } from './figures';
import { conditionOf, isJoin } from './role';

/** What differs between two nodes that do the same. */
export interface Differences {
  /** How it is done: another type, index, side, method. What a verdict is made of. */
  readonly shape: readonly string[];
  /** What is asked of it: conditions, keys. */
  readonly conditions: readonly string[];
  /** What it came to. */
  readonly figures: readonly string[];
}

/** @param isSwapped the join reads its sides the other way round */
export function differencesOf(
  [before, a]: readonly [Plan, PlanNode],
  [after, b]: readonly [Plan, PlanNode],
  isSwapped: boolean,
): Differences {
  return {
    shape: [
      ...typeWords(before, a, after, b),
      ...(isSwapped ? ['outer and inner side swapped'] : []),
      ...methodWords(a, b),
    ],
    conditions: conditionWords(a, b),
    figures: [...rowWords(a, b), ...estimateWords(a, b), ...timeWords(a, b), ...blockWords(a, b)],
  };
}

/** The node's title with the indexes that its bitmap is built from: "Bitmap Heap Scan on orders using orders_created_idx". */
export function titleOf(plan: Plan, node: PlanNode): string {
  const indexes = node.kind === 'Bitmap Heap Scan' ? bitmapIndexes(plan, node) : [];
  return indexes.length === 0 ? nodeTitle(node) : `${nodeTitle(node)} using ${indexes.join(', ')}`;
}

function bitmapIndexes(plan: Plan, heap: PlanNode): readonly string[] {
  const found = new Set<string>();
  const pending = heap.children.toReversed();
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const node = plan.nodes[id];
    if (node?.index !== undefined && node.kind === 'Bitmap Index Scan') found.add(node.index);
    else if (node?.kind === 'BitmapAnd' || node?.kind === 'BitmapOr')
      for (const child of node.children.toReversed()) pending.push(child);
  }
  return [...found];
}

/** How it is done, without what it reads: "Index Scan using orders_pkey". */
function methodOf(plan: Plan, node: PlanNode): string {
  const indexes =
    node.kind === 'Bitmap Heap Scan' ? bitmapIndexes(plan, node) : node.index === undefined ? [] : [node.index];
  return indexes.length === 0 ? node.type : `${node.type} using ${indexes.join(', ')}`;
}

function typeWords(before: Plan, a: PlanNode, after: Plan, b: PlanNode): string[] {
  const isSameTarget = a.relation === b.relation && (a.relation !== undefined || nodeTarget(a) === nodeTarget(b));
  if (!isSameTarget) {
    const [from, to] = [titleOf(before, a), titleOf(after, b)];
    return from === to ? [] : [`${from} → ${to}`];
  }
  const [from, to] = [methodOf(before, a), methodOf(after, b)];
  return from === to ? [] : [`${from} → ${to}`];
}

/** What it reads that is no relation; an alias alone makes no difference. */
function nodeTarget(node: PlanNode): string {
  return ['CTE Name', 'Function Name', 'Table Function Name', 'Tuplestore Name']
    .map((name) => textOf(node.properties, name) ?? '')
    .join('|');
}

/** How sorts, hashes and workers went. */
function methodWords(a: PlanNode, b: PlanNode): string[] {
  const words: string[] = [];
  const [sortA, sortB] = [sortOf(a), sortOf(b)];
  if (sortA !== undefined && sortB !== undefined && sortA !== sortB) words.push(`${sortA} → ${sortB}`);
  for (const name of ['Hash Batches', 'HashAgg Batches']) {
    const [from, to] = [figureOf(a.properties, name), figureOf(b.properties, name)];
    if (from !== undefined && to !== undefined && from > 1 !== to > 1) words.push(`${batches(from)} → ${batches(to)}`);
  }
  const [workersA, workersB] = [workersOf(a), workersOf(b)];
  if (workersA !== undefined && workersB !== undefined && workersA !== workersB)
    words.push(`${formatCount(workersA)} → ${formatCount(workersB)} workers`);
  if (a.neverExecuted !== b.neverExecuted && a.loops !== undefined && b.loops !== undefined)
    words.push(b.neverExecuted ? 'no longer executed' : 'executed now');
  return words;
}

function batches(count: number): string {
  return count <= 1 ? 'in memory' : `${formatCount(count)} batches on disk`;
}

function sortOf(node: PlanNode): string | undefined {
  const method = textOf(node.properties, 'Sort Method');
  if (method !== undefined) {
    const isDisk = textOf(node.properties, 'Sort Space Type') === 'Disk';
    return `${method} ${isDisk ? 'on disk' : 'in memory'}`;
  }
  // Workers that sorted for a leader that did not.
  const workers = node.properties['Workers'];
  if (!isList(workers)) return undefined;
  for (const worker of workers) {
    const own = isProperties(worker) ? textOf(worker, 'Sort Method') : undefined;
    if (own !== undefined && isProperties(worker))
      return `${own} ${textOf(worker, 'Sort Space Type') === 'Disk' ? 'on disk' : 'in memory'}`;
  }
  return undefined;
}

function workersOf(node: PlanNode): number | undefined {
  return figureOf(node.properties, 'Workers Launched') ?? figureOf(node.properties, 'Workers Planned');
}

const CONDITIONS = [
  'Index Cond',
  'Recheck Cond',
  'TID Cond',
  'Hash Cond',
  'Merge Cond',
  'Join Filter',
  'Filter',
  'One-Time Filter',
  'Order By',
  'Sort Key',
  'Presorted Key',
  'Group Key',
  'Run Condition',
];

function conditionWords(a: PlanNode, b: PlanNode): string[] {
  const words: string[] = [];
  for (const name of CONDITIONS) {
    const [from, to] = [conditionOf(a, name), conditionOf(b, name)];
    if (from === to) continue;
    if (from === undefined) words.push(`${name} ${clipped(to ?? '')} is new`);
    else if (to === undefined) words.push(`${name} ${clipped(from)} is gone`);
    else if (withoutAliases(from, a, to, b)) words.push(`${name} ${clipped(from)} → ${clipped(to)}`);
  }
  return words;
}

/** Parameters are numbered anew in every plan: $0 here may be $1 there. */
function withoutAliases(from: string, a: PlanNode, to: string, b: PlanNode): boolean {
  const plain = (text: string, { alias, relation }: PlanNode): string => {
    const numberless = text.replace(/\$\d+/g, '$');
    return alias === undefined || alias === relation
      ? numberless
      : numberless.replaceAll(`${alias}.`, `${relation ?? ''}.`);
  };
  return plain(from, a) !== plain(to, b);
}

function clipped(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

const LONGEST = 80;

function rowWords(a: PlanNode, b: PlanNode): string[] {
  const words: string[] = [];
  const [from, to] = [a.totalRows, b.totalRows];
  const rounding = (a.rowsError ?? 0) + (b.rowsError ?? 0);
  if (from !== undefined && to !== undefined && Math.abs(from - to) > rounding && words.length === 0) {
    const [rowsA, rowsB] = [formatCount(from), formatCount(to)];
    if (rowsA !== rowsB) words.push(`rows ${rowsA} → ${rowsB}`);
  }
  if (a.loops !== undefined && b.loops !== undefined && a.loops !== b.loops && a.loops > 0 && b.loops > 0)
    words.push(`loops ${formatCount(a.loops)} → ${formatCount(b.loops)}`);
  for (const name of ['Rows Removed by Filter', 'Rows Removed by Join Filter', 'Heap Fetches']) {
    const [removedA, removedB] = [allLoops(a, name), allLoops(b, name)];
    if (removedA === undefined && removedB === undefined) continue;
    const figure = { before: removedA ?? 0, after: removedB ?? 0 };
    if (['more', 'less'].includes(directionOf(figure, SOME)))
      words.push(`${PLAIN[name] ?? name} ${formatCount(figure.before)} → ${formatCount(figure.after)}`);
  }
  return words;
}

const PLAIN: Readonly<Record<string, string>> = {
  'Rows Removed by Filter': 'rows removed',
  'Rows Removed by Join Filter': 'pairs removed',
  'Heap Fetches': 'heap fetches',
};

/** Smaller differences of counts are not worth a word. */
const SOME = 0.1;

/** Printed per loop, as rows are; heap fetches in all. */
function allLoops(node: PlanNode, name: string): number | undefined {
  const figure = figureOf(node.properties, name);
  return figure === undefined || name === 'Heap Fetches' ? figure : figure * (node.loops ?? 1);
}

function estimateWords(a: PlanNode, b: PlanNode): string[] {
  const [from, to] = [a.planRows, b.planRows];
  if (from === undefined || to === undefined) return [];
  if (directionOf({ before: from, after: to }, SOME) === 'same') return [];
  return [`estimated rows ${formatCount(from)} → ${formatCount(to)}`];
}

function timeWords(a: PlanNode, b: PlanNode): string[] {
  const [before, after] = [a.exclusiveMs, b.exclusiveMs];
  if (before === undefined || after === undefined) return [];
  const direction = timeDirection({ before, after }, (a.errorMs ?? 0) + (b.errorMs ?? 0));
  return direction === 'same' ? [] : [`own time ${formatMs(before)} → ${formatMs(after)}`];
}

function blockWords(a: PlanNode, b: PlanNode): string[] {
  const words: string[] = [];
  for (const [name, of] of BLOCKS) {
    const [before, after] = [of(a), of(b)];
    if (before === undefined || after === undefined) continue;
    if (blockDirection({ before, after }) !== 'same')
      words.push(`own ${name} ${formatCount(before)} → ${formatCount(after)}`);
  }
  return words;
}

const BLOCKS: readonly (readonly [string, (node: PlanNode) => number | undefined])[] = [
  ['buffers', ({ exclusiveBuffers: own }) => own && own.sharedHit + own.sharedRead],
  ['local buffers', ({ exclusiveBuffers: own }) => own && own.localHit + own.localRead],
  ['temp blocks', ({ exclusiveBuffers: own }) => own && own.tempRead + own.tempWritten],
];

/**
 * What a node's own work comes to, to weigh changes by: blocks where both plans have them, else time, else cost. A join's
 * own part is small, and the choice of it shows in what is below; see verdict.ts.
 */
export type Measure = 'blocks' | 'time' | 'cost';

export function measureOf(before: Plan, after: Plan): Measure {
  const has = (of: (node: PlanNode | undefined) => unknown): boolean =>
    of(before.nodes[0]) !== undefined && of(after.nodes[0]) !== undefined;
  if (has((node) => node?.buffers)) return 'blocks';
  return has((node) => node?.inclusiveMs) ? 'time' : 'cost';
}

export function workOf(plan: Plan, node: PlanNode | undefined, measure: Measure): number {
  if (node === undefined) return 0;
  if (measure === 'blocks') return blocksOf(node.exclusiveBuffers) ?? 0;
  if (measure === 'time') return node.exclusiveMs ?? 0;
  let own = node.totalCost ?? 0;
  for (const child of node.children) own -= plan.nodes[child]?.totalCost ?? 0;
  return Math.max(0, own);
}

export { isJoin };
