import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../shared/errors';

/**
 * A section of the connection service file, by libpq's parameter names.
 * https://www.postgresql.org/docs/current/libpq-pgservice.html
 * @throws {UserError} no file defines the service
 */
export async function readService(name: string, env: NodeJS.ProcessEnv): Promise<Readonly<Record<string, string>>> {
  const own = env['PGSERVICEFILE'] || path.join(env['HOME'] || homedir(), '.pg_service.conf');
  const system = env['PGSYSCONFDIR'] ? [path.join(env['PGSYSCONFDIR'], 'pg_service.conf')] : [];
  for (const file of [own, ...system]) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const section = parseServices(text).get(name);
    if (section) return section;
  }
  throw new UserError(`The connection service "${name}" is not defined.`, `Add a section [${name}] to ${own}.`);
}

function parseServices(text: string): Map<string, Record<string, string>> {
  const services = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/).map((line) => line.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const header = /^\[(.*)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      section = {};
      // libpq stops at the first section of a name.
      if (!services.has(header)) services.set(header, section);
      continue;
    }
    const equals = line.indexOf('=');
    if (section && equals > 0) section[line.slice(0, equals).trim()] = line.slice(equals + 1).trim();
  }
  return services;
}
