import { l10n, window } from 'vscode';
import type { Database } from '../../database/engine';
import { hypopgSchema, proveIndex, type Proof } from '../../sql/proveIndex';
import type { Statement } from '../../sql/statements';

/**
 * In a lesson's database the index is really built, and rolled back. In the person's own: with HypoPG where it is installed, which
 * writes nothing; else it is built after asking.
 * @returns `undefined` when the person said no
 */
export async function proveOn(
  database: Database,
  statement: Statement,
  index: string,
  sandbox: boolean,
  signal: AbortSignal,
): Promise<Proof | undefined> {
  const hypothetical =
    !sandbox && (await database.fresh(async (session) => (await hypopgSchema(session)) !== undefined, signal));
  if (!sandbox && !hypothetical && !(await allowed(index))) return undefined;
  return database.fresh((session) => proveIndex(session, statement, index, { build: !hypothetical, signal }), signal);
}

async function allowed(index: string): Promise<boolean> {
  const build = l10n.t('Build and Roll Back');
  const detail = [
    index,
    l10n.t('The statement runs twice, with and without the index, inside a transaction that is rolled back.'),
    l10n.t('While the index is built, others can read the table but not write to it.'),
  ].join('\n\n');
  const choice = await window.showWarningMessage(
    l10n.t('Build this index on your own database for a moment?'),
    { modal: true, detail },
    build,
  );
  return choice === build;
}
