import { type JSONRPCMessage, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { PublicFetch, PublicInit } from '#core/public-fetch.ts';
import type { RemoteRef } from '#domain/server.ts';
import { type Channel, Silent } from '../peer.ts';

/** What was seen of an endpoint beside what it said. */
export interface Trace {
  /** Of the last answer to a handshake or a request. */
  status?: number;
  /** The answer with which it refused us for who we are. */
  denial?: Response;
  /** Why there was no answer at all. */
  failure?: Error;
}

export interface Endpoint extends Channel {
  readonly trace: Trace;
  /** Whether it keeps a session for us. */
  hasSession(): boolean;
  /** Ends the conversation, and the session that a server would keep for us. */
  leave(): Promise<void>;
}

/** Milliseconds for saying goodbye. */
const GOODBYE = 2_000;

/**
 * A conversation with a server elsewhere, through the SDK's transport of that kind and our own `fetch`. `init`:
 * milliseconds until the older transport has told its address for messages; `heed` hears how long the host asks to be left
 * alone.
 */
export function openEndpoint(
  type: RemoteRef['type'],
  url: URL,
  outside: PublicFetch,
  {
    signal,
    init,
    heed,
  }: { readonly signal: AbortSignal; readonly init: number; heed(headers: Headers): Promise<void> },
): Endpoint {
  const trace: Trace = {};
  let streams = 0;
  const fetch = async (address: string | URL, asked: PublicInit = {}) => {
    // The SDK would open a stream that breaks off again and again, as fast as the server asks it to.
    if (type === 'sse' && asked.method !== 'POST' && ++streams > 1) {
      void transport.close();
      throw new Error('the stream broke off');
    }
    const signals = [signal, asked.signal].filter((one) => one != null);
    try {
      const response = (await outside.fetch(address, {
        ...asked,
        signal: AbortSignal.any(signals as AbortSignal[]),
      })) as unknown as Response;
      await heed(response.headers);
      const { status } = response;
      // The stream for what a server says unasked is an offer that most turn down.
      if (type === 'sse' || asked.method === 'POST') trace.status = status;
      if (status === 401 || (status === 403 && response.headers.has('www-authenticate'))) trace.denial = response;
      return response;
    } catch (error) {
      trace.failure = error as Error;
      throw error;
    }
  };
  // Redirects are followed by our own fetch, under its rules.
  const options = { fetch: fetch as typeof globalThis.fetch, redirectPolicy: 'follow' as const };
  const transport =
    type === 'sse'
      ? new SSEClientTransport(url, options)
      : new StreamableHTTPClientTransport(url, { ...options, reconnectionOptions: NO_RECONNECTION });
  const streamable = transport instanceof StreamableHTTPClientTransport ? transport : undefined;
  const endpoint: Endpoint = {
    trace,
    async start() {
      transport.onmessage = (message) => endpoint.onmessage?.(message);
      transport.onclose = () => endpoint.onclose?.();
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Silent(`no address for messages after ${init} ms`)), init);
      });
      await Promise.race([transport.start(), silence]).finally(() => clearTimeout(timer));
    },
    send(message) {
      // A stream that ends without an answer would leave its request waiting for nothing.
      const onRequestStreamEnd = () => {
        const { id } = message as { id?: unknown };
        endpoint.onmessage?.({ id, error: { code: -32000, message: 'the stream ended without an answer' } });
      };
      const sent = message as JSONRPCMessage;
      return streamable ? streamable.send(sent, { onRequestStreamEnd }) : transport.send(sent);
    },
    close: () => transport.close(),
    setProtocolVersion: (version) => transport.setProtocolVersion(version),
    reached: () => trace.status !== undefined,
    hasSession: () => streamable?.sessionId !== undefined,
    async leave() {
      const timer = setTimeout(() => void transport.close(), GOODBYE);
      await streamable?.terminateSession().catch(() => {});
      clearTimeout(timer);
      await transport.close();
    },
  };
  return endpoint;
}

/** A stream that breaks off is not taken up again: a hostile one would break off for ever. */
const NO_RECONNECTION = {
  maxRetries: 0,
  initialReconnectionDelay: 1_000,
  maxReconnectionDelay: 1_000,
  reconnectionDelayGrowFactor: 1,
};
