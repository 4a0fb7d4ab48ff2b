// VS Code's server on this machine, with a profile of its own.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './errors.mjs';
import { tempDir } from './paths.mjs';
import { atEnd, cleanEnv, killGroup, run } from './processes.mjs';
import { ensureRuntime } from './runtime.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} [userDataDir] default: a temporary one
 * @property {string} [extensionsDir] default: a temporary one
 * @property {string | string[]} [vsix] packaged extensions to install first
 * @property {Record<string, unknown>} [settings] on top of QUIET_SETTINGS
 * @property {boolean} [workspaceTrust] let VS Code ask whether the folder is trusted; default: no
 * @property {Record<string, string | undefined>} [env]
 * @property {number} [port] default: a free one
 * @property {boolean} [testDriver] lets the workbench load extensions and tests under development
 * @property {string[]} [serverArgs]
 * @property {boolean} [verbose]
 */

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {number} pid also the id of the process group with all that it starts
 * @property {string} userDataDir
 * @property {string} extensionsDir
 * @property {() => string} log what it has printed
 * @property {Promise<number | null>} exited
 * @property {() => Promise<void>} stop
 */

/** A VS Code that shows the extension and nothing else, and asks nothing of the network. */
export const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'git.enabled': false,
  'npm.fetchOnlinePackageInfo': false,
  'remote.autoForwardPorts': false,
  'typescript.disableAutomaticTypeAcquisition': true,
};

const START_LIMIT_MS = 60_000;

/**
 * Writes the user's settings unless there are some.
 * @param {string} userDataDir
 * @param {Record<string, unknown>} [settings]
 * @param {boolean} [workspaceTrust]
 */
export function writeSettings(userDataDir, settings = {}, workspaceTrust = false) {
  const file = path.join(userDataDir, 'User', 'settings.json');
  if (existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const all = { ...QUIET_SETTINGS, 'security.workspace.trust.enabled': workspaceTrust, ...settings };
  writeFileSync(file, JSON.stringify(all, null, 2));
}

/**
 * Starts the server; resolves once it listens.
 * @param {ServerOptions} [options]
 * @returns {Promise<Server>}
 */
export async function startServer(options = {}) {
  const { node, codeServer } = await ensureRuntime();
  // Not shorter than it must be: unix sockets lie below it, and their paths may have 107 bytes.
  const temp = tempDir('pgl-');
  try {
    const profile = {
      userDataDir: options.userDataDir ?? path.join(temp.dir, 'user-data'),
      extensionsDir: options.extensionsDir ?? path.join(temp.dir, 'extensions'),
    };
    mkdirSync(profile.extensionsDir, { recursive: true });
    writeSettings(profile.userDataDir, options.settings, options.workspaceTrust);

    const config = path.join(temp.dir, 'code-server.yaml');
    writeFileSync(config, 'auth: none\ncert: false\n');
    const entry = [
      codeServer,
      '--config',
      config,
      '--user-data-dir',
      profile.userDataDir,
      '--extensions-dir',
      profile.extensionsDir,
    ];
    const env = serverEnv(temp.dir, options.env);

    for (const file of [options.vsix ?? []].flat()) {
      if (!existsSync(file))
        throw new UserError(`${file} is missing: package the extension first, with "npm run package".`);
      await run(node, [...entry, '--install-extension', file], { env });
    }
    const server = await listen(node, [...entry, ...serverArgs(options)], env, options);
    return {
      ...server,
      ...profile,
      stop: async () => {
        await server.stop();
        temp.remove();
      },
    };
  } catch (error) {
    temp.remove();
    throw error;
  }
}

/**
 * @param {string} dir
 * @param {Record<string, string | undefined>} [extra]
 */
function serverEnv(dir, extra) {
  mkdirSync(path.join(dir, 'tmp'));
  return cleanEnv({
    // No marketplace, so no look-ups that can only fail.
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    // What the server would leave in the home and temporary directories goes with its own directory.
    TMPDIR: path.join(dir, 'tmp'),
    XDG_DATA_HOME: path.join(dir, 'data'),
    XDG_RUNTIME_DIR: undefined,
    ...extra,
  });
}

/** @param {ServerOptions} options */
function serverArgs({ port = 0, workspaceTrust = false, testDriver = false, serverArgs: more = [] }) {
  return [
    ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened'],
    ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
    // A built workbench heeds extensionDevelopmentPath and extensionTestsPath only with this.
    // It also hides notifications and refuses modal dialogs, so UI tests do without it.
    ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ...more,
  ];
}

/**
 * @param {string} node
 * @param {string[]} args
 * @param {Record<string, string | undefined>} env
 * @param {ServerOptions} options
 */
async function listen(node, args, env, { verbose = false, port: wanted }) {
  // A process group of its own: the extension host, terminals and all else are ended with it.
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const forget = atEnd(() => killGroup(child.pid, 'SIGKILL'));
  let log = '';
  /** @type {Promise<number | null>} */
  const exited = new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => resolve(code));
  });
  const stop = async () => {
    killGroup(child.pid, 'SIGTERM');
    await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 3000).unref())]);
    // The extension host may outlive the server by seconds.
    killGroup(child.pid, 'SIGKILL');
    forget();
  };

  /** @type {Promise<number>} */
  const listening = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        log += text;
        if (verbose) process.stderr.write(text);
        const match = /HTTP server listening on https?:\/\/[^\s/]*:(\d+)/.exec(log);
        if (match) resolve(Number(match[1]));
      });
    }
  });
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve('late'), START_LIMIT_MS);
  });
  const outcome = await Promise.race([listening, late, exited.then(() => 'exited')]);
  clearTimeout(timer);
  if (typeof outcome !== 'number') {
    await stop();
    if (/EADDRINUSE/.test(log)) throw new UserError(`Port ${wanted} is in use: choose another one.`);
    throw new UserError(`VS Code's server did not start (${outcome}). It said:\n${log.trim()}`);
  }
  return { port: outcome, pid: child.pid ?? 0, log: () => log, exited, stop };
}
