import { window, type Disposable } from 'vscode';
import { ContextKey } from '../contextKey';
import type { ExerciseFiles } from './files';

/** Keeps the context key that shows exercise actions in the editor. */
export function trackActiveExercise(files: ExerciseFiles): Disposable {
  const key = new ContextKey('pgLessons.exerciseFile');
  const update = (): void =>
    key.set(
      window.activeTextEditor !== undefined && files.exerciseOf(window.activeTextEditor.document.uri) !== undefined,
    );
  update();
  return window.onDidChangeActiveTextEditor(update);
}
