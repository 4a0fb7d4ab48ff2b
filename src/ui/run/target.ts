import { l10n, workspace, type TextDocument } from 'vscode';
import type { Database } from '../../database/engine';
import { UserError } from '../../shared/errors';
import type { CurrentLesson } from '../lesson/current';
import type { Courses, LessonEntry } from '../lesson/courses';
import type { Databases } from '../database/databases';
import type { ExerciseFiles } from '../exercise/files';
import type { ProgressStore } from '../exercise/progress';

/** Finds the database that a document's SQL runs in. */
export class Targets {
  constructor(
    private readonly courses: Courses,
    private readonly databases: Databases,
    private readonly files: ExerciseFiles,
    private readonly current: CurrentLesson,
    private readonly progress: ProgressStore,
  ) {}

  /**
   * An exercise's file: its lesson's database. Another SQL file: on a server the configured database, on the
   * embedded engine the database of the current lesson.
   * @throws {UserError}
   */
  async of(document: TextDocument, signal?: AbortSignal): Promise<Database> {
    const exercise = this.files.exerciseOf(document.uri);
    if (exercise) return this.lesson(await this.courses.lesson(exercise), signal);
    if (!workspace.isTrusted)
      throw new UserError(l10n.t('SQL of a workspace runs only when the workspace is trusted.'));
    return (await this.databases.own()) ?? this.lesson(await this.current.entry(), signal);
  }

  /** Whether the document's SQL runs in a lesson's own database. */
  isSandbox(document: TextDocument): boolean {
    return this.isExercise(document) || this.databases.kind === 'embedded';
  }

  /** It belongs to an exercise that was never passed. */
  isUnsolved(document: TextDocument): boolean {
    const exercise = this.files.exerciseOf(document.uri);
    return exercise !== undefined && this.progress.of(exercise)?.passedAt === undefined;
  }

  isExercise(document: TextDocument): boolean {
    return this.files.exerciseOf(document.uri) !== undefined;
  }

  private lesson(entry: LessonEntry | undefined, signal?: AbortSignal): Promise<Database> {
    if (!entry)
      throw new UserError(
        l10n.t('No lesson is open, so there is no database to run this in.'),
        l10n.t('Open a lesson, or connect to a server.'),
      );
    return this.databases.lesson(entry, signal);
  }
}
