import { install } from '../../scripts/vscode/system-packages.mjs';
import type { Session } from '../../src/sql/session';

/** Whether HypoPG is installed in the session's database now; Debian's package is fetched where the tests run as root. */
export async function createHypopg(session: Session, majorVersion: number): Promise<boolean> {
  const available = async (): Promise<boolean> =>
    (await session.run(`SELECT FROM pg_available_extensions WHERE name = 'hypopg'`)).rowCount === 1;
  if (!(await available())) {
    try {
      await install([`postgresql-${majorVersion}-hypopg`], true);
    } catch {
      return false; // not root, or no such package
    }
    if (!(await available())) return false;
  }
  await session.run('CREATE EXTENSION IF NOT EXISTS hypopg');
  return true;
}
