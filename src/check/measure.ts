import type { Exercise } from '../course/lesson';
import { rolledBack } from '../sql/rolledBack';
import { SqlError, type Session } from '../sql/session';
import { mayWrite, statements } from '../sql/statements';
import { readAttempt } from './attempt';
import { behaviourOf } from './check';
import { evaluate } from './evaluate';
import type { Behaviour } from './foreseen';
import { subjectSettings, subjectsOf } from './integrity/compare';
import {
  asksDatabase,
  asOutcomes,
  dependsOnData,
  inspectFurther,
  judgedQuery,
  measureQuery,
} from './integrity/integrity';
import type { Fact } from './integrity/fact';
import { findingsOf } from './integrity/findings';
import { readInventory } from './integrity/inventory';
import { changedTables, readData, type DataReference } from './kinds/data';
import { pin, readSettings } from './pinned';
import type { Reference } from './reference';
import type { Outcome } from './verdict';

/** A throwaway database with the lesson's data as at the start. */
export interface PristineDatabase {
  readonly session: Session;
  /** SQL of the data set's hidden variant, where it has one. */
  readonly variant?: string | undefined;
  close(): Promise<void>;
}

/**
 * Measures an exercise's reference. Each text is tried inside a transaction that is rolled back; one that
 * holds a statement that refuses a transaction block runs for real, and the database is renewed after it.
 * @param open makes one; it is closed here
 * @throws {SqlError} when the solution or a wrong answer does not run: the author's mistake
 */
export async function measureReference(exercise: Exercise, open: () => Promise<PristineDatabase>): Promise<Reference> {
  if (!asksDatabase(exercise)) return measureTicks(exercise);
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

  async get(): Promise<PristineDatabase> {
    this.database ??= await this.open();
    return this.database;
  }

  async renew(): Promise<void> {
    const { database } = this;
    this.database = undefined;
    await database?.close();
  }
}

const NO_DATA: DataReference = {
  tables: [],
  markers: { tables: {}, since: '', checkpoint: '', settled: false, superuser: false, identity: '' },
};

const UNMEASURED: Omit<Reference, 'data'> = {
  start: [],
  solution: [],
  wrong: [],
  starter: { groups: [], passed: [] },
  met: [],
  dataSubjects: [],
  inventory: { start: [], subjects: [] },
  measured: { start: [], solution: [] },
  kept: { start: [], solution: [] },
};

async function measure(exercise: Exercise, pristine: Pristine): Promise<Reference> {
  const { session, variant } = await pristine.get();
  const needsData = dependsOnData(exercise);
  const before = await tried(session, async () => ({
    data: needsData ? await readData(session) : NO_DATA,
    facts: (await readInventory(session)).facts,
    settings: await readSettings(session),
  }));
  const bare: Reference = {
    ...UNMEASURED,
    data: before.data,
    inventory: { start: before.facts, subjects: [] },
    settings: before.settings,
    ...(variant !== undefined && { variant }),
  };

  const start = await attempt(exercise, exercise.starter.text, pristine, bare, 'starter');
  const begun: Reference = {
    ...bare,
    start: start.buffers,
    measured: { start: start.measured, solution: [] },
    kept: { start: start.kept, solution: [] },
  };
  const solution = await attempt(exercise, exercise.solution.text, pristine, begun, 'solution');
  const known: Reference = {
    ...begun,
    solution: solution.buffers,
    measured: { start: start.measured, solution: solution.measured },
    kept: { start: start.kept, solution: solution.kept },
    dataSubjects: solution.changedTables,
    inventory: { start: before.facts, subjects: subjectsOf(before.facts, solution.facts) },
    ...(solution.query && { query: solution.query }),
  };

  const wrong: Behaviour[] = [];
  for (const answer of exercise.wrong)
    wrong.push((await attempt(exercise, answer.text, pristine, known, 'wrong')).behaviour);
  // once more: now that the solution is known, the starter meets what it will not meet in a check
  const starter = await attempt(exercise, exercise.starter.text, pristine, known, 'starter');
  return { ...known, wrong, starter: starter.behaviour, met: starter.met };
}

/** Of an exercise that asks no database: none is made. */
async function measureTicks(exercise: Exercise): Promise<Reference> {
  const nowhere: Session = {
    run: () => Promise.reject(new Error('This exercise asks no database.')),
    transaction: 'idle',
  };
  const bare: Reference = { ...UNMEASURED, data: NO_DATA };
  const of = (text: string): Promise<Outcome[][]> => evaluate(nowhere, exercise, readAttempt(text), bare);
  const starter = await of(exercise.starter.text);
  const wrong: Behaviour[] = [];
  for (const answer of exercise.wrong) wrong.push(behaviourOf(await of(answer.text), []));
  return { ...bare, wrong, starter: behaviourOf(starter, []), met: metBy(starter) };
}

function metBy(groups: readonly (readonly Outcome[])[]): Reference['met'] {
  return groups.map((group) => group.map(({ passed }) => passed));
}

/** Inside a transaction that is rolled back, under the check's settings. */
function tried<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return rolledBack(session, async () => {
    await pin(session);
    return work();
  });
}

type Role = 'starter' | 'solution' | 'wrong';

interface Measured {
  readonly buffers: readonly (number | null)[];
  readonly measured: Reference['measured']['start'];
  readonly kept: readonly unknown[];
  readonly met: Reference['met'];
  readonly behaviour: Behaviour;
  readonly facts: readonly Fact[];
  /** Of the solution only. */
  readonly changedTables: readonly string[];
  readonly query?: Reference['query'];
}

async function attempt(
  exercise: Exercise,
  text: string,
  pristine: Pristine,
  known: Reference,
  role: Role,
): Promise<Measured> {
  const { session } = await pristine.get();
  const judge = (): Promise<Measured> => judged(session, exercise, text, known, role);
  /** A starter may be unfinished, so an error in it is no mistake. */
  const tolerate = (error: unknown): void => {
    if (!(role === 'starter' && error instanceof SqlError)) throw error;
  };

  if (!statements(text).some((statement) => TRANSACTION_CONTROL.has(statement.keyword))) {
    const result = await tried(session, async () => {
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
  const result = await tried(session, judge);
  await pristine.renew();
  return result;
}

/** Runs inside `tried`, after the text was applied. */
async function judged(
  session: Session,
  exercise: Exercise,
  text: string,
  known: Reference,
  role: Role,
): Promise<Measured> {
  const read = await readInventory(session, known.inventory.start);
  const { facts, ownFunctions } = read;
  const inventory =
    role === 'solution'
      ? { start: known.inventory.start, subjects: subjectsOf(known.inventory.start, facts) }
      : known.inventory;
  // what the text SET is its session's; a check has one of its own
  await pin(session, { subject: subjectSettings(inventory), settings: known.settings });
  const attempted = readAttempt(text);
  const wrote = writes(text);
  // what this transaction wrote is not counted before its end: every row is looked at
  const data = wrote ? { ...known.data, markers: NO_DATA.markers } : known.data;
  const groups = await evaluate(session, exercise, attempted, { ...known, inventory, data });
  // the author's own texts are looked at as a student's is; only the solution's finds nothing by definition
  const integrity =
    role === 'solution'
      ? []
      : asOutcomes(
          await inspectFurther(
            session,
            exercise,
            attempted,
            { ...known, data: wrote ? data : NO_DATA },
            { findings: findingsOf(inventory, facts), ownFunctions },
            groups,
          ),
        );
  const first = <T>(pick: (outcome: Outcome) => T | undefined, none: T): T[] =>
    groups.map((group) => group.map(pick).find((value) => value !== undefined) ?? none);
  return {
    buffers: first<number | null>((outcome) => outcome.buffers, null),
    measured: groups.map(
      (group) => Object.assign({}, ...group.map((outcome) => outcome.measured ?? {})) as Record<string, number>,
    ),
    kept: first<unknown>((outcome) => outcome.keep, null),
    met: metBy(groups),
    behaviour: behaviourOf(groups, integrity),
    facts,
    changedTables: role === 'solution' && wrote ? await changedTables(session, known.data) : [],
    ...(role === 'solution' &&
      judgedQuery(exercise) && { query: await measureQuery(session, exercise, read, known.inventory.start) }),
  };
}

/** Indexes and statistics leave rows alone. */
function writes(text: string): boolean {
  return statements(text).some(
    (statement) =>
      mayWrite(statement) &&
      !/^(?:CREATE\s+(?:UNIQUE\s+)?INDEX|CREATE\s+STATISTICS|ANALYZE|VACUUM|SET|RESET|COMMENT)\b/i.test(statement.text),
  );
}

/** SQLSTATE active_sql_transaction: the statement cannot run inside a transaction block. */
const ACTIVE_TRANSACTION = '25001';

const TRANSACTION_CONTROL = new Set(['BEGIN', 'START', 'COMMIT', 'END', 'ROLLBACK', 'ABORT']);

/** Runs a text's statements one by one. */
export async function apply(session: Session, text: string): Promise<void> {
  for (const statement of statements(text)) await session.run(statement.text, { maxRows: 1 });
}
