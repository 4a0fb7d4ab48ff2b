import { detailsOf, tellsSomething, valueLine } from '../details';
import type { Finding } from '../findings/finding';
import { tempBlocks } from '../compare/figures';
import { sharedBuffers, type Plan, type PlanNode } from '../model';
import { formatBuffers, formatCount, formatFactor, formatMs, nodeTitle } from '../words';
import { plain } from './plain';

/**
 * A plan to read and to copy: figures in columns on the left, EXPLAIN's tree on the right with what was printed of each node.
 * Columns without a figure are left out. Lines end with "\n"; no tabs.
 * Times, rows and buffers are the node's own, in all its loops; "total" is the time with its children.
 * @param findings marked at their nodes with their number
 */
export function planText(plan: Plan, findings: readonly Finding[] = []): string {
  const marks = marksOf(findings);
  const columns = COLUMNS.map((column) => layOut(column, plan, marks)).filter((column) => column !== undefined);
  const head = columns.map(({ title, width }) => title.padStart(width)).join('  ');
  const blank = ' '.repeat(head.length);
  const gap = columns.length === 0 ? '' : '  ';
  const lines: string[] = [];
  const write = (text: string): void => void lines.push(text.trimEnd());
  for (const line of summaryOf(plan)) write(line);
  if (lines.length > 0) write('');
  if (columns.length > 0) write(head);
  for (const node of plan.nodes) {
    const figures = columns.map(({ cells, width }) => (cells[node.id] ?? '').padStart(width)).join('  ');
    const indent = indentOf(node);
    if (node.subplan !== undefined) write(`${blank}${gap}${indent}${plain(node.subplan)}`);
    write(`${figures}${gap}${indent}${node.depth === 0 ? '' : '-> '}${headline(node)}`);
    for (const line of printedOf(node)) write(`${blank}${gap}${indent}     ${clipped(plain(line))}`);
  }
  const extras = [...plan.extras, ...Object.entries(plan.settings).map(([name, value]) => ({ name, value }))];
  if (extras.length > 0) write('');
  for (const { name, value } of extras) write(clipped(plain(`${name}: ${value}`)));
  return `${lines.join('\n')}\n`;
}

interface Column {
  readonly title: string;
  readonly cell: (node: PlanNode, marks: ReadonlyMap<number, string>) => string | undefined;
}

/** Applied to figures that the plan has. */
function when<T>(value: T | undefined, say: (value: T) => string | undefined): string | undefined {
  return value === undefined ? undefined : say(value);
}

const COLUMNS: readonly Column[] = [
  { title: '#', cell: ({ id }, marks) => marks.get(id) },
  { title: 'own time', cell: ({ exclusiveMs }) => when(exclusiveMs, formatMs) },
  { title: 'total', cell: ({ inclusiveMs }) => when(inclusiveMs, formatMs) },
  { title: 'rows', cell: ({ totalRows }) => when(totalRows, formatCount) },
  {
    // Of all loops, to stand beside the rows that came.
    title: 'estimated',
    cell: ({ planRows, loops, neverExecuted }) =>
      when(planRows, (rows) => formatCount(Math.round(rows * (neverExecuted ? 1 : (loops ?? 1))))),
  },
  { title: 'off by', cell: (node) => when(node.estimateFactor, (factor) => offBy(factor, node.estimateIsBound)) },
  { title: 'loops', cell: ({ loops }) => when(loops, (count) => (count <= 1 ? undefined : formatCount(count))) },
  {
    title: 'buffers',
    cell: ({ exclusiveBuffers }) => when(exclusiveBuffers, (own) => formatCount(sharedBuffers(own))),
  },
  { title: 'temp', cell: ({ exclusiveBuffers }) => when(exclusiveBuffers, (own) => someCount(tempBlocks(own))) },
  // What was measured says more.
  {
    title: 'cost',
    cell: ({ totalCost, rows, neverExecuted }) =>
      rows === undefined && !neverExecuted ? when(totalCost, formatCount) : undefined,
  },
];

/** Estimates closer than that are as good as they get. */
const OFF = 2;

function offBy(factor: number, isBound: boolean): string | undefined {
  return factor < OFF ? undefined : `${isBound ? '≥ ' : ''}${formatFactor(factor)}`;
}

function someCount(count: number): string | undefined {
  return count === 0 ? undefined : formatCount(count);
}

interface LaidOut {
  readonly title: string;
  readonly width: number;
  /** By node id. */
  readonly cells: readonly (string | undefined)[];
}

/** Undefined for a column without any figure. */
function layOut({ title, cell }: Column, plan: Plan, marks: ReadonlyMap<number, string>): LaidOut | undefined {
  const cells = plan.nodes.map((node) => cell(node, marks));
  let width = 0;
  for (const text of cells) width = Math.max(width, text?.length ?? 0);
  return width === 0 ? undefined : { title, width: Math.max(width, title.length), cells };
}

/** "1", "1,4": the findings' numbers by node. */
function marksOf(findings: readonly Finding[]): ReadonlyMap<number, string> {
  const marks = new Map<number, string>();
  findings.forEach(({ node }, place) => {
    if (node === undefined) return;
    const earlier = marks.get(node);
    marks.set(node, earlier === undefined ? `[${place + 1}]` : `${earlier.slice(0, -1)},${place + 1}]`);
  });
  return marks;
}

function summaryOf(plan: Plan): readonly string[] {
  const [root] = plan.nodes;
  const parts: string[] = [];
  if (plan.executionMs !== undefined) parts.push(`Execution ${formatMs(plan.executionMs)}`);
  if (plan.planningMs !== undefined) parts.push(`planning ${formatMs(plan.planningMs)}`);
  if (root?.buffers !== undefined) parts.push(formatBuffers(sharedBuffers(root.buffers)));
  if (!plan.analyzed) parts.push('not run: estimates only');
  const [first = '', ...rest] = parts;
  const summary = [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(', ');
  const query = plan.query === undefined ? [] : [clipped(plain(plan.query.trim()))];
  return summary === '' ? query : [...query, summary];
}

/** Deeper nodes stand below each other and say their depth: lines must not grow with the plan. */
const DEEPEST = 40;

function indentOf({ depth }: PlanNode): string {
  return '  '.repeat(Math.min(depth, DEEPEST));
}

function headline(node: PlanNode): string {
  const depth = node.depth > DEEPEST ? `(level ${formatCount(node.depth)}) ` : '';
  return `${depth}${clipped(plain(nodeTitle(node)))}${node.neverExecuted ? ' (never executed)' : ''}`;
}

/** An IN list may be longer than all of the plan. */
const LONGEST = 1000;

function clipped(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** What was printed of a node, as EXPLAIN's text form groups it. */
function printedOf(node: PlanNode): readonly string[] {
  const lines: string[] = [];
  const done = new Set<string>();
  for (const line of detailsOf(node)) {
    const { name, value } = line;
    if (done.has(name) || UNTOLD.has(name) || !tellsSomething(line)) continue;
    const group = GROUPS.find((names) => names.includes(name));
    if (group === undefined) {
      lines.push(`${name}: ${value}`);
      continue;
    }
    for (const member of group) done.add(member);
    const parts = group.filter((member) => node.properties[member] !== undefined);
    lines.push(parts.map((member) => `${member}: ${valueLine(member, node.properties[member] ?? null)}`).join('  '));
  }
  return lines;
}

/** Each on one line. */
const GROUPS = [
  ['Sort Method', 'Sort Space Used', 'Sort Space Type'],
  ['Hash Buckets', 'Hash Batches', 'Peak Memory Usage'],
  ['HashAgg Batches', 'Disk Usage'],
  ['Workers Planned', 'Workers Launched'],
  ['Cache Hits', 'Cache Misses', 'Cache Evictions', 'Cache Overflows'],
  ['Exact Heap Blocks', 'Lossy Heap Blocks'],
];

/** What the headline says, or nobody asks for. */
const UNTOLD = new Set([
  ...['Output', 'Inner Unique', 'Join Type', 'Scan Direction', 'Single Copy', 'Cache Mode', 'Storage'],
  ...['CTE Name', 'Function Name', 'Original Hash Buckets', 'Original Hash Batches', 'Group Count'],
]);
