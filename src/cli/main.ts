#!/usr/bin/env node
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../shared/errors';
import { SqlError } from '../sql/session';
import { ENGINES, openEngine, type EngineName } from './engines';
import { verify } from './verify';

const USAGE = `Usage: pg-lessons verify [--engine embedded|server] [--only EXERCISE] COURSE...

Proves each exercise of a course: the starter fails, the solution passes, and each
foreseen wrong answer fails with its message. COURSE is a folder with a course.yaml.

  --engine NAME   embedded (default), or server: the one PGHOST, PGPORT, PGUSER,
                  PGDATABASE, PGPASSWORD and the password file name
  --only ID       only the exercise with this id
  --help          this text

Exit code: 0 all proven, 1 something is wrong, 2 the command line is wrong.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [command, ...courses] = positionals;
  if (command !== 'verify')
    throw new UsageError(command === undefined ? 'Which command?' : `There is no command “${command}”.`);
  if (courses.length === 0) throw new UsageError('Which course? Name a folder with a course.yaml.');
  if (!isEngine(values.engine))
    throw new UsageError(`There is no engine “${values.engine}”; there are ${ENGINES.join(' and ')}.`);
  const engine = await openEngine(values.engine);
  try {
    let failed = 0;
    let passed = 0;
    for (const course of courses) {
      const counts = await verify(path.resolve(course), engine, values.only, (line) => console.log(line));
      passed += counts.passed;
      failed += counts.failed;
    }
    console.log(`${passed} passed, ${failed} failed`);
    if (passed + failed === 0)
      throw new UsageError(
        values.only === undefined ? 'The course has no exercises.' : `There is no exercise “${values.only}”.`,
      );
    return failed === 0 ? 0 : 1;
  } finally {
    await engine.dispose();
  }
}

class UsageError extends Error {}

function parse(args: string[]): {
  values: { engine: string; only: string | undefined; help: boolean };
  positionals: string[];
} {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        engine: { type: 'string', default: 'embedded' },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return { values: { engine: values.engine, only: values.only, help: values.help }, positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function isEngine(name: string): name is EngineName {
  return (ENGINES as readonly string[]).includes(name);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = error instanceof UsageError ? 2 : 1;
    if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
    else if (error instanceof UserError) console.error([error.message, error.nextStep].filter(Boolean).join(' '));
    else if (error instanceof SqlError) console.error(`PostgreSQL: ${error.message} (${error.code})`);
    else console.error(error);
  },
);
