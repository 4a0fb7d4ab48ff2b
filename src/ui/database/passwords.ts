import { l10n, window, type SecretStorage } from 'vscode';

/** Passwords in SecretStorage, one for each user, host and port. */
export class Passwords {
  constructor(private readonly secrets: SecretStorage) {}

  private last: Account | undefined;

  /** The kept password, or what the person types now, which is then kept; `undefined` when the box is left. */
  async get(account: Account): Promise<string | undefined> {
    this.last = account;
    const kept = await this.secrets.get(keyOf(account));
    if (kept !== undefined) return kept;
    const password = await window.showInputBox({
      title: l10n.t('Password of {0} at {1}:{2}', account.user, account.host, account.port),
      prompt: l10n.t('Kept in the system’s secret storage.'),
      password: true,
      ignoreFocusOut: true,
    });
    if (password !== undefined) await this.secrets.store(keyOf(account), password);
    return password;
  }

  /** The server refused the password given last: it is not given again. */
  async forgetLast(): Promise<void> {
    if (this.last) await this.secrets.delete(keyOf(this.last));
  }
}

export interface Account {
  readonly user: string;
  readonly host: string;
  readonly port: number;
}

function keyOf({ user, host, port }: Account): string {
  return `password:${user}@${host}:${port}`;
}
