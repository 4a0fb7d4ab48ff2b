// Runs every suite, or those named, and ends with one line that sums them up.
//
//   npm test [-- SUITE...]      suites: lint types unit database package host ui verify
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const reports = path.join(root, 'out', 'reports');
const bin = (name) => path.join(root, 'node_modules', ...name.split('/'));
const tsc = (project) => [bin('typescript/bin/tsc'), '-p', `tsconfig.${project}json`];
const mocha = (glob) => ['--import', 'tsx', bin('mocha/bin/mocha.js'), '--reporter', 'scripts/mocha-report.cjs', glob];
/** A suite of commands: each counts as one test. */
const commands = (...list) => ({ list });

const SUITES = {
  lint: commands(
    [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'],
    [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    [bin('knip/bin/knip.js')],
  ),
  types: commands(tsc('pure.'), tsc(''), tsc('webview.'), tsc('test.')),
  unit: { list: [mocha('test/unit/**/*.test.ts')], report: true },
  database: { list: [mocha('test/database/**/*.test.ts')], report: true },
  package: commands(['scripts/package.mjs']),
  verify: { list: [['--import', 'tsx', 'test/verify.ts']], report: true },
  // A real window on a busy machine: what fails gets a second run, in a new window, and the log says so.
  host: { list: [['test/host/run.mjs']], report: true, twice: true },
  ui: { list: uiFiles().map(mocha), report: true, twice: true },
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}. The suites are ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}

/** What runs beside what, on two cores: `package` builds what those after it use, the windows of `ui` come alone. */
const LANES = [
  [
    ['lint', 'types', 'package', 'verify', 'host'],
    ['database', 'unit'],
  ],
  [['ui']],
];

mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0 };
const failures = [];
for (const lanes of LANES) {
  const wanted = lanes.map((names) => names.filter((name) => positionals.length === 0 || positionals.includes(name)));
  await Promise.all(wanted.map((names) => lane(names, wanted.filter((each) => each.length > 0).length > 1)));
}
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = failures.length === 0 && total.passed > 0 ? 0 : 1;

/** @param {boolean} beside something else runs too: what a suite prints comes in one piece, at its end */
async function lane(names, beside) {
  for (const name of names) {
    const started = performance.now();
    const head = `\n=== ${name}`;
    if (beside) console.log(`${head} begins`);
    else console.log(head);
    const printed = [];
    const counts = await run(name, SUITES[name], beside ? (text) => printed.push(text) : undefined);
    if (beside) process.stdout.write(`${head}\n${printed.join('')}`);
    total.passed += counts.passed;
    total.failed += counts.failed;
    if (counts.failed > 0) failures.push(name);
    console.log(
      `--- ${name}: ${counts.passed} passed, ${counts.failed} failed, ${((performance.now() - started) / 1000).toFixed(0)} s`,
    );
  }
}

async function run(name, { list, report, twice }, keep) {
  const print = keep ? (line) => keep(`${line}\n`) : console.log;
  const counts = { passed: 0, failed: 0 };
  for (const args of list) {
    let { passed, failed } = await once(name, args, report, keep);
    if (twice && failed > 0) {
      print(`--- ${failed} failed: once more, in a new window: ${args.at(-1)}`);
      ({ passed, failed } = await once(name, args, report, keep));
      if (failed === 0) print('--- passed the second time; the failure above is worth a look');
    }
    counts.passed += passed;
    counts.failed += failed;
  }
  return counts;
}

/** A suite that leaves no report, or fails without saying how often, has failed once. */
async function once(name, args, report, keep) {
  const file = path.join(reports, `${name}.json`);
  rmSync(file, { force: true });
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', keep ? 'pipe' : 'inherit', keep ? 'pipe' : 'inherit'],
    // one cache for all suites: the data set is made once
    env: { PG_LESSONS_CACHE: path.join(root, '.cache', 'data'), ...process.env, MOCHA_REPORT: file },
  });
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  const status = await new Promise((resolve) => child.on('close', resolve).on('error', () => resolve(1)));
  if (!report) return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { passed, failed } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}

function uiFiles() {
  return readdirSync(path.join(root, 'test/ui'))
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => `test/ui/${file}`);
}
