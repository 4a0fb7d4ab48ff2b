/** What the host and the worker that runs PGlite say to each other. */

/** Given to the worker when it is made. */
export interface WorkerSetup {
  /** PGlite's files and the template: absolute. */
  readonly assetsDir: string;
  /** The data directory: absolute, and locked by the host. */
  readonly dataDir: string;
  /** The data directory is empty: unpack the template into it first. */
  readonly fromTemplate: boolean;
  /** `pglite.wasm`, compiled once for all workers. */
  readonly module: WebAssembly.Module;
  /** Configuration parameters on top of the worker's own, as on the command line. */
  readonly parameters: Readonly<Record<string, string>>;
}

export type ToWorker =
  /** Protocol messages up to and including one Sync or Query. Answered by `data`s and one `done`. */
  | { readonly type: 'execute'; readonly request: Uint8Array }
  /** Shut PostgreSQL down cleanly (a checkpoint). Answered by `closed`. */
  | { readonly type: 'close' };

export type FromWorker =
  | { readonly type: 'ready'; readonly serverVersion: number }
  /** PostgreSQL did not start. `log` is what it wrote to stderr, last lines. */
  | { readonly type: 'failed'; readonly message: string; readonly log: readonly string[] }
  /** Bytes of the answer as they come; a message may be split between two of them. */
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly type: 'done' }
  /** WASM trapped, overflowed its stack or exited. The worker is of no more use. */
  | { readonly type: 'crashed'; readonly message: string; readonly log: readonly string[] }
  | { readonly type: 'closed' };
