import { createHash, randomBytes } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import { cp, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** An id as the name of a folder: anything but plain characters is replaced, and a digest keeps names apart. */
export function folderName(id: string): string {
  const plain = id.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 60);
  return plain === id ? plain : `${plain}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}

/** A name for a folder that lives no longer than this process: `sweep` recognises it afterwards. */
export function ownName(): string {
  return `${hostMark()}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Hosts may share a home folder, but not process ids. */
function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

/** @returns false when no process of this id runs on this host */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

const week = 7 * 24 * 3600 * 1000;

/** Removes what `ownName` named in `dir` and whose process is gone. Never throws. */
export async function sweep(dir: string): Promise<void> {
  const entries: Dirent[] = await readdir(dir, { withFileTypes: true }).catch(() => []);
  for (const { name } of entries) {
    const full = path.join(dir, name);
    if (await isAbandoned(full)) await remove(full).catch(() => undefined);
  }
}

/** Whether `ownName` named it and its process is gone; of another host's, whether it is a week old. */
export async function isAbandoned(file: string): Promise<boolean> {
  const match = /(?:^|[.-])([0-9a-f]{8})-(\d+)-[0-9a-f]{8}$/.exec(path.basename(file));
  if (!match) return false;
  if (match[1] === hostMark()) return !isAlive(Number(match[2]));
  return Date.now() - ((await stat(file).catch(() => undefined))?.mtimeMs ?? Date.now()) > week;
}

/** Copies a folder so that `to` appears whole or not at all. Blocks are shared where the file system can. */
export async function copyFolder(from: string, to: string): Promise<void> {
  const making = `${to}.${ownName()}`;
  try {
    await cp(from, making, { recursive: true, mode: constants.COPYFILE_FICLONE });
    await rename(making, to);
  } catch (error) {
    await remove(making).catch(() => undefined);
    throw error;
  }
}

/** Removes a folder; its name is free at once. A missing one is fine. */
export async function removeFolder(dir: string): Promise<void> {
  const trash = `${dir}.${ownName()}`;
  try {
    await rename(dir, trash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await remove(trash);
}

/** Windows keeps files for a moment after their process has closed them. */
export async function remove(file: string): Promise<void> {
  await rm(file, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
