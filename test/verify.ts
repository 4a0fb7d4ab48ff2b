/** Proves the shipped course with the command line itself, on the embedded engine and on a throwaway server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startCluster } from './support/cluster';

const root = path.join(__dirname, '..');
const course = path.join(root, 'lessons', 'postgres-optimization');

interface Counts {
  passed: number;
  failed: number;
}

async function verify(engine: string, env: NodeJS.ProcessEnv): Promise<Counts> {
  const child = spawn(process.execPath, [path.join(root, 'dist', 'cli.js'), 'verify', '--engine', engine, course], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    last = (last + text).slice(-200);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(last) ?? [];
  if (passed === undefined || failed === undefined) return { passed: 0, failed: 1 };
  const counts = { passed: Number(passed), failed: Number(failed) };
  return code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

async function main(): Promise<void> {
  const embedded = await verify('embedded', {});
  const cluster = await startCluster();
  let server: Counts;
  try {
    const { port, superuser, password } = cluster;
    server = await verify('server', {
      PGHOST: '127.0.0.1',
      PGPORT: String(port),
      PGUSER: superuser,
      PGPASSWORD: password,
      PGDATABASE: 'postgres',
    });
  } finally {
    await cluster.stop();
  }
  const counts: Counts = { passed: embedded.passed + server.passed, failed: embedded.failed + server.failed };
  const report = process.env['MOCHA_REPORT'];
  if (report !== undefined) writeFileSync(report, JSON.stringify(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

void main();
