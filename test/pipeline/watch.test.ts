import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readSettings } from '#config.ts';
import type { Stalled } from '#domain/queue.ts';
import { alarmsAfter } from '#pipeline/alarms.ts';
import { stalledStages } from '#pipeline/stalled.ts';
import { keepWatch, look } from '#pipeline/watch.ts';
import { openQueue } from '#queue/open.ts';
import { type Queue, STAGES, type Stage } from '#queue/queue.ts';
import type { Store } from '#store/engine/open.ts';
import { openAlarms } from '#store/night/alarms.ts';
import { beginNight, endNight, passOn } from '#store/night/nights.ts';
import { alarm } from '#store/tables/alarms.ts';
import { fact, lease, run } from '#store/tables/runs.ts';
import { type Listening, listen } from '../support/http-server.ts';
import { onEveryDatabase } from '../support/stores.ts';

const T0 = new Date('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;

onEveryDatabase('the watch', (fresh) => {
  let store: Store;
  let hook: Listening;
  let status = 200;
  const told: Record<string, string>[] = [];
  let hours = 0;
  const now = () => new Date(T0.getTime() + hours * HOUR);
  /** What one of several processes knows of the settings. */
  const world = (env: Record<string, string> = {}) => ({
    db: store.db,
    settings: readSettings({ PLIMSOLL_ALARM_URL: `${hook.url}hook`, ...env }),
    log: pino({ level: 'silent' }),
    now,
  });
  const nightly = { PLIMSOLL_NIGHTLY: '0 2 * * *' };
  /** A minute is over: whoever looks first looks for all. */
  const minute = async (...envs: Record<string, string>[]) => {
    await store.db.delete(lease);
    for (const env of envs) await look(world(env));
  };
  beforeAll(async () => {
    hook = await listen(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      told.push(JSON.parse(body));
      response.writeHead(status).end();
    });
    store = await fresh();
    // Its tables are looked at; nobody works here.
    await (await openQueue(store, () => {}))[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    status = 200;
    hours = 0;
    told.length = 0;
  });
  afterEach(async () => {
    for (const table of [alarm, fact, lease, run]) await store.db.delete(table);
  });
  afterAll(async () => {
    await hook[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  });

  test('tells once that a night which is due has not begun, whoever looks, and that is over when one begins', async () => {
    await minute(nightly);
    hours = 14.5;
    await minute(nightly);
    expect(told).toEqual([]);
    hours = 16;
    // One of them neither expects nights nor knows whom to tell; it has the turn, and keeps nobody from either.
    for (let n = 0; n < 3; n++) await minute({ PLIMSOLL_ALARM_URL: '' }, nightly, nightly);
    expect(told).toMatchObject([{ kind: 'night-late', since: '2026-11-21T02:00:00.000Z' }]);
    expect(told[0]!.text).toBe(
      'Plimsoll: No night of the crawl has begun though one was due. It was due at 2026-11-21 02:00 UTC (PLIMSOLL_NIGHTLY is 0 2 * * *). Is a worker alive? npm run plimsoll -- work. See npm run plimsoll -- doctor.',
    );
    await beginNight(store.db, {}, now());
    await minute(nightly);
    expect(await openAlarms(store.db)).toEqual([]);
  });

  test('expects nothing of times before the expression was set, nor without one', async () => {
    await minute({});
    hours = 40;
    await minute({}, { PLIMSOLL_NIGHTLY: '0 3 * * *' });
    await minute(nightly);
    expect(await openAlarms(store.db)).toEqual([]);
  });

  test('tries again in the hours after where nobody can be told, and a night that ends is the end of it', async () => {
    await minute(nightly);
    hours = 15.7;
    status = 500;
    await minute(nightly);
    // Three tries each time, half a second apart; the second time is due, as the night was more than an hour ago.
    await minute(nightly);
    await minute(nightly);
    expect(told).toHaveLength(6);
    await alarmsAfter(world(), { nightly: true, sources: [], broken: [] });
    expect(await openAlarms(store.db)).toEqual([]);
  });

  test('looks by itself, in each process that stays', async () => {
    const { run: night } = await beginNight(store.db, {}, T0);
    hours = 2;
    {
      await using _ = keepWatch(world(), 20);
      await vi.waitFor(() => expect(told).toHaveLength(1), 10_000);
    }
    expect(told).toMatchObject([{ kind: 'stage-stalled', subject: 'discover' }]);
    await endNight(store.db, night, {}, now());
  });
});

onEveryDatabase('a stage that nobody serves', (fresh) => {
  let store: Store;
  let queue: Queue;
  /** By the database's clock, as are the dates of jobs. */
  const at = (hours: number) => new Date(Date.now() + hours * HOUR);
  const stalled = (hours = 0) => stalledStages(store.db, at(hours));
  const named = (found: readonly Stalled[]) => found.map(({ stage }) => stage);
  beforeAll(async () => {
    store = await fresh();
    queue = await openQueue(store, () => {});
    // As workers do before a night comes to a step: pg-boss learns of a queue when it is first asked, which the embedded
    // database answers only outside of a transaction.
    for (const stage of STAGES) await queue.take(stage, 1);
  });
  afterAll(async () => {
    await queue[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  });

  test('is one whose turn has come, or whose jobs nobody takes up; one that moves is none', async () => {
    expect(await stalled(9)).toEqual([]);
    const night = await beginNight(store.db, {}, at(0));
    expect([named(await stalled()), named(await stalled(1))]).toEqual([[], ['discover']]);
    const step = async (before: string, next: Stage, subjects: readonly string[]) =>
      passOn(store.db, { run: night.run, step: before }, next, (tx) => queue.add(next, subjects, night.run, tx));

    await step('begun', 'discover', ['npm']);
    expect([named(await stalled()), named(await stalled(1))]).toEqual([[], ['discover']]);
    const sources = await queue.take('discover', 1);
    expect(await stalled(9)).toEqual([]);
    await queue.done(sources);
    // Done by now, and nobody queues what is next.
    const [waits] = await stalled(1);
    expect(waits).toMatchObject({ stage: 'enumerate' });
    expect(Math.abs(waits!.since.getTime() - Date.now())).toBeLessThan(60_000);

    await step('discover', 'enumerate', ['npm:a', 'npm:b']);
    await queue.add('classify', ['npm:c'], night.run);
    const visits = await queue.take('enumerate', 1);
    // What is judged beside the launches counts as well.
    expect(named(await stalled(1))).toEqual(['classify']);
    await queue.add(
      'classify',
      Array.from({ length: 1_000 }, (_, n) => `npm:${n}`),
      night.run,
    );
    await queue.giveBack(visits);
    // With so many waiting for a verdict, that nothing is launched is our own doing.
    expect(named(await stalled(1))).toEqual(['classify']);
    await queue.done(await queue.take('classify', 2_000));
    expect(named(await stalled(1))).toEqual(['enumerate']);
    await queue.done(await queue.take('enumerate', 2));
    await step('enumerate', 'classify', []);
    expect(named(await stalled(1))).toEqual(['publish']);
    await step('classify', 'publish', ['site']);
    expect(named(await stalled(1))).toEqual(['publish']);
    await queue.done(await queue.take('publish', 1));
    // Whoever looks next ends the night.
    expect(await stalled(9)).toEqual([]);
  });
});
