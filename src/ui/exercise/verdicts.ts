import { Disposable, EventEmitter, type Memento } from 'vscode';
import type { ExerciseArgument } from '../../contributions';
import type { Verdict } from '../../check/verdict';
import { progressKey } from '../../course/progress';

const KEY = 'verdicts';

/** The last verdict of each exercise, kept between sessions, and which exercises are being checked now. */
export class Verdicts extends Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly checking = new Set<string>();

  constructor(private readonly state: Memento) {
    super(() => this.changed.dispose());
  }

  of(exercise: ExerciseArgument): Verdict | undefined {
    return this.all()[progressKey(exercise)];
  }

  isChecking(exercise: ExerciseArgument): boolean {
    return this.checking.has(progressKey(exercise));
  }

  setChecking(exercise: ExerciseArgument, checking: boolean): void {
    if (checking) this.checking.add(progressKey(exercise));
    else this.checking.delete(progressKey(exercise));
    this.changed.fire();
  }

  async set(exercise: ExerciseArgument, verdict: Verdict | undefined): Promise<void> {
    const others = Object.fromEntries(Object.entries(this.all()).filter(([key]) => key !== progressKey(exercise)));
    await this.state.update(KEY, verdict ? { ...others, [progressKey(exercise)]: verdict } : others);
    this.changed.fire();
  }

  async clear(): Promise<void> {
    await this.state.update(KEY, undefined);
    this.changed.fire();
  }

  private all(): Readonly<Record<string, Verdict>> {
    return this.state.get<Record<string, Verdict>>(KEY) ?? {};
  }
}
