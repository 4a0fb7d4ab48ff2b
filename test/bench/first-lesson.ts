import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { lessonsOf } from '../../src/course/lesson';
import { loadCourse, readDataset } from '../../src/course/load';
import { courseFiles } from '../../src/cli/files';
import { repoRoot, tempDir } from '../../scripts/vscode/paths.mjs';
import { pgliteAssets } from '../support/pglite';
import type { Bench } from './bench';
import { spread } from './figures';
import type { Opened } from './first-lesson.child';

const COURSE = path.join(repoRoot, 'lessons', 'postgres-optimization');
const MOST_SCRATCH_RUNS = 3;

/** From nothing to the first answer of a lesson's database on the embedded engine, each time in a process of its own. */
export const firstLesson: Bench = {
  name: 'first-lesson',
  title: 'the first lesson’s database on the embedded engine, s from EmbeddedEngine.open in a new process',
  async run({ runs, progress }) {
    const files = courseFiles(COURSE);
    const { course } = await loadCourse(files);
    const lesson = course && lessonsOf(course).find(({ dataset }) => dataset !== undefined);
    const dataset = lesson && (await readDataset(files, lesson));
    if (!dataset) throw new Error(`${COURSE} has no lesson with a data set.`);
    const temp = tempDir('pglb-');
    const assets = await pgliteAssets();
    const open = async (cache: string): Promise<Opened> => {
      const child = path.join(repoRoot, 'test/bench/first-lesson.child.ts');
      const args = [
        '--import',
        'tsx',
        child,
        assets,
        path.join(temp.dir, cache),
        path.join(COURSE, 'datasets', `${dataset.name}.sql`),
      ];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repoRoot });
      return JSON.parse(stdout) as Opened;
    };
    try {
      await readFile(path.join(assets, 'template.tar')); // what every run finds in the file cache
      const scratch: Opened[] = [];
      for (let run = 0; run < Math.min(runs, MOST_SCRATCH_RUNS); run++) {
        progress(`data set made, ${run + 1}`);
        scratch.push(await open(`cache-${run}`));
      }
      const cached: Opened[] = [];
      for (let run = 0; run < runs; run++) {
        progress(`data set copied, ${run + 1}`);
        cached.push(await open('cache-0'));
      }
      const row = (name: string, opened: readonly Opened[]): string[] => [
        name,
        String(opened.length),
        spread(
          opened.map(({ open: ms }) => ms / 1000),
          2,
        ),
        spread(opened.map(({ answer }) => answer)),
        spread(opened.map(({ rss }) => rss / 1e6)),
      ];
      return {
        columns: ['', 'runs', 'open, s', 'first answer then, ms', 'process, MB'],
        rows: [row('data set in the cache (copied)', cached), row('from scratch (data set made)', scratch)],
        notes: [
          `Median (least–greatest). Data set ${dataset.name}; PGlite’s WebAssembly is compiled in each run, as in a new window.`,
        ],
        goals: [],
        data: { cached, scratch },
      };
    } finally {
      temp.remove();
    }
  },
};
