import type { Course, Lesson } from '../course/lesson';
import { readDataset, type CourseFiles } from '../course/load';
import type { Database, Engine } from '../database/engine';
import { CancelledError } from '../shared/errors';
import type { Session } from '../sql/session';
import { referencesFrom, SOLUTION_PASSES, STARTER_FAILS, verifyExercise, type References } from './exercise';
import { unmetNeed } from './needs';
import type { Proof, Subject } from './proof';
import { exerciseSubject, outputSubject } from './subject';
import { BrokenDataset, scratch, type Source } from './throwaway';
import { isWorthWalking, walkLesson } from './walk';

export interface VerifyOptions {
  readonly engine: Engine;
  readonly course: Course;
  readonly lesson: Lesson;
  readonly files: CourseFiles;
  /** An exercise's id, or an example's `run-N`. */
  readonly only?: string;
  readonly signal?: AbortSignal;
}

/** A piece of work of its own: pieces may be done at the same time, given an engine that can. */
export interface Piece {
  readonly name: string;
  /** @throws {UserError} the engine gives no database @throws {CancelledError} */
  proofs(): AsyncGenerator<Proof>;
}

/**
 * Proves a lesson: for each exercise alone that the starter fails, the solution and each alternative pass, and each
 * wrong answer gets its message; then, in one go from top to bottom, what examples print and each exercise again.
 * All in throwaway databases. What is wrong with the lesson is a proof that failed; the rest is thrown.
 * @throws {UserError} the engine gives no database
 * @throws {CancelledError}
 */
export async function* verifyLesson(options: VerifyOptions): AsyncGenerator<Proof> {
  for (const piece of pieces(options)) yield* piece.proofs();
}

/** The same in pieces, in the order in which they are best begun. */
export function pieces({ engine, course, lesson, files, only, signal }: VerifyOptions): Piece[] {
  const isWanted = (id: string): boolean => only === undefined || only === id;
  const failed = new Set<string>();
  const prepared = lazily(() => prepare(engine, course, lesson, files, signal));
  const exercises = lesson.exercises.filter((exercise) => isWanted(exercise.id));

  /** With what stops a lesson as a whole said of each of its parts. */
  const guarded = (
    subjects: readonly Subject[],
    work: (source: Source, references: References) => AsyncGenerator<Proof>,
  ) =>
    async function* (): AsyncGenerator<Proof> {
      if (signal?.aborted) throw new CancelledError();
      try {
        const { source, references, unmet } = await prepared();
        if (unmet === undefined) yield* work(source, references);
        else for (const subject of subjects) yield whole(subject, 'what the lesson needs', 'skipped', unmet);
      } catch (error) {
        if (!(error instanceof BrokenDataset)) throw error;
        for (const subject of subjects) yield whole(subject, 'the data set loads', 'failed', error.message);
      }
    };

  const found: Piece[] = exercises.map((exercise) => ({
    name: `${lesson.id}/${exercise.id}`,
    proofs: guarded([exerciseSubject(lesson, exercise)], async function* (source, references) {
      for await (const proof of verifyExercise(source, lesson, exercise, references)) {
        if (proof.status === 'failed' && FIRST.has(proof.name)) failed.add(exercise.id);
        yield proof;
      }
    }),
  }));
  if (isWorthWalking(lesson, isWanted)) {
    const outputs = lesson.runBlocks.filter((block) => block.output && isWanted(block.id));
    found.push({
      name: `${lesson.id}, from top to bottom`,
      proofs: guarded(
        outputs.map((block) => outputSubject(lesson, block)),
        (source, references) => walkLesson(source, { lesson, isWanted, references, failed }),
      ),
    });
  }
  return found;
}

const FIRST: ReadonlySet<string> = new Set([STARTER_FAILS, SOLUTION_PASSES]);

interface Prepared {
  readonly source: Source;
  readonly references: References;
  readonly unmet: string | undefined;
}

/** @throws {BrokenDataset} */
async function prepare(
  engine: Engine,
  course: Course,
  lesson: Lesson,
  files: CourseFiles,
  signal: AbortSignal | undefined,
): Promise<Prepared> {
  const dataset = await readDataset(files, lesson).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BrokenDataset(`The data set “${lesson.dataset}” cannot be read: ${why}`, { cause });
  });
  const spec = { course: course.id, lesson: lesson.id, dataset };
  const source: Source = { engine, spec, variant: dataset?.variant, signal };
  let database: Database | undefined;
  try {
    const open = async (): Promise<Session> => (database = await scratch(source)).session;
    return { source, references: referencesFrom(source), unmet: await unmetNeed(lesson.needs, engine, open) };
  } finally {
    await database?.close();
  }
}

function whole(subject: Subject, name: string, status: 'failed' | 'skipped', message: string): Proof {
  return { subject, name, line: subject.line, status, message, durationMs: 0 };
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
