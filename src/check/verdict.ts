/** What one expectation found. Data, not an exception: a wrong answer is no error. */
export interface Outcome {
  readonly passed: boolean;
  /** One sentence: what holds, or what does not. Never hidden parameters, never the solution. */
  readonly message: string;
  readonly expected?: string;
  readonly seen?: string;
  /**
   * How the attempt behaved here, without numbers that vary: two attempts with the same behaviour get the
   * same text, so that a wrong answer that the author foresaw is recognised.
   */
  readonly behaviour: string;
  /** Shared blocks (8 kB) that the attempt's plan read. */
  readonly buffers?: number;
}

export interface Verdict {
  readonly passed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  /** The message of the foreseen wrong answer that the attempt equals. */
  readonly message?: string;
  readonly outcomes: readonly Outcome[];
  /** What a passed exercise bought: "2942 → 44 buffers". */
  readonly bought?: string;
  /** Fingerprint of the file's text that was judged. */
  readonly text: string;
}

/** The behaviour of a whole attempt. */
export function behaviour(outcomes: readonly Outcome[]): string {
  return outcomes.map((outcome) => outcome.behaviour).join('\n');
}

/** Each expectation weighs the same; partial credit is rounded down, so that only a pass gives all points. */
export function pointsFor(outcomes: readonly Outcome[], maxPoints: number): number {
  const passed = outcomes.filter((outcome) => outcome.passed).length;
  return Math.floor((maxPoints * passed) / outcomes.length);
}
