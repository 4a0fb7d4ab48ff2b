import type { Exercise, Lesson, RunBlock } from '../course/lesson';
import type { Subject } from './proof';

export function exerciseSubject(lesson: Lesson, exercise: Exercise): Subject {
  const { id, title, line } = exercise;
  return { kind: 'exercise', lesson: lesson.id, id, title, path: lesson.path, line };
}

export function outputSubject(lesson: Lesson, block: RunBlock): Subject {
  const title = `Example in line ${block.line}`;
  return { kind: 'output', lesson: lesson.id, id: block.id, title, path: lesson.path, line: fenceLine(block) };
}

/** The line of a block's fence, which stands above its first line. */
export function fenceLine(code: { readonly line: number }): number {
  return Math.max(0, code.line - 1);
}
