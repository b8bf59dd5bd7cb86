import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapRegistryEntry } from '#discover/registry-list.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { keyOfName, registryNameOf, serverJsonOf } from '#publish/facts/server-json.ts';
import { catalogueServer } from '../recommend/sample.ts';
import { app, type catalogue, HOSTILE_SLUGS } from './sample.ts';

const api = app();
const VERDICT = 'io.github.plimsoll/verdict';

test('every slug has a name that registries take, and the name leads back', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...HOSTILE_SLUGS, 'a.b', 'a/b', 'a_2fb')),
      (text) => {
        const slug = text.toWellFormed() || 'x';
        const name = registryNameOf(slug, undefined);
        expect(name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
        expect(keyOfName(name)).toBe(slug);
      },
    ),
  );
  expect(keyOfName('Io.GitHub.Acme/Files')).toBe('registry:io.github.acme/files');
  for (const bad of ['', 'x', 'a/b/c', 'io.github.plimsoll/_', 'io.github.plimsoll/_41', 'a b/c'])
    expect(keyOfName(bad)).toBeUndefined();
});

const REAL: CatalogueServer = {
  ...catalogueServer([{ name: 'get', category: 'Read' }], { id: 'srv_reg', slug: 'acme/files' }),
  repository: { url: 'https://github.com/acme/files', forgeId: '42', subfolder: 'server' },
  packages: [
    {
      purl: 'pkg:npm/%40acme/files',
      version: '1.2.3',
      env: [{ name: 'KEY', required: true, secret: true, description: 'a key' }],
      arguments: [{ type: 'named', name: '--root', hint: 'folder', required: true, format: 'filepath' }],
      runtimeHint: 'npx',
      transport: 'stdio',
    },
    { purl: 'pkg:oci/files?repository_url=ghcr.io%2Facme%2Ffiles' },
  ],
  remotes: [{ type: 'sse', url: 'https://mcp.acme.com/sse', headers: [{ name: 'Authorization', secret: true }] }],
};

test('what is listed is read back by the reader of the official registry', () => {
  const back = mapRegistryEntry({ server: serverJsonOf(REAL, 'io.github.acme/files') }, 'mirror');
  expect(back).toMatchObject({
    listing: 'io.github.acme/files',
    repository: { url: 'https://github.com/acme/files', subfolder: 'server' },
    packages: [
      {
        purl: 'pkg:npm/%40acme/files',
        version: '1.2.3',
        env: REAL.packages[0]!.env,
        arguments: REAL.packages[0]!.arguments,
      },
      { purl: REAL.packages[1]!.purl },
    ],
    remotes: REAL.remotes,
  });
});

test.each(['v0', 'v0.1'])('%s lists, pages, and tells one version', async (version) => {
  const names: string[] = [];
  let cursor = '';
  do {
    const response = await api.request(`/${version}/servers?limit=5&version=latest&foreign=1${cursor}`);
    expect(response.status).toBe(200);
    const page = (await response.json()) as {
      servers: { server: { name: string; version: string } }[];
      metadata: { nextCursor?: string };
    };
    for (const { server } of page.servers) {
      names.push(server.name);
      const base = `/${version}/servers/${encodeURIComponent(server.name)}/versions`;
      for (const path of [base, `${base}/latest`, `${base}/${encodeURIComponent(server.version)}`])
        expect((await api.request(path)).status, path).toBe(200);
      expect((await api.request(`${base}/9.9.9`)).status).toBe(404);
    }
    cursor = page.metadata.nextCursor === undefined ? '' : `&cursor=${page.metadata.nextCursor}`;
  } while (cursor);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(HOSTILE_SLUGS.length + 2);
  for (const bad of ['nothing', 'a%2Fb', 'io.github.plimsoll%2F_'])
    expect((await api.request(`/${version}/servers/${bad}/versions/latest`)).status).toBe(404);
});

test('our verdict stands in its own place, and the proven name is used', async () => {
  const entries = async () => ({ entries: [{ server: REAL, registryName: 'io.github.acme/files' }] });
  const find: typeof catalogue.find = async (key) =>
    key === 'registry:io.github.acme/files' ? { server: REAL, canonical: false } : undefined;
  const own = app({}, { entries, find });
  const entry = (await (await own.request('/v0.1/servers/io.github.acme%2Ffiles/versions/latest')).json()) as {
    server: { name: string };
    _meta: Record<string, object>;
  };
  expect(entry.server.name).toBe('io.github.acme/files');
  expect(Object.keys(entry._meta)).toEqual([VERDICT]);
  expect(entry._meta[VERDICT]).toMatchObject({
    id: 'srv_reg',
    toolCount: 1,
    byCategory: { Read: 1 },
    policy: '/v1/servers/srv_reg/policy',
  });
});
