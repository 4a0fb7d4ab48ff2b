import type { MaskName, Versions } from './output';
import type { Problem } from './problem';
import type { ExerciseFile, FrontMatter } from './schema';

/** A fenced block's content and the line its first line stands at, from 0. */
export interface Code {
  readonly text: string;
  readonly line: number;
}

export interface WrongAnswer extends Code {
  /** Shown to a student whose attempt behaves the same. */
  readonly message: string;
}

/** Another right answer, never shown to students: verifying proves that it passes. */
export interface Alternative extends Code {
  /** What is unusual about it: "a covering index". */
  readonly name: string;
}

export interface Exercise extends ExerciseFile {
  /** The heading it stands under. */
  readonly title: string;
  /** Line of its `yaml exercise` fence, from 0. */
  readonly line: number;
  readonly starter: Code;
  /** Markdown. */
  readonly hints: readonly Code[];
  readonly solution: Code;
  readonly wrong: readonly WrongAnswer[];
  readonly alternatives: readonly Alternative[];
}

/** A `text output` block: what the example above it prints. output.ts has its language and compares it. */
export interface OutputBlock extends Code {
  /** What varies from run to run: `text output masking times, memory`. */
  readonly masks: readonly MaskName[];
  /** The versions that print it: `text output on 18`. Absent: all. */
  readonly on?: Versions;
}

export interface RunBlock extends Code {
  /** Its number among the lesson's `sql run` blocks: for this reading of the file only, nothing is kept under it. */
  readonly id: string;
  /** The heading it stands under; empty where there is none. */
  readonly title: string;
  /** Absent where the lesson does not print its output, or does not claim that it is exact. */
  readonly output?: OutputBlock;
}

/** What lists and counts show of an exercise, read without its YAML where that is plain. */
export interface ExerciseOutline {
  readonly id: string;
  /** The heading it stands under. */
  readonly title: string;
  readonly points: number;
  /** Line of its `yaml exercise` fence, from 0. */
  readonly line: number;
}

/**
 * `outline`, `exercises`, `runBlocks` and `problems` are read when they are first asked for: a tree of a thousand
 * lessons asks for outlines only. All own, enumerable properties, so that copies and JSON have them.
 */
export interface Lesson extends FrontMatter {
  /** Path below the course's folder, with `/`. */
  readonly path: string;
  readonly section: string;
  /** Line ends are \n, a byte order mark is off. The file without its front matter is from `bodyLine` on. */
  readonly source: string;
  readonly bodyLine: number;
  /** An exercise whose blocks turn out to be unusable is in it, but not among `exercises`. */
  readonly outline: readonly ExerciseOutline[];
  readonly exercises: readonly Exercise[];
  readonly runBlocks: readonly RunBlock[];
  readonly problems: readonly Problem[];
}

export interface Section {
  readonly folder: string;
  readonly title: string;
  readonly lessons: readonly Lesson[];
}

export interface Course {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly sections: readonly Section[];
}

export function lessonsOf(course: Course): Lesson[] {
  return course.sections.flatMap((section) => section.lessons);
}
