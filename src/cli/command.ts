/** What the command line's commands have in common. One file each in commands/, imported when it is called for. */
export interface Command {
  readonly usage: string;
  /**
   * @param args what follows the command's name
   * @returns the exit code
   * @throws {UsageError} {@link UserError}
   */
  run(args: readonly string[], io: Io): Promise<number>;
}

export interface Io {
  /** To standard output, as it is; done when it is written. */
  print(text: string): Promise<void>;
  /** One line to standard error. */
  warn(line: string): void;
  /** What is under way, in a line that the next one replaces; '' takes it away. Shown to people only. */
  progress(line: string): void;
  /** All of standard input. */
  stdin(): Promise<Uint8Array>;
  /** From now on Ctrl-C aborts this instead of ending the process; a second one ends it. */
  interrupted(): AbortSignal;
}

/** The command line is wrong: exit code 2, with the command's usage. */
export class UsageError extends Error {}

/** What node:util's parseArgs finds wrong, as a usage error. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @param what "format" */
export function oneOf<T extends string>(names: readonly T[], name: string, what: string): T {
  const found = names.find((each) => each === name);
  if (found === undefined) throw new UsageError(`There is no ${what} “${name}”; there are ${names.join(', ')}.`);
  return found;
}

/** @param option "--jobs" */
export function wholeNumber(text: string, option: string, least: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= 1_000_000) return number;
  throw new UsageError(`${option} needs a whole number from ${least} on, not “${text}”.`);
}
