import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Reach } from '#core/errand.ts';

/** Bytes that may come through in all, connections at once, and refusals that are kept. */
export interface ProxyLimits {
  readonly bytes: number;
  readonly connections: number;
}

export interface Proxy extends AsyncDisposable {
  /** `host:port` of what was asked for and is not allowed, in order, each once. */
  readonly refused: readonly string[];
}

const LIMITS: ProxyLimits = { bytes: 2e9, connections: 64 };
const REFUSED_MAX = 50;
/** Milliseconds without a byte after which a connection is closed. */
const IDLE = 60_000;
/** Headers that are between two neighbours only (RFC 9110 §7.6.1). */
const HOP = /^(connection|proxy-.*|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/**
 * A proxy on a unix socket that lets through to `reach.hosts` and to nothing else: CONNECT, and GET or HEAD of plain
 * addresses. It looks up names itself, so that whoever uses it needs no DNS. Rejects where the socket cannot be made.
 */
export async function openProxy(socket: string, reach: Reach, limits: Partial<ProxyLimits> = {}): Promise<Proxy> {
  const { bytes, connections } = { ...LIMITS, ...limits };
  const allowed = new Set(reach.hosts);
  const refused = new Set<string>();
  const open = new Set<Duplex>();
  let passed = 0;

  function isAllowed(place: string): boolean {
    if (!allowed.has(place) && refused.size < REFUSED_MAX) refused.add(place);
    return allowed.has(place);
  }

  /** Counts what comes through; past the cap everything is closed, and nothing opens again. */
  function watch(stream: Duplex): void {
    open.add(stream);
    stream.on('error', () => stream.destroy());
    stream.on('close', () => open.delete(stream));
  }
  function count(chunk: Buffer): void {
    passed += chunk.length;
    if (passed > bytes) for (const stream of open) stream.destroy();
  }

  async function tunnel(asked: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    watch(client);
    const place = canonicalPlace(asked.url ?? '', 443);
    const say = (status: string) => client.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
    if (place === undefined) return void say('400 Bad Request');
    if (!isAllowed(place)) return void say('403 Forbidden');
    if (passed > bytes) return void say('509 Bandwidth Limit Exceeded');
    try {
      const remote = await reached(place, upstream(place, reach, true));
      watch(remote);
      remote.setTimeout(IDLE, () => remote.destroy());
      remote.on('data', count).on('close', () => client.destroy());
      client.on('data', count).on('close', () => remote.destroy());
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      remote.write(head);
      client.pipe(remote).pipe(client);
    } catch {
      say('502 Bad Gateway');
    }
  }

  function forward(asked: IncomingMessage, response: ServerResponse): void {
    const url = URL.parse(asked.url ?? '');
    const say = (status: number) => response.writeHead(status, { connection: 'close' }).end();
    if (url?.protocol !== 'http:' || !['GET', 'HEAD'].includes(asked.method ?? '')) return void say(400);
    const place = canonicalPlace(url.host, 80)!;
    if (!isAllowed(place)) return void say(403);
    if (passed > bytes) return void say(509);
    const via = upstream(place, reach, false);
    const headers = Object.fromEntries(Object.entries(asked.headers).filter(([name]) => !HOP.test(name)));
    const target = via ? { ...endpoint(via), path: url.href } : { ...endpoint(url), path: url.pathname + url.search };
    const ask = via?.protocol === 'https:' ? secureRequest : request;
    const outward = ask(
      { ...target, method: asked.method, timeout: IDLE, headers: { ...headers, host: url.host, ...credentials(via) } },
      (answer) => {
        watch(answer.socket);
        answer.on('data', count).on('error', () => response.destroy());
        const kept = Object.entries(answer.headers).filter(([name]) => !HOP.test(name));
        response.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
        answer.pipe(response);
      },
    );
    outward.on('timeout', () => outward.destroy());
    outward.on('error', () => (response.headersSent ? response.destroy() : say(502)));
    response.on('close', () => outward.destroy());
    outward.end();
  }

  const server = createServer(forward);
  server.maxConnections = connections;
  server.on('connect', (asked, client, head) => void tunnel(asked, client, head));
  server.on('clientError', (_, client) => client.destroy());
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  return {
    get refused() {
      return [...refused];
    },
    async [Symbol.asyncDispose]() {
      for (const stream of open) stream.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** `host:port` in lower case; undefined where the text is none. */
export function canonicalPlace(text: string, port: number): string | undefined {
  const url = /^[\w.[\]:-]+$/.test(text) ? URL.parse(`http://${text}`) : null;
  if (!url || url.hostname === '') return undefined;
  // A URL leaves out the port 80 of plain requests.
  const stated = /:(\d+)$/.exec(text)?.[1];
  return `${url.hostname}:${stated === undefined ? port : Number(stated)}`;
}

function endpoint(url: URL) {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return { hostname: url.hostname.replace(/^\[|\]$/g, ''), port };
}

/** The operator's proxy for a place, if it is to be used for it. */
function upstream(place: string, { proxy, httpsProxy, noProxy = '' }: Reach, secure: boolean): URL | undefined {
  const host = place.replace(/:\d+$/, '');
  const spared = noProxy.split(',').map((one) => one.trim().replace(/^\./, ''));
  if (spared.some((one) => one === '*' || (one !== '' && (host === one || host.endsWith(`.${one}`))))) return undefined;
  return URL.parse((secure ? httpsProxy : undefined) ?? proxy ?? httpsProxy ?? '') ?? undefined;
}

function credentials(via: URL | undefined): { 'proxy-authorization'?: string } {
  if (!via?.username) return {};
  const pair = `${decodeURIComponent(via.username)}:${decodeURIComponent(via.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** A connection to a place, through the operator's proxy where there is one. */
function reached(place: string, via: URL | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (!via) {
      const { hostname, port } = endpoint(new URL(`http://${place}`));
      const socket = connect({ host: hostname, port }, () => resolve(socket));
      socket.setTimeout(IDLE, () => socket.destroy(new Error('too slow'))).on('error', reject);
      return;
    }
    const ask = via.protocol === 'https:' ? secureRequest : request;
    const headers = { host: place, ...credentials(via) };
    const outward = ask({ ...endpoint(via), method: 'CONNECT', path: place, headers, timeout: IDLE });
    outward.on('connect', (answer, socket) =>
      answer.statusCode === 200 ? resolve(socket as Socket) : reject(new Error(`answered ${answer.statusCode}`)),
    );
    outward.on('timeout', () => outward.destroy(new Error('too slow')));
    outward.on('error', reject).end();
  });
}
