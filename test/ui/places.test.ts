/** Where SQL may run: a server of one's own, and nothing in a workspace that is not trusted. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startCluster, type Cluster } from '../support/cluster';
import { useSession } from './lib/mocha';

describe('a server of one’s own', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'pgl-own-'));
  writeFileSync(path.join(folder, 'mine.sql'), "SELECT current_database() || ' ' || current_user;\n");
  const session = useSession({ folder });
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
  });
  after(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is connected to, after a wrong password too', async () => {
    const vs = session();
    await vs.runCommand('Postgres Lessons: Connect to Server…');
    const answers: [string, string][] = [
      ['(1/4)', '127.0.0.1'],
      ['(2/4)', String(cluster.port)],
      ['(3/4)', cluster.superuser],
      ['(4/4)', 'postgres'],
      ['Password of postgres', 'wrong'],
    ];
    const answer = async (question: string, value: string): Promise<void> => {
      await vs.page.locator('.quick-input-title', { hasText: question }).waitFor();
      await vs.quickInput().fill(value);
      await vs.page.keyboard.press('Enter');
    };
    for (const [question, value] of answers) await answer(question, value);
    await vs.notification('is wrong').waitFor();
    await answer('Password of postgres', cluster.password);
    await vs.notification('Connected to').waitFor();
    await vs
      .statusItem('postgres-lessons.pg-lessons.connection')
      .getByText(`postgres@127.0.0.1:${cluster.port}`)
      .waitFor();
  });

  it('runs a file of one’s own in the database that was named', async () => {
    const vs = session();
    await vs.openFile('mine.sql');
    await vs.codeLens('Run').click();
    await (await vs.webview({ title: 'Postgres Results' })).getByText('postgres postgres').first().waitFor();
  });

  it('plans what another session runs, without running it', async () => {
    const vs = session();
    const client = (database: string): pg.Client =>
      new pg.Client({
        host: '127.0.0.1',
        port: cluster.port,
        user: cluster.superuser,
        password: cluster.password,
        database,
      });
    const admin = client('postgres');
    await admin.connect();
    await admin.query('CREATE DATABASE elsewhere');
    const other = client('elsewhere');
    await other.connect();
    other.on('error', () => undefined);
    const running = other.query('SELECT pg_sleep(600), count(*) FROM pg_class GROUP BY relkind').catch(() => undefined);
    try {
      await vs.runCommand('Postgres Lessons: Open EXPLAIN Plan…');
      await vs.quickPickEntry(/Running Query/).click();
      await vs.quickPickEntry(/^SELECT pg_sleep/).click();
      const page = await vs.webview({ title: 'EXPLAIN Plan' });
      await page.getByRole('treegrid').getByText('Seq Scan').first().waitFor();
      await page.getByText('Planned anew, not run').waitFor();
    } finally {
      // its backend would sleep on
      await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'elsewhere'`);
      await running;
      await admin.end();
    }
  });

  it('runs a lesson in a database of its own', async () => {
    const vs = session();
    await vs.runCommand('Postgres Lessons: Open Lesson…');
    const reader = await vs.webview({ title: 'Lesson' });
    await reader.getByRole('button', { name: 'Run' }).first().click();
    await (await vs.webview({ title: 'Postgres Results' })).getByText('5 rows').first().waitFor({ timeout: 90_000 });
    await vs.screenshot('server-lesson');
  });

  it('is left again', async () => {
    const vs = session();
    await vs.runCommand('Postgres Lessons: Disconnect from Server');
    await vs.statusItem('postgres-lessons.pg-lessons.connection').getByText('embedded PostgreSQL').waitFor();
  });
});

describe('a course from a workspace', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(path.join(tmpdir(), 'pgl-trust-'));
  mkdirSync(path.join(folder, 'lessons'));
  writeFileSync(
    path.join(folder, 'course.yaml'),
    'id: mine\ntitle: My Course\nsections:\n  - { folder: lessons, title: All }\n',
  );
  writeFileSync(
    path.join(folder, 'lessons', '1.md'),
    '---\nid: one\ntitle: Lesson of mine\nkind: tutorial\nminutes: 5\n---\n\n```sql run\nSELECT 40 + 2;\n```\n',
  );
  const session = useSession({ folder, workspaceTrust: true, theme: 'light' });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('can be read, and runs nothing before the workspace is trusted', async () => {
    const vs = session();
    await vs.showView('Postgres Lessons');
    await vs.expandTreeItem(/^My Course/);
    await vs.clickTreeItem(/^Lesson of mine/);
    const reader = await vs.webview({ title: 'Lesson' });
    await reader.getByText('This course comes from a workspace that is not trusted').waitFor();
    assert.ok(await reader.getByRole('button', { name: 'Run' }).isDisabled());
    await vs.screenshot('untrusted');
  });

  it('runs once it is trusted', async () => {
    const vs = session();
    await vs.trustFolder();
    await vs.editorTab('Lesson of mine').click();
    const reader = await vs.webview({ title: 'Lesson' });
    await reader.getByText('This course comes from').waitFor({ state: 'detached' });
    await reader.getByRole('button', { name: 'Run' }).click();
    await (await vs.webview({ title: 'Postgres Results' })).getByText('42').first().waitFor({ timeout: 60_000 });
  });
});
