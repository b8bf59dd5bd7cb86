import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import type { Pace } from '#core/politeness.ts';
import type { RemoteRef } from '#domain/server.ts';
import type { Era } from '#enumerate/handshake.ts';
import type { Limits } from '#enumerate/limits.ts';
import { enumerateRemote, type RemoteOptions } from '#enumerate/remote/remote.ts';
import { listen, type Served } from '../support/http-server.ts';
import { NAMES, newerHandler, sse, streamable } from '../support/mcp-http.ts';

const LIMITS: Partial<Limits> = { init: 4000, probe: 2000, list: 4000, asides: 2000, attempt: 10_000 };
/** For servers that use up what they are given. */
const SHORT: Partial<Limits> = { init: 800, probe: 200, list: 800, asides: 200, attempt: 2000 };

async function ask(url: string, more: Partial<RemoteRef & RemoteOptions> = {}) {
  const { type = 'streamable-http', headers, variables, ...options } = more;
  return enumerateRemote(
    { type, url, ...(headers && { headers }), ...(variables && { variables }) },
    { stop: new AbortController().signal, userAgent: 'plimsoll/test', allowLoopback: true, limits: LIMITS, ...options },
  );
}

/** All that came in, and then the answer. */
function watched(served: Served) {
  const asked: string[] = [];
  const headers: Record<string, unknown>[] = [];
  return {
    asked,
    headers,
    served: ((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['mcp-method'] ?? ''}`.trim());
      headers.push(request.headers);
      served(request, response);
    }) satisfies Served,
  };
}

/** The JSON-RPC message of a request. */
async function read(request: AsyncIterable<Buffer>): Promise<{ id?: number; method?: string; params?: object }> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return pieces.length === 0 ? {} : JSON.parse(Buffer.concat(pieces).toString());
}

const HELLO = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } };

const absent: Served = (_, response) => void response.writeHead(404).end();

/** A server that greets as it should and then does what a test wants; anything but messages is not found. */
function speaking(answers: {
  readonly initialize?: Served;
  readonly list?: (id: number | undefined, ...rest: Parameters<Served>) => unknown;
  readonly other?: Served;
}): Served {
  return async (request, response) => {
    if (request.method !== 'POST') return (answers.other ?? absent)(request, response);
    const { id, method } = await read(request);
    const json = (message: object) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, ...message }));
    if (method === 'initialize') return answers.initialize?.(request, response) ?? json({ result: HELLO });
    if (method === 'notifications/initialized') return response.writeHead(202).end();
    if (method !== 'tools/list') return json({ error: { code: -32601, message: 'Method not found' } });
    const result = await answers.list?.(id, request, response);
    if (result !== undefined) json({ result: result as object });
  };
}

describe('the host of a server elsewhere', () => {
  /** Turns as they are asked for, each to be waited for so long. */
  const paced = (wait: number) => {
    const said: string[] = [];
    const pace: Pace = {
      async turn(host, interval) {
        said.push(`turn ${host} ${interval}`);
        return wait;
      },
      pause: async (host, ms) => void said.push(`pause ${host} ${ms}`),
    };
    return { said, pace };
  };

  test('is asked when its turn has come among all that ask it, which is not counted as its own time', async () => {
    const { asked, served } = watched(streamable().served);
    await using server = await listen(served);
    const { said, pace } = paced(700);
    const before = performance.now();
    const going = ask(server.url, { pace });
    await sleep(300);
    expect(asked).toEqual([]);
    const found = await going;
    expect(found.outcome).toBe('listed');
    expect(performance.now() - before - found.ms).toBeGreaterThan(650);
    // However many requests that took.
    expect(said).toEqual([`turn ${new URL(server.url).host} 1000`]);
  });

  test('is left alone by all as long as it asks for, a minute at most', async () => {
    await using server = await listen((_, response) => void response.writeHead(429, { 'retry-after': '7' }).end());
    await using greedy = await listen((_, response) => void response.writeHead(429, { 'retry-after': '99999' }).end());
    const { said, pace } = paced(0);
    for (const { url } of [server, greedy]) expect((await ask(url, { pace })).outcome).toBe('failed');
    expect(said).toContain(`pause ${new URL(server.url).host} 7000`);
    expect(said).toContain(`pause ${new URL(greedy.url).host} 60000`);
  });

  test('has no turn where its address may not be asked', async () => {
    const { said, pace } = paced(0);
    for (const url of ['https://169.254.169.254/mcp', 'https://{tenant}.example.com/mcp', 'none'])
      expect((await ask(url, { pace })).outcome).not.toBe('listed');
    expect(said).toEqual([]);
  });
});

describe('a server elsewhere', () => {
  test.each<[string, () => Served, RemoteRef['type'], string, readonly string[], string]>([
    [
      'the older protocol over Streamable HTTP',
      () => streamable().served,
      'streamable-http',
      'mcp',
      ['streamable-http'],
      '2025-11-25',
    ],
    ['the older protocol over SSE', sse, 'sse', 'sse', ['sse'], '2025-11-25'],
    ['SSE, though it is listed otherwise', sse, 'streamable-http', 'sse', ['streamable-http', 'sse'], '2025-11-25'],
    [
      'Streamable HTTP, though it is listed as SSE',
      () => newerHandler('stateless'),
      'sse',
      'mcp',
      ['sse', 'streamable-http'],
      '2026-07-28',
    ],
    ['both eras', () => newerHandler('stateless'), 'streamable-http', 'mcp', ['streamable-http'], '2026-07-28'],
    ['the newer era alone', () => newerHandler('reject'), 'streamable-http', 'mcp', ['streamable-http'], '2026-07-28'],
  ])('that speaks %s is listed with all that it has', async (_, served, type, path, rungs, protocolVersion) => {
    await using server = await listen(served());
    const found = await ask(`${server.url}${path}`, { type });
    expect(found, JSON.stringify(found)).toMatchObject({
      outcome: 'listed',
      provenance: 'listed',
      protocolVersion,
      serverInfo: { name: 'elsewhere', version: '1.2.3' },
      instructions: 'Be kind.',
      prompts: [{ name: 'summarise' }],
      resources: [{ uri: 'note://1' }, { uriTemplate: 'note://{id}' }],
      rejections: [],
      remote: `${server.url}${path}`,
      context: { args: [], envNames: [], sandbox: 'remote', profile: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
    expect(found.tools.map(({ name }) => name)).toEqual(NAMES);
    expect(found.attempts.map(({ rung }) => rung)).toEqual(rungs);
    expect(found.tokens).toBeGreaterThan(10);
  });

  test.each<[Era, string]>([
    ['discover', '2026-07-28'],
    ['initialize', '2025-11-25'],
  ])('is greeted as it was the last time: %s', async (era, version) => {
    const { served, asked } = watched(newerHandler('stateless'));
    await using server = await listen(served);
    expect((await ask(`${server.url}mcp`, { era })).protocolVersion).toBe(version);
    expect(asked.some((one) => one.includes('server/discover'))).toBe(era === 'discover');
  });

  test('that has turned to the newer era is listed all the same', async () => {
    await using server = await listen(newerHandler('reject'));
    expect((await ask(`${server.url}mcp`, { era: 'initialize' })).protocolVersion).toBe('2026-07-28');
  });

  test('is sent no credentials, and is left without a session', async () => {
    const { served, sessions } = streamable();
    const { served: all, headers } = watched(served);
    let kept = 0;
    await using server = await listen((request, response) => {
      response.setHeader('set-cookie', 'spy=1; Path=/');
      kept = Math.max(kept, sessions.size);
      all(request, response);
    });
    expect((await ask(`${server.url}mcp`)).outcome).toBe('listed');
    expect([kept, sessions.size]).toEqual([1, 0]);
    const names = new Set(headers.flatMap((one) => Object.keys(one)));
    expect([...names].filter((name) => /cookie|auth|refer|origin|forwarded/.test(name))).toEqual([]);
    expect(headers.every((one) => one['user-agent'] === 'plimsoll/test')).toBe(true);
  });

  test.each<[RemoteRef['type'], Served]>([
    ['streamable-http', streamable(true).served],
    ['sse', sse(true)],
  ])('over %s is answered that we live, and refused what it asks of a client', async (type, served) => {
    await using server = await listen(served);
    const found = await ask(`${server.url}sse`, { type });
    expect(Object.fromEntries(found.tools.map((tool) => [tool.name, JSON.parse(tool.description!)]))).toEqual({
      ping: {},
      roots: { roots: [] },
      elicitation: { action: 'decline' },
      sampling: { error: expect.stringContaining('only lists tools') },
    });
  });

  test('whose address has parts for its user is not asked', async () => {
    const { served, asked } = watched(newerHandler('stateless'));
    await using server = await listen(served);
    const variables = [
      { name: 'region', default: 'eu' },
      { name: 'tenant' },
      { name: 'key', secret: true, default: 'x' },
    ];
    expect(await ask(`${server.url}{region}/{tenant}/{key}`, { variables })).toMatchObject({
      outcome: 'wants-credentials',
      reason: 'placeholder',
      wants: ['tenant', 'key'],
    });
    expect(asked).toEqual([]);
    expect((await ask(`${server.url}{region}/mcp`, { variables })).outcome).toBe('listed');
    expect(asked[0]).toContain('/eu/mcp');
  });

  test('whose address holds a key of somebody is neither asked nor told of with it', async () => {
    const { served, asked } = watched(newerHandler('stateless'));
    await using server = await listen(served);
    const key = '0123456789abcdef'.repeat(2);
    const found = await ask(`${server.url}mcp?key=${key}`);
    expect([found.outcome, found.reason, asked]).toEqual(['failed', 'off-limits', []]);
    expect(JSON.stringify(found)).not.toContain(key);
  });

  test('stops when it is told to', async () => {
    await using server = await listen(() => {});
    const stop = AbortSignal.timeout(100);
    await expect(ask(server.url, { stop })).rejects.toThrow(/timeout/);
    await expect(ask(server.url, { stop: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

describe('a server elsewhere that wants credentials', () => {
  const denying =
    (metadata: Record<string, object>, challenge: string | undefined, status = 401): Served =>
    (request, response) => {
      const found = metadata[request.url!];
      if (found) return void response.setHeader('content-type', 'application/json').end(JSON.stringify(found));
      if (request.url !== '/mcp') return void response.writeHead(404).end();
      response
        .writeHead(status, challenge === undefined ? {} : { 'www-authenticate': challenge })
        .end('{"error":"no"}');
    };

  test('is recorded with the servers and scopes that it advertises', async () => {
    const metadata: Record<string, object> = {};
    const { served, asked } = watched((request, response) => {
      const base = `http://${request.headers.host}`;
      metadata['/prm'] = { resource: `${base}/mcp`, authorization_servers: [`${base}/auth`] };
      metadata['/.well-known/oauth-authorization-server/auth'] = {
        issuer: `${base}/auth`,
        authorization_endpoint: `${base}/authorize`,
        token_endpoint: `${base}/token`,
        response_types_supported: ['code'],
        scopes_supported: ['notes.read', 'notes.write', 'bad scope'],
      };
      denying(metadata, `Bearer resource_metadata="${base}/prm"`)(request, response);
    });
    await using server = await listen(served);
    const headers = [{ name: 'Authorization', secret: true }, { name: 'X-Team' }];
    const found = await ask(`${server.url}mcp`, { headers });
    expect(found).toMatchObject({ outcome: 'wants-credentials', reason: 'unauthorized', wants: ['Authorization'] });
    expect(found.authorization).toEqual({ servers: [`${server.url}auth`], scopes: ['notes.read', 'notes.write'] });
    expect(asked).toContain('GET /prm');
  });

  test('may say its scopes in the challenge, or at the well-known places', async () => {
    await using challenge = await listen(denying({}, 'Bearer error="invalid_token", scope="a:read b:write"'));
    expect((await ask(`${challenge.url}mcp`)).authorization).toEqual({ servers: [], scopes: ['a:read', 'b:write'] });
    const scopes_supported = ['one', 'two'];
    const wellKnown: Record<string, object> = {};
    await using resource = await listen(denying(wellKnown, undefined));
    const authorization_servers = [`${resource.url}login`];
    wellKnown['/.well-known/oauth-protected-resource/mcp'] = {
      resource: resource.url,
      authorization_servers,
      scopes_supported,
    };
    expect((await ask(`${resource.url}mcp`)).authorization).toEqual({
      servers: authorization_servers,
      scopes: scopes_supported,
    });
    const own: Record<string, object> = {};
    await using older = await listen(denying(own, 'Bearer', 403));
    own['/.well-known/oauth-authorization-server'] = {
      issuer: new URL(older.url).origin,
      authorization_endpoint: `${older.url}a`,
      token_endpoint: `${older.url}t`,
      response_types_supported: ['code'],
      scopes_supported,
    };
    const found = await ask(`${older.url}mcp`);
    expect([found.outcome, found.authorization]).toEqual([
      'wants-credentials',
      { servers: [new URL(older.url).origin], scopes: scopes_supported },
    ]);
  });

  test('cannot send us to where we must not go', async () => {
    const bad = [
      'http://169.254.169.254/latest',
      'https://169.254.169.254/',
      'https://10.0.0.1/',
      'https://[::ffff:a9fe:a9fe]/',
    ];
    for (const address of bad) {
      const metadata = {
        '/prm': { resource: 'x', authorization_servers: [...bad, 'file:///etc/passwd', 'javascript:x'] },
      };
      await using direct = await listen(denying(metadata, `Bearer resource_metadata="${address}"`));
      await using listed = await listen((request, response) =>
        denying(metadata, `Bearer resource_metadata="http://${request.headers.host}/prm"`)(request, response),
      );
      const [plain, secure] = [vi.spyOn(net, 'connect'), vi.spyOn(tls, 'connect')];
      for (const { url } of [direct, listed]) {
        const found = await ask(`${url}mcp`);
        expect([found.outcome, found.authorization]).toEqual(['wants-credentials', undefined]);
      }
      const went = [...plain.mock.calls, ...secure.mock.calls].map(([to]) => (to as { host?: string }).host);
      expect(new Set(went)).toEqual(new Set(['127.0.0.1']));
      vi.restoreAllMocks();
    }
  });

  test('may say so in an answer, and is shown by its card', async () => {
    const card = {
      serverInfo: { name: 'carded', version: '2' },
      tools: [{ name: 'pay', inputSchema: {} }, 7],
      remotes: [{ url: '/mcp' }],
    };
    const served = (remotes: object[]) =>
      speaking({
        list: (id, _, response) =>
          void response.setHeader('content-type', 'application/json').end(
            JSON.stringify({
              jsonrpc: '2.0',
              id,
              error: { code: -32001, message: 'Unauthorized: API key required' },
            }),
          ),
        other: (request, response) =>
          request.url === '/.well-known/mcp/server-card.json'
            ? void response.end(JSON.stringify({ ...card, remotes }))
            : void response.writeHead(404).end(),
      });
    await using server = await listen(served([{ url: '/mcp/' }]));
    expect(await ask(`${server.url}mcp`)).toMatchObject({
      outcome: 'wants-credentials',
      tools: [],
      card: {
        url: `${server.url}.well-known/mcp/server-card.json`,
        serverInfo: card.serverInfo,
        tools: [{ name: 'pay' }],
      },
    });
    await using another = await listen(served([{ url: '/other' }]));
    expect((await ask(`${another.url}mcp`)).card).toBeUndefined();
  });
});

describe('a hostile server elsewhere', () => {
  const big = 'x'.repeat(64 * 1024);
  /** Writes for as long as somebody listens. */
  const endless = (response: Parameters<Served>[1], piece: string) => {
    const go = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', go);
    go();
  };

  const stream = { 'content-type': 'text/event-stream' };
  const CASES: readonly (readonly [string, Served, string, Partial<Limits>?])[] = [
    ['404', (_, response) => void response.writeHead(404).end(), 'http-error'],
    ['405', (_, response) => void response.writeHead(405).end(), 'http-error'],
    ['500', (_, response) => void response.writeHead(500).end('oops'), 'http-error'],
    ['403 for no reason', (_, response) => void response.writeHead(403).end(), 'forbidden'],
    ['a page', (_, response) => void response.setHeader('content-type', 'text/html').end('<h1>Hi</h1>'), 'protocol'],
    [
      'JSON that is no message',
      (_, response) => void response.setHeader('content-type', 'application/json').end('[7]'),
      'protocol',
    ],
    [
      'JSON that breaks off',
      (_, response) => void response.setHeader('content-type', 'application/json').end('{"jsonrpc":'),
      'protocol',
    ],
    ['nothing', () => {}, 'timeout', SHORT],
    ['a connection that it cuts', (request) => void request.socket.destroy(), 'unreachable'],
    [
      'a redirect to where metadata are',
      (_, response) => void response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
      'off-limits',
    ],
    ['redirects for ever', (_, response) => void response.writeHead(307, { location: '/again' }).end(), 'off-limits'],
    [
      'a body without end',
      (_, response) => endless(response.writeHead(200, { 'content-type': 'application/json' }), big),
      'flood',
    ],
    [
      'events without end',
      (_, response) =>
        endless(
          response.writeHead(200, stream),
          `data: {"jsonrpc":"2.0","method":"x","params":{"y":"${'x'.repeat(1000)}"}}\n\n`,
        ),
      'flood',
      { stdout: 1024 * 1024 },
    ],
    [
      'one event without end',
      (_, response) => endless(response.writeHead(200, stream), `data: ${big}\n`),
      'flood',
      { stdout: 1024 * 1024 },
    ],
    ['a stream that ends', (_, response) => void response.writeHead(200, stream).end(': bye\n\n'), 'protocol'],
    [
      'a slow drip',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const drip = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(drip));
      },
      'timeout',
      SHORT,
    ],
    [
      'another id',
      speaking({
        list: (_, __, response) =>
          void response
            .setHeader('content-type', 'application/json')
            .end('{"jsonrpc":"2.0","id":999,"result":{"tools":[{"name":"forged"}]}}'),
      }),
      'timeout',
      SHORT,
    ],
    ['no list', speaking({ list: () => sleep(5000, undefined, { ref: false }) }), 'timeout', SHORT],
  ];

  test.each(CASES.map(([what, ...rest]) => ({ what, rest })))(
    'that answers with $what fails as such',
    async ({ rest }) => {
      const [served, reason, limits] = rest;
      const before = process.memoryUsage().rss;
      await using server = await listen(served);
      const found = await ask(`${server.url}mcp`, { limits: { ...LIMITS, ...limits } });
      expect([found.outcome, found.reason, found.tools], JSON.stringify(found)).toEqual(['failed', reason, []]);
      expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    },
  );

  test('that cannot be reached, or not in safety, is told', async () => {
    const closed = await listen(() => {});
    await closed[Symbol.asyncDispose]();
    expect(await ask(`${closed.url}mcp`)).toMatchObject({ outcome: 'failed', phase: 'start', reason: 'unreachable' });
    await using plain = await listen(() => {});
    expect(await ask(`https://127.0.0.1:${plain.port}/mcp`)).toMatchObject({ outcome: 'failed', reason: 'tls' });
    for (const url of [
      'http://example.com/mcp',
      'https://10.0.0.1/mcp',
      'https://user:pass@example.com/',
      'ftp://x/',
      'x',
    ])
      expect(await ask(url, { allowLoopback: false }), url).toMatchObject({
        outcome: 'failed',
        reason: 'off-limits',
        attempts: [],
      });
    expect(await ask(plain.url, { allowLoopback: false })).toMatchObject({ reason: 'off-limits' });
  });

  test('whose name leads elsewhere after the first request gets no second one', async () => {
    let asked = 0;
    await using server = await listen((request, response) => {
      response.setHeader('connection', 'close');
      newerHandler('stateless')(request, response);
    });
    const answers = ['127.0.0.1', '169.254.169.254'];
    const found = await ask(`http://name.invalid:${server.port}/mcp`, {
      resolve: (_, __, done) => done(null, [{ address: answers[Math.min(asked++, 1)]!, family: 4 }]),
    });
    expect([found.outcome, found.reason]).toEqual(['failed', 'off-limits']);
  });

  test('costs its good tools nothing with a malformed one, in either era', async () => {
    const tools = [
      { name: 'good', inputSchema: {} },
      { name: 7 },
      null,
      { name: 'worse', annotations: 'x' },
      { name: 'last', hidden: 'kept out' },
    ];
    const modern = (async (request, response) => {
      const { id, method } = await read(request);
      const result =
        method === 'server/discover'
          ? { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }
          : { resultType: 'complete', tools };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    }) satisfies (...given: Parameters<Served>) => Promise<void>;
    for (const served of [speaking({ list: () => ({ tools }) }), modern]) {
      await using server = await listen((request, response) => void served(request, response));
      const found = await ask(`${server.url}mcp`);
      expect(found.tools.map(({ name }) => name)).toEqual(['good', 'last']);
      expect(found.rejections.map(({ index }) => index)).toEqual([1, 2, 3]);
    }
  });

  test.each<[string, Served]>([
    ['hangs up', (request) => void request.socket.destroy()],
    ['says nothing', () => {}],
    ['breaks', (_, response) => void response.writeHead(500).end()],
    ['wants credentials', (_, response) => void response.writeHead(401).end()],
    ['says what is no answer', (_, response) => void response.setHeader('content-type', 'text/html').end('?')],
  ])('that %s over what it does not know is listed as of the older era', async (_, served) => {
    const { served: older } = streamable();
    await using server = await listen((request, response) =>
      (request.headers['mcp-method'] === 'server/discover' ? served : older)(request, response),
    );
    const found = await ask(`${server.url}mcp`, { limits: { ...LIMITS, probe: 500 } });
    expect(found).toMatchObject({ outcome: 'listed', protocolVersion: '2025-11-25' });
  });

  test('is not asked again and again for a stream that it breaks off', async () => {
    const { served, asked } = watched((request, response) => {
      if (request.method === 'GET')
        return void response.writeHead(200, stream).end('retry: 0\nevent: endpoint\ndata: /x\n\n');
      response.writeHead(202).end();
    });
    await using server = await listen(served);
    const found = await ask(`${server.url}sse`, { type: 'sse', limits: SHORT });
    expect([found.outcome, found.tools]).toEqual(['failed', []]);
    expect(asked.filter((one) => one === 'GET /sse')).toHaveLength(1);
  });

  test('that forgets a session is greeted anew, once', async () => {
    const { served, sessions } = streamable();
    let lost = 0;
    await using server = await listen(async (request, response) => {
      if (request.method === 'POST' && request.headers['mcp-session-id'] !== undefined && lost < 2) {
        lost++;
        sessions.clear();
        return void response.writeHead(404).end();
      }
      served(request, response);
    });
    const found = await ask(`${server.url}mcp`);
    expect([found.outcome, found.attempts.length, lost]).toEqual(['listed', 2, 2]);
  });
});
