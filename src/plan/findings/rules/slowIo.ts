import type { IoTimes, PlanNode } from '../../model';
import { formatBlocks, formatCount, formatMs, nodeTitle } from '../../words';
import { blocksOf } from '../facts';
import type { Fix, Hit, Rule } from '../finding';
import { percent } from '../worth';

const LEAST_SHARE = 0.2;
const LEAST_MS = 1;
/** One block of 8 kB: from the operating system's cache, and from a disk that seeks or a network volume. */
const CACHED_MS = 0.03;
const SLOW_MS = 1;

/** With track_io_timing: what waiting for blocks took. Said once, of the node that waited most. */
export const slowIo: Rule = {
  id: 'slow-io',
  title: 'Waiting for reads and writes',
  trigger: 'I/O timings (track_io_timing) add up to ≥ 20 % of the time, and ≥ 1 ms.',
  source: {
    name: 'PostgreSQL manual: track_io_timing',
    url: 'https://www.postgresql.org/docs/current/runtime-config-statistics.html#GUC-TRACK-IO-TIMING',
  },
  manual: 'runtime-config-statistics.html#GUC-TRACK-IO-TIMING',
  lesson: 'database-tuning',
  *find({ nodes, spanMs }): Iterable<Hit> {
    if (spanMs === undefined) return;
    let [total, reads, writes, read, written] = [0, 0, 0, 0, 0];
    let most: { node: PlanNode; ms: number } | undefined;
    for (const node of nodes) {
      const { exclusiveIo, exclusiveBuffers } = node;
      if (exclusiveIo === undefined) continue;
      const processes = Math.max(1, node.processes);
      const [readMs, writeMs] = timesOf(exclusiveIo);
      // The timings are sums over the processes, which wait at the same time.
      const ms = (readMs + writeMs) / processes;
      total += ms;
      reads += readMs;
      writes += writeMs;
      if (exclusiveBuffers !== undefined) {
        read += exclusiveBuffers.sharedRead + exclusiveBuffers.localRead + exclusiveBuffers.tempRead;
        written += exclusiveBuffers.sharedWritten + exclusiveBuffers.localWritten + exclusiveBuffers.tempWritten;
      }
      if (most === undefined || ms > most.ms) most = { node, ms };
    }
    if (most === undefined || total < LEAST_MS || total < LEAST_SHARE * spanMs) return;
    const perRead = read > 0 && reads > 0 ? reads / read : undefined;
    const { node } = most;
    yield {
      node: node.id,
      message: `Waited ${formatMs(Math.min(total, spanMs))} for I/O, ${percent(Math.min(1, total / spanMs))} of the time; ${nodeTitle(node)} most.`,
      evidence: [
        ...(reads > 0 ? [{ name: 'Reading', value: `${formatMs(reads)} for ${formatBlocks(read)}` }] : []),
        ...(writes > 0 ? [{ name: 'Writing', value: `${formatMs(writes)} for ${formatBlocks(written)}` }] : []),
        ...(perRead === undefined ? [] : [{ name: 'Time of one block read', value: formatMs(perRead) }]),
        ...(node.exclusiveBuffers === undefined
          ? []
          : [{ name: 'Blocks of this node', value: formatCount(blocksOf(node.exclusiveBuffers)) }]),
      ],
      stake: { ms: Math.min(total, spanMs), errorMs: 0.0005 * nodes.length },
      fixes: fixesOf(perRead, writes > reads),
      doubt:
        'A second run may find the blocks in memory: then only the first one is slow. From 18 on reads run ahead in the background, and the time is only what was waited for.',
    };
  },
};

function timesOf(io: IoTimes): [number, number] {
  return [io.sharedReadMs + io.localReadMs + io.tempReadMs, io.sharedWriteMs + io.localWriteMs + io.tempWriteMs];
}

function fixesOf(perRead: number | undefined, mostlyWrites: boolean): Fix[] {
  const less: Fix = {
    kind: 'design',
    text: 'Read fewer blocks: the findings about indexes, spills and dead rows come first.',
  };
  if (mostlyWrites)
    return [
      {
        kind: 'setting',
        text: 'A session should not write others’ blocks itself: raise shared_buffers or let the background writer do more (bgwriter_lru_maxpages); for temporary files, raise work_mem.',
      },
    ];
  if (perRead === undefined) return [less];
  if (perRead < CACHED_MS)
    return [
      less,
      {
        kind: 'setting',
        text: `${formatMs(perRead)} for a block is the speed of the operating system’s cache: larger shared_buffers would spare the copying.`,
      },
    ];
  if (perRead >= SLOW_MS)
    return [
      less,
      {
        kind: 'design',
        text: `${formatMs(perRead)} for a block is the speed of a seeking disk or of a throttled volume: look at its IOPS limit and queue.`,
      },
    ];
  return [
    less,
    {
      kind: 'setting',
      text: 'Let more reads run ahead: effective_io_concurrency (1 before 18; 200 suits an SSD).',
      sql: 'SET effective_io_concurrency = 200;',
    },
  ];
}
