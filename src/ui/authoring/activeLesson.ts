import { Disposable, RelativePattern, window, workspace } from 'vscode';
import { ContextKey } from '../contextKey';
import type { Courses } from '../lesson/courses';
import { setting } from '../settings';
import { sectionOf } from './lessonFile';

/** Keeps the context keys that show authors' actions. Where nobody writes a course, no course is read for it. */
export function trackActiveLesson(courses: Courses, onAuthoring: () => Promise<void>): Disposable {
  const lessonFile = new ContextKey('pgLessons.lessonFile');
  const authoring = new ContextKey('pgLessons.authoring');
  let begun = false;
  const follow = (): void => {
    const file = window.activeTextEditor && courses.fileOf(window.activeTextEditor.document.uri);
    lessonFile.set(file !== undefined && sectionOf(file) !== undefined);
  };
  const look = async (): Promise<void> => {
    if (!begun && !(await isAuthoring())) return;
    begun = true;
    authoring.set((await courses.all()).some((entry) => entry.authored));
    follow();
    await onAuthoring();
  };
  // what is wrong with a course is said by its tree
  const update = (): void => void look().catch(() => undefined);
  update();
  return Disposable.from(window.onDidChangeActiveTextEditor(follow), courses.onDidChange(update));
}

async function isAuthoring(): Promise<boolean> {
  if (setting('pgLessons.courseFolders').length > 0) return true;
  for (const folder of workspace.workspaceFolders ?? []) {
    const pattern = new RelativePattern(folder, '**/course.yaml');
    if ((await workspace.findFiles(pattern, '**/node_modules/**', 1)).length > 0) return true;
  }
  return false;
}
