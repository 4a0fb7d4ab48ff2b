import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensurePackage } from '../../scripts/vscode/packaged.mjs';
import { repoRoot, tempDir } from '../../scripts/vscode/paths.mjs';
import { run } from '../../scripts/vscode/processes.mjs';
import { launchVSCode } from '../../scripts/vscode/workbench.mjs';
import type { Bench } from './bench';
import { load, median, spread } from './figures';

const MOST_ACTIVATE_MS = 15;
const MOST_RATIO = 1.3;
const LAUNCH_LIMIT_MS = 90_000;

/** An extension whose activation is measured, in a profile of its own that lasts for all its launches. */
interface Subject {
  readonly label: string;
  readonly id: string;
  readonly vsix: string;
  readonly dir: string;
  readonly launches: Phases[];
}

/** One activation, in ms. The clock is VS Code's, with a resolution of 1 ms. */
interface Phases {
  /** From VS Code's "_doActivateExtension" to the end of activate(). */
  readonly whole: number;
  /** Reading, compiling and evaluating the bundle: require(). */
  readonly code: number;
  /** Waiting for the extension's stored state, which VS Code fetches beside it. */
  readonly state: number;
  readonly activate: number;
  readonly load: string;
}

/** Activations beside an empty extension's, in real launches that take turns, all by opening the same .sql file. */
export const activation: Bench = {
  name: 'activation',
  title: 'activation by onLanguage:sql in a VS Code at rest, beside an empty extension, ms',
  async run({ launches, vsix, also, progress }) {
    const temp = tempDir('pglb-');
    try {
      const main = await subject(
        temp.dir,
        'pg-lessons',
        'postgres-lessons.pg-lessons',
        vsix ?? (await ensurePackage()),
      );
      const empty = await subject(
        temp.dir,
        'empty',
        'bench.empty',
        await packExtension(temp.dir, 'empty', ['onLanguage:sql'], 'exports.activate = () => {};\n'),
      );
      const others: Subject[] = [];
      for (const file of also) others.push(await subject(temp.dir, path.basename(file, '.vsix'), main.id, file));
      const subjects = [empty, main, ...others];
      const probe = await packExtension(temp.dir, 'probe', ['onStartupFinished'], PROBE);
      // The first launch installs, and fills VS Code's own caches: it is dropped.
      for (let launch = 0; launch <= launches; launch++) {
        for (const each of subjects) {
          const phases = await launchOnce(each, launch === 0 ? [each.vsix, probe] : []);
          progress(
            `${launch}: ${each.label} ${phases.whole} ms, code ${phases.code}, state ${phases.state}, activate() ${phases.activate}, ${phases.load}${launch === 0 ? ' (dropped)' : ''}`,
          );
          if (launch > 0) each.launches.push(phases);
        }
      }
      const of = (each: Subject, phase: 'whole' | 'code' | 'state' | 'activate'): number[] =>
        each.launches.map((launch) => launch[phase]);
      const ratio = (each: Subject): number => median(of(each, 'whole')) / median(of(empty, 'whole'));
      const activate = median(of(main, 'activate'));
      return {
        columns: ['', 'whole', 'ratio', 'code', 'state', 'activate()'],
        rows: subjects.map((each) => [
          each.label,
          spread(of(each, 'whole')),
          ratio(each).toFixed(2),
          spread(of(each, 'code')),
          spread(of(each, 'state')),
          spread(of(each, 'activate')),
        ]),
        notes: [
          `Median (least–greatest) of ${launches} launches each, in turns, after one that is dropped. Whole: from “_doActivateExtension” in the log;`,
          'code: require() of the bundle; state: from there until VS Code has fetched the stored state; activate(): until its promise has settled.',
        ],
        goals: [
          {
            what: 'activate()',
            goal: `≤ ${MOST_ACTIVATE_MS} ms`,
            seen: `${activate} ms`,
            met: activate <= MOST_ACTIVATE_MS,
          },
          {
            what: 'the whole against an empty extension',
            goal: `≤ ${MOST_RATIO} ×`,
            seen: `${ratio(main).toFixed(2)} ×`,
            met: ratio(main) <= MOST_RATIO,
          },
        ],
        data: { subjects: subjects.map(({ label, launches: phases }) => ({ label, phases })), ratio: ratio(main) },
      };
    } finally {
      temp.remove();
    }
  },
};

/**
 * Runs in the extension host. Once VS Code has come to rest it opens the file whose language activates the
 * subject, and writes down VS Code's own marks of it.
 */
const PROBE = `
const { writeFileSync, renameSync } = require('node:fs');
const { commands, window, Uri } = require('vscode');
const { PG_LESSONS_BENCH_ID: id, PG_LESSONS_BENCH_FILE: file, PG_LESSONS_BENCH_OUT: out } = process.env;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const REST = 10;
exports.activate = () => void measure();
async function measure() {
  // At rest: timers come in time, again and again, though not for ever on a machine that never rests.
  for (let calm = 0, all = 0; calm < 20 && all < 200; all++) {
    const start = performance.now();
    await sleep(100);
    calm = performance.now() - start < 100 + REST ? calm + 1 : 0;
  }
  const marks = () => globalThis.MonacoPerformanceMarks.getMarks().filter(({ name }) => name.endsWith('/' + id));
  const early = marks().length > 0;
  await window.showTextDocument(Uri.file(file));
  while (!marks().some(({ name }) => name.includes('/didActivateExtension/'))) await sleep(50);
  writeFileSync(out + '.part', JSON.stringify({ early, marks: marks() }));
  renameSync(out + '.part', out);
}
`;

interface Probed {
  /** It was activated by something else before. */
  readonly early: boolean;
  /** \`startTime\` is a Date.now(). */
  readonly marks: readonly { readonly name: string; readonly startTime: number }[];
}

async function subject(dir: string, label: string, id: string, vsix: string): Promise<Subject> {
  const own = path.join(dir, `of-${label}`);
  await mkdir(path.join(own, 'folder'), { recursive: true });
  await writeFile(path.join(own, 'folder', 'query.sql'), 'SELECT 1;\n');
  return { label, id, vsix, dir: own, launches: [] };
}

async function launchOnce({ id, dir }: Subject, install: string[]): Promise<Phases> {
  const out = path.join(dir, `marks-${Date.now()}.json`);
  const folder = path.join(dir, 'folder');
  const userDataDir = path.join(dir, 'user');
  const busy = load();
  const vscode = await launchVSCode({
    userDataDir,
    extensionsDir: path.join(dir, 'extensions'),
    vsix: install,
    folder,
    env: { PG_LESSONS_BENCH_ID: id, PG_LESSONS_BENCH_FILE: path.join(folder, 'query.sql'), PG_LESSONS_BENCH_OUT: out },
  });
  try {
    const end = Date.now() + LAUNCH_LIMIT_MS;
    let text: string | undefined;
    while ((text = await readFile(out, 'utf8').catch(() => undefined)) === undefined) {
      if (Date.now() > end)
        throw new Error(
          `${id} was not activated in ${LAUNCH_LIMIT_MS / 1000} s. The server said:\n${vscode.server.log()}`,
        );
      await sleep(200);
    }
    const { early, marks } = JSON.parse(text) as Probed;
    if (early) throw new Error(`${id} was active before the .sql file was opened.`);
    const at = (name: string): number => {
      const mark = marks.find((each) => each.name === `code/extHost/${name}/${id}`);
      if (!mark) throw new Error(`VS Code left no mark ${name}; it left ${marks.map((each) => each.name).join(', ')}.`);
      return mark.startTime;
    };
    return {
      whole: at('didActivateExtension') - (await beginOf(id, userDataDir)),
      code: at('didLoadExtensionCode') - at('willLoadExtensionCode'),
      state: at('willActivateExtension') - at('didLoadExtensionCode'),
      activate: at('didActivateExtension') - at('willActivateExtension'),
      load: busy,
    };
  } finally {
    await vscode.close();
  }
}

/** When VS Code began the activation, by its newest log: a Date.now(). */
async function beginOf(id: string, userDataDir: string): Promise<number> {
  const logs = path.join(userDataDir, 'logs');
  const newest = (await readdir(logs)).sort().at(-1) ?? '';
  const file = path.join(logs, newest, 'exthost1', 'remoteexthost.log');
  const text = await readFile(file, 'utf8');
  const line = text.split('\n').find((each) => each.includes(`_doActivateExtension ${id},`));
  const stamp = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})/.exec(line ?? '');
  if (!stamp) throw new Error(`${file} does not tell when ${id} was activated.`);
  // The log is in local time.
  return new Date(`${stamp[1] ?? ''}T${stamp[2] ?? ''}`).getTime();
}

/** Packs a tiny extension as a .vsix. */
async function packExtension(dir: string, name: string, activationEvents: string[], code: string): Promise<string> {
  const source = path.join(dir, `source-of-${name}`);
  const vsix = path.join(dir, `${name}.vsix`);
  await mkdir(source);
  const manifest = {
    name,
    publisher: 'bench',
    version: '0.0.1',
    engines: { vscode: '^1.90.0' },
    main: './main.js',
    activationEvents,
    license: 'MIT',
  };
  await writeFile(path.join(source, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(source, 'main.js'), code);
  await writeFile(path.join(source, 'README.md'), `${name}: made and thrown away by npm run bench.\n`);
  const vsce = path.join(repoRoot, 'node_modules/@vscode/vsce/vsce');
  await run(
    process.execPath,
    [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix],
    { cwd: source },
  );
  return vsix;
}
