import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import pRetry from 'p-retry';
import { retryAfter, turnstile, waitFor } from '#core/politeness.ts';
import { scrub } from '#core/text.ts';
import type { Budget } from './budget.ts';
import { requestTokens } from './chunks.ts';
import type { JudgeRequest } from './prompt.ts';
import { usageOf } from './read.ts';

/** Where a judge is reached, and how long it is waited for; times in milliseconds. */
export interface Service {
  readonly key: string;
  readonly url: string;
  readonly timeout?: number;
  readonly retries?: number;
  /** Before the first retry; each further one waits twice as long. */
  readonly backoff?: number;
  /** The longest pause that is waited out. */
  readonly patience?: number;
}

const USUAL = { timeout: 180_000, retries: 3, backoff: 1_000, patience: 60_000 };
/** Tokens that another model's encoding may count beyond ours, as a factor, and those of the protocol around them. */
const MARGIN = { factor: 1.5, extra: 200 };

/** Requests that the service refused for themselves, after which it is taken to refuse all. */
const REFUSALS = 3;

/** Why no answer came. `over`: the service is not asked again in this run. */
export interface NoAnswer {
  readonly why: string;
  readonly over: boolean;
}

/** A failure that may pass, with the pause that was asked for. */
class Passing extends Error {}
/** One that stays: for this request, or (`over`) for all. */
class Staying extends Error {
  readonly over: boolean;
  constructor(message: string, over: boolean) {
    super(message);
    this.over = over;
  }
}

/** A client of the service, without retries of its own: every try is weighed against the budget. */
export function openClient({ key, url, timeout = USUAL.timeout }: Service): OpenAI {
  return new OpenAI({ apiKey: key, baseURL: url, maxRetries: 0, timeout, logLevel: 'off' });
}

/** Asks one request at a time or several at once; shares one pause among them. */
export type Ask = (request: JudgeRequest, stop: AbortSignal) => Promise<{ readonly completion: unknown } | NoAnswer>;

/**
 * The live way to ask. Tries again what may pass (429 after its Retry-After, 5xx, timeouts, broken connections) and
 * spends no token past the budget; rejects only with the reason of an aborted `stop`.
 */
export function liveAsk(client: OpenAI, service: Service, budget: Budget): Ask {
  const { retries, backoff, patience } = { ...USUAL, ...service };
  const door = turnstile({ concurrency: 1, interval: 0 });
  let over: string | undefined;
  let refusals = 0;

  async function once(request: JudgeRequest, input: number, stop: AbortSignal): Promise<unknown> {
    await waitFor(door, stop);
    const reserve = budget.reserve({ input, output: request.body.max_completion_tokens });
    if (!reserve) throw new Staying('the budget of this run is spent', true);
    try {
      const body = request.body as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;
      const completion: unknown = await client.chat.completions.create(body, { signal: stop });
      reserve.settle(usageOf(completion));
      return completion;
    } catch (error) {
      // An error status is an answer that is not charged for; of silence nobody knows what it cost.
      if (error instanceof APIError && error.status !== undefined) reserve.giveBack();
      else if (isDead(error)) reserve.giveBack();
      else reserve.settle(undefined);
      stop.throwIfAborted();
      throw judged(error);
    }
  }

  function judged(error: unknown): Error {
    if (isDead(error)) return new Staying('the service cannot be reached', true);
    if (error instanceof APIConnectionTimeoutError) return new Passing('the service was too slow');
    if (!(error instanceof APIError) || error.status === undefined || error instanceof APIUserAbortError)
      return new Passing('the service broke the connection or the answer');
    const pause = retryAfter(error.headers?.get('retry-after') ?? null);
    if (pause !== undefined && pause > patience)
      return new Staying(`the service asks to be left alone for ${Math.ceil(pause / 1000)} s`, true);
    if (pause !== undefined) door.notBefore = Math.max(door.notBefore, Date.now() + pause);
    const said = `the service answered ${error.status}`;
    if (error.code === 'insufficient_quota') return new Staying(`${said}: the account has no credit left`, true);
    if (error.status === 408 || error.status === 429 || error.status >= 500) return new Passing(said);
    const detail = scrub(String(error.message).replaceAll(service.key, '[key]')).slice(0, 200);
    return new Staying(`${said}: ${detail}`, [401, 403, 404].includes(error.status));
  }

  return async (request, stop) => {
    if (over !== undefined) return { why: over, over: true };
    const input = Math.ceil((await requestTokens(request)) * MARGIN.factor) + MARGIN.extra;
    try {
      const completion = await pRetry(() => once(request, input, stop), {
        retries,
        minTimeout: backoff,
        maxTimeout: patience,
        randomize: true,
        signal: stop,
        shouldRetry: ({ error }) => error instanceof Passing,
      });
      return { completion };
    } catch (error) {
      stop.throwIfAborted();
      const why =
        error instanceof Passing ? `${error.message}, also after ${retries} more tries` : (error as Error).message;
      // What fails after all its tries will most likely fail for the next server too, at the price of as many tries.
      if (error instanceof Staying && !error.over) refusals++;
      else if (!(error instanceof Passing || error instanceof Staying)) throw error;
      if (error instanceof Passing || (error as Staying).over || refusals >= REFUSALS) over = why;
      return { why, over: over !== undefined };
    }
  };
}

/** Nothing listens there, or the name leads nowhere. */
function isDead(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { readonly code?: unknown };
    if (
      /^(?:ENOTFOUND|EAI_\w+|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|\w*CERT\w*)$/.test(
        String(code),
      )
    )
      return true;
  }
  return error instanceof APIConnectionError && /certificate/i.test(error.message);
}
