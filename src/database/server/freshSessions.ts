import { FLUSH_COUNTS } from '../../sql/counts';
import type { ServerConnection } from './connection';
import { ServerSession } from './session';

/** A session, and what it began with. */
interface Kept {
  readonly session: ServerSession;
  readonly began: string;
}

/**
 * Sessions that are as new. One is kept from one loan to the next, because connecting, and a server process that
 * knows none of the catalogs, cost more than most checks; it is lent again as long as a new one would begin alike.
 */
export class FreshSessions {
  readonly #connect: () => Promise<ServerConnection>;
  readonly #open = new Set<ServerSession>();
  readonly #ending = new Set<Promise<void>>();
  #kept: Kept | undefined;
  #closed = false;

  constructor(connect: () => Promise<ServerConnection>) {
    this.#connect = connect;
  }

  /** @throws {UserError} why connecting failed */
  async lend<T>(work: (session: ServerSession) => Promise<T>): Promise<T> {
    // what the last one still has to undo or to tell, the next must not see half done
    while (this.#ending.size > 0) await Promise.all(this.#ending);
    const lent = (await this.#lendKept()) ?? (await this.#begin());
    let again = false;
    try {
      const result = await work(lent.session);
      again = true;
      return result;
    } finally {
      // nobody waits for it but the next one, and whoever closes the database
      const ending = (again ? this.#keep(lent) : this.#end(lent.session)).finally(() => this.#ending.delete(ending));
      this.#ending.add(ending);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#kept = undefined;
    await Promise.all([...[...this.#open].map((session) => this.#end(session)), ...this.#ending]);
  }

  async #lendKept(): Promise<Kept | undefined> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (!kept) return undefined;
    // the server may have ended it, or been told to
    const begins = await beginning(kept.session).catch(() => undefined);
    if (begins === kept.began) return kept;
    await this.#end(kept.session);
    return undefined;
  }

  async #begin(): Promise<Kept> {
    const session = new ServerSession(await this.#connect(), this.#connect);
    this.#open.add(session);
    try {
      return { session, began: await beginning(session) };
    } catch (error) {
      await this.#end(session);
      throw error;
    }
  }

  /** Puts all that belongs to a session back, unless it cannot be. */
  async #keep(lent: Kept): Promise<void> {
    const { session } = lent;
    try {
      await session.run('DISCARD ALL');
      await session.run(FLUSH_COUNTS).catch(() => undefined);
    } catch {
      await this.#end(session);
      return;
    }
    if (this.#closed || this.#kept) await this.#end(session);
    else this.#kept = lent;
  }

  async #end(session: ServerSession): Promise<void> {
    await session.close().catch(() => undefined);
    this.#open.delete(session);
  }
}

/** Settings that a session takes over only where it begins: stored for roles and databases, or in the configuration files. */
async function beginning(session: ServerSession): Promise<string> {
  const { rows } = await session.run(BEGINNING);
  return rows[0]?.[0] ?? '';
}

const BEGINNING = `
SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_backend_pid(), pg_catalog.pg_conf_load_time(),
  (SELECT r FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) session_user),
  ARRAY(SELECT s FROM pg_catalog.pg_db_role_setting s ORDER BY s.setdatabase, s.setrole))`;
