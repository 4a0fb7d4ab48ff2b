import { commonName } from '../alike';
import type { Plan, PlanNode } from '../model';
import { formatCount, formatMs } from '../words';
import type { Comparison, Figure } from './comparison';
import { measureOf, titleOf, workOf, type Differences } from './differences';
import {
  amountWords,
  blockDirection,
  blocksOf,
  directionOf,
  speedWords,
  timeDirection,
  times,
  type Direction,
} from './figures';
import { outsideWords } from './outside';
import { otherRows, otherTables } from './question';
import { isJoin, isTableScan } from './role';

/** A pair, or a node that stands in one plan only. */
export interface Changed {
  readonly before: PlanNode | undefined;
  readonly after: PlanNode | undefined;
  /** Undefined where one of them is missing. */
  readonly differences: Differences | undefined;
  readonly isMoved: boolean;
}

type Verdict = Pick<Comparison, 'verdict' | 'outcome'>;

/** One sentence: the change of shape that explains the most of the difference, and the difference. */
export function judge(before: Plan, after: Plan, totals: Comparison['totals'], changes: readonly Changed[]): Verdict {
  const all = effectOf(before, after, totals);
  // Of two questions neither is better.
  const tables = otherTables(before, after);
  if (tables !== undefined)
    return { verdict: sentence(`The plans read different tables (${tables})`, all.words), outcome: 'unknown' };
  if (changes.length > 0 && changes.every((change) => change.differences === undefined))
    return { verdict: sentence('The plans have nothing in common', all.words), outcome: 'unknown' };
  const effect = { ...all, words: [all.words, otherRows(totals)].filter((words) => words !== '').join('; ') };
  const causes = causesOf(before, after, changes);
  const words = causeWords(causes, before, after, effect.outcome);
  if (words !== undefined) return { verdict: sentence(words, effect.words), outcome: effect.outcome };
  if (changes.some((change) => (change.differences?.conditions.length ?? 0) > 0))
    return { verdict: sentence('Same plan with other conditions', effect.words), outcome: effect.outcome };
  return samePlan(before, after, totals, effect);
}

function sentence(subject: string, effect: string): string {
  return effect === '' ? subject : `${subject}: ${effect}`;
}

interface Effect {
  readonly blocks: Direction;
  readonly time: Direction;
  readonly words: string;
  readonly outcome: Comparison['outcome'];
}

function effectOf(before: Plan, after: Plan, totals: Comparison['totals']): Effect {
  const [a, b] = [before.nodes[0], after.nodes[0]];
  const all: Figure = { before: blocksOf(a?.buffers), after: blocksOf(b?.buffers) };
  const blocks = blockDirection(all);
  const time = timeDirection(totals.executionMs, (a?.inclusiveErrorMs ?? 0) + (b?.inclusiveErrorMs ?? 0));
  const effect = (words: string, direction: Direction): Effect => ({
    blocks,
    time,
    words,
    outcome: OUTCOMES[direction],
  });
  if (blocks === 'more' || blocks === 'less') {
    const contradicts = (time === 'more' || time === 'less') && time !== blocks;
    const amount = blockWords(a, b);
    return effect(contradicts ? `${amount}, yet ${speed(totals.executionMs)}` : amount, blocks);
  }
  if (time === 'more' || time === 'less') {
    const ms = msWords(totals.executionMs);
    return effect(`${speed(totals.executionMs)} (${ms})${blocks === 'same' ? `, ${sameBlocks(all)}` : ''}`, time);
  }
  if (blocks === 'same') return effect(`${sameBlocks(all)}${time === 'same' ? ', and as fast' : ''}`, 'same');
  if (time === 'same') return effect('as fast', 'same');
  const cost = directionOf(totals.cost, COST_NOISE);
  return effect(costWords(totals.cost, cost), cost);
}

const OUTCOMES = { more: 'worse', less: 'better', same: 'same', unknown: 'unknown' } as const;

/** Costs are computed: they repeat. */
const COST_NOISE = 0.01;

/** Of the kinds of blocks, the one that changed the most. */
function blockWords(a: PlanNode | undefined, b: PlanNode | undefined): string {
  let most = ['buffers', 0, 0] as [string, number, number];
  if (a?.buffers === undefined || b?.buffers === undefined) return '';
  const [from, to] = [a.buffers, b.buffers];
  const kinds: readonly [string, number, number][] = [
    ['buffers', from.sharedHit + from.sharedRead, to.sharedHit + to.sharedRead],
    ['temp blocks', from.tempRead + from.tempWritten, to.tempRead + to.tempWritten],
    ['local buffers', from.localHit + from.localRead, to.localHit + to.localRead],
  ];
  for (const kind of kinds) if (Math.abs(kind[2] - kind[1]) > Math.abs(most[2] - most[1])) most = kind;
  return amountWords(most[1], most[2], most[0]);
}

function sameBlocks({ before, after }: Figure): string {
  return before === after ? 'the same buffers' : 'about the same buffers';
}

function speed({ before, after }: Figure): string {
  if (before === undefined || after === undefined || before === 0 || after === 0)
    return (after ?? 0) > (before ?? 0) ? 'slower' : 'faster';
  return speedWords(before, after);
}

function msWords({ before, after }: Figure): string {
  return `${formatMs(before ?? 0)} → ${formatMs(after ?? 0)}`;
}

function costWords({ before, after }: Figure, direction: Direction): string {
  if (before === undefined || after === undefined || direction === 'unknown') return '';
  if (direction === 'same') return 'the same estimated cost';
  const word = after > before ? 'higher' : 'lower';
  const figures = `(${formatCount(before)} → ${formatCount(after)})`;
  return before === 0 || after === 0
    ? `a ${word} estimated cost ${figures}`
    : `${times(before, after, word)} estimated cost ${figures}`;
}

function samePlan(
  ...[before, after, totals, { blocks, time, words, outcome }]: [Plan, Plan, Comparison['totals'], Effect]
): Verdict {
  if (time === 'more' || time === 'less') {
    const outside = outsideWords(before, after, totals.executionMs);
    if (outside !== undefined) return { verdict: `Same plan; ${words}: ${outside}`, outcome };
  }
  if (blocks === 'same' && (time === 'more' || time === 'less')) {
    const speedy = speed(totals.executionMs);
    const { before, after } = totals.buffers;
    return { verdict: `Same plan; ${speedy}, ${sameBlocks({ before, after })}: cache or load`, outcome: 'same' };
  }
  if (outcome === 'same' && (time === 'same' || blocks === 'same'))
    return { verdict: 'The same plan, within the rounding', outcome };
  if (outcome === 'same') return { verdict: 'The same plan at the same cost', outcome };
  return { verdict: words === '' ? 'The same plan' : `Same plan; ${words}`, outcome };
}

/** A change of shape, and how much work it and what it brought along made or saved. */
interface Cause {
  readonly change: Changed;
  work: number;
  /** Of how many siblings that changed alike (partitions), with what their names share; absent for one alone. */
  readonly alike?: { readonly count: number; readonly name: string };
}

/**
 * Every change of shape with its weight. What a node costs more or less whose own shape is as before is weighed with the nearest
 * change above it: an inner side that runs a thousand times, a scan that a Limit stops.
 */
function causesOf(before: Plan, after: Plan, changes: readonly Changed[]): readonly Cause[] {
  const measure = measureOf(before, after);
  const causes: Cause[] = [];
  const byBefore = new Map<number, Cause>();
  const byAfter = new Map<number, Cause>();
  const alone = new Set<PlanNode>();
  changes.forEach((change) => {
    const { before: a, after: b } = change;
    const above =
      (b?.parent === undefined ? undefined : byAfter.get(b.parent)) ??
      (a?.parent === undefined ? undefined : byBefore.get(a.parent));
    const work = workOf(after, b, measure) - workOf(before, a, measure);
    const isOwn = isCause(change) && (above === undefined || !belongs(change, alone, b === undefined ? before : after));
    const only = a === undefined ? b : b === undefined ? a : undefined;
    if (only !== undefined) alone.add(only);
    const cause = isOwn ? { change, work: 0 } : above;
    if (isOwn && cause !== undefined) causes.push(cause);
    if (cause === undefined) return;
    cause.work += work;
    if (a !== undefined) byBefore.set(a.id, cause);
    if (b !== undefined) byAfter.set(b.id, cause);
  });
  return merged(causes);
}

/** As many siblings must have changed in the same way to be one cause. */
const FEWEST = 5;

/** Partitions that are read in another way, or no longer, are one cause. */
function merged(causes: readonly Cause[]): readonly Cause[] {
  const groups = new Map<string, Cause[]>();
  for (const cause of causes) {
    const { before: a, after: b } = cause.change;
    const [one, other] = [a?.relation === undefined ? undefined : a, b?.relation === undefined ? undefined : b];
    const side = b === undefined ? `before ${a?.parent ?? ''}` : `after ${b.parent ?? ''}`;
    const isScan = one !== undefined || other !== undefined;
    const key = isScan ? JSON.stringify([side, a?.type, b?.type]) : `alone ${groups.size}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cause]);
    else group.push(cause);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length < FEWEST) return group;
    const name = commonName(group.flatMap(({ change }) => (change.after ?? change.before)?.relation ?? []));
    let work = 0;
    for (const cause of group) work += cause.work;
    return [{ change: first.change, work, alike: { count: group.length, name: name ?? '*' } }];
  });
}

function isCause({ differences, isMoved }: Changed): boolean {
  return differences === undefined || differences.shape.length > 0 || isMoved;
}

/**
 * Part of the change above it: what builds a bitmap or a hash, and all that came or went with its parent.
 * @param alone the nodes that came or went so far
 */
function belongs({ before, after, differences }: Changed, alone: ReadonlySet<PlanNode>, plan: Plan): boolean {
  const node = after ?? before;
  if (node === undefined || differences !== undefined || node.subplan !== undefined) return false;
  // A table that is read no more, or now, says more than the nodes around it.
  if (isTableScan(node)) return false;
  const parent = node.parent === undefined ? undefined : plan.nodes[node.parent];
  return PARTS.has(node.kind) || (parent !== undefined && alone.has(parent));
}

const PARTS = new Set(['Bitmap Index Scan', 'BitmapAnd', 'BitmapOr', 'Hash', 'Materialize', 'Memoize']);

/** "Seq Scan on orders became Index Scan using orders_customer_id_idx"; undefined where the shape is the same. */
function causeWords(
  causes: readonly Cause[],
  before: Plan,
  after: Plan,
  outcome: Comparison['outcome'],
): string | undefined {
  const first = heaviest(causes);
  if (first === undefined) return undefined;
  const words = (cause: Cause): string =>
    cause.alike === undefined ? changeWords(cause.change, before, after) : alikeWords(cause.change, cause.alike);
  const join = joinAbove(first, causes, after);
  // A join that became worse is why its inner side is read in another way; a scan that became better is why the join is another.
  if (join !== undefined)
    return outcome === 'worse' ? `${words(join)}, and ${words(first)}` : `${words(first)}, and ${words(join)}`;
  const second = counterpart(first, causes);
  if (second === undefined) return words(first);
  return first.change.after === undefined
    ? `${words(first)}, and ${words(second)}`
    : `${words(second)}, and ${words(first)}`;
}

function heaviest(causes: readonly Cause[]): Cause | undefined {
  let found: Cause | undefined;
  for (const cause of causes) {
    if (found === undefined || Math.abs(cause.work) > Math.abs(found.work)) found = cause;
    else if (Math.abs(cause.work) === Math.abs(found.work) && rank(cause) > rank(found)) found = cause;
  }
  return found;
}

/** Of changes that weigh the same: what says the most. */
function rank({ change }: Cause): number {
  const node = change.after ?? change.before;
  if (change.differences === undefined) return node !== undefined && PARTS.has(node.kind) ? 0 : 1;
  if (change.differences.shape.length === 0) return 0;
  return change.before?.type !== change.after?.type || change.before?.index !== change.after?.index ? 3 : 2;
}

/** The nearest join above a scan, if it became another kind of join. */
function joinAbove({ change }: Cause, causes: readonly Cause[], after: Plan): Cause | undefined {
  if (change.before?.relation === undefined || change.after === undefined) return undefined;
  let parent = change.after.parent;
  for (let node = parent === undefined ? undefined : after.nodes[parent]; node !== undefined;) {
    if (isJoin(node)) {
      const { id } = node;
      return causes.find(({ change: { before: a, after: b } }) => b?.id === id && a !== undefined && a.type !== b.type);
    }
    parent = node.parent;
    node = parent === undefined ? undefined : after.nodes[parent];
  }
  return undefined;
}

/** What came for what went, where it weighs a quarter as much at least. */
function counterpart(first: Cause, causes: readonly Cause[]): Cause | undefined {
  if (first.change.differences !== undefined) return undefined;
  const isNew = first.change.before === undefined;
  const others = causes.filter(
    ({ change, work }) =>
      change.differences === undefined &&
      (change.before === undefined) !== isNew &&
      Math.abs(work) > 0 &&
      Math.abs(work) * 4 >= Math.abs(first.work),
  );
  return heaviest(others);
}

function changeWords({ before: a, after: b, differences, isMoved }: Changed, before: Plan, after: Plan): string {
  if (a === undefined) return b === undefined ? '' : `${nameOf(after, b)} is new`;
  if (b === undefined) return `${nameOf(before, a)} is gone`;
  const [from, to] = [titleOf(before, a), titleOf(after, b)];
  if (
    a.type !== b.type ||
    a.index !== b.index ||
    titleOf(before, { ...a, alias: undefined }) !== titleOf(after, { ...b, alias: undefined })
  )
    return `${from} became ${a.relation === b.relation ? withoutTarget(to, b) : to}`;
  const [shape] = differences?.shape ?? [];
  if (shape !== undefined) return `${to} changed (${shape})`;
  if (!isMoved) return to;
  if (b.kind === 'Hash') return `The join order changed (${to}${hashedWords(after, b)} moved)`;
  const [left, entered] = [subplanOf(before, a), subplanOf(after, b)];
  if (left !== undefined && entered === undefined) return `${to} moved out of ${left}`;
  return left === undefined && entered !== undefined ? `${to} moved into ${entered}` : `${to} moved`;
}

/** " of Seq Scan on orders": what a Hash keeps. */
function hashedWords(plan: Plan, hash: PlanNode): string {
  const [id] = hash.children;
  const child = id === undefined ? undefined : plan.nodes[id];
  return child === undefined ? '' : ` of ${titleOf(plan, child)}`;
}

/** "SubPlan 1", "CTE recent": what it is evaluated in. */
function subplanOf(plan: Plan, node: PlanNode): string | undefined {
  for (let at: PlanNode | undefined = node; at !== undefined;) {
    if (at.subplan !== undefined) return at.subplan.replace(/ \(returns .*$/, '');
    at = at.parent === undefined ? undefined : plan.nodes[at.parent];
  }
  return undefined;
}

/** "12 × Seq Scan on orders_2024_* became Index Scan". */
function alikeWords({ before: a, after: b, differences }: Changed, { count, name }: Required<Cause>['alike']): string {
  const subject = `${formatCount(count)} × ${(a ?? b)?.type ?? ''} on ${name}`;
  if (a === undefined) return `${subject} are new`;
  if (b === undefined) return `${subject} are gone`;
  if (a.type !== b.type) return `${subject} became ${b.type}`;
  const [shape] = differences?.shape ?? [];
  return a.index === b.index && shape !== undefined ? `${subject} changed (${shape})` : `${subject} changed`;
}

/** A subplan that came or went is called by its name. */
function nameOf(plan: Plan, node: PlanNode): string {
  return node.subplan === undefined ? titleOf(plan, node) : `${node.subplan} (${titleOf(plan, node)})`;
}

/** "Index Scan using orders_pkey" of "Index Scan using orders_pkey on orders o", since the sentence named the table. */
function withoutTarget(title: string, { relation, schema, alias }: PlanNode): string {
  if (relation === undefined) return title;
  const name = schema === undefined ? relation : `${schema}.${relation}`;
  for (const target of [` on ${name} ${alias ?? ''}`, ` on ${name}`]) {
    const at = title.lastIndexOf(target);
    // "Bitmap Heap Scan on orders using orders_created_idx" says which index after the table.
    if (at > 0) return title.slice(0, at) + title.slice(at + target.length);
  }
  return title;
}
