// Builds dist/: the extension host's bundle, the command line, one bundle a page, and what the embedded engine opens.
//
//   node scripts/build.mjs [--watch]
import { context, build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { workerOptions } from './build-worker.mjs';
import { writeNotices } from './notices.mjs';
import { makeTemplate } from './pglite-template.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !watch,
  sourcemap: watch,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const host = {
  ...common,
  entryPoints: { extension: 'src/extension.ts', cli: 'src/cli/main.ts' },
  outdir: dist,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // pg-native is pg's optional C binding, never installed here
  external: ['vscode', 'pg-native'],
};

/** @type {import('esbuild').BuildOptions} */
const pages = {
  ...common,
  entryPoints: {
    reader: 'src/webview/reader/main.tsx',
    results: 'src/webview/results/main.tsx',
    plan: 'src/webview/plan/main.tsx',
  },
  outdir: path.join(dist, 'webview'),
  platform: 'browser',
  target: 'chrome122', // VS Code 1.90's
  format: 'iife',
  jsx: 'automatic',
  jsxImportSource: 'preact',
};

const pglite = path.join(dist, 'pglite');
const options = [host, pages, workerOptions(pglite)];

if (watch) {
  await templateOnce();
  for (const each of options) await (await context(each)).watch();
} else {
  await Promise.all([rm(path.join(dist, 'webview'), { recursive: true, force: true }), templateOnce()]);
  const results = await Promise.all(options.map((each) => build({ ...each, absWorkingDir: root, metafile: true })));
  await writeNotices(
    root,
    results.flatMap((result) => Object.keys(result.metafile.inputs)),
  );
}

/** Making the template takes some 10 s, so it is made only when PGlite or its script changed. */
async function templateOnce() {
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));
  const script = await readFile(path.join(root, 'scripts', 'pglite-template.mjs'));
  const inputs = createHash('sha256')
    .update(script)
    .update(lock.packages['node_modules/@electric-sql/pglite'].version)
    .digest('hex');
  const stamp = path.join(root, '.cache', 'pglite-template');
  if (existsSync(path.join(pglite, 'template.tar')) && existsSync(stamp) && (await readFile(stamp, 'utf8')) === inputs)
    return;
  await rm(pglite, { recursive: true, force: true });
  await makeTemplate(pglite);
  await mkdir(path.dirname(stamp), { recursive: true });
  await writeFile(stamp, inputs);
}
