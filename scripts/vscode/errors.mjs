/** An error whose message is all that the user needs: one sentence with the next step, no stack. */
export class UserError extends Error {
  /**
   * @param {string} message
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'UserError';
    this.exitCode = exitCode;
  }
}

/**
 * Prints an error as the user should see it and says which exit code it stands for.
 * @param {unknown} error
 */
export function report(error) {
  if (error instanceof UserError) {
    console.error(error.message);
    return error.exitCode;
  }
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    console.error(error.message);
    return 2;
  }
  console.error(error);
  return 1;
}
