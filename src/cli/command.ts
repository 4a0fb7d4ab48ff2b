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
  /** All of standard input. */
  stdin(): Promise<Uint8Array>;
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
