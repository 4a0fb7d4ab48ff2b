// Where things live, for every script that starts a VS Code.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './processes.mjs';

export const repoRoot = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const vsixFile = path.join(repoRoot, 'pg-lessons.vsix');

/** What may stay on the machine between runs: the runtime and the lessons' prepared data. */
export function cacheRoot() {
  const base = process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  return path.join(base, 'pg-lessons');
}

/**
 * A temporary directory that is gone when this process is.
 * @param {string} prefix
 */
export function tempDir(prefix) {
  const dir = mkdtempSync(path.join(os.tmpdir(), prefix));
  const forget = atEnd(() => removeDir(dir));
  const remove = () => {
    forget();
    removeDir(dir);
  };
  return { dir, remove };
}

/**
 * Removes a directory into which ending processes may still write.
 * @param {string} dir
 */
export function removeDir(dir) {
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
