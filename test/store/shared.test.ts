import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseClock } from '#store/engine/clock.ts';
import type { Store } from '#store/engine/open.ts';
import { sharedPace } from '#store/night/host-pace.ts';
import { withLease } from '#store/night/lease.ts';
import { addSpending, beginNight, endNight, nightUnderWay, passOn } from '#store/night/nights.ts';
import { lease } from '#store/tables/runs.ts';
import { freshPostgres, onEveryDatabase, postgresAnswers } from '../support/stores.ts';

const HOUR = 3_600_000;
const open = new AbortController().signal;

onEveryDatabase('what workers share', (fresh) => {
  let store: Store;
  beforeAll(async () => {
    store = await fresh();
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test('a host has one turn an interval, whoever asks, and none while it is to be left alone', async () => {
    const [one, other] = [sharedPace(store.db), sharedPace(store.db)];
    const waits = [
      await one.turn('a.example', HOUR),
      await other.turn('a.example', HOUR),
      await one.turn('a.example', HOUR),
    ];
    expect(waits.map((wait) => Math.ceil(wait / HOUR))).toEqual([0, 1, 2]);
    expect(await other.turn('b.example', 0)).toBe(0);
    await one.pause('b.example', HOUR);
    expect(Math.ceil((await other.turn('b.example', 0)) / HOUR)).toBe(1);
    // A shorter pause takes nothing back.
    await other.pause('b.example', 1);
    expect(Math.ceil((await one.turn('b.example', 0)) / HOUR)).toBe(1);
  });

  test('a lease has one holder at a time, and that of one who was killed lapses', async () => {
    const seen: string[] = [];
    const { promise: finish, resolve: let_ } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const first = withLease(store.db, 'x', open, async () => {
      seen.push('first');
      begin();
      await finish;
      seen.push('first done');
    });
    await begun;
    const second = withLease(store.db, 'x', open, async () => void seen.push('second'));
    await withLease(store.db, 'y', open, async () => void seen.push('another'));
    let_();
    await Promise.all([first, second]);
    expect(seen).toEqual(['first', 'another', 'first done', 'second']);
    expect(await store.db.select().from(lease)).toEqual([]);
    await store.db.insert(lease).values({ key: 'x', until: new Date(Date.now() - HOUR) });
    expect(await withLease(store.db, 'x', open, async () => 'mine')).toBe('mine');
    await store.db.insert(lease).values({ key: 'x', until: new Date(Date.now() + HOUR) });
    const stop = new AbortController();
    const waiting = withLease(store.db, 'x', stop.signal, async () => 'never');
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
  });

  test('there is one night at a time, and each of its steps is taken once', async () => {
    const now = new Date('2026-11-21T02:00:00Z');
    const [one, other] = await Promise.all([beginNight(store.db, {}, now), beginNight(store.db, {}, now)]);
    expect(one.run).toBe(other.run);
    expect([one.begun, other.begun].sort()).toEqual([false, true]);
    const night = (await nightUnderWay(store.db))!;
    expect(night).toMatchObject({ run: one.run, step: 'begun' });
    let queued = 0;
    const take = () => passOn(store.db, night, 'discover', async () => void queued++);
    expect([await take(), await take(), queued]).toEqual([true, false, 1]);
    // A step whose jobs could not be queued was not taken.
    const failing = passOn(store.db, { ...night, step: 'discover' }, 'enumerate', async () => {
      throw new Error('full');
    });
    await expect(failing).rejects.toThrow('full');
    expect((await nightUnderWay(store.db))!.step).toBe('discover');
    await addSpending(store.db, one.run, { requests: 1, tokens: 10, dollars: 0.5 });
    expect(await addSpending(store.db, one.run, { requests: 1, tokens: 5, dollars: 0.25 })).toMatchObject({
      requests: 2,
      tokens: 15,
      dollars: 0.75,
    });
    expect([await endNight(store.db, one.run, {}, now), await endNight(store.db, one.run, {}, now)]).toEqual([
      true,
      false,
    ]);
    expect(await nightUnderWay(store.db)).toBeUndefined();
    expect((await beginNight(store.db, {}, now)).begun).toBe(true);
  });
});

test.skipIf(!postgresAnswers)(
  `workers go by the clock of the server, not by their own${postgresAnswers ? '' : ' (skipped: none answers)'}`,
  async () => {
    await using store = await freshPostgres();
    const own = Date.now;
    const before = own();
    try {
      Date.now = () => own() + 1000 * HOUR;
      const told = (await databaseClock(store.db))().getTime();
      expect(told).toBeGreaterThanOrEqual(before - 1000);
      expect(told).toBeLessThanOrEqual(own() + 1000);
    } finally {
      Date.now = own;
    }
  },
);
