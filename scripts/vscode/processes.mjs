// Child processes: started with a clean environment, and never left behind.
import { spawn } from 'node:child_process';
import os from 'node:os';
import { UserError } from './errors.mjs';

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** What of npm's own variables is the user's set-up, and not this npm run's state. */
const NPM_SETUP =
  /^npm_config_(registry|@.*|_auth.*|cafile|ca|strict_ssl|proxy|https_proxy|noproxy|cache|userconfig|globalconfig)$/i;

/**
 * This process's environment without what npm, a VS Code terminal or a test runner put into it.
 * @param {Record<string, string | undefined>} [extra]
 * @returns {Record<string, string | undefined>}
 */
export function cleanEnv(extra = {}) {
  /** @type {Record<string, string | undefined>} */
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    const npm = /^npm_/i.test(name) && !NPM_SETUP.test(name);
    const host = /^(VSCODE_|ELECTRON_|CODE_SERVER_|NODE_OPTIONS$|INIT_CWD$|PORT$|PASSWORD$)/.test(name);
    if (!npm && !host) env[name] = value;
  }
  return { ...env, ...extra };
}

/** @type {(() => void)[]} */
const cleanups = [];
/** @type {((signal: NodeJS.Signals) => void)[]} */
const signalHandlers = [];
let watching = false;

/**
 * Calls back when this process ends, also by a signal (but for SIGKILL): the last who asked comes first.
 * @param {() => void} cleanup must be synchronous
 * @returns {() => void} forgets it
 */
export function atEnd(cleanup) {
  watch();
  cleanups.push(cleanup);
  return () => forget(cleanups, cleanup);
}

/**
 * Takes signals over, to end in an orderly way; without a handler, a signal ends this process at once.
 * @param {(signal: NodeJS.Signals) => void} handler
 * @returns {() => void} forgets it
 */
export function onSignal(handler) {
  watch();
  signalHandlers.push(handler);
  return () => forget(signalHandlers, handler);
}

/**
 * Calls back when the process that started this one has ended: npm's shell does not pass signals on.
 * @param {() => void} callback
 */
export function onParentEnd(callback) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, 500);
  timer.unref();
}

/** @template T @param {T[]} list @param {T} item */
function forget(list, item) {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}

function watch() {
  if (watching) return;
  watching = true;
  process.prependListener('exit', () => {
    for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) cleanup();
  });
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // Not by raising it again: Playwright ends its browser on "exit".
      if (signalHandlers.length === 0) process.exit(128 + os.constants.signals[signal]);
      for (const handler of signalHandlers) handler(signal);
    });
  }
}

/**
 * Sends a signal to a process and, where there are groups, to its whole group.
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
export function killGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // already gone
  }
}

/**
 * Runs a command to its end and returns its output; a failure says what failed and shows the output's end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, endWith?: NodeJS.Signals }} [options] endWith: what ends it when this process ends
 * @returns {Promise<string>}
 */
export async function run(command, args, { cwd, env, endWith = 'SIGKILL' } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const forgetChild = atEnd(() => killGroup(child.pid, endWith));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      output += text;
    });
  }
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) => resolve(status ?? signal));
    });
    if (code === 0) return output;
    const tail = `\n${output.trim().split('\n').slice(-15).join('\n')}`;
    throw new UserError(`"${[command, ...args].join(' ')}" failed (${code}).${tail}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new UserError(`"${command}" was not found on this machine: install it and run this again.`);
    }
    throw error;
  } finally {
    forgetChild();
  }
}
