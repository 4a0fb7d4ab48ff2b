import path from 'node:path';
import { parseArgs } from 'node:util';
import { parsed, UsageError, type Command } from '../command';
import { ENGINES, openEngine, type EngineName } from '../engines';
import { verify } from '../verify';

const usage = `Usage: pg-lessons verify [--engine embedded|server] [--only EXERCISE] COURSE...

Proves each exercise of a course: the starter fails, the solution passes, and each
foreseen wrong answer fails with its message. COURSE is a folder with a course.yaml.

  --engine NAME   embedded (default), or server: the one PGHOST, PGPORT, PGUSER,
                  PGDATABASE, PGPASSWORD and the password file name
  --only ID       only the exercise with this id
  --help          this text

Exit code: 0 all proven, 1 something is wrong, 2 the command line is wrong.`;

export const command: Command = {
  usage,
  async run(args, io) {
    const { values, positionals: courses } = parsed(() =>
      parseArgs({
        args: [...args],
        allowPositionals: true,
        options: { engine: { type: 'string', default: 'embedded' }, only: { type: 'string' } },
      }),
    );
    if (courses.length === 0) throw new UsageError('Which course? Name a folder with a course.yaml.');
    if (!isEngine(values.engine))
      throw new UsageError(`There is no engine “${values.engine}”; there are ${ENGINES.join(' and ')}.`);
    const engine = await openEngine(values.engine);
    try {
      let failed = 0;
      let passed = 0;
      for (const course of courses) {
        const counts = await verify(path.resolve(course), engine, values.only, (line) => void io.print(`${line}\n`));
        passed += counts.passed;
        failed += counts.failed;
      }
      await io.print(`${passed} passed, ${failed} failed\n`);
      if (passed + failed === 0)
        throw new UsageError(
          values.only === undefined ? 'The course has no exercises.' : `There is no exercise “${values.only}”.`,
        );
      return failed === 0 ? 0 : 1;
    } finally {
      await engine.dispose();
    }
  },
};

function isEngine(name: string): name is EngineName {
  return (ENGINES as readonly string[]).includes(name);
}
