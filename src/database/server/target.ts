/** Where the server is and who asks: settings over service file over PG* variables over libpq's defaults. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { UserError } from '../../shared/errors';
import { findPassword } from './password';
import { readService } from './service';

/** libpq's `sslmode`. */
export const sslmodes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type Sslmode = (typeof sslmodes)[number];

/** What the person set; empty and missing are the same. libpq's names. */
export interface ConnectionSettings {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly database?: string | undefined;
  readonly sslmode?: string | undefined;
  /** A file of root certificates, or `system`. */
  readonly sslrootcert?: string | undefined;
  readonly service?: string | undefined;
  readonly password?: string | undefined;
}

/** A server, resolved. */
export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly sslmode: Sslmode;
  readonly sslrootcert: string | undefined;
  /**
   * Looked for only when the server asks: settings, service file, PGPASSWORD, pgpass, the person. The
   * person is asked once for each `resolveConnection`.
   */
  readonly password: () => Promise<string | undefined>;
}

/** Asks the person, or the SecretStorage. Undefined: they gave none. */
export type PasswordProvider = (target: Omit<ConnectionTarget, 'password'>) => Promise<string | undefined>;

/** "postgres@localhost:5432" */
export function targetLabel({ user, host, port }: Pick<ConnectionTarget, 'user' | 'host' | 'port'>): string {
  return `${user}@${host}:${port}`;
}

/**
 * @param env normally `process.env`
 * @throws {UserError} a service that is nowhere defined, a port or sslmode that is none
 */
export async function resolveConnection(
  settings: ConnectionSettings,
  env: NodeJS.ProcessEnv,
  askPassword?: PasswordProvider,
): Promise<ConnectionTarget> {
  const serviceName = settings.service || env['PGSERVICE'];
  const service = serviceName ? await readService(serviceName, env) : {};
  const port = parsePort(settings.port || service['port'] || env['PGPORT'] || 5432);
  const user = settings.user || service['user'] || env['PGUSER'] || userInfo().username;
  const place = {
    host:
      settings.host ||
      service['host'] ||
      service['hostaddr'] ||
      env['PGHOST'] ||
      env['PGHOSTADDR'] ||
      defaultHost(port),
    port,
    user,
    database: settings.database || service['dbname'] || env['PGDATABASE'] || user,
    sslmode: parseSslmode(settings.sslmode || service['sslmode'] || env['PGSSLMODE'] || 'prefer'),
    sslrootcert: settings.sslrootcert || service['sslrootcert'] || env['PGSSLROOTCERT'] || undefined,
  };
  const given = settings.password || service['password'] || env['PGPASSWORD'] || undefined;
  let asked: Promise<string | undefined> | undefined;
  const password = async () =>
    given ??
    (await findPassword(place, service['passfile'] ?? env['PGPASSFILE'])) ??
    (await (asked ??= askPassword?.(place)));
  return { ...place, password };
}

/** libpq's default is a Unix socket; where none is found, TCP. */
function defaultHost(port: number): string {
  const folders = process.platform === 'win32' ? [] : ['/var/run/postgresql', '/tmp'];
  return folders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? 'localhost';
}

function parsePort(value: string | number): number {
  const port = Number(value);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new UserError(`${JSON.stringify(value)} is not a port.`, 'A port is a number from 1 to 65535, normally 5432.');
}

function parseSslmode(value: string): Sslmode {
  const mode = sslmodes.find((known) => known === value);
  if (mode) return mode;
  throw new UserError(`${JSON.stringify(value)} is not an sslmode.`, `It is one of ${sslmodes.join(', ')}.`);
}
