import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { expect, test } from 'vitest';
import { findPage } from '#publish/addresses/find-page.ts';
import { liveLinks } from '#publish/addresses/links.ts';
import { HOSTILE_NAMES } from '../recommend/sample.ts';
import { app, HOSTILE_SLUGS } from './sample.ts';

const site = app({ publicUrl: 'https://catalogue.example/' });
const links = liveLinks();

test.each([
  '/',
  '/servers',
  '/servers?q=a',
  '/servers?q=%22%3E%3Cscript%3E',
  '/servers/example/files',
  '/servers/bare',
])('%s is a page', async (path) => {
  const response = await site.request(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8/i);
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
  expect(await response.text()).not.toMatch(/<script(?! type="application\/ld\+json"| defer src="\/assets\/)/i);
});

test.each(HOSTILE_NAMES)('the page of tool %j is at the address that pages link to', async (name) => {
  const response = await site.request(links.tool('example/files', name));
  expect(response.status).toBe(200);
});

test.each(HOSTILE_SLUGS)('server %j is at the address that pages link to', async (slug) => {
  expect((await site.request(links.server(slug))).status).toBe(200);
  expect((await site.request(links.tool(slug, 'get'))).status).toBe(200);
  expect((await site.request(links.policy(slug))).status).toBe(200);
});

test.each([
  ['/servers/old/files', '/servers/example/files'],
  ['/servers/srv_main', '/servers/example/files'],
  ['/servers/old/files/-/tools/a%2Fb%2Fc', '/servers/example/files/-/tools/a%2Fb%2Fc'],
  ['/servers/example/files/', '/servers/example/files'],
  ['/servers/example/files/-/tools/getUser/', '/servers/example/files/-/tools/getUser'],
])('%s moved to %s', async (from, to) => {
  const response = await site.request(from);
  expect([response.status, response.headers.get('location')]).toEqual([301, to]);
});

test.each([
  '/none',
  '/servers/none',
  '/servers/example/files/-/tools/none',
  '/servers/example/files/-/x',
  '/servers//',
  '/servers/%ff',
  '/servers?cursor=x',
  '/assets/none.css',
  '/favicon.ico',
])('%s is a page that says so', async (path) => {
  const response = await site.request(path);
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('Not found');
});

test('names that differ only in case are two pages', async () => {
  const [upper, lower] = await Promise.all(
    ['getUser', 'getuser'].map(async (name) => (await site.request(links.tool('example/files', name))).text()),
  );
  expect(upper).toContain('<title>getUser – ');
  expect(lower).toContain('<title>getuser – ');
});

test('pages name the address they are known under', async () => {
  const text = await (await site.request('/servers/example/files')).text();
  expect(text).toContain('<link rel="canonical" href="https://catalogue.example/servers/example/files">');
});

test('assets are kept for ever under the hash of their content', async () => {
  const text = await (await site.request('/')).text();
  const assets = [...text.matchAll(/href="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  expect(assets).toHaveLength(2);
  for (const path of assets) {
    const response = await site.request(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toContain('immutable');
  }
});

test('robots.txt names the sitemaps, and they name every server and tool at the address that answers', async () => {
  expect(await (await site.request('/robots.txt')).text()).toContain('Sitemap: https://catalogue.example/sitemap.xml');
  const places = async (path: string) =>
    [...(await (await site.request(path)).text()).matchAll(/<loc>https:\/\/catalogue\.example([^<]*)</g)].map(
      ([, address]) => address!.replaceAll('&amp;', '&'),
    );
  const named = (await Promise.all((await places('/sitemap.xml')).map(places))).flat();
  expect(named).toContain('/method');
  for (const name of HOSTILE_NAMES) expect(named).toContain(links.tool('example/files', name));
  for (const slug of HOSTILE_SLUGS) expect(named).toContain(links.server(slug));
  for (const path of named.slice(0, 200)) expect((await site.request(path)).status, path).toBe(200);
  expect((await site.request('/sitemap/tools-99.xml')).status).toBe(404);
  expect((await app().request('/sitemap.xml')).status).toBe(404);
});

test('a picture goes with every page of a tool, whatever its name', async () => {
  for (const name of HOSTILE_NAMES.slice(0, 12)) {
    const response = await site.request(links.face('png', 'tool', 'example/files', name));
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  }
});

test('a tool whose name ends like a face of a page has a page of its own', () => {
  for (const name of ['a.md', 'a.md~', 'a.svg', '.png', 'a'])
    expect(findPage(links.tool('s', name))).toMatchObject({ key: ['s', name], face: 'html' });
  expect(findPage('/servers/s/-/tools/a.md')).toMatchObject({ key: ['s', 'a'], face: 'md' });
});

test('over a real socket, encoded slashes and dots arrive as they were sent', async () => {
  const server = serve({ fetch: site.fetch, hostname: '127.0.0.1', port: 0, createServer });
  try {
    await new Promise<void>((resolve) => server.once('listening', () => resolve()));
    const { port } = server.address() as AddressInfo;
    const status = async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' })).status;
    expect(await status('/v1/servers/example%2Ffiles/tools/a%2Fb%2Fc')).toBe(200);
    expect(await status('/v1/servers/example%2Ffiles/tools/~..')).toBe(200);
    expect(await status('/servers/example/files/-/tools/..%2F..%2Fetc%2Fpasswd')).toBe(200);
    expect(await status('/servers/..%2f..%2fetc%2fpasswd')).toBe(404);
    expect(await status('/v1/servers/%')).toBe(400);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
