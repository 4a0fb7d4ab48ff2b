import type { SqlParser } from '../../sql/parsed';
import { closest } from '../closest';
import {
  CourseCache,
  isLessonName,
  loadCourse,
  onPath,
  type CourseFiles,
  type FileProblem,
  type LoadedCourse,
} from '../load';
import type { Problem } from '../problem';
import { Lines, normalizeText } from '../text';
import type { LintContext } from './context';
import { readDatasetFacts, type DatasetFacts } from './dataset';
import { lintLesson } from './lesson';
import { linkedFolders } from './links';
import { change, problem } from './rules';

/** What was read of a course before: one for each course's folder, for as long as it is looked at. */
export class LintCache {
  readonly course = new CourseCache();
  readonly datasets = new Map<
    string,
    { readonly source: string; readonly parseSql: SqlParser | undefined; readonly facts: DatasetFacts }
  >();
}

export interface LintOptions {
  readonly cache?: LintCache;
  /** Files that may have changed since the cache was filled; without it, all are read. */
  readonly changed?: ReadonlySet<string>;
  /** Without it, SQL is not looked at. */
  readonly parseSql?: SqlParser;
  /** Called now and then, and waited for: a large course takes seconds, in which others want to run. */
  readonly pause?: () => Promise<void>;
}

/** ms between two pauses. */
const STRETCH = 30;

export interface LintedCourse {
  readonly loaded: LoadedCourse;
  readonly problems: readonly FileProblem[];
  /** For linting a lesson's unsaved text: `lintLesson(cache.course.lesson(path, text), context)`. */
  readonly context: LintContext;
}

/**
 * Everything there is to say about a course, by file.
 * @throws when there is no course.yaml
 */
export async function lintCourse(files: CourseFiles, options: LintOptions = {}): Promise<LintedCourse> {
  const cache = options.cache ?? new LintCache();
  const loaded = await loadCourse(files, { cache: cache.course, changed: options.changed });
  const paced = pacer(options.pause);
  const context = await readContext(files, loaded, cache, options, paced);
  const own: FileProblem[] = [];
  for (const file of loaded.files.values()) {
    own.push(...onPath(file.path, lintLesson(file, context)));
    const pause = paced();
    if (pause) await pause;
  }
  const problems = [
    ...onPath(
      'course.yaml',
      loaded.course ? [...loaded.manifest.problems, ...lintManifest(loaded, context)] : loaded.manifest.problems,
    ),
    ...own,
    ...loaded.between,
    ...context.datasets.flatMap((name) => onPath(`datasets/${name}.sql`, context.dataset(name)?.problems ?? [])),
    ...(await strayLessons(files, loaded, context)),
  ];
  return { loaded, context, problems };
}

/** To be asked behind each lesson, and awaited: a pause where the last one is some time ago. */
function pacer(pause: LintOptions['pause']): () => Promise<void> | undefined {
  let since = Date.now();
  return () => {
    if (!pause || Date.now() - since < STRETCH) return undefined;
    return pause().then(() => {
      since = Date.now();
    });
  };
}

async function readContext(
  files: CourseFiles,
  loaded: LoadedCourse,
  cache: LintCache,
  { parseSql, changed }: LintOptions,
  paced: () => Promise<void> | undefined,
): Promise<LintContext> {
  const sections = loaded.manifest.value?.sections.map(({ folder }) => folder) ?? [];
  const folders = new Set(['', 'datasets', ...sections]);
  for (const file of loaded.files.values()) {
    for (const folder of linkedFolders(file)) folders.add(folder);
    const pause = paced();
    if (pause) await pause;
  }
  const listed = new Map(
    await Promise.all([...folders].map(async (folder) => [folder, await files.list(folder)] as const)),
  );
  const names = (listed.get('datasets') ?? [])
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.slice(0, -'.sql'.length));
  const facts = new Map<string, DatasetFacts>();
  for (const name of names) {
    const path = `datasets/${name}.sql`;
    const known = cache.datasets.get(name);
    if (known && known.parseSql === parseSql && changed && !changed.has(path)) {
      facts.set(name, known.facts);
      continue;
    }
    const source = await files.read(path).catch(() => '');
    const found =
      known?.source === source && known.parseSql === parseSql ? known.facts : readDatasetFacts(source, parseSql);
    cache.datasets.set(name, { source, parseSql, facts: found });
    facts.set(name, found);
  }
  return {
    lessons: loaded.files,
    list: (folder) => listed.get(folder),
    dataset: (name) => facts.get(name),
    datasets: names,
    parseSql,
  };
}

function lintManifest({ manifest, files }: LoadedCourse, context: LintContext): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, { folder }] of (manifest.value?.sections ?? []).entries()) {
    const range = manifest.source.valueRange(['sections', index, 'folder']);
    const names = context.list(folder) ?? [];
    const [top = folder] = folder.split('/');
    if (seen.has(folder)) {
      problems.push(problem('repeated-folder', `The folder “${folder}” is a section already.`, range));
    } else if (names.length === 0 && context.list('')?.includes(top) !== true) {
      const near = closest(
        folder,
        context.list('')?.filter((name) => !name.includes('.') && name !== 'datasets') ?? [],
      );
      const advice = near === undefined ? 'Make it, or correct its name.' : `Did you mean “${near}”?`;
      problems.push(problem('unknown-folder', `There is no folder “${folder}”. ${advice}`, range, change(range, near)));
    } else if (![...files.keys()].some((path) => path.startsWith(`${folder}/`))) {
      problems.push(
        problem('empty-section', `The folder “${folder}” has no lessons; the section is not shown.`, range),
      );
    }
    seen.add(folder);
  }
  return problems;
}

/** Lessons in folders that are no sections: nobody sees them. */
async function strayLessons(files: CourseFiles, loaded: LoadedCourse, context: LintContext): Promise<FileProblem[]> {
  const sections = loaded.manifest.value?.sections.map(({ folder }) => folder);
  if (!sections) return [];
  const found: FileProblem[] = [];
  const candidates: string[] = [];
  for (const name of context.list('') ?? []) {
    if (isLessonName(name)) candidates.push(name);
    else if (!name.includes('.') && name !== 'datasets' && !sections.some((folder) => folder.split('/')[0] === name))
      candidates.push(...(await files.list(name)).filter(isLessonName).map((file) => `${name}/${file}`));
  }
  for (const path of candidates) {
    const source = await files.read(path).catch(() => '');
    // any markdown may lie there; a lesson begins with front matter that names a kind
    const text = normalizeText(source);
    if (!/^---[ \t]*\n(?:(?!---[ \t]*\n).*\n)*?kind[ \t]*:/.test(text)) continue;
    const range = new Lines(text).lineRange(0);
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : undefined;
    const where = folder === undefined ? 'It stands beside course.yaml' : `“${folder}” is no section of course.yaml`;
    found.push({ ...problem('lesson-in-no-section', `This lesson is not shown. ${where}.`, range), path });
  }
  return found;
}
