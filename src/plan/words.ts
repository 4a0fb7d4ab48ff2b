import { sharedBuffers, type PlanNode } from './model';
import { textOf } from './raw';

/** Numbers and nodes for people. English, the same everywhere: no locale. */

/** "400,000", "12.5": at most two decimals below 10, one below 100. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '?';
  const size = Math.abs(count);
  return grouped(trimmed(count, size < 10 ? 2 : size < 100 ? 1 : 0));
}

/** Three figures at most: "950", "12.4 k", "3.1 M", "120 G". */
export function formatShort(count: number): string {
  for (const [size, unit] of UNITS) {
    // 999,950 is 1 M, not 1,000 k.
    if (Math.abs(count) >= size * 0.99995)
      return `${trimmed(count / size, Math.abs(count) < size * 99.95 ? 1 : 0)} ${unit}`;
  }
  return formatCount(count);
}

const UNITS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** "0.025 ms", "1.3 ms", "312 ms", "4.21 s", "2 min 5 s". */
export function formatMs(ms: number): string {
  if (ms < 1) return `${trimmed(ms, 3)} ms`;
  if (ms < 99.95) return `${trimmed(ms, 1)} ms`;
  if (ms < 999.5) return `${trimmed(ms, 0)} ms`;
  if (ms < 59_995) return `${trimmed(ms / 1000, ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${grouped(String(Math.floor(seconds / 60)))} min${seconds % 60 === 0 ? '' : ` ${String(seconds % 60)} s`}`;
}

/** "1 row", "400,000 rows". */
export function formatRows(rows: number): string {
  return counted(rows, 'row');
}

/** "1 buffer", "2,942 buffers". */
export function formatBuffers(blocks: number): string {
  return counted(blocks, 'buffer');
}

/** "8 kB", "23 MB": PostgreSQL's units, of 1,024. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? counted(value, 'byte') : `${grouped(trimmed(value, value < 9.95 ? 1 : 0))} ${units[unit] ?? ''}`;
}

/** A block is 8 kB. */
export function formatBlocks(blocks: number): string {
  return formatBytes(blocks * 8192);
}

/** "3 ×", "12.5 ×", "4,200 ×". */
export function formatFactor(factor: number): string {
  return `${factor < 9.95 ? trimmed(factor, 1) : grouped(trimmed(factor, 0))} ×`;
}

/** A node's headline in EXPLAIN's text form: "Index Scan using orders_pkey on orders o", "CTE Scan on recent". */
export function nodeTitle(node: PlanNode): string {
  const object = node.relation ?? objectOf(node);
  const named = object === undefined ? node.alias : node.schema === undefined ? object : `${node.schema}.${object}`;
  if (node.index !== undefined && node.relation === undefined) return `${node.type} on ${node.index}`;
  const using = node.index === undefined ? '' : ` using ${node.index}`;
  if (named === undefined) return node.type + using;
  const alias = node.alias === undefined || node.alias === object || named === node.alias ? '' : ` ${node.alias}`;
  return `${node.type}${using} on ${named}${alias}`;
}

/** What a scan of no table reads. */
function objectOf({ properties }: PlanNode): string | undefined {
  return (
    textOf(properties, 'CTE Name') ??
    textOf(properties, 'Function Name') ??
    textOf(properties, 'Table Function Name') ??
    textOf(properties, 'Tuplestore Name')
  );
}

/** One sentence for a screen reader: what the node is, its rows, its own time, its own buffers. Without a full stop. */
export function describeNode(node: PlanNode): string {
  const parts = [node.subplan === undefined ? nodeTitle(node) : `${node.subplan}: ${nodeTitle(node)}`];
  if (node.neverExecuted) return [...parts, 'never executed'].join(', ');
  parts.push(...rowWords(node));
  if (node.exclusiveMs !== undefined) parts.push(ownTime(node.exclusiveMs, node.errorMs ?? 0));
  if (node.exclusiveBuffers !== undefined) parts.push(formatBuffers(sharedBuffers(node.exclusiveBuffers)));
  return parts.join(', ');
}

/** Where rounding can have eaten all of it, the most it can be: 14,999 loops of "0.002 ms" are 30 ± 7.5 ms. */
function ownTime(ms: number, errorMs: number): string {
  return errorMs >= 0.1 && errorMs > ms ? `at most ${formatMs(ms + errorMs)} of its own` : `${formatMs(ms)} of its own`;
}

function rowWords({ rows, planRows, loops }: PlanNode): string[] {
  if (rows === undefined) return planRows === undefined ? [] : [`estimated ${formatRows(planRows)}`];
  const estimate = planRows === undefined ? '' : ` of estimated ${formatCount(planRows)}`;
  if (loops === undefined || loops <= 1) return [formatRows(rows) + estimate];
  return [`${formatRows(rows)}${estimate} in each of ${formatCount(loops)} loops`];
}

function counted(count: number, word: string): string {
  const number = formatCount(count);
  return `${number} ${word}${number === '1' ? '' : 's'}`;
}

/** Without zeros at the end; no exponent for what a plan can hold. */
function trimmed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
}

function grouped(number: string): string {
  const [whole = '', ...rest] = number.split('.');
  return [whole.replace(/\B(?=(\d{3})+(?!\d))/g, ','), ...rest].join('.');
}
