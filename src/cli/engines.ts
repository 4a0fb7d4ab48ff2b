import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine } from '../database/engine';

export const ENGINES = ['embedded', 'server'] as const;
export type EngineName = (typeof ENGINES)[number];

/**
 * An engine for one run of the command. The embedded one works in a throwaway folder; loaded data sets are kept
 * in the user's cache (`PG_LESSONS_CACHE`, else `XDG_CACHE_HOME`).
 */
export async function openEngine(name: EngineName): Promise<Engine> {
  if (name === 'server') {
    const { ServerEngine, resolveConnection } = await import('../database/server');
    return new ServerEngine(await resolveConnection({}, process.env));
  }
  const { EmbeddedEngine } = await import('../database/embedded');
  const storageDir = await mkdtemp(path.join(tmpdir(), 'pg-lessons-'));
  const cacheDir =
    process.env['PG_LESSONS_CACHE'] ??
    path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'pg-lessons', 'data');
  const engine = new EmbeddedEngine({ assetsDir: path.join(__dirname, 'pglite'), storageDir, cacheDir });
  const dispose = engine.dispose.bind(engine);
  engine.dispose = async () => {
    await dispose();
    await rm(storageDir, { recursive: true, force: true });
  };
  return engine;
}
