import type { Client, Submittable } from 'pg';
import type { BackendMessage } from 'pg-protocol/dist/messages';
import { UserError } from '../../shared/errors';
import { BackendLostError, type Exchange } from '../wire/statement';
import type { Response } from '../wire/response';
import { connectionFailure } from './failures';
import type { ConnectionTarget } from './target';
import { tlsAttempts, tryNext } from './tls';

const connectionTimeoutMillis = 15_000;

/** One connection. pg connects, encrypts and authenticates; the statements' messages are our own. */
export class ServerConnection implements Exchange {
  readonly #client: Client;
  readonly #encrypted: boolean;
  #current: { readonly response: Response; settle(error?: Error): void } | undefined;
  #lost: BackendLostError | undefined;

  /**
   * @param database instead of the target's
   * @param before a connection to the same server: what it is encrypted with, or that it is not, is tried first
   * @throws {UserError} why it failed and what to do
   */
  static async connect(
    target: ConnectionTarget,
    database = target.database,
    before?: ServerConnection,
  ): Promise<ServerConnection> {
    const { default: pg } = await import('pg');
    const { host, port, user } = target;
    const password = async () => {
      const found = await target.password();
      if (found !== undefined) return found;
      throw new UserError(`The server asks for a password of ${user}.`, 'Enter the password of the connection.');
    };
    let failure: unknown;
    try {
      const attempts = await tlsAttempts(target);
      // a server without TLS is asked for it once only, and not by every check
      if (before && !before.#encrypted) attempts.sort((a, b) => Number(a !== false) - Number(b !== false));
      for (const ssl of attempts) {
        const client = new pg.Client({
          host,
          port,
          user,
          database,
          password,
          ssl,
          connectionTimeoutMillis,
          application_name: 'pg-lessons',
        });
        try {
          await client.connect();
          return new ServerConnection(client, ssl !== false);
        } catch (error) {
          // The first attempt's failure tells more than "no encryption" of the second, unless it was skipped.
          if (failure === undefined || tryNext(failure)) failure = error;
          client.on('error', () => undefined);
          void client.end().catch(() => undefined);
          if (!tryNext(error)) break;
        }
      }
    } catch (error) {
      failure = error;
    }
    throw connectionFailure(failure, target, database);
  }

  private constructor(client: Client, encrypted: boolean) {
    this.#client = client;
    this.#encrypted = encrypted;
    client.connection.on('message', (message: BackendMessage) => this.#receive(message));
    client.on('error', (error: Error) => this.#lose(error.message));
    client.on('end', () => this.#lose('The server closed the connection.'));
  }

  /** Why this connection is of no more use. */
  get lost(): BackendLostError | undefined {
    return this.#lost;
  }

  /** One at a time. */
  exchange(request: Uint8Array, response: Response): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#lost) {
        reject(this.#lost);
        return;
      }
      this.#current = {
        response,
        settle: (error) => {
          this.#current = undefined;
          if (error) reject(error);
          else resolve();
        },
      };
      this.#client.query(new Request(request));
    });
  }

  async end(): Promise<void> {
    await this.#client.end();
  }

  #receive(message: BackendMessage): void {
    const { severity } = message as { severity?: string };
    if (message.name === 'error' && (severity === 'FATAL' || severity === 'PANIC')) {
      // The server's own words; the socket's end, which follows, has none.
      this.#lose((message as unknown as Error).message);
    } else if (this.#current?.response.take(message)) {
      this.#current.settle();
    }
  }

  #lose(reason: string): void {
    if (this.#lost) return;
    this.#lost = new BackendLostError(reason);
    this.#current?.settle(this.#lost);
  }
}

/**
 * A query whose messages `ServerConnection` listens to itself, because pg would parse values, and has
 * no way to stop after so many rows. pg calls these methods and needs nothing from them.
 */
class Request implements Submittable {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  submit(connection: { readonly stream: { write(bytes: Uint8Array): unknown } }): void {
    connection.stream.write(this.#bytes);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCommandComplete(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
  handleReadyForQuery(): void {}
  handleError(): void {}
}
