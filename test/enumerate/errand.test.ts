import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Confine, Errand } from '#core/errand.ts';
import { openConfinement } from '#enumerate/errand/confine.ts';
import { canonicalPlace, openProxy } from '#enumerate/errand/proxy.ts';
import bubblewrap from '#enumerate/sandboxes/bubblewrap.ts';
import { fileHost } from '../support/file-host.ts';

let root: string;
const open: AsyncDisposable[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'errand-'));
});
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});
afterAll(() => rm(root, { recursive: true, force: true }));

let proxies = 0;
async function proxied(...[reach, limits]: [Parameters<typeof openProxy>[1], Parameters<typeof openProxy>[2]?]) {
  const socketPath = join(root, `proxy-${++proxies}`);
  const proxy = await openProxy(socketPath, reach, limits);
  open.push(proxy);
  return { proxy, socketPath };
}

/** What a plain request through the proxy comes to. */
async function get(socketPath: string, path: string, more: object = {}) {
  const asked = request({ socketPath, path, agent: false, ...more }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, body: await text(answer).catch(() => 'broken off') };
}

/** What is said through a tunnel to a place. */
async function tunnelled(socketPath: string, place: string, say: string): Promise<{ status?: number; heard: string }> {
  const asked = request({ socketPath, method: 'CONNECT', path: place, agent: false }).end();
  const [answer, socket] = (await once(asked, 'connect')) as [{ statusCode: number }, Socket];
  if (answer.statusCode !== 200) return { status: answer.statusCode, heard: '' };
  socket.write(say);
  return { status: 200, heard: await text(socket) };
}

const placeOf = (url: string) => new URL(url).host;
const ASK = 'GET /a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

describe('the proxy of installers', () => {
  test('lets through what is named, by address and by tunnel, and records what is not', async () => {
    await using host = await fileHost({ '/a': 'content' });
    await using other = await fileHost({ '/a': 'content' });
    const { proxy, socketPath } = await proxied({ hosts: [placeOf(host.url)] });
    expect(await get(socketPath, `${host.url}/a`)).toEqual({ status: 200, body: 'content' });
    expect((await tunnelled(socketPath, placeOf(host.url), ASK)).heard).toMatch(/content/);
    expect(await get(socketPath, `${other.url}/a`)).toMatchObject({ status: 403 });
    expect(await tunnelled(socketPath, placeOf(other.url), ASK)).toEqual({ status: 403, heard: '' });
    expect(await tunnelled(socketPath, 'elsewhere.invalid', ASK)).toMatchObject({ status: 403 });
    expect(proxy.refused).toEqual([placeOf(other.url), 'elsewhere.invalid:443']);
    expect(other.asked).toEqual([]);
  });

  test.each([
    ['a name that only begins like it', '127.0.0.1:PORT.elsewhere.invalid'],
    ['another port', '127.0.0.1:1'],
    ['credentials before the name', 'a@127.0.0.1:PORT'],
    ['no name', ':PORT'],
    ['a path', '127.0.0.1:PORT/a'],
  ])('does not let through %s', async (_, written) => {
    await using host = await fileHost({ '/a': 'content' });
    const { socketPath } = await proxied({ hosts: [placeOf(host.url)] });
    const place = written.replace('PORT', new URL(host.url).port);
    expect((await tunnelled(socketPath, place, ASK)).status).not.toBe(200);
    expect(host.asked).toEqual([]);
  });

  test('takes nothing but reading', async () => {
    await using host = await fileHost({ '/a': 'content' });
    const { socketPath } = await proxied({ hosts: [placeOf(host.url)] });
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect(await get(socketPath, `${host.url}/a`, { method })).toMatchObject({ status: 400 });
    expect(await get(socketPath, '/a')).toMatchObject({ status: 400 });
    expect(await get(socketPath, 'file:///etc/passwd')).toMatchObject({ status: 400 });
    expect(host.asked).toEqual([]);
  });

  test('closes once more came through than may', async () => {
    await using host = await fileHost({ '/a': 'x'.repeat(100_000), '/b': 'b' });
    const { socketPath } = await proxied({ hosts: [placeOf(host.url)] }, { bytes: 50_000 });
    const got = await get(socketPath, `${host.url}/a`).catch(() => ({ body: 'broken off' }));
    expect(got.body.length).toBeLessThan(100_000);
    expect(await get(socketPath, `${host.url}/b`)).toMatchObject({ status: 509 });
    expect(await tunnelled(socketPath, placeOf(host.url), ASK)).toMatchObject({ status: 509 });
  });

  test("goes through the operator's own proxy, with its credentials, but for hosts that need none", async () => {
    await using host = await fileHost({ '/a': 'content' });
    const seen: string[] = [];
    const sign = ({ headers }: { headers: Record<string, unknown> }) =>
      Buffer.from(String(headers['proxy-authorization']).replace('Basic ', ''), 'base64').toString();
    const upstream = createServer((asked, response) => {
      seen.push(`${asked.method} ${asked.url} ${sign(asked)}`);
      response.end('by way of');
    });
    upstream.on('connect', (asked, client) => {
      seen.push(`CONNECT ${asked.url} ${sign(asked)}`);
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(connect(Number(new URL(host.url).port), '127.0.0.1')).pipe(client);
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const proxy = `http://me:p%40ss@127.0.0.1:${(upstream.address() as AddressInfo).port}/`;
    try {
      const far = await proxied({ hosts: ['far.invalid:80', 'far.invalid:443'], proxy });
      expect(await get(far.socketPath, 'http://far.invalid/a')).toEqual({ status: 200, body: 'by way of' });
      expect((await tunnelled(far.socketPath, 'far.invalid:443', ASK)).heard).toMatch(/content/);
      expect(seen).toEqual(['GET http://far.invalid/a me:p@ss', 'CONNECT far.invalid:443 me:p@ss']);
      const near = await proxied({ hosts: [placeOf(host.url)], proxy, noProxy: 'localhost,127.0.0.1' });
      expect(await get(near.socketPath, `${host.url}/a`)).toEqual({ status: 200, body: 'content' });
      expect(seen).toHaveLength(2);
    } finally {
      upstream.closeAllConnections();
      upstream.close();
    }
  });

  test.each([
    ['A.Example:80', 'a.example:80'],
    ['a.example', 'a.example:443'],
    ['[::1]:8080', '[::1]:8080'],
    ['a.example/../b', undefined],
    ['a b', undefined],
    ['', undefined],
    ['a.example:99999', undefined],
  ])('%j is the place %j', (written, place) => {
    expect(canonicalPlace(written, 443)).toBe(place);
  });
});

const refusal = await bubblewrap.refuses();
if (refusal !== undefined) console.info(`skipped: installing apart: ${refusal}`);

describe.skipIf(refusal !== undefined)('an errand', () => {
  let confine: Confine;
  let stage: string;
  const errand = (code: string, more: Partial<Errand> = {}): Errand => ({
    command: ['node', '-e', code],
    env: {},
    reads: {},
    writes: {},
    files: {},
    cwd: '/tmp',
    reach: { hosts: [] },
    deadline: 20_000,
    isTooLarge: async () => false,
    ...more,
  });
  beforeAll(async () => {
    stage = await mkdtemp(join(tmpdir(), 'errand-stage-'));
    await chmod(stage, 0o755);
    confine = (await openConfinement(stage))!;
    expect(confine).toBeDefined();
  });
  afterAll(() => rm(stage, { recursive: true, force: true }));

  test('sees nothing of the operator: no home, no environment, no network but loopback', async () => {
    const canary = await mkdtemp(join(homedir(), '.plimsoll-test-'));
    await writeFile(join(canary, 'npmrc'), 'secret');
    process.env.PLIMSOLL_TEST_CANARY = 'canary';
    const listener = createTcpServer((socket) => socket.end());
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    try {
      const { stdout } = await confine(
        errand(`
        const fs = require('fs');
        const read = (path) => { try { return fs.readFileSync(path, 'utf8'); } catch (error) { return error.code; } };
        const said = { canary: read('${canary}/npmrc'), shadow: read('/etc/shadow'), env: Object.keys(process.env).sort(),
          pid1: read('/proc/1/environ'), interfaces: Object.keys(require('os').networkInterfaces()), uid: process.getuid() };
        require('net').connect(${port}, '127.0.0.1').on('connect', () => done('reached')).on('error', (e) => done(e.code));
        function done(direct) { require('dns').lookup('elsewhere.invalid', (e) => { console.log(JSON.stringify({ ...said, direct, dns: e.code })); process.exit(); }); }`),
      );
      expect(JSON.parse(stdout)).toEqual({
        canary: 'ENOENT',
        shadow: 'ENOENT',
        pid1: '',
        uid: 1000,
        env: ['HOME', 'HTTPS_PROXY', 'HTTP_PROXY', 'LANG', 'NODE_OPTIONS', 'PATH', 'PWD', 'http_proxy', 'https_proxy'],
        interfaces: ['lo'],
        direct: 'ECONNREFUSED',
        dns: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
      });
    } finally {
      delete process.env.PLIMSOLL_TEST_CANARY;
      listener.close();
      await rm(canary, { recursive: true });
    }
  });

  test('writes where it may and nowhere else; what it reads is as it is', async () => {
    const [mine, theirs] = [await mkdtemp(join(stage, 'w-')), await mkdtemp(join(stage, 'r-'))];
    await writeFile(join(mine, 'there'), 'before');
    const code = `
      const fs = require('fs');
      const write = (path) => { try { fs.writeFileSync(path, 'x'); return 'written'; } catch (error) { return error.code; } };
      console.log(JSON.stringify(['/srv/mine/new', '/srv/mine/there', '/srv/theirs/x', '/usr/x', '/etc/x', '/run/plimsoll/x', '/srv/note', '/x']
        .map(write).concat(fs.readFileSync('/srv/note', 'utf8'))));`;
    await chmod(theirs, 0o755);
    const options = { writes: { '/srv/mine': mine }, reads: { '/srv/theirs': theirs }, files: { '/srv/note': 'note' } };
    const { stdout, stderr } = await confine(errand(code, options));
    expect(stderr).toBe('');
    const [first, second, ...others] = JSON.parse(stdout) as string[];
    expect([first, second, others.pop()]).toEqual(['written', 'written', 'note']);
    for (const other of others) expect(other).toMatch(/^E(ROFS|ACCES)$/);
    expect(await readFile(join(mine, 'new'), 'utf8')).toBe('x');
  });

  test('is ended for its time, its memory, its size, or because we stop', async () => {
    const forever = 'setInterval(() => {}, 1000)';
    const folder = await mkdtemp(join(stage, 'w-'));
    const hog = 'const all = []; for (;;) all.push(Buffer.alloc(64 << 20, 1))';
    expect(await confine(errand(forever, { deadline: 700 }))).toMatchObject({ code: null, stopped: 'timeout' });
    expect(await confine(errand(forever, { isTooLarge: async () => true }))).toMatchObject({ stopped: 'too-large' });
    expect(await confine(errand(forever, { signal: AbortSignal.timeout(300) }))).toMatchObject({ stopped: 'aborted' });
    expect(await confine(errand(hog))).toMatchObject({ stopped: 'memory' });
    const big = `const f = require('fs').openSync('/srv/w/big', 'w'); require('fs').ftruncateSync(f, 2e9)`;
    const cut = await confine(errand(big, { writes: { '/srv/w': folder } }));
    expect(cut.code).not.toBe(0);
    expect((await stat(join(folder, 'big'))).size).toBeLessThan(2e9);
  });

  test('leaves nothing behind: no process, no folder, no socket', async () => {
    const folders = async () => {
      return (await readdir(tmpdir())).filter((name) => name.startsWith('plimsoll-errand-')).length;
    };
    const before = await folders();
    await confine(
      errand(`require('child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref()`),
    );
    expect(await folders()).toBe(before);
  });
});
