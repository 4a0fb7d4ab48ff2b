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

export interface PlanNode {
  /** Place in `Plan.nodes` (pre-order). */
  readonly id: number;
  readonly parent: number | undefined;
  readonly children: readonly number[];
  readonly depth: number;
  /** As EXPLAIN's text form names it, with its prefixes: "Parallel Seq Scan", "Partial HashAggregate", "Hash Left Join". */
  readonly type: string;
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
  /** Time to the first row of one loop, as EXPLAIN prints it. */
  readonly startupMs: number | undefined;
  /** Wall time inside this node and below it. */
  readonly inclusiveMs: number | undefined;
  /** Wall time inside this node alone. */
  readonly exclusiveMs: number | undefined;
  /** Half-width of what rounding can have done to `exclusiveMs`. */
  readonly errorMs: number | undefined;
  /** The children's times exceed this node's by more than rounding explains (they overlapped, or ran in some processes only); `exclusiveMs` is 0 for that. */
  readonly clamped: boolean;
  readonly buffers: Buffers | undefined;
  readonly exclusiveBuffers: Buffers | undefined;
  readonly neverExecuted: boolean;
  /** max/min of actual and planned rows per loop, ≥ 1; undefined where it means nothing (see estimate.ts). */
  readonly estimateFactor: number | undefined;
  /** Every other property of the node, as EXPLAIN names and orders it: Filter, Index Cond, Sort Key, Rows Removed by Filter … */
  readonly details: readonly { readonly name: string; readonly value: string }[];
}

export interface Plan {
  /** Pre-order; the root is first. */
  readonly nodes: readonly PlanNode[];
  readonly planningMs: number | undefined;
  readonly executionMs: number | undefined;
  /** The plan has actual rows (EXPLAIN ANALYZE). */
  readonly analyzed: boolean;
  /** Changed settings of EXPLAIN (SETTINGS). */
  readonly settings: Readonly<Record<string, string>>;
  /** Sections beside the node tree: "Planning buffers", "JIT", "Trigger …", each one line. */
  readonly extras: readonly { readonly name: string; readonly value: string }[];
}

/** Shared blocks touched: hit + read. What the course counts as "buffers". */
export function sharedBuffers(buffers: Buffers): number {
  return buffers.sharedHit + buffers.sharedRead;
}
