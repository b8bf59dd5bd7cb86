import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { SourceUnreachable } from '#core/errors.ts';
import { type Http, type HttpLimits, openHttp } from '#core/http.ts';
import type { Memory, Remembered } from '#core/http-memory.ts';
import { rateLimitPause, retryAfter } from '#core/politeness.ts';

const open: (() => PromiseLike<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/list`);
}

/** An address on which nothing listens any more. */
async function vacantAddress(): Promise<URL> {
  const url = await serve(() => {});
  await open.pop()!();
  return url;
}

/** Answers requests one after the other with these; the last one stays. */
function inTurn(...answers: ((request: IncomingMessage, response: ServerResponse) => unknown)[]) {
  const seen: { at: number; headers: IncomingMessage['headers'] }[] = [];
  const listener: RequestListener = (request, response) => {
    seen.push({ at: Date.now(), headers: request.headers });
    void answers[Math.min(seen.length, answers.length) - 1]!(request, response);
  };
  return { seen, listener };
}

const says =
  (status: number, body = '{"ok":true}', headers = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

function client(limits: Partial<HttpLimits> = {}, memory?: Memory): Http {
  const http = openHttp({
    userAgent: 'plimsoll-test/1 (+https://plimsoll.test)',
    limits: { backoff: 5, ...limits },
    memory,
  });
  open.unshift(() => http[Symbol.asyncDispose]());
  return http;
}

const ask = () => ({ politeness: { concurrency: 2, interval: 0 }, stop: new AbortController().signal });

test('says who asks', async () => {
  const { seen, listener } = inTurn(says(200));
  expect(await client().json(await serve(listener), ask())).toEqual({ ok: true });
  expect(seen[0]?.headers['user-agent']).toBe('plimsoll-test/1 (+https://plimsoll.test)');
});

describe('what may pass is tried again', () => {
  test.each([
    ['429 without Retry-After', says(429, 'slow down')],
    ['500', says(500)],
    ['503', says(503)],
    ['truncated JSON', says(200, '{"ok":tr')],
    ['a broken connection', (request: IncomingMessage) => request.socket.destroy()],
    [
      'an answer cut short',
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{');
        setTimeout(() => response.destroy(), 10);
      },
    ],
  ])('%s', async (_, fault) => {
    const { seen, listener } = inTurn(fault, says(200));
    expect(await client().json(await serve(listener), ask())).toEqual({ ok: true });
    expect(seen).toHaveLength(2);
  });

  test.each([
    ['seconds', () => ({ 'retry-after': '1' })],
    ['a date', () => ({ 'retry-after': new Date(Date.now() + 1_900).toUTCString() })],
    [
      'a rate limit of GitHub',
      () => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000 + 0.8)) }),
    ],
    ['a rate limit of the IETF draft', () => ({ 'ratelimit-remaining': '0', 'ratelimit-reset': '1' })],
  ])('not before the host allows: %s', async (_, headers) => {
    const { seen, listener } = inTurn((request, response) => says(429, '', headers())(request, response), says(200));
    await client().json(await serve(listener), ask());
    expect(seen[1]!.at - seen[0]!.at).toBeGreaterThan(700);
  });

  test('403 with Retry-After, as a secondary limit sends it', async () => {
    const { seen, listener } = inTurn(says(403, '', { 'retry-after': '0' }), says(200));
    await client().json(await serve(listener), ask());
    expect(seen).toHaveLength(2);
  });

  test('a bounded number of times', async () => {
    const { seen, listener } = inTurn(says(502));
    await expect(client({ retries: 3 }).json(await serve(listener), ask())).rejects.toThrow(
      /^127\.0\.0\.1:\d+ answered 502, also after 3 more tries$/,
    );
    expect(seen).toHaveLength(4);
  });
});

describe('what will not pass is given up at once', () => {
  test.each([
    ['404', says(404), 'answered 404 to /list'],
    ['403 alone', says(403), 'answered 403'],
    ['HTML instead of JSON', says(200, '<!doctype html><title>Sign in</title>'), 'a page instead of JSON'],
    ['more bytes than allowed', says(200, JSON.stringify('x'.repeat(5_000))), 'more than 1000 bytes'],
    ['a pause beyond patience', says(429, '', { 'retry-after': '3600' }), 'asks to be left alone for 3600 s'],
  ])('%s', async (_, fault, message) => {
    const { seen, listener } = inTurn(fault);
    const failed = client({ bytes: 1_000 }).json(await serve(listener), ask());
    await expect(failed).rejects.toBeInstanceOf(SourceUnreachable);
    await expect(failed).rejects.toThrow(message);
    expect(seen).toHaveLength(1);
  });

  test('says when it may be asked again', async () => {
    const { listener } = inTurn(says(503, '', { 'retry-after': '7200' }));
    const error = await client()
      .json(await serve(listener), ask())
      .catch((reason: SourceUnreachable) => reason);
    expect(((error as SourceUnreachable).retryAt!.getTime() - Date.now()) / 60_000).toBeCloseTo(120, 0);
  });

  test.each([
    ['no such host', async () => new URL('http://registry.invalid/list')],
    ['nothing listening', vacantAddress],
  ])('%s, within two seconds', async (_, address) => {
    const url = await address();
    const begun = Date.now();
    await expect(client().json(url, ask())).rejects.toThrow(/cannot be reached \(E\w+\)$/);
    expect(Date.now() - begun).toBeLessThan(2_000);
  });
});

test.each([
  ['first byte', () => {}],
  ['next byte', (_: IncomingMessage, response: ServerResponse) => response.writeHead(200).write('{')],
])('a host that never sends the %s is too slow', async (_, fault) => {
  const { seen, listener } = inTurn(fault);
  const http = client({ total: 150, retries: 1 });
  await expect(http.json(await serve(listener), ask())).rejects.toThrow('was too slow, also after 1 more tries');
  expect(seen).toHaveLength(2);
});

test('stops at once, also while it waits for a host', async () => {
  const { listener } = inTurn(says(429, '', { 'retry-after': '30' }));
  const controller = new AbortController();
  const asked = client().json(await serve(listener), { ...ask(), stop: controller.signal });
  setTimeout(() => controller.abort(new Error('the user asked to stop')), 100);
  const begun = Date.now();
  await expect(asked).rejects.toThrow('the user asked to stop');
  expect(Date.now() - begun).toBeLessThan(1_000);
});

test('keeps to the concurrency and the interval of a host', async () => {
  let now = 0;
  let most = 0;
  const starts: number[] = [];
  const url = await serve((_, response) => {
    starts.push(Date.now());
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      response.end('{}');
    }, 60);
  });
  const http = client();
  const politeness = { concurrency: 2, interval: 40 };
  await Promise.all(Array.from({ length: 6 }, () => http.json(url, { ...ask(), politeness })));
  expect(most).toBeLessThanOrEqual(2);
  expect(starts.at(-1)! - starts[0]!).toBeGreaterThanOrEqual(5 * 40 - 20);
});

test.each([
  ['etag', '"one"', 'if-none-match'],
  ['last-modified', 'Fri, 20 Nov 2026 00:00:00 GMT', 'if-modified-since'],
])('asks with the %s that it remembers and takes no body twice', async (name, value, condition) => {
  const { seen, listener } = inTurn((request, response) =>
    request.headers[condition] === value
      ? response.writeHead(304).end()
      : says(200, '[1]', { [name]: value })(request, response),
  );
  const kept = new Map<string, Remembered>();
  const memory: Memory = {
    recall: async (url) => kept.get(url),
    keep: async (url, remembered) => void kept.set(url, remembered),
  };
  const url = await serve(listener);
  const http = client({}, memory);
  expect(await http.json(url, ask())).toEqual([1]);
  expect(await http.json(url, ask())).toEqual([1]);
  expect(seen[1]?.headers[condition]).toBe(value);
});

test('an answer that breaks off is not remembered', async () => {
  const whole = says(200, '[1]', { etag: '"one"' });
  const { listener } = inTurn(says(200, '[1', { etag: '"one"' }), (request, response) =>
    request.headers['if-none-match'] === '"one"' ? response.writeHead(304).end() : whole(request, response),
  );
  const kept = new Map<string, Remembered>();
  const memory: Memory = {
    recall: async (url) => kept.get(url),
    keep: async (url, remembered) => void kept.set(url, remembered),
  };
  const http = client({}, memory);
  const url = await serve(listener);
  expect(await http.json(url, ask())).toEqual([1]);
  expect([...kept.values()]).toEqual([{ etag: '"one"', body: '[1]' }]);
});

test.each([
  ['2', 2_000],
  ['0', 0],
  ['-5', 0],
  ['Sat, 21 Nov 2026 00:00:10 GMT', 10_000],
  ['Fri, 20 Nov 2026 00:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('Retry-After %j asks for %j ms', (value, expected) => {
  expect(retryAfter(value, Date.parse('2026-11-21T00:00:00Z'))).toBe(expected);
});

test('rate-limit headers ask for a pause only when nothing remains', () => {
  expect(rateLimitPause(new Headers({ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '5' }))).toBeUndefined();
  expect(rateLimitPause(new Headers({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' }))).toBeUndefined();
  expect(rateLimitPause(new Headers({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' }))).toBe(5_000);
});

test('an address that is a stranger’s word is asked only where it is public', async () => {
  const { seen, listener } = inTurn(says(200));
  const url = await serve(listener);
  for (const address of [
    url.href,
    `https://localhost:${url.port}/`,
    `https://${url.host}/`,
    'https://169.254.169.254/',
  ])
    await expect(client().json(new URL(address), { ...ask(), publicOnly: true })).rejects.toBeInstanceOf(
      SourceUnreachable,
    );
  expect(seen).toEqual([]);
});

test('kinds of request that a host counts apart queue apart, and rest together', async () => {
  const { seen, listener } = inTurn(says(429, '', { 'retry-after': '1' }), says(200));
  const url = await serve(listener);
  const http = client();
  const lane = (name: string) => http.json(url, { ...ask(), politeness: { concurrency: 1, interval: 0, lane: name } });
  const first = lane('search');
  while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await Promise.all([first, lane('code')]);
  expect(seen).toHaveLength(3);
  expect(seen[1]!.at - seen[0]!.at).toBeGreaterThan(700);
});

test('for libraries that try again by themselves: refusals are answered, what is remembered is not sent again', async () => {
  const { seen, listener } = inTurn(
    says(403, '{"message":"no"}', { 'retry-after': '0' }),
    says(200, '[1]', { etag: '"one"' }),
    (request, response) => response.writeHead(request.headers['if-none-match'] === '"one"' ? 304 : 500).end(),
    says(200, '[1'),
  );
  const url = await serve(listener);
  const kept = new Map<string, Remembered>();
  const memory: Memory = {
    recall: async (key) => kept.get(key),
    keep: async (key, remembered) => void kept.set(key, remembered),
  };
  const fetch = client({}, memory).fetchJson(ask);
  const refused = await fetch(url.href);
  expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([
    403,
    '0',
    '{"message":"no"}',
  ]);
  expect(await (await fetch(url.href)).json()).toEqual([1]);
  expect(await (await fetch(url.href)).json()).toEqual([1]);
  await expect(fetch(url.href, { method: 'POST', body: '{}' })).rejects.toThrow('breaks off');
  expect(seen.map(({ headers }) => headers['user-agent'])).toEqual(
    Array(4).fill('plimsoll-test/1 (+https://plimsoll.test)'),
  );
});
