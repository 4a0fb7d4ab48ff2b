// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- an ambient declaration cannot be imported
/// <reference path="../types/pgpass-helper.d.ts" />
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

interface Place {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * A password of libpq's password file. The pgpass library does the matching; which file is decided
 * here, since it knows only the process's own environment.
 * @param passfile undefined: ~/.pgpass
 * @returns undefined when there is none, or when others may read the file (libpq ignores it then too)
 */
export async function findPassword(place: Place, passfile: string | undefined): Promise<string | undefined> {
  const windows = process.platform === 'win32';
  const file =
    passfile ||
    (windows
      ? path.join(process.env['APPDATA'] ?? '', 'postgresql', 'pgpass.conf')
      : path.join(process.env['HOME'] || homedir(), '.pgpass'));
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile() || (!windows && (info.mode & 0o077) !== 0)) return undefined;
  const { default: helper } = await import('pgpass/lib/helper.js');
  // libpq looks for "localhost" when the connection is a Unix socket.
  const host = place.host.startsWith('/') ? 'localhost' : place.host;
  return new Promise((resolve) => helper.getPassword({ ...place, host }, createReadStream(file), resolve));
}
