import { insertLines } from '../edits';
import type { ExerciseSource } from '../exercises';
import type { Code } from '../lesson';
import type { LessonFile } from '../lessonFile';
import type { Problem } from '../problem';
import { quizAnswer } from '../schema';
import { problem, type RuleCode } from './rules';
import { canonicalSql } from './sqlText';

/** Exercises that are usable, but lack help or say the same thing twice. */
export function lintExercises(file: LessonFile): Problem[] {
  return file.body.sources.flatMap((source) => [...lacking(source, file), ...repeated(source, file)]);
}

function lacking({ block, blocks, exercise }: ExerciseSource, { lines }: LessonFile): Problem[] {
  // the options of a choice carry their messages themselves
  if (!exercise || quizAnswer(exercise.expect) !== undefined) return [];
  const range = lines.lineRange(block.fence.line);
  const behind = (roles: readonly string[]): number =>
    (blocks.filter(({ role }) => roles.includes(role)).at(-1)?.fence ?? block.fence).endLine + 1;
  const problems: Problem[] = [];
  if (!blocks.some(({ role }) => role === 'hint')) {
    const text = '```md hint\nA question that leads to the first step.\n```';
    const edits = [insertLines(lines, behind(['starter']), text)];
    problems.push(
      problem('no-hint', `The exercise “${exercise.id}” has no hint.`, range, [{ title: 'Add a hint', edits }]),
    );
  }
  if (!blocks.some(({ role }) => role === 'wrong')) {
    const text = '```sql wrong "What is wrong with it."\n-- What a student would try first.\n```';
    const edits = [insertLines(lines, behind(['starter', 'hint', 'solution', 'alternative']), text)];
    const message = `The exercise “${exercise.id}” foresees no wrong answer: with one, a check is proven to tell right from wrong.`;
    problems.push(problem('no-wrong-answer', message, range, [{ title: 'Add a wrong answer', edits }]));
  }
  return problems;
}

function repeated({ exercise, block, blocks }: ExerciseSource, { lines }: LessonFile): Problem[] {
  if (!exercise || quizAnswer(exercise.expect) !== undefined) return [];
  const problems: Problem[] = [];
  const same = (code: RuleCode, what: string, { line }: Code): void => {
    problems.push(problem(code, what, lines.lineRange(line - 1)));
  };
  const starter = canonicalSql(exercise.starter.text);
  const solution = canonicalSql(exercise.solution.text);
  const isOwn = blocks.some(({ role }) => role === 'starter');
  if (isOwn && solution !== '' && starter === solution)
    problems.push(
      problem(
        'starter-is-solution',
        'The starter is the solution: there is nothing to do.',
        lines.lineRange(exercise.starter.line === block.fence.line ? block.fence.line : exercise.starter.line - 1),
      ),
    );
  const right = new Set([solution]);
  for (const alternative of exercise.alternatives) {
    const text = canonicalSql(alternative.text);
    if (right.has(text)) same('repeated-answer', 'This alternative is the same as another right answer.', alternative);
    right.add(text);
  }
  const wrong = new Set<string>();
  for (const answer of exercise.wrong) {
    const text = canonicalSql(answer.text);
    if (text === '') continue;
    if (right.has(text)) same('wrong-is-solution', 'This wrong answer is the same as a right one.', answer);
    else if (text === starter)
      same(
        'wrong-is-starter',
        'This wrong answer is the starter, which fails anyway: its message is never needed, or always.',
        answer,
      );
    else if (wrong.has(text)) same('repeated-answer', 'This wrong answer is the same as one above.', answer);
    wrong.add(text);
  }
  return problems;
}
