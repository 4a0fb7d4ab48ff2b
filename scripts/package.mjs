// Builds dist/ and packs pg-lessons.vsix.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
const quiet = process.env.npm_config_loglevel === 'silent';

/** @param {string[]} args of node */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}

run(path.join(root, 'scripts', 'build.mjs'));
run(
  vsce,
  'package',
  '--no-dependencies', // everything is bundled
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  'pg-lessons.vsix',
);
