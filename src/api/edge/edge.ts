import type { Context, MiddlewareHandler } from 'hono';
import { clientOf } from './client.ts';
import { isCompressible, takes } from './encoding.ts';
import { limiter, pointsOf } from './limit.ts';
import { Memory } from './memory.ts';
import { type Kept, keep, represent } from './representation.ts';

export interface EdgeSettings {
  /** Points that one client has a minute; 0 for as many as it wants. */
  readonly perMinute?: number | undefined;
  /** Proxies of ours in front, which say who asks. */
  readonly proxies?: number | undefined;
  /** Bytes of answers to remember; 0 for none. */
  readonly cacheBytes?: number | undefined;
}

declare module 'hono' {
  interface ContextVariableMap {
    /** Takes more of a client's points, where it only then shows what a request costs; the answer for one that has none left. */
    spend?: (points: number) => Promise<Response | undefined>;
  }
}

/** Answers that are made while they are sent, and must be neither gathered nor remembered. */
const STREAMS = /^(?:application\/x-ndjson|text\/event-stream)/;

/**
 * What every request passes first and every answer last: the client's allowance, answers that are remembered, ETags and
 * compression. An answer is whole before it leaves, but for streams.
 */
export function edge(stamp: () => Promise<string>, settings: EdgeSettings): MiddlewareHandler {
  const { perMinute = 0, proxies = 0, cacheBytes = 0 } = settings;
  const limit = perMinute > 0 ? limiter(perMinute) : undefined;
  const memory = cacheBytes > 0 ? new Memory(cacheBytes, stamp) : undefined;
  return async (c, next) => {
    const { method, url } = c.req;
    const { path, query } = partsOf(url);
    let more: Readonly<Record<string, string>> = {};
    const client = limit && path !== '/healthz' ? clientOf(c, proxies) : undefined;
    if (limit && client !== undefined) {
      const allowance = await limit(client, pointsOf(method, path, query));
      if (!allowance.allowed) return allowance.response;
      more = allowance.headers;
      c.set('spend', async (points) => {
        if (points === 0) return undefined;
        const rest = await limit(client, points);
        if (rest.allowed) more = rest.headers;
        return rest.allowed ? undefined : rest.response;
      });
    }
    const reads = method === 'GET' || method === 'HEAD';
    const asked = { encodings: c.req.header('Accept-Encoding'), ifNoneMatch: c.req.header('If-None-Match') };
    const key = path + query;
    const cached = memory && reads && path !== '/healthz' ? memory : undefined;
    // A catalogue that cannot be read tells the reader itself, below.
    const known = await cached?.recall(key).catch(() => undefined);
    if (cached && known) return represent(known, asked, more, () => cached.keep(key, known, cached.epoch));

    const epoch = cached?.epoch ?? 0;
    await next();
    const streams = STREAMS.test(c.res.headers.get('Content-Type') ?? '');
    if (!reads || c.res.status !== 200 || streams) {
      if (method === 'HEAD') await c.res.body?.cancel();
      else if (reads && streams && c.res.status === 200) compressStream(c, asked.encodings);
      for (const [name, value] of Object.entries(more)) c.res.headers.set(name, value);
      return undefined;
    }
    const made = await keep(c.res);
    if (cached && mayKeep(made)) cached.keep(key, made, epoch);
    const response = await represent(made, asked, more, () => cached && mayKeep(made) && cached.keep(key, made, epoch));
    replace(c, response);
    return undefined;
  };
}

function mayKeep({ headers }: Kept): boolean {
  return !/no-store|private/.test(headers['cache-control'] ?? '');
}

/** Path and query of an address as they were sent. */
function partsOf(url: string): { readonly path: string; readonly query: string } {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  const whole = start < 0 ? '/' : url.slice(start);
  const end = whole.search(/[?#]/);
  return end < 0
    ? { path: whole, query: '' }
    : { path: whole.slice(0, end), query: whole.slice(end).replace(/#.*$/s, '') };
}

/** Mirrors read whole catalogues: worth compressing on the way, with what holds back least. */
function compressStream(c: Context, encodings: string | undefined): void {
  const { body, headers: given, status } = c.res;
  if (!body || !isCompressible(given.get('Content-Type'))) return;
  const headers = new Headers(given);
  headers.append('Vary', 'Accept-Encoding');
  if (takes(encodings, 'gzip')) {
    headers.set('Content-Encoding', 'gzip');
    // Its bytes are not the same each time.
    const etag = headers.get('ETag');
    if (etag?.startsWith('"')) headers.set('ETag', `W/${etag}`);
  }
  replace(
    c,
    new Response(takes(encodings, 'gzip') ? body.pipeThrough(new CompressionStream('gzip')) : body, {
      status,
      headers,
    }),
  );
}

/** Puts an answer in place of another, whose headers Hono would else carry over. */
function replace(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}
