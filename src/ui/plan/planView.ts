import { window, type Disposable, type Uri } from 'vscode';
import { VIEWS } from '../../contributions';
import type { PlanRequests, PlanState } from '../../shared/protocol';
import { callCommand } from '../command';
import type { Courses } from '../lesson/courses';
import { PageView } from '../webview/pageView';
import { PlanPresenter } from './presenter';

/** The plan of the last statement that was explained, in the bottom panel. */
export class PlanView {
  readonly presenter: PlanPresenter;
  private readonly view: PageView<PlanState, PlanRequests>;

  constructor(extensionUri: Uri, courses: Courses) {
    this.presenter = new PlanPresenter(courses, () => void callCommand('pgLessons.cancelStatement'));
    this.view = new PageView(extensionUri, VIEWS.plan, 'plan', this.presenter.handlers);
    this.presenter.connect((state) => this.view.push(state));
  }

  register(): Disposable {
    return window.registerWebviewViewProvider(VIEWS.plan, this.view);
  }

  async begin(engine: string, sql: string): Promise<void> {
    this.presenter.begin(engine, sql);
    await this.view.reveal();
  }
}
