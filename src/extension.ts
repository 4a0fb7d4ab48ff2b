import { ExtensionMode, window, workspace, type ExtensionContext } from 'vscode';
import { trackActiveLesson } from './ui/authoring/activeLesson';
import { registerAuthoringCommands } from './ui/authoring/commands';
import { ExerciseTests } from './ui/authoring/exerciseTests';
import { registerLanguage } from './ui/authoring/language';
import { Preview } from './ui/authoring/preview';
import { StudentView } from './ui/authoring/student';
import { CommandRegistry } from './ui/command';
import { registerConnectionCommands } from './ui/database/connection';
import { Databases } from './ui/database/databases';
import { Passwords } from './ui/database/passwords';
import { ConnectionStatus } from './ui/database/statusBar';
import { trackActiveExercise } from './ui/exercise/activeExercise';
import { Answers } from './ui/exercise/answers';
import { registerAttemptDocuments } from './ui/exercise/attemptList';
import { AttemptLogs } from './ui/exercise/attemptLogs';
import { Attempts } from './ui/exercise/attempts';
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
import { withoutRehearsals } from './ui/lesson/rehearsal';
import { LessonTree } from './ui/lesson/tree';
import { queued } from './ui/memento';
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

/** What the tests in VS Code look at, since VS Code tells nobody what another's tree shows. */
export interface TestAccess {
  readonly tree: LessonTree;
  readonly tests: ExerciseTests;
}

/** The table of contents: constructs and registers, decides nothing. */
export function activate(context: ExtensionContext): TestAccess | undefined {
  const { extensionUri, globalState, globalStorageUri, secrets, workspaceState } = context;
  const log = window.createOutputChannel('Postgres Lessons', { log: true });
  const commands = new CommandRegistry(log);

  const state = queued(globalState);

  const courses = new Courses(extensionUri, log);
  const current = new CurrentLesson(workspaceState, courses);
  const kept = withoutRehearsals(state);
  const progress = new ProgressStore(kept);
  const verdicts = new Verdicts(kept, courses);
  const answers = new Answers(kept);
  const files = new ExerciseFiles(globalStorageUri);
  globalState.setKeysForSync([...progress.keysForSync, ...answers.keysForSync]);

  const databases = new Databases({ extension: extensionUri, storage: globalStorageUri }, new Passwords(secrets), log);
  close = () => databases.close();
  const results = new ResultsView(extensionUri);
  const plans = new PlanView(extensionUri, courses);
  const history = new PlanHistory(globalStorageUri, files);
  const editors = new PlanEditors(extensionUri, globalStorageUri, courses);
  const runner = new Runner(results, plans, history, databases, log);
  const problems = new SqlProblems();
  const targets = new Targets(courses, databases, files, current, progress);
  const attempts = new Attempts(files, answers);
  const logs = new AttemptLogs(globalStorageUri);
  const checker = new Checker({
    databases,
    files,
    attempts,
    answers,
    logs,
    progress,
    verdicts,
    runner,
    storage: globalStorageUri,
  });
  const reader = new Reader({
    extensionUri,
    courses,
    current,
    progress,
    verdicts,
    files,
    attempts,
    answers,
    checker,
    databases,
    runner,
  });
  const preview = new Preview({
    extensionUri,
    courses,
    databases,
    progress,
    verdicts,
    attempts,
    answers,
    checker,
    runner,
  });
  const student = new StudentView({
    courses,
    current,
    reader,
    databases,
    files,
    runner,
    storage: globalStorageUri,
    state,
  });
  const tests = new ExerciseTests(courses, databases);
  const tree = new LessonTree(courses, progress);

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
    preview,
    student,
    tests,
    trackActiveLesson(courses, () => tests.readOpenLessons()),
    registerAuthoringCommands({ commands, courses, preview, student, tests }),
    registerLanguage({ courses, extensionUri, log }),
    tree,
    new SqlCodeLenses(files, verdicts, runner),
    new InlineVerdicts(files, verdicts),
    new ConnectionStatus(databases, runner),
    trackActiveExercise(files),
    registerAttemptDocuments(),
    answers,
    registerLessonCommands({ commands, courses, current, reader, databases, progress, verdicts, answers, runner }),
    registerExerciseCommands({
      commands,
      courses,
      current,
      reader,
      databases,
      files,
      answers,
      logs,
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
  return context.extensionMode === ExtensionMode.Test ? { tree, tests } : undefined;
}

/** Databases that are closed in order open faster the next time. */
export async function deactivate(): Promise<void> {
  await close?.();
}
