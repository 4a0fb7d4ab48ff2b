import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repoRoot, tempDir } from '../../scripts/vscode/paths.mjs';
import { lintCourse, LintCache } from '../../src/course/lint/course';
import { lintLesson } from '../../src/course/lint/lesson';
import { loadCourse, type CourseFiles } from '../../src/course/load';
import { lessonsOf } from '../../src/course/lesson';
import { loadSqlParser } from '../../src/parser/loadSqlParser';
import { readDiskText } from '../../src/ui/lesson/disk';
import type { Bench } from './bench';

const LESSONS = 1000;
const GOALS = { lint: 3000, outline: 300, relint: 20, saved: undefined, stretch: undefined, treeStretch: undefined };

/**
 * Lint of a large course, all that the tree shows of it, and one edited lesson. Each from files on the disk, read as the
 * extension reads them; the tree's own rows, which VS Code draws, are not in it.
 */
export const authoring: Bench = {
  name: 'authoring',
  title: `a course of ${LESSONS} lessons, three exercises each: ms of its lint, of reading it for the tree, of one edited lesson`,
  async run({ runs, progress }) {
    const parseSql = await loadSqlParser(
      readFileSync(path.join(repoRoot, 'node_modules/libpg-query/wasm/libpg-query.wasm')),
    );
    const temp = tempDir('pglb-');
    try {
      const bytes = makeCourse(temp.dir);
      const files = filesOf(temp.dir);
      const times: Record<keyof typeof GOALS, number[]> = {
        lint: [],
        outline: [],
        relint: [],
        saved: [],
        stretch: [],
        treeStretch: [],
      };
      let found = 0;
      for (let run = 0; run < runs; run++) {
        progress(`run ${run + 1} of ${runs}`);
        let exercises = 0;
        const tree = await stopwatch(async () => {
          const { course } = await loadCourse(files);
          if (course) exercises = lessonsOf(course).reduce((sum, lesson) => sum + lesson.outline.length, 0);
        });
        times.outline.push(tree.ms);
        times.treeStretch.push(tree.longest);
        if (exercises !== 3 * LESSONS) throw new Error(`The outline has ${exercises} exercises.`);

        const cache = new LintCache();
        // as the editor does: others run in between
        const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
        const { made: linted, ...lint } = await stopwatch(() => lintCourse(files, { cache, parseSql, pause }));
        times.lint.push(lint.ms);
        times.stretch.push(lint.longest);
        found = linted.problems.length;

        const edited = 'section-3/037.md';
        const text = readFileSync(path.join(temp.dir, edited), 'utf8').replace(
          'SELECT',
          'select'.repeat(1 + (run % 2)),
        );
        let start = performance.now();
        lintLesson(cache.course.lesson(edited, text), linted.context);
        times.relint.push(performance.now() - start);

        writeFileSync(path.join(temp.dir, edited), text);
        start = performance.now();
        await lintCourse(files, { cache, parseSql, changed: new Set([edited]) });
        times.saved.push(performance.now() - start);
      }
      const rows = (Object.keys(GOALS) as (keyof typeof GOALS)[]).map((what) => ({
        what,
        best: Math.min(...times[what]),
        median: median(times[what]),
        goal: GOALS[what],
      }));
      const names = {
        lint: 'the whole course linted',
        outline: 'read for the tree, exercises and all',
        relint: 'one edited lesson linted again',
        saved: 'the whole course after one lesson was saved',
        stretch: 'the longest that the lint held up others',
        treeStretch: 'the longest that reading held up others',
      };
      const ms = (time: number): string => `${time.toFixed(time < 100 ? 1 : 0)} ms`;
      return {
        columns: ['', 'best', 'median', 'goal'],
        rows: rows.map(({ what, best, median: middle, goal }) => [
          names[what],
          ms(best),
          ms(middle),
          goal === undefined ? '' : `≤ ${goal} ms`,
        ]),
        notes: [
          `${(bytes / 1e6).toFixed(1)} MB of lessons; ${found} problems. Nothing is cached for the first two; files are in the system’s cache.`,
          `The first of the runs, in which nothing is compiled yet: ${ms(times.outline[0] ?? NaN)} for the tree.`,
        ],
        goals: rows.flatMap(({ what, best, goal }) =>
          goal === undefined ? [] : [{ what: names[what], goal: `≤ ${goal} ms`, seen: ms(best), met: best <= goal }],
        ),
        data: { times },
      };
    } finally {
      temp.remove();
    }
  },
};

/** How long it takes, and how long others had to wait at most while it ran; both in ms. */
async function stopwatch<T>(run: () => Promise<T>): Promise<{ made: T; ms: number; longest: number }> {
  const start = performance.now();
  let longest = 0;
  let last = start;
  const tick = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const ticks = setInterval(tick, 1);
  try {
    const made = await run();
    tick();
    return { made, ms: performance.now() - start, longest };
  } finally {
    clearInterval(ticks);
  }
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

function filesOf(root: string): CourseFiles {
  return {
    read: (file) => readDiskText(path.join(root, file)),
    list: (folder) => {
      try {
        return Promise.resolve(readdirSync(path.join(root, folder)));
      } catch {
        return Promise.resolve([]);
      }
    },
  };
}

/** Lessons made of the shipped one: its prose, and three of its exercises, none with the same numbers as another's. */
function makeCourse(root: string): number {
  const shipped = path.join(repoRoot, 'lessons/postgres-optimization');
  const model = readFileSync(path.join(shipped, 'tutorials/02-query-analysis.md'), 'utf8');
  const at = (heading: string): number => model.indexOf(heading);
  const prose = model.slice(at('A slow query'), at('### Three ways to join'));
  const exercises = [
    model.slice(at('### Rows times loops'), at('### The missing index')),
    model.slice(at('### The missing index'), at('### Once for each row')),
    model.slice(at('### Columns that belong together'), at('### The bottleneck')),
  ];
  const summary = model.slice(at('## Summary'));
  mkdirSync(path.join(root, 'datasets'), { recursive: true });
  writeFileSync(path.join(root, 'datasets/shop.sql'), readFileSync(path.join(shipped, 'datasets/shop.sql')));
  let manifest = 'id: large\ntitle: Large\nsections:\n';
  let bytes = 0;
  for (let section = 0; section < 10; section++) {
    manifest += `  - { folder: section-${section}, title: Section ${section} }\n`;
    mkdirSync(path.join(root, `section-${section}`));
    for (let number = 0; number < LESSONS / 10; number++) {
      const seed = section * 100 + number;
      const next = `[next](${String((number + 1) % 100).padStart(3, '0')}.md#summary)`;
      const text = [
        `---\nid: lesson-${seed}\ntitle: Query performance ${seed}\nkind: tutorial\nminutes: 80\ndataset: shop\nneeds: []\n---\n`,
        // some 15 kB: every lesson another part of the prose
        prose.slice(0, prose.indexOf('## Key Concepts')),
        '## Key Concepts\n\n',
        prose.slice(prose.indexOf('### A plan is a tree'), prose.indexOf('### Estimates against actuals')),
        prose.slice(prose.indexOf('## Examples'), prose.indexOf('### A wrong estimate')),
        `## Practice Exercises\n\n${next}\n\n`,
        ...exercises,
        summary,
      ].join('');
      // no two statements of the course are the same
      const own = text.replace(/\b(\d{2,4})\b(?=[^\n]*;)/g, (figure) => String(Number(figure) + seed));
      bytes += own.length;
      writeFileSync(path.join(root, `section-${section}`, `${String(number).padStart(3, '0')}.md`), own);
    }
  }
  writeFileSync(path.join(root, 'course.yaml'), manifest);
  return bytes;
}
