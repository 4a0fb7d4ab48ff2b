import type { LessonEntry } from '../lesson/courses';
import type { Runner } from '../run/runner';
import type { Databases } from './databases';

/** Makes a lesson's database anew; what runs in it is cancelled, and what ran is forgotten. */
export async function resetDatabase(databases: Databases, runner: Runner, entry: LessonEntry): Promise<void> {
  runner.cancel();
  await databases.reset(entry);
  runner.forget();
  await databases.lesson(entry);
}
