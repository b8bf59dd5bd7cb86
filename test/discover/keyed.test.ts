import { describe, expect, test } from 'vitest';
import { readSettings, SETTINGS } from '#config.ts';
import type { Source } from '#discover/source.ts';
import glama, { mapGlamaEntry } from '#discover/sources/glama.ts';
import pulsemcp from '#discover/sources/pulsemcp.ts';
import pypi, { mapPypiProject, projectsIn } from '#discover/sources/pypi.ts';
import smithery, { mapSmitheryEntry } from '#discover/sources/smithery.ts';
import { unmetNeeds } from '#pipeline/discover.ts';
import { discoverAt } from '../support/discover.ts';
import { fileHost } from '../support/file-host.ts';
import { listen } from '../support/http-server.ts';

const page = JSON.stringify({ servers: [], pagination: { totalPages: 1 }, pageInfo: { hasNextPage: false } });
const settings = { smitheryKey: 's-key', glamaKey: 'g-key', pulsemcpKey: 'p-key', pulsemcpTenant: 'tenant' };

describe('sources with keys', () => {
  test.each<[Source, Record<string, string>]>([
    [smithery, { authorization: 'Bearer s-key' }],
    [glama, { authorization: 'Bearer g-key' }],
    [pulsemcp, { 'x-api-key': 'p-key', 'x-tenant-id': 'tenant' }],
  ])('show their key in a header only, and say which they need (%#)', async (source, headers) => {
    await using host = await fileHost({ '/servers': page, '/api/mcp/v1/servers': page, '/v0.1/servers': page });
    expect((await discoverAt(source, host.url, { settings })).error).toBeUndefined();
    expect(host.asked[0]?.headers).toMatchObject(headers);
    expect(host.asked[0]?.url.href).not.toContain('key');
    const needs = unmetNeeds(source, readSettings({}));
    expect(needs).toEqual(source.needs?.map((need) => SETTINGS[need as keyof typeof SETTINGS].env));
    expect(needs.length).toBeGreaterThan(0);
    expect(unmetNeeds(source, { ...readSettings({}), ...settings })).toEqual([]);
  });

  test('keys are secrets', () => {
    for (const name of ['smitheryKey', 'glamaKey', 'pulsemcpKey'] as const) expect(SETTINGS[name].secret).toBe(true);
  });

  test('pages that repeat are noticed', async () => {
    const servers = [{ qualifiedName: 'a', id: 'a' }];
    const again = { servers, pagination: { totalPages: 9 }, pageInfo: { hasNextPage: true, endCursor: 'c' } };
    for (const source of [smithery, glama]) {
      const text = JSON.stringify(again);
      await using host = await fileHost({ '/servers': text, '/api/mcp/v1/servers': text });
      const { sightings, error } = await discoverAt(source, host.url, { settings });
      expect(sightings).toHaveLength(1);
      expect(String(error)).toContain('repeats its pages after 1 listings');
    }
  });
});

test('an entry of Smithery that moved between pages is read again, and one that stays away is a failure', async () => {
  const entries = Array.from({ length: 4 }, (_, i) => ({ qualifiedName: `s${i}` }));
  const pageOf = (servers: readonly unknown[]) =>
    JSON.stringify({ servers, pagination: { totalPages: 2, totalCount: entries.length } });
  const [moved, still] = [
    [0, 1, 0, 2],
    [0, 1, 3, 2],
  ].map((order) => order.map((i) => entries[i]!));
  let asked = 0;
  const host = (rounds: readonly (readonly unknown[])[]) =>
    listen((request, response) => {
      const round = rounds[Math.min(Math.floor(asked++ / 2), rounds.length - 1)]!;
      const second = request.url?.includes('page=2');
      response.setHeader('content-type', 'application/json');
      response.end(pageOf(second ? round.slice(2) : round.slice(0, 2)));
    });
  await using moving = await host([moved!, still!]);
  const found = await discoverAt(smithery, moving.url, { settings });
  expect(found.error).toBeUndefined();
  expect(found.sightings.map(({ listing }) => listing).sort()).toEqual(['s0', 's1', 's2', 's3']);
  expect(asked).toBe(4);
  await using losing = await host([moved!]);
  const lost = await discoverAt(smithery, losing.url, { settings });
  expect(String(lost.error)).toContain('counts 4 servers, and its pages held 3');
  expect(lost.sightings).toHaveLength(3);
});

test('entries of Smithery and Glama', () => {
  expect(
    mapSmitheryEntry({ qualifiedName: '@acme/a', displayName: 'A', homepage: 'https://github.com/acme/a' }),
  ).toMatchObject({ listing: '@acme/a', title: 'A', repository: { url: 'https://github.com/acme/a' } });
  expect(mapSmitheryEntry({ qualifiedName: '@acme/a', verified: true })).toMatchObject({
    verified: { publisher: '@acme', proof: 'badge' },
  });
  expect(mapGlamaEntry({ id: 'x1', namespace: 'acme', attributes: ['author:official'] })).toMatchObject({
    verified: { publisher: 'acme', proof: 'badge' },
  });
  expect(mapSmitheryEntry({ qualifiedName: 'a', homepage: 'https://smithery.ai/a' })).not.toHaveProperty('repository');
  const entry = { id: 'x1', name: 'A', url: 'https://glama.ai/x1', repository: { url: 'https://github.com/acme/a' } };
  expect(mapGlamaEntry(entry)).toMatchObject({
    listing: 'x1',
    homepage: 'https://glama.ai/x1',
    repository: { url: 'https://github.com/acme/a' },
  });
  expect(mapGlamaEntry({ id: 'x1', repository: null })).toMatchObject({ name: 'x1' });
});

test('a project of PyPI: only servers, their repository from the links that mean it', () => {
  const info = {
    name: 'Acme_MCP',
    version: '1.0',
    summary: 'An MCP server for Acme',
    home_page: 'https://acme.com',
    project_urls: { Issues: 'https://github.com/acme/a/issues', Source: 'https://github.com/acme/a', Docs: 7 },
  };
  expect(mapPypiProject({ info })).toEqual({
    source: 'pypi',
    listing: 'acme-mcp',
    name: 'acme-mcp',
    description: 'An MCP server for Acme',
    homepage: 'https://acme.com',
    repository: { url: 'https://github.com/acme/a' },
    packages: [{ purl: 'pkg:pypi/acme-mcp', version: '1.0' }],
    remotes: [],
    status: 'active',
    bears: [],
  });
  expect(mapPypiProject({ info: { ...info, name: 'flask', summary: 'A web server' } })).toBeUndefined();
  expect(mapPypiProject({ info: { ...info, yanked: true } })).toMatchObject({ status: 'deprecated' });
});

test('a project that is gone is dropped, the others hold', async () => {
  const item = (name: string) => `<item><link>https://pypi.org/project/${name}/1/</link><title>${name}</title></item>`;
  const feed = `<rss><channel>${item('mcp-gone')}${item('mcp-server-a')}</channel></rss>`;
  await using host = await fileHost({
    '/rss/updates.xml': feed,
    '/rss/packages.xml': feed,
    '/pypi/mcp-server-a/json': JSON.stringify({ info: { name: 'mcp-server-a' } }),
  });
  const { sightings, dropped, error } = await discoverAt(pypi, host.url);
  expect(error).toBeUndefined();
  expect(sightings).toHaveLength(1);
  expect(dropped).toEqual([{ listing: 'mcp-gone', reason: 'the project is gone' }]);
});

test('of a feed, the projects that may be servers; what is no feed is undefined', () => {
  const item = (title: string, link: string, description = '') =>
    `<item><title>${title}</title><link>${link}</link><description>${description}</description></item>`;
  const items = [
    item('mcp-a 1.0', 'https://pypi.org/project/mcp-a/1.0/'),
    item('b 1.0', 'https://pypi.org/project/b/1.0/', 'Model Context Protocol &amp; more'),
    item('mcpherson 1.0', 'https://pypi.org/project/mcpherson/1.0/'),
    item('mcp-c', 'https://evil.com/x'),
  ];
  expect(projectsIn(`<rss><channel>${items.join('')}</channel></rss>`)).toEqual(['mcp-a', 'b']);
  expect(projectsIn('<html></html>')).toBeUndefined();
  expect(projectsIn('')).toBeUndefined();
});
