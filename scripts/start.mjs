// `npm start`: opens VS Code with the extension and the first lesson, in a profile and a folder that are gone afterwards.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { firstLesson } from './first-lesson.mjs';
import { findDesktop, hasDisplay, openDesktop } from './vscode/desktop.mjs';
import { UserError, report } from './vscode/errors.mjs';
import { ensurePackage } from './vscode/packaged.mjs';
import { cacheRoot, tempDir } from './vscode/paths.mjs';
import { cleanEnv, onParentEnd, onSignal } from './vscode/processes.mjs';
import { which } from './vscode/system-packages.mjs';
import { startServer, writeSettings } from './vscode/server.mjs';

const HELP = `Opens VS Code with Postgres Lessons and its first lesson, to try it out.

  npm start [-- OPTIONS]

It uses the desktop VS Code where there is one and a display, else VS Code in the browser.
Ctrl+C (or closing the desktop window) ends it and leaves nothing behind but a cache.

Options:
  --port N    the port for the browser (default: a free one); implies --browser
  --browser   VS Code in the browser, even where there is a desktop one
  --no-open   do not open the browser, only print the address
  --help      this text`;

/** A workspace with this file opens the lesson that it names. */
const MARKER = '.pg-lessons.json';

const CTRL_C = 128 + os.constants.signals.SIGINT;

function options() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      browser: { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && (!/^\d+$/.test(values.port ?? '') || port > 65_535)) {
    throw new UserError(`--port ${values.port}: give a number from 0 to 65535, 0 for a free one.`, 2);
  }
  return { port, browser: values.browser || port !== undefined, open: !values['no-open'], help: values.help };
}

/** The profile, the folder and the environment of this one start. */
function prepare() {
  const temp = tempDir('pgls-');
  const place = {
    userDataDir: path.join(temp.dir, 'user-data'),
    extensionsDir: path.join(temp.dir, 'extensions'),
    folder: path.join(temp.dir, 'postgres-lessons'),
    env: {
      // Prepared data may stay, so that the next start is a quick one.
      PG_LESSONS_CACHE: path.join(cacheRoot(), 'data'),
    },
  };
  for (const dir of [place.extensionsDir, place.folder, place.env.PG_LESSONS_CACHE])
    mkdirSync(dir, { recursive: true });
  writeSettings(place.userDataDir, { 'files.exclude': { [MARKER]: true } });
  writeFileSync(path.join(place.folder, MARKER), JSON.stringify({ open: firstLesson() }));
  return { temp, place };
}

/** @param {string} url */
function openInBrowser(url) {
  const [command, ...args] =
    process.platform === 'win32'
      ? ['cmd', '/c', 'start', '""', url.replaceAll('&', '^&')]
      : process.platform === 'darwin'
        ? ['open', url]
        : ['xdg-open', url];
  if (!command || !which(command)) return;
  spawn(command, args, { stdio: 'ignore', detached: true, windowsVerbatimArguments: true })
    .on('error', () => {}) // the address has been printed
    .unref();
}

/**
 * @typedef {object} Running
 * @property {Promise<unknown>} ended by itself
 * @property {() => Promise<void>} stop
 */

/** @param {string} code @param {string} vsix @param {ReturnType<typeof prepare>['place']} place @returns {Promise<Running>} */
async function onDesktop(code, vsix, place) {
  const desktop = await openDesktop(code, { ...place, vsix, env: cleanEnv(place.env) });
  console.log('Postgres Lessons is open in VS Code. Close its window, or press Ctrl+C here, to end it.');
  return { ended: desktop.closed, stop: desktop.stop };
}

/**
 * @param {string} vsix
 * @param {ReturnType<typeof prepare>['place']} place
 * @param {{ port: number | undefined, open: boolean }} options
 * @returns {Promise<Running>}
 */
async function inBrowser(vsix, place, { port, open }) {
  const server = await startServer({ ...place, vsix, ...(port === undefined ? {} : { port }) });
  const url = `http://127.0.0.1:${server.port}/?folder=${encodeURIComponent(place.folder).replaceAll('%2F', '/')}`;
  console.log(`Postgres Lessons is open at ${url}\nPress Ctrl+C to end it.`);
  if (open && hasDisplay()) openInBrowser(url);
  const ended = server.exited.then((code) => {
    throw new UserError(`VS Code's server ended by itself (${code}): run "npm start" again.`);
  });
  ended.catch(() => {}); // also when it was told to
  return { ended, stop: server.stop };
}

/** Resolves with the exit code that stands for the signal, or for npm's end. A second Ctrl+C, or npm's copy of it, changes nothing. */
function signalled() {
  return new Promise((/** @type {(code: number) => void} */ resolve) => {
    onSignal((name) => resolve(128 + os.constants.signals[name]));
    if (process.env['npm_lifecycle_event']) onParentEnd(() => resolve(128 + os.constants.signals.SIGTERM));
  });
}

async function main() {
  const { port, browser, open, help } = options();
  if (help) {
    console.log(HELP);
    return 0;
  }
  const signal = signalled();
  const opening = async () => {
    const vsix = await ensurePackage();
    const { temp, place } = prepare();
    const code = browser ? undefined : findDesktop();
    const running = code ? await onDesktop(code, vsix, place) : await inBrowser(vsix, place, { port, open });
    return { running, temp };
  };
  const opened = await Promise.race([opening(), signal]);
  // A signal while something is still being installed: what was started ends with this process.
  if (typeof opened === 'number') return opened;
  try {
    const end = await Promise.race([opened.running.ended, signal]);
    // To be ended by Ctrl+C is how it is meant to end.
    return typeof end === 'number' && end !== CTRL_C ? end : 0;
  } finally {
    await opened.running.stop();
    opened.temp.remove();
  }
}

try {
  process.exit(await main());
} catch (error) {
  process.exit(report(error));
}
