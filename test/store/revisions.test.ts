import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { siblingsHash } from '#core/definition.ts';
import { newestRevision, revised } from '#store/catalogue/revisions.ts';
import type { Store } from '#store/engine/open.ts';
import * as tables from '#store/tables/servers.ts';
import { presentTools, recordAssessments } from '#store/verdict/assessments.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { onEveryDatabase } from '../support/stores.ts';

const at = new Date('2026-11-21T00:00:00Z');

onEveryDatabase('revisions', (fresh) => {
  let store: Store;
  const add = async (id: string) => {
    const row = { id, slug: id, name: id, packages: [], remotes: [], firstSeen: at, lastSeen: at, enumerateDue: at };
    await store.db.insert(tables.server).values(row);
  };
  beforeAll(async () => {
    store = await fresh();
    for (const id of ['a', 'b', 'c']) await add(id);
  });
  afterAll(() => store[Symbol.asyncDispose]());

  const list = (serverId: string, ...names: readonly string[]) =>
    recordVisit(store.db, {
      serverId,
      at,
      sandbox: 'none',
      enumeration: {
        outcome: 'listed',
        wants: [],
        tools: names.map((name) => ({ name, description: `does ${name}` })),
        rejections: [],
        attempts: [],
        ms: 1,
      },
      staticTools: [],
      due: at,
    });
  const classify = async (serverId: string) => {
    const tools = await presentTools(store.db, serverId);
    const siblings = siblingsHash(tools.map(({ definition }) => definition.name));
    const verdict = { category: 'Read', access: 'read', risk: 'low', confidence: 1, evidence: [], facets: {} } as const;
    const key = { siblings, rules: 'r', prompt: '', model: '', verdict, assessedAt: at };
    await recordAssessments(
      store.db,
      serverId,
      tools.map(({ fingerprint }) => ({ fingerprint, ...key })),
      at,
    );
  };
  const since = async (after: number, atOnce = 2, hide: readonly string[] = []) => {
    const until = await newestRevision(store.db);
    const all: string[] = [];
    for await (const one of revised(store.db, { after, until, atOnce }, hide))
      all.push(
        'gone' in one
          ? `${one.gone} gone`
          : `${one.server.id} ${one.server.tools.map(({ definition, assessment }) => `${definition.name}:${assessment?.verdict.category}`)}`,
      );
    return { all, until };
  };

  test('a server is revised when its tools have been judged, not before', async () => {
    expect(await newestRevision(store.db)).toBe(0);
    await list('a', 'x', 'y');
    expect(await since(0)).toEqual({ all: [], until: 0 });
    await classify('a');
    await list('b', 'z');
    await classify('b');
    expect(await since(0)).toEqual({ all: ['a x:Read,y:Read', 'b z:Read'], until: 2 });
    expect(await since(0, 1)).toEqual(await since(0, 100));
  });

  test('what changes again comes last, once, and only it comes to who knows the rest', async () => {
    const { until } = await since(0);
    await list('a', 'x');
    await classify('a');
    expect((await since(0)).all).toEqual(['b z:Read', 'a x:Read']);
    expect((await since(until)).all).toEqual(['a x:Read']);
    await store.db.update(tables.server).set({ checkedAt: at }).where(eq(tables.server.id, 'b'));
    expect((await since(until)).all).toEqual(['a x:Read']);
  });

  test('what is renamed comes again, what is merged is gone, and what is hidden does not come', async () => {
    const { until } = await since(0);
    await store.db.update(tables.server).set({ slug: 'bb' }).where(eq(tables.server.id, 'b'));
    await store.db.update(tables.server).set({ slug: 'merged:a', mergedInto: 'b' }).where(eq(tables.server.id, 'a'));
    expect((await since(until)).all).toEqual(['b z:Read', 'a gone']);
    await store.db
      .insert(tables.alias)
      .values({ address: 'purl:pkg:npm/b', kind: 'purl', key: 'pkg:npm/b', serverId: 'b', since: at });
    expect((await since(until, 2, ['purl:pkg:npm/b'])).all).toEqual(['a gone']);
  });

  test('servers of more tools than are loaded at once come whole and in order', async () => {
    const { until } = await since(0);
    const sizes = { many: 150, more: 120, most: 250, few: 1 };
    for (const [id, tools] of Object.entries(sizes)) {
      await add(id);
      await list(id, ...Array.from({ length: tools }, (_, nth) => `${id}${nth}`));
      await classify(id);
    }
    const found = (await since(until, 100)).all.map((line) => [line.split(' ')[0], line.split(':Read').length - 1]);
    expect(found).toEqual(Object.entries(sizes));
  });

  test('the newest revision waits for those that are handed out and not stored yet', async () => {
    if (store.pglite) return;
    await list('c', 'w');
    const { until } = await since(0);
    let done = false;
    let asked: Promise<number> | undefined;
    await store.db.transaction(async (tx) => {
      await tx.update(tables.server).set({ classifyDue: null }).where(eq(tables.server.id, 'c'));
      asked = newestRevision(store.db).finally(() => {
        done = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(done).toBe(false);
    });
    expect(await asked).toBe(until + 1);
    expect((await since(until)).all).toEqual(['c w:undefined']);
  });
});
