/** Something an author should know about a file, with the place it is about. Lines and characters count from 0. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** One sentence with what to do. */
  readonly message: string;
  readonly range: TextRange;
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
