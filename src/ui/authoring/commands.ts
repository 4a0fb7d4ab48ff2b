import { CancellationTokenSource, Disposable, l10n, ProgressLocation, Range, Uri, window } from 'vscode';
import type { CourseArgument, NewCourseArgument, NewExerciseArgument, NewLessonArgument } from '../../contributions';
import { lessonsOf } from '../../course/lesson';
import { CancelledError, UserError } from '../../shared/errors';
import type { CommandRegistry } from '../command';
import { blockedBecause } from '../database/databases';
import { isLessonArgument } from '../lesson/commands';
import type { Courses, LessonEntry } from '../lesson/courses';
import type { ExerciseTests, Meaning } from './exerciseTests';
import { lessonUri } from './lessonFile';
import type { Preview } from './preview';
import type { StudentView } from './student';
import { sayTally } from './tally';

export interface AuthoringDependencies {
  readonly commands: CommandRegistry;
  readonly courses: Courses;
  readonly preview: Preview;
  readonly student: StudentView;
  readonly tests: ExerciseTests;
}

export function registerAuthoringCommands(deps: AuthoringDependencies): Disposable {
  const { commands, courses, preview, student } = deps;
  return Disposable.from(
    commands.register('pgLessons.newCourse', async (argument) => {
      const { newCourse } = await import('./newCourse');
      await newCourse(courses, given<NewCourseArgument>(argument));
    }),
    commands.register('pgLessons.newLesson', async (argument) => {
      const { newLesson } = await import('./newLesson');
      await newLesson(courses, given<NewLessonArgument>(argument));
    }),
    commands.register('pgLessons.newExercise', async (argument) => {
      const { newExercise } = await import('./newExercise');
      await newExercise(courses, given<NewExerciseArgument>(argument));
    }),
    commands.register('pgLessons.previewLesson', async (argument) => preview.open(await lessonUri(courses, argument))),
    commands.register('pgLessons.verifyExercise', async (argument) => verify(deps, await exerciseOf(deps, argument))),
    commands.register('pgLessons.verifyLesson', async (argument) => verify(deps, await lessonOf(courses, argument))),
    commands.register('pgLessons.verifyCourse', async (argument) => {
      const { pickCourse } = await import('./newLesson');
      const { course } = await pickCourse(courses, given<CourseArgument>(argument).course);
      await verify(deps, { kind: 'course', course: course.id });
    }),
    commands.register('pgLessons.showAsStudent', async (argument) => student.show(await entryOf(courses, argument))),
    commands.register('pgLessons.leaveStudent', () => student.leave()),
    commands.register('pgLessons.openSource', async (argument) => {
      const uri = await lessonUri(courses, isLessonArgument(argument) ? argument : await pickLesson(courses));
      const exercise = given<{ exercise?: unknown }>(argument).exercise;
      const lesson = (await entryOf(courses, uri)).lesson;
      const line = lesson.outline.find(({ id }) => id === exercise)?.line;
      await window.showTextDocument(uri, {
        preview: false,
        ...(line !== undefined && { selection: new Range(line, 0, line, 0) }),
      });
    }),
  );
}

/** What a caller gave, each key as a text or not at all: a menu passes what it likes. */
function given<T extends object>(argument: unknown): Partial<T> {
  if (typeof argument !== 'object' || argument === null) return {};
  return Object.fromEntries(Object.entries(argument).filter(([, value]) => typeof value === 'string')) as Partial<T>;
}

/** Runs it as the Testing view would; there the results are. */
async function verify({ commands, tests, courses }: AuthoringDependencies, where: Meaning): Promise<void> {
  const entry = await courses.course(where.course);
  const [lesson] = entry ? lessonsOf(entry.course) : [];
  const why = entry && lesson && blockedBecause({ ...entry, lesson });
  if (why !== undefined) throw new UserError(why, l10n.t('Trust the workspace to run it.'));
  const tally = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Verifying'), cancellable: true },
    async (_, token) => {
      const source = new CancellationTokenSource();
      const cancelling = token.onCancellationRequested(() => source.cancel());
      try {
        return await tests.verify(where, source.token);
      } finally {
        cancelling.dispose();
        source.dispose();
      }
    },
  );
  // the command is over when it is said; the button may be pressed much later
  if (tally) void commands.guard(() => sayTally(tally));
}

async function lessonOf(courses: Courses, argument: unknown): Promise<Meaning> {
  const file = courses.fileOf(await lessonUri(courses, argument));
  if (!file) throw new UserError(l10n.t('This is no lesson of a course.'));
  return { kind: 'lesson', course: file.entry.course.id, path: file.path };
}

/** The exercise that is named, else the one that the cursor is in. */
async function exerciseOf({ courses }: AuthoringDependencies, argument: unknown): Promise<Meaning> {
  const lesson = await lessonOf(courses, argument);
  if (lesson.kind !== 'lesson') throw new UserError(l10n.t('This is no lesson of a course.'));
  const named = given<{ exercise: string }>(argument).exercise;
  const id = named ?? (await exerciseAtCursor(courses));
  if (id === undefined)
    throw new UserError(l10n.t('The cursor is in no exercise.'), l10n.t('Put it into one, or use Verify Lesson.'));
  return { ...lesson, kind: 'exercise', id };
}

async function exerciseAtCursor(courses: Courses): Promise<string | undefined> {
  const editor = window.activeTextEditor;
  const file = editor && courses.fileOf(editor.document.uri);
  if (!editor || !file) return undefined;
  const { parseLesson } = await import('../../course/parse');
  const { lesson } = parseLesson(editor.document.getText(), file.path, '');
  const at = editor.selection.active.line;
  // its heading stands a few lines above its first fence
  const above = lesson?.exercises.findLast(({ line }) => line <= at);
  const next = lesson?.exercises.find(({ line }) => line > at);
  const heading = headingAbove(editor.document.getText().split(/\r?\n/), at);
  if (next && heading !== undefined && (above === undefined || heading > above.line)) return next.id;
  return above?.id;
}

/** Line of the nearest heading at or above a line. */
function headingAbove(lines: readonly string[], at: number): number | undefined {
  for (let line = at; line >= 0; line--) if (/^#{1,6} /.test(lines[line] ?? '')) return line;
  return undefined;
}

/** The lesson that is named, that is open in the editor, else the one that the person picks. */
async function entryOf(courses: Courses, argument: unknown): Promise<LessonEntry> {
  const uri =
    argument === undefined && !window.activeTextEditor
      ? await lessonUri(courses, await pickLesson(courses))
      : await lessonUri(courses, argument);
  const file = courses.fileOf(uri);
  const lesson = file && lessonsOf(file.entry.course).find(({ path }) => path === file.path);
  if (file && lesson) return { ...file.entry, lesson };
  throw new UserError(
    l10n.t('This file cannot be read as a lesson.'),
    l10n.t('See its problems, mend them, and save it.'),
  );
}

async function pickLesson(courses: Courses): Promise<Uri> {
  const items = (await courses.all())
    .filter(({ authored }) => authored)
    .flatMap(({ course, root }) =>
      lessonsOf(course).map(({ title, path, section }) => ({
        label: title,
        description: section,
        detail: course.title,
        uri: Uri.joinPath(root, ...path.split('/')),
      })),
    );
  if (items.length === 0)
    throw new UserError(l10n.t('There is no lesson in this workspace.'), l10n.t('Make a course with New Course.'));
  const picked = await window.showQuickPick(items, { title: l10n.t('Lesson'), matchOnDescription: true });
  if (!picked) throw new CancelledError();
  return picked.uri;
}
