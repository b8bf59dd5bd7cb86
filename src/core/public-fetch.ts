import { fetch, Headers, type RequestInit, Response } from 'undici';
import { type Guard, OffLimits, publicAgent, whyOffLimits } from './public-address.ts';

/** Bounds on one answer; times in milliseconds. */
export interface PublicLimits {
  /** Until a connection stands, name lookup included. */
  readonly connect: number;
  /** Until the headers of an answer are there, and between two pieces of its body. */
  readonly idle: number;
  /** Bytes of a body, after decompression. */
  readonly bytes: number;
  readonly redirects: number;
  /** Requests, and bytes of bodies, of all that one opener asks. */
  readonly requests: number;
  readonly allBytes: number;
}

const LIMITS: PublicLimits = {
  connect: 4_000,
  idle: 15_000,
  bytes: 1024 * 1024,
  redirects: 3,
  requests: Number.POSITIVE_INFINITY,
  allBytes: Number.POSITIVE_INFINITY,
};
/** Bytes of an answer's headers. */
const HEADERS = 16 * 1024;

/** A body was longer than it may be, or there was more to ask than there may be. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

export type PublicInit = Pick<RequestInit, 'method' | 'headers' | 'signal'> & { readonly body?: string };

export interface PublicFetch extends AsyncDisposable {
  /**
   * Asks an address that a stranger named. Rejects with `OffLimits` for one that is not to be asked, and as `fetch` does;
   * the body fails with `TooLong` where it is longer than it may be. `init.signal` bounds the whole time.
   */
  fetch(url: string | URL, init?: PublicInit): Promise<Response>;
  /** Whether an answer was cut off for its length, also where who read it did not say so. */
  readonly cutOff: boolean;
}

/**
 * A `fetch` for addresses that strangers name: https and the public internet only, no cookies, credentials or referrer,
 * redirects followed by hand, each under the same rules, and every answer bounded.
 */
export function openPublicFetch(
  options: Guard & {
    readonly userAgent: string;
    readonly limits?: Partial<PublicLimits>;
    /** Headers that are the user's own: sent to this origin, and nowhere that it redirects to. */
    readonly own?: { readonly origin: string; readonly headers: Readonly<Record<string, string>> } | undefined;
  },
): PublicFetch {
  const limits = { ...LIMITS, ...options.limits };
  const agent = publicAgent(options, {
    connect: limits.connect,
    headersTimeout: limits.idle,
    bodyTimeout: limits.idle,
    maxHeaderSize: HEADERS,
  });

  const spent = { requests: 0, bytes: 0, cutOff: false };

  async function once(url: URL, { method = 'GET', body, signal, ...init }: PublicInit): Promise<Response> {
    if (++spent.requests > limits.requests)
      throw new TooLong(`${url.host} wants to be asked more than ${limits.requests} times`);
    const headers = new Headers(init.headers);
    if (options.own?.origin === url.origin)
      for (const [name, value] of Object.entries(options.own.headers)) headers.set(name, value);
    headers.set('user-agent', options.userAgent);
    // What is not compressed cannot be a bomb; what comes compressed all the same is counted as it unpacks.
    headers.set('accept-encoding', 'identity');
    try {
      return await fetch(url, {
        method,
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
        headers,
        dispatcher: agent,
        redirect: 'manual',
        credentials: 'omit',
        referrer: '',
      });
    } catch (error) {
      throw (error as Error).cause instanceof OffLimits ? (error as Error).cause : error;
    }
  }

  return {
    async fetch(given, init = {}) {
      let url = checked(String(given), options);
      for (let left = limits.redirects; ; left--) {
        const response = await once(url, init);
        const location = response.headers.get('location');
        if (response.status < 300 || response.status > 399 || location === null)
          return bounded(response, url.host, limits, spent);
        void response.body?.cancel().catch(() => {});
        if (left === 0) throw new OffLimits(`${url.host} redirects more than ${limits.redirects} times`);
        // Only these two mean that the same is to be asked at another place (RFC 9110 §15.4).
        if (![307, 308].includes(response.status) && !['GET', 'HEAD'].includes(init.method ?? 'GET'))
          throw new OffLimits(`${url.host} answered ${response.status}, which would change what is asked`);
        url = checked(URL.canParse(location, url.href) ? new URL(location, url).href : location, options);
      }
    },
    get cutOff() {
      return spent.cutOff;
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

function checked(given: string, guard: Guard): URL {
  if (!URL.canParse(given)) throw new OffLimits('what was given for an address is none');
  const url = new URL(given);
  const why = whyOffLimits(url, guard);
  if (why !== undefined) throw new OffLimits(why);
  return url;
}

/** The same answer with a body that breaks off where it is longer than it may be, alone or with those before it. */
function bounded(
  response: Response,
  host: string,
  limits: PublicLimits,
  spent: { bytes: number; cutOff: boolean },
): Response {
  let size = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      size += piece.byteLength;
      spent.bytes += piece.byteLength;
      const most = size > limits.bytes ? limits.bytes : limits.allBytes;
      if (size <= limits.bytes && spent.bytes <= most) return controller.enqueue(piece);
      spent.cutOff = true;
      controller.error(new TooLong(`${host} sent more than ${most} bytes`));
    },
  });
  const { status, statusText, headers } = response;
  // The types of undici's streams and of Node's are the same thing declared twice.
  const body = response.body && (response.body as unknown as ReadableStream<Uint8Array>).pipeThrough(count);
  return new Response(body as never, { status, statusText, headers });
}
