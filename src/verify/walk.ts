/** A lesson from top to bottom in one database, as a student goes through it. */
import type { Exercise, Lesson, RunBlock } from '../course/lesson';
import { isIn, versionsText } from '../course/output';
import type { Database } from '../database/engine';
import { CancelledError, UserError } from '../shared/errors';
import { SqlError } from '../sql/session';
import { applyText, judge, lineOf } from './attempt';
import {
  rightFinding,
  SOLUTION_PASSES,
  STARTER_FAILS,
  starterFinding,
  type Finding,
  type References,
} from './exercise';
import { outputDifference, runExample } from './output';
import type { Proof } from './proof';
import { bounded } from './session';
import { exerciseSubject, fenceLine, outputSubject } from './subject';
import { BrokenDataset, scratch, type Source } from './throwaway';

interface Walk {
  readonly lesson: Lesson;
  /** Whether it is to be proven; what stands before it is run all the same. */
  readonly isWanted: (id: string) => boolean;
  readonly references: References;
  /** Exercises that failed where they stand alone: that says it, once. */
  readonly failed: ReadonlySet<string>;
}

/**
 * Runs every example and the starter and the solution of every exercise, and proves what examples print and that
 * no exercise is solved, or made impossible, by what came before it.
 * @throws {BrokenDataset}
 */
export async function* walkLesson(source: Source, walk: Walk): AsyncGenerator<Proof> {
  const { lesson, isWanted } = walk;
  const items = [...lesson.runBlocks, ...lesson.exercises].sort((a, b) => a.line - b.line);
  const last = items.findLastIndex((item) => isWanted(item.id));
  if (last === -1) return;
  const database = await scratch(source);
  try {
    for (const item of items.slice(0, last + 1)) {
      if (!('expect' in item)) yield* example(source, database, lesson, item, isWanted(item.id));
      else if (isWanted(item.id) && item !== items[0] && !walk.failed.has(item.id))
        yield* inOrder(source, database, walk, item);
      else await solve(source, database, item);
    }
  } finally {
    await database.close();
  }
}

/** Whether there is anything that `verifyExercise` does not prove. */
export function isWorthWalking(lesson: Lesson, isWanted: (id: string) => boolean): boolean {
  const items = [...lesson.runBlocks, ...lesson.exercises].sort((a, b) => a.line - b.line);
  return items.some((item, index) => isWanted(item.id) && ('text' in item || index > 0));
}

async function* example(
  { signal }: Source,
  database: Database,
  lesson: Lesson,
  block: RunBlock,
  isProven: boolean,
): AsyncGenerator<Proof> {
  const started = performance.now();
  const session = bounded(database.session, signal);
  const { output } = block;
  let finding: Finding;
  let skipped: string | undefined;
  try {
    const ran = await runExample(session, block.text);
    if (output?.on && !isIn(output.on, database.serverVersion)) {
      // an error may be what it prints there
      const isMeant = !ran.error || /^ERROR:/m.test(output.text);
      skipped = `It is what PostgreSQL ${versionsText(output.on)} prints; this is ${Math.floor(database.serverVersion / 10_000)}.`;
      finding = isMeant ? {} : unexpected(block, ran.error);
    } else if (output) {
      const difference = await outputDifference(session, block, output, ran);
      finding = difference ? { message: 'It prints something else.', ...difference } : {};
    } else finding = ran.error instanceof SqlError ? unexpected(block, ran.error) : {};
  } catch (error) {
    if (error instanceof CancelledError || !(error instanceof UserError || error instanceof SqlError)) throw error;
    finding = { message: error.message };
  }
  // That an example without an output runs is no news.
  if (!isProven || (!output && finding.message === undefined)) return;
  yield {
    subject: outputSubject(lesson, block),
    name: output ? 'prints its output' : 'the example runs',
    line: fenceLine(output ?? block),
    status: finding.message !== undefined ? 'failed' : skipped === undefined ? 'passed' : 'skipped',
    ...(skipped !== undefined && { message: skipped }),
    ...finding,
    durationMs: performance.now() - started,
  };
}

function unexpected(block: RunBlock, error: SqlError): Finding {
  const line = lineOf(block, error);
  return {
    line,
    message: `The example fails: ${error.message} If that is meant, print it in a \`\`\`text output block below it.`,
  };
}

async function* inOrder(source: Source, database: Database, walk: Walk, exercise: Exercise): AsyncGenerator<Proof> {
  const { signal } = source;
  const reference = await walk.references(exercise).catch((error: unknown) => {
    if (error instanceof CancelledError || error instanceof BrokenDataset) throw error;
    return undefined;
  });
  // It does not stand alone either, which is said there.
  if (!reference) return solve(source, database, exercise);
  await idle(source, database);
  const { starter, solution } = exercise;
  const proof = (name: string, line: number, finding: Finding, started: number): Proof => ({
    subject: exerciseSubject(walk.lesson, exercise),
    name: `in the lesson’s order, ${name}`,
    line,
    status: finding.message === undefined ? 'passed' : 'failed',
    ...finding,
    ...(finding.message !== undefined && { message: `After what stands above it: ${finding.message}` }),
    durationMs: performance.now() - started,
  });
  let started = performance.now();
  const start = starterFinding(await judge(database, exercise, starter.text, reference, signal));
  yield proof(STARTER_FAILS, fenceLine(starter), start, started);
  await idle(source, database);
  started = performance.now();
  const judged = await judge(database, exercise, solution.text, reference, signal);
  yield proof(SOLUTION_PASSES, fenceLine(solution), rightFinding('The solution', solution, judged), started);
  await idle(source, database);
}

async function solve(source: Source, database: Database, exercise: Exercise): Promise<void> {
  await idle(source, database);
  for (const { text } of [exercise.starter, exercise.solution]) {
    try {
      await applyText(database, text, source.signal);
    } catch (error) {
      // proven where it stands alone
      if (error instanceof CancelledError || !(error instanceof UserError)) throw error;
    }
    await idle(source, database);
  }
}

/** An example may leave a transaction open; nobody checks an exercise in one. */
async function idle({ signal }: Source, { session }: Database): Promise<void> {
  if (session.transaction !== 'idle') await bounded(session, signal).run('ROLLBACK');
}
