import type { JsonObject } from '#domain/tool.ts';
import type { Message } from './message.ts';

/** Written as a method, so that a handler of narrower messages fits as well. */
type Handler = { handle(message: Message): void }['handle'];

/** What carries messages to a server and back: the transports of the SDKs are such, and so is ours. */
export interface Channel {
  onmessage?: Handler | undefined;
  onclose?: (() => void) | undefined;
  start(): Promise<void>;
  send(message: object): Promise<void>;
  close(): Promise<void>;
  setProtocolVersion?: ((version: string) => void) | undefined;
  /** Whether the server ended, rather than the conversation being closed. */
  gone?(): boolean;
  /** Whether it has answered anything at all, where that can be told: over HTTP it has a status for what it does not know. */
  reached?(): boolean;
}

/** The server answered a request with an error. */
export class Answered extends Error {
  override readonly name = 'Answered';
  /** Whether it said that it does not know the method, as it should of one that it does not know. */
  readonly unknown: boolean;

  constructor(message: string, code?: number) {
    super(message);
    this.unknown = code === -32601;
  }
}

/** The server did not answer a request in time. */
export class Silent extends Error {
  override readonly name = 'Silent';
}

const CLOSED = 'The connection was closed.';

/** A client's half of a conversation. */
export interface Peer {
  /** The result of a request; rejects with `Answered`, `Silent` after `ms`, or the channel's own failure. */
  request(method: string, params: object, ms: number): Promise<JsonObject>;
  notify(method: string): Promise<void>;
}

/**
 * Speaks JSON-RPC over a channel that is not started yet. The SDKs' own clients would do, did the one of 1.x speak the
 * newer protocol, and did the one of 2.x not refuse a whole page there for one malformed tool in it before its caller
 * sees any.
 */
export async function peerOver(channel: Channel): Promise<Peer> {
  const waiting = new Map<unknown, PromiseWithResolvers<JsonObject>>();
  let [asked, closed] = [0, false];

  const before = channel.onmessage;
  channel.onmessage = (message) => {
    before?.(message);
    const { id, method, result, error } = message;
    if (method !== undefined) {
      if (id !== undefined) void channel.send({ jsonrpc: '2.0', id, ...answerTo(method) }).catch(() => {});
      return;
    }
    const request = waiting.get(id);
    waiting.delete(id);
    if (error) request?.reject(new Answered(`MCP error ${error.code}: ${error.message}`, error.code));
    else request?.resolve(Object(result) as JsonObject);
  };
  channel.onclose = () => {
    closed = true;
    for (const request of waiting.values()) request.reject(new Error(CLOSED));
    waiting.clear();
  };
  await channel.start();

  return {
    async request(method, params, ms) {
      if (closed) throw new Error(CLOSED);
      const id = ++asked;
      const request = Promise.withResolvers<JsonObject>();
      waiting.set(id, request);
      const timer = setTimeout(() => request.reject(new Silent(`no answer to ${method} after ${ms} ms`)), ms);
      channel.send({ jsonrpc: '2.0', id, method, params }).catch(request.reject);
      try {
        return await request.promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    notify: (method) => channel.send({ jsonrpc: '2.0', method }),
  };
}

/** A client that declares all that a full one can do, because some tools show only then, and does none of it. */
function answerTo(method: string): object {
  switch (method) {
    case 'ping':
      return { result: {} };
    case 'roots/list':
      return { result: { roots: [] } };
    case 'elicitation/create':
      return { result: { action: 'decline' } };
    case 'sampling/createMessage':
      return { error: { code: -32600, message: 'This client only lists tools.' } };
    default:
      return { error: { code: -32601, message: 'Method not found' } };
  }
}
