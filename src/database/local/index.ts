import type { Engine } from '../engine';
import { ServerEngine } from '../server';
import { startCluster, type ClusterOptions } from './cluster';

/**
 * An engine on a throwaway cluster of the PostgreSQL found on this machine; `dispose` removes it.
 * @throws {UserError} see `startCluster`
 */
export async function startLocalEngine(options: Omit<ClusterOptions, 'tcp'> = {}): Promise<Engine> {
  const cluster = await startCluster(options);
  const engine = new ServerEngine({
    host: cluster.socketDir ?? '127.0.0.1',
    port: cluster.port,
    user: cluster.user,
    database: 'postgres',
    sslmode: 'disable',
    sslrootcert: undefined,
    password: () => Promise.resolve(cluster.password),
  });
  return {
    kind: engine.kind,
    label: `local PostgreSQL ${cluster.major}`,
    open: (spec, openOptions) => engine.open(spec, openOptions),
    reset: (spec) => engine.reset(spec),
    scratch: (spec, openOptions) => engine.scratch(spec, openOptions),
    openConfigured: (openOptions) => engine.openConfigured(openOptions),
    dispose: async () => {
      try {
        await engine.dispose();
      } finally {
        await cluster.stop();
      }
    },
  };
}
