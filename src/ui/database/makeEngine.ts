import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Uri } from 'vscode';
import type { Engine } from '../../database/engine';
import type { ConnectionSettings } from '../../database/server';
import { setting } from '../settings';
import type { Passwords } from './passwords';

/** Where an engine keeps things. */
interface Places {
  readonly extension: Uri;
  readonly storage: Uri;
}

/** The engine that the settings name. PGlite and pg are loaded here, when one is first wanted. */
export async function makeEngine(kind: Engine['kind'], places: Places, passwords: Passwords): Promise<Engine> {
  if (kind === 'embedded') return makeEmbedded(places, places.storage.fsPath);
  const { ServerEngine, resolveConnection } = await import('../../database/server');
  return new ServerEngine(
    await resolveConnection(connectionSettings(), process.env, (account) => passwords.get(account)),
  );
}

/**
 * An engine beside the one that students work on, for throwaway databases: another storage, and on a server
 * another connection. The cached data sets are the same. `dispose` removes what it stored.
 */
export async function makeVerifyEngine(kind: Engine['kind'], places: Places, passwords: Passwords): Promise<Engine> {
  if (kind === 'server') return makeEngine(kind, places, passwords);
  const folder = await mkdtemp(path.join(tmpdir(), 'pg-lessons-'));
  const engine = await makeEmbedded(places, folder);
  return {
    kind: engine.kind,
    label: engine.label,
    open: (spec, options) => engine.open(spec, options),
    reset: (spec) => engine.reset(spec),
    scratch: (spec, options) => engine.scratch(spec, options),
    dispose: async () => {
      await engine.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeEmbedded(places: Places, storageDir: string): Promise<Engine> {
  const { EmbeddedEngine } = await import('../../database/embedded');
  return new EmbeddedEngine({
    assetsDir: path.join(places.extension.fsPath, 'dist', 'pglite'),
    storageDir,
    // made again when it is gone, so it may live outside: `npm start` keeps it between its throwaway profiles
    cacheDir: process.env['PG_LESSONS_CACHE'] ?? path.join(places.storage.fsPath, 'cache'),
  });
}

function connectionSettings(): ConnectionSettings {
  return {
    host: setting('pgLessons.server.host'),
    port: setting('pgLessons.server.port') ?? undefined,
    user: setting('pgLessons.server.user'),
    database: setting('pgLessons.server.database'),
    sslmode: setting('pgLessons.server.sslmode'),
  };
}
