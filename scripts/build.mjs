// Builds dist/: the extension host's files, the command line, one bundle a page, and what the embedded engine opens.
//
//   node scripts/build.mjs [--watch]
import { context, build, transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { workerOptions } from './build-worker.mjs';
import { cli, dist, host, pages, root } from './bundles.mjs';
import { writeNotices } from './notices.mjs';
import { makeTemplate } from './pglite-template.mjs';

const pglite = path.join(dist, 'pglite');
/** @type {import('esbuild').Plugin} */
const toCommonJs = {
  name: 'to-commonjs',
  setup({ onEnd }) {
    onEnd(async ({ outputFiles = [] }) => {
      await rm(path.join(dist, 'host'), { recursive: true, force: true });
      await mkdir(path.join(dist, 'host'), { recursive: true });
      const options = {
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        minify: true,
        supported: { 'dynamic-import': false },
      };
      await Promise.all(
        outputFiles.map(async (file) => writeFile(file.path, (await transform(file.text, options)).code)),
      );
    });
  },
};
const bundles = [
  { ...host, plugins: [toCommonJs] },
  cli,
  pages,
  { ...workerOptions(pglite), absWorkingDir: root, metafile: true },
];

if (process.argv.includes('--watch')) {
  await Promise.all([templateOnce(), copyParser()]);
  for (const bundle of bundles) await (await context({ ...bundle, logLevel: 'info' })).watch();
} else {
  await Promise.all([rm(path.join(dist, 'webview'), { recursive: true, force: true }), templateOnce(), copyParser()]);
  const results = await Promise.all(bundles.map((bundle) => build(bundle)));
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

/** The SQL parser's WASM: its bundles are given the bytes by who loads it (src/parser). */
async function copyParser() {
  await mkdir(dist, { recursive: true });
  await copyFile(
    path.join(root, 'node_modules/libpg-query/wasm/libpg-query.wasm'),
    path.join(dist, 'libpg-query.wasm'),
  );
}
