import net from 'node:net';
import { Readable } from 'node:stream';
import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Guard, isPublicAddress, isPublicUrl } from '#core/public-address.ts';
import { openPublicFetch, type PublicLimits } from '#core/public-fetch.ts';
import { listen } from '../support/http-server.ts';

const OFF = [
  '0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.8.8.8 168.63.129.16 169.254.169.254 172.16.0.1',
  '172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1',
  '239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 ::8.8.8.8',
  '64:ff9b::8.8.8.8 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 2001:db8::1 2002:7f00:1::',
  '3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 2606:4700::1%eth0 fec0::1 ff02::1 4000::1 1.2.3 0x7f.1',
]
  .join(' ')
  .split(' ');
const PUBLIC = '1.1.1.1 8.8.8.8 93.184.216.34 172.15.0.1 172.32.0.1 100.63.0.1 100.128.0.1 2606:4700::1 2a00:1450::1';

describe('an address', () => {
  test('of no machine of the public internet is told', () => {
    expect(OFF.filter(isPublicAddress)).toEqual([]);
    expect(PUBLIC.split(' ').filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  test('is told however a URL writes it', () => {
    const urls = [
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://0x7f.0.0.1/',
      'https://0177.0.0.1/',
      'https://127.1/',
      'https://[::1]/',
      'https://[::ffff:7f00:1]/',
      'https://１２７.0.0.1/',
      'https://me:secret@example.com/',
      'http://example.com/',
      'file:///etc/passwd',
    ];
    expect(urls.filter((url) => isPublicUrl(new URL(url)))).toEqual([]);
    expect(isPublicUrl(new URL('https://example.com:8443/mcp'))).toBe(true);
  });
});

/** Sockets that are asked for and never made: returns the addresses that they would have gone to. */
function noSockets() {
  const went: unknown[] = [];
  const made = (options: net.TcpNetConnectOpts) => {
    const socket = new net.Socket();
    const end = (error: Error | null, found?: unknown) => {
      if (!error) went.push(found);
      socket.destroy(error ?? new Error('no socket in a test'));
    };
    if (net.isIP(options.host ?? '')) end(null, options.host);
    else options.lookup!(options.host!, { all: true }, end);
    return socket;
  };
  vi.spyOn(net, 'connect').mockImplementation(made as never);
  vi.spyOn(tls, 'connect').mockImplementation(made as never);
  return went;
}

/** What a name leads to, one answer after another; the last one stays. */
const leading = (...answers: readonly (readonly string[])[]): NonNullable<Guard['resolve']> => {
  let asked = 0;
  return (_, options, done) => {
    expect(options.all).toBe(true);
    const answer = answers[Math.min(asked++, answers.length - 1)]!;
    const found = answer.map((address) => ({ address, family: net.isIP(address) }));
    process.nextTick(done, null, found);
  };
};

async function ask(url: string, more: Guard & { limits?: Partial<PublicLimits>; method?: string } = {}) {
  await using outside = openPublicFetch({ userAgent: 'test', ...more });
  const response = await outside.fetch(url, { signal: AbortSignal.timeout(5000), method: more.method ?? 'GET' });
  return { status: response.status, text: await response.text() };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('a request to an address that a stranger named', () => {
  test('goes nowhere where the address is off limits', async () => {
    const went = noSockets();
    for (const address of OFF.filter((one) => net.isIP(one) && !one.includes('%'))) {
      const host = net.isIPv6(address) ? `[${address}]` : address;
      await expect(ask(`https://${host}/`), address).rejects.toThrow(/not on the public internet/);
      await expect(ask('https://name.invalid/', { resolve: leading([address]) }), address).rejects.toThrow(
        /does not lead to the public internet/,
      );
    }
    await expect(ask('https://x.invalid/', { resolve: leading(['8.8.8.8', '10.0.0.1']) })).rejects.toThrow(/lead/);
    await expect(ask('https://x.invalid/', { resolve: leading([]) })).rejects.toThrow(/lead/);
    await expect(ask('http://8.8.8.8/')).rejects.toThrow(/only https/);
    await expect(ask('https://me:secret@8.8.8.8/')).rejects.toThrow(/credentials/);
    expect(went).toEqual([]);
  });

  test('goes to the address that was checked, whatever the name leads to a moment later', async () => {
    const went = noSockets();
    const resolve = leading(['93.184.216.34'], ['127.0.0.1'], ['169.254.169.254']);
    await using outside = openPublicFetch({ userAgent: 'test', resolve });
    await expect(outside.fetch('https://name.invalid/')).rejects.toThrow('fetch failed');
    expect(went).toEqual([[{ address: '93.184.216.34', family: 4 }]]);
    await expect(outside.fetch('https://name.invalid/')).rejects.toThrow(/does not lead/);
    await expect(outside.fetch('https://name.invalid/')).rejects.toThrow(/does not lead/);
    expect(went).toHaveLength(1);
  });
});

const LOOPBACK = { allowLoopback: true };

describe('a request to a server of a stranger', () => {
  test('goes through three redirects and not through a fourth', async () => {
    await using server = await listen((request, response) => {
      const left = Number(request.url!.slice(1));
      if (left === 0) return void response.end('here');
      response.writeHead(307, { location: `/${left - 1}` }).end();
    });
    expect(await ask(`${server.url}3`, LOOPBACK)).toEqual({ status: 200, text: 'here' });
    await expect(ask(`${server.url}4`, LOOPBACK)).rejects.toThrow(/more than 3 times/);
  });

  test.each([
    ['http://169.254.169.254/latest/meta-data/', /not on the public internet/],
    ['https://169.254.169.254/', /not on the public internet/],
    ['https://[fd00:ec2::254]/', /not on the public internet/],
    ['https://10.0.0.1/', /not on the public internet/],
    ['file:///etc/passwd', /only https/],
    ['data:text/plain,x', /only https/],
    ['https://a:b@127.0.0.1/', /credentials/],
    ['http://[', /is none/],
  ])('is not led to %s', async (location, why) => {
    await using server = await listen((_, response) => void response.writeHead(302, { location }).end());
    const [plain, secure] = [vi.spyOn(net, 'connect'), vi.spyOn(tls, 'connect')];
    await expect(ask(server.url, LOOPBACK)).rejects.toThrow(why);
    expect([plain.mock.calls.length, secure.mock.calls.length]).toEqual([1, 0]);
  });

  test('is not led by a name that means another machine on the next connection', async () => {
    await using server = await listen((_, response) => void response.setHeader('connection', 'close').end('here'));
    const resolve = leading(['127.0.0.1'], ['169.254.169.254']);
    const url = `http://name.invalid:${server.port}/`;
    await using outside = openPublicFetch({ userAgent: 'test', allowLoopback: true, resolve });
    expect(await (await outside.fetch(url)).text()).toBe('here');
    await expect(outside.fetch(url)).rejects.toThrow(/does not lead/);
  });

  test('is repeated at another place only where the answer asks for that', async () => {
    const methods: string[] = [];
    await using server = await listen((request, response) => {
      methods.push(request.method!);
      const code = request.url!.slice(1);
      if (code === 'here') return void response.end();
      response.writeHead(Number(code), { location: '/here' }).end();
    });
    for (const code of [307, 308]) await ask(`${server.url}${code}`, { ...LOOPBACK, method: 'POST' });
    expect(methods).toEqual(['POST', 'POST', 'POST', 'POST']);
    for (const code of [301, 302, 303])
      await expect(ask(`${server.url}${code}`, { ...LOOPBACK, method: 'POST' })).rejects.toThrow(/change what/);
    expect(await ask(`${server.url}303`, LOOPBACK)).toMatchObject({ status: 200 });
  });

  test('says who asks, and nothing that could be a credential', async () => {
    const heard: (readonly [string, unknown])[] = [];
    await using server = await listen((request, response) => {
      heard.push(...Object.entries(request.headers));
      response.setHeader('set-cookie', 'a=b').end();
    });
    await using outside = openPublicFetch({ userAgent: 'test', ...LOOPBACK });
    for (let i = 0; i < 2; i++) await (await outside.fetch(server.url)).text();
    expect(heard.filter(([name]) => name === 'user-agent')).toEqual([
      ['user-agent', 'test'],
      ['user-agent', 'test'],
    ]);
    expect(heard.filter(([name]) => /cookie|auth|refer|origin/.test(name))).toEqual([]);
  });

  test('takes no proxy of the environment, which would look names up past the check', async () => {
    let asked = 0;
    await using proxy = await listen((_, response) => void response.end(String(++asked)));
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) vi.stubEnv(name, proxy.url);
    await using server = await listen((_, response) => void response.end('here'));
    expect(await ask(server.url, LOOPBACK)).toMatchObject({ text: 'here' });
    expect(asked).toBe(0);
  });

  test('takes no more of an answer than it may, also where it unpacks to more', async () => {
    const limits = { bytes: 100_000 };
    let sent = 0;
    const endless = () =>
      new Readable({
        read() {
          sent += 65_536;
          this.push(Buffer.alloc(65_536));
        },
      });
    await using server = await listen((request, response) => {
      if (request.url === '/bomb')
        return void response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000)));
      if (request.url === '/headers') return void response.setHeader('x', 'y'.repeat(20_000)).end();
      if (request.url === '/fits') return void response.end('x'.repeat(100_000));
      const body = endless();
      response.on('close', () => body.destroy());
      body.pipe(response);
    });
    await expect(ask(server.url, { ...LOOPBACK, limits })).rejects.toThrow(/more than 100000 bytes/);
    expect(sent).toBeLessThan(20_000_000);
    await expect(ask(`${server.url}bomb`, { ...LOOPBACK, limits })).rejects.toThrow(/more than 100000 bytes/);
    await expect(ask(`${server.url}headers`, { ...LOOPBACK, limits })).rejects.toThrow('fetch failed');
    expect((await ask(`${server.url}fits`, { ...LOOPBACK, limits })).text).toHaveLength(100_000);
  });

  test('waits no longer than it may, however slowly an answer drips', async () => {
    await using server = await listen((request, response) => {
      if (request.url === '/silent') return;
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
    });
    await expect(ask(`${server.url}silent`, { ...LOOPBACK, limits: { idle: 100 } })).rejects.toThrow('fetch failed');
    await using outside = openPublicFetch({ userAgent: 'test', ...LOOPBACK });
    const response = await outside.fetch(server.url, { signal: AbortSignal.timeout(200) });
    await expect(response.text()).rejects.toThrow(/timeout|aborted/i);
  });
});

describe('a host that whoever runs this named as their own', () => {
  test('may be of a private network; no other host may, and metadata of a cloud never', async () => {
    const went = noSockets();
    const ownHosts = [
      '10.0.0.1',
      'mcp.corp.example',
      'localhost',
      '169.254.169.254',
      '100.100.100.200',
      'fd00:ec2::254',
    ];
    const guard = { ownHosts, resolve: leading(['10.0.0.7']) };
    for (const url of ['https://10.0.0.1/', 'http://10.0.0.1/', 'http://localhost:3000/', 'https://mcp.corp.example/'])
      await expect(ask(url, guard), url).rejects.toThrow('fetch failed');
    expect(went).toHaveLength(4);
    for (const url of [
      'https://10.0.0.2/',
      'https://other.example/',
      'http://mcp.corp.example/',
      'http://169.254.169.254/',
      'https://100.100.100.200/',
      'https://[fd00:ec2::254]/',
    ])
      await expect(ask(url, guard), url).rejects.toThrow(/public internet|only https/);
    await expect(ask('https://mcp.corp.example/', { ...guard, resolve: leading(['169.254.169.254']) })).rejects.toThrow(
      /does not lead/,
    );
    expect(went).toHaveLength(4);
  });

  test('has headers of the user, and what it redirects to has not', async () => {
    const seen: [string, unknown][] = [];
    await using other = await listen(({ headers }, response) => {
      seen.push(['other', headers['x-key']]);
      response.end('there');
    });
    await using server = await listen(({ headers, url }, response) => {
      seen.push([url!, headers['x-key']]);
      response.writeHead(307, { location: url === '/' ? '/two' : other.url }).end();
    });
    const own = { origin: new URL(server.url).origin, headers: { 'x-key': 'secret' } };
    await using outside = openPublicFetch({ userAgent: 'test', ...LOOPBACK, own });
    expect(await (await outside.fetch(server.url)).text()).toBe('there');
    expect(seen).toEqual([
      ['/', 'secret'],
      ['/two', 'secret'],
      ['other', undefined],
    ]);
  });
});
