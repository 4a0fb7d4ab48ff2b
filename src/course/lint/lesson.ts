import type { LessonFile } from '../lessonFile';
import type { Problem } from '../problem';
import type { LintContext } from './context';
import type { DatasetFacts } from './dataset';
import { lintExercises } from './exercises';
import { lintFences } from './fences';
import { lintDatasetName, lintFrontMatter } from './front';
import { lintLinks } from './links';
import { lintSections } from './sections';
import { lintSql } from './sql';

/**
 * What there is to say about one lesson, by its own text and by what is known of the course around it: in the order
 * of the file. Ids that two lessons have are told by `lintCourse`.
 */
export function lintLesson(file: LessonFile, context: LintContext): Problem[] {
  const own = lintOwn(file, context);
  const around = [...lintDatasetName(file, context), ...lintLinks(file, context)];
  return [...own, ...around].sort(
    (a, b) => a.range.startLine - b.range.startLine || a.range.startCharacter - b.range.startCharacter,
  );
}

interface Kept {
  readonly facts: DatasetFacts | undefined;
  readonly parseSql: LintContext['parseSql'];
  readonly problems: readonly Problem[];
}

/** By file object, which is another one as soon as its text is another. */
const kept = new WeakMap<LessonFile, Kept>();

/** What depends on the lesson and its data set alone. */
function lintOwn(file: LessonFile, context: LintContext): readonly Problem[] {
  const name = file.front.value?.dataset;
  const facts = name === undefined ? undefined : context.dataset(name);
  const { parseSql } = context;
  const known = kept.get(file);
  if (known && known.facts === facts && known.parseSql === parseSql) return known.problems;
  const problems = [
    ...file.problems,
    ...lintFences(file),
    ...lintFrontMatter(file),
    ...lintSections(file),
    ...lintExercises(file),
    ...(parseSql ? lintSql(file, facts, parseSql) : []),
  ];
  kept.set(file, { facts, parseSql, problems });
  return problems;
}
