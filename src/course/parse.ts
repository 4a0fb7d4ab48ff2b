import type { Lesson } from './lesson';
import { LessonFile } from './lessonFile';
import type { Problem } from './problem';

export interface ParsedLesson {
  /** Absent when the front matter is not usable. */
  readonly lesson: Lesson | undefined;
  readonly problems: readonly Problem[];
}

/** Reads one lesson file. Every problem of the format is reported; a usable part is still returned. */
export function parseLesson(source: string, path: string, section: string): ParsedLesson {
  const file = new LessonFile(path, source);
  return { lesson: file.lesson(section), problems: file.problems };
}
