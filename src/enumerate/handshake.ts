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
  return { protocolVersion, serverInfo, capabilities: Object(said.capabilities), instructions, meta: {} };
}

/**
 * Greets a server in the era that is the likelier, then in the other. A server of the older era answers
 * `server/discover` at once with an error; one that says nothing to it may be slow, or pass over what it does not know,
 * and is asked to initialize as well after `limits.probe`; after twice that it is given up.
 */
export async function greet(peer: Peer, channel: Channel, era: Era, limits: Limits): Promise<Greeting> {
  const other = (error: unknown, ask: typeof initialize) => {
    if (error instanceof Answered || channel.reached?.()) return ask(peer, channel, limits.init);
    throw error;
  };
  if (era === 'initialize') {
    return initialize(peer, channel, limits.init).catch((error) =>
      other(error, discover).catch(() => {
        throw error;
      }),
    );
  }
  const asked = discover(peer, channel, 2 * limits.probe);
  const settled = asked.then(
    () => true,
    () => true,
  );
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<false>((done) => {
    timer = setTimeout(done, limits.probe, false);
  });
  const isSettled = await Promise.race([settled, silence]);
  clearTimeout(timer);
  if (isSettled) return asked.catch((error) => other(error, initialize));
  const hello = initialize(peer, channel, limits.init);
  hello.catch(() => {});
  return Promise.race([
    hello,
    asked.catch((error) => {
      if (error instanceof Answered) return hello;
      throw error;
    }),
  ]);
}
