import { readFile } from 'node:fs/promises';
import { encodingOf } from '../shared/encoding';
import { UserError } from '../shared/errors';
import type { Io } from './command';

/** Names standard input. */
export const STDIN = '-';

/**
 * The text of a file, or of standard input: UTF-8 or UTF-16 (what PowerShell's `>` writes), with or without a byte order mark.
 * @throws {UserError} says why it could not be read
 */
export async function readText(file: string, io: Io): Promise<string> {
  try {
    const bytes = file === STDIN ? await io.stdin() : await readFile(file);
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const known = typeof code === 'string' ? REASONS[code] : undefined;
    const name = file === STDIN ? 'Standard input' : `“${file}”`;
    const reason = known ?? `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new UserError(`${name} ${reason}${known === undefined ? '' : '.'}`, undefined, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ERR_FS_FILE_TOO_LARGE: 'is larger than 2 GB',
  ERR_STRING_TOO_LONG: 'is too large',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is too large',
};
