import { env, window, type Disposable, type Uri } from 'vscode';
import { VIEWS } from '../../contributions';
import type { PlanRequests, PlanState } from '../../shared/protocol';
import { callCommand } from '../command';
import { PageView } from '../webview/pageView';

/** The plan of the last statement that was explained. */
export class PlanView {
  private state: PlanState = { engine: '', serial: 0, status: 'empty', sql: '' };
  private readonly view: PageView<PlanState, PlanRequests>;

  constructor(extensionUri: Uri) {
    this.view = new PageView<PlanState, PlanRequests>(extensionUri, VIEWS.plan, 'plan', {
      ready: () => this.state,
      cancel: () => callCommand('pgLessons.cancelStatement'),
      copy: async ({ text }) => env.clipboard.writeText(text),
    });
  }

  register(): Disposable {
    return window.registerWebviewViewProvider(VIEWS.plan, this.view);
  }

  get current(): PlanState {
    return this.state;
  }

  async begin(engine: string, sql: string): Promise<void> {
    this.set({ engine, serial: this.state.serial + 1, status: 'running', sql });
    await this.view.reveal();
  }

  update(change: Partial<PlanState>): void {
    this.set({ ...this.state, ...change });
  }

  private set(state: PlanState): void {
    this.state = state;
    this.view.push(state);
  }
}
