import { afterEach, describe, expect, test } from 'vitest';
import { SourceUnreachable } from '#core/errors.ts';
import type { Source, SourceSettings } from '#discover/source.ts';
import docker from '#discover/sources/docker.ts';
import githubRegistry from '#discover/sources/github-registry.ts';
import { discoverAt, shortMemory } from '../support/discover.ts';
import { JSON_PASSING, JSON_STAYING, PASSING, STAYING } from '../support/faults.ts';
import { type FileHost, fileHost, type Held } from '../support/file-host.ts';

/** A source, a small host that speaks its protocol, and what it finds there. */
interface Case {
  readonly source: Source;
  readonly files: Readonly<Record<string, Held>>;
  readonly finds: readonly string[];
  readonly sends: 'json' | 'text';
  readonly settings?: Partial<SourceSettings>;
}

const json = JSON.stringify;
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
];

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

async function start(files: Case['files']): Promise<FileHost> {
  const host = await fileHost(files);
  open.push(host);
  return host;
}

describe.each(CASES.map((one) => [one.source.id, one] as const))(
  '%s',
  (_, { source, files, finds, sends, settings }) => {
    const ask = (url: string, options: Parameters<typeof discoverAt>[2] = {}) =>
      discoverAt(source, url, { ...options, ...(settings && { settings }) });

    test('gives what is listed, up to the limit, with its terms', async () => {
      const host = await start(files);
      const { sightings, dropped, error } = await ask(host.url);
      expect(error).toBeUndefined();
      expect(sightings.map(({ listing }) => listing)).toEqual(finds);
      expect(dropped).toEqual([]);
      for (const one of sightings) expect(one.source).toBe(source.id);
      expect((await ask(host.url, { limit: 1 })).sightings).toHaveLength(1);
    });

    test('is sent no body again while nothing changes', async () => {
      const host = await start(files);
      const memory = shortMemory();
      const first = await ask(host.url, { memory });
      const requests = host.asked.length;
      expect(await ask(host.url, { memory })).toEqual(first);
      expect(host.asked.slice(requests).map(({ status }) => status)).toEqual(Array(requests).fill(304));
    });

    test.each(sends === 'json' ? JSON_PASSING : PASSING)('sits out %s', async (_, fault) => {
      const host = await start(files);
      host.fault(fault, { times: 1 });
      const { sightings, error } = await ask(host.url);
      expect(error).toBeUndefined();
      expect(sightings).toHaveLength(finds.length);
    });

    const html: (typeof STAYING)[number] = ['HTML', { body: '<html><body>Sign in</body></html>' }, 'without a'];
    test.each([...(sends === 'json' ? JSON_STAYING : [...STAYING, html])])(
      'is loud about %s',
      async (_, fault, message) => {
        const host = await start(files);
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
      const host = await start(files);
      host.fault({ delay: 300 });
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('stopped')), 50);
      expect(String((await ask(host.url, { stop: controller.signal })).error)).toContain('stopped');
    });
  },
);
