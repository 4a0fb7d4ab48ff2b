import path from 'node:path';
import { checkExercise } from '../../src/check/check';
import { readAttempt } from '../../src/check/attempt';
import { apply, measureReference } from '../../src/check/measure';
import type { Reference } from '../../src/check/reference';
import { pin } from '../../src/check/pinned';
import { courseFiles } from '../../src/cli/files';
import { lessonsOf, type Exercise } from '../../src/course/lesson';
import { loadCourse, readDataset } from '../../src/course/load';
import { EmbeddedEngine } from '../../src/database/embedded';
import type { Database, Engine, LessonDatabaseSpec } from '../../src/database/engine';
import { resolveConnection, ServerEngine } from '../../src/database/server';
import { rolledBack } from '../../src/sql/rolledBack';
import type { RunOptions, Session } from '../../src/sql/session';
import { statements } from '../../src/sql/statements';
import { repoRoot, tempDir } from '../../scripts/vscode/paths.mjs';
import { sharedCluster, type Cluster } from '../support/cluster';
import { pgliteAssets } from '../support/pglite';
import type { Bench, Options } from './bench';
import { median, spread, time } from './figures';

/** What a check may take beyond its bare SQL: whichever is more. */
const MOST_PERCENT = 15;
const MOST_MS = 20;

const COURSE = path.join(repoRoot, 'lessons', 'postgres-optimization');

/** A statement of a check, as it was sent. */
interface Sent {
  readonly sql: string;
  readonly options: RunOptions | undefined;
  /** It loads the data set's hidden variant, or runs on it. */
  readonly hidden: boolean;
  /** A plan measured a second time, so that it is the same each time. */
  readonly again: boolean;
  readonly ms: number;
}

/** What a statement is for: the exercise's own SQL, what proves the data unchanged, or the check around them. */
type Part = 'own' | 'data' | 'around';

interface Figures {
  readonly engine: string;
  readonly exercise: string;
  /** Statements of one check. */
  readonly sent: Record<Part, number>;
  /** Milliseconds, one value a run. */
  readonly check: number[];
  readonly bare: number[];
  /** Of `check`: in the statements of each part, seen from the client. */
  readonly parts: Record<Part, number[]>;
}

/** A whole check against the same SQL without one. */
export const check: Bench = {
  name: 'check',
  title: 'a whole check of a solved exercise against its bare SQL, ms',
  async run(options) {
    const figures: Figures[] = [];
    const notes: string[] = [];
    await embedded(async (engine) => void figures.push(...(await measure(engine, options))));
    let cluster: Cluster | undefined;
    try {
      cluster = await sharedCluster();
    } catch (error) {
      notes.push(
        `No server was measured: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      );
    }
    if (cluster) {
      try {
        await onServer(cluster, async (engine) => void figures.push(...(await measure(engine, options))));
      } finally {
        await cluster.stop();
      }
    }
    return {
      columns: [
        'exercise',
        'engine',
        'statements',
        'check',
        'bare SQL',
        'overhead',
        'within',
        '%',
        'of it data',
        'around',
        'not in SQL',
      ],
      rows: figures.map((each) => {
        const [whole, bare] = [median(each.check), median(each.bare)];
        const { own, data, around } = each.parts;
        const rest = median(each.check.map((ms, run) => ms - (own[run] ?? 0) - (data[run] ?? 0) - (around[run] ?? 0)));
        const { sent } = each;
        return [
          each.exercise,
          each.engine,
          `${sent.own}+${sent.data}+${sent.around}`,
          spread(each.check),
          spread(each.bare),
          (whole - bare).toFixed(0),
          overheadOf(each).toFixed(0),
          `${((100 * overheadOf(each)) / median(each.bare)).toFixed(0)} %`,
          median(data).toFixed(0),
          median(around).toFixed(0),
          rest.toFixed(0),
        ];
      }),
      notes: [
        'Median (least–greatest) of a check, from the call of database.fresh to its verdict, and of the statements that are the exercise’s own,',
        'sent bare under the same planner settings to a session that is open already; one after the other in turn. Statements: own + data + around.',
        'Overhead is the difference of the medians; “within”, and the goals, the median of what one check took beside the exercise’s own statements in it,',
        'since a machine’s speed may change between a check and the bare SQL.',
        'In it are what proves the data unchanged, the statements around it all (transaction, settings,',
        'savepoints, catalog, integrity), and what is not in SQL: the fresh session, parsing of plans, comparing of rows.',
        ...notes,
      ],
      goals: figures.map((each) => {
        const bareMs = median(each.bare);
        const most = Math.max(MOST_MS, (MOST_PERCENT / 100) * bareMs);
        return {
          what: `${each.exercise}, ${each.engine}`,
          goal: `≤ ${most.toFixed(0)} ms`,
          seen: `${overheadOf(each).toFixed(0)} ms, ${((100 * overheadOf(each)) / bareMs).toFixed(0)} %`,
          met: overheadOf(each) <= most,
        };
      }),
      data: { exercises: figures },
    };
  },
};

/** Within one check, so that a machine whose speed changes does not come in: what it took beside its own SQL, in the median. */
function overheadOf({ check, parts }: Figures): number {
  return median(check.map((ms, run) => ms - (parts.own[run] ?? 0)));
}

async function embedded(work: (engine: Engine) => Promise<void>): Promise<void> {
  const temp = tempDir('pglb-');
  const engine = new EmbeddedEngine({
    assetsDir: await pgliteAssets(),
    storageDir: temp.dir,
    cacheDir: path.join(temp.dir, 'cache'),
  });
  try {
    await work(engine);
  } finally {
    await engine.dispose();
    temp.remove();
  }
}

async function onServer(
  { port, superuser: user, password }: Cluster,
  work: (engine: Engine) => Promise<void>,
): Promise<void> {
  const engine = new ServerEngine(
    await resolveConnection({ host: '127.0.0.1', port, user, password, database: 'postgres' }, {}),
  );
  try {
    await work(engine);
  } finally {
    await engine.dispose();
  }
}

async function measure(engine: Engine, { runs, progress }: Options): Promise<Figures[]> {
  const files = courseFiles(COURSE);
  const { course } = await loadCourse(files);
  if (!course) throw new Error(`${COURSE} has no course.`);
  const figures: Figures[] = [];
  for (const lesson of lessonsOf(course)) {
    const dataset = await readDataset(files, lesson);
    const spec: LessonDatabaseSpec = { course: course.id, lesson: lesson.id, dataset };
    for (const exercise of lesson.exercises) {
      progress(`${engine.kind}: ${exercise.id}`);
      const reference = await measureReference(exercise, async () => {
        const pristine = await engine.scratch(spec);
        return { session: pristine.session, variant: dataset?.variant, close: () => pristine.close() };
      });
      await engine.reset(spec);
      const database = await engine.open(spec);
      await apply(database.session, exercise.solution.text);
      figures.push(await compare(engine, database, exercise, reference, runs));
    }
    await engine.reset(spec);
  }
  return figures;
}

async function compare(
  engine: Engine,
  database: Database,
  exercise: Exercise,
  reference: Reference,
  runs: number,
): Promise<Figures> {
  const own = ownSql(exercise);
  const partOf = ({ sql, hidden, again }: Sent): Part =>
    hidden || (sql.startsWith('EXPLAIN (ANALYZE') && !again) || own.has(sql)
      ? 'own'
      : / FROM ONLY |pg_stat_get_tuples_inserted/.test(sql)
        ? 'data'
        : 'around';
  const whole = async (): Promise<{ sent: Sent[]; ms: number }> => {
    const sent: Sent[] = [];
    // what the last one left to do (on `embedded` the person's session is put back) is nobody's click
    await database.session.run('SELECT');
    const ms = await time(async () => {
      const verdict = await database.fresh((session) =>
        checkExercise(recording(session, sent), exercise, exercise.solution.text, reference),
      );
      if (!verdict.passed)
        throw new Error(
          `${exercise.id}: the solution fails on ${engine.kind}: ${verdict.outcomes.map(({ message }) => message).join(' ')}`,
        );
    });
    return { sent, ms };
  };
  // The first time warms caches, and says what the bare SQL is.
  const { sent } = await whole();
  const bareSql = sent.filter((each) => partOf(each) === 'own');
  if (bareSql.length === 0)
    throw new Error(`${exercise.id}: none of the check’s statements was recognised as the exercise’s own.`);
  const figures: Figures = {
    engine: engine.kind,
    exercise: exercise.id,
    sent: { own: 0, data: 0, around: 0 },
    check: [],
    bare: [],
    parts: { own: [], data: [], around: [] },
  };
  for (const each of sent) figures.sent[partOf(each)]++;
  for (let run = 0; run < runs; run++) {
    const checked = await whole();
    figures.check.push(checked.ms);
    for (const part of ['own', 'data', 'around'] as const) {
      figures.parts[part].push(
        checked.sent.filter((each) => partOf(each) === part).reduce((sum, { ms }) => sum + ms, 0),
      );
    }
    figures.bare.push(await bare(engine, database, bareSql));
  }
  return figures;
}

/** On a server the person's session, which stays; on `embedded`, where there is one backend, that one. Settings are not timed. */
async function bare(engine: Engine, database: Database, sql: readonly Sent[]): Promise<number> {
  const work = async (session: Session): Promise<number> => {
    await pin(session);
    return time(async () => {
      for (const { sql: text, options } of sql) await session.run(text, options);
    });
  };
  return engine.kind === 'server' ? rolledBack(database.session, () => work(database.session)) : database.fresh(work);
}

/** The queries that an exercise names itself. Explained ones begin with EXPLAIN. */
function ownSql(exercise: Exercise): Set<string> {
  const solution = readAttempt(exercise.solution.text).query;
  const named = exercise.expect.flatMap((expectation) => {
    if ('state' in expectation) return [expectation.state.query];
    if ('answer' in expectation) return [expectation.answer.query ?? ''];
    return [];
  });
  return new Set([
    ...(solution ? [solution.text] : []),
    ...named,
    ...named.flatMap((sql) => statements(sql).map(({ text }) => text)),
  ]);
}

function recording(session: Session, sent: Sent[]): Session {
  let hidden = false;
  return {
    get transaction() {
      return session.transaction;
    },
    async run(sql, options) {
      const start = performance.now();
      const before = sent.at(-1);
      const again = before?.sql === sql && String(before.options?.parameters) === String(options?.parameters);
      if (sql === 'SAVEPOINT pg_lessons_variant') hidden = true;
      try {
        return await session.run(sql, options);
      } finally {
        sent.push({ sql, options, hidden, again, ms: performance.now() - start });
        if (sql === 'ROLLBACK TO SAVEPOINT pg_lessons_variant') hidden = false;
      }
    },
  };
}
