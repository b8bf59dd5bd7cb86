import { failure } from '#core/http-failure.ts';
import { OffLimits } from '#core/public-address.ts';
import { TooLong } from '#core/public-fetch.ts';
import { scrub } from '#core/text.ts';
import type { Attempt } from '#domain/launch.ts';
import type { RemoteRef } from '#domain/server.ts';
import type { Broken } from '../converse.ts';
import { asksForCredentials } from '../credentials.ts';
import { Answered } from '../peer.ts';
import type { Endpoint } from './endpoint.ts';

/** Why a conversation with a server elsewhere failed, and what may go better. */
export interface Ending extends Required<Pick<Attempt, 'phase' | 'reason' | 'detail'>> {
  readonly wantsCredentials: boolean;
  /** To begin with `initialize`, to speak the other transport, or to begin a new session. */
  readonly next?: 'initialize' | 'other-transport' | 'new-session' | undefined;
}

export function endingOf(type: RemoteRef['type'], url: URL, broken: Broken, endpoint: Endpoint): Ending {
  const { trace } = endpoint;
  const [reason, detail, wantsCredentials = false] = told(url, broken, endpoint);
  return {
    phase: trace.status === undefined ? 'start' : broken.phase,
    reason,
    detail: scrub(detail).slice(0, 500),
    wantsCredentials,
    next: trace.denial ? undefined : nextOf(type, broken, endpoint, reason),
  };
}

/** Why, in a word and in a sentence, and whether that is for want of credentials. */
function told({ host, href }: URL, broken: Broken, { trace }: Endpoint): readonly [string, string, boolean?] {
  const { failure: why, status, denial } = trace;
  if (denial) return ['unauthorized', `${host} answered ${denial.status}: it wants credentials.`, true];
  if (why instanceof OffLimits) return ['off-limits', `${why.message}.`];
  if (why instanceof TooLong) return ['flood', `${why.message}.`];
  const isLate = why?.name === 'TimeoutError' || /(HEADERS|BODY)_TIMEOUT/.test(codeOf(why));
  if (broken.reason === 'timeout' || isLate) return ['timeout', 'It gave no answer in time.'];
  if (broken.cause instanceof Answered) return ['protocol', broken.message, asksForCredentials(broken.message)];
  if (status !== undefined && (status < 200 || status > 299))
    return [status === 403 ? 'forbidden' : 'http-error', `${host} answered ${status}.`];
  if (!why) return ['protocol', broken.message];
  const { message } = failure(new URL(href), why);
  const sentence = message.startsWith(host) ? `${message}.` : `${host} ${message}.`;
  return [/secure connection/.test(message) ? 'tls' : 'unreachable', sentence];
}

/** Statuses with which a server that speaks only the other transport answers the handshake (MCP 2025-11-25, transports). */
const OTHER = [400, 404, 405, 406, 415];

function nextOf(type: RemoteRef['type'], broken: Broken, endpoint: Endpoint, reason: string): Ending['next'] {
  const { status, failure: why } = endpoint.trace;
  const isHandshake = broken.phase === 'handshake';
  // A server that dies of what it does not know hangs up; one that cannot be reached is not the better for another word.
  const hungUp = /ECONNRESET|UND_ERR_SOCKET/.test(codeOf(why));
  const mayBeEra = isHandshake
    ? reason === 'timeout' || hungUp
    : ['timeout', 'protocol', 'http-error'].includes(reason);
  if (status === 404 && endpoint.hasSession()) return 'new-session';
  if (broken.byDiscover && mayBeEra) return 'initialize';
  const noStream = type === 'sse' && status === 200 && reason === 'protocol';
  const isOther = isHandshake && (noStream || (status !== undefined && OTHER.includes(status)));
  return isOther ? 'other-transport' : undefined;
}

/** The code of what broke a request, which `fetch` wraps; empty where it has none. */
function codeOf(why: Error | undefined): string {
  return String(Object(why?.cause).code ?? '');
}
