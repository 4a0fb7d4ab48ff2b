import { Uri, workspace, type LogOutputChannel } from 'vscode';
import type { SqlParser } from '../../../sql/parsed';

/** PostgreSQL's own parser; `undefined` where it cannot be had: the lint then leaves SQL alone. */
export async function loadParser(extensionUri: Uri, log: LogOutputChannel): Promise<SqlParser | undefined> {
  try {
    const [{ loadSqlParser }, wasm] = await Promise.all([
      import('../../../parser/loadSqlParser'),
      workspace.fs.readFile(Uri.joinPath(extensionUri, 'dist', 'libpg-query.wasm')),
    ]);
    return await loadSqlParser(wasm);
  } catch (error) {
    log.warn(`The SQL parser could not be loaded: ${String(error)}`);
    return undefined;
  }
}
