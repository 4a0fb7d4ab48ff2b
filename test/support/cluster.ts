/** A throwaway PostgreSQL from the machine's own binaries, one for a whole mocha run. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { startCluster as startLocalCluster } from '../../src/database/local/cluster';

const run = promisify(execFile);

export interface Cluster {
  /** Folder of initdb, postgres, psql, pg_dump … */
  readonly bindir: string;
  /** Folder of the Unix socket, where everybody is trusted. */
  readonly socketDir: string;
  /** On 127.0.0.1, with scram passwords; the socket's port too. */
  readonly port: number;
  readonly superuser: 'postgres';
  readonly password: string;
  /** A self-signed certificate for localhost, not in use until `ALTER SYSTEM SET ssl = on`. */
  readonly certificate: string;
  /** Stops the server hard and starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

let shared: Promise<Cluster> | undefined;

/** Starts with the first call; mocha's end stops it. */
export function sharedCluster(): Promise<Cluster> {
  return (shared ??= startCluster());
}

// A hook of the root suite, wherever this file is imported first.
if (typeof after === 'function') {
  after(async function () {
    this.timeout(30_000);
    await shared?.then((cluster) => cluster.stop());
  });
}

/** A cluster of one's own; the caller stops it. */
export async function startCluster(): Promise<Cluster> {
  const cluster = await startLocalCluster({ tcp: true, settings: { shared_buffers: '64MB' } });
  const { bindir, socketDir, port, user, password, dataDir, account } = cluster;
  if (socketDir === undefined) throw new Error('These tests need Unix sockets.');
  const certificate = path.join(dataDir, 'server.crt');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', path.join(dataDir, 'server.key'), '-out', certificate];
  await run('openssl', ['req', '-x509', '-batch', '-days', '2', ...key, ...files, ...subject], {
    cwd: socketDir,
    ...account,
  });
  return {
    bindir,
    socketDir,
    port,
    superuser: user,
    password,
    certificate,
    restart: () => cluster.restart(),
    stop: () => cluster.stop(),
  };
}
