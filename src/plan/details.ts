import { BUFFER_NAMES, buffersLine, buffersOf } from './buffers';
import type { Plan, PlanNode } from './model';
import { NAMED_BY } from './nodeType';
import { isList, isProperties, textOf, type RawProperties, type RawValue } from './raw';
import { formatCount } from './words';

type Line = Plan['extras'][number];

/** What the model tells elsewhere. */
const TOLD = new Set([
  ...NAMED_BY,
  ...BUFFER_NAMES,
  ...['Plans', 'Parent Relationship', 'Subplan Name', 'Schema', 'Relation Name', 'Alias', 'Index Name'],
  ...[
    'Startup Cost',
    'Total Cost',
    'Plan Rows',
    'Plan Width',
    'Actual Startup Time',
    'Actual Total Time',
    'Actual Rows',
    'Actual Loops',
  ],
]);

/** What EXPLAIN printed of a node and the model has no place for, each on one line; one line for each worker. */
export function detailsOf({ properties }: Pick<PlanNode, 'properties'>): readonly Line[] {
  const lines: Line[] = [];
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'Operation' ? properties['Node Type'] === 'ModifyTable' : TOLD.has(name)) continue;
    if (name === 'Workers' && isList(value)) for (const line of workerLines(value)) lines.push(line);
    else lines.push({ name, value: valueLine(name, value) });
  }
  return lines;
}

function workerLines(workers: readonly RawValue[]): Line[] {
  return workers.map((worker, place) => {
    if (!isProperties(worker)) return { name: `Worker ${place}`, value: oneLine(worker) };
    const number = worker['Worker Number'];
    const rest = without(worker, ['Worker Number']);
    return { name: `Worker ${typeof number === 'number' ? number : place}`, value: sectionLine(rest) };
  });
}

const SECTIONS_TOLD = new Set(['Plan', 'Planning Time', 'Execution Time', 'Total Runtime', 'Settings', 'Query Text']);

/** What stands beside the node tree and is neither a time nor a setting. */
export function extrasOf(sections: RawProperties): Plan['extras'] {
  const lines: Line[] = [];
  for (const [name, value] of Object.entries(sections)) {
    if (name === 'Planning' && isProperties(value)) lines.push(...planningLines(value));
    else if (name === 'Triggers' && isList(value)) for (const trigger of value) lines.push(triggerLine(trigger));
    else if (!SECTIONS_TOLD.has(name)) {
      lines.push({ name, value: isProperties(value) ? sectionLine(value) : valueLine(name, value) });
    }
  }
  return lines.filter((line) => line.value !== '');
}

function planningLines(planning: RawProperties): Line[] {
  const buffers = buffersOf(planning);
  const rest = withoutBuffers(planning);
  return [
    { name: 'Planning buffers', value: buffers === undefined ? '' : buffersLine(buffers) },
    { name: 'Planning', value: oneLine(rest) },
  ];
}

/** "Trigger for constraint orders_customer_fkey on orders": its time and calls. */
function triggerLine(trigger: RawValue): Line {
  if (!isProperties(trigger)) return { name: 'Trigger', value: oneLine(trigger) };
  const rest = without(trigger, ['Trigger Name', 'Constraint Name', 'Relation']);
  const constraint = textOf(trigger, 'Constraint Name');
  const relation = textOf(trigger, 'Relation');
  const name = constraint === undefined ? (textOf(trigger, 'Trigger Name') ?? '') : `for constraint ${constraint}`;
  return { name: `Trigger ${name}${relation === undefined ? '' : ` on ${relation}`}`, value: oneLine(rest) };
}

/** A group of properties, its block counters in one. */
function sectionLine(section: RawProperties): string {
  const buffers = buffersOf(section);
  const line = buffers === undefined ? '' : buffersLine(buffers);
  return [oneLine(withoutBuffers(section)), line === '' ? '' : `Buffers: ${line}`]
    .filter((part) => part !== '')
    .join(', ');
}

function withoutBuffers(section: RawProperties): RawProperties {
  return without(section, BUFFER_NAMES);
}

function without(properties: RawProperties, names: readonly string[]): RawProperties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** EXPLAIN's JSON leaves the unit of memory and disk to its text form: "Memory: 25kB". */
const IN_KB =
  /^(?:(?:Average |Peak )?Sort Space Used|(?:Peak )?Memory Usage|Disk Usage|Maximum Storage|Memory (?:Used|Allocated)|Output Volume)$/;

/** On one line, with its unit. */
export function valueLine(name: string, value: RawValue): string {
  return typeof value === 'number' && IN_KB.test(name) ? `${formatCount(value)} kB` : oneLine(value);
}

/** Nothing that PostgreSQL prints nests deeper than 3. */
const DEEPEST = 8;

export function oneLine(value: RawValue, depth = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  if (depth === DEEPEST) return '…';
  if (isList(value))
    return value.map((item) => (isScalar(item) ? oneLine(item) : `(${oneLine(item, depth + 1)})`)).join(', ');
  const parts = Object.entries(value).map(
    ([name, item]) => `${name}: ${isScalar(item) ? valueLine(name, item) : `(${oneLine(item, depth + 1)})`}`,
  );
  return parts.join(', ');
}

function isScalar(value: RawValue): boolean {
  return !isList(value) && !isProperties(value);
}

/** PostgreSQL's JSON prints what did not happen, too: "Disabled: false", "I/O Read Time: 0.000". Its text form does not. */
export function tellsSomething({ name, value }: Line): boolean {
  if (value === 'false' || value === '') return false;
  return !(
    /^0(?:\.0+)?$/.test(value) &&
    /^(?:WAL|.*I\/O|.*Time$|Rows Removed|Subplans Removed|Exact|Lossy|Heap Fetches)/.test(name)
  );
}
