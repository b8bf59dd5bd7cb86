import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { SourceUnreachable } from '#core/errors.ts';
import { openHttp } from '#core/http.ts';
import { type Dropped, isDropped } from '#discover/source.ts';
import npm, { mapNpmPackage } from '#discover/sources/npm.ts';
import type { Sighting } from '#domain/server.ts';
import { type NpmRegistry, npmRegistry } from '../support/npm-registry.ts';

async function discover(url: string, limit?: number) {
  await using http = openHttp({ userAgent: 'test (+https://plimsoll.test)' });
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
  ['has no search', { path: '/-/v1/search', status: 404, body: '{}' }, "npm's search answered 404"],
  ['refuses', { path: '/-/v1/search', status: 403, body: '{}' }, "npm's search answered 403"],
  ['is ill', { path: '/-/v1/search', status: 500, body: 'oops' }, "npm's search answered 500"],
  ['answers with a page', { path: '/-/v1/search', body: '<html></html>' }, "npm's search failed"],
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
  expect((error as Error).message).toBe("npm's search failed (ECONNREFUSED)");
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
