import { serialize } from 'pg-protocol';
import type { Cell } from '../../sql/session';

/**
 * Only answers a COPY FROM STDIN, which would wait for ever for rows nobody sends. Outside of COPY the
 * server ignores it (PostgreSQL's protocol: "Accept but ignore").
 */
const noCopyData = 'COPY FROM STDIN is not possible here: INSERT the rows instead.';

/**
 * The extended protocol's messages for one statement with text parameters and text results.
 * @param maxRows the server stops after so many rows, or never when it is undefined
 */
export function statementRequest(sql: string, parameters: readonly Cell[], maxRows: number | undefined): Buffer {
  return Buffer.concat([
    serialize.parse({ text: sql }),
    serialize.bind({ values: [...parameters] }),
    serialize.describe({ type: 'P' }),
    // One row more tells "exactly so many" from "there are more".
    serialize.execute({ rows: maxRows === undefined ? 0 : maxRows + 1 }),
    serialize.copyFail(noCopyData),
    serialize.sync(),
  ]);
}

/** Several statements in one simple query: one implicit transaction. */
export function scriptRequest(sql: string): Buffer {
  return Buffer.concat([serialize.query(sql), serialize.copyFail(noCopyData)]);
}
