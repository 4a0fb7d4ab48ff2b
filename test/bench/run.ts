// Benchmarks: what the extension costs. A timing is printed beside its goal and never fails anything.
//   npm run bench [-- NAME… --launches N --runs N --vsix FILE --also FILE]
import { cpus } from 'node:os';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError, report as exitCodeOf } from '../../scripts/vscode/errors.mjs';
import { repoRoot } from '../../scripts/vscode/paths.mjs';
import { activation } from './activation';
import { authoring } from './authoring';
import type { Bench, Options } from './bench';
import { check } from './check';
import { load } from './figures';
import { firstLesson } from './first-lesson';
import { modules } from './modules';
import { plan } from './plan/plan';
import { sizes } from './sizes';
import { table } from './table';

const BENCHES: readonly Bench[] = [sizes, modules, firstLesson, check, authoring, plan, activation];

const HELP = `npm run bench [-- NAME… OPTIONS]

${BENCHES.map(({ name, title }) => `  ${name.padEnd(14)} ${title}`).join('\n')}

Without names, all. The figures also go to out/bench.json, where those of other benches stay.

  --launches N      launches of VS Code for each extension (default 10), and one more that is dropped
  --runs N          repetitions of everything else (default 10)
  --vsix FILE       activation: the packaged extension (default: the repo's, packaged when out of date)
  --also FILE       activation: another build of it, launched in turns with the first; may be repeated`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      launches: { type: 'string', default: '10' },
      runs: { type: 'string', default: '10' },
      vsix: { type: 'string' },
      also: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const unknown = positionals.find((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown !== undefined) throw new UserError(`There is no bench “${unknown}”.\n\n${HELP}`, 2);
  const options: Options = {
    launches: count('launches', values.launches),
    runs: count('runs', values.runs),
    vsix: values.vsix === undefined ? undefined : path.resolve(values.vsix),
    also: values.also.map((file) => path.resolve(file)),
    progress: (message) => process.stderr.write(`    ${message}\n`),
  };
  for (const bench of BENCHES)
    if (positionals.length === 0 || positionals.includes(bench.name)) await one(bench, options);
}

async function one(bench: Bench, options: Options): Promise<void> {
  console.log(`\n${bench.name}: ${bench.title}`);
  const before = load();
  const report = await bench.run(options);
  const after = load();
  console.log(`\n${table(report)}\n`);
  for (const note of report.notes) console.log(`  ${note}`);
  for (const { what, goal, seen, met } of report.goals)
    console.log(`  ${met ? '✓ met' : '✗ NOT met'}: ${what} ${goal}; it is ${seen}`);
  console.log(
    `  ${before} before, ${after} after. What else runs on this machine is in every figure in ms; compare within one run only.`,
  );
  const { launches, runs } = options;
  await keep(bench.name, {
    when: new Date().toISOString(),
    cpu: cpus()[0]?.model,
    node: process.version,
    before,
    after,
    launches,
    runs,
    goals: report.goals,
    ...(report.data as object),
  });
}

async function keep(name: string, figures: object): Promise<void> {
  const file = path.join(repoRoot, 'out', 'bench.json');
  const all = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, unknown>,
    () => ({}),
  );
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...all, [name]: figures }, null, 2)}\n`);
}

function count(option: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new UserError(`--${option} ${value}: give a number from 1.`, 2);
  return Number(value);
}

main().then(
  () => process.exit(),
  (error: unknown) => process.exit(exitCodeOf(error)),
);
