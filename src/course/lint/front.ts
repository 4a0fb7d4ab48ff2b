import { closest } from '../closest';
import type { LessonFile } from '../lessonFile';
import { EXTENSION_NEED, NEEDS } from '../needs';
import type { Problem } from '../problem';
import type { LintContext } from './context';
import { change, insertion, problem } from './rules';

/** Front matter that is well formed and still not right. */
export function lintFrontMatter(file: LessonFile): Problem[] {
  const { value, source } = file.front;
  if (!value || !source) return [];
  const problems: Problem[] = [];
  if (value.minutes < 2 || value.minutes > 600) {
    const message = `A lesson of ${value.minutes} minutes is hardly one: split it, or correct the number.`;
    problems.push(problem('odd-minutes', message, source.valueRange(['minutes'])));
  }
  for (const [index, need] of value.needs.entries()) {
    const range = source.valueRange(['needs', index]);
    const known = Object.hasOwn(NEEDS, need) ? NEEDS[need] : undefined;
    if (known?.engines.length === 0)
      problems.push(problem('unmet-need', `No engine meets “${need}” yet: nobody can do this lesson.`, range));
    if (known || EXTENSION_NEED.test(need)) continue;
    const names = [...Object.keys(NEEDS), 'extension:'];
    const near = closest(need, names);
    const extension = /^ext\w*[:=](.+)$/.exec(need)?.[1];
    const to = extension === undefined ? (near === 'extension:' ? undefined : near) : `extension:${extension}`;
    const advice = to === undefined ? `There are ${names.join(', ')}NAME.` : `Did you mean “${to}”?`;
    problems.push(problem('unknown-need', `There is no need “${need}”. ${advice}`, range, change(range, to)));
  }
  const [heading] = file.headings;
  const firstLine = file.lines.text.slice(file.lines.offset(file.front.bodyLine)).search(/\S/);
  const begins = heading && file.lines.offset(heading.line) === file.lines.offset(file.front.bodyLine) + firstLine;
  if (begins && heading.text.trim().toLowerCase() === value.title.trim().toLowerCase()) {
    const range = file.lines.lineRange(heading.line);
    const removed = { ...insertion(heading.line), endLine: heading.line + 1 };
    const isLast = heading.line + 1 >= file.lines.count;
    const fixes = [{ title: 'Remove the heading', edits: [{ range: isLast ? range : removed, text: '' }] }];
    problems.push(problem('repeated-title', 'The title is shown above the lesson already.', range, fixes));
  }
  return problems;
}

/** The data set that the front matter names. */
export function lintDatasetName(file: LessonFile, context: LintContext): Problem[] {
  const { value, source } = file.front;
  if (value?.dataset === undefined || !source || context.dataset(value.dataset)) return [];
  const range = source.valueRange(['dataset']);
  const near = closest(value.dataset, context.datasets);
  const advice = near === undefined ? '' : ` Did you mean “${near}”?`;
  const message = `There is no file datasets/${value.dataset}.sql.${advice}`;
  return [problem('unknown-dataset', message, range, change(range, near))];
}
