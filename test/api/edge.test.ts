import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { encodingFor } from '#api/edge/encoding.ts';
import { Memory } from '#api/edge/memory.ts';
import { keep } from '#api/edge/representation.ts';
import { app, catalogue } from './sample.ts';

const MAIN = '/v1/servers/srv_main/tools';

/** A connection from somewhere, as the server hands it on. */
const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });

describe('encodings', () => {
  const api = app();
  test.each([
    ['br', 'br', brotliDecompressSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.1', 'gzip', gunzipSync],
    ['*', 'br', brotliDecompressSync],
  ])('%s is answered in %s, once, with a tag of its own', async (accepts, encoding, decode) => {
    const plain = await api.request(MAIN);
    const packed = await api.request(MAIN, { headers: { 'Accept-Encoding': accepts } });
    expect(packed.headers.get('content-encoding')).toBe(encoding);
    expect(packed.headers.get('vary')).toMatch(/Accept-Encoding/);
    expect(plain.headers.get('vary')).toMatch(/Accept-Encoding/);
    const bytes = Buffer.from(await packed.arrayBuffer());
    expect(decode(bytes).toString()).toBe(await plain.text());
    const etag = packed.headers.get('etag')!;
    expect(etag).not.toBe(plain.headers.get('etag'));
    const again = await api.request(MAIN, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
  });
  test.each([undefined, '', 'identity', 'gzip;q=0', 'deflate', '%%%', ';;,='])(
    '%s is answered plainly',
    async (accepts) => {
      const response = await api.request(
        MAIN,
        accepts === undefined ? {} : { headers: { 'Accept-Encoding': accepts } },
      );
      expect([response.status, response.headers.get('content-encoding')]).toEqual([200, null]);
    },
  );
  test('a short answer is not worth it', async () => {
    const response = await api.request('/v1/stats', { headers: { 'Accept-Encoding': 'br' } });
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(encodingFor('br')).toBe('br');
  });
  test('the feed is packed on its way', async () => {
    const plain = await (await api.request('/v1/templates')).text();
    const packed = await api.request('/v1/templates', { headers: { 'Accept-Encoding': 'gzip, br' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(plain);
    const etag = packed.headers.get('etag')!;
    expect((await api.request('/v1/templates', { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });
});

describe('what is remembered', () => {
  test('is given out until the catalogue moves, in every encoding, to HEAD as well', async () => {
    let stamp = '1';
    const find = vi.fn(catalogue.find);
    const api = app({ cacheBytes: 1e7 }, { find, stamp: async () => stamp });
    const first = await api.request(MAIN);
    const again = await api.request(MAIN, { headers: { 'Accept-Encoding': 'br' } });
    const head = await api.request(MAIN, { method: 'HEAD' });
    expect(find).toHaveBeenCalledTimes(1);
    expect(again.headers.get('content-security-policy')).toBe(first.headers.get('content-security-policy'));
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, first.headers.get('etag'), '']);
    expect(head.headers.get('access-control-allow-origin')).toBe('*');
    await api.request(`${MAIN}?x=1`);
    stamp = '2';
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_500);
    await api.request(MAIN);
    vi.restoreAllMocks();
    expect(find).toHaveBeenCalledTimes(2);
  });
  test('is no failure, no health and nothing that was written', async () => {
    const find = vi.fn(async () => undefined);
    const list = vi.fn(catalogue.list);
    const api = app({ cacheBytes: 1e7 }, { find, list });
    for (let at = 0; at < 2; at++) {
      expect((await api.request('/v1/servers/none')).status).toBe(404);
      expect((await api.request('/healthz')).status).toBe(200);
    }
    expect([find.mock.calls.length, list.mock.calls.length]).toEqual([2, 2]);
  });
  test('a catalogue that cannot be asked whether it moved is read each time', async () => {
    const api = app({ cacheBytes: 1e7 }, { stamp: () => Promise.reject(new Error('down')) });
    for (let at = 0; at < 2; at++) expect((await api.request(MAIN)).status).toBe(200);
  });
  test('stays within its bytes, and what was begun before it was dropped is not kept', async () => {
    let stamp = 'a';
    const memory = new Memory(100_000, async () => stamp);
    const one = await keep(new Response('x'.repeat(3_000)));
    for (let at = 0; at < 100; at++) memory.keep(`/${at}`, one, memory.epoch);
    expect(memory.bytes).toBeLessThanOrEqual(100_000);
    expect(memory.bytes).toBeGreaterThan(50_000);
    const huge = await keep(new Response('x'.repeat(50_000)));
    await memory.recall('/');
    memory.keep('/huge', huge, memory.epoch);
    expect(await memory.recall('/huge')).toBeUndefined();
    const { epoch } = memory;
    stamp = 'b';
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_500);
    await memory.recall('/');
    vi.restoreAllMocks();
    memory.keep('/late', one, epoch);
    expect(await memory.recall('/late')).toBeUndefined();
  });
});

describe('a client’s allowance', () => {
  test('is told, ends in 429, and is its own', async () => {
    const api = app({ perMinute: 10 });
    const ask = (address: string, path = MAIN) => api.request(path, {}, from(address));
    const first = await ask('192.0.2.1');
    expect(first.headers.get('ratelimit-policy')).toBe('"client";q=10;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"client";r=9;t=\d+$/);
    await ask('::ffff:192.0.2.1', '/v1/servers?q=files');
    for (let at = 0; at < 4; at++) expect((await ask('192.0.2.1')).status).toBe(200);
    const refused = await ask('192.0.2.1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await refused.json()).toMatchObject({ type: 'urn:plimsoll:problem:too-many', status: 429 });
    expect((await ask('192.0.2.2')).status).toBe(200);
    expect((await ask('192.0.2.1', '/healthz')).status).toBe(200);
  });
  test('a network of IPv6 is one client', async () => {
    const api = app({ perMinute: 2 });
    for (const last of ['1', '2'])
      expect((await api.request(MAIN, {}, from(`2001:db8:1:2::${last}`))).status).toBe(200);
    expect((await api.request(MAIN, {}, from('2001:db8:1:2:ffff::9'))).status).toBe(429);
    expect((await api.request(MAIN, {}, from('2001:db8:1:3::1'))).status).toBe(200);
  });
  test('what passed on a request is believed of our own proxies only', async () => {
    const ask = (api: ReturnType<typeof app>, passed: string) =>
      api.request(MAIN, { headers: { 'X-Forwarded-For': passed } }, from('10.0.0.1'));
    const bare = app({ perMinute: 1 });
    expect((await ask(bare, '192.0.2.1')).status).toBe(200);
    expect((await ask(bare, '192.0.2.2')).status).toBe(429);
    const behind = app({ perMinute: 1, proxies: 1 });
    expect((await ask(behind, 'forged, 192.0.2.1')).status).toBe(200);
    expect((await ask(behind, 'other, 192.0.2.1')).status).toBe(429);
    expect((await ask(behind, '192.0.2.1, 192.0.2.2:4711')).status).toBe(200);
    expect((await ask(behind, 'nonsense')).status).toBe(200);
    expect((await ask(behind, '')).status).toBe(429);
  });
});

describe('limits of a request', () => {
  test('a body that is too large is not read to its end', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 16_384;
        controller.enqueue(new Uint8Array(16_384));
      },
    });
    const response = await app().request('/v1/resolve', { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect([response.status, sent < 1_000_000]).toEqual([413, true]);
    expect(await response.json()).toMatchObject({ type: 'urn:plimsoll:problem:too-large' });
    const declared = await app().request('/v1/resolve', {
      method: 'POST',
      body: '[]',
      headers: { 'Content-Length': '9999999' },
    });
    expect(declared.status).toBe(413);
  });
  test('an answer that takes too long is given up', async () => {
    const api = app({ patience: 20 }, { find: () => new Promise(() => {}) });
    const response = await api.request(MAIN);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ type: 'urn:plimsoll:problem:too-slow' });
  });
});

describe('other sites’ scripts', () => {
  const api = app();
  test('may read', async () => {
    const preflight = await api.request('/v1/resolve', {
      method: 'OPTIONS',
      headers: { Origin: 'https://a.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    const response = await api.request('/v1/stats', { headers: { Origin: 'https://a.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(response.headers.get('access-control-expose-headers')).toMatch(/ETag/);
  });
  test.each(['/v1/scans', '/v1/disputes', '/servers'])('are told nothing of %s', async (path) => {
    const response = await api.request(path, { method: 'OPTIONS', headers: { Origin: 'https://a.example' } });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });
});
