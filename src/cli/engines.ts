import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import type { Engine } from '../database/engine';

export const ENGINES = ['embedded', 'local', 'server'] as const;
export type EngineName = (typeof ENGINES)[number];

/**
 * An engine for one run of the command; `dispose` leaves nothing of it but loaded data sets, which are kept: those of
 * the embedded one in the user's cache (`PG_LESSONS_CACHE`, else `XDG_CACHE_HOME`), those of a server there.
 */
export async function openEngine(name: EngineName, signal: AbortSignal): Promise<Engine> {
  switch (name) {
    case 'server': {
      const { ServerEngine, resolveConnection } = await import('../database/server');
      return new ServerEngine(await resolveConnection({}, process.env));
    }
    case 'local': {
      const { startLocalEngine } = await import('../database/local');
      return startLocalEngine({ signal });
    }
    case 'embedded':
      return openEmbedded();
  }
}

/** Whether the environment says which server. */
export function namesServer(env: NodeJS.ProcessEnv): boolean {
  return ['PGHOST', 'PGHOSTADDR', 'PGSERVICE'].some((name) => env[name]);
}

async function openEmbedded(): Promise<Engine> {
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
