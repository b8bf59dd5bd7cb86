import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

/** Milliseconds that a client has to send its request. */
const PATIENCE = 5_000;

/**
 * Answers `GET /metrics` at its own address and nothing else. Rejects where the port cannot be had.
 * An answer that fails says that it failed, not why: `onFailure` is told.
 */
export async function listenForMetrics(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  at: { readonly host: string; readonly port: number },
  onFailure: (error: Error) => void,
): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer(
    { requestTimeout: PATIENCE, headersTimeout: PATIENCE, keepAliveTimeout: PATIENCE, maxHeaderSize: 8192 },
    async (request, response) => {
      response.setHeader('X-Content-Type-Options', 'nosniff');
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(request.method === 'GET' ? 404 : 405, { 'Content-Type': 'text/plain' });
        response.end('Metrics are at GET /metrics.\n');
        return;
      }
      try {
        const text = await metrics.text();
        response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text);
      } catch (error) {
        onFailure(error as Error);
        response.writeHead(503, { 'Content-Type': 'text/plain' }).end('The database cannot be asked.\n');
      }
    },
  );
  server.listen(at.port, at.host);
  await once(server, 'listening');
  // Whoever looks does not keep a process alive that has nothing left to do.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
