import {
  Disposable,
  l10n,
  StatusBarAlignment,
  TabInputText,
  Uri,
  window,
  workspace,
  type Memento,
  type Tab,
} from 'vscode';
import type { LessonArgument } from '../../contributions';
import { UserError } from '../../shared/errors';
import { ContextKey } from '../contextKey';
import type { Databases } from '../database/databases';
import type { ExerciseFiles } from '../exercise/files';
import type { Courses, LessonEntry } from '../lesson/courses';
import type { CurrentLesson } from '../lesson/current';
import type { Reader } from '../lesson/reader';
import { authorsId, isRehearsal } from '../lesson/rehearsal';
import type { Runner } from '../run/runner';

export interface StudentDependencies {
  readonly courses: Courses;
  readonly current: CurrentLesson;
  readonly reader: Reader;
  readonly databases: Databases;
  readonly files: ExerciseFiles;
  readonly runner: Runner;
  readonly storage: Uri;
  readonly state: Memento;
}

/** Lessons of rehearsals with something on disk, so that a window that ended early is cleaned up after. */
const KEY = 'rehearsedLessons';

/**
 * "Show as Student": the reader, with nothing solved. It is the course under another id, so that exercise files,
 * databases, verdicts and progress are others than the author's own; leaving removes them.
 */
export class StudentView extends Disposable {
  private readonly shown = new ContextKey('pgLessons.asStudent');
  private readonly status = window.createStatusBarItem('student', StatusBarAlignment.Left, 10);
  /** Where the person was before, to go back to. */
  private before: LessonArgument | undefined;
  /** The course's id while it is shown. */
  private course: string | undefined;
  private readonly subscription: Disposable;

  constructor(private readonly deps: StudentDependencies) {
    super(() => {
      this.status.dispose();
      this.subscription.dispose();
    });
    this.status.name = l10n.t('Postgres Lessons: As a Student');
    this.status.text = l10n.t('$(eye) As a student');
    this.status.tooltip = l10n.t('The lesson is shown with nothing solved. Click to leave; what was tried is removed.');
    this.status.command = 'pgLessons.leaveStudent';
    this.subscription = deps.runner.onDidChange(() => void this.note());
  }

  /** @throws {UserError} when it is shown so already */
  async show(entry: LessonEntry): Promise<void> {
    if (isRehearsal(entry.course.id)) throw new UserError(l10n.t('The lesson is shown as a student already.'));
    const { courses, current, reader } = this.deps;
    const before = this.before ?? current.get();
    await this.close();
    await this.closeFiles();
    await this.clean();
    const rehearsal = courses.rehearse(entry);
    this.before = before;
    this.course = rehearsal.course.id;
    this.status.show();
    this.shown.set(true);
    await reader.open({ ...rehearsal, lesson: entry.lesson });
    await this.note();
  }

  /** Back to where the person was. */
  async leave(): Promise<void> {
    const { before } = this;
    const { courses, current, reader } = this.deps;
    await this.closeFiles();
    const here = current.get();
    await this.close();
    this.before = undefined;
    const back = before && !isRehearsal(before.course) ? before : here && { ...here, course: authorsId(here.course) };
    const entry = back && (await courses.lesson(back));
    if (entry && reader.isOpen) await reader.open(entry, undefined, true);
    else if (back) await current.set(back);
    await this.clean();
  }

  private async close(): Promise<void> {
    this.course = undefined;
    this.status.hide();
    this.shown.set(false);
    return Promise.resolve();
  }

  /** What a student wrote would go on working under the id that is gone, and bring its lesson back. */
  private async closeFiles(): Promise<void> {
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => this.isStudents(tab));
    // unsaved, VS Code would ask what becomes of them
    for (const document of workspace.textDocuments) {
      if (document.isDirty && this.isStudentsFile(document.uri)) await document.save();
    }
    if (tabs.length > 0) await window.tabGroups.close(tabs, true);
  }

  private isStudents({ input }: Tab): boolean {
    return input instanceof TabInputText && this.isStudentsFile(input.uri);
  }

  private isStudentsFile(uri: Uri): boolean {
    const exercise = this.deps.files.exerciseOf(uri);
    return exercise !== undefined && isRehearsal(exercise.course);
  }

  /** Remembers a lesson that something may have been written for. */
  private async note(): Promise<void> {
    const { current, databases, runner, state } = this.deps;
    const here = current.get();
    if (!here || here.course !== this.course) return;
    // on a server a database is made by the first run
    if (databases.kind === 'server' && !runner.running) return;
    const known = state.get<readonly LessonArgument[]>(KEY) ?? [];
    if (known.some(({ course, lesson }) => course === here.course && lesson === here.lesson)) return;
    await state.update(KEY, [...known, { course: here.course, lesson: here.lesson }]);
  }

  /** Removes what rehearsals left. What cannot be removed now is tried again before the next one. */
  private async clean(): Promise<void> {
    const { courses, databases, files, state, storage } = this.deps;
    const left: LessonArgument[] = [];
    for (const each of state.get<readonly LessonArgument[]>(KEY) ?? []) {
      const work = Uri.joinPath(files.uri({ ...each, exercise: 'any' }), '..');
      const attempts = Uri.joinPath(storage, 'attempts', each.course);
      for (const folder of [work, attempts])
        await workspace.fs.delete(folder, { recursive: true }).then(undefined, () => undefined);
      try {
        const entry = await courses.lesson(each);
        if (entry) await databases.reset(entry);
      } catch {
        left.push(each);
      }
    }
    await state.update(KEY, left.length > 0 ? left : undefined);
  }
}
