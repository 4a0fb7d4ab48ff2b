/**
 * A window that opens a lesson for the first time:
 *   node --import tsx first-lesson.child.ts ASSETS CACHE DATASET.sql
 * It prints one `Opened` as JSON.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { EmbeddedEngine } from '../../src/database/embedded';

export interface Opened {
  /** Milliseconds of EmbeddedEngine.open. */
  readonly open: number;
  /** Milliseconds of the first query after it. */
  readonly answer: number;
  /** Bytes of memory of the process then, worker included. */
  readonly rss: number;
}

async function main(assetsDir = '', cacheDir = '', sqlFile = ''): Promise<void> {
  const dataset = { name: path.basename(sqlFile, '.sql'), sql: await readFile(sqlFile, 'utf8') };
  const storageDir = await mkdtemp(path.join(tmpdir(), 'pglb-'));
  try {
    const start = performance.now();
    const engine = new EmbeddedEngine({ assetsDir, storageDir, cacheDir });
    const database = await engine.open({ course: 'bench', lesson: 'first', dataset });
    const opened = performance.now();
    await database.session.run('SELECT 1');
    const result: Opened = { open: opened - start, answer: performance.now() - opened, rss: process.memoryUsage.rss() };
    await engine.dispose();
    process.stdout.write(JSON.stringify(result));
  } finally {
    await rm(storageDir, { recursive: true, force: true });
  }
}

void main(...process.argv.slice(2));
