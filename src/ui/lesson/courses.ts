import { Disposable, EventEmitter, l10n, workspace, type LogOutputChannel, type Uri } from 'vscode';
import type { ExerciseArgument, LessonArgument } from '../../contributions';
import { lessonsOf, type Course, type Exercise, type Lesson } from '../../course/lesson';
import type { CourseFiles } from '../../course/load';
import { settingChanged } from '../settings';
import { CourseFolder, type BrokenManifest, type UnusableFile } from './courseFolder';
import { courseRoots, type CourseRoot } from './courseRoots';
import { CourseWatcher } from './courseWatcher';
import { authorsId, rehearsalId } from './rehearsal';

export interface CourseEntry {
  readonly course: Course;
  readonly root: Uri;
  readonly files: CourseFiles;
  /** It comes from the workspace, so it runs nothing before the workspace is trusted. */
  readonly fromWorkspace: boolean;
  /** It lies in the workspace or in a folder of the settings: its files are somebody's work in this window. */
  readonly authored: boolean;
  readonly unusable: readonly UnusableFile[];
  /** `course.yaml` is not usable now; the course is as it was when it last was. */
  readonly broken?: BrokenManifest;
}

export interface LessonEntry extends CourseEntry {
  readonly lesson: Lesson;
}

export interface ExerciseEntry extends LessonEntry {
  readonly exercise: Exercise;
}

/** A folder whose `course.yaml` was never usable in this window. */
export interface BrokenCourse extends CourseRoot {
  readonly broken: BrokenManifest;
}

/** A file of a course that somebody works on here. */
export interface CourseFile {
  readonly entry: CourseEntry;
  /** Below the course's folder, with `/`. */
  readonly path: string;
}

/** Files of one course that were saved, made or removed. */
export interface CourseFilesChange {
  readonly root: Uri;
  /** Below the course's folder, with `/`. */
  readonly paths: readonly string[];
}

/**
 * The courses there are: the one that ships, those of the workspace, those named in a setting. Their folders are
 * watched, and only what changed is read again.
 */
export class Courses extends Disposable {
  private readonly changed = new EventEmitter<void>();
  /** Courses came, went, or were read again. */
  readonly onDidChange = this.changed.event;
  private readonly filesChanged = new EventEmitter<CourseFilesChange>();
  /** Comes before the `onDidChange` of the same change. */
  readonly onDidChangeFiles = this.filesChanged.event;
  private loading: Promise<readonly CourseEntry[]> | undefined;
  private loaded: readonly CourseEntry[] = [];
  private unusable: readonly BrokenCourse[] = [];
  /** By folder. */
  private folders = new Map<string, CourseFolder>();
  private readonly watcher = new CourseWatcher(
    (root, paths) => this.reread(root, paths),
    () => this.refresh(),
  );
  private readonly subscriptions: Disposable;

  constructor(
    private readonly extensionUri: Uri,
    private readonly log: LogOutputChannel,
  ) {
    super(() => {
      this.changed.dispose();
      this.filesChanged.dispose();
      this.subscriptions.dispose();
    });
    this.subscriptions = Disposable.from(
      this.watcher,
      workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
      workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      workspace.onDidChangeConfiguration((event) => {
        if (settingChanged(event, 'pgLessons.courseFolders')) this.refresh();
      }),
    );
  }

  /** Looks for courses again, and reads every file again. */
  refresh(): void {
    for (const folder of this.folders.values()) folder.forget();
    this.loading = undefined;
    this.changed.fire();
  }

  all(): Promise<readonly CourseEntry[]> {
    if (!this.loading) {
      const loading = this.load();
      this.loading = loading;
      // a failure is not kept: the next caller tries again
      loading.catch(() => {
        if (this.loading === loading) this.loading = undefined;
      });
    }
    return this.loading;
  }

  /** Folders that should be a course and cannot be shown as one. Known once `all` has been awaited. */
  get broken(): readonly BrokenCourse[] {
    return this.unusable;
  }

  async course(id: string): Promise<CourseEntry | undefined> {
    const plain = authorsId(id);
    const entry = (await this.all()).find((candidate) => candidate.course.id === plain);
    return entry && plain !== id ? rehearsalOf(entry, id) : entry;
  }

  async lesson(argument: LessonArgument): Promise<LessonEntry | undefined> {
    const entry = await this.course(argument.course);
    const lesson = entry && lessonsOf(entry.course).find((candidate) => candidate.id === argument.lesson);
    return entry && lesson && { ...entry, lesson };
  }

  async exercise(argument: ExerciseArgument): Promise<ExerciseEntry | undefined> {
    const entry = await this.lesson(argument);
    const exercise = entry?.lesson.exercises.find((candidate) => candidate.id === argument.exercise);
    return entry && exercise && { ...entry, exercise };
  }

  /** The course of a file, of those that somebody works on here. Knows what was loaded last; of no file else. */
  fileOf(uri: Uri): CourseFile | undefined {
    const name = uri.toString();
    const entry = this.loaded
      .filter(({ root, authored }) => authored && name.startsWith(`${root.toString()}/`))
      .reduce<CourseEntry | undefined>(
        (best, each) => (best && best.root.path.length >= each.root.path.length ? best : each),
        undefined,
      );
    return entry && { entry, path: uri.path.slice(entry.root.path.length + 1) };
  }

  /**
   * The same course under another id, so that files, database, verdicts and progress are others: what an author
   * tries as a student touches nothing of their own. Each rehearsal begins with nothing done.
   */
  rehearse(entry: CourseEntry): CourseEntry {
    return rehearsalOf(entry, rehearsalId(entry.course.id, Date.now()));
  }

  private async load(): Promise<readonly CourseEntry[]> {
    const roots = await courseRoots(this.extensionUri);
    const folders = new Map<string, CourseFolder>();
    for (const { root } of roots) {
      const key = root.toString();
      folders.set(key, this.folders.get(key) ?? new CourseFolder(root));
    }
    this.folders = folders;
    this.watcher.watch(roots.filter(({ authored }) => authored).map(({ root }) => root));
    const entries: CourseEntry[] = [];
    const unusable: BrokenCourse[] = [];
    for (const place of roots) {
      const folder = folders.get(place.root.toString());
      if (!folder) continue;
      const { course, unusable: files, broken } = await folder.load();
      for (const { path, line, why } of files) this.log.debug(`${place.root.fsPath}/${path}:${line + 1}: ${why}`);
      if (!course) {
        const why = broken ?? { why: l10n.t('course.yaml is not usable.'), line: 0 };
        this.log.warn(`${place.root.fsPath}: ${why.why}`);
        if (place.authored) unusable.push({ ...place, broken: why });
        continue;
      }
      const other = entries.find((entry) => entry.course.id === course.id);
      if (other) {
        const why = l10n.t(
          'The course id “{0}” is used by {1} too. Give one of them another id.',
          course.id,
          other.root.fsPath,
        );
        this.log.warn(`${place.root.fsPath}: ${why}`);
        if (place.authored) unusable.push({ ...place, broken: { why, line: 0 } });
        continue;
      }
      entries.push({ ...place, course, unusable: files, files: folder.files, ...(broken && { broken }) });
    }
    this.loaded = entries;
    this.unusable = unusable;
    return entries;
  }

  private reread(root: Uri, paths: readonly string[]): void {
    this.folders.get(root.toString())?.forget(paths);
    this.loading = undefined;
    this.filesChanged.fire({ root, paths });
    this.changed.fire();
  }
}

function rehearsalOf(entry: CourseEntry, id: string): CourseEntry {
  return { ...entry, course: { ...entry.course, id, title: l10n.t('As a student: {0}', entry.course.title) } };
}
