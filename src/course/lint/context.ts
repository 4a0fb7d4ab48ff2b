import type { SqlParser } from '../../sql/parsed';
import type { LessonFile } from '../lessonFile';
import type { DatasetFacts } from './dataset';

/** What a lesson's lint knows about the course around it. What is left out is not checked. */
export interface LintContext {
  /** By path below the course's folder. */
  readonly lessons: ReadonlyMap<string, LessonFile>;
  /** Names of files and folders in a folder of the course; `undefined` where nobody looked. */
  list(folder: string): readonly string[] | undefined;
  /** Data sets by name; `undefined`: there is no such file. */
  dataset(name: string): DatasetFacts | undefined;
  /** Names of all data sets. */
  readonly datasets: readonly string[];
  readonly parseSql?: SqlParser | undefined;
}
