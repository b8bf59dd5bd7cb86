import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '#domain/tool.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { Limits } from './limits.ts';
import { Answered, type Channel, type Peer } from './peer.ts';

/** How a conversation begins: `server/discover` since protocol 2026-07-28, `initialize` before. */
export type Era = 'discover' | 'initialize';

/** The newest protocol of each era. */
const [MODERN, LEGACY] = ['2026-07-28', '2025-11-25'];
const CLIENT = { name: 'plimsoll', version: manifest.version };
const PREFIX = 'io.modelcontextprotocol';
/** Every request of the newer era says who asks, and what it could do if it were asked in its turn. */
const META = {
  [`${PREFIX}/protocolVersion`]: MODERN,
  [`${PREFIX}/clientInfo`]: CLIENT,
  [`${PREFIX}/clientCapabilities`]: { roots: {}, sampling: {}, elicitation: { form: {}, url: {} } },
};

/** The era to begin with at a server that spoke this protocol the last time. Protocols are named by their dates. */
export function eraOf(protocolVersion: string | undefined): Era | undefined {
  if (protocolVersion === undefined || !/^\d{4}-\d\d-\d\d$/.test(protocolVersion)) return undefined;
  return protocolVersion >= MODERN ? 'discover' : 'initialize';
}

/** What a server said of itself, unchecked but for the version. */
export interface Greeting {
  readonly protocolVersion: string;
  readonly serverInfo: unknown;
  readonly capabilities: JsonObject;
  readonly instructions: unknown;
  /** Goes with the parameters of every further request. */
  readonly meta: object;
  /** Whether what fails later may be for `server/discover`, and go better after a new start with `initialize`. */
  readonly byDiscover: boolean;
}

async function discover(peer: Peer, channel: Channel, ms: number): Promise<Greeting> {
  const said = await peer.request('server/discover', { _meta: META }, ms);
  const { supportedVersions, capabilities, instructions } = said;
  // Servers that answer what they do not know with something are of the older era.
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(MODERN))
    throw new Answered(`its answer to server/discover does not name ${MODERN}`);
  channel.setProtocolVersion?.(MODERN);
  const serverInfo = Object(said._meta)[`${PREFIX}/serverInfo`] ?? said.serverInfo;
  return {
    protocolVersion: MODERN,
    serverInfo,
    capabilities: Object(capabilities),
    instructions,
    meta: { _meta: META },
    byDiscover: true,
  };
}

async function initialize(peer: Peer, channel: Channel, ms: number): Promise<Greeting> {
  const capabilities = { roots: {}, sampling: {}, elicitation: {} };
  const said = await peer.request('initialize', { protocolVersion: LEGACY, capabilities, clientInfo: CLIENT }, ms);
  const { protocolVersion, serverInfo, instructions } = said;
  if (typeof protocolVersion !== 'string') throw new Answered('its answer to initialize names no protocol version');
  channel.setProtocolVersion?.(protocolVersion);
  // What a server makes of a notification is its own affair.
  await peer.notify('notifications/initialized').catch(() => {});
  return {
    protocolVersion,
    serverInfo,
    capabilities: Object(said.capabilities),
    instructions,
    meta: {},
    byDiscover: false,
  };
}

/** A server could not be greeted; `cause` says why. */
export class Ungreeted extends Error {
  override readonly name = 'Ungreeted';
  /** Whether `server/discover` may be why, and a new start that begins with `initialize` may go better. */
  readonly byDiscover: boolean;

  constructor(cause: unknown, byDiscover: boolean) {
    super('the server could not be greeted', { cause });
    this.byDiscover = byDiscover;
  }
}

/** Greets a server in the era that is the likelier, then in the other. Rejects with `Ungreeted`. */
export async function greet(peer: Peer, channel: Channel, era: Era, limits: Limits): Promise<Greeting> {
  let byDiscover = era === 'discover';
  /** The other way, where it is worth a try. */
  const other = (error: unknown, ask: typeof initialize) => {
    if (error instanceof Answered && error.unknown) byDiscover = false;
    if (error instanceof Answered || channel.reached?.()) return ask(peer, channel, limits.init);
    throw error;
  };
  try {
    if (era === 'discover') return await probe(peer, channel, limits, other);
    return await initialize(peer, channel, limits.init).catch((error) =>
      other(error, discover).catch(() => {
        throw error;
      }),
    );
  } catch (error) {
    throw new Ungreeted(error, byDiscover);
  }
}

/**
 * Asks with `server/discover`, which a server of the older era answers at once with an error. One that says nothing to it
 * may be slow, or pass over what it does not know: after `limits.probe` it is asked to initialize as well, and given up
 * where it then says nothing for as long again.
 */
async function probe(
  peer: Peer,
  channel: Channel,
  limits: Limits,
  other: (error: unknown, ask: typeof initialize) => Promise<Greeting>,
): Promise<Greeting> {
  const asked = discover(peer, channel, 2 * limits.probe);
  const answered = asked.then(
    () => true,
    () => true,
  );
  const patience = new AbortController();
  const silent = sleep(limits.probe, false, { signal: patience.signal }).catch(() => true);
  const isAnswered = await Promise.race([answered, silent]);
  patience.abort();
  if (isAnswered) return asked.catch((error) => other(error, initialize));
  const hello = initialize(peer, channel, limits.init).then((greeting) => ({ ...greeting, byDiscover: true }));
  // Whichever comes second is of no interest, nor how it fails.
  hello.catch(() => {});
  return Promise.race([hello, asked.catch((error) => other(error, () => hello))]);
}
