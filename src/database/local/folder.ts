import { chmod, chown, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../shared/errors';
import { ownName } from '../embedded/directories';
import type { Account } from './account';
import { openToAll } from './findBinaries';

/** Folders of clusters begin so; `sweep` finds them again. */
export const PREFIX = 'pgl-';

/** sun_path holds 108 bytes with its end on Linux, 104 on macOS and BSD. */
const LONGEST_SOCKET = process.platform === 'linux' ? 107 : 103;

/** Where clusters may lie: the temporary folder, unless its path is too long or closed to the server's account. */
export function parents(): string[] {
  const common = process.platform === 'win32' ? [] : ['/tmp', '/var/tmp'];
  return [...new Set([tmpdir(), ...common])];
}

/**
 * A new folder that only the server's account may enter.
 * @param port of the socket in it; undefined: none
 * @throws {UserError} no temporary folder will do
 */
export async function makeFolder(
  account: Account | undefined,
  port: number | undefined,
  where: readonly string[] = parents(),
): Promise<string> {
  const reasons: string[] = [];
  for (const parent of where) {
    const dir = path.join(parent, `${PREFIX}${ownName()}`);
    if (port !== undefined && Buffer.byteLength(path.join(dir, `.s.PGSQL.${port}`)) > LONGEST_SOCKET) {
      reasons.push(`the path of a socket in ${parent} would be longer than ${LONGEST_SOCKET} bytes`);
    } else if (account && !(await openToAll(parent))) {
      reasons.push(`${parent} is closed to other users, and PostgreSQL does not run as root`);
    } else {
      try {
        await mkdir(dir, { mode: 0o700 });
        // whatever the umask is
        await chmod(dir, 0o700);
        if (account) await chown(dir, account.uid, account.gid);
        return dir;
      } catch (error) {
        reasons.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  throw new UserError(
    `A throwaway PostgreSQL needs a temporary folder: ${reasons.join('; ')}.`,
    'Set TMPDIR to a folder with a short path.',
  );
}
