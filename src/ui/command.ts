import { commands, l10n, window, type Disposable, type LogOutputChannel } from 'vscode';
import type { CommandArguments, CommandId } from '../contributions';
import { CancelledError, UserError } from '../shared/errors';
import { SqlError } from '../sql/session';

/** Registers commands and is the only place that turns errors into what a person sees. */
export class CommandRegistry {
  constructor(private readonly log: LogOutputChannel) {}

  /**
   * `handler` gets what the caller passed: from the palette nothing, from menus what VS Code passes there,
   * so it must look at its argument before it trusts it.
   */
  register<K extends CommandId>(
    id: K,
    handler: (argument: CommandArguments[K] | undefined) => Promise<void> | void,
  ): Disposable {
    return commands.registerCommand(id, (argument?: CommandArguments[K]) => this.guard(async () => handler(argument)));
  }

  /** Runs work and shows its error, if there is one. Never rejects. */
  async guard(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.show(error);
    }
  }

  show(error: unknown): void {
    if (error instanceof CancelledError) return;
    if (error instanceof UserError) {
      this.log.warn(error.message);
      void window.showErrorMessage(sentenceOf(error));
      return;
    }
    this.log.error(error instanceof Error ? error : String(error));
    const open = l10n.t('Show Log');
    const message =
      error instanceof SqlError
        ? l10n.t('PostgreSQL: {0}', error.message)
        : l10n.t('Something went wrong: {0}', error instanceof Error ? error.message : String(error));
    void window.showErrorMessage(message, open).then((choice) => {
      if (choice === open) this.log.show();
    });
  }
}

/** An error as one text: what happened, and the next step. */
export function sentenceOf(error: unknown): string {
  if (error instanceof UserError && error.nextStep !== undefined) return `${error.message} ${error.nextStep}`;
  return error instanceof Error ? error.message : String(error);
}

/** Calls one of our commands, typed. */
export async function callCommand<K extends CommandId>(id: K, argument?: CommandArguments[K]): Promise<void> {
  await commands.executeCommand(id, argument);
}
