import { commands } from 'vscode';
import type { ContextKeys } from '../contributions';

/** One context key; tells VS Code only of changes. */
export class ContextKey<K extends keyof ContextKeys> {
  private value: ContextKeys[K] | undefined;

  constructor(private readonly name: K) {}

  set(value: ContextKeys[K]): void {
    if (this.value === value) return;
    this.value = value;
    void commands.executeCommand('setContext', this.name, value);
  }
}
