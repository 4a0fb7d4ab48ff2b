import { SqlError, type Result, type RunOptions } from '../../sql/session';
import { statementRequest } from './request';
import { Response, toSqlError } from './response';

/** What a statement needs of a connection to one server process. */
export interface Exchange {
  /**
   * Sends `request` and feeds `response` up to ReadyForQuery.
   * @throws {BackendLostError} the server process or the connection to it is gone
   */
  exchange(request: Uint8Array, response: Response): Promise<void>;
}

/** The server process went away before it had answered. */
export class BackendLostError extends Error {
  override readonly name = 'BackendLostError';
}

/**
 * Runs one statement.
 * @throws {SqlError} the server's answer
 * @throws {BackendLostError}
 */
export async function runStatement(connection: Exchange, sql: string, options: RunOptions): Promise<Result> {
  const { maxRows } = options;
  const nul = sql.indexOf('\0');
  // Ends the text in the protocol, and the rest would be taken for something else.
  if (nul !== -1) throw new SqlError({ message: 'null character not permitted', code: '42601', offset: nul });
  const response = new Response(options.onNotice);
  const startedAt = performance.now();
  await connection.exchange(statementRequest(sql, options.parameters ?? [], maxRows), response);
  if (!response.concluded) throw new BackendLostError('The statement ended without an answer.');
  if (response.error) throw toSqlError(response.error, sql);

  const truncated = maxRows !== undefined && response.rows.length > maxRows;
  const rows = truncated ? response.rows.slice(0, maxRows) : response.rows;
  const tag = parseTag(response.tag);
  return {
    // A portal left half-way gives no command tag.
    command: tag?.command ?? (truncated ? commandOf(sql) : ''),
    fields: response.fields,
    rows,
    rowCount: truncated ? rows.length : (tag?.count ?? null),
    truncated,
    durationMs: response.endedAt - startedAt,
  };
}

/** "INSERT 0 5" → INSERT, 5; "CREATE INDEX" → CREATE INDEX, null. */
function parseTag(tag: string | undefined): { command: string; count: number | null } | undefined {
  if (tag === undefined) return undefined;
  const numbers = / [\d ]+$/.exec(tag)?.[0] ?? '';
  const count = numbers.trim().split(' ').at(-1);
  return { command: tag.slice(0, tag.length - numbers.length), count: count ? Number(count) : null };
}

/** The command tag a statement that returns rows would have had, by its first word. */
function commandOf(sql: string): string {
  const word = /^(?:\s|--.*\n|\/\*[^]*?\*\/|\()*([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? '';
  return ['WITH', 'VALUES', 'TABLE'].includes(word) ? 'SELECT' : word;
}
