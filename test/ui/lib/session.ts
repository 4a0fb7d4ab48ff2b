// A VS Code with the packaged extension installed, in an empty profile, used as a person would.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { ensurePackage } from '../../../scripts/vscode/packaged.mjs';
import { repoRoot, tempDir } from '../../../scripts/vscode/paths.mjs';
import { launchVSCode, waitForWorkbench, type VSCode } from '../../../scripts/vscode/workbench.mjs';

export interface SessionOptions {
  /** The folder to open; default: an empty temporary one. */
  folder?: string;
  /** The packaged extension; default: the repo's, packaged anew when it is out of date. */
  vsix?: string;
  settings?: Record<string, unknown>;
  theme?: Theme;
  /** Let VS Code ask whether the folder is trusted. */
  workspaceTrust?: boolean;
  env?: Record<string, string | undefined>;
  viewport?: { width: number; height: number };
  /** Print what the server and the page log. */
  verbose?: boolean;
}

/** VS Code's own themes, by their id, which the settings take, and their name, which the picker shows. */
const THEMES = {
  dark: { id: 'Default Dark Modern', name: 'Dark Modern', body: 'vs-dark' },
  light: { id: 'Default Light Modern', name: 'Light Modern', body: 'vs' },
  'high-contrast': { id: 'Default High Contrast', name: 'Dark High Contrast', body: 'hc-black' },
  'high-contrast-light': { id: 'Default High Contrast Light', name: 'Light High Contrast', body: 'hc-light' },
} as const;
export type Theme = keyof typeof THEMES;

/** How a webview is told from the others: its page's title, or an element that only it has. */
export interface WebviewMark {
  title?: string | RegExp;
  selector?: string;
}

/** For what needs the extension, a database or a lesson first. */
const LONG_MS = 60_000;
const SHORT_MS = 1500;

export class Session {
  readonly page: Page;
  readonly folder: string;
  readonly #vscode: VSCode;
  readonly #removeFolder: () => void;

  private constructor(vscode: VSCode, folder: string, removeFolder: () => void) {
    this.#vscode = vscode;
    this.#removeFolder = removeFolder;
    this.page = vscode.page;
    this.page.setDefaultTimeout(30_000);
    this.folder = folder;
  }

  static async open(options: SessionOptions = {}): Promise<Session> {
    const { theme = 'dark', settings, ...rest } = options;
    const temp = options.folder === undefined ? tempDir('pglw-') : undefined;
    const folder = options.folder ?? path.join(temp?.dir ?? '', 'workspace');
    mkdirSync(folder, { recursive: true });
    try {
      const vscode = await launchVSCode({
        ...rest,
        folder,
        vsix: options.vsix ?? (await ensurePackage()),
        settings: { 'workbench.colorTheme': THEMES[theme].id, ...settings },
        beforeGoto: (page) => {
          if (options.verbose) page.on('console', (message) => console.log(`[page] ${message.text()}`));
        },
      });
      return new Session(vscode, folder, () => temp?.remove());
    } catch (error) {
      temp?.remove();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#vscode.close();
    this.#removeFolder();
  }

  /** What VS Code's server has printed. */
  serverLog(): string {
    return this.#vscode.server.log();
  }

  /** Directory of this session's profile: settings and logs are in it. */
  get userDataDir(): string {
    return this.#vscode.server.userDataDir;
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await waitForWorkbench(this.page);
  }

  // --- commands and files

  /** Runs a command by its full title, "Category: Title", as the palette shows it. */
  async runCommand(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, title);
  }

  async openFile(name: string): Promise<void> {
    await this.pick('Control+P', name, name);
  }

  /** Trusts the folder of a session with `workspaceTrust`, which starts in Restricted Mode. */
  async trustFolder(): Promise<void> {
    await this.runCommand('Workspaces: Manage Workspace Trust');
    await this.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await this.statusItem('status.workspaceTrust').waitFor({ state: 'hidden' });
    // the editor of it lies over the others, in newer versions
    const over = this.page.locator('.monaco-modal-editor-block');
    if ((await over.count()) > 0)
      await over
        .getByRole('button', { name: /^Close/ })
        .first()
        .click();
    await over.waitFor({ state: 'hidden' });
  }

  /** Opens the quick input with a key, types, and takes the entry whose label this is. */
  async pick(key: string, text: string, label: string): Promise<void> {
    const input = this.quickInput();
    // The list is made when it opens: an extension that is registered later is not in it. And a page that
    // takes the focus closes it.
    await this.until(`“${label}” in the list of ${key}`, async () => {
      await this.page.keyboard.press('Escape');
      await this.pressUntil(key, input);
      try {
        await input.fill(text, { timeout: SHORT_MS });
        await this.quickPickEntry(label).click({ timeout: SHORT_MS });
        return true;
      } catch {
        return false;
      }
    });
  }

  quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible input').first();
  }

  /** An entry of the open quick pick. */
  quickPickEntry(label: string | RegExp): Locator {
    const text = typeof label === 'string' ? new RegExp(`^\\s*${escaped(label)}\\s*$`) : label;
    const name = this.page
      .locator('.quick-input-list-row:first-child .monaco-icon-label-container .label-name')
      .filter({ hasText: text });
    return this.page.locator('.quick-input-list').getByRole('option').filter({ has: name }).first();
  }

  /** Presses a key until something shows: keys pressed while a webview loads can get lost. */
  async pressUntil(key: string, shown: Locator): Promise<void> {
    await this.until(`${key} to show something`, async () => {
      await this.page.keyboard.press(key);
      return shown.waitFor({ state: 'visible', timeout: SHORT_MS }).then(
        () => true,
        () => false,
      );
    });
  }

  // --- parts of the workbench

  /** Shows a view container of the activity bar; does nothing when it is shown already. */
  async showView(name: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name, exact: true });
    await tab.waitFor({ timeout: LONG_MS });
    const selected = this.page.locator('.activitybar [role="tab"][aria-selected="true"]').and(tab);
    // a window that restores its views may show it just before the click, which then hides it
    await this.until(`the view ${name}`, async () => {
      if ((await selected.count()) === 0) await tab.click();
      return selected.waitFor({ timeout: SHORT_MS }).then(
        () => true,
        () => false,
      );
    });
  }

  treeItem(name: string | RegExp): Locator {
    return this.page.getByRole('treeitem', { name }).first();
  }

  async clickTreeItem(name: string | RegExp): Promise<void> {
    const item = this.treeItem(name);
    await item.waitFor({ timeout: LONG_MS });
    await item.click();
  }

  /** Expands a tree item unless it is expanded. */
  async expandTreeItem(name: string | RegExp): Promise<void> {
    const item = this.treeItem(name);
    await item.waitFor({ timeout: LONG_MS });
    if ((await item.getAttribute('aria-expanded')) === 'false') await item.locator('.monaco-tl-twistie').click();
    await this.until(
      `${String(name)} to be expanded`,
      async () => (await item.getAttribute('aria-expanded')) === 'true',
    );
  }

  editorTab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container').getByRole('tab', { name }).first();
  }

  codeLens(text: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration a').filter({ hasText: text }).first();
  }

  /** Texts that an extension shows at the ends of lines, one a line. */
  inlineText(): Promise<string> {
    return this.page.locator('.editor-instance .view-lines span').evaluateAll((spans) =>
      spans
        .map((span) => getComputedStyle(span, '::after').content)
        .filter((content) => content !== 'none' && content !== 'normal' && content !== '""')
        .join('\n'),
    );
  }

  statusItem(id: string): Locator {
    return this.page.locator(`.statusbar [id="${id}"]`);
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text }).first();
  }

  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  // --- webviews

  /** The document of the visible webview with this mark; waits until there is one. */
  async webview(mark: WebviewMark, timeout = LONG_MS): Promise<FrameLocator> {
    let name: string | undefined;
    await this.until(
      `a webview with ${describe(mark)}`,
      async () => (name = await this.#findWebview(mark)) !== undefined,
      timeout,
    );
    // By its own name: an index also counts hidden webviews, and a frame is replaced when its HTML is set again.
    return this.page.frameLocator(`iframe.webview[name="${name}"]`).frameLocator('iframe#active-frame');
  }

  async #findWebview({ title, selector }: WebviewMark): Promise<string | undefined> {
    for (const outer of await this.page.locator('iframe.webview.ready').all()) {
      // Hidden webviews stay where they are.
      if (!(await outer.isVisible().catch(() => false))) continue;
      const name = await outer.getAttribute('name').catch(() => null);
      const document = outer.contentFrame().locator('iframe#active-frame').contentFrame();
      const found = await matches(document, title, selector).catch(() => false); // it is gone, or not there yet
      if (found && name) return name;
    }
    return undefined;
  }

  // --- looks

  /** Switches the theme as a person does, with the theme picker. */
  async setTheme(theme: Theme): Promise<void> {
    const { name, body } = THEMES[theme];
    await this.runCommand('Preferences: Color Theme');
    const input = this.page.getByPlaceholder(/^Select Color Theme/);
    await input.fill(name);
    await this.quickPickEntry(name).click();
    await input.waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench.${body}`).waitFor();
  }

  /** Writes out/screenshots/NAME.png. */
  async screenshot(name: string): Promise<string> {
    const file = path.join(repoRoot, 'out/screenshots', `${name}.png`);
    mkdirSync(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    return file;
  }

  // --- waiting

  /** Waits for a condition, never for a time alone. */
  async until(what: string, condition: () => boolean | Promise<boolean>, timeout = 30_000): Promise<void> {
    const end = Date.now() + timeout;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`Waited ${timeout / 1000} s in vain for ${what}.`);
      await sleep(100);
    }
  }
}

async function matches(document: FrameLocator, title?: string | RegExp, selector?: string): Promise<boolean> {
  if (selector !== undefined && (await document.locator(selector).count()) === 0) return false;
  if (title === undefined) return true;
  const actual = await document
    .locator('html')
    .evaluate((html) => html.ownerDocument.title, undefined, { timeout: SHORT_MS });
  return typeof title === 'string' ? actual === title : title.test(actual);
}

function describe({ title, selector }: WebviewMark): string {
  return [title === undefined ? '' : `the title ${String(title)}`, selector ?? ''].filter(Boolean).join(' and ');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
