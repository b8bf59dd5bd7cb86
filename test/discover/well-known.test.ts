import { expect, test } from 'vitest';
import { BadSetting, readSettings } from '#config.ts';
import wellKnown from '#discover/sources/well-known.ts';
import { isOwn, mapServerCard } from '#discover/well-known/card.ts';
import type { Sighting } from '#domain/server.ts';
import { discoverAt } from '../support/discover.ts';
import { fileHost } from '../support/file-host.ts';

const at = new URL('https://mcp.acme.com/.well-known/mcp/server-card.json');
const json = JSON.stringify;

test('a card is a sighting whose publisher is proven by its host, and of which only its own addresses are believed', () => {
  const card = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'com.acme/tools',
    title: 'Acme',
    description: 'Does it',
    websiteUrl: 'https://acme.com',
    repository: { url: 'https://github.com/other/popular' },
    packages: [{ registryType: 'npm', identifier: 'popular' }],
    remotes: [
      { type: 'streamable-http', url: 'https://mcp.acme.com/mcp' },
      { type: 'sse', url: 'https://api.mcp.acme.com/sse' },
      { type: 'streamable-http', url: 'https://popular.com/mcp' },
    ],
  };
  expect(mapServerCard(card, at)).toEqual({
    source: 'well-known',
    listing: 'mcp.acme.com/.well-known/mcp/server-card.json',
    name: 'com.acme/tools',
    title: 'Acme',
    description: 'Does it',
    homepage: 'https://acme.com',
    packages: [],
    remotes: [
      { type: 'streamable-http', url: 'https://mcp.acme.com/mcp' },
      { type: 'sse', url: 'https://api.mcp.acme.com/sse' },
    ],
    status: 'active',
    verified: { publisher: 'mcp.acme.com', proof: 'domain' },
  });
});

test.each([
  [{ serverInfo: { name: 'acme' }, transport: { type: 'streamable-http', endpoint: '/mcp' } }],
  [{ name: 'acme', transports: [{ type: 'http', url: '/mcp' }] }],
  [{ name: 'acme', endpoint: 'https://mcp.acme.com/mcp' }],
  [{ name: 'acme', transport: 'https://mcp.acme.com/mcp' }],
])('cards of the drafts before: %j', (card) => {
  expect((mapServerCard(card, at) as Sighting).remotes).toEqual([
    { type: 'streamable-http', url: 'https://mcp.acme.com/mcp' },
  ]);
});

test.each([[null], ['text'], [[]], [{}], [{ name: 7 }], [{ serverInfo: 'x' }]])('%j is no card', (record) => {
  expect(mapServerCard(record, at)).toMatchObject({
    listing: expect.stringMatching(/^mcp/),
    reason: expect.any(String),
  });
});

test.each([
  ['https://mcp.acme.com/x', true],
  ['https://acme.com/x', false],
  ['https://a.mcp.acme.com/x', true],
  ['https://evilmcp.acme.com/x', false],
  ['https://com/x', false],
  ['https://acme.org/x', false],
  ['javascript:alert(1)', false],
])('whether %s is of the host itself: %j', (address, expected) => {
  expect(isOwn(address, at)).toBe(expected);
});

const settings = (hosts: string) => ({ wellKnownHosts: hosts.split(' ') });

test('a catalogue comes before a card, and a card where there is no catalogue; other hosts are not followed', async () => {
  const entries = [
    { type: 'application/mcp-server-card+json', url: 'https://a.com/mcp/server-card' },
    { mediaType: 'application/mcp-server-card+json', data: { name: 'inline' } },
    { type: 'application/mcp-server-card+json', url: 'https://elsewhere.com/card' },
    { type: 'application/mcp-server-card+json', url: 'https://a.com/gone' },
    { type: 'application/a2a-agent-card+json', url: 'https://a.com/agent' },
    'text',
  ];
  await using host = await fileHost({
    '/a.com/.well-known/ai-catalog.json': json({ entries }),
    '/a.com/mcp/server-card': json({ name: 'com.a/one', remotes: [{ url: 'https://a.com/mcp' }] }),
    '/a.com/.well-known/mcp.json': json({ name: 'not asked for' }),
    '/b.com/.well-known/mcp.json': json({ name: 'b' }),
    '/c.com/.well-known/ai-catalog.json': '<html></html>',
  });
  const { sightings, dropped, error } = await discoverAt(wellKnown, host.url, {
    settings: settings('a.com b.com c.com'),
  });
  expect(error).toBeUndefined();
  expect(sightings.map(({ listing, name }) => [listing, name])).toEqual([
    ['a.com/mcp/server-card', 'com.a/one'],
    ['a.com/.well-known/ai-catalog.json#1', 'inline'],
    ['b.com/.well-known/mcp.json', 'b'],
  ]);
  expect(dropped).toEqual([
    { listing: 'https://elsewhere.com/card', reason: 'is not at a.com' },
    { listing: 'https://a.com/gone', reason: 'is not there' },
  ]);
});

test('hosts come from what others named; between full passes only those that had a card are asked', async () => {
  await using host = await fileHost({ '/a.com/.well-known/mcp.json': json({ name: 'a' }) });
  const listings: Sighting[] = [];
  const known = { listings: async () => listings, addresses: async () => ['https://a.com/mcp', 'https://b.com/mcp'] };
  listings.push(...(await discoverAt(wellKnown, host.url, { known })).sightings);
  expect(new Set(host.asked.map(({ url }) => url.pathname.split('/')[1]))).toEqual(new Set(['a.com', 'b.com']));
  const asked = host.asked.length;
  expect((await discoverAt(wellKnown, host.url, { known, since: new Date() })).sightings).toHaveLength(1);
  expect(new Set(host.asked.slice(asked).map(({ url }) => url.pathname.split('/')[1]))).toEqual(new Set(['a.com']));
});

test('a card beside the address of a server is found, and asked for again where it was', async () => {
  await using host = await fileHost({ '/a.com/x/mcp/server-card': json({ name: 'com.a/x' }) });
  const listings: Sighting[] = [];
  const known = { listings: async () => listings, addresses: async () => ['https://a.com/x/mcp', 'https://a.com/y'] };
  listings.push(...(await discoverAt(wellKnown, host.url, { known })).sightings);
  expect(listings.map(({ listing, name }) => [listing, name])).toEqual([['a.com/x/mcp/server-card', 'com.a/x']]);
  const asked = host.asked.length;
  expect((await discoverAt(wellKnown, host.url, { known, since: new Date() })).sightings).toEqual(listings);
  expect(host.asked.slice(asked).map(({ url }) => url.pathname)).not.toContain('/a.com/y/server-card');
});

test('one host that fails is named and the others hold', async () => {
  await using host = await fileHost({ '/a.com/.well-known/mcp.json': json({ name: 'a' }) });
  host.fault({ status: 502 }, { path: '/b.com/.well-known/ai-catalog.json' });
  const before = mapServerCard({ name: 'b' }, new URL('https://b.com/.well-known/mcp.json')) as Sighting;
  const known = { listings: async () => [before], addresses: async () => [] };
  const { sightings, dropped, error } = await discoverAt(wellKnown, host.url, {
    settings: settings('b.com a.com'),
    known,
  });
  expect(error).toBeUndefined();
  expect(sightings.map(({ name }) => name)).toEqual(['b', 'a']);
  expect(dropped).toEqual([{ listing: 'b.com', reason: expect.stringContaining('answered 502') }]);
});

test('without a mirror no private host is asked, whoever names it', async () => {
  await using host = await fileHost({});
  const { port } = new URL(host.url);
  const hosts = `127.0.0.1 localhost 169.254.169.254 localhost:${port} 127.0.0.1:${port}`;
  const { sightings, error, dropped } = await discoverAt(wellKnown, host.url, {
    settings: { ...settings(hosts), sourceUrls: {} },
  });
  expect(sightings).toEqual([]);
  expect(dropped).toHaveLength(5);
  expect(String(error)).toMatch(/public internet/);
  expect(host.asked).toEqual([]);
});

test('hosts are written as such', () => {
  expect(readSettings({ PLIMSOLL_WELL_KNOWN_HOSTS: 'a.com, B.com:8443' }).wellKnownHosts).toEqual([
    'a.com',
    'b.com:8443',
  ]);
  for (const bad of ['https://a.com', 'a.com/x', 'me@a.com', '..'])
    expect(() => readSettings({ PLIMSOLL_WELL_KNOWN_HOSTS: bad })).toThrow(BadSetting);
});
