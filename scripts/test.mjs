// Runs every suite, or those named, and ends with one line that sums them up.
//
//   npm test [-- SUITE...]      suites: lint types unit database package host ui verify
import { spawnSync } from 'node:child_process';
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

/** In this order: the cheap ones first, `package` before those that need the .vsix. */
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
  host: { list: [['test/host/run.mjs']], report: true },
  // A real window on a busy machine: a file that fails gets a second run, in new windows, and the log says so.
  ui: { list: uiFiles().map(mocha), report: true, twice: true },
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}. The suites are ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}

mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0 };
const failures = [];
for (const [name, suite] of Object.entries(SUITES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const started = performance.now();
  console.log(`\n=== ${name}`);
  const counts = run(name, suite);
  total.passed += counts.passed;
  total.failed += counts.failed;
  if (counts.failed > 0) failures.push(name);
  console.log(
    `--- ${name}: ${counts.passed} passed, ${counts.failed} failed, ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
}
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = failures.length === 0 && total.passed > 0 ? 0 : 1;

function run(name, { list, report, twice }) {
  const counts = { passed: 0, failed: 0 };
  for (const args of list) {
    let { passed, failed } = once(name, args, report);
    if (twice && failed > 0) {
      console.log(`--- ${failed} failed: once more, in new windows: ${args.at(-1)}`);
      ({ passed, failed } = once(name, args, report));
      if (failed === 0) console.log('--- passed the second time; the failure above is worth a look');
    }
    counts.passed += passed;
    counts.failed += failed;
  }
  return counts;
}

/** A suite that leaves no report, or fails without saying how often, has failed once. */
function once(name, args, report) {
  const file = path.join(reports, `${name}.json`);
  rmSync(file, { force: true });
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // one cache for all suites: the data set is made once
    env: { PG_LESSONS_CACHE: path.join(root, '.cache', 'data'), ...process.env, MOCHA_REPORT: file },
  });
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
