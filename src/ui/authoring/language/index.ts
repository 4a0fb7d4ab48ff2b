import { Disposable, workspace, type LogOutputChannel, type Uri } from 'vscode';
import type { Courses } from '../../lesson/courses';
import { setting } from '../../settings';

export interface LanguageOptions {
  readonly courses: Courses;
  readonly extensionUri: Uri;
  readonly log: LogOutputChannel;
}

/**
 * Problems, completion, hover, definitions, rename, outline and folding in the files of courses. Nothing of it is
 * loaded before there is a course in the workspace or in the settings: most people write none.
 */
export function registerLanguage(options: LanguageOptions): Disposable {
  const { courses, log } = options;
  let loaded: Disposable | undefined;
  let looking = false;
  let disposed = false;
  const look = async (): Promise<void> => {
    if (looking || loaded || disposed) return;
    looking = true;
    try {
      if (!(await hasCourse())) return;
      const { Language } = await import('./language');
      // the window may have closed meanwhile
      if (!isDisposed()) loaded = new Language(options);
    } catch (error) {
      log.error(error instanceof Error ? error : String(error));
    } finally {
      looking = false;
    }
  };
  const isDisposed = (): boolean => disposed;
  const subscription = courses.onDidChange(() => void look());
  void look();
  return new Disposable(() => {
    disposed = true;
    subscription.dispose();
    loaded?.dispose();
  });
}

async function hasCourse(): Promise<boolean> {
  if (setting('pgLessons.courseFolders').length > 0) return true;
  if (!workspace.workspaceFolders) return false;
  return (await workspace.findFiles('**/course.yaml', '**/node_modules/**', 1)).length > 0;
}
