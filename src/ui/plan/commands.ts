import { Disposable, env, l10n, QuickPickItemKind, Uri, window, workspace, type QuickPickItem } from 'vscode';
import { CancelledError, UserError } from '../../shared/errors';
import type { PlanSource } from '../../shared/protocol';
import type { CommandRegistry } from '../command';
import type { Databases } from '../database/databases';
import { figuresOf } from './figures';
import { entryOf, type PlanHistory } from './history';
import type { PlanEditors } from './planEditors';
import type { Proving } from './presenter';
import { pickRunningQuery } from './runningQuery';

interface Deps {
  readonly commands: CommandRegistry;
  readonly editors: PlanEditors;
  readonly history: PlanHistory;
  readonly databases: Databases;
}

/** What was chosen: a text to open, or a file to open as it is. */
type Chosen = { readonly source: PlanSource; readonly proving?: Proving } | { readonly file: Uri };

interface Choice extends QuickPickItem {
  readonly choose: () => Promise<Chosen | undefined>;
}

export function registerPlanCommands({ commands, editors, history, databases }: Deps): Disposable {
  return Disposable.from(
    commands.register('pgLessons.openPlan', async (argument) => {
      if (argument instanceof Uri) return editors.openFile(argument);
      const choice = await window.showQuickPick(places(databases), { placeHolder: l10n.t('Where is the plan?') });
      const chosen = await choice?.choose();
      if (!chosen) return;
      if ('file' in chosen) await editors.openFile(chosen.file);
      else await editors.openText(await checked(chosen.source), undefined, chosen.proving);
    }),
    commands.register('pgLessons.comparePlans', async () => {
      const kept = [...editors.open, ...(await history.all())];
      const before = await pickPlan(l10n.t('The plan before'), kept, databases);
      const after = await pickPlan(l10n.t('The plan after'), kept, databases, before);
      await editors.openText(after, before);
    }),
  );
}

function places(databases: Databases): Choice[] {
  const editor = window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection) : undefined;
  const name = editor?.document.uri.path.split('/').at(-1) ?? '';
  const items: (Choice | undefined)[] = [
    editor === undefined
      ? undefined
      : selected === undefined
        ? {
            label: l10n.t('$(file) Open Editor'),
            description: name,
            choose: () => Promise.resolve({ source: sourceOf(name, editor.document.getText()) }),
          }
        : {
            label: l10n.t('$(selection) Selection'),
            description: name,
            choose: () => Promise.resolve({ source: sourceOf(l10n.t('Selection of {0}', name), selected) }),
          },
    {
      label: l10n.t('$(clippy) Clipboard'),
      choose: async () => ({ source: sourceOf(l10n.t('Clipboard'), await env.clipboard.readText()) }),
    },
    {
      label: l10n.t('$(folder-opened) File…'),
      detail: l10n.t('EXPLAIN’s output in any format, or a log of auto_explain'),
      choose: chooseFile,
    },
    databases.kind === 'embedded'
      ? undefined
      : {
          label: l10n.t('$(pulse) Running Query…'),
          description: databases.name,
          detail: l10n.t('Plans what another session runs, without running it'),
          choose: () => pickRunningQuery(databases),
        },
  ];
  return items.filter((item) => item !== undefined);
}

async function chooseFile(): Promise<{ file: Uri } | undefined> {
  const [file] =
    (await window.showOpenDialog({
      title: l10n.t('Open EXPLAIN Plan'),
      filters: {
        [l10n.t('EXPLAIN plans')]: ['plan', 'json', 'txt', 'log', 'yaml', 'yml', 'xml', 'csv'],
        [l10n.t('All files')]: ['*'],
      },
    })) ?? [];
  return file && { file };
}

/** A kept plan, or one from elsewhere. @throws {CancelledError} */
async function pickPlan(
  placeHolder: string,
  kept: readonly PlanSource[],
  databases: Databases,
  other?: PlanSource,
): Promise<PlanSource> {
  const items: Choice[] = kept
    .filter((source) => source !== other)
    .map((source) => ({
      label: source.title,
      description: [entryOf(source).figures, new Date(source.at).toLocaleTimeString()].filter(Boolean).join(' · '),
      detail: source.sql?.replace(/\s+/g, ' ').slice(0, 150) ?? '',
      choose: () => Promise.resolve({ source }),
    }));
  const separator = {
    label: l10n.t('Elsewhere'),
    kind: QuickPickItemKind.Separator,
    choose: () => Promise.resolve(undefined),
  };
  const choice = await window.showQuickPick([...items, separator, ...places(databases)], {
    placeHolder,
    // a page that opens meanwhile takes the focus
    ignoreFocusOut: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const chosen = await choice?.choose();
  if (!chosen) throw new CancelledError();
  if ('source' in chosen) return checked(chosen.source);
  const { encodingOf } = await import('../../shared/encoding');
  const bytes = await workspace.fs.readFile(chosen.file);
  const name = chosen.file.path.split('/').at(-1) ?? '';
  return checked(sourceOf(name, new TextDecoder(encodingOf(bytes)).decode(bytes)));
}

function sourceOf(title: string, text: string): PlanSource {
  return { id: `${title} ${Date.now()}`, title, at: Date.now(), text, ignoredSettings: [] };
}

/** Larger texts (UTF-16 units) are opened unread: their page says what is wrong with them. */
const READ_AHEAD = 2_000_000;

/** @throws {PlanParseError} what is no plan: said before an editor opens */
async function checked(source: PlanSource): Promise<PlanSource> {
  if (source.text.trim() === '')
    throw new UserError(l10n.t('{0}: there is no text.', source.title), l10n.t('Copy what EXPLAIN printed.'));
  if (source.text.length > READ_AHEAD) return source;
  const { readPlans } = await import('../../plan/read');
  const [plan] = readPlans(source.text);
  const figures = await figuresOf(source.text);
  const sql = source.sql ?? plan?.query;
  return { ...source, ...(sql !== undefined && { sql }), ...(figures !== undefined && { figures }) };
}
