import type { RawProperties } from './raw';

/** An EXPLAIN plan, computed. Times in ms, buffers in blocks of 8 kB, rows in rows. Absent figures are `undefined`, never 0. */

export interface Buffers {
  readonly sharedHit: number;
  readonly sharedRead: number;
  readonly sharedDirtied: number;
  readonly sharedWritten: number;
  readonly localHit: number;
  readonly localRead: number;
  readonly localDirtied: number;
  readonly localWritten: number;
  readonly tempRead: number;
  readonly tempWritten: number;
}

/** track_io_timing: ms that reading and writing blocks took, summed over the processes. Before 17, "shared" is shared and local. */
export interface IoTimes {
  readonly sharedReadMs: number;
  readonly sharedWriteMs: number;
  readonly localReadMs: number;
  readonly localWriteMs: number;
  readonly tempReadMs: number;
  readonly tempWriteMs: number;
}

/** EXPLAIN (WAL). */
export interface Wal {
  readonly records: number;
  /** Full page images. */
  readonly fpi: number;
  readonly bytes: number;
  /** From 18 on; 0 before. */
  readonly buffersFull: number;
}

export interface PlanNode {
  /** Place in `Plan.nodes` (pre-order). */
  readonly id: number;
  readonly parent: number | undefined;
  readonly children: readonly number[];
  readonly depth: number;
  /** As EXPLAIN's text form names it, with its prefixes: "Parallel Seq Scan", "Partial HashAggregate", "Hash Left Join". */
  readonly type: string;
  /** EXPLAIN's Node Type in JSON, without prefixes: "Seq Scan", "Aggregate", "Hash Join", "ModifyTable". */
  readonly kind: string;
  readonly schema: string | undefined;
  readonly relation: string | undefined;
  readonly alias: string | undefined;
  readonly index: string | undefined;
  /** EXPLAIN's Parent Relationship: Outer, Inner, Member, Subquery, InitPlan, SubPlan. */
  readonly relationship: string | undefined;
  /** "CTE recent", "InitPlan 1 (returns $0)", "SubPlan 2". */
  readonly subplan: string | undefined;
  readonly startupCost: number | undefined;
  readonly totalCost: number | undefined;
  /** Estimated rows of one loop. */
  readonly planRows: number | undefined;
  readonly planWidth: number | undefined;
  /** Measured rows of one loop, as EXPLAIN prints them. */
  readonly rows: number | undefined;
  readonly loops: number | undefined;
  /** rows × loops. */
  readonly totalRows: number | undefined;
  /** Half-width of what rounding per loop can have done to `totalRows`. */
  readonly rowsError: number | undefined;
  /** How many processes (leader included) ran it, on average; 1 outside a Gather. `inclusiveMs` is divided by it. */
  readonly processes: number;
  /** Time to the first row of one loop, as EXPLAIN prints it. */
  readonly startupMs: number | undefined;
  /** Wall time inside this node and below it. */
  readonly inclusiveMs: number | undefined;
  /** Wall time inside this node alone. */
  readonly exclusiveMs: number | undefined;
  /** Half-width of what rounding can have done to `inclusiveMs`. */
  readonly inclusiveErrorMs: number | undefined;
  /** Half-width of what rounding can have done to `exclusiveMs`. */
  readonly errorMs: number | undefined;
  /** The children's times exceed this node's by more than rounding explains (they overlapped, or ran in some processes only); `exclusiveMs` is 0 for that. */
  readonly clamped: boolean;
  readonly buffers: Buffers | undefined;
  readonly exclusiveBuffers: Buffers | undefined;
  readonly io: IoTimes | undefined;
  readonly exclusiveIo: IoTimes | undefined;
  readonly wal: Wal | undefined;
  readonly exclusiveWal: Wal | undefined;
  readonly neverExecuted: boolean;
  /** Switched off by an enable_… setting and taken all the same: "Disabled" (18), or the cost of 1e10 that marked it before. */
  readonly disabled: boolean;
  /** max/min of actual and planned rows per loop, ≥ 1; undefined where it means nothing (see estimate.ts). */
  readonly estimateFactor: number | undefined;
  /** The factor is at least that: 0 rows came, or a rounded 0. */
  readonly estimateIsBound: boolean;
  /** All that EXPLAIN printed of the node, in its JSON names ("Filter", "Rows Removed by Filter", "Sort Space Used" …); with "Plans". */
  readonly properties: RawProperties;
}

export interface Trigger {
  /** "RI_ConstraintTrigger_c_16499" where EXPLAIN names it. */
  readonly name: string | undefined;
  /** Of a foreign key. */
  readonly constraint: string | undefined;
  readonly relation: string | undefined;
  readonly ms: number | undefined;
  readonly calls: number | undefined;
}

/** The sum of the leader's and the workers' (ExplainPrintJITSummary); each process's part stands inside its nodes' times. */
export interface Jit {
  readonly functions: number | undefined;
  readonly totalMs: number | undefined;
  readonly generationMs: number | undefined;
  /** Part of generation (17). */
  readonly deformMs: number | undefined;
  readonly inliningMs: number | undefined;
  readonly optimizationMs: number | undefined;
  readonly emissionMs: number | undefined;
}

export interface Serialization {
  readonly ms: number | undefined;
  readonly outputBytes: number | undefined;
  readonly buffers: Buffers | undefined;
}

export type PlanFormat = 'json' | 'text' | 'yaml' | 'xml';

export interface Plan {
  /** Pre-order; the root is first. */
  readonly nodes: readonly PlanNode[];
  readonly format: PlanFormat;
  readonly planningMs: number | undefined;
  readonly executionMs: number | undefined;
  /** What 100 % is: the execution time, or the root's where none was printed (SUMMARY OFF). Undefined without times. */
  readonly spanMs: number | undefined;
  readonly planningBuffers: Buffers | undefined;
  /** EXPLAIN (MEMORY), 17. */
  readonly planningMemory: { readonly usedBytes: number; readonly allocatedBytes: number } | undefined;
  readonly triggers: readonly Trigger[];
  readonly jit: Jit | undefined;
  /** EXPLAIN (SERIALIZE), 17. */
  readonly serialization: Serialization | undefined;
  /** The statement, where it was printed too (auto_explain). */
  readonly query: string | undefined;
  readonly queryId: string | undefined;
  /** The plan has actual rows (EXPLAIN ANALYZE). */
  readonly analyzed: boolean;
  /** Changed settings of EXPLAIN (SETTINGS). */
  readonly settings: Readonly<Record<string, string>>;
  /** What else stands beside the node tree: "Planning buffers", "JIT", "Trigger …", each one line. */
  readonly extras: readonly { readonly name: string; readonly value: string }[];
}

/** Shared blocks touched: hit + read. What the course counts as "buffers". */
export function sharedBuffers(buffers: Buffers): number {
  return buffers.sharedHit + buffers.sharedRead;
}
