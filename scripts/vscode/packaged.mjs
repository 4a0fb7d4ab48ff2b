// The packaged extension, packaged anew only when what goes into it has changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './errors.mjs';
import { repoRoot, vsixFile } from './paths.mjs';
import { cleanEnv, run } from './processes.mjs';

/** What goes into the package: folders, some files of the root, and the scripts that build. */
const FOLDERS = ['src', 'lessons', 'media', 'syntaxes', 'l10n'];
const ROOT_FILES = /^(package|tsconfig|language-configuration|README|CHANGELOG|LICENSE|\.vscodeignore)/;
const BUILD_SCRIPTS = /^(?!start\.|first-lesson\.).*\.mjs$/;

const stampFile = path.join(repoRoot, 'out/package.stamp');

/** @param {string} dir @param {(name: string) => boolean} [wanted] @returns {string[]} */
function entries(dir, wanted = () => true) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter(wanted)
    .sort()
    .map((name) => path.join(dir, name));
}

/** @param {string} file @returns {string[]} the file itself, or all that is below it */
function files(file) {
  return statSync(file).isDirectory() ? entries(file).flatMap(files) : [file];
}

function hashOfInputs() {
  const hash = createHash('sha256');
  const inputs = [
    ...FOLDERS.flatMap((folder) => entries(path.join(repoRoot, folder))),
    ...entries(repoRoot, (name) => ROOT_FILES.test(name)),
    ...entries(path.join(repoRoot, 'scripts'), (name) => BUILD_SCRIPTS.test(name)),
  ];
  for (const file of inputs.flatMap(files))
    hash.update(path.relative(repoRoot, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

/** Says what was packaged from what: a package made or changed by other means does not match it. */
function stamp(inputs = hashOfInputs()) {
  return `${inputs} ${createHash('sha256').update(readFileSync(vsixFile)).digest('hex')}\n`;
}

/**
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<string>} the .vsix file
 */
export async function ensurePackage({ quiet = false } = {}) {
  if (existsSync(vsixFile) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp()) return vsixFile;
  // Taken before: what is edited meanwhile is packaged the next time.
  const inputs = hashOfInputs();
  if (!quiet) console.log('Packaging the extension …');
  // On Windows npm is a script, which only a shell can run: so run npm's own program where npm tells which it is.
  const npm = process.env['npm_execpath'];
  const args = ['run', 'package', '--silent'];
  const env = cleanEnv();
  if (npm) await run(process.execPath, [npm, ...args], { cwd: repoRoot, env });
  else await run('npm', args, { cwd: repoRoot, env });
  if (!existsSync(vsixFile))
    throw new UserError(
      `"npm run package" left no ${path.basename(vsixFile)}: run it by itself and look at what it says.`,
    );
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp(inputs));
  return vsixFile;
}
