import { CancelledError, UserError } from '../../shared/errors';
import { SqlError, type Cell } from '../../sql/session';
import type { Database, Dataset, Engine, LessonDatabaseSpec, OpenOptions } from '../engine';
import { Mutex } from '../mutex';
import { runScript } from '../wire/script';
import { BackendLostError, runStatement } from '../wire/statement';
import { ServerConnection } from './connection';
import { ServerDatabase } from './database';
import {
  datasetDigest,
  lessonDatabaseName,
  nameForRole,
  passingDatabaseName,
  passingSince,
  quoteIdentifier,
  templateDatabaseName,
} from './names';
import { targetLabel, type ConnectionTarget } from './target';

/** The oldest server the lessons are written for. */
const oldestVersion = 140000;

/** Throwaway databases of a window that crashed go after this many milliseconds. */
const abandonedAfter = 3600 * 1000;

/** Serialises windows that make the same template; per database of the admin connection. */
const makersLock = 0x70676c73;

/**
 * What a database is made from that has no data set. Not template1: a session in it keeps it from being copied,
 * and what somebody once put there would be in every lesson.
 */
const PRISTINE = 'template0';

/** The comment on a lesson's database: this, and a digest. Not in the database itself, where the student could lose it. */
const ORIGIN = 'Postgres Lessons, data set ';

/** A configured server. Lessons work in databases of their own there; nothing else is written. */
export class ServerEngine implements Engine {
  readonly kind = 'server';
  readonly label: string;
  readonly #target: ConnectionTarget;
  readonly #open = new Map<string, Promise<ServerDatabase>>();
  readonly #others = new Set<ServerDatabase>();
  /** One piece of work at a time on the admin connection. */
  readonly #mutex = new Mutex();
  #admin: ServerConnection | undefined;
  #disposed = false;

  constructor(target: ConnectionTarget) {
    this.#target = target;
    this.label = targetLabel(target);
  }

  open(spec: LessonDatabaseSpec, options: OpenOptions = {}): Promise<Database> {
    const name = lessonDatabaseName(spec.course, spec.lesson);
    const open = this.#open.get(name);
    if (open) return open;
    const opening = this.#openLesson(name, spec, options);
    this.#open.set(name, opening);
    opening.catch(() => this.#open.delete(name));
    return opening;
  }

  async reset(spec: LessonDatabaseSpec): Promise<void> {
    const name = lessonDatabaseName(spec.course, spec.lesson);
    const database = await this.#open.get(name)?.catch(() => undefined);
    await database?.close();
    await this.#work(async (admin) => admin.drop(await admin.ownName(name)));
  }

  async scratch(spec: LessonDatabaseSpec, options: OpenOptions = {}): Promise<Database> {
    const name = passingDatabaseName('scratch', Date.now());
    const drop = () => this.#work((admin) => admin.drop(name));
    await this.#work((admin) => this.#make(admin, name, spec.dataset, options), options.signal);
    try {
      return await this.#track(name, drop, options);
    } catch (error) {
      await drop();
      throw error;
    }
  }

  async openConfigured(options: OpenOptions & { readonly database?: string } = {}): Promise<Database> {
    this.#check(options.signal);
    return this.#track(options.database ?? this.#target.database, () => Promise.resolve(), options);
  }

  async dispose(): Promise<void> {
    const lessons = await Promise.allSettled(this.#open.values());
    const open = lessons.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.allSettled([...open, ...this.#others].map((database) => database.close()));
    this.#disposed = true;
    await this.#mutex.run(async () => this.#admin?.end());
  }

  async #openLesson(name: string, spec: LessonDatabaseSpec, options: OpenOptions): Promise<ServerDatabase> {
    const [ownName, outdated] = await this.#work(async (admin) => {
      const own = await admin.ownName(name);
      const digest = datasetDigest(spec.dataset);
      if (await admin.exists(own)) {
        const origin = await admin.origin(own);
        return [own, origin !== undefined && origin !== digest] as const;
      }
      await this.#make(admin, own, spec.dataset, options);
      await admin.setOrigin(own, digest);
      return [own, false] as const;
    }, options.signal);
    if (options.signal?.aborted) throw new CancelledError();
    return ServerDatabase.open(this.#target, ownName, outdated, () => {
      this.#open.delete(name);
      return Promise.resolve();
    });
  }

  async #track(name: string, onClose: () => Promise<void>, options: OpenOptions): Promise<ServerDatabase> {
    const database: ServerDatabase = await ServerDatabase.open(this.#target, name, false, async () => {
      this.#others.delete(database);
      await onClose();
    });
    this.#others.add(database);
    if (!options.signal?.aborted) return database;
    await database.close();
    throw new CancelledError();
  }

  #check(signal: AbortSignal | undefined): void {
    if (this.#disposed) throw new UserError('The connection to the server was closed.', 'Reload the window.');
    if (signal?.aborted) throw new CancelledError();
  }

  async #work<T>(work: (admin: Admin) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#mutex.run(async () => {
      this.#check(signal);
      if (!this.#admin || this.#admin.lost) this.#admin = await this.#connectAdmin();
      try {
        return await work(new Admin(this.#admin, this.#target.user));
      } catch (error) {
        if (!(error instanceof BackendLostError)) throw error;
        throw new UserError(`The connection to the server was lost: ${error.message}`, 'Try again.', { cause: error });
      }
    }, signal);
  }

  async #connectAdmin(): Promise<ServerConnection> {
    const connection = await ServerConnection.connect(this.#target);
    const { rows } = await runStatement(
      connection,
      `SELECT pg_catalog.current_setting('server_version_num'), pg_catalog.current_setting('server_version')`,
      {},
    );
    const [number, version] = rows[0] ?? [];
    if (Number(number) < oldestVersion) {
      await connection.end();
      throw new UserError(
        `The server is PostgreSQL ${version}; the lessons need ${oldestVersion / 10000} or newer.`,
        'Configure a newer server, or use the embedded one.',
      );
    }
    await new Admin(connection, this.#target.user).sweep();
    return connection;
  }

  /** Makes the database `name`, from its data set's template where it has one. */
  async #make(admin: Admin, name: string, dataset: Dataset | undefined, options: OpenOptions): Promise<void> {
    const template = dataset && (await admin.ownName(templateDatabaseName(dataset)));
    if (template && !(await admin.exists(template))) {
      options.onProgress?.(`Loading the data set ${dataset.name} (once)`);
      await admin.alone(async () => {
        if (!(await admin.exists(template))) await this.#makeTemplate(admin, template, dataset, options.signal);
      });
    }
    if (options.signal?.aborted) throw new CancelledError();
    await admin.create(name, template);
  }

  /** Filled under another name: a template of the right name is always whole. */
  async #makeTemplate(
    admin: Admin,
    template: string,
    dataset: Dataset,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const making = passingDatabaseName('making', Date.now());
    await admin.create(making);
    try {
      const connection = await ServerConnection.connect(this.#target, making);
      let ending: Promise<void> | undefined;
      const abort = () => {
        ending = admin.terminateAll(making);
      };
      signal?.addEventListener('abort', abort, { once: true });
      try {
        // An abort during the steps before has no listener to tell.
        this.#check(signal);
        // The role may have one, meant for other work.
        await runScript(connection, 'SET statement_timeout = 0');
        await runScript(connection, dataset.sql);
        await runScript(connection, 'VACUUM (FREEZE, ANALYZE)');
      } finally {
        signal?.removeEventListener('abort', abort);
        // The admin connection answers one thing at a time.
        await ending;
        await connection.end();
      }
      if (signal?.aborted) throw new CancelledError();
      await admin.rename(making, template);
    } catch (error) {
      await admin.drop(making);
      if (signal?.aborted) throw new CancelledError();
      throw error;
    }
  }
}

/** The few things done to databases as wholes. */
class Admin {
  readonly #connection: ServerConnection;
  readonly #user: string;

  constructor(connection: ServerConnection, user: string) {
    this.#connection = connection;
    this.#user = user;
  }

  async exists(name: string): Promise<boolean> {
    return (await this.#run('SELECT FROM pg_catalog.pg_database WHERE datname = $1', [name])).length > 0;
  }

  /** `name`; where a database of another role has it (a class shares a server), one for this role. */
  async ownName(name: string): Promise<string> {
    const others = await this.#run(
      `SELECT FROM pg_catalog.pg_database JOIN pg_catalog.pg_roles r ON r.oid = datdba
       WHERE datname = $1 AND rolname <> current_user`,
      [name],
    );
    return others.length > 0 ? nameForRole(name, this.#user) : name;
  }

  /**
   * Does nothing when another window has made it in the meantime.
   * @throws {UserError} the role may not create databases
   */
  async create(name: string, template = PRISTINE): Promise<void> {
    try {
      await this.#run(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE ${quoteIdentifier(template)}`);
    } catch (error) {
      if (isDuplicate(error)) return;
      if (!(error instanceof SqlError && error.code === '42501')) throw error;
      throw new UserError(
        `Lessons need databases of their own, and the role ${this.#user} may not create any.`,
        `Let a superuser run: ALTER ROLE ${quoteIdentifier(this.#user)} CREATEDB`,
        { cause: error },
      );
    }
  }

  /** Digest of the data set that a lesson's database was made from; `undefined` when nobody wrote it down. */
  async origin(name: string): Promise<string | undefined> {
    const [row] = await this.#run(
      `SELECT pg_catalog.shobj_description(oid, 'pg_database') FROM pg_catalog.pg_database WHERE datname = $1`,
      [name],
    );
    return row?.[0]?.startsWith(ORIGIN) === true ? row[0].slice(ORIGIN.length) : undefined;
  }

  async setOrigin(name: string, digest: string): Promise<void> {
    await this.#run(`COMMENT ON DATABASE ${quoteIdentifier(name)} IS '${ORIGIN}${digest}'`);
  }

  /** Makes `from` the template `to`, or drops it when another window was faster. */
  async rename(from: string, to: string): Promise<void> {
    try {
      // Nobody connects to a template by accident: that would keep it from being copied.
      await this.#run(`ALTER DATABASE ${quoteIdentifier(from)} ALLOW_CONNECTIONS false`);
      await this.#run(`ALTER DATABASE ${quoteIdentifier(from)} RENAME TO ${quoteIdentifier(to)}`);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      await this.drop(from);
    }
  }

  async drop(name: string): Promise<void> {
    await this.#run(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
  }

  /** Runs `work` while no other window makes a template. */
  async alone(work: () => Promise<void>): Promise<void> {
    await this.#run('SELECT pg_catalog.pg_advisory_lock($1)', [String(makersLock)]);
    try {
      await work();
    } finally {
      await this.#run('SELECT pg_catalog.pg_advisory_unlock($1)', [String(makersLock)]);
    }
  }

  /** Ends every session of a database of ours. */
  async terminateAll(name: string): Promise<void> {
    await this.#run('SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1', [
      name,
    ]);
  }

  /** Drops throwaway databases that a crashed window left behind. */
  async sweep(): Promise<void> {
    const rows = await this.#run(`
      SELECT datname FROM pg_catalog.pg_database d
      WHERE datname LIKE 'pg\\_lessons\\_%' AND pg_catalog.pg_has_role(datdba, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)`);
    for (const [name] of rows) {
      const since = passingSince(name ?? '');
      if (since === undefined || Date.now() - since < abandonedAfter) continue;
      // Somebody connected or dropped it just now: next time.
      await this.#run(`DROP DATABASE IF EXISTS ${quoteIdentifier(name ?? '')}`).catch(() => undefined);
    }
  }

  async #run(sql: string, parameters: readonly Cell[] = []): Promise<readonly (readonly Cell[])[]> {
    return (await runStatement(this.#connection, sql, { parameters })).rows;
  }
}

/**
 * Another window was faster: 42P04 duplicate_database, or 23505 unique_violation in pg_database when it
 * was so by a moment only.
 */
function isDuplicate(error: unknown): boolean {
  return error instanceof SqlError && ['42P04', '23505'].includes(error.code);
}
