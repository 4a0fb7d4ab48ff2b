import type { Exercise } from '../course/lesson';
import type { Behaviour } from './foreseen';
import { fingerprint } from './hash';
import type { InventoryReference } from './integrity/inventory';
import type { QueryReference } from './integrity/query';
import type { DataReference } from './kinds/data';
import type { PlanSetting } from './pinned';

/** What the start, the solution and the foreseen wrong answers do on a pristine copy of the data. */
export interface Reference {
  /** Shared blocks for each expectation, in the order of `expect`; null where it reads no plan. */
  readonly start: readonly (number | null)[];
  readonly solution: readonly (number | null)[];
  /** How each foreseen wrong answer did, in their order. */
  readonly wrong: readonly Behaviour[];
  readonly starter: Behaviour;
  /** What the starter meets already: of each expectation, each of its outcomes. */
  readonly met: readonly (readonly boolean[])[];
  /** The data set's tables; none where no expectation depends on rows or plans. */
  readonly data: DataReference;
  /** Tables whose rows the solution itself changes. */
  readonly dataSubjects: readonly string[];
  readonly inventory: InventoryReference;
  /** What checks set to PostgreSQL's defaults; absent where no database is asked. */
  readonly settings?: readonly PlanSetting[];
  /** Absent where the student's query is not judged. */
  readonly query?: QueryReference;
  /** Further figures of the start and the solution, for each expectation: `Outcome.measured`, merged. */
  readonly measured: { readonly start: readonly Figures[]; readonly solution: readonly Figures[] };
  /** `Outcome.keep` of the start and the solution, for each expectation; null where there is none. */
  readonly kept: { readonly start: readonly unknown[]; readonly solution: readonly unknown[] };
  /** SQL of the data set's hidden variant, where it has one. */
  readonly variant?: string;
}

export type Figures = Readonly<Record<string, number>>;

/** Keeps references between sessions; a miss is measured anew. */
export interface ReferenceStore {
  get(key: string): Promise<Reference | undefined>;
  set(key: string, reference: Reference): Promise<void>;
}

/** Bumped when what a reference holds, or how it is measured, changes. */
const FORMAT = 10;

/** The key under which a reference holds: everything that can change what is measured. */
export function referenceKey(exercise: Exercise, dataset: string, serverVersion: number): string {
  const { expect, starter, solution, wrong } = exercise;
  const texts = [starter, solution, ...wrong].map((code) => code.text);
  return fingerprint(JSON.stringify([FORMAT, serverVersion, fingerprint(dataset), expect, texts]));
}
