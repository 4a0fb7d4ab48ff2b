import { UserError } from '../shared/errors';
import type { Session } from '../sql/session';

/** A data set: SQL that fills an empty database, always with the same rows. */
export interface Dataset {
  readonly name: string;
  /**
   * Sent as one simple query, thus one transaction unless it says BEGIN and COMMIT itself: no VACUUM, no
   * CREATE INDEX CONCURRENTLY, no COPY FROM STDIN. The engine vacuums and analyzes afterwards.
   */
  readonly sql: string;
}

/** Which database a lesson works in. Ids are those of the course and of the lesson's front matter. */
export interface LessonDatabaseSpec {
  readonly course: string;
  readonly lesson: string;
  readonly dataset: Dataset | undefined;
}

export interface OpenOptions {
  readonly signal?: AbortSignal;
  /** What is being done, one short phrase: "Loading the data set shop (once)". */
  readonly onProgress?: (message: string) => void;
}

/** A database that is open. One long-lived session for the person, short fresh ones for checks. */
export interface Database {
  /** Server version as `server_version_num`: 150018. */
  readonly serverVersion: number;
  /** The person's session: SET, temporary tables and open transactions last from run to run. */
  readonly session: Session;
  /**
   * Runs `work` in a session with the server's own defaults (no SET, role or search_path of the
   * person's session), inside a transaction (read committed) that is rolled back; `work` must not end it. Both are
   * of no more use once `work` has settled. On a server the session may be one that was lent before, emptied. On
   * `embedded` it is the same backend, so the person's own session waits meanwhile: `work` must not use it.
   * @param signal aborting cancels the statement that runs; statements after it reject at once
   * @throws {OpenTransactionError} when the person's session has a transaction open on `embedded`
   * @throws {CancelledError} `signal` aborted before `work` began
   */
  fresh<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Its data set is another than the one it was made from. Kept, since the person's work is in it, until `reset`. */
  readonly outdated: boolean;
  /** Fires when the session was lost and made anew (cancel on `embedded`, crash, server restart). */
  onDidRestart(listener: (reason: string) => void): { dispose(): void };
  /** It was closed, or another window took it over: open it again. */
  readonly closed: boolean;
  /** Cancels what runs. Closing twice is allowed. */
  close(): Promise<void>;
}

/** An engine gives each lesson a database of its own. */
export interface Engine {
  readonly kind: 'embedded' | 'server';
  /** For the status bar: "embedded PostgreSQL 18", "postgres@localhost:5432". */
  readonly label: string;
  /**
   * Opens the lesson's database, making it from its data set the first time. A second `open` while it
   * is open gives the same `Database`, whatever its data set is by then.
   * @throws {UserError} when it cannot: open in another window, no such server, no CREATEDB …
   * @throws {SqlError} the data set's SQL is wrong
   * @throws {CancelledError}
   */
  open(spec: LessonDatabaseSpec, options?: OpenOptions): Promise<Database>;
  /** Removes the lesson's database; the next `open` makes it anew. Closes it if it is open. */
  reset(spec: LessonDatabaseSpec): Promise<void>;
  /** A pristine throwaway database with the same data; `close` removes it. For measuring references. */
  scratch(spec: LessonDatabaseSpec, options?: OpenOptions): Promise<Database>;
  /**
   * The person's own database: the one the connection names, or another of the same server; lessons never
   * touch it. Absent on `embedded`, which has none.
   */
  openConfigured?(options?: OpenOptions & { readonly database?: string }): Promise<Database>;
  /** Closes every database. */
  dispose(): Promise<void>;
}

/** Checks look at what is committed; on `embedded` they cannot even look while a transaction is open. */
export class OpenTransactionError extends UserError {
  override readonly name = 'OpenTransactionError';
  constructor() {
    super(
      'Your session has an open transaction. The check sees only committed work.',
      'Run COMMIT or ROLLBACK, then check again.',
    );
  }
}
