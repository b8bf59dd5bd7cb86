import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { problemResponse } from '../problem.ts';
import { SECURITY } from './security.ts';

const SECONDS = 60;

/** What a client has left, as headers (draft-ietf-httpapi-ratelimit-headers), or that it has nothing left. */
export type Allowance =
  | { readonly allowed: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly allowed: false; readonly response: Response };

/** Counts what each client asks for: at most `perMinute` points in a minute. Counts live in this process. */
export function limiter(perMinute: number): (client: string, points: number) => Promise<Allowance> {
  const counts = new RateLimiterMemory({ points: perMinute, duration: SECONDS });
  const policy = `"client";q=${perMinute};w=${SECONDS}`;
  const headersOf = ({ remainingPoints, msBeforeNext }: RateLimiterRes) => ({
    'RateLimit-Policy': policy,
    RateLimit: `"client";r=${Math.max(0, remainingPoints)};t=${Math.ceil(msBeforeNext / 1000)}`,
  });
  return async (client, points) => {
    try {
      return { allowed: true, headers: headersOf(await counts.consume(client, points)) };
    } catch (left) {
      if (!(left instanceof RateLimiterRes)) throw left;
      const response = problemResponse('too-many', 'Wait as long as Retry-After says.');
      const wait = { 'Retry-After': String(Math.max(1, Math.ceil(left.msBeforeNext / 1000))) };
      const more = { ...SECURITY, ...headersOf(left), ...wait };
      for (const [name, value] of Object.entries(more)) response.headers.set(name, value);
      return { allowed: false, response };
    }
  };
}

/** What a request costs of a client's points: searches and whole setups are more work than a look-up. */
export function pointsOf(method: string, path: string, query: string): number {
  // What it asks for stands in the body, and is counted there.
  if (path === '/mcp') return 1;
  if (method === 'POST') return path === '/v1/resolve' ? 20 : 5;
  return /[?&]q=[^&]/.test(query) ? 5 : 1;
}
