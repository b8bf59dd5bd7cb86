import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Fault, send } from './faults.ts';

/** What stands at an address; a function is given the whole address, the request and its body. */
export type Held = string | Buffer | ((url: URL, request: IncomingMessage, body: string) => string | undefined);

/** A host of files and small APIs on a port of 127.0.0.1, with ETags, which misbehaves on request. */
export interface FileHost extends AsyncDisposable {
  readonly url: string;
  /** By path, without query. */
  readonly held: Map<string, Held>;
  readonly asked: { readonly url: URL; readonly headers: IncomingMessage['headers']; readonly status: number }[];
  /** Misbehaves so often (default: always), at this path only or anywhere. */
  fault(fault: Fault, options?: { readonly times?: number; readonly path?: string }): void;
}

export async function fileHost(
  files: Readonly<Record<string, Held>>,
  contentType?: (path: string) => string,
): Promise<FileHost> {
  const held = new Map(Object.entries(files));
  const asked: FileHost['asked'] = [];
  const faults: { fault: Fault; left: number; path: string | undefined }[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const say = (status: number) => asked.push({ url, headers: request.headers, status });
    const hit = faults.find(({ left, path }) => left > 0 && (path === undefined || path === url.pathname));
    if (hit) hit.left--;
    const file = held.get(url.pathname);
    const sent = request.method === 'POST' ? await text(request) : '';
    const body = typeof file === 'function' ? file(url, request, sent) : file;
    if (body === undefined && !hit) {
      say(404);
      return void response.writeHead(404).end();
    }
    const etag = `"${createHash('sha256')
      .update(body ?? '')
      .digest('hex')}"`;
    if (!hit && request.headers['if-none-match'] === etag) {
      say(304);
      return void response.writeHead(304, { etag }).end();
    }
    say(hit?.fault.status ?? 200);
    await send(response, body ?? '', hit?.fault, {
      etag,
      ...(contentType && { 'content-type': contentType(url.pathname) }),
    });
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    held,
    asked,
    fault: (fault, { times = Number.POSITIVE_INFINITY, path } = {}) => void faults.push({ fault, left: times, path }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
