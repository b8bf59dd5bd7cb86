import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { SourceUnreachable } from '#core/errors.ts';
import { openHttp } from '#core/http.ts';
import { mapNpmManifest, mapNpmPackage } from '#discover/npm/package.ts';
import { type Dropped, isDropped } from '#discover/source.ts';
import npm from '#discover/sources/npm.ts';
import type { Sighting } from '#domain/server.ts';
import { discoverAt } from '../support/discover.ts';
import { fileHost } from '../support/file-host.ts';
import { type NpmRegistry, npmRegistry } from '../support/npm-registry.ts';

async function discover(url: string, limit?: number) {
  await using http = openHttp({ userAgent: 'test (+https://plimsoll.test)', limits: { backoff: 5 } });
  const settings = readSettings({ PLIMSOLL_NPM_REGISTRY_URL: url });
  const found: (Sighting | Dropped)[] = [];
  let error: unknown;
  try {
    const stop = new AbortController().signal;
    for await (const one of npm.discover({ http, settings, stop, limit })) found.push(one);
  } catch (reason) {
    error = reason;
  }
  return { found, names: found.map((one) => one.listing), error };
}

describe('against a registry that speaks the protocol', () => {
  let registry: NpmRegistry;
  beforeAll(async () => {
    registry = await npmRegistry();
    for (let n = 0; n < 300; n++)
      registry.publish({ name: `server-${n}`, manifest: { keywords: ['mcp-server', 'mcp'] } });
    registry.publish({
      name: '@acme/mcp',
      version: '1.2.3',
      manifest: {
        keywords: ['modelcontextprotocol'],
        description: 'A server',
        repository: 'git+https://github.com/acme/mcp.git',
      },
    });
    registry.publish({ name: 'unrelated', manifest: { keywords: ['http'] } });
  });
  afterAll(() => registry.close());

  test('takes every page of every keyword, each package once', async () => {
    const { found, names, error } = await discover(registry.url);
    expect(error).toBeUndefined();
    expect(registry.seen.every(({ headers }) => headers['user-agent'] === 'test (+https://plimsoll.test)')).toBe(true);
    expect(names).toHaveLength(301);
    expect(new Set(names).size).toBe(301);
    expect(found.find((one) => one.listing === '@acme/mcp')).toEqual({
      source: 'npm',
      listing: '@acme/mcp',
      name: '@acme/mcp',
      description: 'A server',
      repository: { url: 'git+https://github.com/acme/mcp.git' },
      packages: [{ purl: 'pkg:npm/%40acme/mcp', version: '1.2.3' }],
      remotes: [],
      status: 'active',
    });
  });

  test('gives no more than the limit', async () => {
    expect((await discover(registry.url, 5)).names).toHaveLength(5);
  });
});

test.each([
  ['has no search', { path: '/-/v1/search', status: 404, body: '{}' }, 'answered 404 to /-/v1/search'],
  ['refuses', { path: '/-/v1/search', status: 403, body: '{}' }, 'answered 403'],
  ['is ill', { path: '/-/v1/search', status: 500, body: 'oops' }, 'answered 500, also after'],
  ['answers with a page', { path: '/-/v1/search', body: '<html></html>' }, 'a page instead of JSON'],
])('a registry that %s is one clear failure', async (_, fault, message) => {
  await using registry = await npmRegistry();
  registry.fault(fault);
  const { found, error } = await discover(registry.url);
  expect(found).toEqual([]);
  expect(error).toBeInstanceOf(SourceUnreachable);
  expect((error as Error).message).toContain(message);
});

test('a dead registry is given up within two seconds', async () => {
  const registry = await npmRegistry();
  await registry.close();
  const begun = Date.now();
  const { error } = await discover(registry.url);
  expect((error as Error).message).toMatch(/cannot be reached \(ECONNREFUSED\)$/);
  expect(Date.now() - begun).toBeLessThan(2_500);
});

test.each([[null], [{}], [{ name: 3 }], [{ name: '../x' }], [{ name: 'a b' }], ['text']])(
  'the result %j is dropped',
  (result) => {
    expect(isDropped(mapNpmPackage(result))).toBe(true);
  },
);

test('fields of another type are left out', () => {
  const result = { name: 'x', version: 1, description: {}, links: { homepage: 'javascript:alert(1)', repository: 7 } };
  expect(mapNpmPackage(result)).toEqual({
    source: 'npm',
    listing: 'x',
    name: 'x',
    packages: [{ purl: 'pkg:npm/x' }],
    remotes: [],
    status: 'active',
  });
});

describe('the feed of changes', () => {
  const settings = (url: string) => ({ npmRegistryUrl: url, npmChangesUrl: `${url}/feed/` });
  const since = new Date('2026-11-20T00:00:00Z');
  const shortNotes = () => {
    const kept = new Map<string, string>();
    return {
      kept,
      read: async (key: string) => kept.get(key),
      write: async (key: string, value: string) => void kept.set(key, value),
    };
  };
  const manifest = (name: string, version: string) =>
    JSON.stringify({
      name,
      version,
      keywords: ['mcp'],
      repository: { url: `git+https://github.com/acme/${name}.git` },
    });
  const search = JSON.stringify({ objects: [], total: 0 });

  test('is noted where it stands, then tells what changed and what was taken down', async () => {
    const changes: object[] = [];
    await using host = await fileHost({
      '/feed/': JSON.stringify({ update_seq: 7 }),
      '/-/v1/search': search,
      '/feed/_changes': (url) => {
        const from = Number(url.searchParams.get('since')) - 7;
        return JSON.stringify({ results: changes.slice(from), last_seq: 7 + changes.length });
      },
      '/a-mcp/latest': manifest('a-mcp', '1.0.0'),
      '/mcp-less/latest': JSON.stringify({ name: 'mcp-less', keywords: ['http'] }),
      '/known/latest': manifest('known', '2.0.0'),
    });
    const notes = shortNotes();
    const at = settings(host.url);
    expect(await discoverAt(npm, host.url, { settings: at, notes, since })).toMatchObject({
      sightings: [],
      error: undefined,
    });
    expect(notes.kept.get('changes')).toBe('7');
    changes.push(...['a-mcp', 'flask', 'mcp-less', 'known'].map((id, seq) => ({ seq, id, changes: [] })));
    changes.push({ seq: 5, id: 'mcp-gone', deleted: true, changes: [] }, { seq: 6 }, { seq: 7, id: 'mcp-unpublished' });
    const listed = (name: string) => mapNpmPackage({ name, version: '1.0.0' }) as Sighting;
    const known = {
      listings: async () => ['known', 'mcp-gone', 'mcp-unpublished'].map(listed),
      addresses: async () => [],
    };
    const { sightings, dropped, error } = await discoverAt(npm, host.url, { settings: at, notes, since, known });
    expect(error).toBeUndefined();
    expect(sightings.map(({ listing, status, packages }) => [listing, status, packages[0]?.version])).toEqual([
      ['a-mcp', 'active', '1.0.0'],
      ['known', 'active', '2.0.0'],
      ['mcp-gone', 'deleted', '1.0.0'],
      ['mcp-unpublished', 'deleted', '1.0.0'],
    ]);
    expect(sightings[0]?.repository).toEqual({ url: 'https://github.com/acme/a-mcp' });
    expect(dropped).toEqual([{ listing: 'change after 7', reason: 'it names no package' }]);
    expect(notes.kept.get('changes')).toBe('14');
    expect(host.asked.map(({ url }) => url.pathname)).not.toContain('/flask/latest');
  });

  test('breaks off loudly, and goes on from where it was', async () => {
    await using host = await fileHost({
      '/feed/_changes': JSON.stringify({ results: [{ seq: 8, id: 'a-mcp' }], last_seq: 8 }),
      '/a-mcp/latest': manifest('a-mcp', '1.0.0'),
    });
    const notes = shortNotes();
    await notes.write('changes', '7');
    host.fault({ status: 502 }, { path: '/a-mcp/latest', times: 4 });
    const at = settings(host.url);
    expect(String((await discoverAt(npm, host.url, { settings: at, notes, since })).error)).toContain('answered 502');
    expect(notes.kept.get('changes')).toBe('7');
    expect((await discoverAt(npm, host.url, { settings: at, notes, since })).sightings).toHaveLength(1);
    // The same answer again, which the feed never gives twice.
    expect(String((await discoverAt(npm, host.url, { settings: at, notes, since })).error)).toContain(
      'repeats its pages',
    );
  });
});

test.each([[null], [[]], ['text']])('%j is no manifest', (record) => {
  expect(mapNpmManifest(record)).toMatchObject({ reason: 'not a manifest' });
});
