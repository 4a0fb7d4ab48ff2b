import { createHash } from 'node:crypto';
import { mkdir, rename, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { CancelledError, UserError } from '../../shared/errors';
import type { Dataset, OpenOptions } from '../engine';
import { runScript } from '../wire/script';
import { BackendLostError } from '../wire/statement';
import type { Assets } from './assets';
import type { Backend } from './backend';
import { folderName, ownName, remove } from './directories';

/** A data directory to copy from. Never opened itself. */
export interface CachedDataset {
  readonly dir: string;
  /** Digest of the data set's SQL and of the template under it. */
  readonly digest: string;
}

/** Data directories with a data set in them, made once and copied for every lesson. */
export class DatasetCache {
  readonly #dir: string;
  readonly #assets: Assets;
  readonly #making = new Map<string, Promise<void>>();

  constructor(dir: string, assets: Assets) {
    this.#dir = dir;
    this.#assets = assets;
  }

  /**
   * The data directory of `dataset`, or of an empty database.
   * @throws {SqlError} the data set's SQL is wrong
   * @throws {CancelledError}
   */
  async get(dataset: Dataset | undefined, options: OpenOptions = {}): Promise<CachedDataset> {
    const { id } = await this.#assets.info();
    const sql = dataset?.sql ?? '';
    const digest = createHash('sha256').update(`${id}\n${sql}`).digest('hex').slice(0, 16);
    const dir = path.join(this.#dir, `${folderName(dataset?.name ?? 'empty')}-${digest}`);
    while (!(await exists(dir))) {
      if (options.signal?.aborted) throw new CancelledError();
      const underWay = this.#making.get(dir);
      if (underWay) {
        // Somebody else's cancel is not ours: look again, and make it ourselves then.
        await underWay.catch((error: unknown) => {
          if (!(error instanceof CancelledError)) throw error;
        });
        continue;
      }
      options.onProgress?.(dataset ? `Loading the data set ${dataset.name} (once)` : 'Preparing PostgreSQL (once)');
      const making = this.#make(dir, sql, options.signal).finally(() => this.#making.delete(dir));
      this.#making.set(dir, making);
      await making;
    }
    const now = new Date();
    await utimes(dir, now, now).catch(() => undefined);
    return { dir, digest };
  }

  async #make(dir: string, sql: string, signal: AbortSignal | undefined): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    const making = path.join(this.#dir, `making.${ownName()}`);
    try {
      await mkdir(making);
      await this.#fill(making, sql, signal);
      await publish(making, dir);
    } finally {
      await remove(making).catch(() => undefined);
    }
  }

  async #fill(dir: string, sql: string, signal: AbortSignal | undefined): Promise<void> {
    let backend: Backend | undefined;
    const abort = () => void backend?.terminate('Aborted.');
    signal?.addEventListener('abort', abort, { once: true });
    try {
      backend = await this.#assets.start({ dataDir: dir, fromTemplate: true, parameters: loading }, signal);
      for (const script of [sql, 'VACUUM (FREEZE, ANALYZE)', 'CHECKPOINT']) {
        if (signal?.aborted) throw new CancelledError();
        await runScript(backend, script);
      }
      await backend.close();
    } catch (error) {
      await backend?.terminate('The data set could not be loaded.');
      if (signal?.aborted) throw new CancelledError();
      if (!(error instanceof BackendLostError)) throw error;
      throw new UserError(
        `The embedded PostgreSQL stopped while it loaded the data set: ${error.message}`,
        'Try again; if it stops again, the data set may be too large for it.',
        { cause: error },
      );
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}

/** Only while loading: little WAL is written, and none of it is kept to be copied for each lesson. */
const loading = { wal_level: 'minimal', max_wal_senders: '0', min_wal_size: '2MB', max_wal_size: '2MB' };

/** @returns when `dir` is there, made by us or, at the same time, by another process */
async function publish(making: string, dir: string): Promise<void> {
  try {
    await rename(making, dir);
  } catch (error) {
    if (!(await exists(dir))) throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
