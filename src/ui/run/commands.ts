import { Disposable, l10n, Uri, window, workspace, type TextDocument } from 'vscode';
import { RUN_COMMANDS, type StatementArgument } from '../../contributions';
import { UserError } from '../../shared/errors';
import type { RunMode } from '../../shared/protocol';
import { statementAt, statements, type Statement } from '../../sql/statements';
import type { CommandRegistry } from '../command';
import type { Runner } from './runner';
import type { SqlProblems } from './sqlProblems';
import type { Targets } from './target';

export function registerRunCommands(
  commands: CommandRegistry,
  runner: Runner,
  targets: Targets,
  problems: SqlProblems,
): Disposable {
  const modes = Object.entries(RUN_COMMANDS) as [RunMode, (typeof RUN_COMMANDS)[RunMode]][];
  return Disposable.from(
    ...modes.map(([mode, id]) =>
      commands.register(id, async (argument) => {
        const { document, chosen } = await statementsOf(argument);
        problems.clear(document.uri);
        await runner.run({
          origin: document.uri.toString(),
          statements: chosen,
          mode,
          database: (signal) => targets.of(document, signal),
          sandbox: targets.isSandbox(document),
          attempts: targets.isExercise(document),
          guarded: targets.isUnsolved(document),
          onSqlError: (statement, error) => problems.set(document, statement, error),
        });
      }),
    ),
    commands.register('pgLessons.cancelStatement', () => runner.cancel()),
  );
}

/** What a CodeLens named, else the selection's statements, else the statement at the cursor. */
async function statementsOf(
  argument: StatementArgument | undefined,
): Promise<{ document: TextDocument; chosen: Statement[] }> {
  if (isStatementArgument(argument)) {
    const document = await workspace.openTextDocument(Uri.parse(argument.uri, true));
    return {
      document,
      chosen: statements(document.getText()).filter((statement) => statement.start === argument.start),
    };
  }
  const editor = window.activeTextEditor;
  if (!editor)
    throw new UserError(l10n.t('No SQL file is open.'), l10n.t('Open one and put the cursor into a statement.'));
  const { document, selection } = editor;
  if (!selection.isEmpty) {
    const start = document.offsetAt(selection.start);
    const inside = statements(document.getText(selection));
    return {
      document,
      chosen: inside.map((statement) => ({ ...statement, start: statement.start + start, end: statement.end + start })),
    };
  }
  const statement = statementAt(document.getText(), document.offsetAt(selection.active));
  return { document, chosen: statement ? [statement] : [] };
}

function isStatementArgument(value: unknown): value is StatementArgument {
  return (
    typeof value === 'object' &&
    value !== null &&
    'uri' in value &&
    typeof value.uri === 'string' &&
    'start' in value &&
    typeof value.start === 'number'
  );
}
