import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension', () => {
  it('is found and activates', async () => {
    const extension = vscode.extensions.getExtension('postgres-lessons.pg-lessons');
    assert.ok(extension, 'postgres-lessons.pg-lessons is not installed');
    await extension.activate();
    assert.ok(extension.isActive);
  });
});
