// The embedded engine's worker thread: one ES module beside the files of pglite-template.mjs.
import { build } from 'esbuild';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** @param {string} outdir  @returns {import('esbuild').BuildOptions} */
export function workerOptions(outdir) {
  return {
    entryPoints: { worker: path.join(root, 'src/database/embedded/worker.ts') },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    // PGlite's modules read import.meta.url, which a CommonJS bundle does not have.
    format: 'esm',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/** @param {string} outdir where `worker.mjs` goes */
export async function buildWorker(outdir) {
  await build(workerOptions(outdir));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildWorker(path.resolve(process.argv[2] ?? 'dist/pglite'));
}
