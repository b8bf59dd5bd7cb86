import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { search } from './npm-search.ts';
import { type TarEntry, tarball } from './tar.ts';

/** A version to publish: its manifest's fields, its files by path in the package, and lies that the registry shall tell. */
export interface Publish {
  readonly name: string;
  readonly version?: string;
  /** Fields of package.json beside name and version; they stand in the packument too. */
  readonly manifest?: { readonly [field: string]: unknown };
  readonly files?: { readonly [path: string]: string | Uint8Array };
  /** Entries put in as they are, for hostile archives. */
  readonly entries?: readonly TarEntry[];
  /** The archive itself, in place of one made of manifest and files. */
  readonly archive?: Buffer;
  /** Overrides fields of `dist`, such as a wrong `integrity`. */
  readonly dist?: { readonly [field: string]: unknown };
  readonly tag?: string;
  /** ISO date of publishing. */
  readonly time?: string;
}

/** What goes wrong with requests whose decoded path matches; `times` is how often (default: always). */
export interface Fault {
  readonly path: string | RegExp;
  readonly times?: number;
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  /** Breaks the connection instead of answering. */
  readonly reset?: boolean;
  /** Never answers. */
  readonly hang?: boolean;
  /** Milliseconds to wait before answering as usual. */
  readonly delay?: number;
}

/** One request as the registry saw it and the status that it answered (0: none). */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  status: number;
}

export interface Packument {
  readonly name: string;
  readonly 'dist-tags': { [tag: string]: string };
  readonly versions: { [version: string]: { readonly [field: string]: unknown } };
  readonly time: { [version: string]: string };
}

/** A registry that speaks npm's protocol on a port of 127.0.0.1, for tests. */
export interface NpmRegistry extends AsyncDisposable {
  /** Base address with a slash at its end. */
  readonly url: string;
  readonly seen: Seen[];
  /** Publishes a version; the last one published without a `tag` is `latest`. */
  publish(publish: Publish): void;
  unpublish(name: string): void;
  fault(fault: Fault): void;
  close(): Promise<void>;
}

const ABBREVIATED = 'application/vnd.npm.install-v1+json';
/** Fields of a version that the abbreviated packument keeps. */
const KEPT =
  /^(name|version|deprecated|(dev|optional|peer)?[dD]ependencies|peerDependenciesMeta|bundleDependencies|bin|directories|dist|engines|os|cpu|libc|funding|_hasShrinkwrap|hasInstallScript)$/;

function abbreviated({ time: _, ...packument }: Packument): object {
  const versions = Object.entries(packument.versions).map(([version, manifest]) => [
    version,
    Object.fromEntries(Object.entries(manifest).filter(([field]) => KEPT.test(field))),
  ]);
  return { ...packument, versions: Object.fromEntries(versions) };
}

/**
 * Starts an empty registry. `maxAge`: seconds for which clients may reuse a packument without asking (default 0); `at`:
 * the host to listen on and to be known by, and its port (default: some port of 127.0.0.1).
 */
export async function npmRegistry(
  options: { maxAge?: number; at?: { host: string; port: number } } = {},
): Promise<NpmRegistry> {
  const packuments = new Map<string, Packument>();
  const tarballs = new Map<string, Buffer>();
  const faults: { fault: Fault; left: number }[] = [];
  const seen: Seen[] = [];
  const { at = { host: '127.0.0.1', port: 0 } } = options;

  /** Body and type of what lies at a path. */
  function find(path: string, query: URLSearchParams, accept = ''): [body: string | Buffer, type: string] | undefined {
    const bytes = tarballs.get(path);
    if (bytes) return [bytes, 'application/octet-stream'];
    if (path === '/-/v1/search') return [JSON.stringify(search(packuments.values(), query)), 'application/json'];
    const packument = packuments.get(path.slice(1));
    if (!packument) return undefined;
    return accept.includes(ABBREVIATED)
      ? [JSON.stringify(abbreviated(packument)), ABBREVIATED]
      : [JSON.stringify(packument), 'application/json'];
  }

  function answer(request: IncomingMessage, response: ServerResponse, url: URL, path: string): void {
    const [body, type] = find(path, url.searchParams, request.headers.accept) ?? [];
    if (body === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"Not found"}');
      return;
    }
    const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
    const headers = { etag, 'cache-control': `public, max-age=${options.maxAge ?? 0}`, vary: 'accept' };
    if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end();
    else response.writeHead(200, { ...headers, 'content-type': type }).end(body);
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const path = decodeURIComponent(url.pathname);
    const entry: Seen = { method: request.method ?? '', path, headers: request.headers, status: 0 };
    seen.push(entry);
    response.on('finish', () => {
      entry.status = response.statusCode;
    });
    const hit = faults.find(
      ({ fault, left }) => left > 0 && (typeof fault.path === 'string' ? fault.path === path : fault.path.test(path)),
    );
    if (!hit) return answer(request, response, url, path);
    hit.left -= 1;
    const { fault } = hit;
    if (fault.hang) return;
    if (fault.reset) return void request.socket.destroy();
    if (fault.delay !== undefined) await sleep(fault.delay);
    if (fault.status === undefined && fault.body === undefined) return answer(request, response, url, path);
    response.writeHead(fault.status ?? 200, { 'content-type': 'application/json', ...fault.headers });
    response.end(fault.body ?? `{"error":"fault ${fault.status}"}`);
  });
  await new Promise<void>((resolve) => server.listen(at.port, at.host, resolve));
  const url = `http://${at.host}:${(server.address() as AddressInfo).port}/`;

  function publish({ name, version = '1.0.0', manifest = {}, files = {}, entries = [], ...rest }: Publish): void {
    const whole = { name, version, ...manifest };
    const contents = { 'package.json': JSON.stringify(whole, null, 2), ...files };
    const bytes =
      rest.archive ??
      tarball([
        ...Object.entries(contents).map(([path, content]) => ({ path: `package/${path}`, content })),
        ...entries,
      ]);
    const path = `/${name}/-/${name.replace(/^@[^/]*\//, '')}-${version}.tgz`;
    tarballs.set(path, bytes);
    const dist = {
      tarball: new URL(path.slice(1), url).href,
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
      shasum: createHash('sha1').update(bytes).digest('hex'),
      fileCount: Object.keys(contents).length,
      unpackedSize: Object.values(contents).reduce((sum, content) => sum + Buffer.byteLength(content), 0),
      ...rest.dist,
    };
    const scripts = (manifest.scripts ?? {}) as { [name: string]: string };
    const hasInstallScript = Boolean(scripts.preinstall || scripts.install || scripts.postinstall);
    const packument = packuments.get(name) ?? { name, 'dist-tags': {}, versions: {}, time: {} };
    packument.versions[version] = { ...whole, ...(hasInstallScript && { hasInstallScript }), dist };
    packument.time[version] = rest.time ?? '2026-01-01T00:00:00.000Z';
    packument['dist-tags'][rest.tag ?? 'latest'] = version;
    packument['dist-tags'].latest ??= version;
    packuments.set(name, packument);
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  return {
    url,
    seen,
    publish,
    close,
    unpublish: (name) => void packuments.delete(name),
    fault: (fault) => void faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    [Symbol.asyncDispose]: close,
  };
}
