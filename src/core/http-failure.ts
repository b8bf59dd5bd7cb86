import { SourceUnreachable } from './errors.ts';
import { pauseAsked } from './politeness.ts';
import { OffLimits } from './public-address.ts';
import { TooLong } from './public-fetch.ts';

/** A failure that may pass: worth another attempt, after `pause` milliseconds where the host named them. */
export class Passing extends Error {
  readonly pause: number | undefined;
  constructor(message: string, pause?: number, cause?: unknown) {
    super(message, { cause });
    this.pause = pause;
  }

  /** The same, after it came back too often. */
  givenUp(url: URL, retries: number): SourceUnreachable {
    const retryAt = this.pause === undefined ? undefined : new Date(Date.now() + this.pause);
    return new SourceUnreachable(`${url.host} ${this.message}, also after ${retries} more tries`, {
      cause: this.cause,
      retryAt,
    });
  }
}

/** What an answer that is none means; undefined for one that is. `patience`: the longest pause to wait out. */
export function refusal(
  url: URL,
  { status, headers }: { readonly status: number; readonly headers: Headers },
  patience: number,
): Error | undefined {
  if ((status >= 200 && status < 300) || status === 304) return undefined;
  const pause = pauseAsked(headers);
  if (pause !== undefined && pause > patience)
    return new SourceUnreachable(
      `${url.host} answered ${status} and asks to be left alone for ${Math.ceil(pause / 1000)} s`,
      { retryAt: new Date(Date.now() + pause), status },
    );
  const passing = status === 408 || status === 425 || status === 429 || status >= 500;
  // GitHub and its like answer 403 when a secondary limit is hit; the pause tells it from a real refusal.
  if (passing || (status === 403 && pause !== undefined)) return new Passing(`answered ${status}`, pause);
  return new SourceUnreachable(`${url.host} answered ${status} to ${url.pathname}`, { status });
}

/** No such host, no route to it, nothing listening: more tries would only lose time. */
const DEAD = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What a request that broke down means: whether it may pass, and in which words it is told. */
export function failure(url: URL, error: unknown): Error {
  if (error instanceof Passing || error instanceof SourceUnreachable) return error;
  if (error instanceof OffLimits || error instanceof TooLong) return new SourceUnreachable(error.message);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
  const code = 'code' in cause ? String(cause.code) : '';
  if (DEAD.has(code)) return new SourceUnreachable(`${url.host} cannot be reached (${code})`, { cause });
  // Certificates do not mend within a run.
  if (/CERT|TLS|SSL|UNABLE_TO|SELF_SIGNED/.test(code))
    return new SourceUnreachable(`${url.host} refused a secure connection (${code})`, { cause });
  if (cause.name === 'TimeoutError' || /TIMEOUT/.test(code)) return new Passing('was too slow', undefined, cause);
  return new Passing(`broke the connection${code && ` (${code})`}`, undefined, cause);
}
