import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const COURSE = `id: kitchen
title: Kitchen
sections:
  - folder: tutorials
    title: Tutorials
`;

const DATASET = `CREATE TABLE pots (id int PRIMARY KEY, litres numeric NOT NULL);
INSERT INTO pots SELECT n, n FROM generate_series(1, 10) AS n;
`;

const LESSON = `---
id: pots
title: Pots
kind: tutorial
minutes: 10
dataset: stove
---
See [the exercise](#count-them).

## Count

How many are there?

\`\`\`yaml exercise
id: count-them
expect:
  - plan:
      reads: { pots: seq }
\`\`\`
\`\`\`sql starter
SELECT 1;
\`\`\`
\`\`\`md hint
count
\`\`\`
\`\`\`sql solution
SELECT count(*) FROM pots;
\`\`\`
\`\`\`sql wrong "No."
SELECT 2;
\`\`\`
`;

/** Waits for a condition; fails with what was waited for. */
async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  limitMs = 60_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a lesson in the editor', function () {
  this.timeout(180_000);
  let root: vscode.Uri;
  let document: vscode.TextDocument;

  const at = (text: string): vscode.Position => {
    const offset = document.getText().indexOf(text);
    assert.ok(offset >= 0, `there is no ${text}`);
    return document.positionAt(offset + text.length);
  };
  const write = (path: string, text: string): Thenable<void> =>
    vscode.workspace.fs.writeFile(vscode.Uri.joinPath(root, path), new TextEncoder().encode(text));
  const replace = async (from: string, to: string): Promise<void> => {
    const start = document.getText().indexOf(from);
    assert.ok(start >= 0, `there is no ${from}`);
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
    edit.replace(document.uri, range, to);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };
  const problems = (uri = document.uri): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Postgres Lessons');
  const labels = async (position: vscode.Position): Promise<string[]> => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    );
    return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  };

  before(async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    root = vscode.Uri.joinPath(folder.uri, 'kitchen');
    await write('datasets/stove.sql', DATASET);
    await write('tutorials/01-pots.md', LESSON);
    await write('course.yaml', COURSE);
    await vscode.extensions.getExtension('postgres-lessons.pg-lessons')?.activate();
    await vscode.commands.executeCommand('pgLessons.refresh');
    document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, 'tutorials/01-pots.md'));
    await vscode.window.showTextDocument(document);
    await until('completions', async () => ((await labels(at('dataset: '))).includes('stove') ? true : undefined));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(root, { recursive: true });
  });

  it('completes keys, values and names', async () => {
    assert.ok((await labels(at('reads: { pots: '))).includes('bitmap'));
    assert.ok((await labels(at('      reads'))).includes('avoids'));
    assert.ok((await labels(at('```sql '))).includes('sql run'));
  });

  it('explains keys and roles', async () => {
    for (const [place, words] of [
      ['  - plan', /plan/i],
      ['sql wro', /foreseen wrong answer/],
    ] as const) {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        at(place),
      );
      const text = hovers.flatMap(({ contents }) =>
        contents.map((each) => (each instanceof vscode.MarkdownString ? each.value : JSON.stringify(each))),
      );
      assert.match(text.join('\n'), words);
    }
  });

  it('leads to data sets, tables and exercises', async () => {
    const definition = async (place: string): Promise<string[]> =>
      (
        await vscode.commands.executeCommand<(vscode.LocationLink | vscode.Location)[]>(
          'vscode.executeDefinitionProvider',
          document.uri,
          at(place),
        )
      ).map((each) =>
        'targetUri' in each
          ? `${each.targetUri.path.split('/').at(-1) ?? ''}:${each.targetRange.start.line}:${each.targetRange.start.character}`
          : `${each.uri.path.split('/').at(-1) ?? ''}:${each.range.start.line}:${each.range.start.character}`,
      );
    assert.deepEqual(await definition('dataset: sto'), ['stove.sql:0:0']);
    assert.deepEqual(await definition('reads: { po'), ['stove.sql:0:13']);
    const line = at('```yaml exercise').line;
    assert.ok((await definition('(#count')).includes(`01-pots.md:${line}:0`));
  });

  it('renames an exercise with the links to it', async () => {
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      at('id: count-'),
      'count-all',
    );
    const edits = edit.entries().flatMap(([, each]) => each);
    assert.equal(edits.length, 2);
    assert.ok(edits.every((each) => 'newText' in each && each.newText === 'count-all'));
  });

  it('outlines and folds exercises', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const all = (list: readonly vscode.DocumentSymbol[]): vscode.DocumentSymbol[] =>
      list.flatMap((each) => [each, ...all(each.children)]);
    const exercise = all(symbols).find(({ name }) => name === 'count-them');
    assert.deepEqual(
      exercise?.children.map(({ name }) => name),
      ['starter', 'hint', 'solution', 'wrong'],
    );
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    const start = at('```yaml exercise').line;
    assert.ok(folds.some((fold) => fold.start === start && fold.end === document.lineCount - 2));
  });

  it('shows problems while typing, offers fixes, and takes the problems back', async () => {
    await replace('minutes: 10', 'minutse: 10');
    const [problem] = await until('a problem', () => {
      const found = problems().filter(({ code }) => code === 'unknown-key');
      return found.length > 0 ? found : undefined;
    });
    assert.ok(problem);
    assert.equal(document.getText(problem.range), 'minutse');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
    );
    const fix = actions.find(({ isPreferred, kind }) => isPreferred && kind?.contains(vscode.CodeActionKind.QuickFix));
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(document.getText(), /^minutes: 10$/m);
    await until('no such problem', () => (problems().some(({ code }) => code === 'unknown-key') ? undefined : true));
  });

  it('shows problems of files that are not open', async () => {
    await write(
      'tutorials/02-pans.md',
      LESSON.replace('id: pots', 'id: pans').replace('dataset: stove', 'dataset: stov'),
    );
    const uri = vscode.Uri.joinPath(root, 'tutorials/02-pans.md');
    await until('a problem', () => (problems(uri).some(({ code }) => code === 'unknown-dataset') ? true : undefined));
    // seen once more, since the file system may tell nothing of a file that goes as soon as it came
    await write(
      'tutorials/02-pans.md',
      LESSON.replace('id: pots', 'id: pans').replace('dataset: stove', 'dataset: oven'),
    );
    await until('the next', () => (problems(uri).some(({ message }) => message.includes('oven')) ? true : undefined));
    await vscode.workspace.fs.delete(uri);
    await until('its end', () => (problems(uri).length === 0 ? true : undefined));
  });

  it('forgets a file that is deleted in the Explorer', async () => {
    const uri = vscode.Uri.joinPath(root, 'tutorials/02-pans.md');
    await write(
      'tutorials/02-pans.md',
      LESSON.replace('id: pots', 'id: pans').replace('dataset: stove', 'dataset: stov'),
    );
    await until('a problem', () => (problems(uri).length > 0 ? true : undefined));
    const edit = new vscode.WorkspaceEdit();
    edit.deleteFile(uri);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until('its end', () => (problems(uri).length === 0 ? true : undefined));
  });
});
