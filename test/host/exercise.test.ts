import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMANDS, type ExerciseArgument } from '../../src/contributions';

const exercise: ExerciseArgument = {
  course: 'postgres-optimization',
  lesson: 'query-analysis',
  exercise: 'missing-index',
};

/** Waits for a condition; fails with what was waited for. */
async function until<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  limitMs = 120_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const lenses = async (uri: vscode.Uri): Promise<string[]> =>
  (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)).map(
    (lens) => lens.command?.title ?? '',
  );

async function type(text: string): Promise<void> {
  const editor = vscode.window.activeTextEditor!;
  await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, editor.document.lineCount, 0), text));
}

describe('an exercise', function () {
  this.timeout(180_000);
  let document: vscode.TextDocument;

  before(async () => {
    await vscode.commands.executeCommand('pgLessons.startExercise', exercise);
    document = vscode.window.activeTextEditor!.document;
  });

  it('opens a real SQL file with the starter', () => {
    assert.equal(document.uri.scheme, 'file');
    assert.ok(document.uri.path.endsWith('/postgres-optimization/query-analysis/missing-index.sql'));
    assert.equal(document.languageId, 'sql');
    assert.match(document.getText(), /SELECT/);
  });

  it('keeps the student’s text when it is started again', async () => {
    await type('SELECT 42;\n');
    await document.save();
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.commands.executeCommand('pgLessons.startExercise', exercise);
    document = vscode.window.activeTextEditor!.document;
    assert.equal(document.getText(), 'SELECT 42;\n');
  });

  it('has Check above the file and Run, Explain, Explain Analyze above each statement', async () => {
    await type('CREATE TABLE t (a int);\n\nSELECT 1;\n');
    assert.deepEqual(await lenses(document.uri), [
      '$(pass) Check',
      'Hint',
      'Reset',
      'Lesson',
      '$(play) Run',
      '$(play) Run',
      'Explain',
      'Explain Analyze',
    ]);
  });

  it('shows the server’s error where it is', async () => {
    await type('SELECT 1;\nSELECT id, 😀 FROM orders\nWHERE nonsense = 1;\n'.replace('😀', "'😀'"));
    vscode.window.activeTextEditor!.selection = new vscode.Selection(1, 3, 1, 3);
    await vscode.commands.executeCommand('pgLessons.runStatement');
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.equal(document.getText(problem!.range), 'nonsense');
    assert.match(problem!.message, /column "nonsense" does not exist/);
    assert.equal(problem!.source, 'PostgreSQL');
  });

  it('drops the error with the next edit', async () => {
    await type('SELECT 1;\n');
    await until('no problems', () => vscode.languages.getDiagnostics(document.uri).length === 0 || undefined);
  });

  it('tells in the file what a failed check found', async () => {
    await vscode.commands.executeCommand('pgLessons.checkExercise', exercise);
    const problems = vscode.languages.getDiagnostics(document.uri);
    assert.ok(
      problems.some(
        ({ message, source }) => source === 'Postgres Lessons' && message.includes('orders is read by a Seq Scan'),
      ),
      JSON.stringify(problems),
    );
    assert.match((await lenses(document.uri))[0]!, /^\$\(error\) Not yet \d+\/10/);
  });

  it('says that the verdict is stale when the text changes, and no longer when it is undone', async () => {
    await type('SELECT 2;\n');
    assert.match((await lenses(document.uri))[0]!, /Changed · Check/);
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
    await type('SELECT 1;\n');
    assert.match((await lenses(document.uri))[0]!, /Not yet/);
  });

  it('says which statement of the file has not run', async () => {
    await type('CREATE INDEX ON orders (total);\n');
    await vscode.commands.executeCommand('pgLessons.checkExercise', exercise);
    const messages = vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
    assert.ok(
      messages.some((message) => message.startsWith('Not run in this window yet: CREATE INDEX ON orders (total)')),
      messages.join('\n'),
    );
  });

  it('asks nobody to run what only their own session takes', async () => {
    await type('SET work_mem = 64;\n');
    await vscode.commands.executeCommand('pgLessons.checkExercise', exercise);
    const messages = vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
    assert.ok(messages.length > 0);
    assert.doesNotMatch(messages.join('\n'), /Not run/);
  });

  it('passes when the database is right', async () => {
    await type('CREATE INDEX ON orders (customer_id, created_at);\n');
    await vscode.commands.executeCommand('pgLessons.runStatement');
    await vscode.commands.executeCommand('pgLessons.checkExercise');
    assert.equal((await lenses(document.uri))[0], '$(pass-filled) Passed 10/10');
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });

  it('can be cancelled while it runs', async () => {
    await type('SELECT pg_sleep(600);\n');
    const done = vscode.commands.executeCommand('pgLessons.runStatement');
    await until(
      'the Cancel lens',
      async () => (await lenses(document.uri)).includes('$(debug-stop) Cancel') || undefined,
    );
    await vscode.commands.executeCommand('pgLessons.cancelStatement');
    await done;
    await type('SELECT count(*) FROM orders;\n');
    await vscode.commands.executeCommand('pgLessons.runStatement');
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });
});

describe('a SQL file of one’s own', () => {
  it('runs the selection', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'sql',
      content: 'SELECT 1;\nSELECT broken;\n',
    });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 9);
    await vscode.commands.executeCommand('pgLessons.runStatement');
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
    editor.selection = new vscode.Selection(0, 0, 2, 0);
    await vscode.commands.executeCommand('pgLessons.runStatement');
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.deepEqual([problem!.range.start.line, document.getText(problem!.range)], [1, 'broken']);
  });

  it('has its lenses where the setting says so', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'sql', content: 'SELECT 1;\n' });
    assert.deepEqual(await lenses(document.uri), ['$(play) Run', 'Explain', 'Explain Analyze']);
    const configuration = vscode.workspace.getConfiguration('pgLessons');
    await configuration.update('codeLens', 'exercises', vscode.ConfigurationTarget.Global);
    assert.deepEqual(await lenses(document.uri), []);
    await configuration.update('codeLens', undefined, vscode.ConfigurationTarget.Global);
  });
});

describe('contributions', () => {
  it('registers every command', async () => {
    const registered = await vscode.commands.getCommands(true);
    for (const command of COMMANDS) assert.ok(registered.includes(command), command);
  });

  it('takes no default key away', async () => {
    const defaults = await vscode.workspace.openTextDocument(
      vscode.Uri.parse('vscode://defaultsettings/keybindings.json'),
    );
    const ours = (
      vscode.extensions.getExtension('postgres-lessons.pg-lessons')!.packageJSON as {
        contributes: { keybindings: { key: string; command: string; when: string }[] };
      }
    ).contributes.keybindings;
    const rows = [
      ...defaults
        .getText()
        .matchAll(/\{ "key": "([^"]+)",\s*"command": "([^"]+)"(?:,\s*"when": "((?:[^"\\]|\\.)*)")?/g),
    ];
    assert.ok(rows.length > 300, `only ${rows.length} default keys were read`);
    const normal = (key: string): string => key.split('+').sort().join('+');
    // contexts in which the focus is not in a SQL editor
    const elsewhere =
      /\b(?:inQuickInput|inChat|inChatInput|accessibleViewInCodeBlock|terminalHasBeenCreated|terminalProcessSupported|(?!editor|textInput)\w+Focused)\b|!editorFocus/;
    for (const { key, command, when } of ours) {
      const excluded = [...when.matchAll(/!(\w+)/g)].map(([, name]) => name!);
      const possible = (clause: string): boolean =>
        !elsewhere.test(clause) && !excluded.some((name) => new RegExp(`(?<!!)\\b${name}\\b`).test(clause));
      const taken = rows.filter(
        ([, other, theirs, theirWhen = '']) =>
          normal(other!) === normal(key) && !theirs!.startsWith('pgLessons.') && theirWhen.split('||').some(possible),
      );
      assert.deepEqual(
        taken.map(([row]) => row),
        [],
        `${command}: ${key}`,
      );
    }
  });
});
