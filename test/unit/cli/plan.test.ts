import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UsageError } from '../../../src/cli/command';
import { command } from '../../../src/cli/commands/plan';
import type { PlanLine } from '../../../src/plan/export/json';
import { readPlan } from '../../../src/plan/read';
import { fixtureText } from '../plan/fixtures';
import { ran, type Ran } from './io';

const root = path.join(__dirname, '..', '..', '..');

const run = (args: readonly string[], stdin: string | Uint8Array = ''): Promise<Ran> => ran(command, args, stdin);

const lines = ({ out }: Ran): PlanLine[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PlanLine);

describe('cli: plan', function () {
  this.timeout(20_000);
  let folder = '';
  const file = (name: string, content: string | Uint8Array): string => {
    const full = path.join(folder, name);
    writeFileSync(full, content);
    return full;
  };
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pg-lessons-cli-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const seq = fixtureText('pg15', 'seq-scan');
  const index = fixtureText('pg15', 'index-scan');

  it('text: the tree and what is wrong', async () => {
    const { code, out, errors } = await run([file('a.json', seq)]);
    assert.equal(code, 0);
    assert.match(out, /Seq Scan on orders/);
    assert.match(out, /CREATE INDEX/);
    assert.equal(errors, '');
    assert.match((await run([file('b.json', index)])).out, /No findings\./);
  });

  it('standard input', async () => {
    assert.match(
      (await run(['-'], 'Seq Scan on orders  (cost=0.00..755.00 rows=392 width=18)\n')).out,
      /Seq Scan on orders/,
    );
  });

  it('json: one line for each input; what can’t be read has its error, the others go on', async () => {
    const broken = file('broken.json', '[\n  {"Plan": nonsense}]');
    const ran = await run(
      [file('a.json', seq), broken, path.join(folder, 'none.json'), folder, '-', '--format', 'json'],
      index,
    );
    assert.equal(ran.code, 1);
    const [good, bad, missing, directory, stdin] = lines(ran);
    assert.equal(good?.error, undefined);
    assert.equal(good?.plans[0]?.nodes[0]?.type, 'Seq Scan');
    assert.deepEqual([bad?.file, bad?.plans, bad?.error?.line], [broken, [], 2]);
    assert.equal(typeof bad?.error?.column, 'number');
    assert.deepEqual(missing?.error, {
      message: `“${path.join(folder, 'none.json')}” does not exist.`,
      line: null,
      column: null,
    });
    assert.match(directory?.error?.message ?? '', /is a folder/);
    assert.equal(stdin?.plans[0]?.nodes[0]?.type, 'Index Scan');
    assert.equal(ran.errors, '');
  });

  it('text: errors go to standard error with their place', async () => {
    const broken = file('broken.json', '[\n  {"Plan": nonsense}]');
    const { code, out, errors } = await run([broken, file('a.json', seq)]);
    assert.equal(code, 1);
    assert.ok(errors.startsWith(`${broken}:2:`));
    assert.match(out, /Seq Scan on orders/);
  });

  it('a log of which one plan is cut off: the others are there, and the error', async () => {
    const log = `${seq}\n${index.slice(0, index.length / 2)}`;
    const ran = await run([file('log.txt', log), '--format', 'json']);
    assert.equal(ran.code, 1);
    const [line] = lines(ran);
    assert.equal(line?.plans.length, 1);
    assert.notEqual(line.error, undefined);
  });

  it('byte order marks and UTF-16, as PowerShell writes it', async () => {
    const utf16 = Buffer.from(`\ufeff${seq}`, 'utf16le');
    const files = [
      file('bom.json', `\ufeff${seq}`),
      file('le.json', utf16),
      file('be.json', Buffer.from(utf16).swap16()),
      file('plain16.json', Buffer.from(seq, 'utf16le')),
    ];
    const ran = await run([...files, '--format', 'json']);
    assert.equal(ran.code, 0);
    for (const line of lines(ran)) assert.equal(line.plans[0]?.nodes[0]?.relation, 'orders', line.file);
  });

  it('--compare: the verdict, each change, and exit code 3 for a regression', async () => {
    const [a, b] = [file('a.json', seq), file('b.json', index)];
    const better = await run([b, '--compare', a]);
    assert.equal(better.code, 0);
    assert.match(
      better.out,
      /Compared with .*a\.json: Seq Scan on orders became Index Scan using orders_pkey: 85 × fewer buffers/,
    );
    const worse = await run([a, '--compare', b, '--fail-above', '50']);
    assert.equal(worse.code, 3);
    assert.match(worse.errors, /worse by more than 5000 %: .*85 × more buffers/);
    assert.equal((await run([a, '--compare', b, '--fail-above', '100'])).code, 0);
    const [line] = lines(await run([b, '--compare', a, '--format', 'json']));
    assert.equal(line?.comparison?.outcome, 'better');
  });

  it('--compare with what can’t be read', async () => {
    const ran = await run([file('a.json', seq), '--compare', path.join(folder, 'none'), '--format', 'json']);
    assert.equal(ran.code, 1);
    const [baseline, line] = lines(ran);
    assert.match(baseline?.error?.message ?? '', /does not exist/);
    assert.equal(line?.comparison, undefined);
    assert.equal(line?.plans.length, 1);
  });

  it('--fail-above: a share of the time', async () => {
    const a = file('a.json', seq);
    assert.equal((await run([a, '--fail-above', '0.5'])).code, 3);
    assert.equal((await run([a, '--fail-above', '50%'])).code, 3);
    assert.equal((await run([a, '--fail-above', '100%'])).code, 0);
    assert.equal((await run([a, folder, '--fail-above', '0.5'])).code, 1);
  });

  it('svg is one picture; anonymized is a plan', async () => {
    const svg = await run([file('a.json', seq), '--format', 'svg']);
    assert.match(svg.out, /^<svg[\s\S]*<\/svg>\n$/);
    const copy = (await run([file('a.json', seq), '--format', 'anonymized'])).out;
    assert.equal(readPlan(copy).nodes[0]?.relation, 't1');
    assert.doesNotMatch(copy, /orders/);
  });

  it('a wrong command line', async () => {
    const a = file('a.json', seq);
    for (const args of [
      [],
      [a, '--format', 'html'],
      [a, '--fail-above', 'much'],
      [a, '--fail-above', '-1'],
      [a, '--nonsense'],
      ['-', '--compare', '-'],
      [a, a, '--format', 'svg'],
      [a, '--compare', a, '--format', 'svg'],
    ])
      await assert.rejects(run(args), UsageError, args.join(' '));
  });

  describe('as a process', function () {
    this.timeout(60_000);
    const start = (...args: string[]) =>
      spawn(process.execPath, ['--import', 'tsx', path.join(root, 'src', 'cli', 'main.ts'), ...args], { cwd: root });

    it('ends quietly when its reader does', async () => {
      const plans = Array.from({ length: 40 }, () => file('a.json', seq));
      const child = start('plan', ...plans);
      let errors = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      child.stdin.end();
      child.stdout.once('data', () => child.stdout.destroy());
      child.stdout.once('readable', () => child.stdout.destroy());
      const [code] = (await once(child, 'close')) as [number | null];
      assert.deepEqual([code, errors.replace(/^npm warn.*\n/gm, '')], [0, '']);
    });

    it('reads standard input, says its usage, and loads no engine for it', async () => {
      const child = start('plan', '-', '--format', 'json');
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stdin.end(seq);
      assert.deepEqual(await once(child, 'close'), [0, null]);
      assert.equal((JSON.parse(out) as PlanLine).file, '-');
    });

    for (const [args, code, said] of [
      [['plan', '--help'], 0, /^Usage: pg-lessons plan/],
      [['verify', '--help'], 0, /^Usage: pg-lessons verify/],
      [['--help'], 0, /^Usage: pg-lessons COMMAND/],
      [['plan'], 2, /^Which plan\?/],
      [['verify'], 2, /^Which course\?/],
      [['nonsense'], 2, /^There is no command “nonsense”/],
      [['toString'], 2, /^There is no command/],
      [[], 2, /^Which command\?/],
    ] as const)
      it(`pg-lessons ${args.join(' ')}`, async () => {
        const child = start(...args);
        let said_ = '';
        for (const stream of [child.stdout, child.stderr])
          stream.setEncoding('utf8').on('data', (text: string) => (said_ += text));
        child.stdin.end();
        const [exit] = (await once(child, 'close')) as [number | null];
        assert.equal(exit, code);
        assert.match(said_, said);
      });
  });
});
