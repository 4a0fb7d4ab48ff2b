import {
  Disposable,
  EventEmitter,
  l10n,
  ProgressLocation,
  window,
  workspace,
  type LogOutputChannel,
  type Uri,
} from 'vscode';
import { SERVER_SETTINGS } from '../../contributions';
import type { Dataset } from '../../course/load';
import type { Database, Engine, LessonDatabaseSpec } from '../../database/engine';
import { UserError } from '../../shared/errors';
import { callCommand } from '../command';
import type { LessonEntry } from '../lesson/courses';
import { setting, settingChanged } from '../settings';
import { makeEngine, makeVerifyEngine } from './makeEngine';
import type { Passwords } from './passwords';

/** The databases that lessons work in, on the engine that the settings name. */
export class Databases extends Disposable {
  private readonly changed = new EventEmitter<void>();
  /** The engine changed, or a database was opened or closed. */
  readonly onDidChange = this.changed.event;
  private readonly restarted = new EventEmitter<string>();
  /** A session was lost and made anew; says why. */
  readonly onDidRestart = this.restarted.event;
  private engine: Promise<Engine> | undefined;
  private label: string | undefined;
  private readonly opened = new Map<string, Promise<Database>>();
  /** The SQL of the data set that an open database has; absent where it is older. */
  private readonly loaded = new WeakMap<Database, string>();
  /** What the person was told of: lessons with a data set that is not the one their database has. */
  private readonly told = new Set<string>();
  private readonly subscription: Disposable;

  constructor(
    private readonly places: { readonly extension: Uri; readonly storage: Uri },
    private readonly passwords: Passwords,
    private readonly log: LogOutputChannel,
  ) {
    super(() => {
      this.subscription.dispose();
      void this.close();
    });
    this.subscription = workspace.onDidChangeConfiguration((event) => {
      if (settingChanged(event, 'pgLessons.engine', ...SERVER_SETTINGS)) {
        void this.close();
      }
    });
  }

  get kind(): 'embedded' | 'server' {
    return setting('pgLessons.engine');
  }

  /** For people: "embedded PostgreSQL 18", "ann@db.example:5432"; short while the engine has not started. */
  get name(): string {
    return this.label ?? (this.kind === 'embedded' ? l10n.t('embedded PostgreSQL') : l10n.t('server'));
  }

  /** Settings that the engine itself runs with, which EXPLAIN (SETTINGS) lists though nobody changed them. */
  get fixedSettings(): readonly string[] {
    return this.kind === 'embedded' ? EMBEDDED_SETTINGS : [];
  }

  /**
   * The lesson's database, opened once. The embedded engine holds one at a time, for each costs some 400 MB.
   * Where its data set has changed since it was made, it is still given, and the person is told, once.
   */
  async lesson(entry: LessonEntry, signal?: AbortSignal): Promise<Database> {
    assertTrusted(entry);
    const spec = await specOf(entry);
    const database = await this.openOnce(spec, signal);
    if (this.hasOldData(database, spec)) this.tellOldData(entry, spec);
    return database;
  }

  /**
   * The lesson's database with the data that the lesson has now: what a check compares with.
   * @throws {OldDataError} when it was made from another data set
   */
  async current(entry: LessonEntry, signal?: AbortSignal): Promise<Database> {
    assertTrusted(entry);
    const spec = await specOf(entry);
    const database = await this.openOnce(spec, signal);
    if (this.hasOldData(database, spec)) throw new OldDataError(entry.lesson.title);
    return database;
  }

  private async openOnce(spec: LessonDatabaseSpec, signal: AbortSignal | undefined): Promise<Database> {
    const key = `${spec.course}/${spec.lesson}`;
    const known = await this.opened.get(key);
    if (known && !known.closed) return known;
    const opening = this.withPassword(() => this.open(spec, signal));
    this.opened.set(key, opening);
    try {
      const database = await opening;
      if (!database.outdated) this.loaded.set(database, spec.dataset?.sql ?? '');
      this.changed.fire();
      return database;
    } catch (error) {
      if (this.opened.get(key) === opening) this.opened.delete(key);
      throw error;
    }
  }

  private hasOldData(database: Database, spec: LessonDatabaseSpec): boolean {
    return this.loaded.get(database) !== (spec.dataset?.sql ?? '');
  }

  /** What the person made in it is theirs: only they throw it away. */
  private tellOldData({ course, lesson }: LessonEntry, spec: LessonDatabaseSpec): void {
    const about = JSON.stringify([spec.course, spec.lesson, spec.dataset?.sql]);
    if (this.told.has(about)) return;
    this.told.add(about);
    const reset = l10n.t('Reset Database');
    void window.showInformationMessage(oldDataSentence(lesson.title), reset).then((pressed) => {
      if (pressed === reset) void callCommand('pgLessons.resetDatabase', { course: course.id, lesson: lesson.id });
    });
  }

  /**
   * Opens the lesson's database while its text is being read. Only on the embedded engine: on a server it would
   * ask for a password, and write, before anything was run. A failure will show itself when something runs.
   */
  warm(entry: LessonEntry): void {
    if (this.kind === 'embedded' && blockedBecause(entry) === undefined) this.lesson(entry).catch(() => undefined);
  }

  /** The user's own database, for SQL files that belong to no exercise. Only a server has one. */
  async own(): Promise<Database | undefined> {
    if (this.kind === 'embedded') return undefined;
    const known = this.opened.get(OWN);
    if (known) return known;
    const opening = this.withPassword(async () => {
      const database = await (await this.engineNow()).openConfigured?.();
      if (!database) throw new UserError(l10n.t('This engine has no database of your own.'));
      return database;
    });
    this.opened.set(OWN, opening);
    opening.catch(() => this.opened.delete(OWN));
    return opening;
  }

  /**
   * Another database of the configured server, for as long as `work` takes.
   * @throws {UserError} on the embedded engine
   */
  async withDatabase<T>(name: string, work: (database: Database) => Promise<T>): Promise<T> {
    const database = await this.withPassword(async () => (await this.engineNow()).openConfigured?.({ database: name }));
    if (!database) throw new UserError(l10n.t('This engine has no database of your own.'));
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  /** The lesson's data set, with its hidden variant. @throws {UserError} when the course does not have it */
  datasetOf(entry: LessonEntry): Promise<Dataset | undefined> {
    return datasetOf(entry);
  }

  /** A pristine copy that `close` removes. */
  async scratch(entry: LessonEntry, signal?: AbortSignal): Promise<Database> {
    assertTrusted(entry);
    return (await this.engineNow()).scratch(await specOf(entry), signal ? { signal } : {});
  }

  /**
   * An engine of its own for verifying lessons: use `scratch`, and `dispose` it. On a server it has connected
   * once, so that a password is asked for here and not in the middle.
   */
  verifyEngine(): Promise<Engine> {
    return this.withPassword(async () => {
      const engine = await makeVerifyEngine(this.kind, this.places, this.passwords);
      try {
        await (await engine.openConfigured?.())?.close();
        return engine;
      } catch (error) {
        await engine.dispose();
        throw error;
      }
    });
  }

  async reset(entry: LessonEntry): Promise<void> {
    assertTrusted(entry);
    const spec = await specOf(entry);
    this.opened.delete(`${spec.course}/${spec.lesson}`);
    await (await this.engineNow()).reset(spec);
    this.changed.fire();
  }

  /** Closes everything; the next use starts the engine that is configured then. */
  async close(): Promise<void> {
    this.opened.clear();
    await this.disposeEngine();
  }

  private async disposeEngine(): Promise<void> {
    const { engine } = this;
    this.engine = undefined;
    this.label = undefined;
    this.changed.fire();
    try {
      await (await engine)?.dispose();
    } catch (error) {
      this.log.warn(`closing the engine: ${String(error)}`);
    }
  }

  /** A refused password is forgotten and asked for again; leaving the box ends it. */
  private async withPassword<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        // by name: importing the class would load pg with the extension
        if (!(error instanceof UserError && error.name === 'WrongPasswordError')) throw error;
        await this.passwords.forgetLast();
        void window.showWarningMessage(error.message);
        await this.disposeEngine();
      }
    }
  }

  private async open(spec: LessonDatabaseSpec, signal: AbortSignal | undefined): Promise<Database> {
    const engine = await this.engineNow();
    if (engine.kind === 'embedded') await this.closeOthers();
    const database = await window.withProgress(
      { location: ProgressLocation.Window, title: l10n.t('Opening the lesson’s database') },
      async (shown) =>
        withNotificationWhenLong((report) =>
          engine.open(spec, {
            ...(signal && { signal }),
            onProgress: (message) => {
              shown.report({ message });
              report(message);
            },
          }),
        ),
    );
    database.onDidRestart((reason) => this.restarted.fire(reason));
    return database;
  }

  private async closeOthers(): Promise<void> {
    const others = [...this.opened.values()].slice(0, -1);
    for (const [key, opening] of [...this.opened]) {
      if (!others.includes(opening)) continue;
      this.opened.delete(key);
      await (await opening.catch(() => undefined))?.close();
    }
  }

  private engineNow(): Promise<Engine> {
    this.engine ??= makeEngine(this.kind, this.places, this.passwords).then((engine) => {
      this.label = engine.label;
      this.changed.fire();
      return engine;
    });
    const starting = this.engine;
    starting.catch(() => {
      if (this.engine === starting) this.engine = undefined;
    });
    return starting;
  }
}

/** The first report says that something slow is being made; from then on a notification shows it. */
async function withNotificationWhenLong<T>(work: (report: (message: string) => void) => Promise<T>): Promise<T> {
  const reports = new EventEmitter<string>();
  const task = work((message) => reports.fire(message));
  const first = reports.event((message) => {
    first.dispose();
    void window.withProgress(
      { location: ProgressLocation.Notification, title: l10n.t('Postgres Lessons') },
      async (shown) => {
        shown.report({ message });
        const more = reports.event((next) => shown.report({ message: next }));
        await task.catch(() => undefined);
        more.dispose();
      },
    );
  });
  try {
    return await task;
  } finally {
    reports.dispose();
  }
}

const EMBEDDED_SETTINGS = [
  'search_path',
  'max_parallel_workers',
  'max_parallel_workers_per_gather',
  'max_parallel_maintenance_workers',
];

/** The lesson's database holds another data set than the lesson has now. */
export class OldDataError extends UserError {
  override readonly name = 'OldDataError';
  constructor(lesson: string) {
    super(oldDataSentence(lesson), l10n.t('Reset the lesson’s database, then check again.'));
  }
}

function oldDataSentence(lesson: string): string {
  return l10n.t('The data of “{0}” has changed since your database was made.', lesson);
}

/** Key of the user's own database among the opened ones; a lesson's has a slash. */
const OWN = '';

async function specOf(entry: LessonEntry): Promise<LessonDatabaseSpec> {
  return { course: entry.course.id, lesson: entry.lesson.id, dataset: await datasetOf(entry) };
}

async function datasetOf({ lesson, files }: LessonEntry): Promise<Dataset | undefined> {
  const { readDataset } = await import('../../course/load');
  try {
    return await readDataset(files, lesson);
  } catch (error) {
    throw new UserError(
      l10n.t('The data set “{0}” of this lesson could not be read.', lesson.dataset ?? ''),
      l10n.t('The course should have a file datasets/{0}.sql.', lesson.dataset ?? ''),
      { cause: error },
    );
  }
}

/** @throws {UserError} when the lesson comes from a workspace that is not trusted */
function assertTrusted(entry: LessonEntry): void {
  const why = blockedBecause(entry);
  if (why !== undefined) throw new UserError(why, l10n.t('Trust the workspace to run it.'));
}

/** Why a lesson may run nothing; `undefined` when it may. */
export function blockedBecause(entry: LessonEntry): string | undefined {
  if (entry.fromWorkspace && !workspace.isTrusted)
    return l10n.t('This course comes from a workspace that is not trusted, so its SQL does not run.');
  return undefined;
}
