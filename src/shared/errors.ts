/** An error whose message is written for the person: what happened, and what to do next. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** What to do next, one sentence. */
  readonly nextStep: string | undefined;

  constructor(message: string, nextStep?: string, options?: ErrorOptions) {
    super(message, options);
    this.nextStep = nextStep;
  }
}

/** The person cancelled. Shown nowhere, or as "Cancelled" where something was under way. */
export class CancelledError extends UserError {
  override readonly name = 'CancelledError';
  constructor(message = 'Cancelled.') {
    super(message);
  }
}
