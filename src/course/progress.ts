import { lessonsOf, type Course, type Lesson } from './lesson';

/** How an exercise stands. Kept under ids, never under names or places. */
export interface ExerciseProgress {
  readonly status: 'started' | 'failed' | 'passed';
  /** Best points so far. */
  readonly points: number;
  /** ms since 1970 of the last change: the later of two records tells the status. */
  readonly at: number;
  /** ms since 1970 of the first pass. Once passed, an exercise counts as done. */
  readonly passedAt?: number;
  readonly attempts: number;
  /** Hints uncovered. */
  readonly hints: number;
  /** The solution was shown before the first pass. */
  readonly solutionShown?: boolean;
  /** "2942 → 44 buffers" of the best pass. */
  readonly bought?: string;
  /** When it was reset; records from before it do not come back. */
  readonly resetAt?: number;
}

/** Every exercise's progress, under `course/lesson/exercise`. */
export interface Progress {
  readonly version: 1;
  readonly exercises: Readonly<Record<string, ExerciseProgress>>;
  /** ms since 1970: everything up to then was cleared, also what another window still remembers. */
  readonly clearedAt?: number;
}

export const NO_PROGRESS: Progress = { version: 1, exercises: {} };

export interface ExerciseKey {
  readonly course: string;
  readonly lesson: string;
  readonly exercise: string;
}

export function progressKey({ course, lesson, exercise }: ExerciseKey): string {
  return `${course}/${lesson}/${exercise}`;
}

/** Progress as it was stored. Unknown or broken data is dropped, record by record. */
export function readProgress(stored: unknown): Progress {
  if (!isRecord(stored) || stored['version'] !== 1 || !isRecord(stored['exercises'])) return NO_PROGRESS;
  const exercises: Record<string, ExerciseProgress> = {};
  for (const [key, value] of Object.entries(stored['exercises'])) {
    if (
      isRecord(value) &&
      typeof value['at'] === 'number' &&
      typeof value['points'] === 'number' &&
      ['started', 'failed', 'passed'].includes(String(value['status']))
    ) {
      exercises[key] = { attempts: 0, hints: 0, ...value } as unknown as ExerciseProgress;
    }
  }
  return { version: 1, exercises, ...(typeof stored['clearedAt'] === 'number' && { clearedAt: stored['clearedAt'] }) };
}

/**
 * Two windows' progress in one: for each exercise the later record tells the status, and nothing that was
 * reached is lost. Commutative, so it does not matter which window writes last.
 */
export function mergeProgress(one: Progress, other: Progress): Progress {
  const clearedAt = Math.max(one.clearedAt ?? 0, other.clearedAt ?? 0);
  const exercises: Record<string, ExerciseProgress> = {};
  for (const [key, record] of [...Object.entries(one.exercises), ...Object.entries(other.exercises)]) {
    if (record.at <= clearedAt) continue;
    const known = exercises[key];
    exercises[key] = known ? mergeRecord(known, record) : record;
  }
  return { version: 1, exercises, ...(clearedAt > 0 && { clearedAt }) };
}

function mergeRecord(a: ExerciseProgress, b: ExerciseProgress): ExerciseProgress {
  const [earlier, later] = a.at < b.at || (a.at === b.at && JSON.stringify(a) < JSON.stringify(b)) ? [a, b] : [b, a];
  if (later.resetAt !== undefined && earlier.at <= later.resetAt) return later;
  const passes = [earlier.passedAt, later.passedAt].filter((at) => at !== undefined);
  const bought = later.bought ?? earlier.bought;
  return {
    ...later,
    points: Math.max(earlier.points, later.points),
    attempts: Math.max(earlier.attempts, later.attempts),
    hints: Math.max(earlier.hints, later.hints),
    ...(passes.length > 0 && { passedAt: Math.min(...passes) }),
    ...(bought !== undefined && { bought }),
    ...((earlier.solutionShown ?? later.solutionShown) && { solutionShown: true }),
  };
}

export interface Tally {
  readonly passed: number;
  readonly total: number;
}

export function isPassed(record: ExerciseProgress | undefined): boolean {
  return record?.passedAt !== undefined;
}

export function lessonTally(progress: Progress, course: string, lesson: Lesson): Tally {
  // the outline: a tree of a thousand lessons counts without parsing them
  const passed = lesson.outline.filter(({ id }) =>
    isPassed(progress.exercises[progressKey({ course, lesson: lesson.id, exercise: id })]),
  );
  return { passed: passed.length, total: lesson.outline.length };
}

export function tally(progress: Progress, course: Course, lessons: readonly Lesson[] = lessonsOf(course)): Tally {
  return lessons
    .map((lesson) => lessonTally(progress, course.id, lesson))
    .reduce((sum, each) => ({ passed: sum.passed + each.passed, total: sum.total + each.total }), {
      passed: 0,
      total: 0,
    });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
