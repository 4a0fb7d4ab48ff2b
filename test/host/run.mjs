// Runs test/host/*.test.ts inside the extension host of a real VS Code, with the extension loaded from this repo.
//   node test/host/run.mjs [--grep PATTERN] [--verbose]
// Which VS Code: PG_LESSONS_VSCODE=download (a desktop VS Code) or offline (VS Code's server from npm).
// Without it: a desktop VS Code where it can be downloaded and has a display, else the offline one.
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { UserError, report } from '../../scripts/vscode/errors.mjs';
import { cacheRoot, repoRoot, tempDir } from '../../scripts/vscode/paths.mjs';
import { onSignal } from '../../scripts/vscode/processes.mjs';
import { ensureChromium, ensureRuntime, runtimeSupported } from '../../scripts/vscode/runtime.mjs';
import { writeSettings } from '../../scripts/vscode/server.mjs';

const here = path.join(repoRoot, 'test/host');
const out = path.join(repoRoot, 'out/test/host');
const reportFile = path.join(repoRoot, 'out/reports/host.json');
const PROBE_LIMIT_MS = 3000;

/** Each test file becomes one file; only VS Code and mocha are taken from where they run. */
async function bundle() {
  rmSync(out, { recursive: true, force: true });
  const tests = readdirSync(here).filter((file) => file.endsWith('.test.ts'));
  await build({
    entryPoints: [...tests, 'index.ts'].map((file) => path.join(here, file)),
    outdir: out,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: true,
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

/** @returns {Promise<boolean>} whether to test in a downloaded desktop VS Code */
async function useDownload() {
  const choice = process.env['PG_LESSONS_VSCODE'];
  if (choice === 'download') return true;
  if (choice === 'offline') return false;
  if (choice)
    throw new UserError(`PG_LESSONS_VSCODE is "${choice}": set it to "download" or "offline", or unset it.`, 2);
  if (!runtimeSupported()) return true;
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  return Boolean(display) && (await downloadAnswers());
}

async function downloadAnswers() {
  try {
    const url = 'https://update.code.visualstudio.com/api/releases/stable';
    return (await fetch(url, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) })).ok;
  } catch {
    return false;
  }
}

async function offlineExecutable() {
  await ensureRuntime();
  await ensureChromium();
  return fileURLToPath(new URL('../../scripts/vscode/code-offline.mjs', import.meta.url));
}

/** What the tests in the host left; without it, or with no tests in it, nothing has been tested. */
function readReport() {
  /** @type {{ passed: number, failed: number, failures: { title: string, message: string }[] }} */
  let result;
  try {
    result = JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    throw new UserError(
      'The host tests left no report: a test file did not load, or the extension host ended early. See the output above.',
    );
  }
  if (result.passed + result.failed === 0)
    throw new UserError('No host test ran: check --grep and test/host/*.test.ts.');
  return result;
}

async function main() {
  const { values } = parseArgs({ options: { grep: { type: 'string' }, verbose: { type: 'boolean', default: false } } });
  const executable = (await useDownload()) ? {} : { vscodeExecutablePath: await offlineExecutable() };
  await bundle();
  rmSync(reportFile, { force: true });
  mkdirSync(path.dirname(reportFile), { recursive: true });

  // Short: a desktop VS Code puts a unix socket into its user data directory.
  const temp = tempDir('pglh-');
  const profile = { userDataDir: path.join(temp.dir, 'user'), extensionsDir: path.join(temp.dir, 'extensions') };
  const folder = path.join(temp.dir, 'workspace');
  mkdirSync(folder);
  writeSettings(profile.userDataDir);

  // test-electron ends VS Code on Ctrl+C, and on nothing else.
  const forget = onSignal((signal) => signal !== 'SIGINT' && process.emit('SIGINT'));
  /** @type {unknown} */
  let failure;
  try {
    await runTests({
      ...executable,
      cachePath: path.join(cacheRoot(), 'vscode-test'),
      extensionDevelopmentPath: repoRoot,
      extensionTestsPath: path.join(out, 'index.cjs'),
      launchArgs: [
        folder,
        `--user-data-dir=${profile.userDataDir}`,
        `--extensions-dir=${profile.extensionsDir}`,
        ...(values.verbose ? ['--verbose'] : []),
      ],
      extensionTestsEnv: {
        PG_LESSONS_HOST_REPORT: reportFile,
        PG_LESSONS_HOST_GREP: values.grep,
        // Electron would run as plain Node with it.
        ELECTRON_RUN_AS_NODE: undefined,
      },
    });
  } catch (error) {
    failure = error;
  } finally {
    forget();
    temp.remove();
  }

  const { passed, failed } = readReport();
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) return 1;
  if (failure)
    throw new UserError(`VS Code's run of the tests failed: ${failure instanceof Error ? failure.message : failure}.`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = report(error);
}
