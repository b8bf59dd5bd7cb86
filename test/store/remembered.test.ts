import { afterAll, beforeAll, expect, test } from 'vitest';
import docker from '#discover/sources/docker.ts';
import type { Store } from '#store/engine/open.ts';
import { forgetUnused, memory } from '#store/listing/remembered.ts';
import { remembered } from '#store/tables/runs.ts';
import { discoverAt } from '../support/discover.ts';
import { fileHost } from '../support/file-host.ts';
import { onEveryDatabase } from '../support/stores.ts';

const DAY = (n: number) => () => new Date(Date.UTC(2026, 10, n));

onEveryDatabase('remembered answers', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test('a night without changes moves no body and gives the same; a change is noticed', async () => {
    const catalogue = (image: string) => `registry: { a: { type: server, image: ${image} } }`;
    await using host = await fileHost({ '/mcp/catalog/v3/catalog.yaml': catalogue('mcp/a:1') });
    const night = (n: number) => discoverAt(docker, host.url, { memory: memory(store.db, DAY(n)) });
    const first = await night(1);
    expect(first.sightings).toHaveLength(1);
    expect(await night(2)).toEqual(first);
    host.held.set('/mcp/catalog/v3/catalog.yaml', catalogue('mcp/a:2'));
    expect((await night(3)).sightings[0]?.packages[0]?.version).toBe('2');
    expect((await night(4)).sightings[0]?.packages[0]?.version).toBe('2');
    expect(host.asked.map(({ status }) => status)).toEqual([200, 304, 200, 304]);
  });

  test('what is asked for stays, what nobody asks for goes after two weeks', async () => {
    await store.db.delete(remembered);
    const keep = { etag: 'W/"1"', body: 'nul \0 here' };
    await memory(store.db, DAY(1)).keep('https://a.test/', keep);
    await memory(store.db, DAY(1)).keep('https://b.test/?cursor=1', keep);
    expect(await memory(store.db, DAY(10)).recall('https://a.test/')).toEqual({ etag: 'W/"1"', body: 'nul ␀ here' });
    await forgetUnused(store.db, DAY(17)());
    expect(await memory(store.db, DAY(17)).recall('https://b.test/?cursor=1')).toBeUndefined();
    expect(await memory(store.db, DAY(17)).recall('https://a.test/')).toBeDefined();
  });

  test('an address too long for the index is not kept, and no error', async () => {
    const url = `https://a.test/?cursor=${'x'.repeat(5_000)}`;
    await memory(store.db, DAY(1)).keep(url, { etag: '1', body: '' });
    expect(await memory(store.db, DAY(1)).recall(url)).toBeUndefined();
  });
});
