import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';

/** How hard a host may be asked: requests at once, and milliseconds from one start to the next. */
export interface Politeness {
  readonly concurrency: number;
  readonly interval: number;
  /** A kind of request that the host counts apart from its others, and which queues apart. */
  readonly lane?: string;
}

/** One host's queue, and the moment before which it asked to be left alone. */
export interface Turnstile {
  readonly queue: PQueue;
  notBefore: number;
}

/** `host`: what it shares with the other lanes of its host. */
export function turnstile({ concurrency, interval }: Politeness, host = { notBefore: 0 }): Turnstile {
  const pace = interval > 0 ? { interval, intervalCap: 1, strict: true } : {};
  return {
    queue: new PQueue({ concurrency, ...pace }),
    get notBefore() {
      return host.notBefore;
    },
    set notBefore(moment) {
      host.notBefore = moment;
    },
  };
}

/** The turnstiles of all hosts, made as each is first asked. `pace` multiplies every interval. */
export function turnstiles(pace: number): (url: URL, politeness: Politeness) => Turnstile {
  const hosts = new Map<string, { notBefore: number }>();
  const lanes = new Map<string, Turnstile>();
  return (url, politeness) => {
    const key = `${url.host} ${politeness.lane ?? ''}`;
    const host = hosts.get(url.host) ?? { notBefore: 0 };
    hosts.set(url.host, host);
    const interval = Math.ceil(politeness.interval * pace);
    const lane = lanes.get(key) ?? turnstile({ ...politeness, interval }, host);
    lanes.set(key, lane);
    return lane;
  };
}

/** Waits until the host may be asked again. Rejects with the signal's reason when that aborts first. */
export async function waitFor(host: { readonly notBefore: number }, stop: AbortSignal): Promise<void> {
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

/** How long an answer asks its host to be left alone, in milliseconds; undefined where it does not. */
export function pauseAsked(headers: Headers): number | undefined {
  return retryAfter(headers.get('retry-after')) ?? rateLimitPause(headers);
}
