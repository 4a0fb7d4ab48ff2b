import type { Cell } from '../../sql/session';

/** Where two results differ, by a few small examples. Never of hidden data. */
export interface RowsDiff {
  /** Names of the student's columns. */
  readonly columns: readonly string[];
  /** Rows asked for that did not come, at most 3; those of `pairs` first. */
  readonly missing: readonly (readonly Cell[])[];
  /** Rows that came and were not asked for, at most 3; those of `pairs` first. */
  readonly extra: readonly (readonly Cell[])[];
  /** Of all rows. */
  readonly missingCount: number;
  readonly extraCount: number;
  /** Rows that are one but for some cells. */
  readonly pairs: readonly RowPair[];
  /** Rows that came more or less often than asked for, at most 3; where the only difference is how often. */
  readonly duplicates: readonly { readonly row: readonly Cell[]; readonly expected: number; readonly seen: number }[];
  /** All rows are right, and this is the first out of order. */
  readonly disorder?: {
    /** Its number, from 1. */
    readonly row: number;
    readonly expected: readonly Cell[];
    readonly seen: readonly Cell[];
    /** The sort key's columns, from 0. */
    readonly columns: readonly number[];
  };
}

export interface RowPair {
  /** Places in `missing` and `extra`. */
  readonly missing: number;
  readonly extra: number;
  /** The columns whose cells differ, from 0. */
  readonly columns: readonly number[];
}
