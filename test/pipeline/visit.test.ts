import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { type Blocked, readBlocked } from '#core/blocked.ts';
import { Later, WrongUse } from '#core/errors.ts';
import type { Artefact, Enumeration } from '#domain/launch.ts';
import type { RemoteRef } from '#domain/server.ts';
import { enumerateRemote } from '#enumerate/remote/remote.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import type { Resolver, Unavailable } from '#launch/resolver.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { ended } from '#pipeline/reach.ts';
import { type Visiting, visitServer } from '#pipeline/visit.ts';
import type { Store } from '#store/engine/open.ts';
import * as tables from '#store/tables/servers.ts';
import { beforeVisit } from '#store/visit/before-visit.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { listen } from '../support/http-server.ts';
import { NAMES, streamable } from '../support/mcp-http.ts';
import { onEveryDatabase } from '../support/stores.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const remote: RemoteRef = { type: 'streamable-http', url: 'https://mcp.invalid/mcp' };
const artefact = (purl: string): Artefact => ({ purl, name: purl, version: '1.0.0', integrity: 'sha512-' });
const unavailable = (reason: string, temporary = false): Unavailable => ({
  phase: 'resolve',
  reason,
  detail: reason,
  temporary,
});
const listed = (...names: readonly string[]): Enumeration => ({
  ...ended('list', '', ''),
  outcome: 'listed',
  tools: names.map((name) => ({ name })),
});

/** A registry of one kind of package that answers what it is told to, and notes what it was asked. */
function registry(purlType: string, answer: () => Artefact | Unavailable): Resolver & { asked: number } {
  const never = () => Promise.reject(new Error('nothing is to be installed here'));
  return {
    id: purlType,
    purlType,
    asked: 0,
    async current() {
      this.asked++;
      return answer();
    },
    install: never,
    fetchPackage: async () => unavailable('not-to-be-had'),
    launches: never,
  };
}

onEveryDatabase('a visit', (fresh) => {
  let store: Store;
  const home = mkdtempSync(join(tmpdir(), 'plimsoll-visit-'));
  const world = (blocked: ReadonlyMap<string, Blocked> = new Map()) => ({
    db: store.db,
    settings: readSettings({ PLIMSOLL_HOME: home }),
    stop: new AbortController().signal,
    blocked,
    now: () => NOW,
  });
  const add = (id: string, packages: readonly string[], remotes: readonly RemoteRef[] = []) =>
    store.db.transaction(async (tx) => {
      const refs = packages.map((purl) => ({ purl }));
      const row = { id, slug: id, name: id, packages: refs, remotes, firstSeen: NOW, lastSeen: NOW };
      await tx.insert(tables.server).values({ ...row, enumerateDue: new Date(0) });
      for (const key of packages)
        await tx.insert(tables.alias).values({ address: `purl:${key}`, kind: 'purl', key, serverId: id, since: NOW });
    });
  beforeAll(async () => {
    store = await fresh();
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    rmSync(home, { recursive: true });
  });

  test('goes on to the next way where one does not list, and is unchanged only while all of them are', async () => {
    await add('many', ['pkg:npm/many', 'pkg:pypi/many'], [remote]);
    let [version, answer] = ['not-found', ended('handshake', 'timeout', 'no answer')];
    const npm = registry('npm', () => unavailable(version));
    const pypi = registry('pypi', () => artefact('pkg:pypi/many'));
    let calls = 0;
    const visiting: Visiting = {
      resolvers: [npm, pypi],
      sandbox: undefined,
      stage: home,
      installing: { home, stage: home },
      force: false,
      askRemote: async () => {
        calls++;
        return answer;
      },
    };
    const visit = () => visitServer(world(), visiting, { subject: 'many', run: 1, last: false });

    expect(await visit()).toMatchObject({ outcome: 'failed', reason: 'not-found' });
    expect((await beforeVisit(store.db, 'many'))?.last?.asked).toEqual([
      'pkg:npm/many not-found',
      'pkg:pypi/many 1.0.0 sha512-',
      'remote https://mcp.invalid/mcp',
    ]);
    expect([npm.asked, pypi.asked, calls]).toEqual([1, 1, 1]);
    expect(await visit()).toMatchObject({ outcome: 'unchanged' });
    expect([npm.asked, pypi.asked, calls]).toEqual([2, 2, 1]);

    [version, answer] = ['gone', { ...answer, outcome: 'wants-credentials' }];
    expect(await visit()).toMatchObject({ outcome: 'wants-credentials' });
    [version, answer] = ['back', listed('a')];
    expect(await visit()).toMatchObject({ outcome: 'listed' });
    expect((await catalogueOf(store.db).find('many'))?.server.tools.map((tool) => tool.definition.name)).toEqual(['a']);
    expect(await visit()).toMatchObject({ outcome: 'unchanged' });
    expect(calls).toBe(3);
  });

  test('a server elsewhere is asked over HTTP, and what it lists is in the catalogue', async () => {
    await using site = await listen(streamable().served);
    const url = `${site.url}mcp`;
    await add('elsewhere', [], [{ type: 'streamable-http', url }]);
    const visiting: Visiting = {
      resolvers: [],
      sandbox: undefined,
      stage: home,
      installing: { home, stage: home },
      force: true,
      askRemote: (one, options) => enumerateRemote(one, { ...options, userAgent: 'test', allowLoopback: true }),
    };
    const visit = () => visitServer(world(), visiting, { subject: 'elsewhere', run: 1, last: false });
    expect(await visit()).toMatchObject({ outcome: 'listed' });
    const { server } = (await catalogueOf(store.db).find('elsewhere'))!;
    expect(server.tools.map((tool) => tool.definition.name).sort()).toEqual([...NAMES].sort());
    expect(server.visit).toMatchObject({ remote: url, context: { sandbox: 'remote' } });
    // The same address on this machine, without leave to ask it: nothing is sent.
    const strict: Visiting = {
      ...visiting,
      askRemote: (one, options) => enumerateRemote(one, { ...options, userAgent: 'test' }),
    };
    expect(await visitServer(world(), strict, { subject: 'elsewhere', run: 2, last: false })).toMatchObject({
      outcome: 'failed',
      reason: 'off-limits',
    });
  });

  test('how a server wanted to be greeted is known for the version that said so', async () => {
    await add('greeted', ['pkg:npm/greeted']);
    let version = '1.0.0';
    const greetings: string[] = [];
    const current = async () => ({ ...artefact('pkg:npm/greeted'), version });
    const npm: Resolver = {
      ...registry('npm', () => unavailable('never')),
      current,
      install: async () => ({ tree: home, bytes: 1, reused: true }),
      launches: async () => [
        { resolver: 'npm', artefact: await current(), runtime: 'node', tree: home, entry: 'x', args: [], inputs: [] },
      ],
    };
    // A program that ends at the first word.
    const sandbox: Sandbox = {
      ...{ id: 'fake', title: 'fake', strength: 0, runs: ['node'], holds: {} },
      profile: () => 'fake',
      refuses: async () => undefined,
      async start() {
        const stdin = new PassThrough();
        const [stdout, stderr] = [new PassThrough(), new PassThrough()];
        const ended = once(stdin, 'data').then(([line]) => {
          greetings.push(JSON.parse(line).method);
          return { code: 1, signal: null };
        });
        const none = () => undefined;
        return { stdin, stdout, stderr, ended, places: [], kill: none, cpuTime: none, peakMemory: none };
      },
    };
    const visiting = { resolvers: [npm], sandbox, stage: home, installing: { home, stage: home }, force: true };
    const first = async () => {
      greetings.length = 0;
      await visitServer(world(), visiting, { subject: 'greeted', run: 1, last: false });
      return greetings[0];
    };
    const spoke = (known: string) =>
      recordVisit(store.db, {
        ...{ serverId: 'greeted', at: NOW, sandbox: 'fake', staticTools: [], due: NOW },
        asked: [`pkg:npm/greeted ${known} sha512-`],
        enumeration: { ...listed('a'), protocolVersion: '2025-06-18' },
      });
    expect(await first()).toBe('server/discover');
    await spoke('1.0.0');
    expect(await first()).toBe('initialize');
    await spoke('1.0.0');
    version = '2.0.0';
    expect(await first()).toBe('server/discover');
  });

  test('what may pass is tried again before it counts', async () => {
    await add('later', ['pkg:npm/later']);
    const visiting = { resolvers: [registry('npm', () => unavailable('network', true))], sandbox: undefined };
    const visit = (last: boolean) =>
      visitServer(
        world(),
        { ...visiting, stage: home, installing: { home, stage: home }, force: false },
        { subject: 'later', run: 1, last },
      );
    await expect(visit(false)).rejects.toThrow(Later);
    expect((await beforeVisit(store.db, 'later'))!.last).toBeUndefined();
    expect(await visit(true)).toMatchObject({ outcome: 'failed', reason: 'network' });
  });

  test('a blocked server is asked for nothing, and nothing shows it', async () => {
    await add('bad', ['pkg:npm/bad']);
    const npm = registry('npm', () => artefact('pkg:npm/bad'));
    const file = join(home, 'blocked.yaml');
    writeFileSync(
      file,
      '- { address: "purl:pkg:npm/bad", reason: takedown, since: "2026-11-01", note: A court said so. }\n',
    );
    const blocked = readBlocked(file);
    const visiting: Visiting = {
      resolvers: [npm],
      sandbox: undefined,
      stage: home,
      installing: { home, stage: home },
      force: true,
    };
    expect(await visitServer(world(blocked), visiting, { subject: 'bad', run: 1, last: false })).toMatchObject({
      outcome: 'refused',
      reason: 'blocked',
    });
    expect(npm.asked).toBe(0);
    expect((await beforeVisit(store.db, 'bad'))?.last?.detail).toBe(
      'Blocked since 2026-11-01: it had to be taken down. A court said so.',
    );
    const open = catalogueOf(store.db);
    const closed = catalogueOf(store.db, [...blocked.keys()]);
    const ids = async (catalogue: typeof open) => (await catalogue.list({ limit: 99 })).servers.map(({ id }) => id);
    expect(await ids(open)).toContain('bad');
    expect(await ids(closed)).not.toContain('bad');
    for (const key of ['bad', 'pkg:npm/bad']) {
      expect(await open.find(key)).toBeDefined();
      expect(await closed.find(key)).toBeUndefined();
    }
    expect((await open.statistics()).servers - (await closed.statistics()).servers).toBe(1);
  });
});

test('a list of blocked servers that cannot be read blocks the crawl, not nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-blocked-'));
  for (const text of ['{}', '- address: npm:x', '- {address: "purl:pkg:npm/x", reason: malware}', ': :'])
    expect(() => {
      writeFileSync(join(folder, 'list.yaml'), text);
      readBlocked(join(folder, 'list.yaml'));
    }, text).toThrow(WrongUse);
  expect(() => readBlocked(join(folder, 'nowhere.yaml'))).toThrow(WrongUse);
  expect(readBlocked().has('purl:pkg:npm/postmark-mcp')).toBe(true);
  rmSync(folder, { recursive: true });
});
