import { fingerprint } from '#core/hash.ts';
import { type Pace, pauseAsked } from '#core/politeness.ts';
import type { Guard } from '#core/public-address.ts';
import { openPublicFetch, TooLong } from '#core/public-fetch.ts';
import type { Attempt, LaunchContext } from '#domain/launch.ts';
import type { RemoteRef } from '#domain/server.ts';
import { Broken, converse, type Heard } from '../converse.ts';
import type { Era } from '../handshake.ts';
import type { Limits } from '../limits.ts';
import { type Ending, endingOf } from './ending.ts';
import { openEndpoint } from './endpoint.ts';

/** Requests of one conversation: the pages of four lists, and what surrounds them. */
const REQUESTS = 250;
/** Milliseconds; a host that asks to be left alone for longer is left alone for these. */
const LONGEST_PAUSE = 60_000;

export interface AskOptions extends Guard {
  readonly stop: AbortSignal;
  readonly userAgent: string;
  readonly limits: Limits;
  /** Headers of the user's own for that server. */
  readonly ownHeaders?: Readonly<Record<string, string>> | undefined;
  readonly pace?: Pace | undefined;
}

/** What came of one conversation over one transport: what was heard, or why nothing. */
export type Asked = { readonly attempt: Attempt } & (
  | { readonly heard: Heard }
  | { readonly heard?: never; readonly ending: Ending; readonly denial?: Response | undefined }
);

/** Nothing of ours runs, so what decides results are the bounds on a conversation. */
function contextOf({ init, probe, list, attempt, stdout, pages, tools }: Limits): LaunchContext {
  const profile = fingerprint({ init, probe, list, attempt, stdout, pages, tools, requests: REQUESTS }).slice(0, 16);
  return { args: [], envNames: [], sandbox: 'remote', profile };
}

/** One conversation with a server elsewhere. Rejects only for bugs and with the reason of an aborted `stop`. */
export async function ask(type: RemoteRef['type'], url: URL, era: Era, options: AskOptions): Promise<Asked> {
  const { stop, limits } = options;
  const began = performance.now();
  await using outside = openPublicFetch({
    ...options,
    own: options.ownHeaders && { origin: url.origin, headers: options.ownHeaders },
    limits: { idle: limits.init, bytes: limits.stdout, allBytes: limits.stdout, requests: REQUESTS },
  });
  const heed = async (headers: Headers) => {
    const pause = pauseAsked(headers);
    if (pause !== undefined) await options.pace?.pause(url.host, Math.min(pause, LONGEST_PAUSE));
  };
  const signal = AbortSignal.any([stop, AbortSignal.timeout(limits.attempt)]);
  const endpoint = openEndpoint(type, url, outside, { signal, init: limits.init, heed });
  const base = { rung: type, context: contextOf(limits) };
  try {
    const heard = await converse(endpoint, limits, era);
    const { protocolVersion, listed, cut } = heard;
    const more = { protocolVersion, toolCount: listed.length, ...(cut && { phase: 'list' as const, reason: cut }) };
    return { attempt: { ...base, outcome: 'listed', ...more, ms: performance.now() - began }, heard };
  } catch (error) {
    stop.throwIfAborted();
    if (!(error instanceof Broken)) throw error;
    // Who reads a stream does not always say why it ended.
    if (outside.cutOff) endpoint.trace.failure = new TooLong(`${url.host} sent more than ${limits.stdout} bytes`);
    const ending = endingOf(type, url, error, endpoint);
    const { phase, reason, detail } = ending;
    const attempt = { ...base, outcome: 'failed' as const, phase, reason, detail, ms: performance.now() - began };
    return { attempt, ending, denial: endpoint.trace.denial };
  } finally {
    await endpoint.leave();
  }
}
