import pRetry from 'p-retry';
import { EnvHttpProxyAgent, fetch, type RequestInit, type Response } from 'undici';
import { bounded, parsed, unpacked } from './http-body.ts';
import { failure, Passing, refusal } from './http-failure.ts';
import { conditionOf, type Memory } from './http-memory.ts';
import { type Pace, type Politeness, pauseAsked, type Turnstile, turnstiles, waitFor } from './politeness.ts';
import { openPublicFetch } from './public-fetch.ts';

/** Bounds on one request; times in milliseconds. */
export interface HttpLimits {
  /** Until a connection stands, name lookup included. */
  readonly connect: number;
  /** Between two pieces of an answer. */
  readonly idle: number;
  /** For one attempt as a whole. */
  readonly total: number;
  /** The longest pause that is waited out; a host that asks for more is given up for this run. */
  readonly patience: number;
  /** Bytes of a body after decompression. */
  readonly bytes: number;
  readonly retries: number;
  /** Before the first retry; each further one waits twice as long. */
  readonly backoff: number;
  /** Multiplies the intervals that sources declare: less than 1 only where the host is one's own. */
  readonly pace: number;
}

const LIMITS: HttpLimits = {
  connect: 4_000,
  idle: 15_000,
  total: 60_000,
  patience: 60_000,
  bytes: 64 * 1024 * 1024,
  retries: 4,
  backoff: 500,
  pace: 1,
};

export interface Ask {
  readonly politeness: Politeness;
  readonly stop: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** The address is a stranger's word: ask only public ones, however it is named and wherever it redirects. */
  readonly publicOnly?: boolean;
  /** What of a JSON answer to `fetchJson` is told and remembered; all of it where absent. */
  readonly wanted?: (value: unknown) => unknown;
}

/** The one way in which sources talk to hosts. */
export interface Http extends AsyncDisposable {
  /** Who we say we are, for libraries that make requests of their own. */
  readonly userAgent: string;
  readonly limits: HttpLimits;
  /** The JSON value at `url`. Rejects with `SourceUnreachable`, or with the reason of an aborted `stop`. */
  json(url: URL, ask: Ask): Promise<unknown>;
  /** The text at `url`, under the same promises. */
  text(url: URL, ask: Ask): Promise<string>;
  /** The text files of the archive at `url` whose path in it matches, by path; likewise. */
  files(url: URL, wanted: RegExp, ask: Ask): Promise<ReadonlyMap<string, string>>;
  /**
   * `fetch` for libraries that try again by themselves: each request waits its turn, is bounded and, if a GET, asked
   * with what is remembered. Refusals are answered as they are; a request that brings no JSON rejects with `Passing`
   * or `SourceUnreachable`.
   */
  fetchJson(ask: (url: URL) => Ask): typeof globalThis.fetch;
}

/**
 * A polite client: named, bounded in time and size, one queue per host, patient with a host that asks for it, and quick
 * to give up where there is none. `userAgent` should say who asks and where to complain.
 */
export function openHttp(options: {
  readonly userAgent: string;
  readonly memory?: Memory | undefined;
  readonly limits?: Partial<HttpLimits>;
  /** Shares the pace at hosts with other processes. */
  readonly pace?: Pace | undefined;
}): Http {
  const limits = { ...LIMITS, ...options.limits };
  const { connect, idle, bytes } = limits;
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: connect },
    headersTimeout: idle,
    bodyTimeout: idle,
  });
  const outside = openPublicFetch({ userAgent: options.userAgent, limits: { connect, idle, bytes } });
  const turnstileOf = turnstiles(limits.pace, options.pace);

  /** `take` makes a text of an answer, which is what is remembered; `read` makes the result of that. */
  async function get<T>(url: URL, ask: Ask, accept: string, read: (body: string) => T, take = bounded): Promise<T> {
    const { queue } = turnstileOf(url, ask.politeness);
    const attempt = () => queue.add(() => once(url, ask, accept, read, take), { signal: ask.stop });
    try {
      return await pRetry(attempt, {
        retries: limits.retries,
        minTimeout: limits.backoff,
        maxTimeout: limits.patience,
        randomize: true,
        signal: ask.stop,
        shouldRetry: ({ error }) => error instanceof Passing,
      });
    } catch (error) {
      ask.stop.throwIfAborted();
      throw error instanceof Passing ? error.givenUp(url, limits.retries) : error;
    }
  }

  async function once<T>(
    url: URL,
    ask: Ask,
    accept: string,
    read: (body: string) => T,
    take: typeof bounded,
  ): Promise<T> {
    const { body, keep } = await exchange(url, ask, { headers: { accept } }, take, (response) => {
      const why = refusal(url, response, limits.patience);
      if (!why) return;
      void response.body?.cancel().catch(() => {});
      throw why;
    });
    const found = read(body);
    await keep(body);
    return found;
  }

  /**
   * One request and the text of its answer; `judge` may refuse an answer before its body is read. `keep` remembers it,
   * for whoever could read it: one that breaks off must not come back as "not modified".
   */
  async function exchange(
    url: URL,
    ask: Ask,
    init: RequestInit,
    take: typeof bounded,
    judge: (response: Response) => void,
  ): Promise<{
    readonly response: Response;
    readonly body: string;
    readonly keep: (body: string) => Promise<void>;
  }> {
    const host = turnstileOf(url, ask.politeness);
    await waitFor(host, ask.stop);
    await host.turn(ask.stop);
    const known = init.method === undefined ? await options.memory?.recall(url.href) : undefined;
    const headers: Record<string, string> = {
      ...(init.headers as Record<string, string>),
      ...ask.headers,
      'user-agent': options.userAgent,
      ...(known && conditionOf(known)),
    };
    const signal = AbortSignal.any([ask.stop, AbortSignal.timeout(limits.total)]);
    try {
      const response = ask.publicOnly
        ? await outside.fetch(url, { headers, signal })
        : await fetch(url, { ...init, headers, signal, dispatcher });
      await heed(response, host);
      if (response.status === 304 && known) return { response, body: known.body, keep: async () => {} };
      judge(response);
      const body = await take(url, response, limits.bytes);
      const etag = response.headers.get('etag') ?? response.headers.get('last-modified');
      const isKept = etag && response.ok && init.method === undefined;
      const keep = async (text: string) => (isKept ? options.memory?.keep(url.href, { etag, body: text }) : undefined);
      return { response, body, keep };
    } catch (error) {
      ask.stop.throwIfAborted();
      throw failure(url, error);
    }
  }

  /** Remembers how long the host wants to be left alone. */
  async function heed(response: Response, host: Turnstile): Promise<void> {
    const pause = pauseAsked(response.headers);
    if (pause !== undefined) await host.pause(Math.min(pause, limits.patience));
  }

  async function fetchOnce(url: URL, init: RequestInit, ask: Ask): Promise<globalThis.Response> {
    const { method, ...rest } = init;
    const given = method === undefined || method === 'GET' ? rest : init;
    const { response, body, keep } = await exchange(url, ask, given, bounded, () => {});
    const { status, headers } = response;
    const told = new globalThis.Headers([...headers]);
    if (!response.ok && status !== 304) return new globalThis.Response(body, { status, headers: told });
    const value = parsed(url, body);
    const text = ask.wanted && status !== 304 ? JSON.stringify(ask.wanted(value)) : body;
    await keep(text);
    told.set('content-type', 'application/json');
    return new globalThis.Response(text, { status: status === 304 ? 200 : status, headers: told });
  }

  return {
    userAgent: options.userAgent,
    limits,
    json: (url, ask) => get(url, ask, 'application/json', (body) => parsed(url, body)),
    text: (url, ask) => get(url, ask, 'text/*', (body) => body),
    files: (url, wanted, ask) => {
      // What is remembered are the files that were wanted; hosts are not told of what stands behind the #.
      const address = Object.assign(new URL(url), { hash: wanted.source });
      const read = (body: string) => new Map(JSON.parse(body) as [string, string][]);
      return get(address, ask, 'application/gzip', read, (from, response, bytes) =>
        unpacked(from, response, bytes, wanted),
      );
    },
    fetchJson: (askOf) => (input, init) => {
      const url = new URL(String(input));
      const ask = askOf(url);
      const { queue } = turnstileOf(url, ask.politeness);
      // Node's own types of fetch and those of undici differ in what is not used here.
      return queue.add(() => fetchOnce(url, (init ?? {}) as unknown as RequestInit, ask), { signal: ask.stop });
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([dispatcher.destroy(), outside[Symbol.asyncDispose]()]);
    },
  };
}
