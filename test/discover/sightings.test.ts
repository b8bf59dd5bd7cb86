import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSpec } from '#core/purl.ts';
import { addressesOf } from '#discover/identity.ts';
import { join } from '#discover/join.ts';
import { mergeSightings } from '#discover/merge.ts';
import { idsOf, otherSlug, slugOf } from '#discover/names.ts';
import type { Sighting } from '#domain/server.ts';
import { findServer } from '#store/catalogue.ts';
import { recordVisit } from '#store/enumerations.ts';
import type { Store } from '#store/open.ts';
import { recordSightings } from '#store/sightings.ts';
import { alias, mention, merge, server, sighting } from '#store/tables/servers.ts';
import { hasListings, realSightings } from '../support/shared.ts';
import { type Given, listing, split } from '../support/sighting.ts';
import { onEveryDatabase } from '../support/stores.ts';

const joining = { addressesOf, join, idsOf, slugOf, otherSlug, mergeSightings };
const DAY = (n: number) => new Date(Date.UTC(2026, 10, n));
const R = 'https://github.com/acme/tools';

const anyListing = fc.record(
  {
    repository: fc.constantFrom(R, 'https://github.com/acme/other', 'https://github.com/fork/tools'),
    subfolder: fc.constantFrom('x', 'y'),
    specs: fc.uniqueArray(fc.constantFrom('npm:a', 'npm:b', 'pypi:a'), { maxLength: 2 }),
    remotes: fc.uniqueArray(fc.constantFrom('https://a.com/mcp', 'https://b.com/mcp'), { maxLength: 1 }),
    registryName: fc.constantFrom('io.github.acme/x', 'io.github.acme/y'),
    status: fc.constantFrom('active' as const, 'active' as const, 'deleted' as const),
  },
  { requiredKeys: [] },
);

onEveryDatabase('recording sightings', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
  });
  afterAll(() => store[Symbol.asyncDispose]());

  async function clean(): Promise<void> {
    for (const table of [sighting, mention, alias, merge, server]) await store.db.delete(table);
  }
  const record = (given: readonly Sighting[], day = 1, source = given[0]?.source ?? 'list') =>
    recordSightings(store.db, source, given, DAY(day), joining);
  const live = () => store.db.select().from(server).where(isNull(server.mergedInto)).orderBy(server.id);
  const ids = async () => (await live()).map(({ id }) => id);
  const one = (given: Given, number = 0) => listing(given, number);

  /** A visit that found one tool in a package. */
  async function visited(serverId: string, spec: string, day: number): Promise<void> {
    const { purl } = parseSpec(spec)!;
    const artefact = { purl, version: '1.0.0', name: spec, integrity: 'sha512-AAAA' };
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    const tools = [{ name: 'a_tool' }];
    const enumeration = { outcome: 'listed' as const, wants: [], tools, rejections: [], attempts: [], context, ms: 1 };
    const visit = { serverId, at: DAY(day), sandbox: 's', artefact, enumeration, staticTools: [], due: DAY(day + 7) };
    await recordVisit(store.db, visit);
  }

  test('founds servers, and a second pass writes nothing but when they were last seen', async () => {
    await clean();
    const batch = [one({ specs: ['npm:@acme/x'] }, 0), one({ repository: R }, 1)];
    expect(await record(batch)).toEqual({
      new: 2,
      changed: 0,
      same: 0,
      servers: expect.arrayContaining(['npm:@acme/x', 'github:acme/tools']),
      merged: [],
    });
    const before = {
      servers: await live(),
      sightings: await store.db.select().from(sighting),
      aliases: await store.db.select().from(alias),
    };
    expect(await record(batch, 2)).toEqual({ new: 0, changed: 0, same: 2, servers: [], merged: [] });
    const seen = { lastSeen: DAY(2) };
    expect(await live()).toEqual(before.servers.map((row) => ({ ...row, ...seen })));
    expect((await store.db.select().from(sighting)).sort((a, b) => a.id - b.id)).toEqual(
      before.sightings.sort((a, b) => a.id - b.id).map((row) => ({ ...row, ...seen })),
    );
    expect(await store.db.select().from(alias)).toEqual(before.aliases);
    expect((await findServer(store.db, 'pkg:npm/%40acme/x'))?.server).toMatchObject({
      id: 'npm:@acme/x',
      slug: '@acme/x',
      sources: ['list'],
    });
  });

  test('a changed listing keeps its old version, and its server is due for a launch only if it starts otherwise', async () => {
    await clean();
    await record([one({ specs: ['npm:x@1.0.0'] })]);
    await store.db.update(server).set({ enumerateDue: DAY(9) });
    expect(await record([{ ...one({ specs: ['npm:x@1.0.0'] }), description: 'now with a text' }], 2)).toMatchObject({
      changed: 1,
      servers: ['npm:x'],
    });
    expect((await live())[0]).toMatchObject({
      description: 'now with a text',
      enumerateDue: DAY(9),
      firstSeen: DAY(1),
      lastSeen: DAY(2),
    });
    await record([one({ specs: ['npm:x@2.0.0'] })], 3);
    expect((await live())[0]).toMatchObject({
      enumerateDue: DAY(9),
      packages: [{ purl: 'pkg:npm/x', version: '2.0.0' }],
    });
    await record(
      [{ ...one({ specs: ['npm:x@2.0.0'] }), packages: [{ purl: 'pkg:npm/x', version: '2.0.0', args: ['--all'] }] }],
      4,
    );
    expect((await live())[0]).toMatchObject({ enumerateDue: DAY(4) });
    const versions = await store.db.select().from(sighting).orderBy(sighting.id);
    expect(versions.map((row) => [row.data.packages[0]?.version, row.supersededAt])).toEqual([
      ['1.0.0', DAY(2)],
      ['1.0.0', DAY(3)],
      ['2.0.0', DAY(4)],
      ['2.0.0', null],
    ]);
  });

  test('two servers that a listing links become one; nothing of the other is lost', async () => {
    await clean();
    await record([one({ specs: ['npm:x'] }, 0)]);
    await record([one({ specs: ['pypi:x'], name: 'x py' }, 1)], 2);
    expect(await ids()).toEqual(['npm:x', 'pypi:x']);
    const result = await record([one({ source: 'other', specs: ['npm:x', 'pypi:x'] }, 2)], 3);
    expect(result.merged).toEqual([{ winner: 'npm:x', loser: 'pypi:x', address: 'purl:pkg:pypi/x' }]);
    expect(await ids()).toEqual(['npm:x']);
    const [trace] = await store.db.select().from(merge);
    const [proof] = await store.db.select().from(sighting).where(eq(sighting.id, trace!.sightingId));
    expect(proof).toMatchObject({ source: 'other', listing: '2' });
    for (const key of ['pypi:x', 'pkg:pypi/x', 'npm:x', 'x', `x-${otherSlug('x', 'pypi:x').slice(-8)}`])
      expect((await findServer(store.db, key))?.server.id).toBe('npm:x');
    expect((await live())[0]?.packages.map(({ purl }) => purl)).toEqual(['pkg:npm/x', 'pkg:pypi/x']);
  });

  test('a merge is undone when the listing that made it changes; the server gets its id back', async () => {
    await clean();
    await record([one({ specs: ['npm:x'] }, 0), one({ specs: ['pypi:x'] }, 1)]);
    await record([one({ specs: ['npm:x', 'pypi:x'] }, 2)], 2);
    expect(await ids()).toEqual(['npm:x']);
    await record([one({ specs: ['npm:x'] }, 2)], 3);
    expect(await ids()).toEqual(['npm:x', 'pypi:x']);
    expect((await findServer(store.db, 'pkg:pypi/x'))?.server).toMatchObject({
      id: 'pypi:x',
      packages: [{ purl: 'pkg:pypi/x' }],
    });
    expect((await live()).map(({ slug }) => slug)).not.toContain('merged:pypi:x');
    expect(await store.db.select().from(merge)).toHaveLength(1);
  });

  test('a repository page joins its only package, and leaves when a second one appears', async () => {
    await clean();
    await record([one({ repository: R }, 0)]);
    await record([one({ repository: R, specs: ['npm:a'] }, 1)], 2);
    expect(await ids()).toEqual(['github:acme/tools']);
    expect((await live())[0]).toMatchObject({ slug: 'acme/tools', packages: [{ purl: 'pkg:npm/a' }] });
    await visited('github:acme/tools', 'npm:a', 2);
    expect((await findServer(store.db, 'acme/tools'))?.server.tools).toHaveLength(1);
    await record([one({ repository: R, specs: ['npm:b'] }, 2)], 3);
    expect(await ids()).toEqual(['github:acme/tools', 'npm:a', 'npm:b']);
    expect((await findServer(store.db, 'acme/tools'))?.server.tools).toEqual([]);
    expect((await findServer(store.db, 'acme/tools'))?.server.packages).toEqual([]);
    expect((await findServer(store.db, 'pkg:npm/a'))?.server.id).toBe('npm:a');
  });

  test('a slug moves when a better one is known, and the old one still answers', async () => {
    await clean();
    await record([one({ specs: ['npm:x'] }, 0)]);
    await record([one({ specs: ['npm:x'], repository: R }, 1)], 2);
    expect((await live())[0]).toMatchObject({ id: 'npm:x', slug: 'acme/tools' });
    expect(await findServer(store.db, 'x')).toMatchObject({ canonical: false, server: { slug: 'acme/tools' } });
    // Another server may not take over an address that was given out.
    await record([one({ source: 'other', specs: ['pypi:x'] }, 2)], 3);
    expect((await findServer(store.db, 'x'))?.server.id).toBe('npm:x');
    expect((await findServer(store.db, 'pypi:x'))?.server.slug).toBe(otherSlug('x', 'pypi:x'));
  });

  test('a listing that was taken down stays as what it was', async () => {
    await clean();
    await record([one({ source: 'registry', registryName: 'io.github.acme/x', specs: ['npm:x'] })]);
    await record(
      [one({ source: 'registry', registryName: 'io.github.acme/x', specs: ['npm:x'], status: 'deleted' })],
      2,
    );
    expect(await ids()).toEqual(['npm:x']);
    expect((await store.db.select().from(sighting).where(isNull(sighting.supersededAt)))[0]?.data.status).toBe(
      'deleted',
    );
  });

  test('however listings come and change, they end up as if they had come at once', async () => {
    const batches = fc.array(fc.array(fc.tuple(fc.nat({ max: 6 }), anyListing), { minLength: 1, maxLength: 4 }), {
      minLength: 2,
      maxLength: 6,
    });
    const property = fc.asyncProperty(batches, async (given) => {
      await clean();
      const current = new Map<string, Sighting>();
      for (const [day, batch] of given.entries()) {
        const sightings = batch.map(([number, fields]) => ({ ...one(fields, number), source: 'registry' }));
        for (const found of sightings) current.set(found.listing, found);
        await record(sightings, day + 1);
      }
      const rows = await store.db.select().from(sighting).where(isNull(sighting.supersededAt));
      const stored = Map.groupBy(rows, (row) => row.serverId);
      expect([...stored.values()].map((list) => list.map((row) => row.listing).sort()).sort()).toEqual(
        split(join([...current.values()])).sort(),
      );
      const known = new Map((await store.db.select().from(server)).map((row) => [row.id, row]));
      for (const id of stored.keys()) expect(known.get(id)?.mergedInto).toBeNull();
      for (const row of await store.db.select().from(alias)) expect(known.get(row.serverId)?.mergedInto).toBeNull();
      for (const id of known.keys()) expect((await findServer(store.db, id))?.server.slug).not.toMatch(/^merged:/);
    });
    await fc.assert(property, { numRuns: 40 });
  });

  test('holds what no database likes: NUL, lone surrogates, a listing named twice', async () => {
    await clean();
    const odd = { ...one({ specs: ['npm:x'] }), listing: 'a\0b', name: 'n\0', description: '\ud800 \0' };
    expect(await record([odd, { ...odd, description: 'later' }])).toMatchObject({ new: 1 });
    expect(await record([{ ...odd, description: 'later' }])).toMatchObject({ same: 1 });
    expect((await live())[0]?.description).toBe('later');
    expect(await record([{ ...odd, description: '\ud800 \0' }])).toMatchObject({ changed: 1 });
  });

  test('holds addresses of any length', async () => {
    await clean();
    const long = 'x'.repeat(5_000);
    await record([
      one({ remotes: [`https://a.com/${long}`], repository: `${R}/tree/main/${long}` }, 0),
      one({ remotes: [`https://a.com/${'é'.repeat(1_900)}`], specs: [`oci:ghcr.io/${long}`] }, 1),
    ]);
    expect(await ids()).toEqual(['list:0', 'list:1']);
  });

  test('sources that record at the same time found one server for one package', async () => {
    await clean();
    const sources = ['a', 'b', 'c', 'd'];
    await Promise.all(sources.map((source) => record([one({ source, specs: ['npm:x'] })])));
    expect(await ids()).toEqual(['npm:x']);
    expect((await findServer(store.db, 'npm:x'))?.server.sources).toEqual(sources);
  });

  test('a batch that fails leaves nothing behind', async () => {
    await clean();
    const broken = {
      ...joining,
      mergeSightings: () => {
        throw new Error('killed');
      },
    };
    await expect(recordSightings(store.db, 'list', [one({ specs: ['npm:x'] })], DAY(1), broken)).rejects.toThrow(
      'killed',
    );
    for (const table of [sighting, mention, alias, merge, server]) expect(await store.db.$count(table)).toBe(0);
  });

  describe.skipIf(!hasListings)(`real listings${hasListings ? '' : ' (skipped: no shared data)'}`, () => {
    test('all go in within a minute, joined as if they had come at once, and a second pass finds nothing new', async () => {
      await clean();
      const all = realSightings();
      expect(all.length).toBeGreaterThan(13_000);
      const pass = async (day: number) => {
        const sums = { new: 0, changed: 0, same: 0, servers: 0 };
        for (const [source, list] of Map.groupBy(all, (found) => found.source))
          for (let i = 0; i < list.length; i += 1000) {
            const done = await record(list.slice(i, i + 1000), day, source);
            sums.new += done.new;
            sums.changed += done.changed;
            sums.same += done.same;
            sums.servers += done.servers.length;
          }
        return sums;
      };
      const began = performance.now();
      expect(await pass(1)).toMatchObject({ new: all.length, changed: 0, same: 0 });
      const seconds = (performance.now() - began) / 1000;
      expect(seconds).toBeLessThan(60);
      expect(await pass(2)).toEqual({ new: 0, changed: 0, same: all.length, servers: 0 });

      const at = new Map<string, string[]>();
      for (const row of await store.db.select().from(sighting)) {
        const key = `${row.source} ${row.listing}`;
        at.set(row.serverId, [...(at.get(row.serverId) ?? []), key]);
      }
      const whole = join(all).map(({ sightings }) =>
        sightings
          .map((found) => `${found.source} ${found.listing}`)
          .sort()
          .join('\n'),
      );
      expect([...at.values()].map((keys) => keys.sort().join('\n')).sort()).toEqual(whole.sort());
      expect((await ids()).length).toBe(whole.length);
      const kinds = new Map<string, number>();
      for (const { address } of join(all).flatMap(({ links }) => links)) {
        const kind = address.replace(/:.*/, '');
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
      const merges = [...kinds].map(([kind, count]) => `${count} by ${kind}`).join(', ');
      console.info(`${all.length} sightings, ${whole.length} servers, merges: ${merges}; ${seconds.toFixed(1)} s`);
      const lost = await store.db
        .select()
        .from(alias)
        .innerJoin(server, eq(server.id, alias.serverId))
        .where(isNotNull(server.mergedInto));
      expect(lost).toEqual([]);
      expect(await store.db.$count(server, and(isNull(server.mergedInto), eq(server.slug, '')))).toBe(0);
    }, 120_000);
  });
});
