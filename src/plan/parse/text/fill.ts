import { isList } from '../../raw';
import { putNoBuffers, putNoTimings, putNoWal } from './counters';
import type { DraftNode, Properties } from './draft';
import type { Seen } from './properties';

/** What all lines of a plan tell together. */
export interface PlanSeen extends Seen {
  /** A node was executed, or said that it never was. */
  analyzed: boolean;
  timed: boolean;
  costs: boolean;
  fractional: boolean;
}

/**
 * What FORMAT JSON prints beside and the text form leaves out because it is 0 or false. Only where another line proves that it
 * was measured: without a line of buffers in the whole plan, BUFFERS may have been off.
 */
export function fill(nodes: readonly DraftNode[], seen: PlanSeen): void {
  for (const { properties, kind } of nodes) {
    if (seen.analyzed) fillMeasured(properties, kind, seen);
    if (seen.fractional) properties['Disabled'] ??= false;
    if (kind === 'Gather') properties['Single Copy'] ??= false;
    if (kind === 'Append' || kind === 'Merge Append') properties['Subplans Removed'] ??= 0;
    if (seen.costs && kind === 'Aggregate' && isHashed(properties)) properties['Planned Partitions'] ??= 0;
    if (properties['HashAgg Batches'] !== undefined) properties['Disk Usage'] ??= 0;
  }
}

function fillMeasured(properties: Properties, kind: string, seen: PlanSeen): void {
  if (seen.timed && properties['Actual Loops'] === 0) {
    properties['Actual Startup Time'] = 0;
    properties['Actual Total Time'] = 0;
  }
  // Counts that follow an expression, and that the text form leaves out where they are 0 (show_instrumentation_count).
  if (properties['Filter'] !== undefined) properties['Rows Removed by Filter'] ??= 0;
  if (properties['Join Filter'] !== undefined) properties['Rows Removed by Join Filter'] ??= 0;
  if (properties['Conflict Filter'] !== undefined) properties['Rows Removed by Conflict Filter'] ??= 0;
  if (kind === 'Bitmap Heap Scan') {
    properties['Exact Heap Blocks'] ??= 0;
    properties['Lossy Heap Blocks'] ??= 0;
    properties['Rows Removed by Index Recheck'] ??= 0;
  } else if (properties['Index Cond'] !== undefined && kind !== 'Bitmap Index Scan')
    properties['Rows Removed by Index Recheck'] ??= 0;
  fillCounters(properties, seen);
  const workers = properties['Workers'];
  if (isList(workers)) for (const worker of workers as Properties[]) fillWorker(worker, seen);
}

function fillWorker(worker: Properties, seen: PlanSeen): void {
  if (worker['HashAgg Batches'] !== undefined) worker['Disk Usage'] ??= 0;
  // Its counters come with its times: VERBOSE.
  if (worker['Actual Loops'] !== undefined) fillCounters(worker, seen);
}

function fillCounters(properties: Properties, seen: PlanSeen): void {
  if (seen.buffers && properties['Shared Hit Blocks'] === undefined) putNoBuffers(properties);
  if (seen.timings !== undefined) putNoTimings(properties, seen.timings);
  if (seen.wal && properties['WAL Records'] === undefined) putNoWal(properties);
  if (seen.wal && seen.fractional) properties['WAL Buffers Full'] ??= 0;
}

function isHashed(properties: Properties): boolean {
  return properties['Strategy'] === 'Hashed' || properties['Strategy'] === 'Mixed';
}
