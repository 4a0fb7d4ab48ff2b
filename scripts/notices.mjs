// Writes THIRD-PARTY-NOTICES.txt: the licences of every package whose code is in dist/, found by what esbuild bundled.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * @param {string} root the repository
 * @param {Iterable<string>} inputs paths of bundled files, relative to `root`
 */
export async function writeNotices(root, inputs) {
  const folders = new Set(['node_modules/@electric-sql/pglite']); // its wasm is copied, not bundled
  for (const input of inputs) {
    const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
    if (match) folders.add(match[0]);
  }
  const sections = await Promise.all([...folders].sort().map((folder) => section(path.join(root, folder))));
  const head =
    'Postgres Lessons contains code of these packages. PGlite contains PostgreSQL, under the PostgreSQL licence.\n';
  await writeFile(path.join(root, 'THIRD-PARTY-NOTICES.txt'), [head, ...sections].join(`\n${'-'.repeat(80)}\n\n`));
}

async function section(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file && !license) throw new Error(`${name} names no licence, so it cannot be shipped.`);
  const text = file ? await readFile(path.join(folder, file), 'utf8') : `Licence: ${license}\n`;
  return `${name} ${version}\n\n${text.trim()}\n`;
}
