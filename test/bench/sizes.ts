import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ensurePackage } from '../../scripts/vscode/packaged.mjs';
import { repoRoot } from '../../scripts/vscode/paths.mjs';
import type { Bench } from './bench';
import { kilobytes, megabytes } from './figures';

const MOST_PACKAGE_BYTES = 12e6;

interface Size {
  readonly file: string;
  readonly bytes: number;
  readonly gzipped?: number;
}

/** What is downloaded, and what is read: the package, the host's bundles, the embedded engine, each page. */
export const sizes: Bench = {
  name: 'sizes',
  title: 'bytes of the package and of what is in it (a page: its script and its style together)',
  async run() {
    const vsix = await ensurePackage();
    const dist = path.join(repoRoot, 'dist');
    const found: Size[] = [{ file: path.basename(vsix), bytes: (await stat(vsix)).size }];
    for (const name of await filesOf(dist, /\.js$/)) found.push(await sizeOf(name, [path.join(dist, name)]));
    for (const name of await filesOf(path.join(dist, 'pglite')))
      found.push(await sizeOf(`pglite/${name}`, [path.join(dist, 'pglite', name)]));
    const pages = await filesOf(path.join(dist, 'webview'), /\.js$/);
    for (const script of pages) {
      const page = script.slice(0, -'.js'.length);
      const both = await filesOf(path.join(dist, 'webview'), new RegExp(`^${page}\\.(js|css)$`));
      found.push(
        await sizeOf(
          `webview/${page}`,
          both.map((name) => path.join(dist, 'webview', name)),
        ),
      );
    }
    const packageBytes = found[0]?.bytes ?? 0;
    return {
      columns: ['file', 'size', 'gzipped'],
      rows: found.map(({ file, bytes, gzipped }) => [
        file,
        bytes >= 1e6 ? megabytes(bytes) : kilobytes(bytes),
        gzipped === undefined ? '' : kilobytes(gzipped),
      ]),
      notes: ['dist/cli.js is not in the package.'],
      goals: [
        {
          what: 'the package',
          goal: `≤ ${megabytes(MOST_PACKAGE_BYTES)}`,
          seen: megabytes(packageBytes),
          met: packageBytes <= MOST_PACKAGE_BYTES,
        },
      ],
      data: { sizes: found },
    };
  },
};

async function filesOf(folder: string, wanted = /./): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

async function sizeOf(file: string, parts: readonly string[]): Promise<Size> {
  const contents = await Promise.all(parts.map((part) => readFile(part)));
  const zipped = await Promise.all(contents.map((content) => promisify(gzip)(content)));
  const sum = (buffers: readonly Buffer[]): number => buffers.reduce((total, { length }) => total + length, 0);
  return { file, bytes: sum(contents), gzipped: sum(zipped) };
}
