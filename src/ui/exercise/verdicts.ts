import { Disposable, EventEmitter, type Memento } from 'vscode';
import type { ExerciseArgument } from '../../contributions';
import { fingerprint } from '../../check/hash';
import type { Verdict } from '../../check/verdict';
import type { Exercise } from '../../course/lesson';
import { progressKey } from '../../course/progress';
import type { Courses, ExerciseEntry } from '../lesson/courses';
import { argumentOf } from './files';
import { isAboutAnother } from './verdictView';

const KEY = 'verdicts';

interface Kept extends Verdict {
  /** Fingerprint of the exercise that it was judged by; absent in verdicts of older days. */
  readonly exercise?: string;
}

/** The last verdict of each exercise, kept between sessions, and which exercises are being checked now. */
export class Verdicts extends Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly checking = new Set<string>();
  /** Exercises that their author has changed since their verdict. */
  private outdated = new Set<string>();
  private readonly subscription: Disposable;

  constructor(
    private readonly state: Memento,
    private readonly courses: Pick<Courses, 'exercise' | 'onDidChange'>,
  ) {
    super(() => {
      this.subscription.dispose();
      this.changed.dispose();
    });
    this.subscription = courses.onDidChange(() => void this.compare());
  }

  of(exercise: ExerciseArgument): Verdict | undefined {
    return this.all()[progressKey(exercise)];
  }

  /** Whether a verdict is about another text than this, or was judged by an exercise that is another now. */
  isStale(exercise: ExerciseArgument, text: string | undefined): boolean {
    const verdict = this.of(exercise);
    return verdict !== undefined && (this.isOutdated(exercise) || isAboutAnother(verdict, text));
  }

  /** Whether the exercise itself has changed since its verdict. */
  isOutdated(exercise: ExerciseArgument): boolean {
    return this.outdated.has(progressKey(exercise));
  }

  isChecking(exercise: ExerciseArgument): boolean {
    return this.checking.has(progressKey(exercise));
  }

  setChecking(exercise: ExerciseArgument, checking: boolean): void {
    if (checking) this.checking.add(progressKey(exercise));
    else this.checking.delete(progressKey(exercise));
    this.changed.fire();
  }

  async set(entry: ExerciseEntry, verdict: Verdict): Promise<void> {
    const key = progressKey(argumentOf(entry));
    this.outdated.delete(key);
    const kept: Kept = { ...verdict, exercise: definition(entry.exercise) };
    await this.state.update(KEY, { ...this.without(key), [key]: kept });
    this.changed.fire();
  }

  async remove(exercise: ExerciseArgument): Promise<void> {
    await this.state.update(KEY, this.without(progressKey(exercise)));
    this.changed.fire();
  }

  async clear(): Promise<void> {
    await this.state.update(KEY, undefined);
    this.changed.fire();
  }

  /** Reads the courses, so not while the window starts: with the first lesson that is opened, and when they change. */
  async compare(): Promise<void> {
    const outdated = new Set<string>();
    for (const [key, kept] of Object.entries(this.all())) {
      const [course = '', lesson = '', exercise = ''] = key.split('/');
      const entry = await this.courses.exercise({ course, lesson, exercise });
      if (entry && kept.exercise !== undefined && kept.exercise !== definition(entry.exercise)) outdated.add(key);
    }
    const same = outdated.size === this.outdated.size && [...outdated].every((key) => this.outdated.has(key));
    this.outdated = outdated;
    if (!same) this.changed.fire();
  }

  private without(key: string): Readonly<Record<string, Kept>> {
    return Object.fromEntries(Object.entries(this.all()).filter(([other]) => other !== key));
  }

  private all(): Readonly<Record<string, Kept>> {
    return this.state.get<Record<string, Kept>>(KEY) ?? {};
  }
}

/** Everything of an exercise that its verdict depends on: not its hints or its title. */
function definition({ expect, points, starter, solution, wrong }: Exercise): string {
  return fingerprint(
    JSON.stringify([expect, points, starter.text, solution.text, wrong.map(({ text, message }) => [text, message])]),
  );
}
