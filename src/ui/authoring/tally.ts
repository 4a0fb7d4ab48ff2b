import { commands, l10n, window, type TestItem } from 'vscode';
import { TEST_CONTROLLER } from '../../contributions';

/** Of one run, for a sentence at its end. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The first that failed: a proof, or an exercise that could not be verified at all. */
  readonly failure: TestItem | undefined;
}

/** A sentence for the end of a run that a command began; where something failed, with the way there. */
export async function sayTally({ passed, failed, skipped, failure }: Tally): Promise<void> {
  const words = [
    l10n.t('{0} proofs passed', passed),
    ...(failed > 0 ? [l10n.t('{0} failed', failed)] : []),
    ...(skipped > 0 ? [l10n.t('{0} skipped', skipped)] : []),
  ].join(', ');
  if (failed === 0) {
    void window.showInformationMessage(passed + skipped === 0 ? l10n.t('There is nothing to verify.') : `${words}.`);
    return;
  }
  const show = failed === 1 ? l10n.t('Show Failure') : l10n.t('Show First Failure');
  const choice = await window.showWarningMessage(`${words}.`, show);
  if (choice === show && failure) await showFailure(failure);
}

/** The lesson at the line that failed, what was found there, and the Testing view, where the others are. */
async function showFailure(item: TestItem): Promise<void> {
  await commands.executeCommand('workbench.view.testing.focus');
  // asked for now: typing moves it
  const { uri, range } = item;
  if (!uri) return;
  await window.showTextDocument(uri, { preview: false, ...(range && { selection: range }) });
  // no part of the API: without it the line and the Testing view still say it
  await commands.executeCommand('vscode.peekTestError', idOf(item)).then(undefined, () => undefined);
}

/** An item's id among all tests of a window, as VS Code makes it. */
function idOf(item: TestItem): string {
  const path: string[] = [];
  for (let at: TestItem | undefined = item; at; at = at.parent) path.unshift(at.id);
  return [TEST_CONTROLLER, ...path].join('\0');
}
