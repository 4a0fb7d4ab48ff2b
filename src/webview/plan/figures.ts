/** What the detail pane says of a node. */
import { tellsSomething, detailsOf } from '../../plan/details';
import { type Buffers, type IoTimes, type Plan, type PlanNode, sharedBuffers, type Wal } from '../../plan/model';
import { formatBlocks, formatBytes, formatCount, formatMs, nodeTitle } from '../../plan/words';
import { misestimate, share } from './scale';

export interface Figure {
  readonly name: string;
  readonly value: string;
}

/** Figures that belong together, under their name. */
export interface Section {
  readonly name: string | undefined;
  readonly figures: readonly Figure[];
  /** `text`: conditions, names; the value stands under its name. */
  readonly kind: 'figures' | 'text';
}

/** What follows the node's type in EXPLAIN's text form: "using orders_pkey on orders o". */
export function target(node: PlanNode): string {
  return nodeTitle(node).slice(node.type.length).trim();
}

/** In the order of what one looks for; empty ones left out. */
export function sectionsOf(node: PlanNode, plan: Plan): readonly Section[] {
  const lines = detailsOf(node).filter(tellsSomething).map(grouped);
  const named = (test: RegExp): Figure[] => lines.filter(({ name }) => test.test(name));
  const rest = lines.filter(({ name }) => ![CONDITION, IO, WAL, WORKER, OUTPUT].some((test) => test.test(name)));
  const sections: Section[] = [
    { name: undefined, kind: 'figures', figures: figuresOf(node, plan) },
    { name: 'Conditions', kind: 'text', figures: named(CONDITION) },
    { name: 'More', kind: 'text', figures: rest },
    { name: 'Buffers', kind: 'figures', figures: bufferFigures(node) },
    { name: 'I/O', kind: 'figures', figures: node.io === undefined ? named(IO) : ioFigures(node.io, node.exclusiveIo) },
    { name: 'WAL', kind: 'figures', figures: node.wal === undefined ? named(WAL) : walFigures(node.wal) },
    { name: 'Workers', kind: 'text', figures: named(WORKER) },
    { name: 'Output', kind: 'text', figures: named(OUTPUT).map(({ value }) => ({ name: '', value })) },
  ];
  return sections.filter(({ figures }) => figures.length > 0);
}

const CONDITION = /(?:Cond|Filter|Keys?|Order By|Rows Removed by .*)$/;
const IO = /I\/O/;
const WAL = /^WAL /;
const WORKER = /^Worker \d+$/;
/** Long, and seldom what one looks for. */
const OUTPUT = /^Output$/;

/** 399988 is read more easily as 399,988. */
function grouped({ name, value }: Figure): Figure {
  return { name, value: /^\d{4,15}$/.test(value) ? formatCount(Number(value)) : value };
}

function figuresOf(node: PlanNode, plan: Plan): readonly Figure[] {
  const { rows, planRows, loops, totalRows } = node;
  const ran = !node.neverExecuted;
  const figures: (Figure | undefined)[] = [
    ran ? figure('Own time', node.exclusiveMs, (ms) => `${formatMs(ms)}${doubt(node)}${ofAll(ms, plan)}`) : undefined,
    ran ? figure('Total time', node.inclusiveMs, (ms) => formatMs(ms) + ofAll(ms, plan)) : undefined,
    ran
      ? figure('Rows', totalRows, (total) =>
          loops !== undefined && loops > 1 && rows !== undefined
            ? `${formatCount(total)} in ${formatCount(loops)} loops`
            : formatCount(total),
        )
      : undefined,
    figure('Rows estimated', planRows, (estimate) => {
      const off = misestimate(node);
      const each = loops !== undefined && loops > 1 ? ' per loop' : '';
      return `${formatCount(estimate)}${each}${off === undefined ? '' : ` (${off} came)`}`;
    }),
    node.processes > 1 ? { name: 'Processes', value: formatCount(node.processes) } : undefined,
    figure(
      'Cost',
      node.totalCost,
      (cost) => `${formatCount(node.startupCost ?? 0)} to first row, ${formatCount(cost)} in all`,
    ),
    figure('Row width', node.planWidth, (width) => formatBytes(width)),
  ];
  return figures.filter((entry) => entry !== undefined);
}

function ofAll(ms: number, plan: Plan): string {
  const part = share(ms, plan.spanMs ?? 0);
  return part === '' ? '' : `, ${part}`;
}

/** How the node's times came out of what EXPLAIN printed: one line each. */
export function computedOf(node: PlanNode): readonly string[] {
  const { inclusiveMs, exclusiveMs, loops, processes, neverExecuted } = node;
  if (inclusiveMs === undefined || exclusiveMs === undefined || neverExecuted) return [];
  const printed = node.properties['Actual Total Time'];
  const lines: string[] = [];
  if (typeof printed === 'number' && loops !== undefined && (loops > 1 || processes > 1)) {
    const loop = ` × ${formatCount(loops)} ${loops === 1 ? 'loop' : 'loops'}`;
    const each = processes > 1 ? ` ÷ ${formatCount(processes)} processes` : '';
    const product = (printed * loops) / processes;
    if (Math.abs(product - inclusiveMs) <= 1e-6 * product) {
      lines.push(`Total: ${formatMs(inclusiveMs)} = ${formatMs(printed)}${loop}${each}`);
    }
  }
  const below = inclusiveMs - exclusiveMs;
  if (node.clamped) lines.push('Own: 0 ms, because its children overlap');
  else if (below > 0.0005) {
    lines.push(`Own: ${formatMs(exclusiveMs)} = ${formatMs(inclusiveMs)} − ${formatMs(below)} below it`);
  }
  return lines;
}

/** What belongs to no node: triggers, JIT, changed settings. */
export function planFigures(plan: Plan, ignoredSettings: readonly string[]): readonly Figure[] {
  const settings = Object.entries(plan.settings).filter(([name]) => !ignoredSettings.includes(name));
  return [...plan.extras, ...settings.map(([name, value]) => ({ name, value }))];
}

function figure<T>(name: string, value: T | undefined, words: (value: T) => string): Figure | undefined {
  return value === undefined ? undefined : { name, value: words(value) };
}

/** What rounding can have done to the node's own time. */
function doubt({ exclusiveMs, errorMs }: PlanNode): string {
  const matters = exclusiveMs !== undefined && errorMs !== undefined && errorMs >= 0.01 && errorMs > exclusiveMs * 0.05;
  return matters ? ` ± ${formatMs(errorMs)}` : '';
}

function bufferFigures(node: PlanNode): readonly Figure[] {
  if (node.neverExecuted) return [];
  const figures = [
    figure('Own', node.exclusiveBuffers, buffers),
    node.children.length === 0 ? undefined : figure('Total', node.buffers, buffers),
  ];
  return figures.filter((entry) => entry !== undefined);
}

/** "40 cached, 2,902 read (23 MB)". */
export function buffers(of: Buffers): string {
  const total = sharedBuffers(of);
  const parts = parted([
    [of.sharedHit, 'cached'],
    [of.sharedRead, 'read'],
    [of.sharedDirtied, 'dirtied'],
    [of.sharedWritten, 'written'],
    [of.localHit + of.localRead, 'local'],
    [of.tempRead, 'temp read'],
    [of.tempWritten, 'temp written'],
  ]);
  return parts === '' ? '0' : `${parts}${total === 0 ? '' : ` (${formatBlocks(total)})`}`;
}

function parted(counts: readonly (readonly [number, string])[]): string {
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  return parts.join(', ');
}

function ioFigures(total: IoTimes, own: IoTimes | undefined): readonly Figure[] {
  const times = (io: IoTimes): string =>
    [
      [io.sharedReadMs, 'read'],
      [io.sharedWriteMs, 'write'],
      [io.localReadMs, 'local read'],
      [io.localWriteMs, 'local write'],
      [io.tempReadMs, 'temp read'],
      [io.tempWriteMs, 'temp write'],
    ]
      .filter((entry): entry is [number, string] => typeof entry[0] === 'number' && entry[0] > 0)
      .map(([ms, word]) => `${formatMs(ms)} ${word}`)
      .join(', ');
  const figures = [
    { name: 'Own', value: own === undefined ? '' : times(own) },
    { name: 'Total', value: times(total) },
  ];
  return figures.filter(({ value }) => value !== '');
}

function walFigures(wal: Wal): readonly Figure[] {
  const words = parted([
    [wal.records, 'records'],
    [wal.fpi, 'full pages'],
    [wal.buffersFull, 'times buffers full'],
  ]);
  return words === '' ? [] : [{ name: 'Total', value: `${words} (${formatBytes(wal.bytes)})` }];
}
