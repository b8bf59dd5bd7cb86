/**
 * A source or service could not be used: not reached, answered with an error, or answered with something else than it
 * promises. The message is a sentence for the user. Callers lose that source for this run, not the run.
 */
export class SourceUnreachable extends Error {
  override readonly name = 'SourceUnreachable';
  /** When it asked to be tried again, if it said so. */
  readonly retryAt: Date | undefined;
  /** The HTTP status with which it refused, if that is how. */
  readonly status: number | undefined;

  constructor(
    message: string,
    options: { readonly cause?: unknown; readonly retryAt?: Date | undefined; readonly status?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryAt = options.retryAt;
    this.status = options.status;
  }
}

/** Something that a job needs is not there: a database, a runtime, a file. The message says what to do. */
export class Missing extends Error {
  override readonly name = 'Missing';
}

/** The command was called wrongly: an unknown name, a value that cannot be. The message says what is allowed. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** Not now: worth another try after `seconds`, if given, else when the queue thinks best. */
export class Later extends Error {
  override readonly name = 'Later';
  readonly seconds: number | undefined;

  constructor(message: string, seconds?: number) {
    super(message);
    this.seconds = seconds;
  }
}
