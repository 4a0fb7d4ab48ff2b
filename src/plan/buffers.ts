import type { Buffers, IoTimes, Wal } from './model';
import { asFigure, type RawProperties } from './raw';

/**
 * The counters of a node or a section. Each is a total over loops and processes: never multiplied, never divided.
 * Written out field by field: this is where a large plan spends its time.
 */

/** EXPLAIN's name of each counter. */
const NAMES: Readonly<Record<keyof Buffers, string>> = {
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

const FIELDS = Object.keys(NAMES) as (keyof Buffers)[];

export const BUFFER_NAMES: readonly string[] = Object.values(NAMES);

export const NO_BUFFERS: Buffers = Object.freeze({
  sharedHit: 0,
  sharedRead: 0,
  sharedDirtied: 0,
  sharedWritten: 0,
  localHit: 0,
  localRead: 0,
  localDirtied: 0,
  localWritten: 0,
  tempRead: 0,
  tempWritten: 0,
});

export const NO_IO: IoTimes = Object.freeze({
  sharedReadMs: 0,
  sharedWriteMs: 0,
  localReadMs: 0,
  localWriteMs: 0,
  tempReadMs: 0,
  tempWriteMs: 0,
});

export const NO_WAL: Wal = Object.freeze({ records: 0, fpi: 0, bytes: 0, buffersFull: 0 });

/** Undefined where EXPLAIN printed none (BUFFERS off). */
export function buffersOf(properties: RawProperties): Buffers | undefined {
  const sharedHit = asFigure(properties['Shared Hit Blocks']);
  const sharedRead = asFigure(properties['Shared Read Blocks']);
  const sharedDirtied = asFigure(properties['Shared Dirtied Blocks']);
  const sharedWritten = asFigure(properties['Shared Written Blocks']);
  const localHit = asFigure(properties['Local Hit Blocks']);
  const localRead = asFigure(properties['Local Read Blocks']);
  const localDirtied = asFigure(properties['Local Dirtied Blocks']);
  const localWritten = asFigure(properties['Local Written Blocks']);
  const tempRead = asFigure(properties['Temp Read Blocks']);
  const tempWritten = asFigure(properties['Temp Written Blocks']);
  if (
    (sharedHit ?? sharedRead ?? sharedDirtied ?? sharedWritten) === undefined &&
    (localHit ?? localRead ?? localDirtied ?? localWritten ?? tempRead ?? tempWritten) === undefined
  )
    return undefined;
  const buffers = {
    sharedHit: sharedHit ?? 0,
    sharedRead: sharedRead ?? 0,
    sharedDirtied: sharedDirtied ?? 0,
    sharedWritten: sharedWritten ?? 0,
    localHit: localHit ?? 0,
    localRead: localRead ?? 0,
    localDirtied: localDirtied ?? 0,
    localWritten: localWritten ?? 0,
    tempRead: tempRead ?? 0,
    tempWritten: tempWritten ?? 0,
  };
  return isNothing(buffers) ? NO_BUFFERS : buffers;
}

/**
 * track_io_timing. Before 17 the times of shared and local blocks are one ("I/O Read Time"), before 15 those of temporary files
 * are not measured. Undefined where EXPLAIN printed none.
 */
export function ioOf(properties: RawProperties): IoTimes | undefined {
  const sharedReadMs = asFigure(properties['Shared I/O Read Time']) ?? asFigure(properties['I/O Read Time']);
  const sharedWriteMs = asFigure(properties['Shared I/O Write Time']) ?? asFigure(properties['I/O Write Time']);
  const localReadMs = asFigure(properties['Local I/O Read Time']);
  const localWriteMs = asFigure(properties['Local I/O Write Time']);
  const tempReadMs = asFigure(properties['Temp I/O Read Time']);
  const tempWriteMs = asFigure(properties['Temp I/O Write Time']);
  if ((sharedReadMs ?? sharedWriteMs ?? localReadMs ?? localWriteMs ?? tempReadMs ?? tempWriteMs) === undefined)
    return undefined;
  const io = {
    sharedReadMs: sharedReadMs ?? 0,
    sharedWriteMs: sharedWriteMs ?? 0,
    localReadMs: localReadMs ?? 0,
    localWriteMs: localWriteMs ?? 0,
    tempReadMs: tempReadMs ?? 0,
    tempWriteMs: tempWriteMs ?? 0,
  };
  const sum = io.sharedReadMs + io.sharedWriteMs + io.localReadMs + io.localWriteMs + io.tempReadMs + io.tempWriteMs;
  return sum === 0 ? NO_IO : io;
}

/** EXPLAIN (WAL). Undefined where EXPLAIN printed none. */
export function walOf(properties: RawProperties): Wal | undefined {
  const records = asFigure(properties['WAL Records']);
  const fpi = asFigure(properties['WAL FPI']);
  const bytes = asFigure(properties['WAL Bytes']);
  const buffersFull = asFigure(properties['WAL Buffers Full']);
  if ((records ?? fpi ?? bytes ?? buffersFull) === undefined) return undefined;
  const wal = { records: records ?? 0, fpi: fpi ?? 0, bytes: bytes ?? 0, buffersFull: buffersFull ?? 0 };
  return wal.records + wal.fpi + wal.bytes + wal.buffersFull === 0 ? NO_WAL : wal;
}

/** a − b, each counter at least 0. */
export function subtract(a: Buffers, b: Buffers): Buffers {
  if (isNothing(b) || isNothing(a)) return a;
  const left = {
    sharedHit: Math.max(0, a.sharedHit - b.sharedHit),
    sharedRead: Math.max(0, a.sharedRead - b.sharedRead),
    sharedDirtied: Math.max(0, a.sharedDirtied - b.sharedDirtied),
    sharedWritten: Math.max(0, a.sharedWritten - b.sharedWritten),
    localHit: Math.max(0, a.localHit - b.localHit),
    localRead: Math.max(0, a.localRead - b.localRead),
    localDirtied: Math.max(0, a.localDirtied - b.localDirtied),
    localWritten: Math.max(0, a.localWritten - b.localWritten),
    tempRead: Math.max(0, a.tempRead - b.tempRead),
    tempWritten: Math.max(0, a.tempWritten - b.tempWritten),
  };
  return isNothing(left) ? NO_BUFFERS : left;
}

/** Every counter of `a` is at least `b`'s. */
export function covers(a: Buffers, b: Buffers): boolean {
  return FIELDS.every((field) => a[field] >= b[field]);
}

function isNothing(buffers: Buffers): boolean {
  return (
    buffers === NO_BUFFERS ||
    (buffers.sharedHit === 0 &&
      buffers.sharedRead === 0 &&
      buffers.sharedDirtied === 0 &&
      buffers.sharedWritten === 0 &&
      buffers.localHit === 0 &&
      buffers.localRead === 0 &&
      buffers.localDirtied === 0 &&
      buffers.localWritten === 0 &&
      buffers.tempRead === 0 &&
      buffers.tempWritten === 0)
  );
}

/** a − b, each time at least 0, to the 0.001 ms that EXPLAIN prints. */
export function subtractIo(a: IoTimes, b: IoTimes): IoTimes {
  if (a === NO_IO || b === NO_IO) return a;
  return {
    sharedReadMs: rest(a.sharedReadMs, b.sharedReadMs),
    sharedWriteMs: rest(a.sharedWriteMs, b.sharedWriteMs),
    localReadMs: rest(a.localReadMs, b.localReadMs),
    localWriteMs: rest(a.localWriteMs, b.localWriteMs),
    tempReadMs: rest(a.tempReadMs, b.tempReadMs),
    tempWriteMs: rest(a.tempWriteMs, b.tempWriteMs),
  };
}

function rest(a: number, b: number): number {
  return Math.max(0, Math.round((a - b) * 1000) / 1000);
}

/** a − b, each counter at least 0. */
export function subtractWal(a: Wal, b: Wal): Wal {
  if (a === NO_WAL || b === NO_WAL) return a;
  return {
    records: Math.max(0, a.records - b.records),
    fpi: Math.max(0, a.fpi - b.fpi),
    bytes: Math.max(0, a.bytes - b.bytes),
    buffersFull: Math.max(0, a.buffersFull - b.buffersFull),
  };
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
