import path from 'node:path';
import { checkExercise } from '../check/check';
import { apply, measureReference } from '../check/measure';
import type { Reference } from '../check/reference';
import type { Verdict } from '../check/verdict';
import { lessonsOf, type Exercise, type Lesson } from '../course/lesson';
import { loadCourse, readDataset } from '../course/load';
import type { Database, Engine, LessonDatabaseSpec } from '../database/engine';
import { UserError } from '../shared/errors';
import { SqlError } from '../sql/session';
import { mayWrite, statements } from '../sql/statements';
import { courseFiles } from './files';

export interface Counts {
  passed: number;
  failed: number;
}

/**
 * Does with every exercise what a student would: the text is run statement by statement in the lesson's
 * database, then checked. Before each text that may write, the database is made anew.
 * @param root a folder with a course.yaml
 */
export async function verify(
  root: string,
  engine: Engine,
  only: string | undefined,
  print: (line: string) => void,
): Promise<Counts> {
  const files = courseFiles(root);
  const { course, problems } = await loadCourse(files).catch((error: unknown) => {
    throw new UserError(`${root} has no readable course.yaml.`, 'Name the folder of a course.', { cause: error });
  });
  const counts: Counts = { passed: 0, failed: 0 };
  for (const problem of problems)
    print(
      `${path.join(root, problem.path)}:${problem.range.startLine + 1}:${problem.range.startCharacter + 1} ${problem.severity}: ${problem.message}`,
    );
  counts.failed += problems.filter((problem) => problem.severity === 'error').length;
  if (!course) return counts;

  print(`${course.title}, ${engine.label}`);
  for (const lesson of lessonsOf(course)) {
    const exercises = lesson.exercises.filter((exercise) => only === undefined || exercise.id === only);
    if (exercises.length === 0) continue;
    const spec: LessonDatabaseSpec = {
      course: course.id,
      lesson: lesson.id,
      dataset: await readDataset(files, lesson),
    };
    const run = new LessonRun(engine, spec);
    try {
      for (const exercise of exercises) {
        for (const { name, wrong } of await run.exercise(exercise)) {
          print(
            `  ${wrong === undefined ? '✓' : '✗'} ${lesson.id}/${exercise.id}: ${name}${wrong === undefined ? '' : `\n      ${place(root, lesson, exercise)}: ${wrong}`}`,
          );
          if (wrong === undefined) counts.passed++;
          else counts.failed++;
        }
      }
    } finally {
      await engine.reset(spec);
    }
  }
  return counts;
}

interface Finding {
  readonly name: string;
  /** What is wrong; undefined when it is as it should be. */
  readonly wrong: string | undefined;
}

class LessonRun {
  private dirty = true;

  constructor(
    private readonly engine: Engine,
    private readonly spec: LessonDatabaseSpec,
  ) {}

  async exercise(exercise: Exercise): Promise<Finding[]> {
    let reference: Reference;
    try {
      reference = await measureReference(exercise, () => this.engine.scratch(this.spec));
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      return [{ name: 'reference', wrong: `the solution or a wrong answer does not run: ${error.message}` }];
    }
    const findings: Finding[] = [
      await this.attempt(exercise, 'the starter fails', exercise.starter.text, reference, (verdict) =>
        verdict.passed ? 'the starter passes already' : undefined,
      ),
      await this.attempt(exercise, 'the solution passes', exercise.solution.text, reference, (verdict) =>
        verdict.passed ? undefined : `the solution fails: ${said(verdict)}`,
      ),
    ];
    for (const wrong of exercise.wrong) {
      findings.push(
        await this.attempt(exercise, `“${wrong.message}”`, wrong.text, reference, (verdict) => {
          if (verdict.passed) return 'this wrong answer passes';
          return verdict.message === wrong.message
            ? undefined
            : `this wrong answer gets another message: ${verdict.message ?? said(verdict)}`;
        }),
      );
    }
    return findings;
  }

  private async attempt(
    exercise: Exercise,
    name: string,
    text: string,
    reference: Reference,
    judge: (verdict: Verdict) => string | undefined,
  ): Promise<Finding> {
    const database = await this.open(text);
    try {
      await apply(database.session, text);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      if (database.session.transaction !== 'idle') await database.session.run('ROLLBACK');
    }
    try {
      const verdict = await database.fresh((session) => checkExercise(session, exercise, text, reference));
      return { name, wrong: judge(verdict) };
    } catch (error) {
      if (error instanceof SqlError || error instanceof UserError)
        return { name, wrong: `the check could not be made: ${error.message}` };
      throw error;
    }
  }

  /** The lesson's database, as at the start unless nothing can have changed it. */
  private async open(text: string): Promise<Database> {
    if (this.dirty) await this.engine.reset(this.spec);
    this.dirty = statements(text).some(mayWrite);
    return this.engine.open(this.spec);
  }
}

function said(verdict: Verdict): string {
  return verdict.outcomes
    .filter((outcome) => !outcome.passed)
    .map((outcome) => outcome.message)
    .join(' ');
}

function place(root: string, lesson: Lesson, exercise: Exercise): string {
  return `${path.join(root, lesson.path)}:${exercise.line + 1}`;
}
