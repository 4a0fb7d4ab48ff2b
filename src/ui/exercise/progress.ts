import { Disposable, EventEmitter, window, type Memento } from 'vscode';
import type { ExerciseArgument } from '../../contributions';
import type { Verdict } from '../../check/verdict';
import { mergeProgress, progressKey, readProgress, type ExerciseProgress, type Progress } from '../../course/progress';

const KEY = 'progress';

/**
 * Progress in globalState, so that it is synced and shared by all windows. VS Code hands another window's
 * write over without an event, so a window reads again when it gets the focus, and merges before it writes.
 */
export class ProgressStore extends Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private progress: Progress;
  private readonly focus: Disposable;

  constructor(private readonly state: Memento) {
    super(() => {
      this.changed.dispose();
      this.focus.dispose();
    });
    this.progress = this.stored();
    this.focus = window.onDidChangeWindowState(({ focused }) => {
      if (focused) this.readAgain();
    });
  }

  /** What Settings Sync carries to the person's other machines. */
  readonly keysForSync: readonly string[] = [KEY];

  get current(): Progress {
    return this.progress;
  }

  of(exercise: ExerciseArgument): ExerciseProgress | undefined {
    return this.progress.exercises[progressKey(exercise)];
  }

  async started(exercise: ExerciseArgument): Promise<void> {
    if (this.of(exercise)) return;
    await this.write(exercise, { status: 'started', points: 0, at: Date.now(), attempts: 0, hints: 0 });
  }

  async checked(exercise: ExerciseArgument, verdict: Verdict): Promise<void> {
    const before = this.of(exercise);
    const at = Date.now();
    const bought = verdict.bought ?? before?.bought;
    await this.write(exercise, {
      ...before,
      hints: before?.hints ?? 0,
      status: verdict.passed ? 'passed' : 'failed',
      points: Math.max(before?.points ?? 0, verdict.points),
      attempts: (before?.attempts ?? 0) + 1,
      at,
      ...(verdict.passed && { passedAt: before?.passedAt ?? at }),
      ...(bought !== undefined && { bought }),
    });
  }

  /** A list of items as it is ticked now. It is never wrong, and no attempt. */
  async ticked(exercise: ExerciseArgument, { passed, points }: Verdict): Promise<void> {
    const before = this.of(exercise);
    const at = Date.now();
    await this.write(exercise, {
      attempts: 0,
      hints: 0,
      ...before,
      status: passed ? 'passed' : 'started',
      points: Math.max(before?.points ?? 0, points),
      at,
      ...(passed && { passedAt: before?.passedAt ?? at }),
    });
  }

  async hintShown(exercise: ExerciseArgument, hints: number): Promise<void> {
    await this.write(exercise, {
      status: 'started',
      points: 0,
      attempts: 0,
      ...this.of(exercise),
      at: Date.now(),
      hints,
    });
  }

  async solutionShown(exercise: ExerciseArgument): Promise<void> {
    await this.write(exercise, {
      status: 'started',
      points: 0,
      attempts: 0,
      hints: 0,
      ...this.of(exercise),
      at: Date.now(),
      solutionShown: true,
    });
  }

  /** The exercise begins anew, without hints. What was passed stays passed. */
  async reset(exercise: ExerciseArgument): Promise<void> {
    const at = Date.now();
    const before = this.of(exercise) ?? { points: 0, attempts: 0 };
    await this.write(exercise, { ...before, status: 'started', hints: 0, at, resetAt: at });
  }

  async clear(): Promise<void> {
    this.progress = { version: 1, exercises: {}, clearedAt: Date.now() };
    await this.state.update(KEY, this.progress);
    this.changed.fire();
  }

  private stored(): Progress {
    return readProgress(this.state.get(KEY));
  }

  private readAgain(): void {
    const merged = this.stored();
    if (JSON.stringify(merged) === JSON.stringify(this.progress)) return;
    this.progress = merged;
    this.changed.fire();
  }

  private async write(exercise: ExerciseArgument, record: ExerciseProgress): Promise<void> {
    const mine: Progress = {
      ...this.progress,
      exercises: { ...this.progress.exercises, [progressKey(exercise)]: record },
    };
    this.progress = mergeProgress(this.stored(), mine);
    this.changed.fire();
    await this.state.update(KEY, this.progress);
  }
}
