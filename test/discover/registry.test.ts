import { afterEach, describe, expect, test } from 'vitest';
import { SourceUnreachable } from '#core/errors.ts';
import { mapRegistryEntry } from '#discover/registry-list.ts';
import registry from '#discover/sources/registry.ts';
import type { Sighting } from '#domain/server.ts';
import { discoverAt } from '../support/discover.ts';
import { JSON_PASSING, JSON_STAYING, patienceFor } from '../support/faults.ts';
import { fileHost } from '../support/file-host.ts';
import { type McpRegistry, mcpRegistry, type RegistryEntry } from '../support/mcp-registry.ts';

const T = '2026-11-20T12:00:00.000Z';
const entry = (n: number, fields: object = {}, over: Partial<RegistryEntry> = {}): RegistryEntry => ({
  server: { name: `io.github.acme/s${n}`, version: '1.0.0', description: `server ${n}`, ...fields },
  updatedAt: T,
  ...over,
});
const entries = (count: number) => Array.from({ length: count }, (_, n) => entry(n));

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

async function start(list: RegistryEntry[], options?: { page: number }): Promise<McpRegistry> {
  const server = await mcpRegistry(list, options);
  open.push(server);
  return server;
}

const discover = (url: string, options: Parameters<typeof discoverAt>[2] = {}) => discoverAt(registry, url, options);

test('takes all pages', async () => {
  const server = await start(entries(250));
  const { sightings, dropped, error } = await discover(server.url);
  expect(error).toBeUndefined();
  expect(dropped).toEqual([]);
  expect(new Set(sightings.map((one) => one.listing)).size).toBe(250);
  expect(server.asked.map((query) => query.get('cursor'))).toEqual([
    null,
    'io.github.acme/s99:1.0.0',
    'io.github.acme/s199:1.0.0',
  ]);
  expect(server.asked.every((query) => query.get('version') === 'latest' && !query.has('updated_since'))).toBe(true);
});

test('goes on where a registry of 2025 spells the next page in snake case', async () => {
  const page = (name: string, next?: string) =>
    JSON.stringify({ servers: [{ name }], metadata: { next_cursor: next } });
  await using host = await fileHost({
    '/v0.1/servers': ({ searchParams }) =>
      searchParams.get('cursor') === 'two' ? page('com.acme/b') : page('com.acme/a', 'two'),
  });
  expect((await discover(host.url)).sightings.map(({ listing }) => listing)).toEqual(['com.acme/a', 'com.acme/b']);
});

test('asks for no more pages than the limit needs', async () => {
  const server = await start(entries(250));
  expect((await discover(server.url, { limit: 100 })).sightings).toHaveLength(100);
  expect((await discover(server.url, { limit: 7 })).sightings).toHaveLength(7);
  expect(server.asked).toHaveLength(2);
});

test('asks for changes with an overlap of at least five minutes, and hears of the deleted', async () => {
  const server = await start([
    entry(0, {}, { updatedAt: '2026-11-01T00:00:00.000Z' }),
    entry(1),
    entry(2, {}, { status: 'deleted' }),
    entry(3, {}, { status: 'deprecated' }),
  ]);
  const { sightings } = await discover(server.url, { since: new Date(T) });
  const asked = Date.parse(server.asked[0]!.get('updated_since')!);
  expect(Date.parse(T) - asked).toBeGreaterThanOrEqual(5 * 60_000);
  expect(sightings.map((one) => [one.listing, one.status])).toEqual([
    ['io.github.acme/s1', 'active'],
    ['io.github.acme/s2', 'deleted'],
    ['io.github.acme/s3', 'deprecated'],
  ]);
});

describe('faults that pass cost nothing', () => {
  test.each(JSON_PASSING)('%s', async (_, fault) => {
    const server = await start(entries(150));
    server.fault({ ...fault, times: 1, cursor: 'io.github.acme/s99:1.0.0' });
    const { sightings, error } = await discover(server.url, patienceFor(fault));
    expect(error).toBeUndefined();
    expect(sightings).toHaveLength(150);
    expect(server.asked).toHaveLength(3);
  });
});

describe('faults that stay are said, and what came before holds', () => {
  test.each(JSON_STAYING)('%s', async (_, fault, message) => {
    const server = await start(entries(150));
    server.fault({ ...fault, cursor: 'io.github.acme/s99:1.0.0' });
    const { sightings, error } = await discover(server.url, patienceFor(fault));
    expect(error).toBeInstanceOf(SourceUnreachable);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toMatch(/^127\.0\.0\.1:\d+ /);
    expect(sightings).toHaveLength(100);
  });

  test('a cursor that repeats', async () => {
    const server = await start(entries(10), { page: 4 });
    server.fault({ nextCursor: 'io.github.acme/s3:1.0.0' });
    const { sightings, error } = await discover(server.url);
    expect((error as Error).message).toMatch(
      /repeats its pages after \d+ listings \(cursor io\.github\.acme\/s3:1\.0\.0\)$/,
    );
    expect(sightings).toHaveLength(8);
    expect(server.asked).toHaveLength(2);
  });

  test('a dead host, within two seconds', async () => {
    const server = await mcpRegistry([]);
    await server[Symbol.asyncDispose]();
    const begun = Date.now();
    const { error } = await discover(server.url);
    expect((error as Error).message).toMatch(/cannot be reached \(ECONNREFUSED\)$/);
    expect(Date.now() - begun).toBeLessThan(2_000);
  });
});

test('stops when asked to', async () => {
  const server = await start(entries(300));
  const controller = new AbortController();
  server.fault({ cursor: 'io.github.acme/s99:1.0.0', delay: 300 });
  const second = setInterval(() => {
    if (server.asked.length > 1) controller.abort(new Error('stopped'));
  }, 5);
  const { sightings, error } = await discover(server.url, { stop: controller.signal });
  clearInterval(second);
  expect((error as Error).message).toBe('stopped');
  expect(sightings).toHaveLength(100);
});

test('drops bad records with their reasons and goes on', async () => {
  const mangled: Record<number, (record: Record<string, unknown>) => unknown> = {
    0: () => null,
    1: () => 'text',
    2: () => ({ server: { description: 'no name' } }),
    3: () => ({ server: { name: 42 } }),
    4: () => ({ server: { name: 'no-namespace' } }),
    5: () => ({ server: { name: 'io.github.acme/<script>' } }),
    6: () => [],
  };
  const server = await start(entries(10));
  server.fault({
    mangle: (record) => {
      const number = Number(/\d+$/.exec((record.server as { name: string }).name)![0]);
      return mangled[number]?.(record) ?? (number === 0 ? null : record);
    },
  });
  const { sightings, dropped, error } = await discover(server.url);
  expect(error).toBeUndefined();
  expect(sightings.map((one) => one.listing)).toEqual(['io.github.acme/s7', 'io.github.acme/s8', 'io.github.acme/s9']);
  expect(dropped).toHaveLength(7);
  expect(dropped.map((one) => one.listing)).toContain('no-namespace');
  for (const { reason } of dropped) expect(reason).toMatch(/^(name|entry): .+/);
});

test('a name listed twice is kept once', async () => {
  const server = await start([entry(1), entry(1, { version: '2.0.0' })]);
  const { sightings, dropped } = await discover(server.url);
  expect(sightings).toHaveLength(1);
  expect(dropped).toEqual([{ listing: 'io.github.acme/s1', reason: expect.stringContaining('twice') }]);
});

const bundle = 'pkg:generic/x.mcpb?download_url=https%3A%2F%2Fgithub.com%2Facme%2Fx%2Freleases%2Fx.mcpb';

test('fields of another type are left out, the rest of the record stands', () => {
  const found = mapRegistryEntry({
    server: {
      name: 'io.github.acme/x',
      title: 7,
      description: ['a'],
      websiteUrl: 'javascript:alert(1)',
      repository: 'https://github.com/acme/x',
      packages: [
        null,
        'npm',
        { registryType: 'npm' },
        { registryType: 'npm', identifier: '../../etc' },
        { registryType: 'npm', identifier: 'git+ssh://evil/x' },
        { registryType: 'mcpb', identifier: 'https://github.com/acme/x/releases/x.mcpb' },
        { registryType: 'npm', identifier: '@acme/x', version: 1, environmentVariables: 'none', packageArguments: {} },
        {
          registryType: 'pypi',
          identifier: 'Acme_X',
          version: '1.0',
          environmentVariables: [{ name: 'KEY', isRequired: 'yes', isSecret: true }, { name: 'not a name' }, 3],
        },
      ],
      remotes: [{ type: 'sse', url: 'https://acme.com/sse' }, { type: 'x', url: 'file:///etc/passwd' }, {}],
    },
    _meta: 'nonsense',
  });
  expect(found).toEqual({
    source: 'registry',
    listing: 'io.github.acme/x',
    name: 'io.github.acme/x',
    registryName: 'io.github.acme/x',
    packages: [
      { purl: bundle },
      { purl: 'pkg:npm/%40acme/x' },
      { purl: 'pkg:pypi/acme-x', version: '1.0', env: [{ name: 'KEY', secret: true }] },
    ],
    remotes: [{ type: 'sse', url: 'https://acme.com/sse' }],
    status: 'active',
  });
});

test('only fixed arguments are taken, in order, up to the first position that a user fills', () => {
  const found = mapRegistryEntry({
    server: {
      name: 'io.github.acme/x',
      packages: [
        {
          registryType: 'npm',
          identifier: 'x',
          packageArguments: [
            { type: 'positional', value: 'mcp' },
            { type: 'named', name: '--mode', value: 'all' },
            { type: 'named', name: '--stdio' },
            { type: 'named', name: '--key', value: '{api_key}' },
            { type: 'named', name: '--level', default: 'info' },
            { type: 'positional', valueHint: 'directory' },
            { type: 'positional', value: 'late' },
          ],
        },
      ],
    },
  }) as Sighting;
  expect(found.packages[0]?.args).toEqual(['mcp', '--mode', 'all', '--stdio', '--level', 'info']);
});

test('arguments, bundles, headers and variables keep what the publisher says of them, in either spelling', () => {
  const sha256 = 'ab'.repeat(32);
  const today = {
    name: 'io.github.acme/x',
    packages: [
      {
        registryType: 'mcpb',
        identifier: 'https://github.com/acme/x/releases/x.mcpb',
        version: '1.0.0',
        fileSha256: sha256.toUpperCase(),
        transport: { type: 'stdio' },
      },
      {
        registryType: 'oci',
        identifier: 'ghcr.io/acme/x:1.2@sha256:00',
        runtimeHint: 'docker',
        transport: { type: 'streamable-http', url: 'http://localhost:80' },
        runtimeArguments: [{ type: 'named', name: '-v', value: '{dir}:/data', isRequired: true, format: 'filepath' }],
        packageArguments: [{ type: 'positional', valueHint: 'folder', isRepeated: true, choices: ['a', 'b'] }],
      },
      { registryType: 'nuget', identifier: 'Acme.X', version: '1.0.0' },
      { registryType: 'cargo', identifier: 'acme-x', version: '1.0.0' },
    ],
    remotes: [
      {
        type: 'sse',
        url: 'https://acme.com/{region_id}',
        headers: [{ name: 'Authorization', isSecret: true, isRequired: true }],
        variables: { region_id: { choices: ['us', 'eu'], default: 'us' } },
      },
    ],
  };
  const snake = (value: object) =>
    JSON.parse(
      JSON.stringify(value).replace(
        /"(\w+)":/g,
        (_, key: string) => `"${key.replace(/[A-Z]/g, '_$&').toLowerCase()}":`,
      ),
    );
  const found = mapRegistryEntry(today) as Sighting;
  expect(found.packages).toEqual([
    { purl: bundle, version: '1.0.0', sha256, transport: 'stdio' },
    {
      purl: 'pkg:oci/x?repository_url=ghcr.io%2Facme%2Fx',
      version: '1.2',
      runtimeHint: 'docker',
      transport: 'streamable-http',
      runtimeArguments: [{ type: 'named', name: '-v', value: '{dir}:/data', required: true, format: 'filepath' }],
      arguments: [{ type: 'positional', hint: 'folder', repeated: true, choices: ['a', 'b'] }],
    },
    { purl: 'pkg:nuget/acme.x', version: '1.0.0' },
    { purl: 'pkg:cargo/acme-x', version: '1.0.0' },
  ]);
  expect(found.remotes).toEqual([
    {
      type: 'sse',
      url: 'https://acme.com/{region_id}',
      headers: [{ name: 'Authorization', secret: true, required: true }],
      variables: [{ name: 'region_id', choices: ['us', 'eu'], default: 'us' }],
    },
  ]);
  expect(mapRegistryEntry(snake(today))).toEqual(found);
});

test.each([
  ['io.github.Acme/x', { publisher: 'github.com/acme', proof: 'account' }],
  ['com.acme.tools/x', { publisher: 'tools.acme.com', proof: 'domain' }],
  ['io.github.a.b/x', { publisher: 'b.a.github.io', proof: 'domain' }],
  ['localhost/x', undefined],
])('who publishes %s is proven by the official registry alone, and only by what it answers itself', (name, proof) => {
  const official = { 'io.modelcontextprotocol.registry/official': { status: 'active', isLatest: true } };
  expect((mapRegistryEntry({ server: { name }, _meta: official }) as Sighting).verified).toEqual(proof);
  expect(mapRegistryEntry({ server: { name } })).not.toHaveProperty('verified');
  expect(mapRegistryEntry({ server: { name }, _meta: official }, 'pulsemcp')).not.toHaveProperty('verified');
  const badge = { 'com.pulsemcp/server': { isOfficial: true } };
  expect(mapRegistryEntry({ server: { name }, _meta: badge }, 'pulsemcp')).toMatchObject({
    verified: { publisher: name, proof: 'badge' },
  });
  expect(mapRegistryEntry({ server: { name }, _meta: badge }, 'from')).not.toHaveProperty('verified');
});

test('the shape of May 2025 is understood', () => {
  const found = mapRegistryEntry({
    id: '4e9cf4cf-71f6-4aca-bae8-2d10a29ca2e0',
    name: 'io.github.acme/x',
    description: 'x',
    repository: { url: 'https://github.com/acme/x', source: 'github', id: '935450522' },
    version_detail: { version: '0.0.1-seed', release_date: '2025-05-16T18:56:49Z', is_latest: true },
    packages: [
      {
        registry_name: 'npm',
        name: '@acme/x',
        version: '0.0.46',
        environment_variables: [{ name: 'API_KEY', description: 'key', is_required: true }],
        package_arguments: [
          { type: 'named', name: '--actors a,b', value: '--actors a,b' },
          { type: 'named', name: '--directory <path>', value: '--directory <path>' },
        ],
      },
      { registry_name: 'unknown', name: 'y', version: '1' },
    ],
    remotes: [{ transport_type: 'sse', url: 'https://acme.com/sse' }],
  });
  expect(found).toMatchObject({
    repository: { url: 'https://github.com/acme/x', forgeId: '935450522' },
    packages: [
      {
        purl: 'pkg:npm/%40acme/x',
        version: '0.0.46',
        env: [{ name: 'API_KEY', description: 'key', required: true }],
        args: ['--actors', 'a,b'],
      },
    ],
    remotes: [{ type: 'sse', url: 'https://acme.com/sse' }],
  });
});

test('versions that are not the latest are passed over, in either generation', () => {
  expect(mapRegistryEntry({ name: 'a.b/c', version_detail: { is_latest: false } })).toBeUndefined();
  const _meta = { 'io.modelcontextprotocol.registry/official': { isLatest: false } };
  expect(mapRegistryEntry({ server: { name: 'a.b/c' }, _meta })).toBeUndefined();
});

test('a description of ten megabytes is cut, its record and page stand', async () => {
  const server = await start([entry(0, { description: 'x'.repeat(10 * 1024 * 1024) }), entry(1)]);
  const { sightings, error } = await discover(server.url);
  expect(error).toBeUndefined();
  expect(sightings).toHaveLength(2);
  expect(sightings[0]?.description?.length).toBeLessThan(5_000);
});
