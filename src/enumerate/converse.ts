import type { JsonObject } from '#domain/tool.ts';
import { type Era, type Greeting, greet, Ungreeted } from './handshake.ts';
import type { Limits } from './limits.ts';
import { asides, type Listing, listing } from './listing.ts';
import { type Channel, type Peer, peerOver, Silent } from './peer.ts';
import { readFacts } from './tools.ts';

export interface Heard {
  readonly listed: readonly unknown[];
  readonly protocolVersion: string;
  readonly serverInfo?: JsonObject;
  readonly capabilities?: JsonObject;
  readonly instructions?: string;
  readonly prompts?: readonly JsonObject[];
  /** Templates among them have a `uriTemplate` in place of a `uri`. */
  readonly resources?: readonly JsonObject[];
  /** Why the list was cut off, where it was. */
  readonly cut?: Listing['cut'];
}

/** Which part of a conversation failed, and how; `cause` is what the channel said of it. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly phase: 'handshake' | 'list';
  readonly reason: 'timeout' | 'protocol' | 'closed';
  /** Whether `server/discover` may be what broke it, and a new start that begins with `initialize` may go better. */
  readonly byDiscover: boolean;

  constructor(phase: 'handshake' | 'list', error: unknown, channel: Channel, byDiscover: boolean) {
    super(error instanceof Error ? error.message : String(error), { cause: error });
    this.phase = phase;
    this.reason = channel.gone?.() ? 'closed' : error instanceof Silent ? 'timeout' : 'protocol';
    this.byDiscover = byDiscover;
  }
}

/**
 * Handshake, then every page of the tool list, then prompts and resources, whose failure costs nothing. `era` is how the
 * server wanted to be greeted the last time, if there was one. Rejects with `Broken`.
 */
export async function converse(channel: Channel, limits: Limits, era: Era = 'discover'): Promise<Heard> {
  let [peer, greeting]: [Peer?, Greeting?] = [];
  try {
    peer = await peerOver(channel);
    greeting = await greet(peer, channel, era, limits);
  } catch (error) {
    if (error instanceof Ungreeted) throw new Broken('handshake', error.cause, channel, error.byDiscover);
    throw new Broken('handshake', error, channel, false);
  }
  const { protocolVersion } = greeting;
  let tools: Listing;
  try {
    tools = await toolsOf(peer, greeting, limits);
  } catch (error) {
    throw new Broken('list', error, channel, greeting.byDiscover);
  }
  const serverInfo = readFacts(greeting.serverInfo, limits);
  const capabilities = readFacts(greeting.capabilities, limits);
  const { instructions } = greeting;
  return {
    listed: tools.items,
    protocolVersion,
    ...(serverInfo && { serverInfo }),
    ...(capabilities && { capabilities }),
    ...(typeof instructions === 'string' && {
      instructions: instructions.slice(0, limits.factBytes).toWellFormed(),
    }),
    ...(await asides(peer, greeting, limits)),
    ...(tools.cut && { cut: tools.cut }),
  };
}

/** Tools of a server that does not say that it has any are asked for all the same: agents may ask as well. */
async function toolsOf(peer: Peer, greeting: Greeting, limits: Limits): Promise<Listing> {
  const bounds = { ms: limits.list, pages: limits.pages, items: limits.tools };
  const tools = listing(peer, 'tools/list', 'tools', greeting.meta, bounds);
  return greeting.capabilities.tools ? tools : tools.catch(() => ({ items: [] }));
}
