/**
 * One opener per data directory. PGlite accepts two, and one of them silently loses its tables.
 *
 * proper-lockfile holds the lock; a file beside it says whose it is, so that the lock of a process that
 * was killed is taken over at once instead of after proper-lockfile's minute. Who finds it held asks for it
 * with a file `wanted`, and a holder that is idle lets go: a closed browser tab's extension host lives on for
 * hours, and two windows may show one lesson.
 */
// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- an ambient declaration cannot be imported
/// <reference path="../types/proper-lockfile.d.ts" />
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../shared/errors';
import { isAlive } from './directories';

export interface LockHooks {
  /** Somebody else took the lock: stop using what it guards. */
  onLost(): void;
  /** Somebody else asks for it, again and again until it is released or they give up. */
  onWanted?(): void;
}

export interface Lock {
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** A holder touches its lock every `updateMs`; not touched for `staleMs`, it is nobody's. */
const staleMs = 60_000;
const updateMs = 5_000;

/** A holder looks this often whether somebody asks; who asks waits this long for an answer. */
const lookMs = 250;
const askMs = 4_000;

/**
 * @param dir the folder that holds the lock; made when missing
 * @throws {UserError} when it is held, and its holder does not let go
 */
export async function acquireLock(dir: string, hooks: LockHooks): Promise<Lock> {
  try {
    return await takeLock(dir, hooks);
  } catch (error) {
    if (!(error instanceof InUseError) || !(await askFor(dir))) throw error;
    return takeLock(dir, hooks);
  }
}

/** Whether the holder let go in time. */
async function askFor(dir: string): Promise<boolean> {
  const wanted = path.join(dir, 'wanted');
  await writeFile(wanted, '');
  try {
    const end = Date.now() + askMs;
    while (Date.now() < end) {
      if (!(await exists(path.join(dir, 'lock')))) return true;
      await delay(lookMs / 2);
    }
    return false;
  } finally {
    await rm(wanted, { force: true });
  }
}

async function takeLock(dir: string, hooks: LockHooks): Promise<Lock> {
  const { default: lockfile } = await import('proper-lockfile');
  await mkdir(dir, { recursive: true });
  const ownerFile = path.join(dir, 'owner.json');
  const lockfilePath = path.join(dir, 'lock');

  // Looking and taking must be one step: of two that find a dead owner only one may remove its lock.
  const releaseGuard = await lockfile.lock(path.join(dir, 'guard'), {
    realpath: false,
    lockfilePath: path.join(dir, 'guard.lock'),
    stale: 5_000,
    retries: { retries: 100, factor: 1, minTimeout: 50, maxTimeout: 50 },
    onCompromised: () => undefined,
  });
  try {
    const owner = await readOwner(ownerFile);
    const verdict = owner && (await judge(owner, lockfilePath));
    if (verdict === 'alive') throw new InUseError();
    if (verdict === 'dead') await rm(lockfilePath, { recursive: true, force: true });
    let release: () => Promise<void>;
    try {
      release = await lockfile.lock(path.join(dir, 'data'), {
        realpath: false,
        lockfilePath,
        stale: staleMs,
        update: updateMs,
        onCompromised: () => hooks.onLost(),
      });
    } catch (cause) {
      if ((cause as { code?: unknown }).code === 'ELOCKED') throw new InUseError(cause);
      throw cause;
    }
    const own: Owner = { pid: process.pid, host: hostname(), since: Date.now() };
    await writeFile(ownerFile, JSON.stringify(own));
    const look = setInterval(() => {
      void exists(path.join(dir, 'wanted')).then((wanted) => {
        if (wanted) hooks.onWanted?.();
      });
    }, lookMs);
    look.unref();
    return {
      release: async () => {
        clearInterval(look);
        await rm(ownerFile, { force: true });
        // ERELEASED or ECOMPROMISED: it is not ours any more, which is all that is asked.
        await release().catch(() => undefined);
      },
    };
  } finally {
    await releaseGuard().catch(() => undefined);
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** 'unknown': only proper-lockfile's own clock can tell. */
async function judge(owner: Owner, lockfilePath: string): Promise<'alive' | 'dead' | 'unknown'> {
  if (owner.host !== hostname()) return 'unknown';
  const bootedAt = Date.now() - uptime() * 1000;
  // Process ids start anew with the machine; a minute for clocks that were set.
  if (owner.since < bootedAt - 60_000) return 'dead';
  if (!isAlive(owner.pid)) return 'dead';
  // A container that is started again gives the same ids to other processes, this one among them.
  if (owner.pid === process.pid && owner.since < Date.now() - process.uptime() * 1000) return 'dead';
  const touched = await stat(lockfilePath).catch(() => undefined);
  if (!touched) return 'dead';
  return Date.now() - touched.mtimeMs < staleMs ? 'alive' : 'unknown';
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

class InUseError extends UserError {
  constructor(cause?: unknown) {
    super(
      'This lesson’s database is in use in another window.',
      'Let what runs there end, or its transaction, then try again here.',
      { cause },
    );
  }
}
