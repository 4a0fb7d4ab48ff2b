import { Disposable, EventEmitter, type Memento } from 'vscode';
import type { ExerciseArgument } from '../../contributions';
import { progressKey } from '../../course/progress';

const KEY = 'answers';

/** What was chosen or ticked in exercises that have no file: ids of options or items, by exercise. */
export class Answers extends Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: Memento) {
    super(() => this.changed.dispose());
  }

  /** What Settings Sync carries to the person's other machines. */
  readonly keysForSync: readonly string[] = [KEY];

  /** `undefined` when nothing was ever chosen. */
  of(exercise: ExerciseArgument): readonly string[] | undefined {
    return this.all()[progressKey(exercise)];
  }

  async set(exercise: ExerciseArgument, ids: readonly string[] | undefined): Promise<void> {
    const key = progressKey(exercise);
    const others = Object.fromEntries(Object.entries(this.all()).filter(([other]) => other !== key));
    await this.state.update(KEY, ids ? { ...others, [key]: ids } : others);
    this.changed.fire();
  }

  async clear(): Promise<void> {
    await this.state.update(KEY, undefined);
    this.changed.fire();
  }

  private all(): Readonly<Record<string, readonly string[]>> {
    return this.state.get<Record<string, readonly string[]>>(KEY) ?? {};
  }
}
