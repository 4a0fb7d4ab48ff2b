import { FileType, RelativePattern, Uri, workspace, type TextDocument } from 'vscode';
import type { CourseNames } from '../../../course/author/names';
import { relationsOf, type Relation } from '../../../course/author/relations';
import { idIn, lessonBlocks } from '../../../course/author/blocks';
import type { CourseFiles } from '../../../course/load';
import type { Courses } from '../../lesson/courses';

/** A file of a course that somebody works on here. */
export interface AuthoredFile {
  readonly root: Uri;
  /** Below the course's folder, with `/`. */
  readonly path: string;
  readonly files: CourseFiles;
}

/** More lessons than these are not looked through for references. */
const MOST_LESSONS = 5000;

/** The files of courses as they stand in the editor: unsaved text before what is saved. */
export class AuthoredFiles {
  /** The relations of data sets by text: a data set is read at each key, and it seldom changes. */
  private readonly known = new Map<string, { readonly text: string; readonly relations: readonly Relation[] }>();

  constructor(private readonly courses: Courses) {}

  /** @returns `undefined` for a file of no course */
  async of(uri: Uri): Promise<AuthoredFile | undefined> {
    await this.courses.all();
    const found = this.courses.fileOf(uri);
    if (found)
      return { root: found.entry.root, path: found.path, files: overlaid(found.entry.root, found.entry.files) };
    const name = uri.toString();
    const broken = this.courses.broken.find(({ root }) => name.startsWith(`${root.toString()}/`));
    return (
      broken && {
        root: broken.root,
        path: uri.path.slice(broken.root.path.length + 1),
        files: overlaid(broken.root, onDisk(broken.root)),
      }
    );
  }

  /** The folders of all courses that somebody works on here. */
  async roots(): Promise<{ readonly root: Uri; readonly files: CourseFiles }[]> {
    const entries = (await this.courses.all()).filter(({ authored }) => authored);
    return [
      ...entries.map(({ root, files }) => ({ root, files: overlaid(root, files) })),
      ...this.courses.broken.map(({ root }) => ({ root, files: overlaid(root, onDisk(root)) })),
    ];
  }

  /** What completion and hover know of the course around a document. */
  async names({ root, path, files }: AuthoredFile, document: TextDocument): Promise<CourseNames> {
    if (path === 'course.yaml') return { datasets: [], relations: [], folders: await folders(root) };
    const datasets = (await files.list('datasets'))
      .filter((name) => name.endsWith('.sql'))
      .map((name) => name.slice(0, -'.sql'.length));
    const dataset = datasetOf(document.getText());
    const relations = dataset === undefined ? [] : await this.relations(files, root, dataset);
    return { datasets, relations, folders: [] };
  }

  /** Empty when there is no such data set. */
  async relations(files: CourseFiles, root: Uri, dataset: string): Promise<readonly Relation[]> {
    const text = await files.read(`datasets/${dataset}.sql`).catch(() => undefined);
    if (text === undefined) return [];
    const key = `${root.toString()}/${dataset}`;
    const known = this.known.get(key);
    if (known?.text === text) return known.relations;
    const relations = relationsOf(text);
    this.known.set(key, { text, relations });
    return relations;
  }

  /** Every markdown file of a course. */
  async lessons({ root, files }: AuthoredFile): Promise<{ readonly path: string; readonly source: string }[]> {
    const uris = await workspace.findFiles(new RelativePattern(root, '**/*.md'), '**/node_modules/**', MOST_LESSONS);
    const paths = uris.map((uri) => uri.path.slice(root.path.length + 1));
    return Promise.all(paths.map(async (path) => ({ path, source: await files.read(path) })));
  }
}

export function fileUri({ root }: Pick<AuthoredFile, 'root'>, path: string): Uri {
  return Uri.joinPath(root, ...path.split('/'));
}

/** The data set that a lesson's front matter names: read off the line, for the front matter may be half written. */
export function datasetOf(source: string): string | undefined {
  const { front } = lessonBlocks(source);
  if (!front) return undefined;
  const yaml = source
    .slice(front.start, front.end)
    .replace(/^id[ \t]*:.*$/m, '')
    .replace(/^dataset([ \t]*:)/m, 'id$1');
  const span = idIn(yaml, { start: 0, end: yaml.length });
  const name = span && yaml.slice(span.start, span.end);
  return name !== undefined && /^[^/\\]+$/.test(name) ? name : undefined;
}

function overlaid(root: Uri, files: CourseFiles): CourseFiles {
  return {
    list: (folder) => files.list(folder),
    read: async (path) => {
      const name = fileUri({ root }, path).toString();
      const open = workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === name);
      return open ? open.getText() : files.read(path);
    },
  };
}

function onDisk(root: Uri): CourseFiles {
  return {
    read: async (path) => new TextDecoder().decode(await workspace.fs.readFile(fileUri({ root }, path))),
    list: async (folder) => {
      try {
        const entries = await workspace.fs.readDirectory(fileUri({ root }, folder));
        return entries.map(([name]) => name);
      } catch {
        return []; // no such folder
      }
    },
  };
}

async function folders(root: Uri): Promise<string[]> {
  const entries = await workspace.fs.readDirectory(root);
  return entries
    .filter(([name, type]) => (type & FileType.Directory) !== 0 && !name.startsWith('.') && name !== 'datasets')
    .map(([name]) => name);
}
