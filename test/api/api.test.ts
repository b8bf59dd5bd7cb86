import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { segment } from '#publish/addresses/address.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { recommend } from '#recommend/recommend.ts';
import { HOSTILE_NAMES } from '../recommend/sample.ts';
import { app, HOSTILE_SLUGS, servers } from './sample.ts';

const api = app();
const get = (path: string, headers: Record<string, string> = {}) => api.request(path, { headers });

interface Document {
  readonly openapi: string;
  readonly paths: {
    readonly [path: string]: {
      readonly get: {
        readonly responses: {
          readonly [status: string]: { readonly content?: { readonly [type: string]: { readonly schema: object } } };
        };
      };
    };
  };
  readonly components: object;
  readonly 'x-mcp': { readonly path: string };
}
const document = (await (await get('/openapi.json')).json()) as Document;
const ajv = new Ajv2020({ strict: false, allowUnionTypes: true, validateFormats: false });
ajv.addSchema({ $id: 'doc', ...document });

/** Holds an answer against the schema that the document gives for its path, status and media type. */
async function expectAsDocumented(path: string, template: string, status: number): Promise<unknown> {
  const response = await get(path);
  expect(response.status, path).toBe(status);
  const type = response.headers.get('content-type')!.split(';')[0]!;
  const { schema } = document.paths[template]!.get.responses[status]!.content![type]!;
  const body = await response.json();
  const rebased = JSON.parse(JSON.stringify(schema).replaceAll('#/components', 'doc#/components'));
  expect(ajv.validate(rebased, body), `${path}: ${ajv.errorsText()}`).toBe(true);
  return body;
}

const ID = '/v1/servers/{id}';

describe('answers keep the document', () => {
  test('it is OpenAPI 3.1 and names every route', () => {
    expect(document.openapi).toBe('3.1.0');
    const mounted = api.routes.filter(({ method, path }) => method !== 'ALL' && /^\/(?:v\d|healthz)/.test(path));
    const paths = new Set(mounted.map(({ path }) => path.replace(/:(\w+)/g, '{$1}')));
    expect(paths.size).toBeGreaterThan(10);
    expect(Object.keys(document.paths).sort()).toEqual([...paths].sort());
  });
  test('a field that is not described is seen', async () => {
    const body = (await (await get('/v1/stats')).json()) as object;
    expect(ajv.validate({ $ref: 'doc#/components/schemas/Stats' }, { ...body, extra: 1 })).toBe(false);
  });
  test.each([
    ['/v1/servers', '/v1/servers', 200],
    ['/v1/servers?limit=2&q=a', '/v1/servers', 200],
    ['/v1/servers/srv_main', ID, 200],
    ['/v1/servers/srv_bare', ID, 200],
    ['/v1/servers/srv_main/tools', `${ID}/tools`, 200],
    ['/v1/servers/srv_bare/tools', `${ID}/tools`, 200],
    ['/v1/servers/srv_main/policy', `${ID}/policy`, 200],
    ['/v1/contradictions', '/v1/contradictions', 200],
    ['/v1/contradictions?limit=1', '/v1/contradictions', 200],
    [
      '/v1/servers?category=Read&risk=low&facet=reversible%3Dno&source=npm&outcome=listed&sort=judged',
      '/v1/servers',
      200,
    ],
    ['/v1/servers?changed_since=2026-11-01T00:00:00Z', '/v1/servers', 200],
    ['/v1/tools', '/v1/tools', 200],
    ['/v1/tools?q=read&limit=1&sort=relevance', '/v1/tools', 200],
    ['/v1/tools?facet=<', '/v1/tools', 400],
    ['/v1/tools?changed_since=yesterday', '/v1/tools', 400],
    ['/v1/sources', '/v1/sources', 200],
    ['/v1/servers/srv_main/tools/read_file/changes', `${ID}/tools/{name}/changes`, 200],
    ['/v1/changes', '/v1/changes', 200],
    ['/v1/changes?since=1&limit=1', '/v1/changes', 200],
    ['/v1/servers/srv_bare/changes', `${ID}/changes`, 200],
    ['/v1/changes?since=-1', '/v1/changes', 400],
    ['/v1/servers/none/changes', `${ID}/changes`, 404],
    ['/v1/stats', '/v1/stats', 200],
    ['/healthz', '/healthz', 200],
    ['/v1/servers/none', ID, 404],
    ['/v1/servers/none/tools/x', `${ID}/tools/{name}`, 404],
    ['/v1/servers/srv_main/tools/none', `${ID}/tools/{name}`, 404],
    ['/v1/servers?limit=0', '/v1/servers', 400],
  ])('%s', async (path, template, status) => {
    await expectAsDocumented(path, template, status);
  });
});

describe('ids and names are one segment each', () => {
  test.each(HOSTILE_NAMES)('tool %j', async (name) => {
    const body = (await expectAsDocumented(
      `/v1/servers/srv_main/tools/${segment(name)}`,
      `${ID}/tools/{name}`,
      200,
    )) as {
      name: string;
      definition: { name: string };
    };
    expect(body.name).toBe(name);
    expect(body.definition.name).toBe(body.name);
  });
  test.each(HOSTILE_SLUGS)('server %j', async (slug) => {
    for (const part of ['', '/tools', '/policy', '/tools/get'])
      expect((await get(`/v1/servers/${segment(slug)}${part}`)).status, part).toBe(200);
    const body = (await (await get(`/v1/servers/${segment(slug)}`)).json()) as { slug: string };
    expect(body.slug).toBe(slug);
  });
  test.each(['example%2Ffiles', 'example%2ffiles', 'old%2Ffiles', 'pkg%3Anpm%2F%2540example%2Ffiles'])(
    '%s leads to the server',
    async (id) => {
      expect(await (await get(`/v1/servers/${id}`)).json()).toMatchObject({ id: 'srv_main' });
    },
  );
  test('a slash that is not encoded is no part of an id', async () => {
    expect((await get('/v1/servers/example/files')).status).toBe(404);
    expect((await get('/v1/servers/example/files/tools')).status).toBe(404);
  });
  test('names are decoded once', async () => {
    expect((await get('/v1/servers/srv_main/tools/per%252Fcent')).status).toBe(200);
    expect((await get('/v1/servers/srv_main/tools/per%2Fcent')).status).toBe(404);
    expect((await get('/v1/servers/srv_main/tools/a%252Fb%252Fc')).status).toBe(404);
  });
});

describe('problems', () => {
  test.each([
    ['/v1/servers/none', 404, 'no-such-server'],
    ['/v1/servers/srv_main/tools/none', 404, 'no-such-tool'],
    ['/v1/servers/constructor', 404, 'no-such-server'],
    ['/v1/none', 404, 'no-such-address'],
    ['/v1', 404, 'no-such-address'],
    ['/v1/servers?limit=abc', 400, 'bad-parameter'],
    ['/v1/servers?limit=201', 400, 'bad-parameter'],
    ['/v1/servers?limit=1&limit=2', 400, 'bad-parameter'],
    ['/v1/servers?lmit=1', 400, 'bad-parameter'],
    ['/v1/servers?cursor=', 400, 'bad-parameter'],
    ['/v1/servers?cursor=nonsense', 400, 'bad-cursor'],
    ['/v1/servers?cursor=%00', 400, 'bad-cursor'],
    [`/v1/servers?cursor=${Buffer.from('1:a\0b').toString('base64url')}`, 400, 'bad-cursor'],
    [`/v1/servers?cursor=${Buffer.from([0x31, 0x3a, 0xff]).toString('base64url')}`, 400, 'bad-cursor'],
    ['/v1/servers/srv_main/policy?profile=none', 400, 'bad-parameter'],
    ['/v1/servers/srv_main/policy?format=none', 400, 'bad-parameter'],
    ['/v1/servers/srv_main/policy?format=__proto__', 400, 'bad-parameter'],
    ['/v1/servers/%', 400, 'bad-path'],
    ['/v1/servers/%ff%fe', 400, 'bad-path'],
    ['/v1/servers/srv_main/tools/%zz', 400, 'bad-path'],
  ])('%s is %i %s', async (path, status, id) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ type: `urn:plimsoll:problem:${id}`, status });
  });
  test('an answer never repeats what was sent', async () => {
    for (const path of ['/v1/servers/<script>', '/v1/servers?limit=<script>', '/v1/<script>', '/v1/servers?<script>=1'])
      expect(await (await get(path)).text()).not.toContain('<script>');
  });
  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s is not allowed', async (method) => {
    const response = await api.request('/v1/servers', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
  test('a failure is told to the operator and to nobody else', async () => {
    const failures: string[] = [];
    const broken = app(
      { onFailure: (error, path) => failures.push(`${path}: ${error.message}`) },
      {
        find: () => Promise.reject(new Error('secret of the database')),
        list: () => Promise.reject(new Error('down')),
      },
    );
    const response = await broken.request('/v1/servers/x');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect((await broken.request('/servers/x')).status).toBe(500);
    expect(failures).toEqual(['/v1/servers/x: secret of the database', '/servers/x: secret of the database']);
    expect((await broken.request('/healthz')).status).toBe(503);
  });
});

test('cursors lead through all servers once, and end', async () => {
  const seen: string[] = [];
  let path = '/v1/servers?limit=3';
  for (let pages = 0; pages < 20; pages++) {
    const body = (await (await get(path)).json()) as { servers: { slug: string }[]; next?: string };
    seen.push(...body.servers.map(({ slug }) => slug));
    if (body.next === undefined) break;
    path = `/v1/servers?limit=3&cursor=${encodeURIComponent(body.next)}`;
  }
  expect(seen).toEqual([...servers.map(({ slug }) => slug), 'bare'].sort());
});

describe('a policy in every format', async () => {
  test.each([...(await loadExporters()).values()])('$id', async ({ id, mediaType, write }) => {
    const path = `/v1/servers/srv_main/policy?format=${id}`;
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')!.split(';')[0]).toBe(mediaType);
    expect(document.paths[`${ID}/policy`]!.get.responses['200']!.content).toHaveProperty([mediaType]);
    const main = servers.find((one) => one.id === 'srv_main')!;
    const { files, losses } = write([recommend(main, 'recommended')]);
    expect(await response.text()).toBe(files[0]!.text);
    expect(response.headers.get('plimsoll-losses')).toBe(String(losses.length));
  });
});

test('the document names the address under which agents are answered', async () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    Host: 'localhost',
  };
  const answer = await api.request(document['x-mcp'].path, { method: 'POST', body, headers });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('"tools"')]);
});

describe('conditional requests and HEAD', () => {
  const paths = [
    '/v1/servers',
    '/v1/servers/srv_main',
    '/v1/servers/srv_main/policy',
    '/v1/stats',
    '/openapi.json',
    '/',
    '/servers/example/files',
    '/schemas/policy.json',
  ];
  test.each(paths)('%s', async (path) => {
    const response = await get(path);
    const etag = response.headers.get('etag')!;
    expect(etag).toMatch(/^"[0-9a-f]+"$/);
    expect(response.headers.get('cache-control')).toMatch(/max-age/);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(path, { 'If-None-Match': tag });
      expect(again.status, tag).toBe(304);
      expect(await again.text()).toBe('');
      expect(again.headers.get('etag')).toBe(etag);
    }
    expect((await get(path, { 'If-None-Match': '"other"' })).status).toBe(200);
    const head = await api.request(path, { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag]);
  });
  test('a HEAD for what is not there is 404 without a body', async () => {
    const head = await api.request('/v1/servers/none', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([404, '']);
  });
});
