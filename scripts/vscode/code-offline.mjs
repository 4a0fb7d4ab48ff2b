#!/usr/bin/env node
// Stands in for the executable of a desktop VS Code where there is none:
//   runTests({ vscodeExecutablePath: '<this file>', extensionDevelopmentPath, extensionTestsPath, launchArgs })
// It takes desktop VS Code's arguments, runs the tests in the extension host of VS Code's server,
// prints what they print, and exits with their exit code.
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { UserError, report } from './errors.mjs';
import { repoRoot, tempDir } from './paths.mjs';
import { onParentEnd, onSignal } from './processes.mjs';
import { launchVSCode } from './workbench.mjs';

/** @typedef {import('./workbench.mjs').LaunchOptions} LaunchOptions */
/** @typedef {{ code: number, why?: string }} Outcome */

const LIMIT_MS = Number(process.env['PG_LESSONS_HOST_TIMEOUT_MS'] ?? 300_000);

/** @param {string[]} argv @returns {LaunchOptions & { extensionTestsPath: string }} */
function parse(argv) {
  /** @type {LaunchOptions & { extensionDevelopmentPath: string[], payload: [string, string][] }} */
  const options = { extensionDevelopmentPath: [], payload: [] };
  const rest = [...argv];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const match = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(arg);
    const value = () => match?.[2] ?? rest.shift() ?? '';
    switch (match?.[1]) {
      case 'extensionTestsPath':
        options.extensionTestsPath = value();
        break;
      case 'extensionDevelopmentPath':
        options.extensionDevelopmentPath.push(value());
        break;
      case 'user-data-dir':
        options.userDataDir = value();
        break;
      case 'extensions-dir':
        options.extensionsDir = value();
        break;
      case 'folder-uri':
        options.folder = fileURLToPath(value());
        break;
      case 'disable-extensions':
        options.payload.push(['disableExtensions', 'true']);
        break;
      case 'verbose':
        options.verbose = true;
        break;
      case undefined:
        if (arg.endsWith('.code-workspace')) options.workspace = arg;
        else if (!arg.startsWith('-')) options.folder = arg;
        break;
      default:
        break; // Electron's own, such as --no-sandbox and --skip-welcome, have no meaning here
    }
  }
  const { extensionTestsPath } = options;
  if (!extensionTestsPath) throw new UserError('code-offline: --extensionTestsPath is required.', 2);
  return { ...options, extensionTestsPath };
}

/**
 * When the extension host dies (a crash, process.exit), the web workbench reports exit code 0.
 * So the tests are run by a shim that leaves a file once they have passed: without it, the run has failed.
 * @param {string} dir
 * @param {string} tests
 */
function writeShim(dir, tests) {
  const shim = path.join(dir, 'shim.cjs');
  const settled = path.join(dir, 'settled');
  writeFileSync(
    shim,
    `const { pathToFileURL } = require('node:url');
exports.run = async () => {
  const tests = await import(pathToFileURL(${JSON.stringify(tests)}).href);
  await (tests.run ?? tests.default.run)();
  // The host is killed, so it would not write its coverage.
  if (process.env.NODE_V8_COVERAGE) require('node:v8').takeCoverage();
  require('node:fs').writeFileSync(${JSON.stringify(settled)}, '');
};
`,
  );
  return { shim, hasSettled: () => existsSync(settled) };
}

/**
 * console.log(format, ...args) of the extension host arrives as [format, ...args], at times with %c styles.
 * @param {string} type
 * @param {unknown[]} args
 */
function print(type, args) {
  const rest = [...args];
  let first = rest.shift();
  if (typeof first === 'string') {
    first = first.replace(/%[csdifjoO%]/g, (directive) => {
      if (directive === '%%') return '%';
      if (rest.length === 0) return directive;
      const value = rest.shift();
      if (directive === '%c') return '';
      return directive === '%s' || typeof value !== 'object' ? String(value) : inspect(value);
    });
  }
  const line = [first, ...rest].map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ');
  (type === 'error' || type === 'warn' ? process.stderr : process.stdout).write(`${line}\n`);
}

/** The workbench's own log lines come the same way as the extension host's. */
const NOISE =
  /^(Resolv(ing|ed) connection token|Creating a socket|\[reconnection-grace-time\]|\[remote-connection\]|Updating additional builtin|\[Service Worker\]|\[AgentHost|\[AccountPolicyGate\]|Timed out waiting for authentication provider|Ignoring fetching additional builtin|Creation of workbench contribution|No search provider registered)|\/static\/out\/vs\/code\/browser\/workbench\//;

/** @param {LaunchOptions & { extensionTestsPath: string }} options */
async function runTests(options) {
  const temp = tempDir('code-offline-');
  const { shim, hasSettled } = writeShim(temp.dir, path.resolve(options.extensionTestsPath));
  /** @type {(outcome: Outcome) => void} */
  let finish = () => {};
  /** @type {Promise<Outcome>} */
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  onSignal((signal) => finish({ code: 128 + os.constants.signals[signal] }));
  onParentEnd(() => finish({ code: 1, why: 'the process that started the tests has ended' }));

  const vscode = await launchVSCode({
    ...options,
    extensionTestsPath: shim,
    waitReady: false,
    expose: {
      codeAutomationLog: (type, args) => {
        if (options.verbose || !NOISE.test(args.join(' '))) print(type, args);
      },
      codeAutomationExit: (code) => finish({ code }),
    },
    beforeGoto: (page) => {
      page.on('crash', () => finish({ code: 1, why: 'the workbench crashed' }));
      if (options.verbose)
        page.on('console', (message) => process.stderr.write(`[page ${message.type()}] ${message.text()}\n`));
    },
  });
  const timer = setTimeout(() => finish({ code: 1, why: `the tests did not end in ${LIMIT_MS} ms` }), LIMIT_MS);
  let { code, why } = await finished;
  clearTimeout(timer);
  if (code === 0 && !hasSettled()) {
    code = 1;
    const exit = /Extension Host Process exited with[^\n]*/.exec(vscode.server.log())?.[0] ?? '';
    why = `the extension host ended before the tests did. ${exit}`;
  }
  if (why) {
    const screenshot = path.join(repoRoot, 'out/screenshots/code-offline.png');
    await vscode.page.screenshot({ path: screenshot }).catch(() => {}); // the page may be gone
    console.error(`code-offline: ${why}${existsSync(screenshot) ? ` (what the window showed: ${screenshot})` : ''}`);
  }
  await vscode.close();
  temp.remove();
  return code;
}

try {
  process.exitCode = await runTests(parse(process.argv.slice(2)));
} catch (error) {
  process.exitCode = report(error);
}
process.exit();
