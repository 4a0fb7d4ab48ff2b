import { Disposable, EventEmitter, FileType, RelativePattern, Uri, workspace, type LogOutputChannel } from 'vscode';
import type { ExerciseArgument, LessonArgument } from '../../contributions';
import { lessonsOf, type Course, type Exercise, type Lesson } from '../../course/lesson';
import type { CourseFiles } from '../../course/load';
import { setting, settingChanged } from '../settings';

export interface CourseEntry {
  readonly course: Course;
  readonly root: Uri;
  readonly files: CourseFiles;
  /** It comes from the workspace, so it runs nothing before the workspace is trusted. */
  readonly fromWorkspace: boolean;
}

export interface LessonEntry extends CourseEntry {
  readonly lesson: Lesson;
}

export interface ExerciseEntry extends LessonEntry {
  readonly exercise: Exercise;
}

/** The courses there are: the one that ships, those of the workspace, those named in a setting. */
export class Courses extends Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private loading: Promise<readonly CourseEntry[]> | undefined;
  private readonly subscriptions: Disposable;

  constructor(
    private readonly extensionUri: Uri,
    private readonly log: LogOutputChannel,
  ) {
    super(() => {
      this.changed.dispose();
      this.subscriptions.dispose();
    });
    this.subscriptions = Disposable.from(
      workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
      workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      workspace.onDidChangeConfiguration((event) => {
        if (settingChanged(event, 'pgLessons.courseFolders')) this.refresh();
      }),
    );
  }

  refresh(): void {
    this.loading = undefined;
    this.changed.fire();
  }

  all(): Promise<readonly CourseEntry[]> {
    return (this.loading ??= this.load());
  }

  async lesson(argument: LessonArgument): Promise<LessonEntry | undefined> {
    const entry = (await this.all()).find((candidate) => candidate.course.id === argument.course);
    const lesson = entry && lessonsOf(entry.course).find((candidate) => candidate.id === argument.lesson);
    return entry && lesson && { ...entry, lesson };
  }

  async exercise(argument: ExerciseArgument): Promise<ExerciseEntry | undefined> {
    const entry = await this.lesson(argument);
    const exercise = entry?.lesson.exercises.find((candidate) => candidate.id === argument.exercise);
    return entry && exercise && { ...entry, exercise };
  }

  private async load(): Promise<readonly CourseEntry[]> {
    const { loadCourse } = await import('../../course/load');
    const entries: CourseEntry[] = [];
    for (const { root, fromWorkspace } of await this.roots()) {
      const files = courseFiles(root);
      try {
        const { course, problems } = await loadCourse(files);
        for (const problem of problems)
          this.log.warn(`${root.fsPath}/${problem.path}:${problem.range.startLine + 1}: ${problem.message}`);
        if (course && !entries.some((entry) => entry.course.id === course.id))
          entries.push({ course, root, files, fromWorkspace });
      } catch (error) {
        this.log.warn(`${root.fsPath}: the course could not be read: ${String(error)}`);
      }
    }
    return entries;
  }

  private async roots(): Promise<{ root: Uri; fromWorkspace: boolean }[]> {
    const own = Uri.joinPath(this.extensionUri, 'lessons');
    const shipped = (await workspace.fs.readDirectory(own)).filter(([, type]) => type === FileType.Directory);
    const found = await Promise.all(
      (workspace.workspaceFolders ?? []).map((folder) =>
        workspace.findFiles(new RelativePattern(folder, '**/course.yaml'), '**/node_modules/**', 50),
      ),
    );
    return [
      ...shipped.map(([name]) => ({ root: Uri.joinPath(own, name), fromWorkspace: false })),
      ...setting('pgLessons.courseFolders').map((path) => ({ root: Uri.file(path), fromWorkspace: false })),
      ...found.flat().map((file) => ({ root: Uri.joinPath(file, '..'), fromWorkspace: true })),
    ];
  }
}

function courseFiles(root: Uri): CourseFiles {
  const decoder = new TextDecoder();
  return {
    read: async (path) => decoder.decode(await workspace.fs.readFile(Uri.joinPath(root, ...path.split('/')))),
    list: async (folder) => {
      try {
        return (await workspace.fs.readDirectory(Uri.joinPath(root, ...folder.split('/')))).map(([name]) => name);
      } catch {
        return [];
      }
    },
  };
}
