import { isList, type RawValue } from '../../raw';
import { putBuffers, putBuffersAt, putCounts, putTimings, putWal, type TimingNames } from './counters';
import { put, type Properties } from './draft';
import { contentOf, valueOf, type Line } from './line';
import { splitList } from './lists';
import { after, blanksEnd, blanksStart, nextFigure, scannerAt } from './scan';

/** What a plan's lines tell about all of it, so that what the text form leaves out can be put in. */
export interface Seen {
  buffers: boolean;
  wal: boolean;
  timings: TimingNames | undefined;
}

/** Puts what one "Name: value" line says under its names in FORMAT JSON. */
type Put = (properties: Properties, value: string, seen: Seen) => void;

/** `node` is the Node Type: "Batches" mean another thing in a Hash than in a HashAggregate. */
export function putProperty(properties: Properties, name: string, value: string, seen: Seen): void {
  const known = LINES.get(name);
  if (known !== undefined) known(properties, value, seen);
  else if (name.startsWith('Rows Removed by ')) properties[name] = figure(value);
  else put(properties, name, guessed(value));
}

/** The same of a line. What nearly each node has is read where it stands, and put by name, which is the fastest. */
export function putLine(properties: Properties, line: Line, seen: Seen): void {
  if (line.more !== undefined) contentOf(line);
  const { name, source } = line;
  const from = blanksEnd(source, line.from + line.colon + 1, line.to);
  const to = blanksStart(source, from, line.to);
  switch (name) {
    case 'Filter':
      properties['Filter'] = valueOf(line);
      return;
    case 'Index Cond':
      properties['Index Cond'] = valueOf(line);
      return;
    case 'Rows Removed by Filter': {
      const scanner = scannerAt(source, from);
      const count = nextFigure(scanner, 0);
      properties['Rows Removed by Filter'] = scanner.exact && scanner.at === to ? count : figure(valueOf(line));
      return;
    }
    case 'Buffers':
      seen.buffers = true;
      if (!putBuffersAt(properties, source, from, to)) putBuffers(properties, valueOf(line));
      return;
    default:
      putProperty(properties, name, valueOf(line), seen);
  }
}

/** Lines that PostgreSQL prints below a node. An unknown one is kept, but may also be the rest of a wrapped line. */
export function isKnownName(name: string): boolean {
  return LINES.has(name) || name.startsWith('Rows Removed by ');
}

/** The known name that stands before a colon; undefined where none does, or `isKnownName` must look. */
export function knownNameAt(text: string, from: number, colon: number): string | undefined {
  const names = BY_LENGTH[colon - from];
  if (names !== undefined) for (const name of names) if (after(text, from, name) !== -1) return name;
  return undefined;
}

/** Expressions and names. */
const TEXTS = new Set([
  ...['Filter', 'Index Cond', 'Recheck Cond', 'Hash Cond', 'Merge Cond', 'Join Filter', 'TID Cond', 'Order By'],
  ...['One-Time Filter', 'Run Condition', 'Conflict Resolution', 'Conflict Filter', 'Function Call'],
  ...['Table Function Call', 'Cache Key', 'Cache Mode', 'Window', 'Remote SQL', 'Relations', 'Foreign File'],
  'Foreign Program',
]);

/** An extension's value: numbers and booleans are printed without quotes in FORMAT JSON. */
function guessed(value: string): RawValue {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return /^-?\d{1,15}(?:\.\d{1,6})?$/.test(value) ? Number(value) : value;
}

/** "12", "31752kB", "0.340 ms": the number; the text where there is none. */
export function figure(value: string): RawValue {
  const number = Number.parseFloat(value);
  return Number.isFinite(number) ? number : value;
}

/** "Sort Method: quicksort  Memory: 25kB": pairs, two blanks between them. */
function pairs(name: string, value: string): [name: string, value: string][] {
  return `${name}: ${value}`.split(/ {2,}/).map((part) => {
    const colon = part.indexOf(':');
    return colon === -1 ? [part, ''] : [part.slice(0, colon).trim(), part.slice(colon + 1).trim()];
  });
}

const text =
  (name: string): Put =>
  (properties, value) => {
    properties[name] = value;
  };
const number =
  (name: string): Put =>
  (properties, value) => {
    properties[name] = figure(value);
  };
const boolean =
  (name: string): Put =>
  (properties, value) => {
    properties[name] = value === 'true' ? true : value === 'false' ? false : value;
  };
const list =
  (name: string): Put =>
  (properties, value) => {
    properties[name] = splitList(value);
  };
const counts =
  (names: Readonly<Record<string, string>>): Put =>
  (properties, value) => {
    putCounts(properties, value, names);
  };
/** Pairs of figures under other names; a pair without one is kept under its own. */
const figures =
  (first: string, names: Readonly<Record<string, string>>): Put =>
  (properties, value) => {
    for (const [name, part] of pairs(first, value)) {
      const known = Object.hasOwn(names, name) ? names[name] : undefined;
      put(properties, known ?? name, figure(part));
    }
  };

const LINES = new Map<string, Put>([
  ...[...TEXTS].map((name): [string, Put] => [name, text(name)]),
  ...['Output', 'Sort Key', 'Presorted Key', 'Group Key', 'Hash Key'].map((name): [string, Put] => [name, list(name)]),
  ['Conflict Arbiter Indexes', list('Conflict Arbiter Indexes')],
  ...[
    ...['Workers Planned', 'Workers Launched', 'Heap Fetches', 'Index Searches', 'Subplans Removed'],
    ...['Tuples Inserted', 'Conflicting Tuples', 'Disabled Nodes', 'Foreign File Size'],
  ].map((name): [string, Put] => [name, number(name)]),
  ...['Disabled', 'Inner Unique', 'Single Copy'].map((name): [string, Put] => [name, boolean(name)]),
  [
    'Buffers',
    (properties, value, seen) => {
      seen.buffers = true;
      putBuffers(properties, value);
    },
  ],
  [
    'I/O Timings',
    (properties, value, seen) => {
      const names = putTimings(properties, value);
      // "temp" alone doesn't tell the version; another line may.
      if (seen.timings === undefined || seen.timings === 'temp') seen.timings = names;
    },
  ],
  [
    'WAL',
    (properties, value, seen) => {
      seen.wal = true;
      putWal(properties, value);
    },
  ],
  ['Memory', counts({ used: 'Memory Used', allocated: 'Memory Allocated' })],
  ['Heap Blocks', counts({ exact: 'Exact Heap Blocks', lossy: 'Lossy Heap Blocks' })],
  [
    'Tuples',
    (properties, value) => {
      for (const what of ['Inserted', 'Updated', 'Deleted', 'Skipped']) properties[`Tuples ${what}`] = 0;
      const names = { inserted: 'Inserted', updated: 'Updated', deleted: 'Deleted', skipped: 'Skipped' };
      putCounts(
        properties,
        value,
        Object.fromEntries(Object.entries(names).map(([what, name]) => [what, `Tuples ${name}`])),
      );
    },
  ],
  // 19
  [
    'Prefetch',
    counts({ avg: 'Average Prefetch Distance', max: 'Max Prefetch Distance', capacity: 'Prefetch Capacity' }),
  ],
  [
    'I/O',
    counts({
      count: 'I/O Count',
      waits: 'I/O Waits',
      size: 'Average I/O Size',
      'in-progress': 'Average I/Os In Progress',
      inprogress: 'Average I/Os In Progress',
    }),
  ],
  [
    'Estimates',
    counts({
      capacity: 'Estimated Capacity',
      keys: 'Estimated Distinct Lookup Keys',
      lookups: 'Estimated Lookups',
      percent: 'Estimated Hit Percent',
    }),
  ],
  ['Sort Method', sortMethod],
  ['Buckets', buckets],
  [
    'Planned Partitions',
    figures('Planned Partitions', { Batches: 'HashAgg Batches', 'Memory Usage': 'Peak Memory Usage' }),
  ],
  ['Batches', figures('Batches', { Batches: 'HashAgg Batches', 'Memory Usage': 'Peak Memory Usage' })],
  [
    'Hits',
    figures('Hits', {
      Hits: 'Cache Hits',
      Misses: 'Cache Misses',
      Evictions: 'Cache Evictions',
      Overflows: 'Cache Overflows',
      'Memory Usage': 'Peak Memory Usage',
    }),
  ],
  [
    'Storage',
    (properties, value) => {
      for (const [name, part] of pairs('Storage', value))
        put(properties, name, name === 'Storage' ? part : figure(part));
    },
  ],
  ['Full-sort Groups', sortGroups('Full-sort Groups')],
  ['Pre-sorted Groups', sortGroups('Pre-sorted Groups')],
  ['Sampling', sampling],
  ['actual', actual],
]);

/** Names as constants: those that are cut out of a text have to be hashed and compared each time. */
const BY_LENGTH: string[][] = [];
for (const name of [
  ...LINES.keys(),
  ...['Filter', 'Join Filter', 'Index Recheck'].map((of) => `Rows Removed by ${of}`),
])
  (BY_LENGTH[name.length] ??= []).push(name);

/** "quicksort  Memory: 25kB" */
function sortMethod(properties: Properties, value: string): void {
  const [method, space] = pairs('Sort Method', value);
  properties['Sort Method'] = method?.[1] ?? value;
  if (space === undefined) return;
  properties['Sort Space Used'] = figure(space[1]);
  properties['Sort Space Type'] = space[0];
}

const ORIGINALLY = /\(originally (\d+)\)/;

/** "2048 (originally 1024)  Batches: 4 (originally 1)  Memory Usage: 12kB" */
function buckets(properties: Properties, value: string): void {
  for (const [name, part] of pairs('Buckets', value)) {
    if (name === 'Memory Usage') properties['Peak Memory Usage'] = figure(part);
    else if (name === 'Buckets' || name === 'Batches') {
      const now = figure(part);
      const before = ORIGINALLY.exec(part)?.[1];
      properties[`Hash ${name}`] = now;
      properties[`Original Hash ${name}`] = before === undefined ? now : Number(before);
    } else put(properties, name, figure(part));
  }
}

/** "5  Sort Methods: top-N heapsort, quicksort  Average Memory: 26kB  Peak Memory: 27kB" (Incremental Sort) */
function sortGroups(group: string): Put {
  return (properties, value) => {
    const groups: Properties = {};
    for (const [name, part] of pairs(group, value)) {
      const space = /^(Average|Peak) (Memory|Disk)$/.exec(name);
      if (name === group) groups['Group Count'] = figure(part);
      else if (name === 'Sort Method' || name === 'Sort Methods') groups['Sort Methods Used'] = part.split(', ');
      else if (space === null) put(groups, name, figure(part));
      else {
        const key = `Sort Space ${space[2] ?? ''}`;
        const before = groups[key];
        const spaces = typeof before === 'object' && before !== null && !isList(before) ? before : {};
        groups[key] = { ...spaces, [`${space[1] ?? ''} Sort Space Used`]: figure(part) };
      }
    }
    properties[group] = groups;
  };
}

/** "bernoulli ('10'::real) REPEATABLE ('1'::double precision)" */
function sampling(properties: Properties, value: string): void {
  const open = value.indexOf(' (');
  const repeatable = value.lastIndexOf(') REPEATABLE (');
  const end = repeatable === -1 ? value.length - 1 : repeatable;
  if (open === -1 || end <= open) {
    properties['Sampling Method'] = value;
    return;
  }
  properties['Sampling Method'] = value.slice(0, open);
  properties['Sampling Parameters'] = splitList(value.slice(open + 2, end));
  if (repeatable !== -1) properties['Repeatable Seed'] = value.slice(repeatable + ') REPEATABLE ('.length, -1);
}

const WORKER = /^(?:time=([\d.]+?)\.\.([\d.]+) )?rows=([\d.]+) loops=(\d+)$/;

/** A worker's "actual time=0.1..0.2 rows=488 loops=1"; its name ends at the first blank. */
function actual(properties: Properties, value: string): void {
  const match = WORKER.exec(value);
  if (match === null) {
    properties['actual'] = value;
    return;
  }
  if (match[1] !== undefined) {
    properties['Actual Startup Time'] = Number(match[1]);
    properties['Actual Total Time'] = Number(match[2]);
  }
  properties['Actual Rows'] = Number(match[3]);
  properties['Actual Loops'] = Number(match[4]);
}
