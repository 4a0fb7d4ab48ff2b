/** What a benchmark is, and what it tells. */

export interface Options {
  /** Launches of VS Code per extension that count; one more is made first and dropped. */
  readonly launches: number;
  /** Repetitions of everything else that is measured in time. */
  readonly runs: number;
  /** The packaged extension to launch; undefined: the repo's, packaged anew when it is out of date. */
  readonly vsix: string | undefined;
  /** Further packaged builds of the extension to launch in between. */
  readonly also: readonly string[];
  /** Says what is being done; nothing of it is kept. */
  readonly progress: (message: string) => void;
}

/** A goal is printed, met or not; it fails nothing, since a shared machine's timings prove nothing. */
export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly seen: string;
  readonly met: boolean;
}

export interface Report {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What one has to know to read the table. */
  readonly notes: readonly string[];
  readonly goals: readonly Goal[];
  /** The unrounded figures, for out/bench.json. */
  readonly data: unknown;
}

export interface Bench {
  readonly name: string;
  /** One line: what is measured, and in what unit. */
  readonly title: string;
  run(options: Options): Promise<Report>;
}
