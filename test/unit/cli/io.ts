import type { Command, Io } from '../../../src/cli/command';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs a command in this process. */
export async function ran(command: Command, args: readonly string[], stdin: string | Uint8Array = ''): Promise<Ran> {
  let out = '';
  let errors = '';
  const io: Io = {
    print: (text) => {
      out += text;
      return Promise.resolve();
    },
    warn: (line) => {
      errors += `${line}\n`;
    },
    progress: () => undefined,
    stdin: () => Promise.resolve(typeof stdin === 'string' ? Buffer.from(stdin) : stdin),
    interrupted: () => new AbortController().signal,
  };
  return { code: await command.run(args, io), out, errors };
}
