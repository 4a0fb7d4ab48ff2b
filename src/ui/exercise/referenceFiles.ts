import { Uri, workspace } from 'vscode';
import type { Reference, ReferenceStore } from '../../check/reference';

/** References as small files in the extension's storage: one a key, never changed once written. */
export class ReferenceFiles implements ReferenceStore {
  constructor(private readonly storage: Uri) {}

  async get(key: string): Promise<Reference | undefined> {
    try {
      return JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(this.uri(key)))) as Reference;
    } catch {
      return undefined; // not measured yet, or cut off by a crash: measured anew
    }
  }

  async set(key: string, reference: Reference): Promise<void> {
    await workspace.fs.writeFile(this.uri(key), new TextEncoder().encode(JSON.stringify(reference)));
  }

  private uri(key: string): Uri {
    return Uri.joinPath(this.storage, 'references', `${key}.json`);
  }
}
