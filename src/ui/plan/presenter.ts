import { env, l10n, Uri, window, workspace } from 'vscode';
import type { PlanRequests, PlanSource, PlanState } from '../../shared/protocol';
import { callCommand, sentenceOf } from '../command';
import type { Courses } from '../lesson/courses';
import type { Page } from '../webview/page';
import { CancelledError } from '../../shared/errors';
import { entryOf } from './history';

/** What can be done with a plan whose statement and database are known. */
export interface Proving {
  /** @returns the plan without and with the index, both kept */
  prove(
    index: string,
    signal: AbortSignal,
  ): Promise<{ readonly before: PlanSource; readonly after: PlanSource } | undefined>;
}

export interface Showing {
  readonly proving?: Proving | undefined;
  /** To compare with. */
  readonly before?: PlanSource | undefined;
  /** The person is solving an exercise. */
  readonly guarded?: boolean | undefined;
}

type Handlers = ConstructorParameters<typeof Page<PlanState, PlanRequests>>[3];

/** The state of one plan page, in the panel or in an editor, and the answers to what it asks. */
export class PlanPresenter {
  private state: PlanState = { serial: 0, status: 'empty', history: [], provable: false, guarded: false, lessons: [] };
  private history: readonly PlanSource[] = [];
  private proving: Proving | undefined;
  /** An index is being proved. */
  private trying: AbortController | undefined;
  private push: (state: PlanState) => void = () => undefined;

  constructor(
    private readonly courses: Courses,
    /** Ends the statement that runs for this page. */
    private readonly cancel: () => void,
  ) {}

  /** From now on each new state is told to `push`. */
  connect(push: (state: PlanState) => void): void {
    this.push = push;
  }

  get current(): PlanState {
    return this.state;
  }

  get handlers(): Handlers {
    return {
      ready: async () => {
        const lessons = await this.lessons();
        // only now: a plan may have been shown meanwhile
        this.state = { ...this.state, lessons };
        return this.state;
      },
      cancel: () => {
        this.trying?.abort(new CancelledError());
        this.cancel();
      },
      copy: async ({ text }) => env.clipboard.writeText(text),
      show: ({ id }) => this.showEntry(id),
      compare: ({ id }) => this.compareWith(this.history.find((source) => source.id === id)),
      prove: ({ sql }) => this.prove(sql),
      save,
      openLesson: async ({ lesson }) => {
        const course = await this.courseWith(lesson);
        if (course !== undefined) await callCommand('pgLessons.openLesson', { course, lesson });
      },
      open: () => callCommand('pgLessons.openPlan'),
    };
  }

  /** A statement is being explained. */
  begin(engine: string, sql: string): void {
    this.set({
      serial: this.state.serial + 1,
      status: 'running',
      source: { id: '', title: '', at: Date.now(), engine, sql, text: '', ignoredSettings: [] },
      history: [],
      provable: false,
      guarded: false,
    });
  }

  fail(error: unknown): void {
    const message = error instanceof CancelledError ? l10n.t('Cancelled.') : sentenceOf(error);
    this.set({ ...this.state, status: 'error', error: message });
  }

  /** Shows a plan; `history` holds it and those it can be compared with. */
  show(source: PlanSource, history: readonly PlanSource[], { proving, before, guarded = false }: Showing = {}): void {
    this.history = history;
    this.proving = proving;
    this.set({
      serial: this.state.serial + 1,
      status: 'done',
      source,
      history: history.map(entryOf),
      provable: proving !== undefined,
      guarded,
      ...(before && { before }),
    });
  }

  private showEntry(id: string): void {
    const source = this.history.find((entry) => entry.id === id);
    if (!source) return;
    const { before } = this.state;
    this.set({
      ...without(this.state, 'before'),
      source,
      serial: this.state.serial + 1,
      ...(before && before.id !== id && { before }),
      // the proof runs the statement of the newest plan
      provable: this.proving !== undefined && source.sql === this.history.at(-1)?.sql,
    });
  }

  private compareWith(before: PlanSource | undefined): void {
    const state = without(this.state, 'before');
    this.set({ ...state, ...(before && before.id !== state.source?.id && { before }) });
  }

  private async prove(sql: string): Promise<void> {
    const { proving } = this;
    if (!proving || this.state.busy !== undefined) return;
    const { serial } = this.state;
    const trying = (this.trying = new AbortController());
    this.set({ ...this.state, busy: l10n.t('Trying the index') });
    try {
      const proof = await proving.prove(sql, trying.signal);
      // another statement was explained meanwhile
      if (!proof || this.state.serial !== serial) return;
      const { guarded } = this.state;
      this.show(proof.after, [...this.history, proof.before, proof.after], { proving, before: proof.before, guarded });
    } finally {
      this.set(without(this.state, 'busy'));
    }
  }

  private set(state: Omit<PlanState, 'lessons'>): void {
    this.state = { ...state, lessons: this.state.lessons };
    this.push(this.state);
  }

  private async lessons(): Promise<readonly string[]> {
    return (await this.courses.all())
      .filter(({ fromWorkspace }) => !fromWorkspace)
      .flatMap(({ course }) => course.sections.flatMap((section) => section.lessons.map(({ id }) => id)));
  }

  private async courseWith(lesson: string): Promise<string | undefined> {
    return (await this.courses.all()).find(
      ({ course, fromWorkspace }) =>
        !fromWorkspace && course.sections.some((section) => section.lessons.some(({ id }) => id === lesson)),
    )?.course.id;
  }
}

function without<K extends 'before' | 'busy'>(state: PlanState, name: K): Omit<PlanState, K> {
  return Object.fromEntries(Object.entries(state).filter(([key]) => key !== name)) as unknown as Omit<PlanState, K>;
}

/** Asks where to, and writes an export. */
async function save({ name, text, base64 }: Parameters<PlanRequests['save']>[0]): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const file = name.replace(/[^\w.-]+/g, '-');
  const uri = await window.showSaveDialog({ defaultUri: folder ? Uri.joinPath(folder, file) : Uri.file(file) });
  if (!uri) return;
  await workspace.fs.writeFile(
    uri,
    base64 === undefined ? new TextEncoder().encode(text ?? '') : Buffer.from(base64, 'base64'),
  );
}
