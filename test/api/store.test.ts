import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '#api/app.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { segment } from '#publish/addresses/address.ts';
import { liveLinks } from '#publish/addresses/links.ts';
import { stamp } from '#store/catalogue/stamp.ts';
import type { Store } from '#store/engine/open.ts';
import { connect } from '#store/engine/server.ts';
import { recordPass } from '#store/listing/sources.ts';
import { finishRun, startRun } from '#store/night/runs.ts';
import * as serverTables from '#store/tables/servers.ts';
import { recordAssessments } from '#store/verdict/assessments.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { classifyAgain } from '#store/visit/servers.ts';
import { HOSTILE_NAMES } from '../recommend/sample.ts';
import { freshPostgres, onEveryDatabase, postgresAnswers } from '../support/stores.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const links = liveLinks();

onEveryDatabase('API and pages', (fresh) => {
  let store: Store;
  let site: ReturnType<typeof createApp>;
  const failures: string[] = [];

  beforeAll(async () => {
    store = await fresh();
    const slugs = ['x/y', ...Array.from({ length: 9 }, (_, at) => `more/${at}`)];
    await store.db.insert(serverTables.server).values(
      slugs.map((slug) => ({
        id: `npm:@${slug}`,
        slug,
        name: `@${slug}`,
        packages: [],
        remotes: [],
        firstSeen: NOW,
        lastSeen: NOW,
        enumerateDue: NOW,
      })),
    );
    await store.db
      .insert(serverTables.alias)
      .values({ address: 'slug:was/y', kind: 'slug', key: 'was/y', serverId: 'npm:@x/y', since: NOW });
    const context = { args: [], envNames: [], sandbox: 'bubblewrap', profile: 'p' };
    await recordVisit(store.db, {
      serverId: 'npm:@x/y',
      at: NOW,
      sandbox: 'bubblewrap',
      artefact: { purl: 'pkg:npm/%40x/y', name: '@x/y', version: '1.0.0', integrity: 'sha512-AAAA' },
      enumeration: {
        outcome: 'listed',
        wants: [],
        tools: HOSTILE_NAMES.map((name) => ({ name, description: `about ${name}` })),
        rejections: [],
        attempts: [{ rung: 'S0', context, outcome: 'listed', toolCount: HOSTILE_NAMES.length, ms: 1 }],
        context,
        ms: 1,
      },
      staticTools: [],
      due: NOW,
    });
    site = createApp(catalogueOf(store.db), { onFailure: (error, path) => failures.push(`${path}: ${error.stack}`) });
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test('every tool is found by the name that the server gave it', async () => {
    const listed = (await (await site.request('/v1/servers/npm%3A%40x%2Fy/tools')).json()) as {
      tools: { name: string }[];
    };
    expect(listed.tools.map(({ name }) => name).sort()).toEqual([...HOSTILE_NAMES].sort());
    for (const name of HOSTILE_NAMES) {
      const response = await site.request(`/v1/servers/npm%3A%40x%2Fy/tools/${segment(name)}`);
      expect(((await response.json()) as { name: string }).name).toBe(name);
      expect((await site.request(links.tool('x/y', name))).status).toBe(200);
    }
  });

  test('an old slug leads to the page, and lists go page by page', async () => {
    const moved = await site.request('/servers/was/y');
    expect([moved.status, moved.headers.get('location')]).toEqual([301, '/servers/x/y']);
    const seen: string[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const page = await site.request(`/v1/servers?limit=4${next && `&cursor=${next}`}`);
      const body = (await page.json()) as { servers: { slug: string }[]; next?: string };
      seen.push(...body.servers.map(({ slug }) => slug));
      next = body.next;
    }
    expect(seen).toHaveLength(10);
    expect(new Set(seen).size).toBe(10);
    expect(await (await site.request('/v1/stats')).json()).toMatchObject({ servers: 10, tools: HOSTILE_NAMES.length });
  });

  test('a visit, a pass over a source and a run move the stamp, and nothing else does', async () => {
    const seen = [await stamp(store.db)];
    const moved = async () => {
      seen.push(await stamp(store.db));
      return seen.at(-1) !== seen.at(-2);
    };
    expect(await moved()).toBe(false);
    await recordPass(store.db, 'npm', { began: NOW, whole: true });
    expect(await moved()).toBe(true);
    await finishRun(store.db, await startRun(store.db, 'nightly', {}, NOW), {}, NOW);
    expect(await moved()).toBe(true);
    const enumeration = { outcome: 'failed' as const, wants: [], tools: [], rejections: [], attempts: [], ms: 1 };
    await recordVisit(store.db, {
      serverId: 'npm:@more/1',
      at: NOW,
      sandbox: 's',
      enumeration,
      staticTools: [],
      due: NOW,
    });
    expect(await moved()).toBe(true);
    await store.db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock_shared(7466302)`);
      const [one, other] = [await stamp(tx), await stamp(tx)];
      expect(one).not.toBe(other);
    });
    expect(await moved()).toBe(false);
    await classifyAgain(store.db, NOW);
    await recordAssessments(store.db, 'npm:@x/y', [], NOW);
    expect(await moved()).toBe(true);
    expect(await moved()).toBe(false);
  });

  test('no key, search or cursor makes the database fail', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('%', '_', '\\', "'", '\0', '--', '\u{10FFFF}', 'x') }),
      fc.constant('x'.repeat(5000)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (key) => {
        const encoded = encodeURIComponent(key.toWellFormed());
        const place = Buffer.from(`1:${key}`).toString('base64url');
        for (const path of [
          `/v1/servers/${segment(key)}`,
          `/servers/${segment(key)}`,
          `/v1/servers?q=${encodeURIComponent(key.toWellFormed().slice(0, 100).toWellFormed())}`,
          `/servers?q=${encoded}`,
          `/servers?cursor=${place}`,
        ]) {
          const { status } = await site.request(path);
          expect([200, 301, 400, 404], path).toContain(status);
        }
        expect(failures).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe.skipIf(!postgresAnswers)(
  `patience with PostgreSQL${postgresAnswers ? '' : ' (skipped: none answers)'}`,
  () => {
    test('a question that the database takes too long for is ended there, and answered as such', async () => {
      await using store = await freshPostgres();
      await using reading = connect(store.url, { patience: 50 });
      const failures: string[] = [];
      const slow = async (): Promise<never> => {
        await reading.db.select({ slept: sql`pg_sleep(3600)` }).from(sql`(select 1) as one`);
        throw new Error('it was let through');
      };
      const site = createApp(
        { ...catalogueOf(reading.db), statistics: slow, list: slow },
        { patience: 3_600_000, onFailure: ({ cause }) => failures.push(String((cause as Error).message)) },
      );
      const answer = await site.request('/v1/stats');
      expect([answer.status, await answer.json()]).toEqual([
        503,
        expect.objectContaining({ type: 'urn:plimsoll:problem:too-slow' }),
      ]);
      const page = await site.request('/servers');
      expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('took too long')]);
      expect(failures).toEqual(Array(2).fill('canceling statement due to statement timeout'));
      expect((await site.request('/v1/sources')).status).toBe(200);
    });
  },
);
