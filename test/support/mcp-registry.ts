import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, send } from './faults.ts';

/** One version of a server as the official registry holds it. */
export interface RegistryEntry {
  readonly server: { readonly name: string; readonly version: string; readonly [field: string]: unknown };
  readonly updatedAt?: string;
  readonly status?: 'active' | 'deprecated' | 'deleted';
  readonly isLatest?: boolean;
}

/** What goes wrong with the next requests; `times` is how often (default: always). */
export interface RegistryFault extends Fault {
  readonly times?: number;
  /** Only for requests with this cursor; `''` is the first page. */
  readonly cursor?: string;
  /** Names this as the next cursor, whatever the page. */
  readonly nextCursor?: string;
  /** Changes entries before they are sent. */
  readonly mangle?: (entry: Record<string, unknown>) => unknown;
}

/** A registry that speaks the official API on a port of 127.0.0.1, and misbehaves on request. */
export interface McpRegistry extends AsyncDisposable {
  readonly url: string;
  /** Query of every request, in order. */
  readonly asked: URLSearchParams[];
  readonly headers: IncomingMessage['headers'][];
  readonly entries: RegistryEntry[];
  fault(fault: RegistryFault): void;
}

/** Starts a registry with these entries. `page`: entries a page, whatever the client asks for. */
export async function mcpRegistry(entries: RegistryEntry[], options: { page?: number } = {}): Promise<McpRegistry> {
  const faults: { fault: RegistryFault; left: number }[] = [];
  const asked: URLSearchParams[] = [];
  const headers: IncomingMessage['headers'][] = [];

  function listing(query: URLSearchParams, fault: RegistryFault | undefined): string {
    const since = query.get('updated_since');
    const matching = entries.filter((entry) => {
      if (query.get('version') === 'latest' && entry.isLatest === false) return false;
      if (since === null) return entry.status !== 'deleted';
      return (entry.updatedAt ?? '') >= since;
    });
    const key = ({ server }: RegistryEntry) => `${server.name}:${server.version}`;
    const cursor = query.get('cursor');
    const from = cursor === null ? 0 : matching.findIndex((entry) => key(entry) === cursor) + 1;
    const size = options.page ?? Math.min(Number(query.get('limit') ?? 30), 100);
    const page = matching.slice(from, from + size);
    const more = from + size < matching.length;
    const next = fault?.nextCursor ?? (more ? key(page.at(-1)!) : undefined);
    const servers = page.map(({ server, status = 'active', updatedAt, isLatest = true }) => {
      const official = { status, updatedAt, isLatest, publishedAt: updatedAt };
      const entry = { server, _meta: { 'io.modelcontextprotocol.registry/official': official } };
      return fault?.mangle ? fault.mangle(entry) : entry;
    });
    return JSON.stringify({
      servers,
      metadata: { count: servers.length, ...(next !== undefined && { nextCursor: next }) },
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname !== '/v0.1/servers') {
      response.writeHead(404).end();
      return;
    }
    asked.push(url.searchParams);
    headers.push(request.headers);
    const hit = faults.find(
      ({ fault, left }) =>
        left > 0 && (fault.cursor ?? url.searchParams.get('cursor') ?? '') === (url.searchParams.get('cursor') ?? ''),
    );
    if (hit) hit.left--;
    const fault = hit?.fault;
    await send(response, listing(url.searchParams, fault), fault, { 'content-type': 'application/json' });
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    headers,
    entries,
    fault: (fault) => void faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
