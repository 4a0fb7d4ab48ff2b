import { commands, type Uri, type WebviewView, type WebviewViewProvider } from 'vscode';
import { Page, type PageName } from './page';

/**
 * A page in a view of the bottom panel. VS Code makes the webview when the view is first shown and drops it
 * when it is hidden, so the state is kept here and handed over whole.
 */
export class PageView<State, Requests extends { ready(): State }> implements WebviewViewProvider {
  private page: Page<State, Requests> | undefined;

  constructor(
    private readonly extensionUri: Uri,
    private readonly id: string,
    private readonly name: PageName,
    private readonly handlers: ConstructorParameters<typeof Page<State, Requests>>[3],
  ) {}

  resolveWebviewView(view: WebviewView): void {
    const page = new Page<State, Requests>(view.webview, this.extensionUri, this.name, this.handlers);
    this.page = page;
    view.onDidDispose(() => {
      page.dispose();
      if (this.page === page) this.page = undefined;
    });
  }

  push(state: State): void {
    this.page?.push(state);
  }

  /** Shows the view and leaves the focus where it is: the person is writing SQL. */
  async reveal(): Promise<void> {
    await commands.executeCommand(`${this.id}.focus`, { preserveFocus: true });
  }
}
