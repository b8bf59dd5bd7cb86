import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '#api/app.ts';
import { sha256 } from '#core/hash.ts';
import type { Scope } from '#domain/request.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { deskOf } from '#pipeline/desk.ts';
import { addressesWanted, closeDispute, openDisputes, takeUpRequests } from '#store/access/requests.ts';
import { createToken, listTokens, revokeToken } from '#store/access/tokens.ts';
import type { Store } from '#store/engine/open.ts';
import { token } from '#store/tables/requests.ts';
import { alias, server } from '#store/tables/servers.ts';
import { visitsDue } from '#store/visit/due.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { onEveryDatabase } from '../support/stores.ts';
import { app } from './sample.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const TOOL = { name: 'read', description: 'Reads' };

onEveryDatabase('writing', (fresh) => {
  let store: Store;
  let now = NOW;
  let site: ReturnType<typeof createApp>;
  const failures: string[] = [];
  const give = (scopes: readonly Scope[], more: { scansPerDay?: number; expiresAt?: Date } = {}) =>
    createToken(store.db, { name: 'ci', scopes, scansPerDay: 2, ...more }, now);
  const post = (path: string, text: string, body: unknown) =>
    site.request(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { Authorization: `Bearer ${text}`, 'Content-Type': 'application/json' },
    });

  beforeAll(async () => {
    store = await fresh();
    const seen = { firstSeen: NOW, lastSeen: NOW, enumerateDue: NOW, remotes: [] };
    for (const id of ['npm:a', 'npm:b', 'npm:c']) {
      const purl = `pkg:npm/${id.slice(4)}`;
      await store.db.insert(server).values({ id, slug: id, name: id, packages: [{ purl }], ...seen });
      const address = `purl:${purl}`;
      await store.db.insert(alias).values({ address, kind: 'purl', key: purl, serverId: id, since: NOW });
    }
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    const enumeration = {
      outcome: 'listed' as const,
      wants: [],
      tools: [TOOL],
      rejections: [],
      attempts: [],
      context,
      ms: 1,
    };
    await recordVisit(store.db, { serverId: 'npm:a', at: NOW, sandbox: 's', enumeration, staticTools: [], due: NOW });
    const desk = deskOf({ db: store.db, now: () => now, blocked: new Map([['purl:pkg:npm/bad', {} as never]]) });
    site = createApp(catalogueOf(store.db), {
      desk,
      onFailure: (error, path) => failures.push(`${path}: ${error.stack}`),
    });
  });
  beforeEach(() => {
    now = NOW;
  });
  afterAll(async () => {
    expect(failures).toEqual([]);
    await store[Symbol.asyncDispose]();
  });

  test('a token is kept as its hash, is good for its scopes, and ends when it is revoked or has run out', async () => {
    const { id, text } = await give(['scan']);
    const rows = JSON.stringify(await store.db.select().from(token));
    expect(rows).not.toContain(text);
    expect(rows).toContain(sha256(text));
    expect(JSON.stringify(await listTokens(store.db))).not.toContain(sha256(text));
    const objection = {
      server: 'npm:a',
      tool: 'read',
      fingerprint: 'a'.repeat(64),
      risk: 'low',
      reason: 'x'.repeat(30),
    };
    expect((await post('/v1/disputes', text, objection)).status).toBe(403);
    expect((await post('/v1/scans', text, { server: 'npm:b' })).status).toBe(202);
    expect(await revokeToken(store.db, id, now)).toBe(true);
    expect(await revokeToken(store.db, id, now)).toBe(false);
    const ended = await post('/v1/scans', text, { server: 'npm:b' });
    expect([ended.status, ended.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
    const brief = await give(['scan'], { expiresAt: new Date(NOW.getTime() + 1000) });
    now = new Date(NOW.getTime() + 1001);
    expect((await post('/v1/scans', brief.text, { server: 'npm:b' })).status).toBe(401);
  });

  test.each(['', 'plm_', 'Bearer', "plm_' or 1=1 --", `plm_${'a'.repeat(32)}`, 'x'.repeat(300)])(
    '%j is no token',
    async (text) => {
      const response = await post('/v1/scans', text, { server: 'npm:b' });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await response.text()).not.toContain('plm_');
    },
  );

  test('a day has so many scans; what waits is not asked twice; another token has its own', async () => {
    const { text } = await give(['scan']);
    const first = await post('/v1/scans', text, { server: 'npm:unheard-of' });
    const { id } = (await first.json()) as { id: number };
    expect([first.status, first.headers.get('location')]).toEqual([202, `/v1/scans/${id}`]);
    expect(await (await post('/v1/scans', text, { server: 'pkg:npm/unheard-of' })).json()).toMatchObject({
      id,
      state: 'waiting',
    });
    expect((await post('/v1/scans', text, { server: 'https://mcp.acme.com/mcp?key=secret' })).status).toBe(202);
    now = new Date(NOW.getTime() + 3_600_000);
    const spent = await post('/v1/scans', text, { server: 'npm:c' });
    expect([spent.status, (await spent.json()) as object]).toMatchObject([
      429,
      { type: 'urn:plimsoll:problem:quota-spent' },
    ]);
    expect(Number(spent.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = await give(['scan']);
    expect((await post('/v1/scans', other.text, { server: 'npm:c' })).status).toBe(202);
    const foreign = await site.request(`/v1/scans/${id}`, { headers: { Authorization: `Bearer ${other.text}` } });
    expect(foreign.status).toBe(404);
    now = new Date(NOW.getTime() + 86_400_001);
    expect((await post('/v1/scans', text, { server: 'npm:c' })).status).toBe(202);
    expect(await addressesWanted(store.db)).toContain('remote:https://mcp.acme.com/mcp');
    expect(JSON.stringify(await addressesWanted(store.db))).not.toContain('secret');
  });

  test.each([
    'https://127.0.0.1/mcp',
    'https://169.254.169.254/latest',
    'https://[::1]/mcp',
    'https://localhost/mcp',
    'https://internal.local/mcp',
    'http://mcp.acme.com/mcp',
    'https://2130706433/mcp',
    'file:///etc/passwd',
    './local.js',
    "'; drop table token; --",
    '\u0000',
  ])('%s is not looked at', async (address) => {
    const { text } = await give(['scan']);
    const response = await post('/v1/scans', text, { server: address });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: 'urn:plimsoll:problem:bad-body' });
  });

  test('what is blocked is not asked for, and what is no JSON neither', async () => {
    const { text } = await give(['scan']);
    expect((await post('/v1/scans', text, { server: 'npm:bad' })).status).toBe(409);
    for (const body of ['{', '', '[]', '{"server":3}', '{"server":"npm:a","more":1}'])
      expect((await post('/v1/scans', text, body)).status, body).toBe(400);
  });

  test('the next crawl takes up first what was asked for, once', async () => {
    const { text } = await give(['scan']);
    const { id } = (await (await post('/v1/scans', text, { server: 'npm:c' })).json()) as { id: number };
    const visit = async () =>
      (await visitsDue(store.db, { limit: 9, now, purlTypes: ['npm'] })).map(({ id: server }) => server);
    const wanted = new Set(await addressesWanted(store.db));
    expect(wanted).toContain('purl:pkg:npm/c');
    expect(new Set((await visit()).slice(0, 2))).toEqual(new Set(['npm:b', 'npm:c']));
    await takeUpRequests(store.db, ['npm:c', 'npm:b'], now);
    expect(await addressesWanted(store.db)).not.toContain('purl:pkg:npm/c');
    expect((await visit())[2]).not.toBe(undefined);
    const seen = await site.request(`/v1/scans/${id}`, { headers: { Authorization: `Bearer ${text}` } });
    expect(seen.headers.get('cache-control')).toBe('no-store');
    expect(await seen.json()).toMatchObject({ state: 'taken-up', server: '/v1/servers/npm%3Ac' });
  });

  test('a dispute names a definition that stands, and waits for a person', async () => {
    const { text } = await give(['dispute']);
    const listed = (await (await site.request('/v1/servers/npm%3Aa/tools')).json()) as {
      tools: { fingerprint: string }[];
    };
    const { fingerprint } = listed.tools[0]!;
    const objection = {
      server: 'npm:a',
      tool: 'read',
      fingerprint,
      category: 'Read',
      reason: '“Reads” <script> \u202e says so: it only reads.',
    };
    const kept = await post('/v1/disputes', text, objection);
    expect(kept.status).toBe(201);
    const { id } = (await kept.json()) as { id: number };
    expect(await openDisputes(store.db)).toMatchObject([{ id, serverId: 'npm:a', tool: 'read', category: 'Read' }]);
    expect((await post('/v1/disputes', text, { ...objection, fingerprint: '0'.repeat(64) })).status).toBe(409);
    expect((await post('/v1/disputes', text, { ...objection, tool: 'none' })).status).toBe(404);
    expect((await post('/v1/disputes', text, { ...objection, category: undefined })).status).toBe(400);
    expect(await closeDispute(store.db, id, now)).toBe(true);
    expect(await openDisputes(store.db)).toEqual([]);
  });
});

describe('where nobody may write', () => {
  test.each(['/v1/scans', '/v1/disputes'])('%s says so', async (path) => {
    const body =
      path === '/v1/scans'
        ? { server: 'npm:a' }
        : { server: 'a', tool: 'b', fingerprint: 'a'.repeat(64), risk: 'low', reason: 'x'.repeat(20) };
    const response = await app().request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    });
    expect(response.status).toBe(503);
  });
});
