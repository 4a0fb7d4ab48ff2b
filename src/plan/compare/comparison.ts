import type { Plan } from '../model';

/** What became of a node. `moved`: it does the same thing in another place of the tree. */
export type Change = 'same' | 'changed' | 'moved' | 'added' | 'removed';

/** A node of one plan and what does its work in the other. At least one of the two is there. */
export interface Pair {
  /** Node ids. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly change: Change;
  /** For rows of a tree: the depth to show it at. */
  readonly depth: number;
  /** What changed, each a short phrase: "Seq Scan → Index Scan using orders_customer_id_idx", "rows 40,000 → 12". */
  readonly words: readonly string[];
}

export interface Figure {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

export interface Comparison {
  readonly before: Plan;
  readonly after: Plan;
  /** One sentence: "Seq Scan on orders became Index Scan using orders_customer_id_idx: 67 × fewer buffers". */
  readonly verdict: string;
  /** By buffers where both have them (they repeat), else by time beyond its error, else by cost. */
  readonly outcome: 'better' | 'worse' | 'same' | 'unknown';
  readonly totals: {
    readonly executionMs: Figure;
    readonly planningMs: Figure;
    /** Shared blocks of the whole statement. */
    readonly buffers: Figure;
    readonly tempBlocks: Figure;
    readonly rows: Figure;
    readonly cost: Figure;
  };
  /** In the order of the after-plan, what was removed beside what it stood under. */
  readonly pairs: readonly Pair[];
}
