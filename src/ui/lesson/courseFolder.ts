import { l10n, Uri, workspace } from 'vscode';
import { lessonsOf, type Course } from '../../course/lesson';
import type { CourseCache, CourseFiles, LoadedCourse } from '../../course/load';
import { readDiskText } from './disk';

/** A lesson's file that is no lesson now, with the first thing that is wrong with it. */
export interface UnusableFile {
  /** Below the course's folder, with `/`. */
  readonly path: string;
  readonly why: string;
  /** From 0. */
  readonly line: number;
}

/** Why `course.yaml` is not usable. */
export interface BrokenManifest {
  /** One sentence. */
  readonly why: string;
  /** From 0. */
  readonly line: number;
}

export interface FolderContent {
  /** As it is, or as it was when `course.yaml` was last usable. */
  readonly course: Course | undefined;
  readonly unusable: readonly UnusableFile[];
  readonly broken?: BrokenManifest;
}

/** One course's folder. What was read is kept until it is forgotten, so that one changed file is one file to read. */
export class CourseFolder {
  private readonly texts = new Map<string, Promise<string>>();
  private readonly names = new Map<string, Promise<string[]>>();
  private cache: CourseCache | undefined;
  /** Paths to read again; `undefined`: all. */
  private changed: Set<string> | undefined;
  private content: Promise<FolderContent> | undefined;
  private good: Course | undefined;
  readonly files: CourseFiles;

  constructor(private readonly root: Uri) {
    this.files = {
      // lessons are kept parsed, in the cache; data sets are read for each run
      read: (path) =>
        path.endsWith('.md') ? readText(this.uri(path)) : kept(this.texts, path, () => readText(this.uri(path))),
      list: (folder) => kept(this.names, folder, () => namesIn(this.uri(folder))),
    };
  }

  load(): Promise<FolderContent> {
    return (this.content ??= this.read());
  }

  /** Files that changed; without them, all. */
  forget(paths?: readonly string[]): void {
    this.content = undefined;
    this.names.clear();
    if (!paths) {
      this.texts.clear();
      this.changed = undefined;
    }
    for (const path of paths ?? []) {
      this.texts.delete(path);
      this.changed?.add(path);
    }
  }

  private async read(): Promise<FolderContent> {
    const { CourseCache, loadCourse } = await import('../../course/load');
    const { changed } = this;
    this.changed = new Set();
    this.cache ??= new CourseCache();
    try {
      const loaded = await loadCourse(this.files, { cache: this.cache, changed });
      if (loaded.course) {
        this.good = loaded.course;
        return { course: loaded.course, unusable: unusableIn(loaded, loaded.course) };
      }
      const [first] = loaded.manifest.problems;
      const line = first?.range.startLine ?? 0;
      const why = first
        ? l10n.t('course.yaml, line {0}: {1}', line + 1, first.message)
        : l10n.t('course.yaml is not usable.');
      // what changed meanwhile is read when it is usable again
      for (const path of changed ?? []) this.changed.add(path);
      if (!changed) this.changed = undefined;
      return { course: this.good, unusable: [], broken: { why, line } };
    } catch (error) {
      this.changed = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      const why = l10n.t('The course could not be read: {0}', reason);
      return { course: this.good, unusable: [], broken: { why, line: 0 } };
    }
  }

  private uri(path: string): Uri {
    return Uri.joinPath(this.root, ...path.split('/'));
  }
}

/** Reads front matters only: a tree of a thousand lessons asks for no more. */
function unusableIn({ files }: LoadedCourse, course: Course): UnusableFile[] {
  const usable = new Set(lessonsOf(course).map(({ path }) => path));
  return [...files.values()]
    .filter(({ path }) => !usable.has(path))
    .map(({ path, front }) => {
      const [first] = front.problems;
      return {
        path,
        why: first?.message ?? l10n.t('Another lesson has the same id.'),
        line: first?.range.startLine ?? 0,
      };
    });
}

/** A failure is not kept: the file may be there the next time. */
function kept<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const made = make();
  cache.set(key, made);
  made.catch(() => {
    if (cache.get(key) === made) cache.delete(key);
  });
  return made;
}

async function readText(uri: Uri): Promise<string> {
  // workspace.fs asks the window about each file first: for a thousand lessons that takes longer than all the rest
  if (uri.scheme === 'file') return readDiskText(uri.fsPath);
  return new TextDecoder().decode(await workspace.fs.readFile(uri));
}

async function namesIn(uri: Uri): Promise<string[]> {
  try {
    return (await workspace.fs.readDirectory(uri)).map(([name]) => name);
  } catch {
    return []; // no such folder
  }
}
