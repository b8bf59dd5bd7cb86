import { Octokit, RequestError } from 'octokit';
import { SourceUnreachable } from '#core/errors.ts';
import type { Http } from '#core/http.ts';
import { Passing, refusal } from '#core/http-failure.ts';
import type { Politeness } from '#core/politeness.ts';
import { textOf } from '../texts.ts';
import { essenceOf } from './repository.ts';

/** Requests that a minute may bring: searches, searches of code, and the rest, with a token and without. */
export const LANES = {
  search: { concurrency: 1, interval: 2_100, lane: 'search' },
  searchWithoutToken: { concurrency: 1, interval: 6_100, lane: 'search' },
  code: { concurrency: 1, interval: 6_100, lane: 'code' },
  graphql: { concurrency: 1, interval: 1_000, lane: 'graphql' },
  // Two thirds of the points that GitHub grants a minute.
  repository: { concurrency: 4, interval: 100, lane: 'repository' },
} as const satisfies Record<string, Politeness>;

function laneOf({ pathname }: URL, hasToken: boolean): Politeness {
  if (pathname.endsWith('/search/code')) return LANES.code;
  if (pathname.endsWith('/graphql')) return LANES.graphql;
  if (/\/(repositories\/\d+|repos\/[^/]+\/[^/]+)$/.test(pathname)) return LANES.repository;
  return hasToken ? LANES.search : LANES.searchWithoutToken;
}

/** What of an answer is read, so that the memory of a night is a tenth as large. */
function wanted(value: unknown): unknown {
  const { items } = Object(value) as { items?: unknown };
  if (!Array.isArray(items)) return essenceOf(value);
  const file = (one: { readonly path?: unknown; readonly repository?: unknown }) => ({
    path: one.path,
    repository: essenceOf(one.repository),
  });
  return { ...(value as object), items: items.map((one) => (Object(one).repository ? file(one) : essenceOf(one))) };
}

/** Octokit's limiters pace by numbers of their own; here every request already waits its turn at the host's queue. */
const UNPACED = {
  key: () => ({ schedule: (_: object, run: (...args: never[]) => unknown, ...args: never[]) => run(...args) }),
};

export interface GitHub {
  readonly host: string;
  /** Whether it has a token: without one there is neither GraphQL nor code search. */
  readonly hasToken: boolean;
  /** The answer to a GET. Rejects with `SourceUnreachable`. */
  get(path: string, parameters: Readonly<Record<string, string | number>>): Promise<unknown>;
  /** What a query brought, also where some of it failed: then with the errors. Rejects likewise. */
  graphql(query: string, variables: object): Promise<{ readonly data: unknown; readonly errors: readonly unknown[] }>;
}

/** A client of GitHub's API at `home`, whose requests go through `http`: queued, bounded, remembered. */
export function openGitHub(home: string, token: string | undefined, http: Http, stop: AbortSignal): GitHub {
  const { retries, patience, backoff } = http.limits;
  const fetch = http.fetchJson((url) => ({
    politeness: laneOf(url, token !== undefined),
    stop,
    ...(!url.pathname.endsWith('/graphql') && { wanted }),
  }));
  const wants = (seconds: number, _: object, __: object, tried: number) =>
    seconds * 1000 <= patience && tried < retries;
  const octokit = new Guarded({
    auth: token,
    baseUrl: home.replace(/\/+$/, ''),
    request: { fetch, signal: stop },
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    // Refusals for the time being are the throttling plug-in's, what broke on the way is the retry plug-in's.
    retry: { retries, retryAfterBaseValue: backoff, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
    throttle: {
      onRateLimit: wants,
      onSecondaryRateLimit: wants,
      retryAfterBaseValue: 2 * backoff,
      // GitHub wants a minute where it names no time; the longest pause that is waited out is as long.
      fallbackSecondaryRateRetryAfter: patience / 1000,
      ...({ global: UNPACED, search: UNPACED, write: UNPACED } as object),
    },
  });
  const ask = async <T>(path: string, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      stop.throwIfAborted();
      throw unreachable(new URL(path, home), error, http);
    }
  };
  return {
    host: new URL(home).host,
    hasToken: token !== undefined,
    get: (path, parameters) =>
      ask(path, async () => (await octokit.request(`GET /${path}`, parameters)).data as unknown),
    graphql: (query, variables) =>
      ask('graphql', async () => {
        const { data } = await octokit.request('POST /graphql', { query, variables });
        const { data: found, errors } = Object(data) as { data?: unknown; errors?: unknown };
        return { data: found, errors: Array.isArray(errors) ? errors : [] };
      }),
  };
}

/** Runs within the plug-ins, and tells them what a failure is by the marks that they go by. */
function marks(octokit: { hook: { error(name: 'request', tell: (error: unknown) => never): void } }): object {
  octokit.hook.error('request', (error) => {
    if (!(error instanceof RequestError)) throw error;
    const { status, response } = error;
    // What will not pass is tried again by status alone.
    if (error.cause instanceof SourceUnreachable) Object.assign(error, { status: 0 });
    // A limit is known by its status and its pause, however it is worded.
    const isLimited = status === 429 || (status === 403 && response?.headers['retry-after'] !== undefined);
    if (isLimited && !/secondary rate/i.test(error.message)) error.message += ' (secondary rate limit)';
    throw error;
  });
  return {};
}

class Guarded extends Octokit {
  static override plugins = [marks as unknown as (typeof Octokit.plugins)[number], ...Octokit.plugins];
}

function unreachable(url: URL, error: unknown, { limits }: Http): SourceUnreachable {
  const { cause, response } = error instanceof RequestError ? error : { cause: error, response: undefined };
  if (cause instanceof SourceUnreachable) return cause;
  if (cause instanceof Passing) return cause.givenUp(url, limits.retries);
  const headers = new Headers();
  for (const [name, value] of Object.entries(response?.headers ?? {})) headers.set(name, String(value));
  const why = response && refusal(url, { status: response.status, headers }, limits.patience);
  if (why instanceof SourceUnreachable) return why;
  if (why instanceof Passing) return why.givenUp(url, limits.retries);
  const said = textOf((error as Error | undefined)?.message, 200) ?? 'no reason given';
  return new SourceUnreachable(`${url.host} failed at ${url.pathname} (${said})`, { cause: error });
}
