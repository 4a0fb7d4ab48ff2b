import type { Exercise } from '../course/lesson';
import { SqlError, type Session } from '../sql/session';
import { statements } from '../sql/statements';
import { readAttempt } from './attempt';
import { evaluate } from './evaluate';
import { readData } from './kinds/data';
import { pinned } from './pinned';
import type { Reference } from './reference';
import { behaviour } from './verdict';

/** A throwaway database with the lesson's data as at the start. */
export interface PristineDatabase {
  readonly session: Session;
  close(): Promise<void>;
}

/**
 * Measures an exercise's reference. Each text is tried inside a transaction that is rolled back; one that
 * holds a statement that refuses a transaction block runs for real, and the database is renewed after it.
 * @param open makes one; it is closed here
 * @throws {SqlError} when the solution or a wrong answer does not run: the author's mistake
 */
export async function measureReference(exercise: Exercise, open: () => Promise<PristineDatabase>): Promise<Reference> {
  const pristine = new Pristine(open);
  try {
    return await measure(exercise, pristine);
  } finally {
    await pristine.renew();
  }
}

/** Opens the database when it is needed, and again when a statement that cannot be rolled back has changed it. */
class Pristine {
  private database: PristineDatabase | undefined;

  constructor(private readonly open: () => Promise<PristineDatabase>) {}

  async session(): Promise<Session> {
    this.database ??= await this.open();
    return this.database.session;
  }

  async renew(): Promise<void> {
    const { database } = this;
    this.database = undefined;
    await database?.close();
  }
}

async function measure(exercise: Exercise, pristine: Pristine): Promise<Reference> {
  const session = await pristine.session();
  const data = exercise.expect.some((expectation) => 'data' in expectation)
    ? (await pinned(session, () => readData(session))).result
    : [];
  const bare: Reference = { start: [], solution: [], wrong: [], data };
  const start = await attempt(exercise, exercise.starter.text, pristine, bare, true);
  const solution = await attempt(exercise, exercise.solution.text, pristine, { ...bare, start: start.buffers }, false);
  const known: Reference = { ...bare, start: start.buffers, solution: solution.buffers };
  const wrong: string[] = [];
  for (const answer of exercise.wrong)
    wrong.push((await attempt(exercise, answer.text, pristine, known, false)).behaviour);
  return { ...known, wrong };
}

/** @param lenient a starter may be unfinished, so an error in it is no mistake */
async function attempt(
  exercise: Exercise,
  text: string,
  pristine: Pristine,
  known: Reference,
  lenient: boolean,
): Promise<Measured> {
  const session = await pristine.session();
  const attempted = readAttempt(text);
  const judge = async (): Promise<Measured> => {
    const groups = await evaluate(session, exercise, attempted, known);
    return {
      buffers: groups.map((group) => group.find((outcome) => outcome.buffers !== undefined)?.buffers ?? null),
      behaviour: behaviour(groups.flat()),
    };
  };
  const tolerate = (error: unknown): void => {
    if (!(lenient && error instanceof SqlError)) throw error;
  };

  if (!statements(text).some((statement) => TRANSACTION_CONTROL.has(statement.keyword))) {
    const { result } = await pinned(session, async () => {
      await session.run('SAVEPOINT pg_lessons_apply');
      try {
        await apply(session, text);
      } catch (error) {
        if (error instanceof SqlError && error.code === ACTIVE_TRANSACTION) return undefined;
        tolerate(error);
        await session.run('ROLLBACK TO SAVEPOINT pg_lessons_apply');
      }
      return judge();
    });
    if (result) return result;
  }

  await apply(session, text).catch(tolerate);
  const { result } = await pinned(session, judge);
  await pristine.renew();
  return result;
}

interface Measured {
  readonly buffers: (number | null)[];
  readonly behaviour: string;
}

/** SQLSTATE active_sql_transaction: the statement cannot run inside a transaction block. */
const ACTIVE_TRANSACTION = '25001';

const TRANSACTION_CONTROL = new Set(['BEGIN', 'START', 'COMMIT', 'END', 'ROLLBACK', 'ABORT']);

/** Runs a text's statements one by one. */
export async function apply(session: Session, text: string): Promise<void> {
  for (const statement of statements(text)) await session.run(statement.text, { maxRows: 1 });
}
