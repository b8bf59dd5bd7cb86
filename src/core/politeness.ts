import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';

/** How hard a host may be asked: requests at once, and milliseconds from one start to the next. */
export interface Politeness {
  readonly concurrency: number;
  readonly interval: number;
  /** A kind of request that the host counts apart from its others, and which queues apart. */
  readonly lane?: string;
}

/** Who says when a host may be asked next, where other processes ask it too. */
export interface Pace {
  /** Takes the next turn at a host, `interval` milliseconds after the one before: answers in how many it comes. */
  turn(host: string, interval: number): Promise<number>;
  /** Nobody has a turn for so many milliseconds. */
  pause(host: string, ms: number): Promise<void>;
}

/** One host's queue, and the moment before which it asked to be left alone. */
export interface Turnstile {
  readonly queue: PQueue;
  notBefore: number;
  /** Waits for a turn among all processes; at once, where this one is alone. */
  turn(stop: AbortSignal): Promise<void>;
  /** Leaves the host alone for so many milliseconds, in all processes. */
  pause(ms: number): Promise<void>;
}

/** What lanes of one host share with one another and, with `pace`, with other processes. */
interface Host {
  notBefore: number;
  readonly name?: string;
  readonly pace?: Pace | undefined;
}

export function turnstile({ concurrency, interval, lane = '' }: Politeness, host: Host = { notBefore: 0 }): Turnstile {
  const { pace: shared, name = '' } = host;
  const pace = interval > 0 ? { interval, intervalCap: 1, strict: true } : {};
  return {
    queue: new PQueue({ concurrency, ...pace }),
    get notBefore() {
      return host.notBefore;
    },
    set notBefore(moment) {
      host.notBefore = moment;
    },
    async turn(stop) {
      // A pause is the host's own, and holds for all its lanes.
      const paused = shared && lane !== '' ? await shared.turn(name, 0) : 0;
      const wait = shared ? Math.max(paused, await shared.turn(`${name} ${lane}`.trim(), interval)) : 0;
      if (wait > 0) await sleep(wait, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
    },
    async pause(ms) {
      host.notBefore = Math.max(host.notBefore, Date.now() + ms);
      await shared?.pause(name, ms);
    },
  };
}

/** The turnstiles of all hosts, made as each is first asked. `pace` multiplies every interval; `shared` by others too. */
export function turnstiles(pace: number, shared?: Pace): (url: URL, politeness: Politeness) => Turnstile {
  const hosts = new Map<string, Host>();
  const lanes = new Map<string, Turnstile>();
  return (url, politeness) => {
    const key = `${url.host} ${politeness.lane ?? ''}`;
    const host = hosts.get(url.host) ?? { notBefore: 0, name: url.host, pace: shared };
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
