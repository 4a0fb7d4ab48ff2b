import { window, workspace, type ExtensionContext } from 'vscode';
import { CommandRegistry } from './ui/command';
import { registerConnectionCommands } from './ui/database/connection';
import { Databases } from './ui/database/databases';
import { Passwords } from './ui/database/passwords';
import { ConnectionStatus } from './ui/database/statusBar';
import { trackActiveExercise } from './ui/exercise/activeExercise';
import { Checker } from './ui/exercise/checker';
import { registerExerciseCommands } from './ui/exercise/commands';
import { InlineVerdicts, SqlCodeLenses } from './ui/exercise/feedback';
import { ExerciseFiles } from './ui/exercise/files';
import { ProgressStore } from './ui/exercise/progress';
import { Verdicts } from './ui/exercise/verdicts';
import { openLessonOfWorkspace, registerLessonCommands } from './ui/lesson/commands';
import { Courses } from './ui/lesson/courses';
import { CurrentLesson } from './ui/lesson/current';
import { Reader } from './ui/lesson/reader';
import { LessonTree } from './ui/lesson/tree';
import { registerPlanCommands } from './ui/plan/commands';
import { PlanHistory } from './ui/plan/history';
import { PlanEditors } from './ui/plan/planEditors';
import { PlanView } from './ui/plan/planView';
import { registerRunCommands } from './ui/run/commands';
import { ResultsView } from './ui/run/resultsView';
import { Runner } from './ui/run/runner';
import { SqlProblems } from './ui/run/sqlProblems';
import { Targets } from './ui/run/target';

/** What the end of the window waits for: VS Code calls deactivate with nothing in hand. */
let close: (() => Promise<void>) | undefined;

/** The table of contents: constructs and registers, decides nothing. */
export function activate(context: ExtensionContext): void {
  const { extensionUri, globalState, globalStorageUri, secrets, workspaceState } = context;
  const log = window.createOutputChannel('Postgres Lessons', { log: true });
  const commands = new CommandRegistry(log);

  const courses = new Courses(extensionUri, log);
  const current = new CurrentLesson(workspaceState, courses);
  const progress = new ProgressStore(globalState);
  const verdicts = new Verdicts(globalState);
  const files = new ExerciseFiles(globalStorageUri);
  globalState.setKeysForSync(progress.keysForSync);

  const databases = new Databases({ extension: extensionUri, storage: globalStorageUri }, new Passwords(secrets), log);
  close = () => databases.close();
  const results = new ResultsView(extensionUri);
  const plans = new PlanView(extensionUri, courses);
  const history = new PlanHistory(globalStorageUri, files);
  const editors = new PlanEditors(extensionUri, globalStorageUri, courses);
  const runner = new Runner(results, plans, history, databases, log);
  const problems = new SqlProblems();
  const targets = new Targets(courses, databases, files, current, progress);
  const checker = new Checker(databases, files, progress, verdicts, runner, globalStorageUri);
  const reader = new Reader({ extensionUri, courses, current, progress, verdicts, files, databases, runner });

  context.subscriptions.push(
    log,
    courses,
    current,
    progress,
    verdicts,
    databases,
    results.register(),
    plans.register(),
    editors,
    runner,
    problems,
    reader,
    new LessonTree(courses, progress),
    new SqlCodeLenses(files, verdicts, runner),
    new InlineVerdicts(files, verdicts),
    new ConnectionStatus(databases, runner),
    trackActiveExercise(files),
    registerLessonCommands({ commands, courses, current, reader, databases, progress, verdicts, runner }),
    registerExerciseCommands({
      commands,
      courses,
      current,
      reader,
      databases,
      files,
      checker,
      progress,
      verdicts,
      runner,
    }),
    registerRunCommands(commands, runner, targets, problems),
    registerPlanCommands({ commands, editors, history, databases }),
    registerConnectionCommands(commands, databases),
    databases.onDidRestart((reason) => log.warn(reason)),
  );

  const seen = {
    get: () => workspaceState.get('openedLessonOfWorkspace', false),
    set: () => workspaceState.update('openedLessonOfWorkspace', true),
  };
  if (workspace.workspaceFolders) void commands.guard(() => openLessonOfWorkspace(courses, reader, seen));
}

/** Databases that are closed in order open faster the next time. */
export async function deactivate(): Promise<void> {
  await close?.();
}
