import { aliasedTable, and, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSpec } from '#core/purl.ts';
import { join } from '#discover/join.ts';
import { joining } from '#discover/joining.ts';
import { otherSlug } from '#discover/names.ts';
import type { Sighting } from '#domain/server.ts';
import { findServer } from '#store/catalogue/catalogue.ts';
import type { Store } from '#store/engine/open.ts';
import { bornePackages } from '#store/listing/known.ts';
import { markUnlisted, recordSightings } from '#store/listing/sightings.ts';
import { recordPass } from '#store/listing/sources.ts';
import { source } from '#store/tables/runs.ts';
import { alias, likeness, mention, merge, server, sighting } from '#store/tables/servers.ts';
import { artefact } from '#store/tables/visits.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { hasListings, realSightings } from '../support/shared.ts';
import { type Given, listing, split } from '../support/sighting.ts';
import { onEveryDatabase } from '../support/stores.ts';

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
    bears: fc.uniqueArray(fc.constantFrom('io.github.acme/x', 'io.github.acme/y'), { maxLength: 2 }),
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
    for (const table of [sighting, mention, alias, merge, likeness, server, source]) await store.db.delete(table);
  }
  const record = (given: readonly Sighting[], day = 1, source = given[0]?.source ?? 'list') =>
    recordSightings(store.db, source, given, DAY(day), joining);
  const live = () => store.db.select().from(server).where(isNull(server.mergedInto)).orderBy(server.id);
  const ids = async () => (await live()).map(({ id }) => id);
  const one = (given: Given, number = 0) => listing(given, number);

  /** A visit that found one tool in a package. */
  async function visited(serverId: string, spec: string, day: number, bears?: readonly string[]): Promise<void> {
    const { purl, version = '1.0.0' } = parseSpec(spec)!;
    const found = { purl, version, name: spec, integrity: 'sha512-AAAA', ...(bears && { bears }) };
    const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
    const tools = [{ name: 'a_tool' }];
    const enumeration = { outcome: 'listed' as const, wants: [], tools, rejections: [], attempts: [], context, ms: 1 };
    const visit = {
      serverId,
      at: DAY(day),
      sandbox: 's',
      artefact: found,
      enumeration,
      staticTools: [],
      due: DAY(day + 7),
    };
    await recordVisit(store.db, visit);
  }

  /** Every row of every table that joining writes, with the transaction that wrote it last. */
  async function everything(): Promise<string> {
    const rows: unknown[] = [];
    for (const table of [sighting, mention, alias, merge, likeness, server])
      rows.push(...(await store.db.select({ row: sql`${table}::text`, by: sql`${table}.xmin::text` }).from(table)));
    return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
  }

  test('founds servers, and a second pass writes nothing', async () => {
    await clean();
    const batch = [one({ specs: ['npm:@acme/x'] }, 0), one({ repository: R }, 1)];
    const first = await record(batch);
    expect(first).toMatchObject({ new: 2, changed: 0, same: 0, merged: [] });
    expect([...first.servers].sort()).toEqual(['github:acme/tools', 'npm:@acme/x']);
    const before = await everything();
    expect(await record(batch, 2)).toEqual({ ...first, new: 0, same: 2, servers: [], rows: 0 });
    expect(await everything()).toBe(before);
    expect((await findServer(store.db, 'pkg:npm/%40acme/x'))?.server).toMatchObject({
      id: 'npm:@acme/x',
      slug: '@acme/x',
      sources: ['list'],
    });
  });

  test('a server was last seen when a source that lists it last came through, until that no longer does', async () => {
    await clean();
    const { listed } = await record([one({ specs: ['npm:x'] }, 0), one({ specs: ['npm:y'] }, 1)]);
    const lastSeen = async (key: string) => (await findServer(store.db, key))?.server.lastSeen;
    await recordPass(store.db, 'list', { began: DAY(3), whole: true });
    expect(await lastSeen('npm:x')).toEqual(DAY(3));
    expect(await markUnlisted(store.db, 'list', new Set(listed.slice(0, 1)), DAY(4))).toBe(1);
    await recordPass(store.db, 'list', { began: DAY(4), whole: true });
    const [x, y] = [await lastSeen('npm:x'), await lastSeen('npm:y')].sort((a, b) => a!.getTime() - b!.getTime());
    expect([x, y]).toEqual([DAY(1), DAY(4)]);
    expect(await markUnlisted(store.db, 'list', new Set(listed.slice(0, 1)), DAY(5))).toBe(0);
    expect(await record([one({ specs: ['npm:x'] }, 0), one({ specs: ['npm:y'] }, 1)], 5)).toMatchObject({ rows: 1 });
    await recordPass(store.db, 'list', { began: DAY(5), whole: true });
    expect([await lastSeen('npm:x'), await lastSeen('npm:y')]).toEqual([DAY(5), DAY(5)]);
  });

  test('a repository that the forge renamed keeps its old address, whatever others still call it', async () => {
    await clean();
    const forge = (url: string) => ({ ...one({ repository: url, forgeId: '42' }, 0), source: 'github' });
    await record([forge('https://github.com/acme/old')], 1, 'github');
    await record([one({ repository: 'https://github.com/acme/old' }, 1)], 2);
    expect(await record([forge('https://github.com/other/new')], 3, 'github')).toMatchObject({ changed: 1 });
    expect((await live()).map(({ id, slug }) => [id, slug])).toEqual([['github:acme/old', 'other/new']]);
    expect((await live())[0]?.repository).toMatchObject({ url: 'https://github.com/other/new' });
    for (const key of ['acme/old', 'repository:github.com/acme/old', 'other/new'])
      expect((await findServer(store.db, key))?.server.id).toBe('github:acme/old');
    expect(await record([forge('https://github.com/other/new')], 4, 'github')).toMatchObject({ same: 1, rows: 0 });
    await record([one({ repository: 'https://github.com/acme/old', specs: ['npm:a'] }, 2)], 5);
    expect(await live()).toHaveLength(1);
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

  test('what a fetched package says of itself is known from then on, by its newest version that was read', async () => {
    await store.db.delete(artefact);
    expect(await bornePackages(store.db)).toEqual([]);
    await visited('npm:a', 'npm:a@1.0.0', 1);
    await visited('npm:a', 'npm:a@1.0.0', 2, ['io.github.acme/a']);
    await visited('npm:b', 'npm:b@1.0.0', 2, []);
    await visited('npm:a', 'npm:a@1.0.0', 3);
    const borne = (names: readonly string[]) => [{ purl: 'pkg:npm/a', names }];
    expect(await bornePackages(store.db)).toEqual(borne(['io.github.acme/a']));
    await visited('npm:a', 'npm:a@2.0.0', 4);
    expect(await bornePackages(store.db)).toEqual(borne(['io.github.acme/a']));
    await visited('npm:a', 'npm:a@2.0.0', 5, []);
    expect(await bornePackages(store.db)).toEqual(borne([]));
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
    await fc.assert(property, { numRuns: 12 });
  }, 120_000);

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
    for (const table of [sighting, mention, alias, merge, likeness, server])
      expect(await store.db.$count(table)).toBe(0);
  });

  describe.skipIf(!hasListings)(`real listings${hasListings ? '' : ' (skipped: no shared data)'}`, () => {
    test('all go in joined as if they had come at once; a second pass writes nothing, one of 1 % that changed as little', async () => {
      await clean();
      const all = realSightings();
      expect(all.length).toBeGreaterThan(13_000);
      const pass = async (day: number, given: readonly Sighting[]) => {
        const sums = { new: 0, changed: 0, same: 0, rows: 0 };
        for (const [source, list] of Map.groupBy(given, (found) => found.source))
          for (let i = 0; i < list.length; i += 1000) {
            const done = await record(list.slice(i, i + 1000), day, source);
            sums.new += done.new;
            sums.changed += done.changed;
            sums.same += done.same;
            sums.rows += done.rows;
          }
        return sums;
      };
      const began = performance.now();
      const first = await pass(1, all);
      const seconds = (performance.now() - began) / 1000;
      expect(first).toMatchObject({ new: all.length, changed: 0, same: 0 });
      expect(await pass(2, all)).toEqual({ new: 0, changed: 0, same: all.length, rows: 0 });
      const edited = all.map((found, i) => (i % 100 === 7 ? { ...found, description: `edited ${i}` } : found));
      const third = await pass(3, edited);
      expect(third).toMatchObject({ new: 0, changed: Math.floor((all.length + 92) / 100) });
      const share = third.rows / first.rows;
      // A changed listing costs a little more than a new one: its old version ends, its server is written again.
      expect(share).toBeLessThan(0.025);
      await pass(4, all);

      const at = new Map<string, string[]>();
      for (const row of await store.db.select().from(sighting).where(isNull(sighting.supersededAt))) {
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
      const other = aliasedTable(likeness, 'other');
      const alike = await store.db
        .selectDistinct({ a: likeness.serverId, b: other.serverId })
        .from(likeness)
        .innerJoin(other, and(eq(other.key, likeness.key), gt(other.serverId, likeness.serverId)));
      const homes = Map.groupBy(await live(), ({ repository }) => repository?.url);
      homes.delete(undefined);
      const monorepos = [...homes.values()].filter((list) => list.length > 1).length;
      console.info(
        `${all.length} sightings, ${whole.length} servers, merges: ${merges}; ${alike.length} possible duplicates, ` +
          `${monorepos} monorepos; ${seconds.toFixed(1)} s, ${first.rows} rows; 1 % changed: ${(share * 100).toFixed(2)} % of the rows`,
      );
      const lost = await store.db
        .select()
        .from(alias)
        .innerJoin(server, eq(server.id, alias.serverId))
        .where(isNotNull(server.mergedInto));
      expect(lost).toEqual([]);
      expect(await store.db.$count(server, and(isNull(server.mergedInto), eq(server.slug, '')))).toBe(0);
    }, 300_000);
  });
});
