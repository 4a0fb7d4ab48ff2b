// What VS Code calls in its extension host: runs the bundled tests beside this file and leaves a report.
import { readdirSync, writeFileSync } from 'node:fs';
import { findSourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

interface Report {
  passed: number;
  failed: number;
  skipped: number;
  failures: { title: string; message: string; stack: string | undefined }[];
}

export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const { default: Mocha } = await import('mocha');
  const grep = process.env['PG_LESSONS_HOST_GREP'];
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, reporter: 'spec', ...(grep ? { grep } : {}) });
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.cjs')) mocha.addFile(path.join(__dirname, file));
  }
  await mocha.loadFilesAsync();

  const report: Report = { passed: 0, failed: 0, skipped: 0, failures: [] };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', () => report.passed++);
    runner.on('pending', () => report.skipped++);
    runner.on('fail', (test, error: Error) => {
      report.failed++;
      if (error.stack) error.stack = toSource(error.stack);
      report.failures.push({ title: test.fullTitle(), message: error.message, stack: error.stack });
    });
  });
  const file = process.env['PG_LESSONS_HOST_REPORT'];
  if (file) writeFileSync(file, JSON.stringify(report, null, 2));
  if (report.failed > 0) throw new Error(`${report.failed} host tests failed`);
}

/** VS Code makes the stacks itself and does not heed source maps; mocha has made their paths relative. */
function toSource(stack: string): string {
  return stack.replace(/([^\s()]+\.cjs):(\d+):(\d+)/g, (place: string, file: string, line: string, column: string) => {
    const entry = findSourceMap(path.resolve(file))?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !('originalSource' in entry)) return place;
    return `${path.relative(process.cwd(), fileURLToPath(entry.originalSource))}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}
