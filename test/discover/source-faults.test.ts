import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SourceUnreachable } from '#core/errors.ts';
import { pluginIds } from '#core/plugins.ts';
import type { Source, SourceSettings } from '#discover/source.ts';
import awesome from '#discover/sources/awesome.ts';
import directories from '#discover/sources/directories.ts';
import docker from '#discover/sources/docker.ts';
import github from '#discover/sources/github.ts';
import githubRegistry from '#discover/sources/github-registry.ts';
import glama from '#discover/sources/glama.ts';
import mcpm from '#discover/sources/mcpm.ts';
import npm from '#discover/sources/npm.ts';
import pulsemcp from '#discover/sources/pulsemcp.ts';
import pypi from '#discover/sources/pypi.ts';
import registry from '#discover/sources/registry.ts';
import smithery from '#discover/sources/smithery.ts';
import tensorblock from '#discover/sources/tensorblock.ts';
import toolsdk from '#discover/sources/toolsdk.ts';
import wellKnown from '#discover/sources/well-known.ts';
import { discoverAt, shortMemory } from '../support/discover.ts';
import { JSON_PASSING, JSON_STAYING, PASSING, patienceFor, STAYING } from '../support/faults.ts';
import { fileHost, type Held } from '../support/file-host.ts';
import { gitHub } from '../support/github.ts';
import { tarball } from '../support/tar.ts';

/** A source, a small host that speaks its protocol, and what it finds there. */
interface Case {
  readonly source: Source;
  readonly files: Readonly<Record<string, Held>>;
  readonly finds: readonly string[];
  /** `cards`: JSON of many hosts, of which most have none, so that what is none is no fault. */
  readonly sends: 'json' | 'text' | 'cards';
  readonly settings?: Partial<SourceSettings> | ((url: string) => Partial<SourceSettings>);
  /** Other files where JSON is not the whole of an answer: one with a description of ten megabytes, one with records that are none. */
  readonly long?: Case['files'];
  readonly spoilt?: Case['files'];
}

const json = JSON.stringify;
const LONG = 'x'.repeat(10 * 1024 * 1024);
const WRONG: readonly unknown[] = [null, 7, 'text', [], { renamed: 'x' }];
const feed = (names: readonly string[]) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>PyPI</title>${names
    .map((name) => `<item><title>${name} 1.0</title><link>https://pypi.org/project/${name}/1.0/</link></item>`)
    .join('')}</channel></rss>`;
const CASES: readonly Case[] = [
  {
    source: docker,
    files: {
      '/mcp/catalog/v3/catalog.yaml': json({
        registry: {
          fetch: { type: 'server', image: 'mcp/fetch', source: 'https://github.com/acme/servers/tree/main/src/fetch' },
          remote: { type: 'remote', remote: { url: 'https://mcp.acme.com/sse', transport_type: 'sse' } },
          curl: { type: 'poci' },
        },
      }),
    },
    finds: ['fetch', 'remote'],
    sends: 'text',
    long: {
      '/mcp/catalog/v3/catalog.yaml': json({
        registry: {
          fetch: { type: 'server', image: 'mcp/fetch', description: LONG },
          remote: { type: 'remote', remote: { url: 'https://mcp.acme.com/sse', transport_type: 'sse' } },
        },
      }),
    },
    spoilt: {
      '/mcp/catalog/v3/catalog.yaml': json({
        registry: {
          fetch: { type: 'server', image: 'mcp/fetch' },
          ...Object.fromEntries(WRONG.map((one, i) => [`wrong${i}`, one])),
          remote: { type: 'remote', remote: { url: 'https://mcp.acme.com/sse', transport_type: 'sse' } },
        },
      }),
    },
  },
  {
    source: githubRegistry,
    files: {
      '/v0.1/servers': json({
        servers: [{ server: { name: 'io.github.acme/a' } }, { server: { name: 'com.acme/b' } }],
        metadata: { count: 2 },
      }),
    },
    finds: ['io.github.acme/a', 'com.acme/b'],
    sends: 'json',
  },
  {
    source: awesome,
    files: Object.fromEntries(
      ['appcypher/awesome-mcp-servers', 'modelcontextprotocol/servers', 'punkpeye/awesome-mcp-servers']
        .concat('wong2/awesome-mcp-servers')
        .map((list) => [`/${list}/HEAD/README.md`, `## Servers\n- [A](https://github.com/acme/a) - does a\n`]),
    ),
    long: Object.fromEntries(
      ['appcypher/awesome-mcp-servers', 'modelcontextprotocol/servers', 'punkpeye/awesome-mcp-servers']
        .concat('wong2/awesome-mcp-servers')
        .map((list) => [`/${list}/HEAD/README.md`, `- ${LONG}\n- [A](https://github.com/acme/a) - ${LONG}\n`]),
    ),
    finds: [
      'appcypher/awesome-mcp-servers github.com/acme/a',
      'modelcontextprotocol/servers github.com/acme/a',
      'punkpeye/awesome-mcp-servers github.com/acme/a',
      'wong2/awesome-mcp-servers github.com/acme/a',
    ],
    sends: 'text',
  },
  {
    source: mcpm,
    files: { '/api/servers.json': json({ a: { name: 'a' }, b: { name: 'b' } }) },
    finds: ['a', 'b'],
    sends: 'json',
  },
  {
    source: tensorblock,
    files: {
      '/TensorBlock/awesome-mcp-servers/HEAD/data/catalog.json': json([
        { id: 'github-acme-a-1', name: 'A' },
        { id: 'b' },
      ]),
    },
    finds: ['github-acme-a-1', 'b'],
    sends: 'json',
  },
  {
    source: toolsdk,
    files: {
      '/toolsdk-ai/toolsdk-mcp-registry/tar.gz/HEAD': tarball([
        { path: 'toolsdk-mcp-registry-1/README.md', content: 'no' },
        { path: 'toolsdk-mcp-registry-1/packages/x/a.json', content: json({ packageName: 'a', runtime: 'node' }) },
        { path: 'toolsdk-mcp-registry-1/packages/x/b.json', content: json({ packageName: 'b', runtime: 'python' }) },
      ]),
    },
    finds: ['node:a', 'python:b'],
    sends: 'text',
    long: {
      '/toolsdk-ai/toolsdk-mcp-registry/tar.gz/HEAD': tarball([
        { path: 'x/packages/x/a.json', content: json({ packageName: 'a', runtime: 'node', description: LONG }) },
        { path: 'x/packages/x/b.json', content: json({ packageName: 'b', runtime: 'python' }) },
      ]),
    },
    spoilt: {
      '/toolsdk-ai/toolsdk-mcp-registry/tar.gz/HEAD': tarball([
        { path: 'x/packages/x/a.json', content: json({ packageName: 'a', runtime: 'node' }) },
        ...WRONG.map((one, i) => ({ path: `x/packages/x/wrong${i}.json`, content: json(one) })),
        { path: 'x/packages/x/torn.json', content: '{"packageName":"a' },
        { path: 'x/packages/x/b.json', content: json({ packageName: 'b', runtime: 'python' }) },
      ]),
    },
  },
  {
    source: pypi,
    files: {
      '/rss/updates.xml': feed(['mcp-server-a', 'flask', 'other']),
      '/rss/packages.xml': feed(['mcp-server-a', 'mcp_b']),
      '/pypi/mcp-server-a/json': json({ info: { name: 'mcp-server-a', version: '1.0' } }),
      '/pypi/mcp_b/json': json({ info: { name: 'mcp_b', summary: 'An MCP server' } }),
    },
    finds: ['mcp-server-a', 'mcp-b'],
    sends: 'text',
    long: {
      '/rss/updates.xml': feed(['mcp-server-a']).replace('<link>', `<description>${LONG}</description><link>`),
      '/rss/packages.xml': feed(['mcp_b']),
      '/pypi/mcp-server-a/json': json({ info: { name: 'mcp-server-a', summary: `MCP ${LONG}`, description: LONG } }),
      '/pypi/mcp_b/json': json({ info: { name: 'mcp_b', summary: 'An MCP server' } }),
    },
    spoilt: {
      '/rss/updates.xml': feed(['mcp-wrong', 'mcp-server-a']),
      '/rss/packages.xml': feed(['mcp_b']).replace(
        '</channel>',
        '<item></item><item><title>MCP</title></item></channel>',
      ),
      '/pypi/mcp-wrong/json': json({ info: { renamed: 'mcp-wrong' } }),
      '/pypi/mcp-server-a/json': json({ info: { name: 'mcp-server-a', version: 7, project_urls: 'none' } }),
      '/pypi/mcp_b/json': json({ info: { name: 'mcp_b', summary: 'An MCP server' } }),
    },
  },
  {
    source: smithery,
    files: {
      '/servers': (url) => {
        const page = Number(url.searchParams.get('page'));
        const servers = [{ qualifiedName: `@acme/s${page}` }];
        return json({ servers, pagination: { currentPage: page, totalPages: 2 } });
      },
    },
    finds: ['@acme/s1', '@acme/s2'],
    sends: 'json',
    settings: { smitheryKey: 'k' },
  },
  {
    source: glama,
    files: {
      '/api/mcp/v1/servers': (url) => {
        const isFirst = url.searchParams.get('after') === null;
        const pageInfo = { endCursor: isFirst ? 'c1' : 'c2', hasNextPage: isFirst };
        return json({ servers: [{ id: isFirst ? 'a' : 'b' }], pageInfo });
      },
    },
    finds: ['a', 'b'],
    sends: 'json',
    settings: { glamaKey: 'k' },
  },
  {
    source: pulsemcp,
    files: { '/v0.1/servers': json({ servers: [{ server: { name: 'com.acme/b' } }], metadata: { count: 1 } }) },
    finds: ['com.acme/b'],
    sends: 'json',
    settings: { pulsemcpKey: 'k', pulsemcpTenant: 't' },
  },
  {
    source: registry,
    files: {
      '/v0.1/servers': (url) =>
        url.searchParams.get('cursor') === null
          ? json({ servers: [{ server: { name: 'com.acme/a' } }], metadata: { nextCursor: 'c' } })
          : json({ servers: [{ server: { name: 'com.acme/b' } }], metadata: {} }),
    },
    finds: ['com.acme/a', 'com.acme/b'],
    sends: 'json',
  },
  {
    source: npm,
    files: {
      '/-/v1/search': json({ objects: [{ package: { name: 'a' } }, { package: { name: 'b' } }], total: 2 }),
    },
    finds: ['a', 'b'],
    sends: 'json',
    settings: (url) => ({ npmRegistryUrl: url }),
  },
  {
    source: github,
    files: gitHub([1, 2].map((id) => ({ id, name: `acme/r${id}`, topics: ['mcp-server'] }))),
    finds: ['R_1', 'R_2'],
    sends: 'json',
  },
  {
    source: wellKnown,
    files: {
      '/a.com/.well-known/ai-catalog.json': json({
        entries: [
          { type: 'application/mcp-server-card+json', data: { name: 'a' } },
          { type: 'application/mcp-server-card+json', data: { name: 'b' } },
        ],
      }),
    },
    finds: ['a.com/.well-known/ai-catalog.json#0', 'a.com/.well-known/ai-catalog.json#1'],
    sends: 'cards',
    settings: { wellKnownHosts: ['a.com'] },
    long: {
      '/a.com/.well-known/ai-catalog.json': json({
        entries: [
          { type: 'application/mcp-server-card+json', data: { name: 'a', description: LONG } },
          { type: 'application/mcp-server-card+json', data: { name: 'b' } },
        ],
      }),
    },
    spoilt: {
      '/a.com/.well-known/ai-catalog.json': json({
        entries: [
          { type: 'application/mcp-server-card+json', data: { name: 'a' } },
          { type: 'application/mcp-server-card+json', data: { name: 'b' } },
          ...WRONG,
          ...WRONG.map((data) => ({ type: 'application/mcp-server-card+json', data })),
        ],
      }),
    },
  },
  {
    source: directories,
    files: {
      '/robots.txt': 'User-agent: *\nDisallow: /private',
      '/servers': (url) =>
        url.search === ''
          ? '<ul><li><a href="https://github.com/acme/a">A</a></ul><a rel="next" href="?page=2">Next</a>'
          : '<ul><li><a href="https://github.com/acme/b">B</a></ul>',
    },
    finds: ['list.com github.com/acme/a', 'list.com github.com/acme/b'],
    sends: 'text',
    settings: { directories: ['https://list.com/servers'] },
    long: {
      '/robots.txt': '',
      '/servers': `<ul><li>${LONG}</li><li><a href="https://github.com/acme/a">A</a> ${LONG}</li>
        <li><a href="https://github.com/acme/b">B</a></li></ul>`,
    },
  },
];

/** The same files, every JSON value of which went through `change`. */
function mangled(files: Case['files'], change: (value: object) => void): Case['files'] {
  const through = (text: string) => {
    const value: unknown = JSON.parse(text);
    change(Object(value));
    return json(value);
  };
  return Object.fromEntries(
    Object.entries(files).map(([path, held]): [string, Held] => {
      if (Buffer.isBuffer(held)) return [path, held];
      if (typeof held === 'string') return [path, through(held)];
      return [path, (...asked) => through(held(...asked) ?? 'null')];
    }),
  );
}

/** Objects that lie in lists or under names, which is where records are. */
function* recordsIn(value: object): Generator<Record<string, unknown>> {
  for (const one of Object.values(value)) {
    if (one === null || typeof one !== 'object') continue;
    if (!Array.isArray(one)) yield one;
    yield* recordsIn(one);
  }
}

function describeAtLength(value: object): void {
  const [record] = [...recordsIn(value)].filter((one) => 'name' in one || 'id' in one || 'qualifiedName' in one);
  if (record) record.description = LONG;
}

/** Adds to the first list, or to what stands for one, records of every wrong kind. */
function spoil(value: object): void {
  const list = [value, ...Object.values(value)].find((one) => Array.isArray(one));
  if (list) list.push(...WRONG);
  else for (const [i, one] of WRONG.entries()) Object.assign(value, { [`wrong${i}`]: Object.assign({ name: 7 }, one) });
}

test('every source that asks hosts is tried here', async () => {
  const ids = pluginIds(join(import.meta.dirname, '../../src/discover/sources'));
  expect(CASES.map(({ source }) => source.id).sort()).toEqual(
    ids.filter((id) => !['from', 'packages', 'requested', 'starter'].includes(id)).sort(),
  );
});

describe.concurrent.each(CASES.map((one) => [one.source.id, one] as const))(
  '%s',
  (_, { source, files, finds, sends, settings, long, spoilt }) => {
    const ask = (url: string, options: Parameters<typeof discoverAt>[2] = {}) =>
      discoverAt(source, url, {
        ...options,
        settings: typeof settings === 'function' ? settings(url) : (settings ?? {}),
      });

    test('gives what is listed, up to the limit, with its terms', async () => {
      await using host = await fileHost(files);
      const { sightings, dropped, error } = await ask(host.url);
      expect(error).toBeUndefined();
      expect(sightings.map(({ listing }) => listing)).toEqual(finds);
      expect(dropped).toEqual([]);
      for (const one of sightings) expect(one.source).toBe(source.id);
      expect((await ask(host.url, { limit: 1 })).sightings).toHaveLength(1);
    });

    test('is sent no body again while nothing changes', async () => {
      await using host = await fileHost(files);
      const memory = shortMemory();
      const first = await ask(host.url, { memory });
      const requests = host.asked.length;
      // One request a page, in the first night as well.
      expect(new Set(host.asked.map(({ url }) => url.href)).size).toBe(requests);
      expect(await ask(host.url, { memory })).toEqual(first);
      expect(host.asked.slice(requests).map(({ status }) => status)).toEqual(Array(requests).fill(304));
    });

    test.each(sends === 'text' ? PASSING : JSON_PASSING)('sits out %s', async (_, fault) => {
      await using host = await fileHost(files);
      host.fault(fault, { times: 1 });
      const { sightings, error } = await ask(host.url, patienceFor(fault));
      expect(error).toBeUndefined();
      expect(sightings).toHaveLength(finds.length);
    });

    const html: (typeof STAYING)[number] = ['HTML', { body: '<html><body>Sign in</body></html>' }, ''];
    const none = /^(403|404|HTML|another shape|no object)$/;
    const staying = {
      json: JSON_STAYING,
      text: [...STAYING, html],
      cards: JSON_STAYING.filter(([name]) => !none.test(name)),
    };
    test.each(staying[sends])('is loud about %s', async (_, fault, message) => {
      await using host = await fileHost(files);
      host.fault(fault);
      const { sightings, error } = await ask(host.url, patienceFor(fault));
      expect(error).toBeInstanceOf(SourceUnreachable);
      expect((error as Error).message).toContain(message);
      expect((error as Error).message).toMatch(/^127\.0\.0\.1:\d+ /);
      expect(sightings).toEqual([]);
    });

    test('gives up a dead host within two seconds', async () => {
      const host = await fileHost(files);
      await host[Symbol.asyncDispose]();
      const begun = Date.now();
      expect(String((await ask(host.url)).error)).toMatch(/cannot be reached \(ECONNREFUSED\)$/);
      expect(Date.now() - begun).toBeLessThan(2_000);
    });

    test('says what changed since yesterday, and no more than asked for', async () => {
      await using host = await fileHost(files);
      const { sightings, error } = await ask(host.url, { since: new Date(Date.now() - 86_400_000), limit: 1 });
      expect(error).toBeUndefined();
      expect(sightings.length).toBeLessThanOrEqual(1);
    });

    test('goes nowhere without the secure connection that it asked for', async () => {
      await using host = await fileHost(files);
      const { sightings, error } = await ask(host.url.replace('http:', 'https:'));
      expect(sightings).toEqual([]);
      expect(String(error)).toMatch(/refused a secure connection \(\w+\)$/);
      expect(host.asked).toEqual([]);
    });

    test('cuts a description of ten megabytes, and the page goes on', async () => {
      await using host = await fileHost(long ?? mangled(files, describeAtLength));
      const { sightings, error } = await ask(host.url, { total: 20_000 });
      expect(error).toBeUndefined();
      expect(sightings.map(({ listing }) => listing)).toEqual(finds);
      for (const { description = '' } of sightings) expect(description.length).toBeLessThan(5_000);
    });

    // What a page or a README says of no server is no record of it.
    const hasRecords = spoilt !== undefined || sends === 'json';
    test.runIf(hasRecords)('drops a record that is none with its reason, and the page goes on', async () => {
      await using host = await fileHost(spoilt ?? mangled(files, spoil));
      const { sightings, dropped, error } = await ask(host.url);
      expect(error).toBeUndefined();
      expect(sightings.map(({ listing }) => listing)).toEqual(finds);
      expect(dropped.length).toBeGreaterThan(0);
      for (const { reason } of dropped) expect(reason).toMatch(/\S/);
    });

    test('stops when asked to', async () => {
      await using host = await fileHost(files);
      host.fault({ delay: 300 });
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('stopped')), 50);
      expect(String((await ask(host.url, { stop: controller.signal })).error)).toContain('stopped');
    });
  },
);
