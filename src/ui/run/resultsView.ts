import { env, window, type Disposable, type Uri } from 'vscode';
import { VIEWS } from '../../contributions';
import type { ResultsRequests, ResultsState, ResultView } from '../../shared/protocol';
import { callCommand } from '../command';
import { PageView } from '../webview/pageView';

/** The rows, notices and errors of the last run. */
export class ResultsView {
  private state: ResultsState = { engine: '', serial: 0, results: [] };
  private readonly view: PageView<ResultsState, ResultsRequests>;

  constructor(extensionUri: Uri) {
    this.view = new PageView<ResultsState, ResultsRequests>(extensionUri, VIEWS.results, 'results', {
      ready: () => this.state,
      cancel: () => callCommand('pgLessons.cancelStatement'),
      copy: async ({ text }) => env.clipboard.writeText(text),
    });
  }

  register(): Disposable {
    return window.registerWebviewViewProvider(VIEWS.results, this.view);
  }

  get current(): ResultsState {
    return this.state;
  }

  /** A new run: an empty page with what will run. */
  async begin(engine: string): Promise<void> {
    this.set({ engine, serial: this.state.serial + 1, results: [] });
    await this.view.reveal();
  }

  /** Adds the next statement's result, or changes the last one. */
  update(result: ResultView, index: number): void {
    const results = [...this.state.results];
    results[index] = result;
    this.set({ ...this.state, results });
  }

  private set(state: ResultsState): void {
    this.state = state;
    this.view.push(state);
  }
}
