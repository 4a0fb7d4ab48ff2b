/** What verifying a course says. Data, never printed here: the command line and VS Code's Testing API show it. */
import type { Problem } from '../course/problem';

/** What is proven: an exercise, or an example whose output is printed in the lesson. */
export interface Subject {
  readonly kind: 'exercise' | 'output';
  readonly lesson: string;
  /** The exercise's id; of an example its `run-N`. */
  readonly id: string;
  readonly title: string;
  /** Path below the course's folder, with `/`. */
  readonly path: string;
  /** Line of its fence, from 0. */
  readonly line: number;
}

/** One thing that was tried: "the starter fails", "the solution passes", a wrong answer, an alternative, an output. */
export interface Proof {
  readonly subject: Subject;
  /** One short phrase: "the solution passes". */
  readonly name: string;
  /** Line of the block that it is about, from 0. */
  readonly line: number;
  /** `skipped`: nothing here can prove it (a need that this engine does not meet); `message` says why. */
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What is wrong: what the starter did, what the wrong answer got instead of its message. */
  readonly message?: string;
  /** To be shown as a difference. */
  readonly expected?: string;
  readonly seen?: string;
  readonly durationMs: number;
  /** Found beside it, such as an expectation that the starter meets already: shown at its range. */
  readonly problems?: readonly Problem[];
}
