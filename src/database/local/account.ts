import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError } from '../../shared/errors';

const run = promisify(execFile);

/** Whose processes the server's are. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * postgres refuses to run as root: then it runs as `postgres`, where there is such a user, else as `nobody`.
 * @returns undefined: as whoever runs this
 * @throws {UserError} there is nobody but root
 */
export async function serverAccount(names: readonly string[] = ['postgres', 'nobody']): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of names) {
    const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name]))).catch(() => undefined);
    const [uid, gid] = ids?.map(({ stdout }) => Number(stdout)) ?? [];
    if (uid && gid !== undefined) return { uid, gid };
  }
  throw new UserError(
    `PostgreSQL does not run as root, and this machine has no user ${names.join(' or ')} to run it as.`,
    'Run this command as another user.',
  );
}
