import { Disposable, l10n, MarkdownString, StatusBarAlignment, window, type StatusBarItem } from 'vscode';
import type { Runner } from '../run/runner';
import type { Databases } from './databases';

/** Says where SQL runs; while something runs, that it does, and a click cancels it. */
export class ConnectionStatus extends Disposable {
  private readonly item: StatusBarItem;
  private readonly subscriptions: Disposable;

  constructor(
    private readonly databases: Databases,
    private readonly runner: Runner,
  ) {
    super(() => {
      this.subscriptions.dispose();
    });
    this.item = window.createStatusBarItem('connection', StatusBarAlignment.Left, 10);
    this.item.name = l10n.t('Where SQL Runs');
    this.subscriptions = Disposable.from(
      this.item,
      databases.onDidChange(() => this.update()),
      runner.onDidChange(() => this.update()),
    );
    this.update();
    this.item.show();
  }

  private update(): void {
    const where = this.databases.name;
    const running = this.runner.running !== undefined;
    const open = this.runner.transactionOpen;
    const idle = open ? l10n.t('$(database) {0}, transaction open', where) : `$(database) ${where}`;
    this.item.text = running ? l10n.t('$(sync~spin) Running') : idle;
    this.item.tooltip = new MarkdownString().appendText(
      running ? l10n.t('Cancel what runs in {0}', where) : l10n.t('SQL of lessons runs in {0}', where),
    );
    this.item.command = running ? 'pgLessons.cancelStatement' : 'pgLessons.showConnection';
    this.item.accessibilityInformation = {
      label: running ? l10n.t('Running, cancel') : l10n.t('SQL runs in {0}', where),
      role: 'button',
    };
  }
}
