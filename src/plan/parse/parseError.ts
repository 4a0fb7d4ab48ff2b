import { UserError } from '../../shared/errors';

/** The text is not an EXPLAIN plan. `line` and `column` count from 1; a column is a UTF-16 unit, as in VS Code. */
export class PlanParseError extends UserError {
  override readonly name = 'PlanParseError';
  readonly line: number;
  readonly column: number;

  /** @param offset where in `text`, in UTF-16 units */
  constructor(
    message: string,
    text: string,
    readonly offset: number,
    nextStep?: string,
  ) {
    super(message, nextStep);
    const before = text.slice(0, offset).split(/\r\n|\r|\n/);
    this.line = before.length;
    this.column = (before.at(-1)?.length ?? 0) + 1;
  }
}
