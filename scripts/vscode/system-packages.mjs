// The few things that come from the system and not from npm: a browser and a C++ compiler.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './errors.mjs';
import { withLock } from './lock.mjs';
import { cleanEnv, run } from './processes.mjs';

/**
 * The full path of a command, or undefined.
 * @param {string} command
 */
export function which(command) {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const dir of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const extension of extensions) {
      const file = path.join(dir, command + extension);
      if (dir !== '' && isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A Chromium-like browser that Playwright can drive, or undefined. */
export function findBrowser() {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return named;
  for (const name of [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'msedge',
  ]) {
    const file = which(name);
    if (file) return file;
  }
  const { PROGRAMFILES = 'C:\\Program Files', LOCALAPPDATA = '' } = process.env;
  return [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    path.join(PROGRAMFILES, 'Google/Chrome/Application/chrome.exe'),
    path.join(LOCALAPPDATA, 'Google/Chrome/Application/chrome.exe'),
  ].find((file) => path.isAbsolute(file) && existsSync(file));
}

/**
 * Makes sure that a browser is installed.
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<string>} its executable
 */
export async function ensureChromium({ quiet = false } = {}) {
  const found = findBrowser();
  if (found) return found;
  await withLock('apt', async () => {
    // Chromium alone has no fonts: text in screenshots would be boxes.
    if (!findBrowser()) await install(['chromium', 'fonts-dejavu-core'], quiet);
  });
  const installed = findBrowser();
  if (installed) return installed;
  throw new UserError(
    'Chromium was not found after its installation: set CHROMIUM_PATH to a Chromium or Chrome executable.',
  );
}

/**
 * Makes sure that VS Code's native modules can be compiled.
 * @param {{ quiet?: boolean }} [options]
 */
export async function ensureCompiler({ quiet = false } = {}) {
  const missing = () => ['g++', 'make', 'python3'].filter((command) => !which(command));
  if (missing().length === 0) return;
  await withLock('apt', async () => {
    if (missing().length > 0) await install(missing(), quiet);
  });
}

/**
 * @param {string[]} packages
 * @param {boolean} quiet
 */
export async function install(packages, quiet) {
  const root = process.getuid?.() === 0;
  if (!root || !which('apt-get')) {
    throw new UserError(
      `Missing on this machine: ${packages.join(', ')}. Install with "sudo apt-get install ${packages.join(' ')}", or your system's own package manager, and run this again.`,
    );
  }
  if (!quiet) console.log(`Installing from the system's packages: ${packages.join(', ')} …`);
  const env = cleanEnv({ DEBIAN_FRONTEND: 'noninteractive' });
  // Another program may hold apt's lock for a while.
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', ['update', ...wait], { env });
  // It must be able to end in an orderly way.
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...wait, ...packages], { env, endWith: 'SIGTERM' });
}
