import { ConfigurationTarget, Disposable, l10n, window, workspace } from 'vscode';
import { SERVER_SETTINGS, type SettingId, type Settings } from '../../contributions';
import { CancelledError } from '../../shared/errors';
import type { CommandRegistry } from '../command';
import { ContextKey } from '../contextKey';
import { setting, settingChanged } from '../settings';
import type { Databases } from './databases';

/** Connect, Disconnect, and the pick list behind the status bar item. */
export function registerConnectionCommands(commands: CommandRegistry, databases: Databases): Disposable {
  const server = new ContextKey('pgLessons.server');
  const update = (): void => server.set(setting('pgLessons.engine') === 'server');
  update();
  return Disposable.from(
    workspace.onDidChangeConfiguration((event) => {
      if (settingChanged(event, 'pgLessons.engine')) update();
    }),
    commands.register('pgLessons.connect', () => connect(databases)),
    commands.register('pgLessons.disconnect', () => disconnect()),
    commands.register('pgLessons.showConnection', () => choose(commands, databases)),
  );
}

/** Asks where, tries it, and only then makes it the engine. */
async function connect(databases: Databases): Promise<void> {
  const title = l10n.t('Connect to PostgreSQL');
  const host = await ask(
    title,
    1,
    l10n.t('Host, address or socket directory'),
    'pgLessons.server.host',
    process.env['PGHOST'] ?? 'localhost',
  );
  const port = await ask(title, 2, l10n.t('Port'), 'pgLessons.server.port', process.env['PGPORT'] ?? '5432', (value) =>
    /^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65536
      ? undefined
      : l10n.t('A port is a number from 1 to 65535.'),
  );
  const user = await ask(
    title,
    3,
    l10n.t('User'),
    'pgLessons.server.user',
    process.env['PGUSER'] ?? process.env['USER'] ?? process.env['USERNAME'] ?? 'postgres',
  );
  const database = await ask(
    title,
    4,
    l10n.t('Database to connect to. Lessons never write to it.'),
    'pgLessons.server.database',
    process.env['PGDATABASE'] ?? 'postgres',
  );

  const before = (['pgLessons.engine', ...SERVER_SETTINGS] as const).map(
    (id) => [id, workspace.getConfiguration().inspect(id)?.globalValue] as const,
  );
  const values: Partial<Settings> = {
    'pgLessons.server.host': host,
    'pgLessons.server.port': Number(port),
    'pgLessons.server.user': user,
    'pgLessons.server.database': database,
    'pgLessons.engine': 'server',
  };
  for (const [id, value] of Object.entries(values))
    await workspace.getConfiguration().update(id, value, ConfigurationTarget.Global);
  try {
    await databases.own();
    void window.showInformationMessage(
      l10n.t('Connected to {0}. Lessons work there in databases named pg_lessons_….', databases.name),
    );
  } catch (error) {
    for (const [id, value] of before) await workspace.getConfiguration().update(id, value, ConfigurationTarget.Global);
    throw error;
  }
}

async function ask(
  title: string,
  step: number,
  prompt: string,
  id: SettingId,
  fallback: string,
  validateInput?: (value: string) => string | undefined,
): Promise<string> {
  const now = setting(id);
  const value = await window.showInputBox({
    title: `${title} (${step}/4)`,
    prompt,
    value: now === null || now === '' ? fallback : String(now),
    ignoreFocusOut: true,
    ...(validateInput && { validateInput }),
  });
  if (value === undefined) throw new CancelledError();
  return value.trim();
}

async function disconnect(): Promise<void> {
  await workspace
    .getConfiguration()
    .update('pgLessons.engine', 'embedded' satisfies Settings['pgLessons.engine'], ConfigurationTarget.Global);
}

async function choose(commands: CommandRegistry, databases: Databases): Promise<void> {
  const connectItem = { label: l10n.t('$(plug) Connect to Server…'), run: () => connect(databases) };
  const disconnectItem = {
    label: l10n.t('$(debug-disconnect) Disconnect: use the embedded PostgreSQL'),
    run: disconnect,
  };
  const items = databases.kind === 'server' ? [disconnectItem, connectItem] : [connectItem];
  const chosen = await window.showQuickPick(items, { title: l10n.t('SQL runs in {0}', databases.name) });
  if (chosen) await commands.guard(chosen.run);
}
