/** A person's whole path through the installed .vsix, in a real window, by mouse and by keyboard, in three themes. */
import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { axeProblems } from './lib/axe';
import { useSession } from './lib/mocha';
import type { Session, Theme } from './lib/session';

const LESSON = 'Query Performance Analysis';

const reader = (vs: Session): Promise<FrameLocator> => vs.webview({ title: 'Lesson' });
const results = (vs: Session): Promise<FrameLocator> => vs.webview({ title: 'Postgres Results' });
const plan = (vs: Session): Promise<FrameLocator> => vs.webview({ title: 'Postgres Plan' });
const card = async (vs: Session, id: string): Promise<Locator> => (await reader(vs)).locator(`[data-id="${id}"]`);

/** Replaces the active editor's text, as by paste. */
async function write(vs: Session, file: string, text: string): Promise<void> {
  await vs.editorTab(file).click();
  const editor = vs.page.locator('.editor-instance .monaco-editor').last();
  await editor.locator('.view-lines').click();
  await vs.page.keyboard.press('Control+A');
  await vs.page.keyboard.insertText(text);
  const [first = ''] = text.split('\n');
  await editor
    .locator('.view-line', { hasText: first.replaceAll(' ', '\u00a0') })
    .first()
    .waitFor();
}

function byMouse(theme: Theme): void {
  describe(`by mouse, ${theme}`, function () {
    this.timeout(240_000);
    const session = useSession({
      theme,
      viewport: { width: 1440, height: 900 },
      env: { PG_LESSONS_CACHE: process.env['PG_LESSONS_CACHE'] },
    });
    const shot = (name: string): Promise<string> => session().screenshot(`${theme}-${name}`);

    it('shows the course as a tree with progress', async () => {
      const vs = session();
      await vs.showView('Postgres Lessons');
      await vs.treeItem(`${LESSON}, 0 of 5 exercises passed`).waitFor();
      await vs.expandTreeItem(new RegExp(`^${LESSON}`));
      await vs.treeItem(/^The missing index: not started, 0 of 10 points/).waitFor();
    });

    it('opens the lesson in the reader', async () => {
      const vs = session();
      await vs.clickTreeItem(new RegExp(`^${LESSON}`));
      const page = await reader(vs);
      await page.getByRole('heading', { level: 1, name: LESSON }).waitFor();
      await page.locator('.hljs-keyword').first().waitFor();
      await shot('1-reader');
      await page.getByRole('link', { name: 'Rows × loops' }).first().click();
      await vs.until(
        'the heading to be at the top',
        async () => ((await page.locator('#rows--loops').boundingBox())?.y ?? 999) < 200,
      );
    });

    it('runs an example and shows its rows', async () => {
      const vs = session();
      await (await reader(vs)).getByRole('button', { name: 'Run' }).first().click();
      const page = await results(vs);
      await page.getByRole('grid').waitFor();
      await page
        .getByText(/\d+ rows?/)
        .first()
        .waitFor();
      await shot('2-results');
    });

    it('explains an example', async () => {
      const vs = session();
      await (await reader(vs)).getByRole('button', { name: 'Explain Analyze' }).first().click();
      const page = await plan(vs);
      await page.getByRole('treegrid').waitFor();
      await page.getByText('most buffers').first().waitFor();
      await shot('3-plan');
    });

    it('starts an exercise in a SQL file', async () => {
      const vs = session();
      await (await card(vs, 'missing-index')).getByRole('button', { name: 'Start' }).click();
      await vs.editorTab('missing-index.sql').waitFor();
      await vs.codeLens('Explain Analyze').waitFor();
      await vs.treeItem(/^The missing index: started/).waitFor();
      // the page became narrow, and still shows the exercise
      await vs.until('the exercise to be in view', async () => {
        const top = (await (await reader(vs)).locator('#the-missing-index').boundingBox())?.y ?? -1;
        return top > 0 && top < 400;
      });
    });

    it('explains the statement above which it is asked', async () => {
      const vs = session();
      await vs.codeLens('Explain Analyze').click();
      const page = await plan(vs);
      await page.getByText('Seq Scan', { exact: true }).first().waitFor();
      await shot('3-exercise-plan');
    });

    it('proves an index that a finding proposes, once the person wants to see it', async () => {
      const vs = session();
      const page = await plan(vs);
      assert.equal(await page.getByRole('button', { name: /^Prove it/ }).count(), 0);
      await page.getByText('What would help').first().click();
      await page
        .getByRole('button', { name: /^Prove it: CREATE INDEX/ })
        .first()
        .click();
      await page
        .locator('.verdict')
        .getByText(/fewer buffers/)
        .waitFor();
      await shot('3-proof');
      await page.getByRole('button', { name: 'Stop comparing' }).click();
    });

    it('keeps each attempt', async () => {
      const vs = session();
      await vs.codeLens('Explain Analyze').click();
      const page = await plan(vs);
      await page.getByText('Attempt 2').first().waitFor();
      await page.getByRole('button', { name: 'Previous plan' }).click();
      await page.getByText('Attempt 1').first().waitFor();
    });

    it('uncovers one hint at each press', async () => {
      const vs = session();
      const exercise = await card(vs, 'missing-index');
      await exercise.getByRole('button', { name: /^Hint 1 of/ }).click();
      await exercise.getByText('Hint 1', { exact: true }).waitFor();
      await exercise.getByRole('button', { name: /^Hint 2 of/ }).waitFor();
    });

    it('asks before it shows the solution', async () => {
      const vs = session();
      const exercise = await card(vs, 'missing-index');
      await exercise.getByRole('button', { name: 'Show solution' }).click();
      await vs.dialog().getByText('See the solution of “The missing index”?').waitFor();
      await shot('4-question');
      await vs.dialog().getByRole('button', { name: 'Cancel' }).click();
      assert.equal(await exercise.getByText('Solution', { exact: true }).count(), 0);
    });

    it('puts the server’s error where it is', async () => {
      const vs = session();
      await write(vs, 'missing-index.sql', 'SELECT id FROM orders WHERE custmer_id = 1;');
      await vs.codeLens('Run').click();
      await vs.page.locator('.squiggly-error').first().waitFor();
      await (await results(vs)).getByText('Perhaps you meant to reference the column "orders.customer_id".').waitFor();
      await shot('5-error');
    });

    it('cancels a statement', async () => {
      const vs = session();
      await write(vs, 'missing-index.sql', 'SELECT pg_sleep(600);');
      await vs.codeLens('Run').click();
      await vs.codeLens('Cancel').click();
      await (
        await results(vs)
      )
        .getByText(/cancelled/i)
        .first()
        .waitFor();
      await vs.codeLens('Run').waitFor();
    });

    it('says in the file, the tree and the reader what a check found', async () => {
      const vs = session();
      await write(vs, 'missing-index.sql', 'CREATE INDEX ON orders (created_at);');
      await vs.codeLens('Run').click();
      await (await results(vs)).getByText('CREATE INDEX').first().waitFor();
      await vs.codeLens('Check').click();
      await vs.codeLens('Not yet').waitFor({ timeout: 120_000 });
      await vs.until('the text at the end of the line', async () =>
        (await vs.inlineText()).includes('An index on the time finds'),
      );
      await vs.treeItem(/^The missing index: not yet passed/).waitFor();
      await (await card(vs, 'missing-index')).getByText('An index on the time finds').waitFor();
      await vs.page.locator('.squiggly-warning').first().hover({ force: true });
      await vs.page.locator('.monaco-hover:visible', { hasText: 'buffers' }).first().waitFor();
      await shot('6-not-yet');
    });

    it('says that the verdict is stale once the text changes', async () => {
      const vs = session();
      await write(vs, 'missing-index.sql', 'CREATE INDEX ON orders (customer_id, created_at);');
      await vs.codeLens('Changed · Check').waitFor();
      await (await card(vs, 'missing-index')).getByText('The file has changed since this check.').waitFor();
    });

    it('shows what a passed exercise bought', async () => {
      const vs = session();
      await vs.codeLens('Run').click();
      await (await results(vs)).getByText('CREATE INDEX').first().waitFor();
      await vs.codeLens('Changed · Check').click();
      await vs.codeLens('Passed 10/10').waitFor({ timeout: 120_000 });
      await vs.until('the text at the end of the line', async () =>
        /✓ Passed: [\d,]+ → [\d,]+ buffers/.test(await vs.inlineText()),
      );
      await (
        await card(vs, 'missing-index')
      )
        .getByText(/[\d,]+ → [\d,]+ buffers/)
        .first()
        .waitFor();
      await vs.treeItem(`${LESSON}, 1 of 5 exercises passed`).waitFor();
      await shot('7-passed');
    });

    it('has pages in which axe finds nothing', async () => {
      const vs = session();
      assert.deepEqual(await axeProblems(await reader(vs)), []);
      assert.deepEqual(await axeProblems(await results(vs)), []);
    });

    it('shows the progress in a second window', async () => {
      const vs = session();
      const other = await vs.page.context().newPage();
      await other.goto(vs.page.url());
      await other
        .locator('.activitybar')
        .getByRole('tab', { name: 'Postgres Lessons', exact: true })
        .click({ timeout: 60_000 });
      await other.getByRole('treeitem', { name: `${LESSON}, 1 of 5 exercises passed` }).waitFor({ timeout: 60_000 });
      await other.close();
    });

    it('finds everything again after a restart', async () => {
      const vs = session();
      await vs.reload();
      await vs.showView('Postgres Lessons');
      await vs.treeItem(`${LESSON}, 1 of 5 exercises passed`).waitFor({ timeout: 60_000 });
      await (
        await card(vs, 'missing-index')
      )
        .getByText(/[\d,]+ → [\d,]+ buffers/)
        .first()
        .waitFor();
      await vs.codeLens('Passed 10/10').waitFor({ timeout: 60_000 });
      // the database too, with the index that is there already
      await vs.codeLens('Run').click();
      await (await results(vs)).getByText('CREATE INDEX').first().waitFor({ timeout: 60_000 });
      await shot('8-restarted');
    });
  });
}

describe('the path of a person', () => {
  byMouse('dark');
  byMouse('high-contrast');

  describe('by keyboard and command palette, light', function () {
    this.timeout(240_000);
    const session = useSession({
      theme: 'light',
      viewport: { width: 1440, height: 900 },
      env: { PG_LESSONS_CACHE: process.env['PG_LESSONS_CACHE'] },
    });
    const shot = (name: string): Promise<string> => session().screenshot(`light-${name}`);
    const command = (title: string): Promise<void> => session().runCommand(`Postgres Lessons: ${title}`);

    it('opens the lesson', async () => {
      await command('Open Lesson…');
      await (await reader(session())).getByRole('heading', { level: 1, name: LESSON }).waitFor();
      await shot('1-reader');
    });

    /** From the list of exercises: a page that takes the focus (the reader just opened, a solution shown) closes it. */
    const start = (vs: Session, title: string, file: string): Promise<void> =>
      vs.until(`the file ${file}`, async () => {
        await command('Start Exercise…');
        const entry = vs.quickPickEntry(new RegExp(title));
        try {
          await entry.waitFor({ timeout: 3_000 });
          await vs.quickInput().fill(title, { timeout: 3_000 });
          await entry.waitFor({ timeout: 3_000 });
          await vs.page.keyboard.press('Enter');
          await vs.editorTab(file).waitFor({ timeout: 10_000 });
          return true;
        } catch {
          return false;
        }
      });

    it('starts an exercise', async () => {
      const vs = session();
      await start(vs, 'Once for each row', 'once-for-each-row.sql');
      await vs.codeLens('Explain Analyze').waitFor();
    });

    it('runs the statement at the cursor', async () => {
      const vs = session();
      await vs.page.keyboard.press('Control+Home');
      await vs.page.keyboard.press('Control+Alt+Enter');
      await (await results(vs)).getByRole('grid').waitFor({ timeout: 60_000 });
      await vs.page.locator('.editor-instance .monaco-editor.focused').waitFor(); // the focus stayed in the editor
      await shot('2-results');
    });

    it('explains it', async () => {
      const vs = session();
      await vs.page.keyboard.press('Shift+Alt+Enter');
      const page = await vs.webview({ title: 'Postgres Plan', selector: '[role="treegrid"]' });
      await page.getByText('most buffers').first().waitFor();
      await shot('3-plan');
      assert.deepEqual(await axeProblems(page), []);
      await command('Explain Statement');
      await page.getByText(/cost/i).first().waitFor();
    });

    it('shows a hint and the solution', async () => {
      const vs = session();
      await command('Show Hint');
      const exercise = await card(vs, 'once-for-each-row');
      await exercise.getByText('Hint 1', { exact: true }).waitFor();
      await (await reader(vs)).locator('body :focus').first().waitFor();
      await vs.editorTab('once-for-each-row.sql').click();
      await command('Show Solution');
      await vs.dialog().getByText('See the solution').waitFor();
      await vs.page.keyboard.press('Enter');
      await exercise.getByText('Solution', { exact: true }).waitFor();
      await shot('4-solution');
    });

    it('checks an answer', async () => {
      const vs = session();
      await start(vs, 'Rows times loops', 'rows-times-loops.sql');
      await write(vs, 'rows-times-loops.sql', '-- answer: 2');
      await vs.page.keyboard.press('Control+Shift+Alt+C');
      await vs.codeLens('Not yet').waitFor({ timeout: 120_000 });
      await write(vs, 'rows-times-loops.sql', '-- answer: 1004');
      await command('Check Exercise');
      await vs.codeLens('Passed 5/5').waitFor({ timeout: 120_000 });
      await shot('7-passed');
    });

    it('resets an exercise after asking, and undo brings the text back', async () => {
      const vs = session();
      await command('Reset Exercise');
      await vs.dialog().getByText('Begin “Rows times loops” anew?').waitFor();
      await vs.dialog().getByRole('button', { name: 'Reset File', exact: true }).click();
      await vs.codeLens('Check').waitFor();
      assert.doesNotMatch(await vs.page.locator('.editor-instance .view-lines').last().innerText(), /1004/);
      await vs.page.keyboard.press('Control+Z');
      await vs.page.locator('.editor-instance .view-line', { hasText: '1004' }).waitFor();
    });

    it('says where SQL runs, and how to change it', async () => {
      const vs = session();
      await vs.statusItem('postgres-lessons.pg-lessons.connection').getByText('embedded PostgreSQL 18').waitFor();
      await command('Where SQL Runs…');
      await vs.page.locator('.quick-input-list').getByText('Connect to Server…').waitFor();
      await vs.page.keyboard.press('Escape');
    });
  });
});
