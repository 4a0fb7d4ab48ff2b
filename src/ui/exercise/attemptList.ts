import type { Disposable } from 'vscode';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import type { ExerciseEntry } from '../lesson/courses';
import type { AttemptLogs } from './attemptLogs';
import { argumentOf, type ExerciseFiles } from './files';
import { quizOf } from './quiz';

/** Documents of attempts: their text is in the query, so that they last as long as they are open. */
const SCHEME = 'pg-lessons-attempt';

/** Serves the texts of earlier attempts, for comparing. */
export function registerAttemptDocuments(): Disposable {
  return workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) => decodeURIComponent(uri.query),
  });
}

/** Lists an exercise's checks, the newest first; one that is picked is compared with the file as it is now. */
export async function showAttempts(entry: ExerciseEntry, logs: AttemptLogs, files: ExerciseFiles): Promise<void> {
  const exercise = argumentOf(entry);
  const { attempts } = await logs.of(exercise);
  if (attempts.length === 0) {
    void window.showInformationMessage(l10n.t('“{0}” has not been checked on this machine.', entry.exercise.title));
    return;
  }
  const items = attempts
    .map((attempt, index) => ({
      label: `$(${attempt.passed ? 'pass-filled' : 'error'}) ${l10n.t('{0} of {1} points', attempt.points, attempt.maxPoints)}`,
      description: [
        new Date(attempt.at).toLocaleString(),
        ...(attempt.fingerprint === attempts[index - 1]?.fingerprint ? [l10n.t('same text as before')] : []),
      ].join(', '),
      detail: attempt.summary,
      attempt,
    }))
    .toReversed();
  const quiz = quizOf(entry.exercise) !== undefined;
  const chosen = await window.showQuickPick(items, {
    title: l10n.t('Attempts at “{0}”', entry.exercise.title),
    placeHolder: quiz ? '' : l10n.t('Compare one with your file'),
    matchOnDetail: true,
  });
  if (chosen?.attempt.text === undefined || quiz || (await files.text(exercise)) === undefined) return;
  const name = l10n.t('Attempt of {0}', new Date(chosen.attempt.at).toLocaleString());
  const before = Uri.from({
    scheme: SCHEME,
    path: `/${chosen.attempt.at}/${exercise.exercise}.sql`,
    query: encodeURIComponent(chosen.attempt.text),
  });
  await commands.executeCommand('vscode.diff', before, files.uri(exercise), `${name} ↔ ${entry.exercise.title}`);
}
