import type { RowsDiff } from './kinds/rowsDiff';

/** What one expectation found. Data, not an exception: a wrong answer is no error. */
export interface Outcome {
  readonly passed: boolean;
  /** One sentence: what holds, or what does not. Never hidden parameters, never the solution. */
  readonly message: string;
  readonly expected?: string;
  readonly seen?: string;
  /** Where rows differ: a few of them. */
  readonly rows?: RowsDiff;
  /**
   * How the attempt behaved here, without numbers that vary: two attempts with the same behaviour get the
   * same text, so that a wrong answer that the author foresaw is recognised.
   */
  readonly behaviour: string;
  /** Only told: no expectation was met by it, and the check was not misled. */
  readonly note?: boolean;
  /** The table whose rows are not the data set's any more. */
  readonly table?: string;
  /** Tables that the plans of the student's query read, with their schema unless that is public. */
  readonly reads?: readonly string[];
  /** Shared blocks (8 kB) that the attempt's plan read. */
  readonly buffers?: number;
  /** Its share of the credit, beside the others'; default 1. 0: earns nothing, but must not be broken. */
  readonly points?: number;
  /** Other figures that the start's and the solution's are needed of, by name: what `Reference.measured` keeps. */
  readonly measured?: Readonly<Record<string, number>>;
  /** Anything of the start's or the solution's that `Reference.kept` keeps, such as the hidden variant's rows; JSON. */
  readonly keep?: unknown;
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

/** The behaviour of each expectation, in their order. */
export function behaviours(groups: readonly (readonly Outcome[])[]): string[] {
  return groups.map((group) => group.map((outcome) => outcome.behaviour).join('\n'));
}

/**
 * Partial credit, in three sentences: What is broken that earns nothing by itself (the data, the integrity) takes
 * all points. What the untouched starter met already earns nothing. Of the rest each outcome earns its share,
 * rounded down, so that only a pass gives all points.
 * @param met what the starter met: of each expectation, each of its outcomes
 */
export function pointsFor(
  groups: readonly (readonly Outcome[])[],
  maxPoints: number,
  met: readonly (readonly boolean[])[] = [],
): number {
  const outcomes = groups.flatMap((group, index) =>
    group.map(({ passed, points = 1 }, at) => ({ passed, points, earns: points > 0 && met[index]?.[at] !== true })),
  );
  if (outcomes.every(({ passed }) => passed)) return maxPoints;
  if (outcomes.some(({ passed, points }) => !passed && points === 0)) return 0;
  const earning = outcomes.filter(({ earns }) => earns);
  const share = (all: typeof outcomes): number => all.reduce((sum, { points }) => sum + points, 0);
  const whole = share(earning);
  if (whole === 0) return 0;
  // ten tenths are a little less than one
  const earned = Math.floor((maxPoints * share(earning.filter(({ passed }) => passed))) / whole + 1e-9);
  return Math.min(earned, maxPoints - 1);
}
