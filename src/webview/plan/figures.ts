/** What the detail pane says of a node. */
import { type Buffers, type Plan, type PlanNode, sharedBuffers } from '../../plan/model';
import { formatBlocks, formatBytes, formatCount, formatMs, nodeTitle } from '../../plan/words';
import { misestimate } from './tree';

export interface Figure {
  readonly name: string;
  readonly value: string;
}

/** What follows the node's type in EXPLAIN's text form: "using orders_pkey on orders o". */
export function target(node: PlanNode): string {
  return nodeTitle(node).slice(node.type.length).trim();
}

/** Long, and seldom what one looks for. */
const LAST = 'Output';

export function detailsOf(node: PlanNode): { readonly first: readonly Figure[]; readonly last: readonly Figure[] } {
  return {
    first: node.details.filter((detail) => detail.name !== LAST && saysSomething(detail)),
    last: node.details.filter(({ name }) => name === LAST),
  };
}

/** PostgreSQL's JSON prints what did not happen, too: "Disabled: false", "I/O Read Time: 0.000". Its text form does not. */
function saysSomething({ name, value }: Figure): boolean {
  if (value === 'false') return false;
  return !(/^0(?:\.0+)?$/.test(value) && /^(?:WAL|.*I\/O|.*Time$|Rows Removed|Exact|Lossy|Heap Fetches)/.test(name));
}

export function figuresOf(node: PlanNode): readonly Figure[] {
  const { rows, planRows, loops, totalRows } = node;
  const figures: (Figure | undefined)[] = [
    figure('Time, itself', node.exclusiveMs, (ms) => formatMs(ms) + doubt(node)),
    figure('Time, with its children', node.inclusiveMs, formatMs),
    figure('Rows', totalRows, (total) =>
      loops !== undefined && loops > 1 && rows !== undefined
        ? `${formatCount(total)} in ${formatCount(loops)} loops`
        : formatCount(total),
    ),
    figure('Rows estimated', planRows, (estimate) => {
      const off = misestimate(node);
      const each = loops !== undefined && loops > 1 ? ' per loop' : '';
      return `${formatCount(estimate)}${each}${off === undefined ? '' : ` (${off} came)`}`;
    }),
    figure('Buffers, itself', node.exclusiveBuffers, buffers),
    figure('Buffers, with its children', node.buffers, buffers),
    figure(
      'Cost',
      node.totalCost,
      (cost) => `${formatCount(node.startupCost ?? 0)} to first row, ${formatCount(cost)} in all`,
    ),
    figure('Row width', node.planWidth, (width) => formatBytes(width)),
  ];
  return figures.filter((entry) => entry !== undefined);
}

/** What belongs to no node: triggers, JIT, changed settings. */
export function planFigures(plan: Plan): readonly Figure[] {
  return [...plan.extras, ...Object.entries(plan.settings).map(([name, value]) => ({ name, value }))];
}

function figure<T>(name: string, value: T | undefined, words: (value: T) => string): Figure | undefined {
  return value === undefined ? undefined : { name, value: words(value) };
}

/** What rounding, or children that ran at the same time, can have done to the node's own time. */
function doubt({ exclusiveMs, errorMs, clamped }: PlanNode): string {
  if (clamped) {
    return ' (its children overlap)';
  }
  const matters = exclusiveMs !== undefined && errorMs !== undefined && errorMs >= 0.01 && errorMs > exclusiveMs * 0.05;
  return matters ? ` ± ${formatMs(errorMs)}` : '';
}

function buffers(of: Buffers): string {
  const parts = [
    part(of.sharedHit, 'cached'),
    part(of.sharedRead, 'read'),
    part(of.sharedDirtied, 'dirtied'),
    part(of.sharedWritten, 'written'),
    part(of.localHit + of.localRead, 'local'),
    part(of.tempRead, 'temp read'),
    part(of.tempWritten, 'temp written'),
  ].filter((text) => text !== undefined);
  const total = sharedBuffers(of);
  const size = total === 0 ? '' : ` (${formatBlocks(total)})`;
  return parts.length === 0 ? formatCount(total) : `${parts.join(', ')}${size}`;
}

function part(blocks: number, word: string): string | undefined {
  return blocks === 0 ? undefined : `${formatCount(blocks)} ${word}`;
}
