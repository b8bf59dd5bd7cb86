import { describe, expect, test } from 'vitest';
import { SourceUnreachable } from '#core/errors.ts';
import type { Source, SourceSettings } from '#discover/source.ts';
import awesome from '#discover/sources/awesome.ts';
import docker from '#discover/sources/docker.ts';
import githubRegistry from '#discover/sources/github-registry.ts';
import glama from '#discover/sources/glama.ts';
import mcpm from '#discover/sources/mcpm.ts';
import pulsemcp from '#discover/sources/pulsemcp.ts';
import pypi from '#discover/sources/pypi.ts';
import smithery from '#discover/sources/smithery.ts';
import tensorblock from '#discover/sources/tensorblock.ts';
import toolsdk from '#discover/sources/toolsdk.ts';
import { discoverAt, shortMemory } from '../support/discover.ts';
import { JSON_PASSING, JSON_STAYING, PASSING, STAYING } from '../support/faults.ts';
import { fileHost, type Held } from '../support/file-host.ts';
import { tarball } from '../support/tar.ts';

/** A source, a small host that speaks its protocol, and what it finds there. */
interface Case {
  readonly source: Source;
  readonly files: Readonly<Record<string, Held>>;
  readonly finds: readonly string[];
  readonly sends: 'json' | 'text';
  readonly settings?: Partial<SourceSettings>;
}

const json = JSON.stringify;
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
];

describe.concurrent.each(CASES.map((one) => [one.source.id, one] as const))(
  '%s',
  (_, { source, files, finds, sends, settings }) => {
    const ask = (url: string, options: Parameters<typeof discoverAt>[2] = {}) =>
      discoverAt(source, url, { ...options, ...(settings && { settings }) });

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
      expect(await ask(host.url, { memory })).toEqual(first);
      expect(host.asked.slice(requests).map(({ status }) => status)).toEqual(Array(requests).fill(304));
    });

    test.each(sends === 'json' ? JSON_PASSING : PASSING)('sits out %s', async (_, fault) => {
      await using host = await fileHost(files);
      host.fault(fault, { times: 1 });
      const { sightings, error } = await ask(host.url);
      expect(error).toBeUndefined();
      expect(sightings).toHaveLength(finds.length);
    });

    const html: (typeof STAYING)[number] = ['HTML', { body: '<html><body>Sign in</body></html>' }, ''];
    test.each([...(sends === 'json' ? JSON_STAYING : [...STAYING, html])])(
      'is loud about %s',
      async (_, fault, message) => {
        await using host = await fileHost(files);
        host.fault(fault);
        const { sightings, error } = await ask(host.url);
        expect(error).toBeInstanceOf(SourceUnreachable);
        expect((error as Error).message).toContain(message);
        expect((error as Error).message).toMatch(/^127\.0\.0\.1:\d+ /);
        expect(sightings).toEqual([]);
      },
    );

    test('gives up a dead host within two seconds', async () => {
      const host = await fileHost(files);
      await host[Symbol.asyncDispose]();
      const begun = Date.now();
      expect(String((await ask(host.url)).error)).toMatch(/cannot be reached \(ECONNREFUSED\)$/);
      expect(Date.now() - begun).toBeLessThan(2_000);
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
