// One process at a time may install; the others wait for it.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { UserError } from './errors.mjs';
import { cacheRoot } from './paths.mjs';

const TEN_MINUTES = { retries: 600, factor: 1, minTimeout: 1000, maxTimeout: 1000 };

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(name, action) {
  mkdirSync(cacheRoot(), { recursive: true });
  const file = path.join(cacheRoot(), name);
  let release;
  try {
    release = await lockfile.lock(file, { realpath: false, stale: 30_000, update: 5_000, retries: TEN_MINUTES });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
    throw new UserError(
      `Another process has been installing for ten minutes: end it, or remove ${file}.lock, and run this again.`,
    );
  }
  try {
    return await action();
  } finally {
    await release();
  }
}
