import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CancelledError, UserError } from '../../shared/errors';
import type { Database, Engine, LessonDatabaseSpec, OpenOptions } from '../engine';
import { Assets } from './assets';
import { defaultStackMb } from './backend';
import { EmbeddedDatabase } from './database';
import { DatasetCache } from './datasets';
import { copyFolder, folderName, ownName, remove, removeFolder, sweep } from './directories';
import { acquireLock } from './lock';

export interface EmbeddedOptions {
  /** What scripts/pglite-template.mjs and scripts/build-worker.mjs made: `dist/pglite`. */
  readonly assetsDir: string;
  /** The students' databases: `globalStorageUri`. */
  readonly storageDir: string;
  /** What can be made again: data sets, throwaway databases. */
  readonly cacheDir: string;
  /** Megabytes; for tests only. */
  readonly stackMb?: number;
}

/** `pg-lessons.json`, beside the data directory: where it came from. */
interface Origin {
  /** Digest of the cached data directory it was copied from. */
  readonly dataset: string;
  /** Digest of the data set's SQL; absent in files of older days. */
  readonly sql?: string;
  readonly serverVersion: number;
}

/** PGlite in worker threads: PostgreSQL with nothing to install. */
export class EmbeddedEngine implements Engine {
  readonly kind = 'embedded';
  /** PGlite's version of PostgreSQL; a test holds it against the template. */
  readonly label = 'embedded PostgreSQL 18';
  readonly #storageDir: string;
  readonly #scratchDir: string;
  readonly #datasetsDir: string;
  readonly #assets: Assets;
  readonly #datasets: DatasetCache;
  /** Lesson databases that are open or being opened, by folder. */
  readonly #open = new Map<string, Promise<EmbeddedDatabase>>();
  readonly #scratch = new Set<EmbeddedDatabase>();
  #swept: Promise<unknown> | undefined;
  #disposed = false;

  constructor(options: EmbeddedOptions) {
    this.#storageDir = path.join(options.storageDir, 'embedded');
    this.#scratchDir = path.join(options.cacheDir, 'scratch');
    this.#datasetsDir = path.join(options.cacheDir, 'datasets');
    this.#assets = new Assets(options.assetsDir, options.stackMb ?? defaultStackMb);
    this.#datasets = new DatasetCache(this.#datasetsDir, this.#assets);
  }

  async open(spec: LessonDatabaseSpec, options: OpenOptions = {}): Promise<Database> {
    this.#begin();
    const dir = this.#lessonDir(spec);
    for (let known = this.#open.get(dir); known; known = this.#open.get(dir)) {
      const database = await known;
      if (!database.closed) return database;
      // Being handed over to another window: once that has ended, this one asks for it in turn.
      await database.close();
    }
    const opening = this.#openLesson(dir, spec, options);
    this.#open.set(dir, opening);
    opening.catch(() => this.#open.delete(dir));
    return opening;
  }

  async reset(spec: LessonDatabaseSpec): Promise<void> {
    const dir = this.#lessonDir(spec);
    const database = await this.#open.get(dir)?.catch(() => undefined);
    await database?.close();
    const lock = await acquireLock(dir, { onLost: () => undefined });
    try {
      await removeFolder(path.join(dir, 'data'));
    } finally {
      await lock.release();
    }
  }

  async scratch(spec: LessonDatabaseSpec, options: OpenOptions = {}): Promise<Database> {
    this.#begin();
    const dir = path.join(this.#scratchDir, ownName());
    try {
      const cached = await this.#datasets.get(spec.dataset, options);
      throwIfAborted(options.signal);
      await mkdir(this.#scratchDir, { recursive: true });
      await copyFolder(cached.dir, dir);
      const start = () => this.#assets.start({ dataDir: dir, fromTemplate: false, parameters: {} });
      const backend = await start();
      const database = new EmbeddedDatabase(backend, start, false, async () => {
        this.#scratch.delete(database);
        await remove(dir);
      });
      this.#scratch.add(database);
      return database;
    } catch (error) {
      await remove(dir).catch(() => undefined);
      throw error;
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const open = await Promise.allSettled(this.#open.values());
    const lessons = open.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all([...lessons, ...this.#scratch].map((database) => database.close()));
    await this.#swept;
  }

  #begin(): void {
    if (this.#disposed) throw new UserError('The embedded PostgreSQL was shut down.', 'Reload the window.');
    // Both early, since both take a while and neither is needed yet.
    this.#assets.module().catch(() => undefined);
    this.#swept ??= Promise.all([sweep(this.#scratchDir), sweep(this.#datasetsDir)]);
  }

  #lessonDir({ course, lesson }: LessonDatabaseSpec): string {
    return path.join(this.#storageDir, folderName(course), folderName(lesson));
  }

  async #openLesson(dir: string, spec: LessonDatabaseSpec, options: OpenOptions): Promise<EmbeddedDatabase> {
    let database: EmbeddedDatabase | undefined;
    const lock = await acquireLock(dir, {
      onLost: () => {
        this.#open.delete(dir);
        void database?.abandon('This lesson’s database was taken over by another window.');
      },
      onWanted: () => {
        if (database?.idle) void database.close();
      },
    });
    try {
      await sweep(dir);
      const dataDir = path.join(dir, 'data');
      const outdated = await this.#makeLesson(dir, dataDir, spec, options);
      throwIfAborted(options.signal);
      const start = () => this.#assets.start({ dataDir, fromTemplate: false, parameters: {} });
      database = new EmbeddedDatabase(await start(), start, outdated, async () => {
        this.#open.delete(dir);
        await lock.release();
      });
      return database;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Copies the data set unless the lesson's database is there.
   * @returns whether it is there, made from another data set
   */
  async #makeLesson(dir: string, dataDir: string, spec: LessonDatabaseSpec, options: OpenOptions): Promise<boolean> {
    const sql = digestOf(spec);
    const originFile = path.join(dir, 'pg-lessons.json');
    const { serverVersion } = await this.#assets.info();
    if (await stat(dataDir).catch(() => undefined)) {
      const origin = await readOrigin(originFile);
      if (origin && major(origin.serverVersion) !== major(serverVersion)) {
        throw new UserError(
          `This lesson’s database was made by PostgreSQL ${major(origin.serverVersion)}; the embedded one is ${major(serverVersion)} now.`,
          'Reset the lesson’s database to make it anew.',
        );
      }
      return origin?.sql !== undefined && origin.sql !== sql;
    }
    const cached = await this.#datasets.get(spec.dataset, options);
    throwIfAborted(options.signal);
    const origin: Origin = { dataset: cached.digest, sql, serverVersion };
    await writeFile(originFile, JSON.stringify(origin, null, 2));
    await copyFolder(cached.dir, dataDir);
    return false;
  }
}

function digestOf({ dataset }: LessonDatabaseSpec): string {
  return createHash('sha256')
    .update(dataset?.sql ?? '')
    .digest('hex')
    .slice(0, 16);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

async function readOrigin(file: string): Promise<Origin | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Origin;
  } catch {
    return undefined;
  }
}

function major(serverVersion: number): number {
  return Math.floor(serverVersion / 10000);
}
