// Serves a catalogue for the benchmark, as the service does: `serve.ts DATABASE_URL CACHE_MB`. Beside the routes, `/bare/…`
// answers with the bytes that were sent for the same address before, by a route of Hono and nothing else. Tells its port
// on standard output, and at `/calls` how often the catalogue itself was read.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createApp } from '#api/app.ts';
import { serveUntil } from '#api/serving.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { openStore } from '#store/engine/open.ts';

const [url = '', megabytes = '0'] = process.argv.slice(2);
const store = await openStore({ url, home: '/nonexistent' });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
let calls = 0;
const catalogue = new Proxy(catalogueOf(store.db), {
  get(target, name, receiver) {
    const read = Reflect.get(target, name, receiver);
    if (typeof read !== 'function' || name === 'stamp') return read;
    return (...given: unknown[]) => {
      calls++;
      return (read as (...given: unknown[]) => unknown)(...given);
    };
  },
});
const app = createApp(catalogue, {
  cacheBytes: Number(megabytes) * 1e6,
  perMinute: 1e9,
  onFailure(error, path) {
    if (!stop.signal.aborted) process.stderr.write(`${path}: ${error.message}: ${String(error.cause)}\n`);
  },
});
app.get('/calls', (c) => c.json(calls, 200, { 'Cache-Control': 'no-store' }));

const bytes = new Map<string, string>();
const bare = new Hono({ getPath: ({ url: asked }) => asked.slice(asked.indexOf('/', 8)) });
bare.get('*', async (c) => {
  const known = bytes.get(c.req.path);
  if (known !== undefined) return c.body(known, 200, { 'Content-Type': 'application/json' });
  const text = await (await app.request(c.req.path)).text();
  bytes.set(c.req.path, text);
  return c.body(text, 200, { 'Content-Type': 'application/json' });
});

const beside = serve({ fetch: bare.fetch, hostname: '127.0.0.1', port: 0 }, ({ port: barePort }) => {
  const onListening = ({ port }: { port: number }) => process.stdout.write(`${JSON.stringify({ port, barePort })}\n`);
  void serveUntil(app, { host: '127.0.0.1', port: 0, stop: stop.signal, onListening }).then(async () => {
    beside.close();
    await store[Symbol.asyncDispose]();
  });
});
