import { l10n, window, type QuickPickItem } from 'vscode';
import { UserError } from '../../shared/errors';
import type { PlanSource } from '../../shared/protocol';
import {
  explainableIn,
  hasParameters,
  planOfRunning,
  runningQueries,
  type RunningQuery,
} from '../../sql/runningQueries';
import { statementTitle } from '../../sql/statements';
import type { Databases } from '../database/databases';
import type { Proving } from './presenter';
import { proveOn } from './prove';

/** Lets the person choose one of the server's running statements, and plans it. */
export async function pickRunningQuery(
  databases: Databases,
): Promise<{ readonly source: PlanSource; readonly proving?: Proving } | undefined> {
  const own = await databases.own();
  if (!own)
    throw new UserError(l10n.t('The embedded database runs nothing else.'), l10n.t('Connect to a server first.'));
  const queries = await runningQueries(own.session);
  if (queries.length === 0)
    throw new UserError(l10n.t('No other session runs a statement now.'), l10n.t('Try again while one runs.'));
  const choice = await window.showQuickPick(queries.map(itemOf), {
    placeHolder: l10n.t('Which statement?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!choice) return undefined;
  const { query } = choice;
  const statement = explainableIn(query);
  const sourceOf = (text: string, title: string): PlanSource => ({
    id: `${title} ${Date.now()}`,
    title,
    at: Date.now(),
    sql: statement.text,
    engine: databases.name,
    text,
    ignoredSettings: [],
  });
  const text = await databases.withDatabase(query.database, ({ session, serverVersion }) =>
    planOfRunning(session, statement, serverVersion),
  );
  const source = {
    ...sourceOf(text, l10n.t('Process {0}', query.pid)),
    note: l10n.t('Planned anew, not run: its session may have other settings.'),
  };
  if (hasParameters(statement)) return { source };
  return {
    source,
    proving: {
      prove: (index, signal) =>
        databases.withDatabase(query.database, async (database) => {
          const proof = await proveOn(database, statement, index, false, signal);
          return (
            proof && {
              before: sourceOf(proof.before, l10n.t('Without the index')),
              after: sourceOf(proof.after, l10n.t('With the index')),
            }
          );
        }),
    },
  };
}

function itemOf(query: RunningQuery): QuickPickItem & { readonly query: RunningQuery } {
  const seconds = l10n.t('{0} s', (query.runningMs / 1000).toFixed(1));
  return {
    label: statementTitle(query.sql),
    description: [seconds, query.wait].filter((part) => part !== '').join(' · '),
    detail: [query.database, query.user, query.application, l10n.t('process {0}', query.pid)]
      .filter((part) => part !== '')
      .join(' · '),
    query,
  };
}
