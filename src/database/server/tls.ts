import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { UserError } from '../../shared/errors';
import type { ConnectionTarget } from './target';

/**
 * What to try, in this order, for libpq's sslmode; `false` is without TLS.
 * https://www.postgresql.org/docs/current/libpq-ssl.html
 * @throws {UserError} the root certificate cannot be read
 */
export async function tlsAttempts(
  target: Pick<ConnectionTarget, 'host' | 'sslmode' | 'sslrootcert'>,
): Promise<(false | ConnectionOptions)[]> {
  // TLS over a Unix socket does not exist.
  if (target.host.startsWith('/')) return [false];
  const unverified: ConnectionOptions = { rejectUnauthorized: false };
  switch (target.sslmode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, unverified];
    case 'prefer':
      return [unverified, false];
    case 'require':
      // "For backwards compatibility": with a root certificate it is verify-ca.
      return [target.sslrootcert ? authorityOnly(await rootCertificate(target)) : unverified];
    case 'verify-ca':
      return [authorityOnly(await rootCertificate(target))];
    case 'verify-full':
      return [{ ...(await rootCertificate(target)), rejectUnauthorized: true }];
  }
}

function authorityOnly(root: ConnectionOptions): ConnectionOptions {
  return { ...root, rejectUnauthorized: true, checkServerIdentity: () => undefined };
}

async function rootCertificate({ sslrootcert }: Pick<ConnectionTarget, 'sslrootcert'>): Promise<ConnectionOptions> {
  // Node's own authorities.
  if (sslrootcert === 'system') return {};
  const file = sslrootcert ?? path.join(homedir(), '.postgresql', 'root.crt');
  try {
    return { ca: await readFile(file, 'utf8') };
  } catch (cause) {
    throw new UserError(
      `The root certificate ${file} cannot be read.`,
      'Set sslrootcert to a file of root certificates or to "system", or choose another sslmode.',
      { cause },
    );
  }
}

/** After this failure of one attempt the next may do better. */
export function tryNext(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  // pg_hba.conf has a line for one of both only; or the server knows no TLS.
  return code === '28000' || /does not support SSL|establishing an SSL/.test(String(message));
}
