#!/usr/bin/env node
import { UserError } from '../shared/errors';
import { UsageError, type Command } from './command';
import { Terminal } from './terminal';

/** Each is imported only when it is called: `plan` must not wait for the engines of `verify`. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  lint: async () => (await import('./commands/lint')).command,
  new: async () => (await import('./commands/new')).command,
  plan: async () => (await import('./commands/plan')).command,
  schema: async () => (await import('./commands/schema')).command,
  verify: async () => (await import('./commands/verify')).command,
};

const USAGE = `Usage: pg-lessons COMMAND ...

  new      writes a course or a lesson to start from, prints an exercise
  lint     reads the lessons of a course and says what is wrong with them
  verify   proves the exercises and examples of a course
  schema   prints the JSON schema of a course, a lesson or an exercise
  plan     reads EXPLAIN plans: the tree, what is wrong, what changed

pg-lessons COMMAND --help says more.`;

const io = new Terminal();

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h') {
    await io.print(`${USAGE}\n`);
    return 0;
  }
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    io.warn(`${name === undefined ? 'Which command?' : `There is no command “${name}”.`}\n\n${USAGE}`);
    return 2;
  }
  const command = await load();
  // What follows "--" are files.
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) {
    await io.print(`${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.warn(`${error.message}\n\n${command.usage}`);
    return 2;
  }
}

/** Whoever read our output has seen enough (`| head`). */
function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

process.stdout.on('error', (error) => {
  process.exit(isClosedPipe(error) ? 0 : 1);
});

main(process.argv.slice(2)).then(
  (code) => {
    io.progress('');
    process.exitCode = io.interruptCode ?? code;
  },
  (error: unknown) => {
    io.progress('');
    if (isClosedPipe(error)) return;
    process.exitCode = io.interruptCode ?? 1;
    // Everything has been put away; what was cut off on the way says nothing.
    if (io.interruptCode !== undefined) return;
    if (error instanceof UserError) io.warn([error.message, error.nextStep].filter(Boolean).join(' '));
    else if (isSqlError(error)) io.warn(`PostgreSQL: ${error.message} (${error.code})`);
    else console.error(error);
  },
);

/** Of sql/session.ts, without importing it. */
function isSqlError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && error.name === 'SqlError' && 'code' in error && typeof error.code === 'string';
}
