import path from 'node:path';
import { parseArgs } from 'node:util';
import { lintCourse } from '../../course/lint/course';
import { oneOf, parsed, wholeNumber, type Command } from '../command';
import { named, opened } from '../courses';
import { courseFiles } from '../files';
import { reporter } from '../report';
import { counted, NO_COUNTS, type Event } from '../report/event';
import { sqlParser } from '../sqlParser';

const FORMATS = ['spec', 'json', 'github'] as const;

const usage = `Usage: pg-lessons lint [--max-warnings N] [--format FORMAT] COURSE...

Reads every lesson of a course and says what is wrong with it; nothing runs. COURSE is a
folder with a course.yaml. “pg-lessons verify” then proves the exercises.

  --max-warnings N  more than N warnings are an error too
  --format FORMAT   spec (default): for people
                    json: one object a line, of type problem or summary
                    github: workflow commands, shown at the lines of a pull request
  --help            this text

Exit code: 0 fine, 1 errors or too many warnings, 2 the command line is wrong.`;

export const command: Command = {
  usage,
  async run(args, io) {
    const { values, positionals } = parsed(() =>
      parseArgs({
        args: [...args],
        allowPositionals: true,
        options: { 'max-warnings': { type: 'string' }, format: { type: 'string', default: 'spec' } },
      }),
    );
    const report = reporter(oneOf(FORMATS, values.format, 'format'));
    const limit = values['max-warnings'];
    const most = limit === undefined ? Infinity : wholeNumber(limit, '--max-warnings', 0);
    let counts = NO_COUNTS;
    const tell = async (event: Event): Promise<void> => {
      counts = counted(counts, event);
      await io.print(report(event));
    };
    const parseSql = await sqlParser();
    for (const root of named(positionals)) {
      const { problems } = await opened(root, lintCourse(courseFiles(root), { parseSql }));
      for (const problem of problems) await tell({ type: 'problem', file: path.join(root, problem.path), problem });
    }
    await tell({ type: 'end', counts });
    if (counts.warnings > most) io.warn(`${counts.warnings} warnings are more than ${most}.`);
    return counts.errors > 0 || counts.warnings > most ? 1 : 0;
  },
};
