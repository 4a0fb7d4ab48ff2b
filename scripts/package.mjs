// Builds dist/ and packs pg-lessons.vsix.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
const run = (...args) =>
  execFileSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', process.env.npm_config_loglevel === 'silent' ? 'ignore' : 'inherit', 'inherit'],
  });

run(path.join(root, 'scripts', 'build.mjs'));
// --no-dependencies: everything is bundled
run(vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--out', 'pg-lessons.vsix');
