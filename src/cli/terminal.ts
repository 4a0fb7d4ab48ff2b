import type { Io } from './command';

/** Ends of this process from outside, and the exit codes that shells know them by: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const ERASE = '\r\x1b[K';

/** The process's own streams. */
export class Terminal implements Io {
  /** What the person looks at, not a log: continuous integration may have a terminal too. */
  readonly #live = process.stderr.isTTY && process.env['TERM'] !== 'dumb' && !process.env['CI'];
  #shown = false;
  #interrupt: AbortController | undefined;
  #code: number | undefined;

  /** The exit code after a signal. */
  get interruptCode(): number | undefined {
    return this.#code;
  }

  print(text: string): Promise<void> {
    this.#erase();
    return new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
  }

  warn(line: string): void {
    this.#erase();
    process.stderr.write(`${line}\n`);
  }

  progress(line: string): void {
    if (!this.#live) return;
    // A line that wraps could not be taken back.
    const room = Math.max(10, process.stderr.columns - 1);
    const cut = line.length > room ? `${line.slice(0, room - 1)}…` : line;
    process.stderr.write(ERASE + cut);
    this.#shown = cut !== '';
  }

  async stdin(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  interrupted(): AbortSignal {
    if (this.#interrupt) return this.#interrupt.signal;
    const interrupt = (this.#interrupt = new AbortController());
    for (const [signal, code] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (interrupt.signal.aborted) process.exit(code);
        this.#code = code;
        this.progress('Cleaning up');
        interrupt.abort();
      });
    }
    return interrupt.signal;
  }

  #erase(): void {
    if (this.#shown) process.stderr.write(ERASE);
    this.#shown = false;
  }
}
