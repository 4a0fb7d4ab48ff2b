/** Something an author should know about a file, with the place it is about. Lines and characters count from 0. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** The rule's name, such as `unknown-key`: docs/lesson-format.md lists them. */
  readonly code: string;
  /** One sentence with what to do. */
  readonly message: string;
  readonly range: TextRange;
  /** Where one is clear; the first is the one to prefer. */
  readonly fixes?: readonly Fix[];
}

/** A change of the problem's own file that mends it. */
export interface Fix {
  /** "Change to “parameters”". */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface TextEdit {
  /** Empty: an insertion. */
  readonly range: TextRange;
  readonly text: string;
}

export interface TextRange {
  readonly startLine: number;
  readonly startCharacter: number;
  readonly endLine: number;
  readonly endCharacter: number;
}

/** The whole of one line. */
export function lineRange(line: number, length = Number.MAX_SAFE_INTEGER): TextRange {
  return { startLine: line, startCharacter: 0, endLine: line, endCharacter: length };
}
