import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';

/** How hard a host may be asked: requests at once, and milliseconds from one start to the next. */
export interface Politeness {
  readonly concurrency: number;
  readonly interval: number;
}

/** One host's queue, and the moment before which it asked to be left alone. */
export interface Turnstile {
  readonly queue: PQueue;
  notBefore: number;
}

export function turnstile({ concurrency, interval }: Politeness): Turnstile {
  const pace = interval > 0 ? { interval, intervalCap: 1, strict: true } : {};
  return { queue: new PQueue({ concurrency, ...pace }), notBefore: 0 };
}

/** Waits until the host may be asked again. Rejects with the signal's reason when that aborts first. */
export async function waitFor(host: Turnstile, stop: AbortSignal): Promise<void> {
  while (host.notBefore > Date.now()) await sleep(host.notBefore - Date.now(), undefined, { signal: stop });
}

/** Milliseconds that a `Retry-After` value asks for: seconds, or a date (RFC 9110 §10.2.3). */
export function retryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Milliseconds that the rate-limit headers ask for when nothing remains; undefined while something does. The reset is
 * an epoch in seconds with GitHub and its like, and seconds from now in the IETF draft; a large number is an epoch.
 */
export function rateLimitPause(headers: Headers, now = Date.now()): number | undefined {
  for (const prefix of ['x-ratelimit', 'ratelimit']) {
    if (headers.get(`${prefix}-remaining`)?.trim() !== '0') continue;
    const reset = Number(headers.get(`${prefix}-reset`) ?? 'none');
    if (!Number.isFinite(reset)) continue;
    return Math.max(0, reset > 1e9 ? reset * 1000 - now : reset * 1000);
  }
  return undefined;
}
