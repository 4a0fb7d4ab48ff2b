import { Uri, workspace } from 'vscode';
import { readAttemptLog, withAttempt, type AttemptLog, type LoggedAttempt } from '../../course/attemptLog';
import type { ExerciseArgument } from '../../contributions';

/** Every check of an exercise, in the extension's storage: too large to be synced. */
export class AttemptLogs {
  /** Writes take turns: each reads what is there first. */
  private writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly storage: Uri) {}

  async of(exercise: ExerciseArgument): Promise<AttemptLog> {
    try {
      return readAttemptLog(new TextDecoder().decode(await workspace.fs.readFile(this.uri(exercise))));
    } catch {
      return readAttemptLog(''); // nothing was checked on this machine
    }
  }

  async add(exercise: ExerciseArgument, attempt: LoggedAttempt): Promise<void> {
    const write = this.writing.then(async () => {
      const log = withAttempt(await this.of(exercise), attempt);
      await workspace.fs.writeFile(this.uri(exercise), new TextEncoder().encode(JSON.stringify(log)));
    });
    this.writing = write.catch(() => undefined);
    await write;
  }

  private uri({ course, lesson, exercise }: ExerciseArgument): Uri {
    return Uri.joinPath(this.storage, 'attempts', course, lesson, `${exercise}.json`);
  }
}
