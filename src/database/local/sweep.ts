import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive, isAbandoned, remove } from '../embedded/directories';
import { parents, PREFIX } from './folder';

const run = promisify(execFile);

/** Stops the clusters of processes that are gone, and removes their folders. Never throws. */
export async function sweepClusters(where: readonly string[] = parents()): Promise<void> {
  for (const parent of where) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names) {
      if (!name.startsWith(PREFIX)) continue;
      const dir = path.join(parent, name);
      if (!(await isAbandoned(dir))) continue;
      // Another user's: not ours to stop, nor to remove.
      await stopServer(path.join(dir, 'data'))
        .then(() => remove(dir))
        .catch(() => undefined);
    }
  }
}

/** Stops the server that runs on a data directory, if one does, without a checkpoint. */
async function stopServer(data: string): Promise<void> {
  const [line] = (await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(line);
  if (!Number.isInteger(pid) || pid <= 1 || !(await isServerOf(pid, data))) return;
  process.kill(pid, process.platform === 'win32' ? 'SIGKILL' : 'SIGQUIT');
  for (let waited = 0; isAlive(pid) && waited < 5000; waited += 50) await delay(50);
}

/** The number may be another process's by now. */
async function isServerOf(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await commandLine(pid).catch(() => '');
  return command.includes('postgres') && command.includes(data);
}

async function commandLine(pid: number): Promise<string> {
  // slim containers have no ps
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8');
  if (process.platform !== 'win32')
    return (await run('ps', ['-o', 'command=', '-p', String(pid)], { timeout: 10_000 })).stdout;
  const query = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`;
  return (await run('powershell', ['-NoProfile', '-Command', query], { timeout: 20_000 })).stdout;
}
