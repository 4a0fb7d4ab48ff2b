import { Disposable, l10n, Uri, ViewColumn, window, workspace, type TextDocument, type WebviewPanel } from 'vscode';
import { PANELS, type ExerciseArgument } from '../../contributions';
import { lessonsOf, type Lesson } from '../../course/lesson';
import type { LessonRenderer, RenderedLesson } from '../../course/render';
import { UserError } from '../../shared/errors';
import type { LessonLink, ReaderRequests, ReaderState } from '../../shared/protocol';
import { statements } from '../../sql/statements';
import { callCommand } from '../command';
import { blockedBecause, type Databases } from '../database/databases';
import type { Checker } from '../exercise/checker';
import { exerciseView, type ExerciseStores } from '../exercise/exerciseView';
import type { CourseFile, Courses, LessonEntry } from '../lesson/courses';
import type { Runner } from '../run/runner';
import { Page } from '../webview/page';
import { sectionOf } from './lessonFile';

export interface PreviewDependencies extends ExerciseStores {
  readonly extensionUri: Uri;
  readonly courses: Courses;
  readonly databases: Databases;
  readonly checker: Checker;
  readonly runner: Runner;
}

/** ms: typing is quicker than reading. */
const QUIET = 80;

interface Shown {
  readonly entry: LessonEntry;
  readonly renderer: LessonRenderer;
  readonly content: RenderedLesson;
}

/**
 * A lesson as readers will see it, from the text in the editor, saved or not. There is one preview; it follows the
 * lesson that is edited. Hints are all uncovered, and solutions show without a question: they are the author's.
 */
export class Preview extends Disposable {
  private panel: WebviewPanel | undefined;
  private page: Page<ReaderState, ReaderRequests> | undefined;
  private uri: Uri | undefined;
  /** The last text that could be read as a lesson. */
  private shown: Shown | undefined;
  /** Why the text that is in the editor now cannot. */
  private broken: string | undefined;
  private readonly solutions = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private readonly subscriptions: Disposable;

  constructor(private readonly deps: PreviewDependencies) {
    super(() => {
      clearTimeout(this.timer);
      this.subscriptions.dispose();
      this.panel?.dispose();
    });
    const { answers, courses, databases, progress, verdicts, runner } = deps;
    const push = (): void => void this.push();
    this.subscriptions = Disposable.from(
      answers.onDidChange(push),
      databases.onDidChange(push),
      progress.onDidChange(push),
      verdicts.onDidChange(push),
      runner.onDidChange(push),
      courses.onDidChange(() => void this.render()),
      workspace.onDidGrantWorkspaceTrust(push),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (!this.panel || !this.isShown(document)) return;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.render(), QUIET);
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        if (!this.panel || !editor || this.isShown(editor.document)) return;
        const file = courses.fileOf(editor.document.uri);
        if (file && sectionOf(file)) void this.show(editor.document.uri);
      }),
      window.registerWebviewPanelSerializer(PANELS.preview, {
        deserializeWebviewPanel: async (panel, state) => {
          const uri = await this.placeOf(state);
          this.adopt(panel);
          if (uri) await this.show(uri);
          else panel.dispose();
        },
      }),
    );
  }

  /** @throws {UserError} when the file is no lesson of a course */
  async open(uri: Uri): Promise<void> {
    await this.deps.courses.all();
    const file = this.deps.courses.fileOf(uri);
    if (!file || !sectionOf(file))
      throw new UserError(
        l10n.t('{0} is no lesson of a course.', workspace.asRelativePath(uri)),
        l10n.t('A lesson lies in a section’s folder, which the course.yaml above it lists.'),
      );
    if (this.panel) this.panel.reveal(undefined, true);
    else
      this.adopt(
        window.createWebviewPanel(
          PANELS.preview,
          l10n.t('Preview'),
          { viewColumn: ViewColumn.Beside, preserveFocus: true },
          {},
        ),
      );
    await this.show(uri);
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
      this.uri = undefined;
      this.shown = undefined;
    });
  }

  private async show(uri: Uri): Promise<void> {
    const { panel } = this;
    const file = this.deps.courses.fileOf(uri);
    if (!panel || !file) return;
    const sameRoot = this.shown?.entry.root.toString() === file.entry.root.toString();
    this.uri = uri;
    this.shown = undefined;
    this.solutions.clear();
    await this.render();
    if (this.page && sameRoot) return;
    this.page?.dispose();
    this.page = new Page<ReaderState, ReaderRequests>(
      panel.webview,
      this.deps.extensionUri,
      'reader',
      this.handlers(),
      { localRoots: [file.entry.root], title: l10n.t('Preview') },
    );
  }

  /** Reads the lesson's text anew; one that cannot be read leaves what is shown, and says so. */
  private async render(): Promise<void> {
    const { uri, panel } = this;
    const file = uri && this.deps.courses.fileOf(uri);
    if (!uri || !panel || !file) return;
    const [{ parseLesson }, { LessonRenderer }, text] = await Promise.all([
      import('../../course/parse'),
      import('../../course/render'),
      textOf(uri),
    ]);
    if (this.uri !== uri) return;
    const { lesson, problems } = parseLesson(text, file.path, sectionOf(file)?.title ?? '');
    if (lesson) {
      const folder = Uri.joinPath(uri, '..');
      const renderer = new LessonRenderer((relative) =>
        panel.webview.asWebviewUri(Uri.joinPath(folder, ...relative.split('/'))).toString(),
      );
      this.shown = { entry: { ...file.entry, lesson }, renderer, content: renderer.lesson(lesson) };
      this.broken = undefined;
      panel.title = l10n.t('Preview: {0}', lesson.title);
    } else {
      const error = problems.find(({ severity }) => severity === 'error');
      this.broken = error
        ? l10n.t('Line {0}: {1}', error.range.startLine + 1, error.message)
        : l10n.t('This is not a lesson.');
    }
    await this.push();
  }

  private async push(): Promise<void> {
    const { page } = this;
    if (!page || !this.uri) return;
    const state = await this.state();
    if (this.page === page) page.push(state);
  }

  private async state(): Promise<ReaderState> {
    const { uri, shown } = this;
    const file = uri && this.deps.courses.fileOf(uri);
    if (!uri || !file) throw new Error('The preview shows no lesson.');
    const { entry } = file;
    if (!shown) return this.nothing(file);
    const { lesson } = shown.entry;
    const neighbours = lessonsOf(entry.course);
    const at = neighbours.findIndex(({ path }) => path === file.path);
    const [previous, next] = at === -1 ? [] : [neighbours[at - 1], neighbours[at + 1]];
    const blocked = this.blocked(shown.entry);
    const running = this.deps.runner.running?.origin;
    return {
      courseTitle: entry.course.title,
      section: lesson.section,
      // by its path: the id may be what is being typed, and the page keeps its place under this
      lesson: { course: entry.course.id, lesson: file.path, title: lesson.title },
      kind: lesson.kind,
      minutes: lesson.minutes,
      outline: shown.content.outline,
      segments: shown.content.segments,
      exercises: await Promise.all(
        lesson.exercises.map((exercise) =>
          exerciseView(this.deps, { ...shown.entry, exercise }, shown.renderer, {
            hints: Infinity,
            explanation: true,
            solution: this.solutions.has(exercise.id),
          }),
        ),
      ),
      engine: this.deps.databases.name,
      ...(previous && { previous: link(entry.course.id, previous) }),
      ...(next && { next: link(entry.course.id, next) }),
      ...(running?.startsWith(`${uri.toString()}#`) === true && { running: running.slice(uri.toString().length + 1) }),
      ...(blocked !== undefined && { blocked }),
    };
  }

  /** A page for a text that was never a lesson in this preview. */
  private nothing({ entry, path }: CourseFile): ReaderState {
    return {
      courseTitle: entry.course.title,
      section: '',
      lesson: { course: entry.course.id, lesson: path, title: path },
      kind: 'lesson',
      minutes: 0,
      outline: [],
      segments: [],
      exercises: [],
      engine: this.deps.databases.name,
      blocked: this.broken ?? l10n.t('This is not a lesson.'),
    };
  }

  private blocked(entry: LessonEntry): string | undefined {
    if (this.broken !== undefined) return l10n.t('{0} The lesson is shown as it was before.', this.broken);
    return blockedBecause(entry);
  }

  private handlers(): ConstructorParameters<typeof Page<ReaderState, ReaderRequests>>[3] {
    const saved = (exercise: string): ExerciseArgument => {
      const { entry } = this.lesson();
      if (this.uri && openDocument(this.uri)?.isDirty === true)
        throw new UserError(l10n.t('The lesson has changes that are not saved.'), l10n.t('Save it, then try again.'));
      return { course: entry.course.id, lesson: entry.lesson.id, exercise };
    };
    return {
      ready: () => this.state(),
      runBlock: async ({ id, mode }) => {
        const { entry } = this.lesson();
        const block = entry.lesson.runBlocks.find((candidate) => candidate.id === id);
        if (!block || !this.uri) return;
        await this.deps.runner.run({
          origin: `${this.uri.toString()}#${id}`,
          statements: statements(block.text),
          mode,
          database: (signal) => this.deps.databases.lesson(entry, signal),
          sandbox: true,
        });
      },
      start: ({ id }) => callCommand('pgLessons.startExercise', saved(id)),
      check: ({ id }) => callCommand('pgLessons.checkExercise', saved(id)),
      answer: async ({ id, chosen }) => {
        const entry = await this.deps.courses.exercise(saved(id));
        if (entry) await this.deps.checker.answer(entry, chosen);
      },
      attempts: ({ id }) => callCommand('pgLessons.showAttempts', saved(id)),
      hint: () => undefined,
      solution: ({ id }) => {
        this.solutions.add(id);
        return this.push();
      },
      reset: ({ id }) => callCommand('pgLessons.resetExercise', saved(id)),
      openLesson: ({ course, lesson }) => this.openSource(course, lesson),
      openLink: ({ href }) => this.openLink(href),
    };
  }

  /** Links between lessons go by path here: to the file that is edited. */
  private async openSource(course: string, path: string): Promise<void> {
    const { entry } = this.lesson();
    if (entry.course.id !== course) return;
    await window.showTextDocument(Uri.joinPath(entry.root, ...path.split('/')), { viewColumn: ViewColumn.One });
  }

  private async openLink(href: string): Promise<void> {
    const { entry } = this.lesson();
    const [file = ''] = href.split('#');
    if (!this.uri || file === '') return;
    const target = Uri.joinPath(this.uri, '..', ...decodeURIComponent(file).split('/'));
    if (!target.path.startsWith(`${entry.root.path}/`)) return;
    await window.showTextDocument(target, { viewColumn: ViewColumn.One });
  }

  private lesson(): Shown {
    if (!this.shown) throw new UserError(this.broken ?? l10n.t('This is not a lesson.'));
    return this.shown;
  }

  private isShown(document: TextDocument): boolean {
    return document.uri.toString() === this.uri?.toString();
  }

  /** What the page kept: the course and the lesson's path. */
  private async placeOf(state: unknown): Promise<Uri | undefined> {
    if (typeof state !== 'object' || state === null || !('lesson' in state)) return undefined;
    const { lesson } = state;
    if (typeof lesson !== 'object' || lesson === null || !('course' in lesson) || !('lesson' in lesson))
      return undefined;
    const entry = await this.deps.courses.course(String(lesson.course));
    const uri = entry && Uri.joinPath(entry.root, ...String(lesson.lesson).split('/'));
    return uri && this.deps.courses.fileOf(uri) ? uri : undefined;
  }
}

function link(course: string, { path, title }: Lesson): LessonLink {
  return { course, lesson: path, title };
}

function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

async function textOf(uri: Uri): Promise<string> {
  return openDocument(uri)?.getText() ?? new TextDecoder().decode(await workspace.fs.readFile(uri));
}
