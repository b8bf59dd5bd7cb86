import pRetry from 'p-retry';
import { EnvHttpProxyAgent, fetch, type Response } from 'undici';
import { TooLarge, textFiles } from './archive.ts';
import { SourceUnreachable } from './errors.ts';
import { failure, Passing } from './http-failure.ts';
import { type Politeness, rateLimitPause, retryAfter, type Turnstile, turnstile, waitFor } from './politeness.ts';

/** What a host answered before, kept so that it need not send it again. A table may stand behind it. */
export interface Memory {
  recall(url: string): Promise<Remembered | undefined>;
  keep(url: string, remembered: Remembered): Promise<void>;
}

export interface Remembered {
  readonly etag: string;
  readonly body: string;
}

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
}

const LIMITS: HttpLimits = {
  connect: 4_000,
  idle: 15_000,
  total: 60_000,
  patience: 60_000,
  bytes: 64 * 1024 * 1024,
  retries: 4,
  backoff: 500,
};

export interface Ask {
  readonly politeness: Politeness;
  readonly stop: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The one way in which sources talk to hosts. */
export interface Http extends AsyncDisposable {
  /** Who we say we are, for libraries that make requests of their own. */
  readonly userAgent: string;
  /** The JSON value at `url`. Rejects with `SourceUnreachable`, or with the reason of an aborted `stop`. */
  json(url: URL, ask: Ask): Promise<unknown>;
  /** The text at `url`, under the same promises. */
  text(url: URL, ask: Ask): Promise<string>;
  /** The text files of the archive at `url` whose path in it matches, by path; likewise. */
  files(url: URL, wanted: RegExp, ask: Ask): Promise<ReadonlyMap<string, string>>;
}

/**
 * A polite client: named, bounded in time and size, one queue per host, patient with a host that asks for it, and quick
 * to give up where there is none. `userAgent` should say who asks and where to complain.
 */
export function openHttp(options: {
  readonly userAgent: string;
  readonly memory?: Memory | undefined;
  readonly limits?: Partial<HttpLimits>;
}): Http {
  const limits = { ...LIMITS, ...options.limits };
  const agent = new EnvHttpProxyAgent({
    connect: { timeout: limits.connect },
    headersTimeout: limits.idle,
    bodyTimeout: limits.idle,
  });
  const hosts = new Map<string, Turnstile>();

  /** `take` makes a text of an answer, which is what is remembered; `read` makes the result of that. */
  async function get<T>(url: URL, ask: Ask, accept: string, read: (body: string) => T, take = bounded): Promise<T> {
    const host = hosts.get(url.host) ?? turnstile(ask.politeness);
    hosts.set(url.host, host);
    const attempt = () => host.queue.add(() => once(url, ask, accept, host, take).then(read), { signal: ask.stop });
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
      if (!(error instanceof Passing)) throw error;
      const retryAt = error.pause === undefined ? undefined : new Date(Date.now() + error.pause);
      throw new SourceUnreachable(`${url.host} ${error.message}, also after ${limits.retries} more tries`, {
        cause: error.cause,
        retryAt,
      });
    }
  }

  async function once(url: URL, ask: Ask, accept: string, host: Turnstile, take: typeof bounded): Promise<string> {
    await waitFor(host, ask.stop);
    const known = await options.memory?.recall(url.href);
    let response: Response;
    let body: string;
    try {
      response = await fetch(url, {
        dispatcher: agent,
        signal: AbortSignal.any([ask.stop, AbortSignal.timeout(limits.total)]),
        headers: {
          'user-agent': options.userAgent,
          accept,
          ...(known && { 'if-none-match': known.etag }),
          ...ask.headers,
        },
      });
      heed(url, response, host);
      body = await take(url, response, limits.bytes);
    } catch (error) {
      ask.stop.throwIfAborted();
      throw failure(url, error);
    }
    if (response.status === 304 && known) return known.body;
    const etag = response.headers.get('etag');
    if (etag) await options.memory?.keep(url.href, { etag, body });
    return body;
  }

  /** Turns an answer that is no answer into a failure, and remembers how long the host wants to be left alone. */
  function heed(url: URL, response: Response, host: Turnstile): void {
    const pause = retryAfter(response.headers.get('retry-after')) ?? rateLimitPause(response.headers);
    if (pause !== undefined) host.notBefore = Math.max(host.notBefore, Date.now() + Math.min(pause, limits.patience));
    const { status } = response;
    if (response.ok || status === 304) return;
    void response.body?.cancel().catch(() => {});
    if (pause !== undefined && pause > limits.patience)
      throw new SourceUnreachable(
        `${url.host} answered ${status} and asks to be left alone for ${Math.ceil(pause / 1000)} s`,
        { retryAt: new Date(Date.now() + pause) },
      );
    const passing = status === 408 || status === 425 || status === 429 || status >= 500;
    // GitHub and its like answer 403 when a secondary limit is hit; the pause tells it from a real refusal.
    if (passing || (status === 403 && pause !== undefined)) throw new Passing(`answered ${status}`, pause);
    throw new SourceUnreachable(`${url.host} answered ${status} to ${url.pathname}`, { status });
  }

  return {
    userAgent: options.userAgent,
    json: (url, ask) => get(url, ask, 'application/json', (body) => parse(url, body)),
    text: (url, ask) => get(url, ask, 'text/*', (body) => body),
    files: (url, wanted, ask) => {
      // What is remembered are the files that were wanted; hosts are not told of what stands behind the #.
      const address = Object.assign(new URL(url), { hash: wanted.source });
      const read = (body: string) => new Map(JSON.parse(body) as [string, string][]);
      return get(address, ask, 'application/gzip', read, (from, response, bytes) =>
        unpacked(from, response, bytes, wanted),
      );
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

async function bounded(url: URL, response: Response, bytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > bytes) throw new SourceUnreachable(`${url.host} sent more than ${bytes} bytes at ${url.pathname}`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Large enough for archives, whose text unpacks to several times their size. */
const INFLATION = 4;

async function unpacked(url: URL, response: Response, bytes: number, wanted: RegExp): Promise<string> {
  if (response.status === 304 || !response.body) return '[]';
  try {
    return JSON.stringify([...(await textFiles(response.body, wanted, bytes * INFLATION))]);
  } catch (error) {
    if (error instanceof TooLarge) throw new SourceUnreachable(`${url.host} sent ${error.message} at ${url.pathname}`);
    if (
      (error as { tarCode?: string }).tarCode === undefined &&
      !/^(Z_|ERR_Z)/.test(String((error as { code?: string }).code))
    )
      throw error;
    throw new Passing('sent an archive that breaks off or is malformed', undefined, error);
  }
}

function parse(url: URL, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (body.trimStart().startsWith('<'))
      throw new SourceUnreachable(`${url.host} answered with a page instead of JSON at ${url.pathname}`);
    throw new Passing('sent JSON that breaks off or is malformed', undefined, error);
  }
}
