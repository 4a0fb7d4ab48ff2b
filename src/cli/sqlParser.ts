import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSqlParser } from '../parser/loadSqlParser';
import { UserError } from '../shared/errors';
import type { SqlParser } from '../sql/parsed';

/** Beside the bundle; beside the package it comes from, where the sources run. */
const PLACES = ['libpg-query.wasm', '../../node_modules/libpg-query/wasm/libpg-query.wasm'];

/** @throws {UserError} its file is missing */
export async function sqlParser(): Promise<SqlParser> {
  for (const place of PLACES) {
    const wasm = await readFile(path.join(__dirname, place)).catch(() => undefined);
    if (wasm) return loadSqlParser(wasm);
  }
  throw new UserError('The installation is incomplete: libpg-query.wasm cannot be read.', 'Install pg-lessons anew.');
}
