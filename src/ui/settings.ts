import { workspace, type ConfigurationChangeEvent, type ConfigurationScope } from 'vscode';
import type { SettingId, Settings } from '../contributions';

/** A setting's value; package.json holds its default. */
export function setting<K extends SettingId>(id: K, scope?: ConfigurationScope): Settings[K] {
  const value = workspace.getConfiguration(undefined, scope).get<Settings[K]>(id);
  if (value === undefined) throw new Error(`package.json declares no default for ${id}`);
  return value;
}

export function settingChanged(event: ConfigurationChangeEvent, ...ids: readonly SettingId[]): boolean {
  return ids.some((id) => event.affectsConfiguration(id));
}
