import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Waits for a condition; fails with what was waited for. */
async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(50);
  }
}

describe('a course that is written here', function () {
  this.timeout(300_000);
  let access: TestAccess;
  let root: vscode.Uri;
  const file = (path: string): vscode.Uri => vscode.Uri.joinPath(root, ...path.split('/'));
  const read = async (path: string): Promise<string> => decoder.decode(await vscode.workspace.fs.readFile(file(path)));
  const write = (path: string, text: string): Thenable<void> =>
    vscode.workspace.fs.writeFile(file(path), encoder.encode(text));

  /** Labels of the tree's rows, each below its parent's. */
  async function rows(): Promise<string[]> {
    const labels: string[] = [];
    const visit = async (nodes: Awaited<ReturnType<typeof access.tree.getChildren>>, depth: number): Promise<void> => {
      for (const node of nodes) {
        const { label, description } = access.tree.getTreeItem(node);
        labels.push(
          `${'  '.repeat(depth)}${typeof label === 'string' ? label : ''}${description === undefined ? '' : ` (${String(description)})`}`,
        );
        await visit(await access.tree.getChildren(node), depth + 1);
      }
    };
    await visit(await access.tree.getChildren(), 0);
    return labels;
  }

  const rowWith = (text: string): Promise<string> =>
    until(`“${text}” in the tree`, async () => (await rows()).find((row) => row.includes(text)));

  const tabs = (): string[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));

  before(async () => {
    const extension = vscode.extensions.getExtension<TestAccess>('postgres-lessons.pg-lessons');
    access = await extension!.activate();
    assert.ok(access, 'the extension gives tests nothing to look at');
    root = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'intro');
    await vscode.commands.executeCommand('pgLessons.newCourse', { folder: root.toString(), title: 'Indexes: a start' });
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(root, { recursive: true });
  });

  it('is made by New Course, which opens its first lesson', async () => {
    assert.equal(
      vscode.window.activeTextEditor?.document.uri.toString(),
      file('lessons/01-first-lesson.md').toString(),
    );
    assert.match(await read('course.yaml'), /^id: indexes-a-start$/m);
    assert.match(await read('course.yaml'), /^title: "Indexes: a start"$/m);
    await rowWith('Indexes: a start');
    await rowWith('First Lesson');
  });

  it('is written over by nothing', async () => {
    await write('course.yaml', `${await read('course.yaml')}# mine\n`);
    const before = await read('course.yaml');
    await vscode.commands.executeCommand('pgLessons.newCourse', { folder: root.toString(), title: 'Another' });
    assert.equal(await read('course.yaml'), before);
    assert.ok(!(await rows()).some((row) => row.includes('Another')));
  });

  it('gets a lesson of a kind, numbered behind the others', async () => {
    await vscode.commands.executeCommand('pgLessons.newLesson', {
      course: 'indexes-a-start',
      section: 'lessons',
      kind: 'quiz',
      title: 'What Did You Learn?',
    });
    const editor = vscode.window.activeTextEditor!;
    assert.equal(editor.document.uri.toString(), file('lessons/02-what-did-you-learn.md').toString());
    assert.match(editor.document.getText(), /^kind: quiz$/m);
    await rowWith('What Did You Learn?');
  });

  it('gets an exercise where the cursor is, under an id of its own', async () => {
    const editor = vscode.window.activeTextEditor!;
    const { document } = editor;
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.selection = new vscode.Selection(end, end);
    await vscode.commands.executeCommand('pgLessons.newExercise', { kind: 'rows' });
    await vscode.commands.executeCommand('leaveSnippet');
    assert.match(document.getText(), /^id: new-exercise$/m);
    // a column of the data set, not a word of the template
    assert.match(document.getText(), /GROUP BY (?:member_id|book_id);/);
    await document.save();
    await rowWith('Count by group');
  });

  it('takes no exercise inside a block', async () => {
    const editor = vscode.window.activeTextEditor!;
    const before = editor.document.getText();
    const line = before.split('\n').findIndex((text) => text.startsWith('SELECT DISTINCT'));
    editor.selection = new vscode.Selection(line, 0, line, 0);
    await vscode.commands.executeCommand('pgLessons.newExercise', { kind: 'plan' });
    assert.equal(editor.document.getText(), before);
  });

  it('shows a lesson that another program changes, and one that it adds', async () => {
    const source = await read('lessons/01-first-lesson.md');
    await write('lessons/01-first-lesson.md', source.replace('title: First Lesson', 'title: Changed Outside'));
    await rowWith('Changed Outside');
    await write(
      'lessons/03-added.md',
      source.replace('id: first-lesson', 'id: added').replace('First Lesson', 'Added'),
    );
    await rowWith('Added');
    await vscode.workspace.fs.delete(file('lessons/03-added.md'));
    await until('the lesson to go', async () => (await rows()).every((row) => !row.includes('Added')) || undefined);
    await write('lessons/01-first-lesson.md', source);
    await rowWith('First Lesson');
  });

  it('follows a folder that another program moves', async () => {
    await vscode.workspace.fs.rename(file('lessons'), file('moved'));
    await until(
      'the lessons to go',
      async () => (await rows()).every((row) => !row.includes('First Lesson')) || undefined,
    );
    await vscode.workspace.fs.rename(file('moved'), file('lessons'));
    await rowWith('First Lesson');
  });

  it('stays as it was while course.yaml has an error, and says so', async () => {
    const source = await read('course.yaml');
    await write('course.yaml', source.replace('sections:', 'section:'));
    assert.match(await rowWith('course.yaml has an error'), /^Indexes: a start/);
    await rowWith('First Lesson');
    await write('course.yaml', source);
    await until(
      'the course to be whole',
      async () => (await rows()).every((row) => !row.includes('course.yaml has an error')) || undefined,
    );
  });

  it('shows a file that is no lesson, with what is wrong', async () => {
    const source = await read('lessons/02-what-did-you-learn.md');
    await write('lessons/02-what-did-you-learn.md', source.replace('kind: quiz', 'kind: quizz'));
    assert.match(await rowWith('02-what-did-you-learn.md'), /not a lesson yet/);
    await write('lessons/02-what-did-you-learn.md', source);
    await rowWith('What Did You Learn?');
  });

  const item = async (): Promise<vscode.TestItem> => {
    const lesson = await until('the lesson among the tests', () =>
      access.tests.items.get('indexes-a-start')?.children.get('lessons/01-first-lesson.md'),
    );
    return until('its exercise', () => lesson.children.get('loans-of-a-member'));
  };

  it('has a test for each exercise of an open lesson, where the exercise is', async () => {
    const document = await vscode.workspace.openTextDocument(file('lessons/01-first-lesson.md'));
    await vscode.window.showTextDocument(document);
    const { range } = await item();
    assert.equal(document.lineAt(range!.start.line).text, '```yaml exercise');
  });

  it('moves the test as the lesson is typed', async () => {
    const { document } = vscode.window.activeTextEditor!;
    const before = (await item()).range!.start.line;
    await vscode.window.activeTextEditor!.edit((edit) => edit.insert(new vscode.Position(9, 0), 'One line more.\n\n'));
    await until('the test to move', async () => (await item()).range!.start.line === before + 2 || undefined);
    assert.ok(document.isDirty);
  });

  it('proves an exercise, unsaved as it is', async () => {
    const where = { kind: 'exercise', course: 'indexes-a-start', path: 'lessons/01-first-lesson.md' } as const;
    const { token } = new vscode.CancellationTokenSource();
    const tally = await access.tests.verify({ ...where, id: 'loans-of-a-member' }, token);
    const proofs = [...(await item()).children].map(([, { label }]) => label);
    assert.deepEqual(
      { failed: tally?.failed, proofs: (tally?.passed ?? 0) >= 5 },
      { failed: 0, proofs: true },
      proofs.join('\n'),
    );
  });

  it('tells which proof of an exercise fails', async () => {
    const editor = vscode.window.activeTextEditor!;
    const text = editor.document.getText();
    const at = text.indexOf('CREATE INDEX ON loans (member_id, lent_on);');
    const range = new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + 43));
    await editor.edit((edit) => edit.replace(range, 'CREATE INDEX ON loans (returned_on);'));
    const { token } = new vscode.CancellationTokenSource();
    const tally = await access.tests.verify(
      { kind: 'exercise', course: 'indexes-a-start', path: 'lessons/01-first-lesson.md', id: 'loans-of-a-member' },
      token,
    );
    assert.ok((tally?.failed ?? 0) > 0);
    // what the notification's button leads to
    const { uri, range: place, parent } = tally!.failure!;
    assert.equal(uri?.toString(), editor.document.uri.toString());
    assert.equal(parent?.id, 'loans-of-a-member');
    assert.match(editor.document.lineAt(place!.start.line).text, /^```sql /);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('shows the preview beside the lesson', async () => {
    await vscode.window.showTextDocument(file('lessons/01-first-lesson.md'), { viewColumn: vscode.ViewColumn.One });
    await vscode.commands.executeCommand('pgLessons.previewLesson');
    await until('the preview', () => tabs().includes('Preview: First Lesson') || undefined);
  });

  it('is shown as a student would see it, and left again', async () => {
    await vscode.commands.executeCommand('pgLessons.showAsStudent', {
      course: 'indexes-a-start',
      lesson: 'first-lesson',
    });
    await until('the lesson', () => tabs().includes('First Lesson') || undefined);
    assert.ok(!(await rows()).some((row) => row.includes('As a student')));
    await vscode.commands.executeCommand('pgLessons.leaveStudent');
  });
});
