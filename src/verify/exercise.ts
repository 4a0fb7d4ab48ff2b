/** An exercise alone, each of its texts on data as at the start. */
import { measureReference } from '../check/measure';
import type { Reference } from '../check/reference';
import type { Verdict } from '../check/verdict';
import type { Code, Exercise, Lesson, WrongAnswer } from '../course/lesson';
import { problem } from '../course/lint/rules';
import type { Problem } from '../course/problem';
import type { Expectation } from '../course/schema';
import { SqlError } from '../sql/session';
import { differenceOf, judge, lineOf, applyText, reasonOf, saidOf, type Judged } from './attempt';
import { expectationRanges } from './expectations';
import type { Proof } from './proof';
import { bounded } from './session';
import { exerciseSubject, fenceLine } from './subject';
import { BrokenDataset, scratch, Throwaway, type Source } from './throwaway';

/** A proof's findings; no message: it is as it should be. */
export type Finding = Pick<Proof, 'message' | 'expected' | 'seen' | 'problems'> & { readonly line?: number };

/** What each exercise must prove for the walk through the lesson to say anything more. */
export const STARTER_FAILS = 'the starter fails';
export const SOLUTION_PASSES = 'the solution passes';

/** Measures each exercise's once. @throws {SqlError} a text, or a query of an expectation, does not run */
export type References = (exercise: Exercise) => Promise<Reference>;

/** @throws {BrokenDataset} */
export async function* verifyExercise(
  source: Source,
  lesson: Lesson,
  whole: Exercise,
  references: References,
): AsyncGenerator<Proof> {
  const subject = exerciseSubject(lesson, whole);
  const { signal } = source;
  let started = performance.now();
  const proof = (name: string, block: Code, { line, ...finding }: Finding): Proof => {
    const durationMs = performance.now() - started;
    started = performance.now();
    const status = finding.message === undefined ? 'passed' : 'failed';
    return { subject, name, line: line ?? fenceLine(block), status, ...finding, durationMs };
  };

  let exercise = whole;
  let reference: Reference | undefined;
  while (!reference) {
    try {
      reference = await references(exercise);
    } catch (error) {
      if (error instanceof BrokenDataset) throw error;
      // Cancelled, or the world is broken: thrown from there.
      const { name, block, finding } = await culprit(source, lesson, exercise, references, error);
      yield proof(name, block, finding);
      // The rest is proven without a wrong answer that does not run.
      const wrong = exercise.wrong.filter((each) => each !== block);
      if (wrong.length === exercise.wrong.length) return;
      exercise = { ...exercise, wrong };
    }
  }

  const database = new Throwaway(source);
  const [judged, known] = [exercise, reference];
  const attempt = async (text: string): Promise<Judged> => judge(await database.for(text), judged, text, known, signal);
  try {
    const { starter, solution } = exercise;
    const start = await attempt(starter.text);
    const problems = start.verdict?.passed === false ? metAtStart(lesson, exercise, reference) : [];
    yield proof(STARTER_FAILS, starter, { ...starterFinding(start), ...(problems.length > 0 && { problems }) });
    yield proof(SOLUTION_PASSES, solution, rightFinding('The solution', solution, await attempt(solution.text)));
    for (const alternative of exercise.alternatives)
      yield proof(
        `the alternative “${alternative.name}” passes`,
        alternative,
        rightFinding('This alternative', alternative, await attempt(alternative.text)),
      );
    for (const wrong of exercise.wrong)
      yield proof(
        `the wrong answer gets its message: “${wrong.message}”`,
        wrong,
        wrongFinding(exercise, wrong, await attempt(wrong.text)),
      );
  } finally {
    await database.close();
  }
}

export function referencesFrom(source: Source): References {
  const known = new Map<Exercise, Promise<Reference>>();
  return (exercise) => {
    let reference = known.get(exercise);
    if (!reference) {
      reference = measureReference(exercise, async () => {
        const database = await scratch(source);
        const session = bounded(database.session, source.signal);
        return { session, variant: source.variant, close: () => database.close() };
      });
      known.set(exercise, reference);
    }
    return reference;
  };
}

export function starterFinding({ verdict, ...judged }: Judged): Finding {
  if (!verdict) return 'reason' in judged ? { message: judged.reason } : {};
  if (!verdict.passed) return {};
  const said = verdict.outcomes.map((outcome) => outcome.message).join(' ');
  return { message: `The starter passes already, so nothing is left to do. ${said}` };
}

/** @param what "The solution" */
export function rightFinding(what: string, block: Code, judged: Judged): Finding {
  if (!judged.verdict) return { message: judged.reason };
  const { verdict, error } = judged;
  if (verdict.passed) return {};
  const stopped = error ? ` It stopped at an error in line ${lineOf(block, error) + 1}: ${error.message}` : '';
  return {
    message: `${what} fails: ${saidOf(verdict.outcomes)}${stopped}`,
    ...differenceOf(verdict.outcomes),
    ...(error && { line: lineOf(block, error) }),
  };
}

function wrongFinding(exercise: Exercise, wrong: WrongAnswer, judged: Judged): Finding {
  if (!judged.verdict) return { message: judged.reason };
  const { verdict } = judged;
  if (verdict.passed) return { message: 'This wrong answer passes.' };
  if (verdict.message === wrong.message) return {};
  return {
    message: `This wrong answer ${insteadOf(exercise, wrong, verdict)}`,
    expected: wrong.message,
    seen: verdict.message ?? saidOf(verdict.outcomes),
  };
}

/** "gets another message: …", and where that comes from. */
function insteadOf(exercise: Exercise, wrong: WrongAnswer, { message, outcomes }: Verdict): string {
  const said = saidOf(outcomes);
  if (message === undefined) return `gets no message of its own. The check says: ${said}`;
  const other = exercise.wrong.find((each) => each !== wrong && each.message === message);
  const whose = other ? `, that of line ${fenceLine(other) + 1}, for it behaves the same` : '';
  return `gets another message${whose}: “${message}” The check says: ${said}`;
}

/** Which of the texts, or of the expectations, does not run: measuring does not say. */
async function culprit(
  source: Source,
  lesson: Lesson,
  exercise: Exercise,
  references: References,
  error: unknown,
): Promise<{ name: string; block: Code; finding: Finding }> {
  const right = { name: 'the solution runs', what: 'The solution', block: exercise.solution };
  const wrong = exercise.wrong.map((block) => ({ name: 'the wrong answer runs', what: 'This wrong answer', block }));
  if (error instanceof SqlError) {
    for (const { name, what, block } of [right, ...wrong]) {
      const database = await scratch(source);
      try {
        const failed = await applyText(database, block.text, source.signal);
        if (!failed) continue;
        const line = lineOf(block, failed);
        return {
          name,
          block,
          finding: { line, message: `${what} does not run: ${failed.message}` },
        };
      } finally {
        await database.close();
      }
    }
  }
  const finding =
    error instanceof SqlError
      ? await brokenExpectation(lesson, exercise, references, error)
      : { line: exercise.line, message: reasonOf(error) };
  return { name: 'the expectations can be checked', block: exercise.solution, finding };
}

/** The one that does not run alone either. @param error what the server answered to all of them */
async function brokenExpectation(
  lesson: Lesson,
  exercise: Exercise,
  references: References,
  error: SqlError,
): Promise<Finding> {
  const ranges = expectationRanges(lesson.source, exercise);
  let found = { line: exercise.line, message: error.message };
  for (const [index, expectation] of exercise.expect.entries()) {
    try {
      await references({ ...exercise, wrong: [], expect: [expectation] });
    } catch (reason) {
      if (!(reason instanceof SqlError)) throw reason;
      found = { line: ranges[index]?.startLine ?? exercise.line, message: reason.message };
      break;
    }
  }
  return { ...found, message: `The query of an expectation does not run: ${found.message}` };
}

/** Expectations that the starter meets: they ask for nothing. */
function metAtStart(lesson: Lesson, exercise: Exercise, { met }: Reference): Problem[] {
  const ranges = expectationRanges(lesson.source, exercise);
  return exercise.expect.flatMap((expectation, index): Problem[] => {
    const [range, outcomes] = [ranges[index], met[index]];
    if (!range || !outcomes?.every((passed) => passed)) return [];
    if (isGuard(expectation, exercise.expect)) return [];
    const message =
      'The starter meets this expectation already, so it asks for nothing. Begin with something that does not meet it, remove it, or give it points: 0 if it is only to stay so.';
    return [problem('starter-meets', message, range)];
  });
}

/** Meant to hold all along: what says so, data that stay as they are, rows of a query that is to get cheaper, a limit. */
function isGuard(expectation: Expectation, all: readonly Expectation[]): boolean {
  if (expectation.points === 0 || 'data' in expectation) return true;
  if ('index' in expectation) return expectation.index['at-most'] !== undefined;
  return 'rows' in expectation && all.some((other) => 'plan' in other);
}
