import { CancelledError } from '../../shared/errors';
import { FLUSH_COUNTS } from '../../sql/counts';
import { rolledBack } from '../../sql/rolledBack';
import type { Session } from '../../sql/session';
import type { Database } from '../engine';
import { LentSession } from '../lentSession';
import { runStatement } from '../wire/statement';
import { ServerConnection } from './connection';
import { FreshSessions } from './freshSessions';
import { ServerSession } from './session';
import type { ConnectionTarget } from './target';

/** A database of a server: a connection for the person, others for checks. */
export class ServerDatabase implements Database {
  readonly serverVersion: number;
  readonly session: Session;
  readonly #session: ServerSession;
  readonly #onClose: () => Promise<void>;
  readonly #fresh: FreshSessions;
  #closing: Promise<void> | undefined;

  /** @throws {UserError} why connecting failed */
  static async open(
    target: ConnectionTarget,
    name: string,
    outdated: boolean,
    onClose: () => Promise<void>,
  ): Promise<ServerDatabase> {
    const connection = await ServerConnection.connect(target, name);
    const connect = () => ServerConnection.connect(target, name, connection);
    const { rows } = await runStatement(connection, 'SHOW server_version_num', {});
    return new ServerDatabase(connection, Number(rows[0]?.[0]), outdated, connect, onClose);
  }

  private constructor(
    connection: ServerConnection,
    serverVersion: number,
    readonly outdated: boolean,
    connect: () => Promise<ServerConnection>,
    onClose: () => Promise<void>,
  ) {
    this.serverVersion = serverVersion;
    this.#fresh = new FreshSessions(connect);
    this.#session = new ServerSession(connection, connect);
    this.session = this.#session;
    this.#onClose = onClose;
  }

  async fresh<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw new CancelledError();
    const told = this.#tellCounts();
    return this.#fresh.lend(async (session) => {
      await told;
      if (signal?.aborted) throw new CancelledError();
      return rolledBack(session, () => {
        const view = new LentSession(session, signal);
        return work(view).finally(() => view.end());
      });
    });
  }

  /** Lets the person's session tell what it wrote, so that the next one need not look at every row. */
  async #tellCounts(): Promise<void> {
    if (this.#session.busy || this.#session.transaction !== 'idle') return;
    await this.#session.run(FLUSH_COUNTS).catch(() => undefined);
  }

  onDidRestart(listener: (reason: string) => void): { dispose(): void } {
    return this.#session.restarted.add(listener);
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  close(): Promise<void> {
    return (this.#closing ??= (async () => {
      await Promise.all([this.#session.close(), this.#fresh.close()]);
      await this.#onClose();
    })());
  }
}
