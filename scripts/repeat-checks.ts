// Every solution, alternative and wrong answer of the shipped course, checked again and again: the same verdict with
// the same buffers each time? A check leaves the database as it was, so each text is applied once.
//   node --import tsx scripts/repeat-checks.ts [--runs 200] [--burn 4] [--engine embedded|server|all] [--only ID] [--text PART]
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkExercise } from '../src/check/check';
import { apply, measureReference } from '../src/check/measure';
import type { Reference } from '../src/check/reference';
import type { Verdict } from '../src/check/verdict';
import { courseFiles } from '../src/cli/files';
import { lessonsOf, type Exercise } from '../src/course/lesson';
import { loadCourse, readDataset } from '../src/course/load';
import { EmbeddedEngine } from '../src/database/embedded';
import type { Engine, LessonDatabaseSpec } from '../src/database/engine';
import { resolveConnection, ServerEngine } from '../src/database/server';
import { startCluster } from '../test/support/cluster';
import { pgliteAssets } from '../test/support/pglite';
import { repoRoot, tempDir } from './vscode/paths.mjs';

const COURSE = path.join(repoRoot, 'lessons', 'postgres-optimization');

interface Options {
  readonly runs: number;
  readonly only: string | undefined;
  /** Of a text's name, or of its message. */
  readonly text: string | undefined;
}

interface Counts {
  texts: number;
  checks: number;
  /** Texts whose verdict was not always the same, or is not what the lesson says. */
  failed: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '200' },
      burn: { type: 'string', default: '0' },
      engine: { type: 'string', default: 'all' },
      only: { type: 'string' },
      text: { type: 'string' },
    },
  });
  if (!['embedded', 'server', 'all'].includes(values.engine)) throw new Error('--engine is embedded, server or all');
  const options: Options = { runs: number('runs', values.runs), only: values.only, text: values.text };
  const burners = Array.from({ length: number('burn', values.burn) }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  const stop = (): void => burners.forEach((burner) => burner.kill('SIGKILL'));
  process.once('exit', stop);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const counts: Counts = { texts: 0, checks: 0, failed: 0 };
  const start = performance.now();
  try {
    if (values.engine !== 'server') await embedded((engine) => repeat(engine, options, counts));
    if (values.engine !== 'embedded') await server((engine) => repeat(engine, options, counts));
  } finally {
    stop();
  }
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  console.log(
    `${counts.texts} texts, ${counts.checks} checks beside ${burners.length} burning processes in ${minutes} min: ${
      counts.failed === 0 ? 'each text always the same verdict' : `${counts.failed} texts FAILED`
    }`,
  );
  process.exitCode = counts.failed === 0 && counts.texts > 0 ? 0 : 1;
}

async function repeat(engine: Engine, { runs, only, text: part }: Options, counts: Counts): Promise<void> {
  const files = courseFiles(COURSE);
  const { course } = await loadCourse(files);
  if (!course) throw new Error(`${COURSE} has no course.`);
  for (const lesson of lessonsOf(course)) {
    const dataset = await readDataset(files, lesson);
    const spec: LessonDatabaseSpec = {
      course: course.id,
      lesson: lesson.id,
      dataset,
    };
    for (const exercise of lesson.exercises) {
      if (only !== undefined && exercise.id !== only) continue;
      const reference = await measureReference(exercise, async () => {
        const pristine = await engine.scratch(spec);
        return { session: pristine.session, variant: dataset?.variant, close: () => pristine.close() };
      });
      const texts = [
        { name: 'solution', text: exercise.solution.text, message: undefined },
        ...exercise.alternatives.map(({ name, text }) => ({ name, text, message: undefined })),
        ...exercise.wrong.map(({ text, message }) => ({ name: `“${message}”`, text, message })),
      ];
      for (const { name, text, message } of texts) {
        if (part !== undefined && !name.includes(part)) continue;
        const { verdicts, ms } = await judged(engine, spec, exercise, text, reference, runs);
        const first = [...verdicts.keys()][0] ?? '{}';
        const { passed, message: said } = JSON.parse(first) as Partial<Verdict>;
        const right = message === undefined ? passed === true : passed === false && said === message;
        const failed = verdicts.size > 1 || !right;
        counts.texts++;
        counts.checks += runs;
        if (failed) counts.failed++;
        console.log(
          `${failed ? '✗' : '✓'} ${engine.kind} ${exercise.id} ${name.slice(0, 60)}: ${verdicts.size} verdict${verdicts.size === 1 ? '' : 's'} in ${runs} runs of ${(ms / runs).toFixed(0)} ms${right ? '' : ', not the one of the lesson'}`,
        );
        if (verdicts.size > 1) for (const [verdict, times] of verdicts) console.log(`    ${times} × ${verdict}`);
      }
    }
    await engine.reset(spec);
  }
}

/** How often each verdict came, over a database that is made once for the text. */
async function judged(
  engine: Engine,
  spec: LessonDatabaseSpec,
  exercise: Exercise,
  text: string,
  reference: Reference,
  runs: number,
): Promise<{ verdicts: Map<string, number>; ms: number }> {
  await engine.reset(spec);
  const database = await engine.open(spec);
  await apply(database.session, text);
  const verdicts = new Map<string, number>();
  const start = performance.now();
  for (let run = 0; run < runs; run++) {
    const verdict = await database.fresh((session) => checkExercise(session, exercise, text, reference));
    const { passed, points, message, outcomes } = verdict;
    const key = JSON.stringify({
      passed,
      points,
      message,
      outcomes: outcomes.map(({ passed, behaviour, buffers }) => [passed, behaviour, buffers]),
    });
    verdicts.set(key, (verdicts.get(key) ?? 0) + 1);
  }
  return { verdicts, ms: performance.now() - start };
}

async function embedded(work: (engine: Engine) => Promise<void>): Promise<void> {
  const temp = tempDir('pglr-');
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

async function server(work: (engine: Engine) => Promise<void>): Promise<void> {
  const cluster = await startCluster();
  const { port, superuser: user, password } = cluster;
  const engine = new ServerEngine(
    await resolveConnection({ host: '127.0.0.1', port, user, password, database: 'postgres' }, {}),
  );
  try {
    await work(engine);
  } finally {
    await engine.dispose();
    await cluster.stop();
  }
}

function number(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is a whole number`);
  return Number(text);
}

void main();
