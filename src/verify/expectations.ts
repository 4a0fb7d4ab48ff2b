/** Where an exercise's expectations stand in its file. */
import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Exercise } from '../course/lesson';
import { lineRange, type TextRange } from '../course/problem';

/** The range of each expectation's key (`plan`), in order; the exercise's line where one cannot be told. */
export function expectationRanges(source: string, exercise: Exercise): TextRange[] {
  const lines = source.split('\n').slice(exercise.line + 1);
  const end = lines.findIndex((line) => /^ {0,3}(?:`{3,}|~{3,})\s*$/.test(line));
  const text = lines.slice(0, end === -1 ? lines.length : end).join('\n');
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const items = document.errors.length === 0 ? document.get('expect') : undefined;
  return exercise.expect.map((_, index) => {
    const item = isSeq(items) ? items.items[index] : undefined;
    const pair = isMap(item) ? item.items[0] : undefined;
    const key = isPair(pair) && isNode(pair.key) ? pair.key.range : undefined;
    if (!key) return lineRange(exercise.line);
    const [from, to] = [counter.linePos(key[0]), counter.linePos(key[1])];
    return {
      startLine: exercise.line + from.line,
      startCharacter: from.col - 1,
      endLine: exercise.line + to.line,
      endCharacter: to.col - 1,
    };
  });
}
