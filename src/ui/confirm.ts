import { window } from 'vscode';
import { CancelledError } from '../shared/errors';

/**
 * A modal question.
 * @returns the button that was pressed
 * @throws {CancelledError} when the question is left
 */
export async function confirm<const T extends string>(
  question: string,
  detail: string,
  ...buttons: readonly T[]
): Promise<T> {
  const pressed = await window.showWarningMessage(question, { modal: true, detail }, ...buttons);
  if (pressed === undefined) throw new CancelledError();
  return pressed;
}
