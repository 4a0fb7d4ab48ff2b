/** Plans from anywhere, for a person who never opens a lesson: opened, looked at in every view, compared, in three themes. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { axeProblems } from './lib/axe';
import { useSession } from './lib/mocha';
import type { Session, Theme } from './lib/session';

const FIXTURES = path.join(__dirname, '../unit/plan/fixtures/pg15');
const TEXT = `The slow one of this morning:

                                 QUERY PLAN
-------------------------------------------------------------------------------------------------------
 Sort  (cost=1000.00..1100.00 rows=40000 width=40) (actual time=90.000..120.000 rows=40000 loops=1)
   Sort Key: total
   Sort Method: external merge  Disk: 2048kB
   Buffers: shared hit=300 read=20, temp read=256 written=257
   ->  Seq Scan on <b>orders</b>  (cost=0.00..700.00 rows=40000 width=40) (actual time=0.010..20.000 rows=40000 loops=1)
         Buffers: shared hit=300 read=20
 Planning Time: 0.100 ms
 Execution Time: 125.000 ms
(8 rows)
`.replace('<b>orders</b>', '"<b>orders</b>"');

const OPEN = 'Postgres Lessons: Open EXPLAIN Plan…';
const opened = (vs: Session): Promise<FrameLocator> => vs.webview({ title: 'EXPLAIN Plan' });

/** Each view with an element that only it has. */
const VIEWS = [
  ['Tree', '[role="treegrid"]'],
  ['Graph', 'canvas'],
  ['Flame', 'canvas'],
  ['Text', '.line, [role="option"], pre'],
  ['Source', '.line, [role="option"], pre'],
] as const;

describe('a plan from elsewhere', function () {
  this.timeout(240_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'pgl-plans-'));
  for (const name of ['parallel-in-loop', 'partitions'])
    copyFileSync(path.join(FIXTURES, `${name}.json`), path.join(folder, `${name}.plan`));
  writeFileSync(path.join(folder, 'mail.txt'), TEXT);
  writeFileSync(path.join(folder, 'notes.txt'), 'SELECT 1;\nThis is no plan.\n');
  const session = useSession({ folder, theme: 'dark', viewport: { width: 1440, height: 900 } });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const shot = (name: string): Promise<string> => session().screenshot(`plan-${name}`);
  const noProblems = async (frame: FrameLocator): Promise<void> => assert.deepEqual(await axeProblems(frame), []);
  const everyView = async (theme: Theme): Promise<void> => {
    const page = await opened(session());
    for (const [view, mark] of VIEWS) {
      await page.getByRole('tab', { name: view }).click();
      await page.locator(mark).first().waitFor();
      await shot(`${theme}-${view.toLowerCase()}`);
      await noProblems(page);
    }
  };

  it('opens as a file, with its findings', async () => {
    const vs = session();
    await vs.openFile('parallel-in-loop.plan');
    const page = await opened(vs);
    await page.getByRole('treegrid').waitFor();
    await page.getByRole('tab', { name: /^Findings \d/ }).waitFor();
    await shot('tree');
    await noProblems(page);
  });

  it('shows five views', () => everyView('dark'));

  it('keeps the view while the editor is hidden', async () => {
    const vs = session();
    await (await opened(vs)).getByRole('tab', { name: 'Flame' }).click();
    await vs.openFile('mail.txt');
    await vs.editorTab('parallel-in-loop.plan').click();
    await (await opened(vs)).getByRole('tab', { name: 'Flame', selected: true }).waitFor();
    await (await opened(vs)).getByRole('tab', { name: 'Tree' }).click();
  });

  it('opens from the selection, whatever stands around it', async () => {
    const vs = session();
    await vs.editorTab('mail.txt').click();
    await vs.page.locator('.editor-instance .view-lines').last().click();
    await vs.page.keyboard.press('Control+A');
    await vs.page.keyboard.press('Control+C');
    await vs.page.locator('.editor-instance .selected-text').first().waitFor();
    // by hand: runCommand presses Escape first, which drops the selection
    await vs.pressUntil('F1', vs.quickInput());
    await vs.quickInput().fill(`>${OPEN}`);
    await vs.quickPickEntry(OPEN).click();
    await vs.quickPickEntry(/Selection/).click();
    await vs.editorTab(/^Selection of mail/).waitFor();
    const page = await opened(vs);
    // the name is text, never markup
    await page.getByText('<b>orders</b>').first().waitFor();
    assert.equal(await page.locator('b').count(), 0);
    await page.getByText('Sort spills to disk').first().waitFor();
    await shot('selection');
  });

  it('opens from the clipboard, and searches', async () => {
    const vs = session();
    await vs.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await vs.runCommand(OPEN);
    await vs.quickPickEntry(/Clipboard/).click();
    await vs.editorTab(/^Clipboard/).waitFor();
    const page = await opened(vs);
    await page.getByRole('treegrid').waitFor();
    await page.getByRole('button', { name: /^Find nodes/ }).click();
    await page.getByRole('searchbox').fill('orders');
    await page.getByText(/1 of 1/).waitFor();
  });

  it('says what is wrong with a text that is no plan, and where', async () => {
    const vs = session();
    await vs.openFile('notes.txt');
    await vs.runCommand(OPEN);
    await vs.quickPickEntry(/Open Editor/).click();
    await vs.notification(/EXPLAIN/).waitFor();
    await shot('no-plan');
    await vs.runCommand('Notifications: Clear All Notifications');
  });

  it('compares two plans', async () => {
    const vs = session();
    await vs.openFile('partitions.plan');
    await (await opened(vs)).getByRole('treegrid').waitFor();
    await vs.runCommand('Postgres Lessons: Compare EXPLAIN Plans…');
    await vs.page.getByPlaceholder('The plan before').waitFor();
    await vs.quickPickEntry('parallel-in-loop.plan').click();
    await vs.page.getByPlaceholder('The plan after').waitFor();
    await vs.quickPickEntry('partitions.plan').click();
    await vs.until('the comparison', async () => (await (await opened(vs)).locator('.verdict').count()) === 1);
    await shot('compare');
    await noProblems(await opened(vs));
  });

  for (const theme of ['light', 'high-contrast'] as const) {
    it(`shows them in ${theme}`, async () => {
      const vs = session();
      await vs.setTheme(theme);
      await shot(`${theme}-compare`);
      await noProblems(await opened(vs));
      await vs.editorTab('parallel-in-loop.plan').click();
      await everyView(theme);
    });
  }
});
