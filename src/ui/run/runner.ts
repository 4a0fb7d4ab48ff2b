import { Disposable, EventEmitter, l10n, type LogOutputChannel } from 'vscode';
import type { Database } from '../../database/engine';
import { CancelledError, UserError } from '../../shared/errors';
import type { ResultView, RunMode } from '../../shared/protocol';
import { explain } from '../../sql/explain';
import { SqlError, type Notice } from '../../sql/session';
import { isExplainable, statementTitle, type Statement } from '../../sql/statements';
import { ContextKey } from '../contextKey';
import type { Plan } from '../../plan/model';
import { sentenceOf } from '../command';
import { setting } from '../settings';
import type { PlanView } from './planView';
import type { ResultsView } from './resultsView';

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

  constructor(
    private readonly results: ResultsView,
    private readonly plans: PlanView,
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
    await this.plans.begin(this.engine.name, statement.text);
    try {
      const database = await request.database(signal);
      const { json, rolledBack } = await explain(database.session, statement, {
        analyze: request.mode === 'analyze',
        signal,
      });
      const { readPlan } = await import('../../plan/read');
      const plan = withoutSettings(readPlan(json), this.engine.fixedSettings);
      this.plans.update({
        status: 'done',
        engine: this.engine.name,
        plan,
        ...(rolledBack && { note: l10n.t('The statement ran and was rolled back.') }),
      });
    } catch (error) {
      if (error instanceof CancelledError) {
        this.plans.update({ status: 'error', error: l10n.t('Cancelled.') });
        return;
      }
      if (error instanceof SqlError) request.onSqlError?.(statement, error);
      else this.log.error(error instanceof Error ? error : String(error));
      this.plans.update({ status: 'error', error: sentenceOf(error) });
    }
  }

  private set(running: Running | undefined): void {
    this.now = running;
    this.runningKey.set(running !== undefined);
    this.changed.fire();
  }
}

/** A plan that does not list the settings an engine itself is started with: nobody changed them. */
function withoutSettings(plan: Plan, names: readonly string[]): Plan {
  return {
    ...plan,
    settings: Object.fromEntries(Object.entries(plan.settings).filter(([name]) => !names.includes(name))),
  };
}
