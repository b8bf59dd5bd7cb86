import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GONE_AFTER } from '#domain/freshness.ts';
import type { Store } from '#store/engine/open.ts';
import { scanRequest, token } from '#store/tables/requests.ts';
import { alias, server, sighting } from '#store/tables/servers.ts';
import { countDue, visitsDue } from '#store/visit/due.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { lastVisitsOf } from '#store/visit/visits.ts';
import { onEveryDatabase } from '../support/stores.ts';

const NOW = new Date('2026-11-21T02:00:00Z');
const before = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
const after = (days: number) => before(-days);
const NPM = { now: NOW, purlTypes: ['npm'] };

onEveryDatabase('what a night looks at', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
  });
  afterAll(() => store[Symbol.asyncDispose]());

  /** A server that is listed, as `row` says; healthy, looked at yesterday and due in three days where that says nothing. */
  async function add(id: string, row: Partial<typeof server.$inferInsert> = {}): Promise<void> {
    const seen = { firstSeen: before(30), lastSeen: before(20), checkedAt: before(1), enumerateDue: after(3) };
    await store.db.insert(server).values({ ...seen, id, slug: id, name: id, packages: [], remotes: [], ...row });
    const key = `pkg:npm/${id}`;
    await store.db.insert(alias).values({ address: `purl:${key}`, kind: 'purl', key, serverId: id, since: NOW });
    const data = { source: 'test', listing: id, name: id, packages: [], remotes: [], status: 'active' as const };
    await store.db
      .insert(sighting)
      .values({ source: 'test', listing: id, hash: id, serverId: id, data, firstSeen: before(30) });
  }
  const fails = async (id: string, asked: readonly string[], times = 1) => {
    const failed = { wants: [], tools: [], rejections: [], attempts: [], ms: 1 };
    for (let time = 0; time < times; time++)
      await recordVisit(store.db, {
        ...{ serverId: id, sandbox: 'none', at: before(1), due: before(0.5), asked, staticTools: [] },
        enumeration: { outcome: 'failed', phase: 'resolve', reason: 'not-found', ...failed },
      });
  };
  const reasons = async () =>
    Object.fromEntries((await visitsDue(store.db, { ...NPM, limit: 99 })).map(({ id, reason }) => [id, reason]));

  test('goes by what is asked for, has changed, is new, is due and has waited longest, in this order', async () => {
    await add('calm', { checkedAt: before(2) });
    await add('calmer', { checkedAt: before(3) });
    await add('retried', { failures: 2, enumerateDue: before(0.1) });
    await add('weekly', { enumerateDue: before(0.1) });
    await add('new', { checkedAt: null, enumerateDue: before(9) });
    await add('changed', { lastSeen: before(0.5), enumerateDue: after(5) });
    await add('requested');
    await add('merged', { mergedInto: 'calm' });
    await store.db.insert(token).values({ name: 't', hash: 'h', scopes: ['scan'], scansPerDay: 9, createdAt: NOW });
    await store.db.insert(scanRequest).values({ tokenId: 1, address: 'purl:pkg:npm/requested', askedAt: NOW });

    const due = await visitsDue(store.db, { ...NPM, limit: 99 });
    expect(due.map(({ id, reason }) => `${id} ${reason}`)).toEqual([
      'requested requested',
      'changed changed',
      'new new',
      'weekly weekly',
      'retried retry',
      'calmer unchanged',
      'calm unchanged',
    ]);
    expect(await visitsDue(store.db, { ...NPM, limit: 2 })).toEqual(due.slice(0, 2));
    expect(await visitsDue(store.db, { ...NPM, purlTypes: ['pypi'], limit: 9 })).toEqual([]);
    expect(await visitsDue(store.db, { ...NPM, purlTypes: [], limit: 9 })).toEqual([]);
    expect(await countDue(store.db, NPM)).toEqual({
      ...{ requested: 1, changed: 1, new: 1, weekly: 1, retry: 1, unchanged: 2, gone: 0 },
    });
  });

  test('a package that is not there so often in a row is gone until a listing changes, and not a visit sooner', async () => {
    await add('lost', { lastSeen: before(20) });
    await fails('lost', ['pkg:npm/lost not-found', 'pkg:pypi/lost no-version'], GONE_AFTER - 1);
    expect((await reasons()).lost).toBe('retry');
    await fails('lost', ['pkg:npm/lost not-found']);
    expect((await reasons()).lost).toBeUndefined();
    expect((await countDue(store.db, NPM)).gone).toBe(1);
    expect((await lastVisitsOf(store.db, ['lost', 'calm'])).get('lost')).toMatchObject({ gone: true });
    await store.db
      .update(server)
      .set({ lastSeen: before(0.2) })
      .where(eq(server.id, 'lost'));
    expect((await reasons()).lost).toBe('changed');
  });

  test('one of whose ways something is still there is not gone, however often it fails', async () => {
    await add('half');
    await fails('half', ['pkg:npm/half not-found', 'remote https://a.invalid/'], 9);
    await add('unpublished');
    await fails('unpublished', ['pkg:npm/unpublished 1.0.0 sha512-not-found'], 9);
    await add('early');
    await fails('early', ['pkg:npm/early not-found'], 3);
    await fails('early', ['pkg:npm/early 1.0.0 sha512-']);
    await fails('early', ['pkg:npm/early not-found'], 3);
    expect((await lastVisitsOf(store.db, ['half'])).get('half')).not.toHaveProperty('gone');
    expect(await reasons()).toMatchObject({ half: 'retry', unpublished: 'retry', early: 'retry' });
  });

  test('one that fails and that no source lists any more is gone until one does again', async () => {
    await add('unlisted');
    await fails('unlisted', ['pkg:npm/unlisted 1.0.0 sha512-'], GONE_AFTER);
    const lists = (unlistedAt: Date | null) =>
      store.db.update(sighting).set({ unlistedAt }).where(eq(sighting.listing, 'unlisted'));
    expect((await reasons()).unlisted).toBe('retry');
    await lists(before(2));
    expect((await reasons()).unlisted).toBeUndefined();
    await lists(null);
    expect((await reasons()).unlisted).toBe('retry');
  });
});
