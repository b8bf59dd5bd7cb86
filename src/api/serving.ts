import type { AddressInfo, Server } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';

/** Milliseconds that clients have: to send headers, a whole request, the next request, and to take a byte of an answer. */
const PATIENCE = { headers: 10_000, request: 20_000, idle: 10_000, silence: 60_000 };
/** Milliseconds that requests under way have once the end was asked for. */
const GRACE = 10_000;

export interface Serving {
  readonly host: string;
  readonly port: number;
  /** Milliseconds that requests under way have once `stop` is raised; those of slow readers are then cut off. */
  readonly grace?: number;
  /** Other times than ours, for tests. */
  readonly patience?: Partial<typeof PATIENCE>;
  readonly stop: AbortSignal;
  /** Told once the port is open. */
  onListening(address: AddressInfo): void;
}

/**
 * Answers until `stop` is raised: then the port closes, requests under way are let through for a while, and whoever is
 * still reading is cut off. Rejects where the port cannot be had.
 */
export async function serveUntil(
  app: OpenAPIHono,
  { host, port, grace = GRACE, patience: given, stop, onListening }: Serving,
): Promise<void> {
  const patience = { ...PATIENCE, ...given };
  const server = serve(
    {
      fetch: app.fetch,
      hostname: host,
      port,
      serverOptions: {
        headersTimeout: patience.headers,
        requestTimeout: patience.request,
        keepAliveTimeout: patience.idle,
        // How often the two above are looked at; the usual half a minute is longer than they are.
        connectionsCheckingInterval: Math.min(2_000, patience.headers / 2),
      },
    },
    onListening,
  );
  // A reader that takes nothing holds a place, and memory for what it was given.
  if ('setTimeout' in server) server.setTimeout(patience.silence);
  await new Promise<void>((resolve, reject) => {
    (server as Server).once('error', reject);
    const end = () => void close(server, grace).then(resolve);
    if (stop.aborted) end();
    else stop.addEventListener('abort', end, { once: true });
  });
}

async function close(server: ServerType, grace: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if (!('closeIdleConnections' in server)) return closed;
  // Clients that keep a connection open for later would hold the door.
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), grace);
  // One that was busy when the end came falls idle later, and would be kept open for its next request.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  await closed;
  clearTimeout(cut);
  clearInterval(sweep);
}
