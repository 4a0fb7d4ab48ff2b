/**
 * Every name that package.json and the code share: commands, settings, views, context keys.
 * `test/unit/contributions.test.ts` holds it against package.json and package.nls.json in both directions.
 */
import type { RunMode } from './shared/protocol';

/** What a command takes when it is called from code; from the palette it has none of it and asks. */
export interface ExerciseArgument {
  readonly course: string;
  readonly lesson: string;
  readonly exercise: string;
}

export interface LessonArgument {
  readonly course: string;
  readonly lesson: string;
}

/** A statement in an open document: UTF-16 offsets. */
export interface StatementArgument {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

export interface CourseArgument {
  readonly course: string;
}

/** What the authoring commands ask for; whatever is given is not asked. */
export interface NewCourseArgument {
  /** Absolute path, or a Uri's text. The course's folder itself: it is made where it is not there. */
  readonly folder?: string;
  readonly title?: string;
}

export interface NewLessonArgument {
  readonly course?: string;
  /** The section's folder. */
  readonly section?: string;
  readonly kind?: string;
  readonly title?: string;
}

export interface NewExerciseArgument {
  readonly kind?: string;
}

/** Commands with the argument they take. */
export interface CommandArguments {
  'pgLessons.openLesson': LessonArgument;
  'pgLessons.nextLesson': undefined;
  'pgLessons.previousLesson': undefined;
  'pgLessons.refresh': undefined;
  'pgLessons.startExercise': ExerciseArgument;
  'pgLessons.checkExercise': ExerciseArgument;
  'pgLessons.showHint': ExerciseArgument;
  'pgLessons.showSolution': ExerciseArgument;
  'pgLessons.resetExercise': ExerciseArgument;
  'pgLessons.showAttempts': ExerciseArgument;
  'pgLessons.resetDatabase': LessonArgument;
  'pgLessons.resetProgress': undefined;
  'pgLessons.runStatement': StatementArgument;
  'pgLessons.explainStatement': StatementArgument;
  'pgLessons.analyzeStatement': StatementArgument;
  'pgLessons.cancelStatement': undefined;
  /** A file; VS Code's explorer passes its Uri. */
  'pgLessons.openPlan': unknown;
  'pgLessons.comparePlans': undefined;
  'pgLessons.connect': undefined;
  'pgLessons.disconnect': undefined;
  'pgLessons.showConnection': undefined;
  'pgLessons.newCourse': NewCourseArgument;
  'pgLessons.newLesson': NewLessonArgument;
  'pgLessons.newExercise': NewExerciseArgument;
  /** A lesson, or its file: an editor's title passes its Uri. */
  'pgLessons.previewLesson': unknown;
  'pgLessons.verifyExercise': ExerciseArgument;
  'pgLessons.verifyLesson': unknown;
  'pgLessons.verifyCourse': CourseArgument;
  'pgLessons.showAsStudent': unknown;
  'pgLessons.leaveStudent': undefined;
  'pgLessons.openSource': LessonArgument;
}

export type CommandId = keyof CommandArguments;

/** The command for each way to run a statement. */
export const RUN_COMMANDS = {
  run: 'pgLessons.runStatement',
  explain: 'pgLessons.explainStatement',
  analyze: 'pgLessons.analyzeStatement',
} as const satisfies Record<RunMode, CommandId>;

export const COMMANDS = [
  'pgLessons.openLesson',
  'pgLessons.nextLesson',
  'pgLessons.previousLesson',
  'pgLessons.refresh',
  'pgLessons.startExercise',
  'pgLessons.checkExercise',
  'pgLessons.showHint',
  'pgLessons.showSolution',
  'pgLessons.resetExercise',
  'pgLessons.showAttempts',
  'pgLessons.resetDatabase',
  'pgLessons.resetProgress',
  'pgLessons.runStatement',
  'pgLessons.explainStatement',
  'pgLessons.analyzeStatement',
  'pgLessons.cancelStatement',
  'pgLessons.openPlan',
  'pgLessons.comparePlans',
  'pgLessons.connect',
  'pgLessons.disconnect',
  'pgLessons.showConnection',
  'pgLessons.newCourse',
  'pgLessons.newLesson',
  'pgLessons.newExercise',
  'pgLessons.previewLesson',
  'pgLessons.verifyExercise',
  'pgLessons.verifyLesson',
  'pgLessons.verifyCourse',
  'pgLessons.showAsStudent',
  'pgLessons.leaveStudent',
  'pgLessons.openSource',
] as const satisfies readonly CommandId[];

/** Settings with the type of their value; defaults stand in package.json alone. */
export interface Settings {
  'pgLessons.engine': 'embedded' | 'server';
  'pgLessons.server.host': string;
  'pgLessons.server.port': number | null;
  'pgLessons.server.user': string;
  'pgLessons.server.database': string;
  'pgLessons.server.sslmode': '' | 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  'pgLessons.courseFolders': string[];
  'pgLessons.exerciseFolder': string;
  'pgLessons.maxRows': number;
  'pgLessons.codeLens': 'all' | 'exercises' | 'none';
  /** Seconds. */
  'pgLessons.checkCooldown': number;
}

export type SettingId = keyof Settings;

export const SETTINGS = [
  'pgLessons.engine',
  'pgLessons.server.host',
  'pgLessons.server.port',
  'pgLessons.server.user',
  'pgLessons.server.database',
  'pgLessons.server.sslmode',
  'pgLessons.courseFolders',
  'pgLessons.exerciseFolder',
  'pgLessons.maxRows',
  'pgLessons.codeLens',
  'pgLessons.checkCooldown',
] as const satisfies readonly SettingId[];

/** Which server, and as whom. */
export const SERVER_SETTINGS = [
  'pgLessons.server.host',
  'pgLessons.server.port',
  'pgLessons.server.user',
  'pgLessons.server.database',
  'pgLessons.server.sslmode',
] as const satisfies readonly SettingId[];

export const VIEWS = { lessons: 'pgLessons.lessons', results: 'pgLessons.results', plan: 'pgLessons.plan' } as const;

/** Webview panels that are restored with the window. */
export const PANELS = { reader: 'pgLessons.reader', preview: 'pgLessons.preview' } as const;

/** The Testing view's tree of exercises. */
export const TEST_CONTROLLER = 'pgLessons.exercises';

export const CUSTOM_EDITORS = { plan: 'pgLessons.planEditor' } as const;

/** Context keys with their values; when-clauses in package.json use no others of ours. */
export interface ContextKeys {
  /** The active editor holds an exercise's file. */
  'pgLessons.exerciseFile': boolean;
  /** A statement or check runs. */
  'pgLessons.running': boolean;
  /** A lesson is open in the reader. */
  'pgLessons.lessonOpen': boolean;
  /** A server, not the embedded engine, is where SQL runs. */
  'pgLessons.server': boolean;
  /** The active editor holds a lesson of a course that somebody works on here. */
  'pgLessons.lessonFile': boolean;
  /** There is a course that somebody works on here. */
  'pgLessons.authoring': boolean;
  /** The reader shows a lesson as a student sees it. */
  'pgLessons.asStudent': boolean;
}

export const CONTEXT_KEYS = [
  'pgLessons.exerciseFile',
  'pgLessons.running',
  'pgLessons.lessonOpen',
  'pgLessons.server',
  'pgLessons.lessonFile',
  'pgLessons.authoring',
  'pgLessons.asStudent',
] as const satisfies readonly (keyof ContextKeys)[];
