import { Response, toSqlError } from './response';
import { BackendLostError, type Exchange } from './statement';
import { scriptRequest } from './request';

/**
 * Runs `sql`, any number of statements, as one simple query. Rows are dropped.
 * @throws {SqlError} with the offset in the whole of `sql`; nothing of it is done
 * @throws {BackendLostError}
 */
export async function runScript(connection: Exchange, sql: string): Promise<void> {
  const response = new Response();
  await connection.exchange(scriptRequest(sql), response);
  if (!response.concluded) throw new BackendLostError('The script ended without an answer.');
  if (response.error) throw toSqlError(response.error, sql);
}
