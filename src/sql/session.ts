/**
 * Where a statement runs, as the pure folders see it. `database/` implements it for PGlite and for `pg`;
 * nothing here knows how.
 */

/** One result column. `type` is the OID in pg_type. */
export interface Field {
  readonly name: string;
  readonly type: number;
}

/** A value as PostgreSQL's text output gives it; SQL NULL is `null`. */
export type Cell = string | null;

/** A NOTICE, WARNING, INFO … of the server. */
export interface Notice {
  readonly severity: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

export interface RunOptions {
  /** Text-format values of $1, $2, … */
  readonly parameters?: readonly Cell[];
  /**
   * Rows to fetch at most; the statement's portal is left after them. Default: all. A limit keeps a SELECT
   * from using parallel workers (not an EXPLAIN ANALYZE).
   */
  readonly maxRows?: number;
  /**
   * Aborting cancels on the server, and `run` rejects with CancelledError; the signal's reason tells why
   * (a TimeoutError of AbortSignal.timeout). A statement that ended before the cancel came resolves.
   */
  readonly signal?: AbortSignal;
  /** Called as each notice arrives, while the statement still runs. */
  readonly onNotice?: (notice: Notice) => void;
}

export interface Result {
  /** Command tag's first words: `SELECT`, `CREATE INDEX`, `INSERT` … */
  readonly command: string;
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows fetched or affected; `null` for commands that count none. */
  readonly rowCount: number | null;
  /** More rows existed than `maxRows`. */
  readonly truncated: boolean;
  /** Milliseconds from sending the statement to its last row, measured by the client. */
  readonly durationMs: number;
}

/** `idle`: no transaction block; `open`: inside one; `failed`: inside one that only ROLLBACK ends. */
export type TransactionState = 'idle' | 'open' | 'failed';

export interface Session {
  /**
   * Runs exactly one statement.
   * @throws {SqlError} what the server answered
   */
  run(sql: string, options?: RunOptions): Promise<Result>;
  readonly transaction: TransactionState;
}

/** An error of the server, in its own words (libpq's field names). */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly code: string;
  readonly severity: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** PL context, innermost first. */
  readonly where: string | undefined;
  /** UTF-16 offset into the statement that was sent, 0-based; the server counts code points from 1. */
  readonly offset: number | undefined;

  constructor(fields: {
    message: string;
    code: string;
    severity?: string | undefined;
    detail?: string | undefined;
    hint?: string | undefined;
    where?: string | undefined;
    offset?: number | undefined;
  }) {
    super(fields.message);
    this.code = fields.code;
    this.severity = fields.severity ?? 'ERROR';
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.where = fields.where;
    this.offset = fields.offset;
  }
}

/** The server's `position` (code points, from 1) as a UTF-16 offset (from 0) into `sql`. */
export function utf16Offset(sql: string, position: number): number {
  let offset = 0;
  for (let point = 1; point < position && offset < sql.length; point++) {
    offset += (sql.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}
