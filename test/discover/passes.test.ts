import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { openHttp } from '#core/http.ts';
import { sightingOf } from '#discover/found.ts';
import type { Source } from '#discover/source.ts';
import docker from '#discover/sources/docker.ts';
import registry from '#discover/sources/registry.ts';
import { discoverSource, type PassOptions } from '#pipeline/discover-source.ts';
import { type Db, openStore, type Store } from '#store/engine/open.ts';
import { addressesKnown, listingsOf } from '#store/listing/known.ts';
import { sourceState } from '#store/listing/sources.ts';
import * as runs from '#store/tables/runs.ts';
import { alias, likeness, mention, merge, server, sighting } from '#store/tables/servers.ts';
import { fileHost } from '../support/file-host.ts';
import { mcpRegistry, type RegistryEntry } from '../support/mcp-registry.ts';

let home: string;
let store: Store;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'plimsoll-passes-'));
  store = await openStore({ home, url: undefined });
});
beforeEach(async () => {
  for (const table of [sighting, mention, alias, merge, likeness, server, ...Object.values(runs)])
    if (is(table, PgTable)) await store.db.delete(table);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

const DAY = 86_400_000;
const START = Date.parse('2026-11-01T02:00:00Z');

/** One pass, on a night counted from the first. */
async function pass(source: Source, url: string, night: number, options: PassOptions = {}) {
  await using http = openHttp({ userAgent: 'test', limits: { retries: 0, backoff: 5 } });
  const settings = readSettings({ PLIMSOLL_MCP_REGISTRY_URL: url, PLIMSOLL_SOURCE_URLS: `docker=${url}` });
  const world = {
    db: store.db as Db,
    settings,
    log: pino({ level: 'silent' }),
    stop: new AbortController().signal,
    now: () => new Date(START + night * DAY),
  };
  return await discoverSource(world, source, http, options);
}

const catalogue = (count: number) =>
  JSON.stringify({
    registry: Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`s${n}`, { type: 'server', image: `mcp/s${n}` }]),
    ),
  });
const PATH = '/mcp/catalog/v3/catalog.yaml';

describe('a source that suddenly lists far less', () => {
  test.each([
    [40, 19, true],
    [40, 20, false],
    [40, 0, true],
    [3, 1, false],
    [3, 0, true],
  ])('%i servers, then %i: loud is %j', async (before, now, isLoud) => {
    await using host = await fileHost({ [PATH]: catalogue(before) });
    expect((await pass(docker, host.url, 0)).error).toBeNull();
    host.held.set(PATH, catalogue(now));
    const { error, sightings } = await pass(docker, host.url, 1);
    expect(sightings).toBe(now);
    const says = `docker listed ${now} servers where it had ${before}, which is not believed`;
    expect(error).toBe(isLoud ? says : null);
    // Nothing is taken as gone either way.
    expect(await listingsOf(store.db, 'docker')).toHaveLength(before);
    expect(await sourceState(store.db, 'docker')).toMatchObject({
      lastTried: new Date(START + DAY),
      watermark: new Date(START + (isLoud ? 0 : DAY)),
      lastGood: new Date(START + (isLoud ? 0 : DAY)),
      listings: isLoud ? before : now,
      error: isLoud ? says : null,
    });
    host.held.set(PATH, catalogue(before));
    expect((await pass(docker, host.url, 2)).error).toBeNull();
  });

  test('is not one that was asked for less', async () => {
    await using host = await fileHost({ [PATH]: catalogue(40) });
    await pass(docker, host.url, 0);
    expect((await pass(docker, host.url, 1, { limit: 2 })).error).toBeNull();
    expect(await sourceState(store.db, 'docker')).toMatchObject({ listings: 40, watermark: new Date(START) });
  });
});

test.each([
  ['all of a full pass', 0, 1, 0, true],
  ['one of a quiet night', 1, 1, 0, false],
  ['most of a night', 1, 10, 9, true],
  ['some of a night', 1, 9, 10, false],
])('records that are none, %s', async (_, night, bad, good, isLoud) => {
  const whole = (n: number): RegistryEntry => ({
    server: { name: `io.github.acme/s${n}`, version: '1.0.0' },
    updatedAt: '2026-11-01T12:00:00Z',
  });
  await using served = await mcpRegistry([whole(0)]);
  if (night > 0) expect((await pass(registry, served.url, 0)).error).toBeNull();
  served.entries.splice(0, 1, ...Array.from({ length: bad + good }, (__, n) => whole(n + 1)));
  let left = bad;
  served.fault({ mangle: (entry) => (left-- > 0 ? { ...entry, server: { title: 'Renamed' } } : entry) });
  const { error, dropped, sightings } = await pass(registry, served.url, night);
  expect([dropped, sightings]).toEqual([bad, good]);
  expect(error).toBe(isLoud ? `registry sent ${bad} records that cannot be read, and ${good} that can` : null);
  expect((await sourceState(store.db, 'registry'))?.watermark?.getTime()).toBe(
    isLoud ? (night > 0 ? START : undefined) : START + night * DAY,
  );
});

test('a source that tells of changes is read to its end once a week', async () => {
  const entry: RegistryEntry = { server: { name: 'io.github.acme/a', version: '1.0.0' }, updatedAt: '2026-10-01' };
  await using served = await mcpRegistry([entry]);
  for (let night = 0; night < 9; night++) expect((await pass(registry, served.url, night)).error).toBeNull();
  expect(served.asked.map((query) => query.has('updated_since'))).toEqual([
    false,
    true,
    true,
    true,
    true,
    true,
    true,
    false,
    true,
  ]);
  expect(served.asked[1]!.get('updated_since')).toBe('2026-11-01T01:50:00.000Z');
});

test('what is known is what stands, of this source or under this kind of address', async () => {
  await using host = await fileHost({ [PATH]: catalogue(2) });
  await pass(docker, host.url, 0);
  host.held.set(PATH, catalogue(2).replace('mcp/s1', 'mcp/other'));
  await pass(docker, host.url, 1);
  expect((await listingsOf(store.db, 'docker')).map(({ listing }) => listing).sort()).toEqual(['s0', 's1']);
  expect(await listingsOf(store.db, 'registry')).toEqual([]);
  expect(await addressesKnown(store.db, 'purl')).toEqual([
    'pkg:oci/other?repository_url=docker.io%2Fmcp%2Fother',
    'pkg:oci/s0?repository_url=docker.io%2Fmcp%2Fs0',
  ]);
});

test('what a source notes is kept with what it gave, and not before', async () => {
  const notes: (string | undefined)[] = [];
  const source: Source = {
    ...docker,
    id: 'noting',
    async *discover({ notes: book }) {
      notes.push(await book?.read('place'));
      await book?.write('place', '1');
      notes.push(await book?.read('place'));
      yield sightingOf({ source: 'noting', listing: 'a', name: 'a' });
      if (notes.length === 2) throw new Error('killed');
    },
  };
  await expect(pass(source, 'http://127.0.0.1:1', 0)).rejects.toThrow('killed');
  await pass(source, 'http://127.0.0.1:1', 1);
  await pass(source, 'http://127.0.0.1:1', 2);
  expect(notes).toEqual([undefined, '1', undefined, '1', '1', '1']);
});
