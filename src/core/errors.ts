/**
 * A source or service could not be used: not reached, answered with an error, or answered with something else than it
 * promises. The message is a sentence for the user. Callers lose that source for this run, not the run.
 */
export class SourceUnreachable extends Error {
  override readonly name = 'SourceUnreachable';
  /** When it asked to be tried again, if it said so. */
  readonly retryAt: Date | undefined;

  constructor(message: string, options: { readonly cause?: unknown; readonly retryAt?: Date | undefined } = {}) {
    super(message, { cause: options.cause });
    this.retryAt = options.retryAt;
  }
}
