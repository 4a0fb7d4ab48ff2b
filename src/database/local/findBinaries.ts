/** PostgreSQL's programs on this machine. */
import { execFile } from 'node:child_process';
import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../../shared/errors';

const run = promisify(execFile);

/** The oldest PostgreSQL that the lessons are written for. */
const OLDEST = 14;

/** Without them there is no server. */
const NEEDED = ['initdb', 'postgres'] as const;

/** What else belongs to an installation that is whole; some folders hold links to a few programs only. */
const COMPLETE = [
  ...NEEDED,
  'pg_ctl',
  'pg_isready',
  'psql',
  'pg_dump',
  'pg_restore',
  'pg_basebackup',
  'pg_verifybackup',
  'pg_rewind',
  'pgbench',
];

export interface Binaries {
  readonly bindir: string;
  /** 15 */
  readonly major: number;
  /** "15.18 (Debian 15.18-0+deb12u1)" */
  readonly version: string;
}

export interface Search {
  /** Its `PATH` and `PG_LESSONS_BIN`, a folder that is taken instead of looking for one. */
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Somebody else will run the programs: each folder above them must be open to all. */
  readonly forOthers: boolean;
  /** In place of the platform's folders: for tests. */
  readonly folders?: readonly string[];
}

/**
 * The best PostgreSQL found: the most complete one, of those the newest.
 * @throws {UserError} none is found, or none that can be used; says what to install
 */
export async function findBinaries(search: Search): Promise<Binaries> {
  const chosen = search.env['PG_LESSONS_BIN'];
  const folders = chosen ? [chosen] : await candidates(search);
  const seen = new Set<string>();
  const found: (Binaries & { readonly programs: number })[] = [];
  const refused: string[] = [];
  for (const folder of folders) {
    const bindir = await realFolder(folder, search.platform);
    if (bindir === undefined || seen.has(bindir)) continue;
    seen.add(bindir);
    const version = await versionOf(bindir, search.platform);
    if (!version) continue;
    if (version.major < OLDEST) refused.push(`PostgreSQL ${version.version} in ${bindir} is older than ${OLDEST}`);
    else if (search.forOthers && !(await openToAll(bindir)))
      refused.push(`PostgreSQL in ${bindir} may not be run by other users`);
    else found.push({ bindir, ...version, programs: await countPrograms(bindir, search.platform) });
  }
  const [best] = found.sort((a, b) => b.programs - a.programs || b.major - a.major);
  if (best) return { bindir: best.bindir, major: best.major, version: best.version };
  if (chosen)
    throw new UserError(
      refused.length > 0
        ? `${refused.join('; ')}.`
        : `PG_LESSONS_BIN is ${chosen}, and initdb and postgres do not run there.`,
      `Set it to the folder of PostgreSQL’s programs, version ${OLDEST} or newer, or unset it.`,
    );
  throw new UserError(
    refused.length > 0
      ? `No usable PostgreSQL was found on this machine: ${refused.join('; ')}.`
      : 'No PostgreSQL server was found on this machine: initdb and postgres are missing.',
    installation(search.platform),
  );
}

function installation(platform: NodeJS.Platform): string {
  const otherwise = 'If it is installed elsewhere, set PG_LESSONS_BIN to the folder of its programs.';
  if (platform === 'darwin') return `Install it with “brew install postgresql@18”, or Postgres.app. ${otherwise}`;
  if (platform === 'win32') return `Install it from https://www.postgresql.org/download/windows/. ${otherwise}`;
  return `Install your distribution’s server package, such as with “apt-get install postgresql” or “dnf install postgresql-server”. ${otherwise}`;
}

/** What PATH and pg_config name, then where packages put it. */
async function candidates({ env, platform, folders }: Search): Promise<string[]> {
  const separator = platform === 'win32' ? ';' : ':';
  const onPath = (env['PATH'] ?? env['Path'] ?? '').split(separator).filter(Boolean);
  // The folder of the executable that runs: whoever builds PostgreSQL itself has it first on the PATH.
  const configured = await run('pg_config', ['--bindir'], { env, timeout: 10_000 }).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  );
  const patterns = folders ?? FOLDERS[platform] ?? FOLDERS['linux'] ?? [];
  return [...configured, ...onPath, ...(await Promise.all(patterns.map(expand))).flat()];
}

/** `*` stands for any one folder. */
const FOLDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    '/usr/lib/postgresql/*/bin', // Debian, Ubuntu
    '/usr/pgsql-*/bin', // PostgreSQL's own packages for Red Hat
    '/usr/lib/postgresql*/bin', // SUSE
    '/usr/libexec/postgresql*', // Alpine
    '/usr/local/pgsql/bin', // built from source
    '/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin',
  ],
  darwin: [
    '/opt/homebrew/opt/postgresql@*/bin',
    '/usr/local/opt/postgresql@*/bin',
    '/Applications/Postgres.app/Contents/Versions/*/bin',
    '/Library/PostgreSQL/*/bin', // EDB's installer
    '/opt/local/lib/postgresql*/bin', // MacPorts
    '/usr/local/pgsql/bin',
  ],
  win32: ['C:\\Program Files\\PostgreSQL\\*\\bin'],
};

async function expand(pattern: string): Promise<string[]> {
  const star = pattern.indexOf('*');
  if (star === -1) return [pattern];
  const before = pattern.slice(0, star);
  const parent = /[/\\]$/.test(before) ? before : path.dirname(before);
  const start = /[/\\]$/.test(before) ? '' : path.basename(before);
  const rest = pattern.slice(star + 1);
  const names = await readdir(parent).catch(() => []);
  return names.filter((name) => name.startsWith(start)).map((name) => path.join(parent, name) + rest);
}

/** Where the programs lie that a folder may only hold links to; undefined without initdb and postgres. */
async function realFolder(folder: string, platform: NodeJS.Platform): Promise<string | undefined> {
  try {
    for (const name of NEEDED) await access(program(folder, name, platform), constants.X_OK);
    // PostgreSQL finds its own files by the place of the real program
    return path.dirname(await realpath(program(folder, 'postgres', platform)));
  } catch {
    return undefined;
  }
}

/** Undefined: `postgres -V` does not run. */
async function versionOf(
  bindir: string,
  platform: NodeJS.Platform,
): Promise<{ major: number; version: string } | undefined> {
  const { stdout } = await run(program(bindir, 'postgres', platform), ['-V'], { timeout: 10_000 }).catch(() => ({
    stdout: '',
  }));
  const version = /^postgres \(PostgreSQL\) (.+)/.exec(stdout)?.[1]?.trim();
  return version === undefined ? undefined : { version, major: parseInt(version, 10) };
}

async function countPrograms(bindir: string, platform: NodeJS.Platform): Promise<number> {
  const there = await Promise.all(
    COMPLETE.map((name) =>
      access(program(bindir, name, platform)).then(
        () => 1,
        () => 0,
      ),
    ),
  );
  return there.reduce<number>((sum, one) => sum + one, 0);
}

/** Whether every folder from the root down may be entered by anybody. */
export async function openToAll(folder: string): Promise<boolean> {
  for (let dir = path.resolve(folder); ; dir = path.dirname(dir)) {
    const entry = await stat(dir).catch(() => undefined);
    if (!entry || (entry.mode & 0o001) === 0) return false;
    if (dir === path.dirname(dir)) return true;
  }
}

/** @param bindir of PostgreSQL */
export function program(bindir: string, name: string, platform: NodeJS.Platform = process.platform): string {
  return path.join(bindir, platform === 'win32' ? `${name}.exe` : name);
}
