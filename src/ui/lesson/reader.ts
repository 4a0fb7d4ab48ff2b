import { Disposable, Uri, ViewColumn, window, workspace, type WebviewPanel } from 'vscode';
import { PANELS, type ExerciseArgument } from '../../contributions';
import { progressKey } from '../../course/progress';
import type { LessonRenderer, RenderedLesson } from '../../course/render';
import type { ExerciseView, LessonLink, ReaderRequests, ReaderState, Reveal } from '../../shared/protocol';
import { statements } from '../../sql/statements';
import { callCommand } from '../command';
import { ContextKey } from '../contextKey';
import { blockedBecause, type Databases } from '../database/databases';
import type { Checker } from '../exercise/checker';
import { exerciseView, type ExerciseStores } from '../exercise/exerciseView';
import { argumentOf, type ExerciseFiles } from '../exercise/files';
import { statusOf } from '../exercise/verdictView';
import type { Runner } from '../run/runner';
import { Page } from '../webview/page';
import type { Courses, ExerciseEntry, LessonEntry } from './courses';
import type { CurrentLesson } from './current';

export interface ReaderDependencies extends ExerciseStores {
  readonly extensionUri: Uri;
  readonly courses: Courses;
  readonly current: CurrentLesson;
  readonly files: ExerciseFiles;
  readonly checker: Checker;
  readonly databases: Databases;
  readonly runner: Runner;
}

/** The lesson in a panel. There is one reader; opening another lesson turns its page. */
export class Reader extends Disposable {
  private readonly lessonOpen = new ContextKey('pgLessons.lessonOpen');
  private panel: WebviewPanel | undefined;
  private page: Page<ReaderState, ReaderRequests> | undefined;
  private entry: LessonEntry | undefined;
  private rendered:
    { readonly lesson: string; readonly renderer: LessonRenderer; readonly content: RenderedLesson } | undefined;
  private readonly solutions = new Set<string>();
  /** Exercises of the lesson that are shown as stale. */
  private readonly stale = new Set<string>();
  private updating = false;
  private outdated = false;
  private reveal: Reveal | undefined;
  /** Of the last `reveal`; the page shows each once, also after it was made anew. */
  private serial = Date.now();
  /** The exercise whose file was in front last. */
  private followed: string | undefined;
  private readonly subscriptions: Disposable;

  constructor(private readonly deps: ReaderDependencies) {
    super(() => {
      this.subscriptions.dispose();
      this.panel?.dispose();
    });
    const { progress, verdicts, runner, databases, courses, answers } = deps;
    const update = (): void => void this.update();
    this.subscriptions = Disposable.from(
      progress.onDidChange(update),
      verdicts.onDidChange(update),
      answers.onDidChange(update),
      runner.onDidChange(update),
      databases.onDidChange(update),
      courses.onDidChange(() => void this.reload()),
      workspace.onDidGrantWorkspaceTrust(update),
      workspace.onDidChangeTextDocument(({ document }) => {
        const exercise = this.panel && deps.files.exerciseOf(document.uri);
        if (!exercise || exercise.lesson !== this.entry?.lesson.id) return;
        // typing changes nothing here but whether the verdict is about this text
        if (verdicts.isStale(exercise, document.getText()) !== this.stale.has(exercise.exercise)) update();
      }),
      window.onDidChangeActiveTextEditor((editor) => editor && this.follow(deps.files.exerciseOf(editor.document.uri))),
      window.registerWebviewPanelSerializer(PANELS.reader, {
        deserializeWebviewPanel: async (panel) => {
          this.adopt(panel);
          const entry = await deps.current.entry();
          if (entry) await this.show(entry);
          else panel.dispose();
        },
      }),
    );
  }

  /** Opens a lesson, at an exercise if one is named. With `preserveFocus` the person goes on where they are. */
  async open(entry: LessonEntry, exercise?: string, preserveFocus = false, part?: Reveal['part']): Promise<void> {
    if (exercise !== undefined) {
      this.serial++;
      this.reveal = { id: exercise, serial: this.serial, focus: !preserveFocus, ...(part && { part }) };
    } else this.reveal = undefined;
    if (this.panel) this.panel.reveal(undefined, preserveFocus);
    else
      this.adopt(
        window.createWebviewPanel(PANELS.reader, entry.lesson.title, { viewColumn: ViewColumn.One, preserveFocus }, {}),
      );
    await this.show(entry);
  }

  get isOpen(): boolean {
    return this.panel !== undefined;
  }

  /** Another exercise's file came to the front: its card comes into view, and the person goes on writing. */
  private follow(exercise: ExerciseArgument | undefined): void {
    if (!exercise || progressKey(exercise) === this.followed) return;
    this.followed = progressKey(exercise);
    const { entry } = this;
    if (!entry || exercise.course !== entry.course.id || exercise.lesson !== entry.lesson.id) return;
    this.serial++;
    this.reveal = { id: exercise.exercise, serial: this.serial, focus: false };
    void this.update();
  }

  /** Shows an exercise's solution in its card. The question comes before. */
  showSolution(exercise: ExerciseArgument): void {
    this.solutions.add(progressKey(exercise));
    void this.update();
  }

  hideSolution(exercise: ExerciseArgument): void {
    this.solutions.delete(progressKey(exercise));
    void this.update();
  }

  private adopt(panel: WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    panel.iconPath = Uri.joinPath(this.deps.extensionUri, 'media', 'icon.png');
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.page?.dispose();
      this.page = undefined;
      this.panel = undefined;
      this.entry = undefined;
      this.lessonOpen.set(false);
    });
  }

  private async show(entry: LessonEntry): Promise<void> {
    const { panel } = this;
    if (!panel) return;
    if (this.entry?.lesson.id !== entry.lesson.id) this.stale.clear();
    const rootChanged = this.entry?.root.toString() !== entry.root.toString();
    this.entry = entry;
    panel.title = entry.lesson.title;
    this.lessonOpen.set(true);
    await this.deps.current.set({ course: entry.course.id, lesson: entry.lesson.id });
    this.deps.databases.warm(entry);
    void this.deps.verdicts.compare();
    await this.render(entry);
    if (!this.page || rootChanged) {
      this.page?.dispose();
      this.page = new Page<ReaderState, ReaderRequests>(
        panel.webview,
        this.deps.extensionUri,
        'reader',
        this.handlers(),
        { localRoots: [entry.root] },
      );
    } else await this.update();
  }

  private async reload(): Promise<void> {
    const { entry } = this;
    if (!entry || !this.panel) return;
    const fresh = await this.deps.courses.lesson({ course: entry.course.id, lesson: entry.lesson.id });
    if (!fresh) return;
    this.entry = fresh;
    await this.render(fresh);
    await this.update();
  }

  private async render(entry: LessonEntry): Promise<void> {
    const { LessonRenderer } = await import('../../course/render');
    const folder = Uri.joinPath(entry.root, ...entry.lesson.path.split('/').slice(0, -1));
    const renderer = new LessonRenderer(
      (relative) => this.panel?.webview.asWebviewUri(Uri.joinPath(folder, ...relative.split('/'))).toString() ?? '',
    );
    this.rendered = { lesson: entry.lesson.id, renderer, content: renderer.lesson(entry.lesson) };
  }

  private handlers(): ConstructorParameters<typeof Page<ReaderState, ReaderRequests>>[3] {
    const argument = (id: string): ExerciseArgument => {
      const { course, lesson } = this.shown();
      return { course: course.id, lesson: lesson.id, exercise: id };
    };
    return {
      ready: () => this.state(),
      runBlock: async ({ id, mode }) => {
        const entry = this.shown();
        const block = entry.lesson.runBlocks.find((candidate) => candidate.id === id);
        if (!block) return;
        await this.deps.runner.run({
          origin: id,
          statements: statements(block.text),
          mode,
          database: (signal) => this.deps.databases.lesson(entry, signal),
          sandbox: true,
        });
      },
      start: ({ id }) => callCommand('pgLessons.startExercise', argument(id)),
      check: ({ id }) => callCommand('pgLessons.checkExercise', argument(id)),
      answer: async ({ id, chosen }) => {
        const entry = await this.deps.courses.exercise(argument(id));
        if (entry) await this.deps.checker.answer(entry, chosen);
      },
      attempts: ({ id }) => callCommand('pgLessons.showAttempts', argument(id)),
      hint: ({ id }) => callCommand('pgLessons.showHint', argument(id)),
      solution: ({ id }) => callCommand('pgLessons.showSolution', argument(id)),
      reset: ({ id }) => callCommand('pgLessons.resetExercise', argument(id)),
      openLesson: ({ course, lesson }) => callCommand('pgLessons.openLesson', { course, lesson }),
      openLink: ({ href }) => this.openLink(href),
    };
  }

  /** A relative link: another lesson opens in the reader, any other file of the course in an editor. */
  private async openLink(href: string): Promise<void> {
    const { root, lesson, course } = this.shown();
    const [file = '', anchor] = href.split('#');
    const target = Uri.joinPath(root, ...lesson.path.split('/').slice(0, -1), ...decodeURIComponent(file).split('/'));
    if (!target.path.startsWith(`${root.path}/`)) return;
    const path = target.path.slice(root.path.length + 1);
    const other = course.sections.flatMap((section) => section.lessons).find((candidate) => candidate.path === path);
    // as the page does with its own: markdown-it encodes what is not ASCII
    if (other) await this.open({ ...this.shown(), lesson: other }, anchor && decodeURIComponent(anchor));
    else await window.showTextDocument(target, { viewColumn: ViewColumn.Two });
  }

  private shown(): LessonEntry {
    if (!this.entry) throw new Error('The reader shows no lesson.');
    return this.entry;
  }

  private async update(): Promise<void> {
    // one at a time, and once more if something changed meanwhile
    this.outdated = true;
    if (this.updating) return;
    this.updating = true;
    try {
      while (this.outdated) {
        this.outdated = false;
        const { page } = this;
        if (!page || !this.entry) return;
        const state = await this.state();
        if (this.page === page) page.push(state);
      }
    } finally {
      this.updating = false;
    }
  }

  private async state(): Promise<ReaderState> {
    const entry = this.shown();
    const { course, lesson } = entry;
    const { current, databases, runner } = this.deps;
    if (this.rendered?.lesson !== lesson.id) await this.render(entry);
    const { content } = this.rendered ?? { content: { segments: [], outline: [] } };
    const [previous, next] = await Promise.all([current.neighbour(-1), current.neighbour(1)]);
    const blocked = blockedBecause(entry);
    const running = runner.running?.origin;
    return {
      courseTitle: course.title,
      section: lesson.section,
      lesson: link(entry),
      kind: lesson.kind,
      minutes: lesson.minutes,
      outline: content.outline,
      segments: content.segments,
      exercises: await Promise.all(lesson.exercises.map((exercise) => this.exercise({ ...entry, exercise }))),
      engine: databases.name,
      ...(previous && { previous: link(previous) }),
      ...(next && { next: link(next) }),
      ...(running !== undefined && { running }),
      ...(blocked !== undefined && { blocked }),
      ...(this.reveal && { reveal: this.reveal }),
    };
  }

  private async exercise(entry: ExerciseEntry): Promise<ExerciseView> {
    if (!this.rendered) throw new Error('The lesson is not rendered.');
    const id = argumentOf(entry);
    const record = this.deps.progress.of(id);
    const view = await exerciseView(this.deps, entry, this.rendered.renderer, {
      hints: record?.hints ?? 0,
      explanation: statusOf(record) === 'passed',
      solution: this.solutions.has(progressKey(id)),
    });
    if (view.stale) this.stale.add(view.id);
    else this.stale.delete(view.id);
    return {
      ...view,
      attempts: record?.attempts ?? 0,
      ...(record?.bought !== undefined && { bought: record.bought }),
    };
  }
}

function link({ course, lesson }: LessonEntry): LessonLink {
  return { course: course.id, lesson: lesson.id, title: lesson.title };
}
