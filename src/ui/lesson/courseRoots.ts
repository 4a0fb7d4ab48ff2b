import { FileType, RelativePattern, Uri, workspace } from 'vscode';
import { setting } from '../settings';

export interface CourseRoot {
  readonly root: Uri;
  /** It comes from the workspace, so it runs nothing before the workspace is trusted. */
  readonly fromWorkspace: boolean;
  /** It lies in the workspace or in a folder of the settings. */
  readonly authored: boolean;
}

/** Courses in one workspace folder at most. */
const MOST = 50;

/** Folders with a `course.yaml`, each once: those that ship, those of the settings, those of the workspace. */
export async function courseRoots(extensionUri: Uri): Promise<CourseRoot[]> {
  const own = Uri.joinPath(extensionUri, 'lessons');
  const shipped = (await workspace.fs.readDirectory(own)).filter(([, type]) => type === FileType.Directory);
  const found = await Promise.all(
    (workspace.workspaceFolders ?? []).map((folder) =>
      workspace.findFiles(new RelativePattern(folder, '**/course.yaml'), '**/node_modules/**', MOST),
    ),
  );
  const roots = new Map<string, CourseRoot>();
  const add = (root: Uri, place: Omit<CourseRoot, 'root'>): void => {
    const key = root.toString();
    const known = roots.get(key);
    // where the extension itself is developed, the course that ships is the workspace's too
    roots.set(key, known ? { ...known, authored: known.authored || place.authored } : { root, ...place });
  };
  for (const [name] of shipped) add(Uri.joinPath(own, name), { fromWorkspace: false, authored: false });
  for (const path of setting('pgLessons.courseFolders'))
    add(withoutSlash(Uri.file(path)), { fromWorkspace: false, authored: true });
  for (const file of found.flat().sort((a, b) => (a.path < b.path ? -1 : 1)))
    add(Uri.joinPath(file, '..'), { fromWorkspace: true, authored: true });
  return [...roots.values()];
}

function withoutSlash(uri: Uri): Uri {
  return uri.path.length > 1 && uri.path.endsWith('/') ? uri.with({ path: uri.path.replace(/\/+$/, '') }) : uri;
}
