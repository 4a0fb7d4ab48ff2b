import { Disposable, EventEmitter, type Memento } from 'vscode';
import type { LessonArgument } from '../../contributions';
import { lessonsOf } from '../../course/lesson';
import type { Courses, LessonEntry } from './courses';

const KEY = 'currentLesson';

/** The lesson this window is about; it lasts with the workspace. */
export class CurrentLesson extends Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly state: Memento,
    private readonly courses: Courses,
  ) {
    super(() => this.changed.dispose());
  }

  get(): LessonArgument | undefined {
    return this.state.get<LessonArgument>(KEY);
  }

  async set({ course, lesson }: LessonArgument): Promise<void> {
    await this.state.update(KEY, { course, lesson });
    this.changed.fire();
  }

  /** The current lesson, or the first there is. */
  async entry(): Promise<LessonEntry | undefined> {
    const current = this.get();
    return (current && (await this.courses.lesson(current))) ?? this.first();
  }

  /** The lesson before or after the current one, across the course's sections. */
  async neighbour(step: -1 | 1): Promise<LessonEntry | undefined> {
    const entry = await this.entry();
    if (!entry) return undefined;
    const lessons = lessonsOf(entry.course);
    const lesson = lessons[lessons.findIndex((candidate) => candidate.id === entry.lesson.id) + step];
    return lesson && { ...entry, lesson };
  }

  private async first(): Promise<LessonEntry | undefined> {
    for (const entry of await this.courses.all()) {
      const [lesson] = lessonsOf(entry.course);
      if (lesson) return { ...entry, lesson };
    }
    return undefined;
  }
}
