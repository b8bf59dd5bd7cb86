import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace } from '#core/politeness.ts';
import { type Guard, whyOffLimits } from '#core/public-address.ts';
import { openPublicFetch } from '#core/public-fetch.ts';
import { withoutSecrets } from '#core/secrets.ts';
import type { Attempt, Enumeration } from '#domain/launch.ts';
import type { RemoteRef } from '#domain/server.ts';
import type { Heard } from '../converse.ts';
import type { Era } from '../handshake.ts';
import { LIMITS, type Limits } from '../limits.ts';
import { toolTokens } from '../tool-tokens.ts';
import { readTools } from '../tools.ts';
import { addressOf } from './address.ts';
import { type Asked, type AskOptions, ask } from './ask.ts';
import { authorizationOf } from './authorization.ts';
import { type Card, cardOf } from './card.ts';

export interface RemoteOptions extends Guard {
  readonly stop: AbortSignal;
  readonly userAgent: string;
  readonly limits?: Partial<Limits>;
  /** Headers of the user's own: sent to that server alone. With them its address may hold a credential as well. */
  readonly ownHeaders?: Readonly<Record<string, string>> | undefined;
  /** How it wanted to be greeted the last time. */
  readonly era?: Era | undefined;
  /** Whose turn it is at a host, where others ask it too; where absent nobody waits. */
  readonly pace?: Pace | undefined;
}

/** An enumeration of a server elsewhere. Its card, where it has one and did not list, is its publisher's word: static. */
export type RemoteEnumeration = Enumeration & { readonly card?: Card };

/** Bounds on all that is asked of a server that did not list: what it advertises, and its card. */
const ASIDE = { bytes: 1024 * 1024, allBytes: 4 * 1024 * 1024, requests: 40 };
const ASIDE_MS = 10_000;
/** Ends after which it is not worth asking further. */
const HOPELESS = ['timeout', 'flood', 'off-limits'];
/** Milliseconds from one server at a host to the next, whoever asks: some hosts have thousands of servers. */
const BETWEEN = 1_000;

/**
 * Asks a server elsewhere for its tools, over Streamable HTTP or HTTP with SSE, and over the other where it does not speak
 * the one that its listing names. No credential is sent but those given, and nothing but the public internet asked. However it ends, the
 * end is data; rejects only for bugs and with the reason of an aborted `stop`.
 */
export async function enumerateRemote(remote: RemoteRef, given: RemoteOptions): Promise<RemoteEnumeration> {
  const options: AskOptions = { ...given, limits: { ...LIMITS, ...given.limits } };
  options.stop.throwIfAborted();
  const hopeless = unaskable(remote, options);
  const url = hopeless ? undefined : new URL(addressOf(remote).url);
  if (url) await turnAt(url, given);
  const began = performance.now();
  const found = hopeless ?? (await visit(remote, url!, options, given.era));
  return { ...found, remote: withoutSecrets(remote.url), ms: performance.now() - began };
}

type Found = Omit<RemoteEnumeration, 'ms'>;
const NOTHING = { wants: [], tools: [], rejections: [], attempts: [] };

/** Waits until it is our turn at the host, with whoever else asks it. */
async function turnAt({ host }: URL, { pace, stop }: RemoteOptions): Promise<void> {
  const wait = (await pace?.turn(host, BETWEEN)) ?? 0;
  if (wait > 0) await sleep(wait, undefined, { signal: stop }).catch(() => stop.throwIfAborted());
}

/** Why its address cannot or must not be asked; undefined where it can. */
function unaskable(remote: RemoteRef, options: AskOptions): Found | undefined {
  const { url: address, missing } = addressOf(remote);
  if (missing.length > 0) {
    const detail = 'Its address has parts that only its user can fill in.';
    return {
      ...NOTHING,
      outcome: 'wants-credentials',
      phase: 'resolve',
      reason: 'placeholder',
      detail,
      wants: missing,
    };
  }
  const why = whyNot(address, options);
  return why === undefined
    ? undefined
    : { ...NOTHING, outcome: 'failed', phase: 'resolve', reason: 'off-limits', detail: `${why}.` };
}

async function visit(remote: RemoteRef, url: URL, options: AskOptions, given: Era | undefined): Promise<Found> {
  const attempts: Attempt[] = [];
  const done = new Set<string>();
  for (let [type, era] = [remote.type, given]; ; ) {
    // The older transport is of the older era.
    const asked = await ask(type, url, type === 'sse' ? 'initialize' : (era ?? 'discover'), options);
    attempts.push(asked.attempt);
    if (asked.heard) return listed(asked.heard, attempts, options.limits);
    const { next } = asked.ending;
    if (next === undefined || done.has(next)) return unlisted(remote, url, asked, attempts, options);
    // Each may help once.
    done.add(next);
    if (next === 'initialize') era = 'initialize';
    if (next === 'other-transport') type = type === 'sse' ? 'streamable-http' : 'sse';
  }
}

function whyNot(address: string, guard: Guard & Pick<RemoteOptions, 'ownHeaders'>): string | undefined {
  if (!URL.canParse(address)) return 'What stands for its address is none';
  // Whoever listed it may have left a key of theirs there.
  if (!guard.ownHeaders && withoutSecrets(address) !== address) return 'Its address holds what looks like a credential';
  return whyOffLimits(new URL(address), guard);
}

async function listed(heard: Heard, attempts: readonly Attempt[], limits: Limits): Promise<Found> {
  const { listed: raw, cut, ...facts } = heard;
  const { tools, rejections } = readTools(raw, limits);
  const last = { ...attempts.at(-1)!, toolCount: tools.length };
  const tokens = await toolTokens(tools);
  return {
    outcome: 'listed',
    ...(cut && { phase: 'list', reason: cut, detail: 'The list was cut off: it did not come to an end.' }),
    wants: [],
    tools,
    rejections,
    attempts: [...attempts.slice(0, -1), last],
    context: last.context,
    provenance: 'listed',
    ...facts,
    ...(tokens !== undefined && { tokens }),
  };
}

async function unlisted(
  { headers = [] }: RemoteRef,
  url: URL,
  { ending, denial }: Exclude<Asked, { heard: Heard }>,
  attempts: readonly Attempt[],
  options: AskOptions,
): Promise<Found> {
  const { stop, limits } = options;
  const { phase, reason, detail, wantsCredentials } = ending;
  // The headers that its listing names are what it wants, not what a stranger in between asks for.
  const wants = wantsCredentials ? headers.filter((one) => one.required || one.secret).map(({ name }) => name) : [];
  const base = {
    ...NOTHING,
    outcome: wantsCredentials ? 'wants-credentials' : 'failed',
    phase,
    reason,
    detail,
  } as const;
  if (phase === 'start' || HOPELESS.includes(reason)) return { ...base, wants, attempts };
  await using outside = openPublicFetch({ ...options, limits: ASIDE });
  const signal = AbortSignal.any([stop, AbortSignal.timeout(ASIDE_MS)]);
  const fetch = ((at: string | URL, init?: object) =>
    outside.fetch(at, { ...init, signal })) as typeof globalThis.fetch;
  const isAllowed = (at: string) => URL.canParse(at) && whyOffLimits(new URL(at), options) === undefined;
  const authorization = denial && (await authorizationOf(url, denial, fetch, isAllowed));
  const card = await cardOf(url, fetch, limits);
  stop.throwIfAborted();
  return { ...base, wants, attempts, ...(authorization && { authorization }), ...(card && { card }) };
}
