import type { Exercise } from '../course/lesson';
import { fingerprint } from './hash';
import type { TableData } from './kinds/data';

/** What the start, the solution and the foreseen wrong answers do on a pristine copy of the data. */
export interface Reference {
  /** Shared blocks for each expectation, in the order of `expect`; null where it reads no plan. */
  readonly start: readonly (number | null)[];
  readonly solution: readonly (number | null)[];
  /** Behaviour of each foreseen wrong answer, in their order. */
  readonly wrong: readonly string[];
  /** The data set's tables; empty unless the exercise expects them unchanged. */
  readonly data: readonly TableData[];
}

/** Keeps references between sessions; a miss is measured anew. */
export interface ReferenceStore {
  get(key: string): Promise<Reference | undefined>;
  set(key: string, reference: Reference): Promise<void>;
}

/** Bumped when what a reference holds, or how it is measured, changes. */
const FORMAT = 4;

/** The key under which a reference holds: everything that can change what is measured. */
export function referenceKey(exercise: Exercise, dataset: string, serverVersion: number): string {
  const { expect, starter, solution, wrong } = exercise;
  const texts = [starter, solution, ...wrong].map((code) => code.text);
  return fingerprint(JSON.stringify([FORMAT, serverVersion, fingerprint(dataset), expect, texts]));
}
