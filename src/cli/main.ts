#!/usr/bin/env node
import { UserError } from '../shared/errors';
import { UsageError, type Command, type Io } from './command';

/** Each is imported only when it is called: `plan` must not wait for the engines of `verify`. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  plan: async () => (await import('./commands/plan')).command,
  verify: async () => (await import('./commands/verify')).command,
};

const USAGE = `Usage: pg-lessons COMMAND ...

  plan     reads EXPLAIN plans: the tree, what is wrong, what changed
  verify   proves the exercises of a course

pg-lessons COMMAND --help says more.`;

const io: Io = {
  print: (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    }),
  warn: (line) => void process.stderr.write(`${line}\n`),
  stdin: async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) chunks.push(chunk);
    return Buffer.concat(chunks);
  },
};

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
    process.exitCode = code;
  },
  (error: unknown) => {
    if (isClosedPipe(error)) return;
    process.exitCode = 1;
    if (error instanceof UserError) io.warn([error.message, error.nextStep].filter(Boolean).join(' '));
    else if (isSqlError(error)) io.warn(`PostgreSQL: ${error.message} (${error.code})`);
    else console.error(error);
  },
);

/** Of sql/session.ts, without importing it. */
function isSqlError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && error.name === 'SqlError' && 'code' in error && typeof error.code === 'string';
}
