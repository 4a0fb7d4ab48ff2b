import {
  CodeAction,
  CodeActionKind,
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  l10n,
  languages,
  Uri,
  workspace,
  WorkspaceEdit,
  type CodeActionContext,
  type CodeActionProvider,
  type LogOutputChannel,
  type Range,
  type TextDocument,
} from 'vscode';
import type { LintCache } from '../../../course/lint/course';
import type { CourseFiles, FileProblem } from '../../../course/load';
import type { Fix, Problem } from '../../../course/problem';
import type { SqlParser } from '../../../sql/parsed';
import type { Courses } from '../../lesson/courses';
import { isCourseText } from '../../lesson/courseWatcher';
import { fileUri, type AuthoredFiles } from './authoredFiles';
import { toRange } from './convert';

/** ms without a key before a course is looked at again. */
const QUIET = 200;

const SOURCE = 'Postgres Lessons';

const FIX_ALL = CodeActionKind.SourceFixAll.append('pgLessons');

export const FIX_KINDS = [CodeActionKind.QuickFix, FIX_ALL];

/** One course, and when it is looked at next. */
interface Watched {
  readonly root: Uri;
  files: CourseFiles;
  timer: NodeJS.Timeout | undefined;
  /** Counts what came in: a result that is older than the last of it is dropped. */
  wanted: number;
  running: boolean;
  /** What was read before. */
  cache: LintCache | undefined;
  /** Paths of what changed since then; `all` where nobody knows. */
  changed: Set<string> | 'all';
  /** Files that have problems shown. */
  shown: ReadonlySet<string>;
}

/** What was found in a file, and in which version of it, where it is open. */
interface Found {
  readonly version: number | undefined;
  readonly problems: readonly Problem[];
}

/** The lint's problems in all files of the courses that somebody works on here, as they stand in the editor. */
export class LessonProblems extends Disposable {
  private readonly collection = languages.createDiagnosticCollection('pgLessons');
  private readonly watched = new Map<string, Watched>();
  /** By uri. */
  private readonly found = new Map<string, Found>();
  private readonly subscriptions: Disposable;
  private disposed = false;

  constructor(
    courses: Courses,
    private readonly files: AuthoredFiles,
    private readonly parser: () => Promise<SqlParser | undefined>,
    private readonly log: LogOutputChannel,
  ) {
    super(() => {
      this.disposed = true;
      for (const { timer } of this.watched.values()) clearTimeout(timer);
      this.subscriptions.dispose();
      this.collection.dispose();
    });
    // a change of files comes before the change of courses that it makes; any other change may be of anything
    let told = false;
    this.subscriptions = Disposable.from(
      courses.onDidChangeFiles(({ root, paths }) => {
        told = true;
        const course = this.watched.get(root.toString());
        if (course && course.changed !== 'all') for (const path of paths) course.changed.add(path);
      }),
      courses.onDidChange(() => {
        if (!told) for (const course of this.watched.values()) course.changed = 'all';
        told = false;
        void this.follow();
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.touched(document.uri);
      }),
      // what was not saved is gone
      workspace.onDidCloseTextDocument(({ uri }) => this.touched(uri)),
    );
    void this.follow();
  }

  /** What is known of a document as it is now; nothing while it is ahead of the lint. */
  of(document: TextDocument): readonly Problem[] {
    const found = this.found.get(document.uri.toString());
    return found && found.version === document.version ? found.problems : [];
  }

  /** The courses there are now: new ones are looked at, those gone are forgotten. */
  private async follow(): Promise<void> {
    try {
      const roots = await this.files.roots();
      const names = new Set(roots.map(({ root }) => root.toString()));
      for (const [name, course] of this.watched)
        if (!names.has(name)) {
          clearTimeout(course.timer);
          this.show(course, [], new Map());
          this.watched.delete(name);
        }
      for (const { root, files } of roots) {
        const name = root.toString();
        const fresh: Watched = {
          root,
          files,
          timer: undefined,
          wanted: 0,
          running: false,
          cache: undefined,
          changed: 'all',
          shown: new Set(),
        };
        const course = this.watched.get(name) ?? fresh;
        course.files = files;
        this.watched.set(name, course);
        this.want(course);
      }
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error));
    }
  }

  private touched(uri: Uri): void {
    if (!isCourseText(uri)) return;
    const name = uri.toString();
    for (const [root, course] of this.watched)
      if (name.startsWith(`${root}/`)) {
        if (course.changed !== 'all') course.changed.add(uri.path.slice(course.root.path.length + 1));
        this.want(course);
      }
  }

  private want(course: Watched): void {
    course.wanted++;
    clearTimeout(course.timer);
    course.timer = setTimeout(() => void this.look(course), QUIET);
  }

  private async look(course: Watched): Promise<void> {
    // the one that runs sees that more is wanted
    if (course.running || this.disposed) return;
    course.running = true;
    const { wanted, changed } = course;
    course.changed = new Set();
    try {
      const [{ lintCourse, LintCache: Cache }, parseSql] = await Promise.all([
        import('../../../course/lint/course'),
        this.parser(),
      ]);
      const versions = versionsOf(course.root);
      const cache = (course.cache ??= new Cache());
      const { problems } = await lintCourse(course.files, {
        cache,
        ...(changed !== 'all' && { changed }),
        ...(parseSql && { parseSql }),
        pause: () => new Promise((resolve) => setImmediate(resolve)),
      });
      if (course.wanted === wanted && !this.isGone(course)) this.show(course, problems, versions);
    } catch (error) {
      course.changed = 'all';
      this.log.warn(`${course.root.fsPath}: ${String(error)}`);
    } finally {
      course.running = false;
      if (course.wanted !== wanted && !this.isGone(course)) this.want(course);
    }
  }

  private isGone(course: Watched): boolean {
    return this.disposed || this.watched.get(course.root.toString()) !== course;
  }

  private show(course: Watched, problems: readonly FileProblem[], versions: ReadonlyMap<string, number>): void {
    const files = new Map<string, FileProblem[]>();
    for (const problem of problems) {
      const known = files.get(problem.path);
      if (known) known.push(problem);
      else files.set(problem.path, [problem]);
    }
    const shown = new Set<string>();
    for (const [path, list] of files) {
      const uri = fileUri(course, path);
      const name = uri.toString();
      shown.add(name);
      this.found.set(name, { version: versions.get(name), problems: list });
      this.collection.set(uri, list.map(diagnostic));
    }
    for (const name of course.shown)
      if (!shown.has(name)) {
        this.found.delete(name);
        this.collection.delete(Uri.parse(name, true));
      }
    course.shown = shown;
  }
}

/** Quick fixes, and "fix all" for the problems that can be mended in one way only. */
export class LessonFixes implements CodeActionProvider {
  constructor(private readonly problems: LessonProblems) {}

  provideCodeActions(document: TextDocument, range: Range, context: CodeActionContext): CodeAction[] {
    const known = this.problems.of(document);
    if (context.only && FIX_ALL.intersects(context.only)) return fixAll(document, known);
    const here = known.filter((problem) => toRange(problem.range).intersection(range) !== undefined);
    return here.flatMap((problem) => {
      const about = context.diagnostics.filter((each) => each.source === SOURCE && each.message === problem.message);
      return (problem.fixes ?? []).map((fix, index) => {
        const action = new CodeAction(fix.title, CodeActionKind.QuickFix);
        action.edit = new WorkspaceEdit();
        apply(action.edit, document.uri, fix);
        action.diagnostics = about;
        action.isPreferred = index === 0;
        return action;
      });
    });
  }
}

function fixAll(document: TextDocument, problems: readonly Problem[]): CodeAction[] {
  const edit = new WorkspaceEdit();
  const taken: Range[] = [];
  for (const { fixes } of problems) {
    const [fix, other] = fixes ?? [];
    if (!fix || other) continue;
    const ranges = fix.edits.map((each) => toRange(each.range));
    // edits may not meet: the next round has what is left
    if (ranges.some((range) => taken.some((known) => known.intersection(range) !== undefined))) continue;
    taken.push(...ranges);
    apply(edit, document.uri, fix);
  }
  if (taken.length === 0) return [];
  const action = new CodeAction(l10n.t('Fix all Postgres Lessons problems'), FIX_ALL);
  action.edit = edit;
  return [action];
}

function apply(edit: WorkspaceEdit, uri: Uri, fix: Fix): void {
  for (const { range, text } of fix.edits) edit.replace(uri, toRange(range), text);
}

function diagnostic({ severity, code, message, range }: Problem): Diagnostic {
  const made = new Diagnostic(
    toRange(range),
    message,
    severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
  );
  made.source = SOURCE;
  made.code = code;
  return made;
}

/** Of the open files below a folder: fixes are offered for the text that was looked at. */
function versionsOf(root: Uri): Map<string, number> {
  const open = workspace.textDocuments.map(({ uri, version }) => [uri.toString(), version] as const);
  return new Map(open.filter(([name]) => name.startsWith(`${root.toString()}/`)));
}
