import path from 'node:path';
import type { Uri } from 'vscode';
import type { Engine } from '../../database/engine';
import type { ConnectionSettings } from '../../database/server';
import { setting } from '../settings';
import type { Passwords } from './passwords';

/** The engine that the settings name. PGlite and pg are loaded here, when one is first wanted. */
export async function makeEngine(
  kind: Engine['kind'],
  places: { readonly extension: Uri; readonly storage: Uri },
  passwords: Passwords,
): Promise<Engine> {
  if (kind === 'embedded') {
    const { EmbeddedEngine } = await import('../../database/embedded');
    const storageDir = places.storage.fsPath;
    return new EmbeddedEngine({
      assetsDir: path.join(places.extension.fsPath, 'dist', 'pglite'),
      storageDir,
      // made again when it is gone, so it may live outside: `npm start` keeps it between its throwaway profiles
      cacheDir: process.env['PG_LESSONS_CACHE'] ?? path.join(storageDir, 'cache'),
    });
  }
  const { ServerEngine, resolveConnection } = await import('../../database/server');
  return new ServerEngine(
    await resolveConnection(connectionSettings(), process.env, (account) => passwords.get(account)),
  );
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
