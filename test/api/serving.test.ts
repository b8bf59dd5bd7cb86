import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { serveUntil } from '#api/serving.ts';
import { app, catalogue } from './sample.ts';

const open: { stop: AbortController; done: Promise<void>; sockets: Socket[] }[] = [];
afterEach(async () => {
  for (const { stop, done, sockets } of open.splice(0)) {
    stop.abort();
    for (const socket of sockets) socket.destroy();
    await done;
  }
});

async function start(site: ReturnType<typeof app>, options: Partial<Parameters<typeof serveUntil>[1]> = {}) {
  const stop = new AbortController();
  const { promise, resolve } = Promise.withResolvers<AddressInfo>();
  const done = serveUntil(site, { host: '127.0.0.1', port: 0, stop: stop.signal, onListening: resolve, ...options });
  const { port } = await promise;
  const sockets: Socket[] = [];
  open.push({ stop, done, sockets });
  const say = async (text: string) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };
  const gone = (socket: Socket) => (socket.closed ? undefined : once(socket.resume(), 'close'));
  return { stop, done, say, gone };
}

const GET = 'GET /v1/stats HTTP/1.1\r\nHost: x\r\n\r\n';

test('at the end idle connections are closed, requests under way answered, readers that take nothing cut off', async () => {
  const asked = Promise.withResolvers<void>();
  const may = Promise.withResolvers<void>();
  const statistics = async () => {
    asked.resolve();
    await may.promise;
    return catalogue.statistics();
  };
  const revised: typeof catalogue.revised = async function* () {
    for (let revision = 1; revision <= 1e6; revision++) yield { revision, gone: 'x'.repeat(10_000) };
  };
  const { stop, done, say } = await start(app({}, { statistics, revised }), { grace: 500 });
  const idle = await say(GET.replace('/v1/stats', '/healthz'));
  await once(idle, 'data');
  const busy = await say(GET);
  await asked.promise;
  const slow = await say(GET.replace('/v1/stats', '/v1/templates'));
  await once(slow, 'readable');
  stop.abort();
  await once(idle, 'close');
  may.resolve();
  const [answer] = await once(busy, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  await done;
});

test('who sends its request too slowly is let go', async () => {
  const { say, gone } = await start(app(), { patience: { headers: 200, request: 400 } });
  const [headless, bodiless] = [
    await say('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '),
    await say('POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{'),
  ];
  await Promise.all([gone(headless), gone(bodiless)]);
});

test('who takes nothing of its answer is let go, and the catalogue is read no further for it', async () => {
  const ended = Promise.withResolvers<void>();
  const revised: typeof catalogue.revised = async function* () {
    try {
      for (let revision = 1; revision <= 1e6; revision++) yield { revision, gone: 'x'.repeat(10_000) };
    } finally {
      ended.resolve();
    }
  };
  const { say } = await start(app({}, { revised }), { patience: { silence: 300 } });
  const slow = await say(GET.replace('/v1/stats', '/v1/templates'));
  await once(slow, 'readable');
  await ended.promise;
});

test('a port that is taken is said', async () => {
  const first = Promise.withResolvers<AddressInfo>();
  const stop = new AbortController();
  const done = serveUntil(app(), { host: '127.0.0.1', port: 0, stop: stop.signal, onListening: first.resolve });
  const { port } = await first.promise;
  const second = serveUntil(app(), { host: '127.0.0.1', port, stop: stop.signal, onListening: () => {} });
  await expect(second).rejects.toThrow(/EADDRINUSE/);
  stop.abort();
  await done;
});
