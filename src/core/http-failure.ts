import { SourceUnreachable } from './errors.ts';

/** A failure that may pass: worth another attempt, after `pause` milliseconds where the host named them. */
export class Passing extends Error {
  readonly pause: number | undefined;
  constructor(message: string, pause?: number, cause?: unknown) {
    super(message, { cause });
    this.pause = pause;
  }
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
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
  const code = 'code' in cause ? String(cause.code) : '';
  if (DEAD.has(code)) return new SourceUnreachable(`${url.host} cannot be reached (${code})`, { cause });
  // Certificates do not mend within a run.
  if (/CERT|TLS|SSL|UNABLE_TO|SELF_SIGNED/.test(code))
    return new SourceUnreachable(`${url.host} refused a secure connection (${code})`, { cause });
  if (cause.name === 'TimeoutError' || /TIMEOUT/.test(code)) return new Passing('was too slow', undefined, cause);
  return new Passing(`broke the connection${code && ` (${code})`}`, undefined, cause);
}
