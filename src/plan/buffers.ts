import type { Buffers } from './model';
import { figureOf, type RawProperties } from './raw';

type Field = keyof Buffers;

/** EXPLAIN's name of each counter. */
const NAMES: Readonly<Record<Field, string>> = {
  sharedHit: 'Shared Hit Blocks',
  sharedRead: 'Shared Read Blocks',
  sharedDirtied: 'Shared Dirtied Blocks',
  sharedWritten: 'Shared Written Blocks',
  localHit: 'Local Hit Blocks',
  localRead: 'Local Read Blocks',
  localDirtied: 'Local Dirtied Blocks',
  localWritten: 'Local Written Blocks',
  tempRead: 'Temp Read Blocks',
  tempWritten: 'Temp Written Blocks',
};

const FIELDS = Object.keys(NAMES) as Field[];

export const BUFFER_NAMES: readonly string[] = Object.values(NAMES);

export const NO_BUFFERS: Buffers = each(() => 0);

/** The counters of a node or section; undefined where EXPLAIN printed none (BUFFERS off). */
export function buffersOf(properties: RawProperties): Buffers | undefined {
  if (!BUFFER_NAMES.some((name) => figureOf(properties, name) !== undefined)) return undefined;
  return each((field) => figureOf(properties, NAMES[field]) ?? 0);
}

/** a − b, each counter at least 0. */
export function subtract(a: Buffers, b: Buffers): Buffers {
  return each((field) => Math.max(0, a[field] - b[field]));
}

/** What of `a` is also in `b`. */
export function common(a: Buffers, b: Buffers): Buffers {
  return each((field) => Math.min(a[field], b[field]));
}

/** Every counter of `a` is at least `b`'s. */
export function covers(a: Buffers, b: Buffers): boolean {
  return FIELDS.every((field) => a[field] >= b[field]);
}

/** As EXPLAIN's text form says it: "shared hit=12 read=3, temp read=4"; "" for nothing at all. */
export function buffersLine(buffers: Buffers): string {
  const parts = (['shared', 'local', 'temp'] as const).map((scope) => {
    const counts = FIELDS.filter((field) => field.startsWith(scope) && buffers[field] > 0).map(
      (field) => `${field.slice(scope.length).toLowerCase()}=${String(buffers[field])}`,
    );
    return counts.length === 0 ? '' : `${scope} ${counts.join(' ')}`;
  });
  return parts.filter((part) => part !== '').join(', ');
}

function each(value: (field: Field) => number): Buffers {
  return {
    sharedHit: value('sharedHit'),
    sharedRead: value('sharedRead'),
    sharedDirtied: value('sharedDirtied'),
    sharedWritten: value('sharedWritten'),
    localHit: value('localHit'),
    localRead: value('localRead'),
    localDirtied: value('localDirtied'),
    localWritten: value('localWritten'),
    tempRead: value('tempRead'),
    tempWritten: value('tempWritten'),
  };
}
