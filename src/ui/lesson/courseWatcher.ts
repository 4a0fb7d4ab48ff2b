import { Disposable, RelativePattern, workspace, type Uri } from 'vscode';

/** ms: a save is several events, and a checkout many. */
const QUIET = 150;

/** ms after which it is told, quiet or not: something else may write in the folder all the time. */
const LONGEST = 1000;

/** Whether what is typed in it may matter to a course. */
export function isCourseText({ path }: Uri): boolean {
  return /\.(?:md|sql|yaml)$/.test(path);
}

/** What other tools keep beside lessons, and write all the time. */
const OTHERS = /\/(?:\.|node_modules(?:\/|$))/;

/** Tells of changes in the files of courses: at once when they are made here, else when the file system says so. */
export class CourseWatcher extends Disposable {
  private roots: readonly Uri[] = [];
  private watchers: Disposable = new Disposable(() => undefined);
  /** Changed paths by folder, until it is quiet. */
  private readonly pending = new Map<string, { readonly root: Uri; readonly paths: Set<string> }>();
  private timer: NodeJS.Timeout | undefined;
  /** When the first of what is pending came. */
  private since = 0;
  /** A `course.yaml` came or went. */
  private found = false;
  private readonly subscriptions: Disposable;

  constructor(
    private readonly onChange: (root: Uri, paths: readonly string[]) => void,
    private readonly onFound: () => void,
  ) {
    super(() => {
      clearTimeout(this.timer);
      this.watchers.dispose();
      this.subscriptions.dispose();
    });
    const courses = workspace.createFileSystemWatcher('**/course.yaml', false, true, false);
    const found = (): void => {
      this.found = true;
      this.wait();
    };
    this.subscriptions = Disposable.from(
      courses,
      courses.onDidCreate(found),
      courses.onDidDelete(found),
      workspace.onDidSaveTextDocument(({ uri }) => {
        if (isCourseText(uri)) this.note(uri);
      }),
      // the file system forgets a file that comes and goes within one of its batches
      workspace.onDidCreateFiles(({ files }) => files.forEach((uri) => this.note(uri))),
      workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => this.note(uri))),
      workspace.onDidRenameFiles(({ files }) =>
        files.flatMap((each) => [each.oldUri, each.newUri]).forEach((uri) => this.note(uri)),
      ),
    );
  }

  /** Watches these folders, also those outside the workspace. */
  watch(roots: readonly Uri[]): void {
    if (roots.map(String).join('\n') === this.roots.map(String).join('\n')) return;
    this.roots = roots;
    this.watchers.dispose();
    this.watchers = Disposable.from(
      ...roots.map((root) => {
        const texts = workspace.createFileSystemWatcher(
          new RelativePattern(root, '**/*.{md,sql,yaml}'),
          true,
          false,
          true,
        );
        // images that lessons show, too, and folders: one that is moved says nothing of the files in it
        const names = workspace.createFileSystemWatcher(new RelativePattern(root, '**'), false, true, false);
        const note = (uri: Uri): void => this.note(uri);
        return Disposable.from(texts, texts.onDidChange(note), names, names.onDidCreate(note), names.onDidDelete(note));
      }),
    );
  }

  private note(uri: Uri): void {
    for (const root of this.roots) {
      if (!uri.toString().startsWith(`${root.toString()}/`)) continue;
      if (OTHERS.test(uri.path.slice(root.path.length))) continue;
      const known = this.pending.get(root.toString()) ?? { root, paths: new Set<string>() };
      known.paths.add(uri.path.slice(root.path.length + 1));
      this.pending.set(root.toString(), known);
      this.wait();
    }
  }

  private wait(): void {
    const now = Date.now();
    if (this.timer) clearTimeout(this.timer);
    else this.since = now;
    this.timer = setTimeout(() => this.tell(), Math.min(QUIET, Math.max(0, this.since + LONGEST - now)));
  }

  private tell(): void {
    this.timer = undefined;
    const changes = [...this.pending.values()];
    this.pending.clear();
    const { found } = this;
    this.found = false;
    for (const { root, paths } of changes) this.onChange(root, [...paths]);
    if (found) this.onFound();
  }
}
