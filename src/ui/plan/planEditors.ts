import {
  Disposable,
  FileSystemError,
  l10n,
  RelativePattern,
  Uri,
  window,
  workspace,
  type CustomDocument,
  type CustomReadonlyEditorProvider,
  type WebviewPanel,
} from 'vscode';
import { commands } from 'vscode';
import { CUSTOM_EDITORS } from '../../contributions';
import { encodingOf } from '../../shared/encoding';
import { UserError } from '../../shared/errors';
import type { PlanRequests, PlanSource, PlanState } from '../../shared/protocol';
import type { Courses } from '../lesson/courses';
import { Page } from '../webview/page';
import { PlanPresenter, type Proving } from './presenter';

/** Texts that were pasted are removed after this many ms; a file of the person's own never is. */
const KEPT = 30 * 24 * 3600 * 1000;

/** The plan to compare with, beside the text that was opened. */
const BEFORE = 'before.json';
const SOURCE = 'source.json';

/** A plan that comes from elsewhere, in an editor of its own: a file as it is, any other text through a file in the storage. */
export class PlanEditors extends Disposable implements CustomReadonlyEditorProvider {
  private readonly provings = new Map<string, Proving>();
  private readonly shown = new Map<string, PlanPresenter>();
  private readonly registration: Disposable;

  constructor(
    private readonly extensionUri: Uri,
    private readonly storage: Uri,
    private readonly courses: Courses,
  ) {
    super(() => void this.registration.dispose());
    this.registration = window.registerCustomEditorProvider(CUSTOM_EDITORS.plan, this, {
      supportsMultipleEditorsPerDocument: true,
    });
  }

  /** The plans that editors show now, for comparing. */
  get open(): readonly PlanSource[] {
    return [...this.shown.values()].flatMap(({ current }) => (current.source ? [current.source] : []));
  }

  async openFile(uri: Uri): Promise<void> {
    await commands.executeCommand('vscode.openWith', uri, CUSTOM_EDITORS.plan);
  }

  /** Opens a text; `before` is shown beside it. What it is named after is in `source.title`. */
  async openText(source: PlanSource, before?: PlanSource, proving?: Proving): Promise<void> {
    await this.sweep();
    const folder = Uri.joinPath(this.opened, `${Date.now()}`);
    const name = before ? l10n.t('{0} and {1}', titleOf(before), titleOf(source)) : titleOf(source);
    const uri = Uri.joinPath(folder, `${name}.plan`);
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    await workspace.fs.writeFile(uri, encode(source.text));
    await workspace.fs.writeFile(Uri.joinPath(folder, SOURCE), encode(JSON.stringify({ ...source, text: '' })));
    if (before) await workspace.fs.writeFile(Uri.joinPath(folder, BEFORE), encode(JSON.stringify(before)));
    if (proving) this.provings.set(uri.toString(), proving);
    await this.openFile(uri);
  }

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): Promise<void> {
    const presenter = new PlanPresenter(this.courses, () => undefined);
    const key = `${uri.toString()} ${Date.now()}`;
    const load = async (): Promise<void> => {
      try {
        const { source, before } = await this.read(uri);
        const history = before ? [before, source] : [source];
        presenter.show(source, history, { proving: this.provings.get(uri.toString()), before });
      } catch (error) {
        presenter.fail(error);
      }
    };
    await load();
    this.shown.set(key, presenter);
    const page = new Page<PlanState, PlanRequests>(panel.webview, this.extensionUri, 'plan', presenter.handlers, {
      title: 'EXPLAIN Plan',
    });
    presenter.connect((state) => page.push(state));
    // a file of the person's own may be written again
    const watcher = workspace.createFileSystemWatcher(
      new RelativePattern(Uri.joinPath(uri, '..'), uri.path.split('/').at(-1) ?? ''),
      true,
      false,
      true,
    );
    watcher.onDidChange(() => void load());
    panel.onDidDispose(() => {
      this.shown.delete(key);
      watcher.dispose();
      page.dispose();
    });
  }

  private get opened(): Uri {
    return Uri.joinPath(this.storage, 'plans', 'opened');
  }

  private async read(uri: Uri): Promise<{ source: PlanSource; before: PlanSource | undefined }> {
    const folder = Uri.joinPath(uri, '..');
    const file = uri.path.split('/').at(-1) ?? '';
    const bytes = await readFile(uri);
    const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
    const own = uri.path.startsWith(`${this.opened.path}/`);
    const known = own ? await json<PlanSource>(Uri.joinPath(folder, SOURCE)) : undefined;
    const before = own ? await json<PlanSource>(Uri.joinPath(folder, BEFORE)) : undefined;
    const source: PlanSource = known
      ? { ...known, text }
      : { id: uri.toString(), title: file, at: Date.now(), text, ignoredSettings: [] };
    return { source, before };
  }

  private async sweep(): Promise<void> {
    try {
      for (const [name] of await workspace.fs.readDirectory(this.opened)) {
        if (Date.now() - Number(name) > KEPT)
          await workspace.fs.delete(Uri.joinPath(this.opened, name), { recursive: true });
      }
    } catch (error) {
      if (!(error instanceof FileSystemError)) throw error; // nothing was opened yet
    }
  }
}

/** For the name of a file. */
function titleOf({ title }: PlanSource): string {
  const name = title
    .replace(/\.\w{1,7}$/, '')
    .replace(/[^\p{L}\p{N} ._,-]+/gu, ' ')
    .trim();
  return name === '' ? 'Plan' : name;
}

async function readFile(uri: Uri): Promise<Uint8Array> {
  try {
    return await workspace.fs.readFile(uri);
  } catch (error) {
    throw new UserError(l10n.t('{0} could not be read.', uri.fsPath), l10n.t('Open the plan again.'), { cause: error });
  }
}

async function json<T>(uri: Uri): Promise<T | undefined> {
  try {
    return JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(uri))) as T;
  } catch {
    return undefined;
  }
}
