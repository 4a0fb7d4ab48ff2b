import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve('.');

/**
 * The embedded engine's files, as packaging makes them: the template once for each version of its
 * script, the worker (0.1 s) each time.
 * @returns an absolute folder
 */
export async function pgliteAssets(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['scripts/pglite-template.mjs', 'node_modules/@electric-sql/pglite/package.json']) {
    hash.update(await readFile(path.join(root, file)));
  }
  const dir = path.join(root, '.cache', `pglite-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(dir)) {
    const making = `${dir}.${process.pid}`;
    await mkdir(making, { recursive: true });
    await run(process.execPath, ['scripts/pglite-template.mjs', making], { cwd: root });
    await rename(making, dir).catch(() => rm(making, { recursive: true }));
  }
  await run(process.execPath, ['scripts/build-worker.mjs', dir], { cwd: root });
  return dir;
}
