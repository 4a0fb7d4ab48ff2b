import { Disposable, EventEmitter, l10n, type LogOutputChannel } from 'vscode';
import type { Database } from '../../database/engine';
import { CancelledError, UserError } from '../../shared/errors';
import type { ResultView, RunMode } from '../../shared/protocol';
import { explain } from '../../sql/explain';
import { SqlError, type Notice } from '../../sql/session';
import { isExplainable, isQuery, mayWrite, statementTitle, type Statement } from '../../sql/statements';
import { ContextKey } from '../contextKey';
import { sentenceOf } from '../command';
import { figuresOf } from '../plan/figures';
import type { NewPlan, PlanHistory } from '../plan/history';
import type { PlanView } from '../plan/planView';
import type { Proving } from '../plan/presenter';
import { proveOn } from '../plan/prove';
import { setting } from '../settings';
import type { ResultsView } from './resultsView';

/** A query of an exercise that took no longer (ms) runs once more, for its plan. */
const QUICK = 2000;

/** What runs now. */
export interface Running {
  /** The document or reader block that it came from. */
  readonly origin: string;
  /** UTF-16 offset of the statement in its document. */
  readonly start: number;
  readonly abort: AbortController;
}

export interface RunRequest {
  readonly origin: string;
  readonly statements: readonly Statement[];
  readonly mode: RunMode;
  /** Opens the database to run in. */
  readonly database: (signal: AbortSignal) => Promise<Database>;
  /** It is a lesson's own database, not the person's. */
  readonly sandbox: boolean;
  /** Each run of a query keeps its plan: an attempt at an exercise. */
  readonly attempts?: boolean;
  /** It belongs to an exercise that is not solved yet. */
  readonly guarded?: boolean;
  /** Told of the statement that failed. */
  readonly onSqlError?: (statement: Statement, error: SqlError) => void;
}

/** Runs statements one at a time and shows what comes of them. */
export class Runner extends Disposable {
  private readonly changed = new EventEmitter<void>();
  /** Something began or ended. */
  readonly onDidChange = this.changed.event;
  private readonly runningKey = new ContextKey('pgLessons.running');
  private now: Running | undefined;
  /** Statements that ended well, by where they came from. */
  private readonly ran = new Map<string, Set<string>>();
  private last: Database | undefined;
  /** The plan of the last run's query being kept: the run has ended for the person, its session is still in use. */
  private keeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly results: ResultsView,
    private readonly plans: PlanView,
    private readonly history: PlanHistory,
    private readonly engine: { readonly name: string; readonly fixedSettings: readonly string[] },
    private readonly log: LogOutputChannel,
  ) {
    super(() => {
      this.now?.abort.abort();
      this.changed.dispose();
    });
  }

  get running(): Running | undefined {
    return this.now;
  }

  /** Whether a statement of this document ran to its end in this window. */
  hasRun(origin: string, statement: string): boolean {
    return this.ran.get(origin)?.has(statement) ?? false;
  }

  /** A database was made anew: what ran in it is gone. */
  forget(): void {
    this.ran.clear();
  }

  /** A transaction is open in the session that ran something last. */
  get transactionOpen(): boolean {
    return this.last !== undefined && !this.last.closed && this.last.session.transaction !== 'idle';
  }

  cancel(): void {
    this.now?.abort.abort(new CancelledError());
  }

  /**
   * Holds the one place for work on the database: a run, a check.
   * @throws {UserError} when something runs already
   */
  async exclusively<T>(origin: string, start: number, work: (running: Running) => Promise<T>): Promise<T> {
    // pressed twice
    if (this.now?.origin === origin && this.now.start === start) throw new CancelledError();
    if (this.now) throw new UserError(l10n.t('Something is running already.'), l10n.t('Wait for it, or cancel it.'));
    const running: Running = { origin, start, abort: new AbortController() };
    this.set(running);
    try {
      await this.keeping;
      return await work(running);
    } finally {
      this.set(undefined);
    }
  }

  /** Runs or explains statements; errors of the server are shown, not thrown. */
  async run(request: RunRequest): Promise<void> {
    const [first] = request.statements;
    if (!first) throw new UserError(l10n.t('There is no statement here.'), l10n.t('Put the cursor into one.'));
    await this.exclusively(request.origin, first.start, async (running) => {
      if (request.mode === 'run') await this.runAll(request, running);
      else await this.explain(request, first, running.abort.signal);
    });
  }

  private async runAll(request: RunRequest, running: Running): Promise<void> {
    await this.results.begin(this.engine.name);
    for (const [index, statement] of request.statements.entries()) {
      this.set({ ...running, start: statement.start });
      await this.keeping;
      const shown = await this.runOne(request, statement, index, running.abort.signal);
      if (shown.status !== 'done') break;
    }
  }

  private async runOne(
    request: RunRequest,
    statement: Statement,
    index: number,
    signal: AbortSignal,
  ): Promise<ResultView> {
    const notices: Notice[] = [];
    let view: ResultView = {
      title: statementTitle(statement.text),
      status: 'running',
      fields: [],
      rows: [],
      rowCount: null,
      truncated: false,
      notices,
    };
    const show = (change: Partial<ResultView>): void => {
      view = { ...view, ...change, notices: [...notices] };
      this.results.update(view, index);
    };
    show({});
    const started = performance.now();
    try {
      const database = await request.database(signal);
      this.last = database;
      const result = await database.session.run(statement.text, {
        signal,
        maxRows: setting('pgLessons.maxRows'),
        onNotice: (notice) => {
          notices.push(notice);
          show({});
        },
      });
      const { command, fields, rows, rowCount, truncated, durationMs } = result;
      this.ran.set(request.origin, (this.ran.get(request.origin) ?? new Set()).add(statement.text));
      show({ status: 'done', command, fields, rows, rowCount, truncated, durationMs });
      if (request.attempts && durationMs <= QUICK && isQuery(statement) && !mayWrite(statement))
        this.keeping = this.keepAttempt(request, statement, database, signal);
    } catch (error) {
      const durationMs = performance.now() - started;
      if (error instanceof CancelledError) show({ status: 'cancelled', durationMs });
      else if (error instanceof SqlError) {
        const { message, code, detail, hint } = error;
        show({
          status: 'error',
          durationMs,
          error: { message, code, ...(detail !== undefined && { detail }), ...(hint !== undefined && { hint }) },
        });
        request.onSqlError?.(statement, error);
      } else {
        this.log.error(error instanceof Error ? error : String(error));
        show({ status: 'error', durationMs, error: { message: sentenceOf(error) } });
      }
    }
    return view;
  }

  private async explain(request: RunRequest, statement: Statement, signal: AbortSignal): Promise<void> {
    if (!isExplainable(statement))
      throw new UserError(
        l10n.t('EXPLAIN does not take {0}.', statement.keyword),
        l10n.t('It takes SELECT, INSERT, UPDATE, DELETE, MERGE and CREATE TABLE AS.'),
      );
    const { presenter } = this.plans;
    await this.plans.begin(this.engine.name, statement.text);
    try {
      const database = await request.database(signal);
      const { json, rolledBack } = await explain(database.session, statement, {
        analyze: request.mode === 'analyze',
        signal,
      });
      const source = await this.history.keep(request.origin, {
        ...(await this.planOf(statement, json)),
        ...(rolledBack && { note: l10n.t('The statement ran and was rolled back.') }),
      });
      presenter.show(source, await this.history.of(request.origin), {
        proving: this.proving(request, statement),
        guarded: request.guarded,
      });
    } catch (error) {
      if (error instanceof SqlError) request.onSqlError?.(statement, error);
      else if (!(error instanceof CancelledError)) this.log.error(error instanceof Error ? error : String(error));
      presenter.fail(error);
    }
  }

  /** Runs a query of an exercise once more for its plan; the person asked for rows, so a failure is no matter. */
  private async keepAttempt(
    request: RunRequest,
    statement: Statement,
    database: Database,
    signal: AbortSignal,
  ): Promise<void> {
    if (database.session.transaction !== 'idle') return;
    try {
      const { json } = await explain(database.session, statement, { analyze: true, signal });
      await this.history.keep(request.origin, await this.planOf(statement, json));
    } catch (error) {
      this.log.debug(`no plan was kept: ${String(error)}`);
    }
  }

  private async planOf(statement: Statement, text: string): Promise<NewPlan> {
    const { name, fixedSettings } = this.engine;
    const figures = await figuresOf(text);
    return { sql: statement.text, engine: name, text, ignoredSettings: fixedSettings, ...(figures && { figures }) };
  }

  private proving(request: RunRequest, statement: Statement): Proving {
    return {
      prove: (index, signal) =>
        this.exclusively(request.origin, statement.start, async ({ abort }) => {
          signal.addEventListener('abort', () => abort.abort(signal.reason));
          const database = await request.database(abort.signal);
          const proof = await proveOn(database, statement, index, request.sandbox, abort.signal);
          if (!proof) return undefined;
          const note = proof.measured ? l10n.t('The index was built and rolled back.') : l10n.t('Estimated by HypoPG.');
          return {
            before: {
              ...(await this.planOf(statement, proof.before)),
              id: `without ${Date.now()}`,
              title: l10n.t('Without the index'),
              at: Date.now(),
            },
            after: {
              ...(await this.planOf(statement, proof.after)),
              id: `with ${Date.now()}`,
              title: l10n.t('With the index'),
              at: Date.now(),
              note,
            },
          };
        }),
    };
  }

  private set(running: Running | undefined): void {
    this.now = running;
    this.runningKey.set(running !== undefined);
    this.changed.fire();
  }
}
