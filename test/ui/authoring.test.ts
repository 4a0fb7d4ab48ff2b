/** A lecturer's whole path through the installed .vsix: from an empty folder to a course that is known to work. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { FrameLocator, Locator } from 'playwright-core';
import { repoRoot } from '../../scripts/vscode/paths.mjs';
import { axeProblems } from './lib/axe';
import { useSession } from './lib/mocha';
import type { Session } from './lib/session';

const COURSE = 'Index Basics';
const LESSON = '01-first-lesson.md';
const SHORT_MS = 1500;

const preview = (vs: Session): Promise<FrameLocator> => vs.webview({ title: 'Preview' });
const reader = (vs: Session): Promise<FrameLocator> => vs.webview({ title: 'Lesson' });
const card = (page: FrameLocator, id: string): Locator => page.locator(`.exercise[data-id="${id}"]`);

describe('the path of a lecturer', function () {
  this.timeout(120_000);
  const session = useSession({
    viewport: { width: 1440, height: 900 },
    env: { PG_LESSONS_CACHE: process.env['PG_LESSONS_CACHE'] },
    settings: {
      // what a person types is in the file, and only that
      'files.autoSave': 'afterDelay',
      'files.autoSaveDelay': 200,
      'editor.autoClosingBrackets': 'never',
      'editor.autoClosingQuotes': 'never',
      'editor.autoSurround': 'never',
      'editor.autoIndent': 'none',
      'editor.find.seedSearchStringFromSelection': 'never',
    },
  });
  const command = (title: string): Promise<void> => session().runCommand(`Postgres Lessons: ${title}`);
  const shot = (name: string): Promise<string> => session().screenshot(`author-${name}`);
  /** What is shown, once more in light and in high contrast. */
  const inOtherThemes = async (name: string, also = (): Promise<void> => Promise.resolve()): Promise<void> => {
    for (const theme of ['light', 'high-contrast'] as const) {
      await session().setTheme(theme);
      await shot(`${name}-${theme}`);
      await also();
    }
    await session().setTheme('dark');
  };
  const file = (...parts: string[]): string => path.join(session().folder, 'index-basics', ...parts);
  const lessonFile = (): string => file('lessons', LESSON);
  const text = (name = lessonFile()): string => readFileSync(name, 'utf8');

  /** Runs what a click or a key does until the condition holds: a page that loads may take the focus or the key. */
  const doUntil = (what: string, holds: () => boolean | Promise<boolean>, act: () => Promise<unknown>): Promise<void> =>
    session().until(what, async () => {
      if (await holds()) return true;
      await act().catch(() => undefined);
      return eventually(holds);
    });

  /** Finds a text that stands once in a file; throws soon when the keys went elsewhere. */
  async function select(what: string, name = lessonFile()): Promise<void> {
    const vs = session();
    const find = vs.page.locator('.find-widget.visible');
    await vs.editorTab(path.basename(name)).click({ timeout: SHORT_MS });
    await vs.pressUntil('Control+F', find);
    await find.getByRole('textbox', { name: 'Find' }).fill(what, { timeout: SHORT_MS });
    await vs.page.keyboard.press('Enter');
    await find.locator('.matchesCount', { hasText: '1 of 1' }).waitFor({ timeout: SHORT_MS });
    await vs.page.keyboard.press('Escape');
    await find.waitFor({ state: 'hidden', timeout: SHORT_MS });
    await vs.page.locator('.editor-instance .monaco-editor.focused').waitFor({ timeout: SHORT_MS });
  }

  /** Replaces a text, which stands once in a file and within a line, as a person does: find it, type over it. */
  async function put(from: string, to: string, name = lessonFile()): Promise<void> {
    const vs = session();
    const before = text(name);
    assert.equal(before.split(from).length, 2, `“${from}” is not there once`);
    await doUntil(
      `“${to}” in ${path.basename(name)}`,
      () => text(name) === before.replace(from, () => to),
      async () => {
        if (text(name) !== before) return;
        await select(from, name);
        await vs.page.keyboard.insertText(to);
      },
    );
  }

  const problems = (): Locator => session().page.locator('.markers-panel .monaco-list-row');

  /** Takes a problem's quick fix: go to it in the Problems panel, then Ctrl+. */
  async function fix(problem: RegExp, title: RegExp): Promise<void> {
    const vs = session();
    const row = problems().filter({ hasText: problem });
    const action = vs.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
    await doUntil(
      `${problem.source} to be mended`,
      async () => (await row.count()) === 0,
      async () => {
        await row.first().dblclick({ timeout: SHORT_MS });
        await vs.page.locator('.editor-instance .monaco-editor.focused').waitFor({ timeout: SHORT_MS });
        await vs.page.keyboard.press('Control+.');
        await action.click({ timeout: 2 * SHORT_MS });
      },
    );
  }

  const hidePanel = (): Promise<void> =>
    doUntil(
      'the panel to be hidden',
      async () => !(await session().page.locator('.part.panel').isVisible()),
      () => session().page.keyboard.press('Control+J'),
    );

  /** Clicks the run icon of an exercise, which stands beside the fence above its id. */
  async function runFromGutter(id: string): Promise<void> {
    const vs = session();
    const line = vs.page.locator('.editor-instance .view-line', { hasText: `id:\u00a0${id}` }).first();
    await vs.until(`a run icon for ${id}`, async () => {
      await select(`id: ${id}`);
      const at = await line.boundingBox();
      for (const icon of await vs.page.locator('.editor-instance .testing-run-glyph').all()) {
        const box = await icon.boundingBox().catch(() => null);
        if (!at || !box || Math.abs(box.y + at.height - at.y) > 5) continue;
        await icon.click();
        return true;
      }
      return false;
    });
  }

  /** Replaces the text of an exercise's file. */
  async function write(name: string, to: string): Promise<void> {
    const vs = session();
    const lines = vs.page.locator('.editor-instance', { has: vs.page.locator('.monaco-editor.focused') });
    await doUntil(
      `“${to}” in ${name}`,
      async () => (await lines.locator('.view-lines').innerText()).replaceAll('\u00a0', ' ').trim() === to,
      async () => {
        await vs.editorTab(name).click({ timeout: SHORT_MS });
        await lines.waitFor({ timeout: SHORT_MS });
        await vs.page.keyboard.press('Control+A');
        await vs.page.keyboard.insertText(to);
      },
    );
  }

  it('makes a course with New Course, whose files open and whose tree shows', async () => {
    const vs = session();
    await command('New Course…');
    await vs.quickPickEntry(/workspace$/).click();
    await vs.page.locator('.quick-input-message', { hasText: 'Title' }).waitFor();
    await vs.quickInput().fill(COURSE);
    await vs.page.keyboard.press('Enter');
    await vs.editorTab(LESSON).waitFor();
    await vs.showView('Postgres Lessons');
    await vs.treeItem(`${COURSE}, 0 of 1 exercises passed`).waitFor();
    await vs.expandTreeItem(/^First Lesson/);
    await vs.treeItem(/^The loans of a member: not started/).waitFor();
    assert.ok(existsSync(file('course.yaml')) && existsSync(file('datasets', 'library.sql')));
    await shot('01-new-course');
  });

  it('marks mistakes where they are, and mends them', async () => {
    const vs = session();
    await put('minutes: ', 'minutse: ');
    await put('WHERE book_id = 42', 'WHRE book_id = 42');
    await put('```sql wrong "This index leads to all', '```sql wrnog "This index leads to all');
    await put('SELECT member_id, lent_on FROM loans WHERE', 'SELECT member_id, lent_on FROM loasn WHERE');
    await vs.runCommand('Problems: Focus on Problems View');
    const place = (search: string): RegExp => {
      const lines = text().split('\n');
      const line = lines.findIndex((each) => each.includes(search));
      return new RegExp(`\\[Ln ${line + 1}, Col ${(lines[line] ?? '').indexOf(search) + 1}\\]`);
    };
    const marked = (what: RegExp, where: string): Promise<void> =>
      problems()
        .filter({ hasText: what })
        .filter({ hasText: place(where) })
        .first()
        .waitFor();
    await marked(/Unknown key “minutse”/, 'minutse');
    await marked(/There is no role “wrnog”/, 'wrnog');
    await vs.treeItem(new RegExp(`^${LESSON}`)).waitFor();
    await fix(/Unknown key “minutse”/, /minutes/);
    // what SQL says of the data set needs a lesson that can be read, and PostgreSQL's own parser in the package
    await marked(/“loasn”/, 'loasn');
    await marked(/PostgreSQL cannot read this/, 'book_id = 42');
    await problems().filter({ hasText: 'loasn' }).dblclick();
    await vs.page.locator('.editor-instance .squiggly-error').first().waitFor();
    await shot('02-problems');
    await fix(/There is no role “wrnog”/, /wrong/);
    await fix(/“loasn”/, /loans/);
    await put('WHRE book_id = 42', 'WHERE book_id = 42');
    await vs.until('no problem', async () => (await problems().count()) === 0);
    await vs.treeItem(/^First Lesson, 0 of 1/).waitFor();
    await shot('03-mended');
  });

  it('completes the keys of an exercise', async () => {
    const vs = session();
    const widget = vs.page.locator('.suggest-widget.visible');
    const before = text();
    await put('reads: { loans: index }', 'reads: { loans: index }\n      ');
    await doUntil(
      'the keys',
      () => widget.getByRole('option', { name: /^avoids/ }).isVisible(),
      async () => {
        await vs.page.keyboard.press('Escape');
        await vs.page.keyboard.press('Control+Space');
      },
    );
    await shot('04-completion');
    await vs.page.keyboard.press('Escape');
    await widget.waitFor({ state: 'hidden' });
    await vs.page.keyboard.press('Control+Shift+K');
    await vs.until('the line to be gone', () => text() === before);
  });

  it('inserts exercises where the cursor is', async () => {
    const vs = session();
    for (const [kind, title] of [
      ['checklist', 'Ready'],
      ['choice', 'What EXPLAIN does'],
      ['rows', 'Count by group'],
    ] as const) {
      await put('## Summary', '\n\n## Summary');
      for (let line = 0; line < 2; line++) await vs.page.keyboard.press('ArrowUp');
      await command('New Exercise…');
      await vs.quickPickEntry(kind).click();
      await vs.until(title, () => text().includes(`### ${title}`));
      await vs.page.keyboard.press('Escape'); // out of the snippet
    }
    await vs.treeItem(/^First Lesson, 0 of 4/).waitFor();
    await shot('05-exercises');
    await vs.until('no problem', async () => (await problems().count()) === 0);
  });

  it('previews beside the lesson what is typed, and keeps its place', async () => {
    const vs = session();
    await hidePanel();
    await command('Preview Lesson');
    const page = await preview(vs);
    await page.getByRole('heading', { name: 'Count by group' }).waitFor();
    await shot('06-preview');
    const heading = page.locator('#count-by-group');
    await heading.evaluate((element) => element.scrollIntoView());
    const before = (await heading.boundingBox())?.y ?? -1;
    await put('### Count by group', '### Count by member');
    const renamed = page.locator('#count-by-member');
    await renamed.waitFor();
    await vs.until('its place', async () => Math.abs(((await renamed.boundingBox())?.y ?? -999) - before) < 20);
    await shot('07-preview-place');
    assert.deepEqual(await axeProblems(page), []);
    await inOtherThemes('07-preview');
    await vs.page.keyboard.press('Escape');
    await vs
      .editorTab('Preview: First Lesson')
      .getByRole('button', { name: /^Close/ })
      .click();
  });

  it('proves the lesson: green in the Testing view and beside the exercises', async () => {
    const vs = session();
    await command('Verify Lesson');
    await vs.notification(/\d+ proofs passed\.$/).waitFor({ timeout: 90_000 });
    await vs.showView('Testing');
    await vs.expandTreeItem(/^Index Basics \(Passed\)/);
    await vs.expandTreeItem(/^First Lesson \(Passed\)/);
    await vs.treeItem(/^Count by member \(Passed\)/).waitFor();
    await vs.page.locator('.editor-instance .testing-run-glyph.codicon-testing-passed-icon').first().waitFor();
    await shot('08-verified');
  });

  it('says at its line what is wrong with a solution, and is run again from the gutter', async () => {
    const vs = session();
    await put('(member_id, lent_on);', '(returned_on);');
    await runFromGutter('loans-of-a-member');
    await vs.treeItem(/^The loans of a member \(Failed\)/).waitFor({ timeout: 60_000 });
    await vs.page.locator('.editor-instance .testing-run-glyph.codicon-testing-failed-icon').first().waitFor();
    await select('(returned_on);');
    const message = vs.page.locator('.editor-instance .test-error-content-widget').filter({ hasText: /Seq.Scan/ });
    await message.first().waitFor();
    await shot('09-failed');
    await inOtherThemes('09-failed');
    await put('(returned_on);', '(member_id, lent_on);');
    await command('Verify Exercise');
    await vs.treeItem(/^The loans of a member \(Passed\)/).waitFor({ timeout: 60_000 });
    await shot('10-mended');
  });

  it('is solved as a student', async () => {
    const vs = session();
    await vs.showView('Postgres Lessons');
    await vs.editorTab(LESSON).click();
    await command('Show as Student');
    const page = await reader(vs);
    await vs.statusItem('postgres-lessons.pg-lessons.student').getByText('As a student').waitFor();
    await shot('11-student');
    await card(page, 'loans-of-a-member').getByRole('button', { name: 'Start' }).click();
    await vs.editorTab('loans-of-a-member.sql').waitFor();
    await write('loans-of-a-member.sql', 'CREATE INDEX ON loans (member_id, lent_on);');
    await vs.codeLens('Run').click();
    await (await vs.webview({ title: 'Postgres Results' })).getByText('CREATE INDEX').first().waitFor();
    await vs.codeLens('Check').click();
    await vs.codeLens('Passed 10/10').waitFor({ timeout: 60_000 });
    await shot('12-passed');
  });

  it('shows which rows differ', async () => {
    const vs = session();
    const page = await reader(vs);
    const exercise = card(page, 'new-exercise-3');
    await exercise.getByRole('button', { name: 'Start' }).click();
    await vs.editorTab('new-exercise-3.sql').waitFor();
    await write('new-exercise-3.sql', 'SELECT member_id, count(*) + 1 FROM loans GROUP BY member_id;');
    await exercise.getByRole('button', { name: 'Check' }).click();
    await exercise.locator('.rows-diff tr').nth(1).waitFor({ timeout: 60_000 });
    await hidePanel();
    await exercise.locator('.rows-diff').scrollIntoViewIfNeeded();
    await shot('13-rows');
  });

  it('takes an answer by a click, and ticks', async () => {
    const vs = session();
    const page = await reader(vs);
    const choice = card(page, 'new-exercise-2');
    await choice.locator('.quiz-item', { hasText: 'It runs the statement' }).click();
    await choice.getByRole('button', { name: 'Check' }).click();
    await choice.locator('.verdict', { hasText: 'Which option makes it run' }).waitFor();
    await shot('14-choice-wrong');
    await choice.locator('.quiz-item', { hasText: 'It plans the statement' }).click();
    await choice.locator('.stale-note').waitFor();
    await choice.getByRole('button', { name: 'Check' }).click();
    await choice.locator('.exercise-state', { hasText: 'Passed' }).waitFor();
    await choice.locator('.aside-title', { hasText: 'Why' }).waitFor();
    await shot('15-choice');
    const list = card(page, 'new-exercise');
    for (const item of ['The first thing', 'The second thing'])
      await list.locator('.quiz-item', { hasText: item }).click();
    await list.locator('.quiz-count', { hasText: '2 of 3 done' }).waitFor();
    await list.locator('.exercise-state', { hasText: 'Passed' }).waitFor();
    await shot('16-checklist');
    assert.deepEqual(await axeProblems(page), []);
  });

  it('looks right in other themes', async () => {
    const page = await reader(session());
    for (const id of ['new-exercise', 'new-exercise-3']) {
      await card(page, id).scrollIntoViewIfNeeded();
      await inOtherThemes(`17-${id}`, async () => assert.deepEqual(await axeProblems(page), []));
    }
  });

  it('forgets the student, and is as it was', async () => {
    const vs = session();
    const status = vs.statusItem('postgres-lessons.pg-lessons.student');
    await status.click();
    await status.waitFor({ state: 'hidden' });
    await vs.editorTab('new-exercise-3.sql').waitFor({ state: 'detached' });
    await card(await reader(vs), 'new-exercise-2')
      .locator('.exercise-state', { hasText: 'New' })
      .waitFor();
    await vs.treeItem(/^First Lesson, 0 of 4/).waitFor();
    await shot('18-left');
  });

  it('compares with a data set that was edited, once the database is made anew', async () => {
    const vs = session();
    const exercise = card(await reader(vs), 'new-exercise-3');
    await exercise.getByRole('button', { name: 'Start' }).click();
    await vs.editorTab('new-exercise-3.sql').waitFor();
    const solution = 'SELECT member_id, count(*) FROM loans GROUP BY member_id;';
    await write('new-exercise-3.sql', solution);
    await vs.codeLens('Run').click();
    await (await vs.webview({ title: 'Postgres Results' })).getByRole('grid').waitFor();
    await vs.openFile('library.sql');
    await put('\\set loans 50000', '\\set loans 40000', file('datasets', 'library.sql'));
    await vs.editorTab('new-exercise-3.sql').click();
    await vs.codeLens('Check').click();
    await vs.dialog().getByRole('button', { name: 'Reset Database and Check' }).waitFor();
    await shot('19-old-data');
    await vs.dialog().getByRole('button', { name: 'Reset Database and Check' }).click();
    await vs.codeLens('Passed 10/10').waitFor({ timeout: 60_000 });
    await vs.treeItem(/^First Lesson, 1 of 4/).waitFor();
    await shot('20-new-data');
  });

  it('is known to work outside VS Code too', async () => {
    await put('\\set loans 40000', '\\set loans 50000', file('datasets', 'library.sql'));
    for (const [args, end] of [
      [['lint'], /0 errors, 0 warnings/],
      [['verify', '--engine', 'embedded'], /[1-9]\d* passed, 0 failed/],
    ] as const) {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [path.join(repoRoot, 'dist', 'cli.js'), ...args, file()],
        { timeout: 100_000 },
      );
      assert.match(stdout, end);
    }
  });
});

/** Whether it holds within a moment. */
async function eventually(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 30; tries++) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
