import { BUFFER_NAMES, buffersLine, buffersOf } from './buffers';
import type { Plan, PlanNode } from './model';
import { NAMED_BY } from './nodeType';
import { isList, isNumber, isProperties, type RawProperties, type RawValue } from './raw';

type Line = Plan['extras'][number];

/** What the model tells elsewhere. */
const TOLD = new Set([
  ...NAMED_BY,
  ...BUFFER_NAMES,
  ...['Parent Relationship', 'Subplan Name', 'Schema', 'Relation Name', 'Alias', 'Index Name'],
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

/** The properties of a node that the model has no place for, each on one line; one line for each worker. */
export function detailsOf(properties: RawProperties): PlanNode['details'] {
  const lines: Line[] = [];
  for (const [name, value] of properties) {
    if (name === 'Operation' ? properties.get('Node Type') === 'ModifyTable' : TOLD.has(name)) continue;
    if (name === 'Workers' && isList(value)) lines.push(...workerLines(value));
    else lines.push({ name, value: oneLine(value) });
  }
  return lines;
}

function workerLines(workers: readonly RawValue[]): Line[] {
  return workers.map((worker, place) => {
    if (!isProperties(worker)) return { name: `Worker ${String(place)}`, value: oneLine(worker) };
    const number = worker.get('Worker Number');
    const rest = new Map([...worker].filter(([name]) => name !== 'Worker Number'));
    return { name: `Worker ${isNumber(number) ? number.text : String(place)}`, value: sectionLine(rest) };
  });
}

/** What stands beside the node tree and is neither a time nor a setting. */
export function extrasOf(sections: RawProperties): Plan['extras'] {
  const lines: Line[] = [];
  for (const [name, value] of sections) {
    if (name === 'Planning' && isProperties(value)) lines.push(...planningLines(value));
    else if (name === 'Triggers' && isList(value)) lines.push(...value.map(triggerLine));
    else if (!['Planning Time', 'Execution Time', 'Total Runtime', 'Settings'].includes(name)) {
      lines.push({ name, value: isProperties(value) ? sectionLine(value) : oneLine(value) });
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
  const text = (name: string): string | undefined => {
    const value = trigger.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const constraint = text('Constraint Name');
  const relation = text('Relation');
  const name = constraint === undefined ? (text('Trigger Name') ?? '') : `for constraint ${constraint}`;
  const rest = new Map([...trigger].filter(([key]) => !['Trigger Name', 'Constraint Name', 'Relation'].includes(key)));
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
  return new Map([...section].filter(([name]) => !BUFFER_NAMES.includes(name)));
}

/** Nothing that PostgreSQL prints nests deeper than 3. */
const DEEPEST = 8;

export function oneLine(value: RawValue, depth = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (isNumber(value)) return value.text;
  if (depth === DEEPEST) return '…';
  if (isList(value))
    return value.map((item) => (isScalar(item) ? oneLine(item) : `(${oneLine(item, depth + 1)})`)).join(', ');
  const parts = [...value].map(
    ([name, item]) => `${name}: ${isScalar(item) ? oneLine(item) : `(${oneLine(item, depth + 1)})`}`,
  );
  return parts.join(', ');
}

function isScalar(value: RawValue): boolean {
  return !isList(value) && !isProperties(value);
}
