// The desktop VS Code, where the user has one: started with a profile of its own, so that the user's is left alone.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './errors.mjs';
import { which } from './system-packages.mjs';

/** Can this session show windows? */
export function hasDisplay() {
  if (process.env['CI']) return false;
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** The desktop VS Code's command, or undefined when there is none to show. */
export function findDesktop() {
  // In a terminal of VS Code's server, "code" talks to that server and does not start a desktop VS Code.
  if (!hasDisplay() || process.env['VSCODE_IPC_HOOK_CLI']) return undefined;
  return which('code');
}

/**
 * @typedef {object} Desktop
 * @property {Promise<void>} closed
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} code
 * @param {{ userDataDir: string, extensionsDir: string, vsix: string, folder: string, env: Record<string, string | undefined> }} options
 * @returns {Promise<Desktop>}
 */
export async function openDesktop(code, { userDataDir, extensionsDir, vsix, folder, env }) {
  const profile = ['--user-data-dir', userDataDir, '--extensions-dir', extensionsDir];
  // As root, VS Code does not start with a sandbox.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  await ended(start(code, [...root, ...profile, '--install-extension', vsix], env));
  const child = start(code, [...root, ...profile, '--disable-workspace-trust', '--new-window', '--wait', folder], env);
  const closed = ended(child);
  closed.catch(() => {}); // whoever waits for it sees the error
  const stop = async () => {
    // The command only waits: the window belongs to the process that VS Code names in its profile.
    const main = mainProcess(userDataDir);
    if (main !== undefined) await endProcess(main);
    child.kill();
  };
  return { closed, stop };
}

/** @param {string} code @param {string[]} args @param {Record<string, string | undefined>} env */
function start(code, args, env) {
  // code.cmd needs a shell on Windows, and a shell needs quotes.
  const shell = process.platform === 'win32';
  /** @param {string} text */
  const quoted = (text) => (shell ? `"${text}"` : text);
  return spawn(quoted(code), args.map(quoted), { env, shell, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<void>} */
function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new UserError(
            `VS Code's "code" command failed (${code ?? signal}): run "code --version" to see whether it works.`,
          ),
        );
    });
  });
}

/** @param {string} userDataDir */
function mainProcess(userDataDir) {
  try {
    const pid = Number(readFileSync(path.join(userDataDir, 'code.lock'), 'utf8'));
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined; // not started yet, or closed already
  }
}

/** @param {number} pid */
async function endProcess(pid) {
  try {
    process.kill(pid, 'SIGTERM');
    // It writes into its profile until it has ended.
    for (let waited = 0; waited < 5000; waited += 100) {
      process.kill(pid, 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    process.kill(pid, 'SIGKILL');
  } catch {
    // ended
  }
}
