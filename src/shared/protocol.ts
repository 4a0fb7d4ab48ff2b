/**
 * What the pages and the extension host say to each other: one channel, typed at both ends.
 * A page asks (`Requests`), the host answers each one, with a result or an error. The host pushes the
 * page's whole state (`State`) whenever it changes; a page that opens asks `ready` and gets it.
 */
import type { Cell, Field, Notice } from '../sql/session';

export type RequestMap = Record<string, (params: never) => unknown>;

/** Page → host. */
export interface RequestMessage {
  readonly kind: 'request';
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** Host → page. */
export type HostMessage<State> =
  | { readonly kind: 'reply'; readonly id: number; readonly ok: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly error: string }
  | { readonly kind: 'state'; readonly state: State };

// --- reader

export type ExerciseStatus = 'new' | 'started' | 'failed' | 'passed';

export interface ExpectationView {
  readonly passed: boolean;
  /** Nothing was asked for here: it is only told. */
  readonly note?: true;
  /** One sentence: what was checked, or what was wrong. */
  readonly message: string;
  /** Short values to show side by side; absent where there is nothing to compare. */
  readonly expected?: string;
  readonly seen?: string;
  /** In their place, where rows differ: a few of them. */
  readonly rows?: RowsDiffView;
}

/** Where two results differ: example rows, and how many there are in all. */
export interface RowsDiffView {
  readonly columns: readonly string[];
  readonly rows: readonly RowDiffView[];
  /** Rows asked for that did not come; rows that came and were not asked for. */
  readonly missing: number;
  readonly extra: number;
}

export interface RowDiffView {
  /** `often`: it came more or less often than asked for; `expected` and `seen`: the first row out of order. */
  readonly kind: 'missing' | 'extra' | 'often' | 'expected' | 'seen';
  readonly cells: readonly Cell[];
  /** Indexes of the cells that make the difference. */
  readonly differs: readonly number[];
  readonly times?: { readonly expected: number; readonly seen: number };
  /** Its number in the result, from 1. */
  readonly row?: number;
}

/** An exercise that is answered in its card: options to choose from, or items to tick. */
export interface QuizView {
  readonly kind: 'choice' | 'checklist';
  /** Sanitized HTML. */
  readonly question?: string;
  /** Any number of options may be chosen. */
  readonly multiple: boolean;
  readonly items: readonly QuizItemView[];
  /** Ids of what is chosen or ticked. */
  readonly chosen: readonly string[];
  /** Sanitized HTML, once passed: why it is so. */
  readonly explanation?: string;
}

export interface QuizItemView {
  readonly id: string;
  /** Sanitized HTML. */
  readonly html: string;
  /** It need not be ticked. */
  readonly optional?: boolean;
}

export interface VerdictView {
  readonly passed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  /** The message of a foreseen wrong answer, or of the first thing to do. */
  readonly message?: string;
  readonly expectations: readonly ExpectationView[];
}

export interface ExerciseView {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly status: ExerciseStatus;
  /** The verdict is about an older text of the file, an older choice, or the exercise as it was before its author changed it. */
  readonly stale: boolean;
  /** It is stale since the exercise itself has changed. */
  readonly outdated?: boolean;
  readonly checking: boolean;
  readonly verdict?: VerdictView;
  /** Checks so far. */
  readonly attempts?: number;
  /** Answered in the card; without it, in a file. */
  readonly quiz?: QuizView;
  /** What a passed exercise bought: "2942 → 44 buffers". */
  readonly bought?: string;
  /** Sanitized HTML of the hints uncovered so far, and how many there are. */
  readonly hints: readonly string[];
  readonly hintCount: number;
  /** Sanitized HTML, once the person asked for it and confirmed. */
  readonly solution?: string;
}

export type Segment =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'sql'; readonly id: string; readonly html: string; readonly explainable: boolean }
  | { readonly kind: 'exercise'; readonly id: string };

export interface LessonLink {
  readonly course: string;
  readonly lesson: string;
  readonly title: string;
}

/** A heading, an example or an exercise; of an exercise also a part. */
export interface Reveal {
  readonly id: string;
  readonly part?: 'verdict' | 'hint' | 'solution';
  readonly serial: number;
  readonly focus: boolean;
}

export interface ReaderState {
  readonly courseTitle: string;
  readonly section: string;
  readonly lesson: LessonLink;
  readonly kind: string;
  readonly minutes: number;
  readonly outline: readonly { readonly level: number; readonly text: string; readonly slug: string }[];
  readonly segments: readonly Segment[];
  readonly exercises: readonly ExerciseView[];
  readonly previous?: LessonLink;
  readonly next?: LessonLink;
  /** Id of the `sql run` block that runs now. */
  readonly running?: string;
  /** Where SQL of this lesson runs: "embedded PostgreSQL 18". */
  readonly engine: string;
  /** Why nothing can be run here (workspace not trusted, a need not met); absent where it can. */
  readonly blocked?: string;
  /** Set by the host to scroll there once; `serial` changes with each demand. Without `focus` the focus stays where it is. */
  readonly reveal?: Reveal;
}

export type RunMode = 'run' | 'explain' | 'analyze';

export interface ReaderRequests {
  ready(): ReaderState;
  runBlock(params: { id: string; mode: RunMode }): void;
  start(params: { id: string }): void;
  check(params: { id: string }): void;
  /** Chooses or ticks: what is chosen now. */
  answer(params: { id: string; chosen: readonly string[] }): void;
  attempts(params: { id: string }): void;
  hint(params: { id: string }): void;
  solution(params: { id: string }): void;
  reset(params: { id: string }): void;
  openLesson(params: { course: string; lesson: string }): void;
  /** A relative link of the lesson's text. */
  openLink(params: { href: string }): void;
}

// --- results

export interface ResultView {
  /** The statement's first line, shortened. */
  readonly title: string;
  readonly status: 'running' | 'done' | 'error' | 'cancelled';
  /** "SELECT", "CREATE INDEX". */
  readonly command?: string;
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly Cell[])[];
  readonly rowCount: number | null;
  readonly truncated: boolean;
  readonly durationMs?: number;
  readonly notices: readonly Notice[];
  readonly error?: {
    readonly message: string;
    readonly code?: string;
    readonly detail?: string;
    readonly hint?: string;
    readonly position?: string;
  };
}

export interface ResultsState {
  /** Where it ran. */
  readonly engine: string;
  /** Changes with each run, so that a page knows old from new. */
  readonly serial: number;
  /** One for each statement of the last run. */
  readonly results: readonly ResultView[];
}

export interface ResultsRequests {
  ready(): ResultsState;
  cancel(): void;
  /** Copies text to the clipboard. */
  copy(params: { text: string }): void;
}

// --- plan

/** A plan that was kept: a run, an attempt at an exercise, one of several in a paste. */
export interface PlanEntry {
  readonly id: string;
  /** "Attempt 3", "orders.json", "Clipboard, plan 2 of 4". */
  readonly title: string;
  /** The statement, where it is known. */
  readonly sql?: string;
  /** Where it ran, where it is known. */
  readonly engine?: string;
  /** ms since 1970. */
  readonly at: number;
  /** "12.3 ms, 2,942 buffers". */
  readonly figures?: string;
}

/** A plan with what EXPLAIN printed: the page reads it itself. */
export interface PlanSource extends PlanEntry {
  /** Any format, with whatever stood around it. */
  readonly text: string;
  /** Settings that the engine itself is started with: nobody changed them. */
  readonly ignoredSettings: readonly string[];
  /** "The statement ran and was rolled back." */
  readonly note?: string;
}

export interface PlanState {
  /** Changes with each plan that is shown, so that a page knows old from new. */
  readonly serial: number;
  readonly status: 'empty' | 'running' | 'done' | 'error';
  /** What is shown, or runs (then without text). */
  readonly source?: PlanSource;
  /** Shown beside it: the plan it is compared with. */
  readonly before?: PlanSource;
  /** What can be stepped through and compared with, the oldest first; `source` is one of them. */
  readonly history: readonly PlanEntry[];
  readonly error?: string;
  /** What runs, where it is not the plan itself: "Building the index". */
  readonly busy?: string;
  /** An index can be proved: the statement and a database to try it in are known. */
  readonly provable: boolean;
  /** The person is solving an exercise: what would solve it is shown only when asked for. */
  readonly guarded: boolean;
  /** Lessons that can be opened from a finding: those of the course that ships. */
  readonly lessons: readonly string[];
}

export interface PlanRequests {
  ready(): PlanState;
  cancel(): void;
  copy(params: { text: string }): void;
  /** Shows an entry of the history. */
  show(params: { id: string }): void;
  /** Compares what is shown with an entry as the plan before; without an id it stops comparing. */
  compare(params: { id?: string }): void;
  /** Builds the index in a transaction that is rolled back, plans anew, and compares. */
  prove(params: { sql: string }): void;
  /** Asks where to, and writes it: text, or base64 of a PNG. */
  save(params: { name: string; text?: string; base64?: string }): void;
  openLesson(params: { lesson: string }): void;
  /** "Open EXPLAIN Plan", from the empty page. */
  open(): void;
}
