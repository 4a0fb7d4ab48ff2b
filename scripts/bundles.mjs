// What esbuild makes of src/: the options of each bundle.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const dist = path.join(root, 'dist');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  outdir: dist,
  platform: 'node',
  target: 'node20',
  external: ['vscode', 'pg-native'], // pg-native is pg's optional C binding, never installed here
};

/**
 * The extension host's. What is imported lazily becomes a file of its own, so that activation reads little: esbuild
 * splits only ES modules, and `toCommonJs` turns them into what every VS Code loads.
 * @type {import('esbuild').BuildOptions}
 */
export const host = {
  ...node,
  entryPoints: { extension: 'src/extension.ts' },
  format: 'esm',
  splitting: true,
  chunkNames: 'host/[name]-[hash]',
  write: false,
};

/** @type {import('esbuild').BuildOptions} */
export const cli = { ...node, entryPoints: { cli: 'src/cli/main.ts' }, format: 'cjs' };

/**
 * The pages: what several share, and what a page loads only when it is looked at, become files of their own.
 * @type {import('esbuild').BuildOptions}
 */
export const pages = {
  ...common,
  entryPoints: {
    reader: 'src/webview/reader/main.tsx',
    results: 'src/webview/results/main.tsx',
    plan: 'src/webview/plan/main.tsx',
  },
  outdir: path.join(dist, 'webview'),
  platform: 'browser',
  target: 'chrome122', // VS Code 1.90's
  format: 'esm',
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  jsx: 'automatic',
  jsxImportSource: 'preact',
};
