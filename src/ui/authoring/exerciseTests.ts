import {
  Disposable,
  l10n,
  Location,
  Range,
  TestMessage,
  tests,
  TestRunProfileKind,
  TestRunRequest,
  Uri,
  workspace,
  type CancellationToken,
  type DiagnosticCollection,
  type TestController,
  type TestItem,
  type TestRun,
} from 'vscode';
import { TEST_CONTROLLER } from '../../contributions';
import { lessonsOf, type Exercise, type Lesson } from '../../course/lesson';
import { CancelledError } from '../../shared/errors';
import type { Engine } from '../../database/engine';
import type { Proof } from '../../verify/proof';
import { sentenceOf } from '../command';
import { blockedBecause, type Databases } from '../database/databases';
import type { CourseEntry, Courses } from '../lesson/courses';
import type { ExampleTitle } from './exampleTitles';
import { asEdited, sectionOf } from './lessonFile';
import { messageOf, outputOf } from './proofMessage';
import { diagnosticsOf, openProblems, without } from './proofProblems';
import type { Tally } from './tally';

/** What an item of the tree stands for. */
export type Meaning =
  | { readonly kind: 'course'; readonly course: string }
  | { readonly kind: 'lesson'; readonly course: string; readonly path: string }
  /** An exercise's id, or an example's `run-N`. */
  | { readonly kind: 'exercise'; readonly course: string; readonly path: string; readonly id: string };

/** ms: the tests of a lesson are found again when its typing rests. */
const QUIET = 300;

/**
 * The exercises of authors' courses in the Testing view: course → lesson → exercise → what is proven of it. Lessons
 * are read when they are opened, in the view or in an editor. Everything runs on throwaway databases.
 */
export class ExerciseTests extends Disposable {
  private readonly controller: TestController;
  private readonly meanings = new WeakMap<TestItem, Meaning>();
  /** What an exercise's results were about, to tell when they are stale. */
  private readonly contents = new WeakMap<TestItem, string>();
  private readonly found: DiagnosticCollection;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: Disposable;

  constructor(
    private readonly courses: Courses,
    private readonly databases: Databases,
  ) {
    super(() => {
      for (const timer of this.timers.values()) clearTimeout(timer);
      this.subscriptions.dispose();
    });
    const controller = tests.createTestController(TEST_CONTROLLER, l10n.t('Postgres Lessons'));
    this.controller = controller;
    this.found = openProblems();
    controller.resolveHandler = (item) => this.resolve(item);
    controller.refreshHandler = async () => {
      courses.refresh();
      await this.resolve(undefined);
    };
    controller.createRunProfile(
      l10n.t('Verify'),
      TestRunProfileKind.Run,
      async (request, token) => {
        await this.run(request, token);
      },
      true,
    );
    this.subscriptions = Disposable.from(
      controller,
      this.found,
      courses.onDidChange(() => void this.reread()),
      courses.onDidChangeFiles(({ root, paths }) => this.outdate(root, paths)),
      workspace.onDidOpenTextDocument(({ uri }) => void this.readOpen(uri)),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.readSoon(document.uri);
      }),
    );
  }

  /** Finds the tests of the lessons that are open, so that run icons stand beside their exercises. */
  async readOpenLessons(): Promise<void> {
    for (const { uri } of workspace.textDocuments) await this.readOpen(uri);
  }

  /** Verifies one course, lesson or exercise. @returns `undefined` when it was cancelled */
  async verify(where: Meaning, token: CancellationToken): Promise<Tally | undefined> {
    const item = await this.itemOf(where);
    return item && this.run(new TestRunRequest([item]), token);
  }

  /** The items that are there now, for tests of this extension. */
  get items(): TestController['items'] {
    return this.controller.items;
  }

  // --- finding

  private async resolve(item: TestItem | undefined): Promise<void> {
    const meaning = item && this.meanings.get(item);
    if (!item) await this.readCourses();
    else if (meaning?.kind === 'course') await this.readCourse(item, meaning.course);
    else if (meaning?.kind === 'lesson') await this.readLesson(item, meaning);
  }

  private async readCourses(): Promise<void> {
    const entries = (await this.courses.all()).filter(({ authored }) => authored);
    this.controller.items.replace(entries.map((entry) => this.courseItem(entry)));
  }

  private courseItem(entry: CourseEntry): TestItem {
    const { course, root } = entry;
    const known = this.controller.items.get(course.id);
    const item = known ?? this.controller.createTestItem(course.id, course.title, Uri.joinPath(root, 'course.yaml'));
    item.label = course.title;
    item.canResolveChildren = true;
    this.meanings.set(item, { kind: 'course', course: course.id });
    return item;
  }

  private async readCourse(item: TestItem, id: string): Promise<void> {
    const entry = await this.courses.course(id);
    const lessons = entry ? lessonsOf(entry.course) : [];
    item.children.replace(entry ? lessons.filter(hasTests).map((lesson) => this.lessonItem(item, entry, lesson)) : []);
  }

  private lessonItem(parent: TestItem, entry: CourseEntry, lesson: Lesson): TestItem {
    const known = parent.children.get(lesson.path);
    const uri = Uri.joinPath(entry.root, ...lesson.path.split('/'));
    const item = known ?? this.controller.createTestItem(lesson.path, lesson.title, uri);
    item.label = lesson.title;
    item.sortText = String(lessonsOf(entry.course).indexOf(lesson)).padStart(6, '0');
    item.canResolveChildren = true;
    this.meanings.set(item, { kind: 'lesson', course: entry.course.id, path: lesson.path });
    return item;
  }

  private async readLesson(item: TestItem, { course, path }: Meaning & { kind: 'lesson' }): Promise<void> {
    const found = await this.lessonNow(course, path);
    // a text that is no lesson for a moment keeps what was found before
    if (!found) return;
    const { lesson } = found;
    const { exampleTitles } = await import('./exampleTitles');
    const titles = exampleTitles(lesson);
    const children = [
      ...lesson.exercises.map((exercise) =>
        this.child(item, { kind: 'exercise', course, path, id: exercise.id }, exercise.title, exercise.line, [
          contentOf(exercise),
          lesson.dataset,
          lesson.needs,
        ]),
      ),
      ...lesson.runBlocks
        .filter((block) => block.output !== undefined)
        .map((block) =>
          this.child(
            item,
            { kind: 'exercise', course, path, id: block.id },
            exampleLabel(titles.get(block.id), lesson),
            Math.max(0, block.line - 1),
            [block.text, block.output?.text, block.output?.masks, block.output?.on],
          ),
        ),
    ];
    item.children.replace(children);
  }

  private child(
    parent: TestItem,
    meaning: Meaning & { kind: 'exercise' },
    label: string,
    line: number,
    content: unknown,
  ): TestItem {
    const known = parent.children.get(meaning.id);
    const item = known ?? this.controller.createTestItem(meaning.id, label, parent.uri);
    // no description: VS Code would read it to a screen reader in the place of the label
    item.label = label;
    const moved = line - (item.range?.start.line ?? line);
    item.range = new Range(line, 0, line, 0);
    this.meanings.set(item, meaning);
    const now = JSON.stringify(content);
    const before = this.contents.get(item);
    this.contents.set(item, now);
    if (before !== undefined && before !== now) {
      // what was proven was another exercise
      item.children.replace([]);
      this.controller.invalidateTestResults(item);
      if (item.uri) this.found.set(item.uri, without(item.uri, this.found, meaning.id));
    } else if (moved !== 0) {
      for (const [, proof] of item.children)
        if (proof.range) proof.range = new Range(proof.range.start.translate(moved), proof.range.end.translate(moved));
    }
    return item;
  }

  /** The lesson as it is in the editor, saved or not. */
  private async lessonNow(course: string, path: string): Promise<{ entry: CourseEntry; lesson: Lesson } | undefined> {
    const entry = await this.courses.course(course);
    if (!entry) return undefined;
    const { parseLesson } = await import('../../course/parse');
    const source = await asEdited(entry)
      .read(path)
      .catch(() => undefined);
    if (source === undefined) return undefined;
    const { lesson } = parseLesson(source, path, sectionOf({ entry, path })?.title ?? '');
    return lesson && { entry, lesson };
  }

  private async readOpen(uri: Uri): Promise<void> {
    const item = await this.lessonItemOf(uri);
    const meaning = item && this.meanings.get(item);
    if (item && meaning?.kind === 'lesson') await this.readLesson(item, meaning);
  }

  private async lessonItemOf(uri: Uri): Promise<TestItem | undefined> {
    // of courses that are known: no document is a reason to read them all
    const file = this.courses.fileOf(uri);
    return file && sectionOf(file) && this.itemOf({ kind: 'lesson', course: file.entry.course.id, path: file.path });
  }

  private async itemOf(where: Meaning): Promise<TestItem | undefined> {
    if (!this.controller.items.get(where.course)) await this.readCourses();
    const course = this.controller.items.get(where.course);
    if (!course || where.kind === 'course') return course;
    if (!course.children.get(where.path)) await this.readCourse(course, where.course);
    const lesson = course.children.get(where.path);
    if (!lesson || where.kind === 'lesson') return lesson;
    await this.readLesson(lesson, { kind: 'lesson', course: where.course, path: where.path });
    return lesson.children.get(where.id);
  }

  private readSoon(uri: Uri): void {
    const file = this.courses.fileOf(uri);
    if (!file || !sectionOf(file)) return;
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        void this.readOpen(uri);
      }, QUIET),
    );
  }

  /** What was found is read again; what was never asked for is not. */
  private async reread(): Promise<void> {
    if (this.controller.items.size === 0) return;
    await this.readCourses();
    for (const [id, course] of this.controller.items) {
      if (course.children.size === 0) continue;
      await this.readCourse(course, id);
      for (const [, lesson] of course.children) {
        const meaning = this.meanings.get(lesson);
        if (lesson.children.size > 0 && meaning?.kind === 'lesson') await this.readLesson(lesson, meaning);
      }
    }
  }

  /** Another data set makes every result of the course stale. */
  private outdate(root: Uri, paths: readonly string[]): void {
    if (!paths.some((path) => path.startsWith('datasets/'))) return;
    for (const [, course] of this.controller.items) {
      if (course.uri && Uri.joinPath(course.uri, '..').toString() === root.toString())
        this.controller.invalidateTestResults(course);
    }
  }

  // --- running

  private async run(request: TestRunRequest, token: CancellationToken): Promise<Tally | undefined> {
    const run = this.controller.createTestRun(request);
    const abort = new AbortController();
    const cancelling = Disposable.from(
      token.onCancellationRequested(() => abort.abort(new CancelledError())),
      run.token.onCancellationRequested(() => abort.abort(new CancelledError())),
    );
    const result = new RunResult(run, this.controller, this.found);
    let engine: Engine | undefined;
    try {
      for (const { lesson: where, items, whole } of await this.wanted(request)) {
        if (abort.signal.aborted) break;
        const found = await this.lessonNow(where.course, where.path);
        if (!found) {
          result.refuse(items, l10n.t('The lesson cannot be read: see its problems.'));
          continue;
        }
        const why = blockedBecause({ ...found.entry, lesson: found.lesson });
        if (why !== undefined) {
          result.refuse(items, `${why} ${l10n.t('Trust the workspace to run it.')}`);
          continue;
        }
        try {
          engine ??= await this.databases.verifyEngine();
          const { verifyLesson } = await import('../../verify/verifyLesson');
          // a whole lesson at once: what is prepared for one exercise serves the others
          for (const part of whole ? [items] : items.map((item) => [item])) {
            const [only] = part;
            for (const item of part) run.started(item);
            const proofs = verifyLesson({
              engine,
              course: found.entry.course,
              lesson: found.lesson,
              files: asEdited(found.entry),
              signal: abort.signal,
              ...(!whole && only && { only: only.id }),
            });
            await result.take(part, proofs, found.lesson);
          }
        } catch (error) {
          if (isAborted(abort.signal)) break;
          result.refuse(items, sentenceOf(error));
        }
      }
    } finally {
      cancelling.dispose();
      run.end();
      await engine?.dispose();
    }
    return abort.signal.aborted ? undefined : result;
  }

  /** Exercises to run, each once, by lesson: those below what was asked for, and not below what was left out. */
  private async wanted(request: TestRunRequest): Promise<Wanted[]> {
    if (!request.include) await this.readCourses();
    const left = new Set(request.exclude ?? []);
    const exercises = new Set<TestItem>();
    const visit = async (item: TestItem): Promise<void> => {
      if (left.has(item)) return;
      const meaning = this.meanings.get(item);
      if (meaning?.kind === 'exercise') exercises.add(item);
      // a proof alone proves nothing: its exercise runs
      else if (!meaning && item.parent) exercises.add(item.parent);
      else {
        await this.resolve(item);
        for (const [, child] of item.children) await visit(child);
      }
    };
    for (const item of request.include ?? [...this.controller.items].map(([, course]) => course)) await visit(item);

    const lessons = new Map<TestItem, TestItem[]>();
    for (const item of exercises) {
      if (item.parent) lessons.set(item.parent, [...(lessons.get(item.parent) ?? []), item]);
    }
    return [...lessons].flatMap(([parent, items]) => {
      const lesson = this.meanings.get(parent);
      return lesson?.kind === 'lesson' ? [{ lesson, items, whole: items.length === parent.children.size }] : [];
    });
  }
}

interface Wanted {
  readonly lesson: Meaning & { kind: 'lesson' };
  readonly items: readonly TestItem[];
  /** They are all that the lesson has. */
  readonly whole: boolean;
}

/** Turns proofs into results. */
class RunResult implements Tally {
  passed = 0;
  failed = 0;
  skipped = 0;
  failure: TestItem | undefined;

  constructor(
    private readonly run: TestRun,
    private readonly controller: TestController,
    private readonly found: DiagnosticCollection,
  ) {}

  /** What could not be verified at all. */
  refuse(items: readonly TestItem[], why: string): void {
    for (const item of items) {
      this.failed++;
      this.failure ??= item;
      const message = new TestMessage(why);
      if (item.uri && item.range) message.location = new Location(item.uri, item.range);
      this.run.errored(item, message);
    }
    this.run.appendOutput(`${why.replace(/\r?\n/g, '\r\n')}\r\n`);
  }

  /** @param items the exercises that the proofs are of */
  async take(items: readonly TestItem[], proofs: AsyncIterable<Proof>, lesson: Lesson): Promise<void> {
    const parts = new Map(
      items.map((item) => [item.id, { item, seen: new Array<Proof>(), children: new Array<TestItem>() }]),
    );
    for await (const proof of proofs) {
      const part = parts.get(proof.subject.id);
      if (!part) continue;
      const child = this.proofItem(part.item, proof, part.children);
      part.seen.push(proof);
      part.children.push(child);
      part.item.children.add(child);
      this.report(child, proof, part.item);
    }
    for (const { item, seen, children } of parts.values()) {
      // without the proofs of an older run that are no more
      item.children.replace(children);
      const spent = seen.reduce((sum, { durationMs }) => sum + durationMs, 0);
      if (seen.some(({ status }) => status === 'failed')) this.run.failed(item, [], spent);
      else if (seen.some(({ status }) => status === 'passed')) this.run.passed(item, spent);
      else this.run.skipped(item);
      if (item.uri) this.found.set(item.uri, diagnosticsOf(item.uri, this.found, lesson, item.id, seen));
    }
  }

  private proofItem(parent: TestItem, proof: Proof, before: readonly TestItem[]): TestItem {
    const same = before.filter(({ label }) => label === proof.name).length;
    const id = same === 0 ? proof.name : `${proof.name} ${same + 1}`;
    const item = parent.children.get(id) ?? this.controller.createTestItem(id, proof.name, parent.uri);
    item.range = new Range(proof.line, 0, proof.line, 0);
    item.sortText = String(before.length).padStart(4, '0');
    return item;
  }

  private report(item: TestItem, proof: Proof, parent: TestItem): void {
    const { run } = this;
    run.appendOutput(outputOf(proof, parent), undefined, item);
    switch (proof.status) {
      case 'passed':
        this.passed++;
        run.passed(item, proof.durationMs);
        return;
      case 'skipped':
        this.skipped++;
        run.skipped(item);
        return;
      case 'failed':
        this.failed++;
        this.failure ??= item;
        run.failed(item, messageOf(proof, item), proof.durationMs);
    }
  }
}

/** A function, for it may have been aborted since it was last asked. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Whether a lesson may have something to verify, told without reading its blocks. */
function hasTests(lesson: Lesson): boolean {
  return lesson.outline.length > 0 || /^```+text[ \t]+output\b/m.test(lesson.source);
}

/** Told apart by the headings that they stand under. */
function exampleLabel(title: ExampleTitle | undefined, lesson: Lesson): string {
  const heading = title?.heading ?? lesson.title;
  return title?.number === undefined
    ? l10n.t('Output of the example in “{0}”', heading)
    : l10n.t('Output of example {0} in “{1}”', title.number, heading);
}

/** All of an exercise that its proofs depend on; not where it stands. */
function contentOf({ expect, points, starter, solution, wrong, alternatives }: Exercise): unknown {
  return [
    expect,
    points,
    starter.text,
    solution.text,
    wrong.map(({ text, message }) => [text, message]),
    alternatives.map(({ text }) => text),
  ];
}
