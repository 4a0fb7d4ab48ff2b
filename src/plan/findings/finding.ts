import type { Facts } from './facts';

/** What a rule knows about itself, and how it looks for what it knows. One file each; its id is the file's name in kebab-case. */
export interface Rule {
  readonly id: string;
  /** "Sort spills to disk". */
  readonly title: string;
  /** When it speaks, with its thresholds: one sentence for the docs. */
  readonly trigger: string;
  /** Where the rule comes from. */
  readonly source: { readonly name: string; readonly url?: string };
  /** A page of PostgreSQL's manual, below https://www.postgresql.org/docs/current/: "runtime-config-resource.html#GUC-WORK-MEM". */
  readonly manual: string;
  /** A lesson that teaches it, in the course that ships: "query-analysis". */
  readonly lesson?: string;
  find(facts: Facts): Iterable<Hit>;
}

/** Given, or made when it is asked for. */
export type Late<T> = T | (() => T);

export interface Evidence {
  readonly name: string;
  readonly value: string;
}

/** One place where a rule holds. It may hold at thousands of partitions, of which one is shown: words may be `Late`. */
export interface Hit {
  /** Absent where it is about the whole statement (planning, JIT, triggers). */
  readonly node?: number;
  /** One sentence with the numbers that matter: "Sorted 400,000 rows on disk (23 MB) because work_mem is too small." */
  readonly message: Late<string>;
  /** What it rests on, one figure a line. */
  readonly evidence: Late<readonly Evidence[]>;
  /** What could be saved at the most, as far as the plan tells; `errorMs` is what rounding can have done to it. */
  readonly stake: { readonly ms?: number; readonly errorMs?: number; readonly blocks?: number };
  readonly fixes: readonly Fix[];
  /** Why it may be wrong, or not worth it. */
  readonly doubt: string;
}

export interface Fix {
  readonly kind: 'index' | 'setting' | 'maintenance' | 'rewrite' | 'design';
  /** "Index the filter's columns." */
  readonly text: string;
  /** Ready to run, where the plan names all that it needs. */
  readonly sql?: string;
  /** Of kind `index`: what can be proved by building it. `sql` is its statement. */
  readonly index?: IndexProposal;
}

export interface IndexProposal {
  readonly schema: string | undefined;
  readonly table: string;
  /** As SQL, "gin"; absent for a B-tree. */
  readonly method?: string;
  /** Of the index, as SQL, in order: "customer_id", "lower(name)", "created DESC". */
  readonly columns: readonly string[];
  readonly include?: readonly string[];
  /** Of a partial index, as SQL. */
  readonly where?: string;
}

export interface Finding extends Omit<Hit, 'message' | 'evidence'> {
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly rule: Rule;
  /** 0–1 of the plan's `spanMs`; undefined without times. */
  readonly shareOfTime: number | undefined;
  /** 0–1 of the statement's shared and temp blocks; undefined without BUFFERS. */
  readonly shareOfBuffers: number | undefined;
}
