import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COUNT_OPEN } from '#queue/jobs.ts';
import { openQueue } from '#queue/open.ts';
import type { Queue } from '#queue/queue.ts';
import type { Store } from '#store/engine/open.ts';
import { freshPostgres, onEveryDatabase, postgresAnswers } from '../support/stores.ts';

const fail = (error: Error) => {
  throw error;
};

onEveryDatabase('the queue', (fresh) => {
  let store: Store;
  let queue: Queue;
  beforeAll(async () => {
    store = await fresh();
    queue = await openQueue(store, fail);
  });
  afterAll(async () => {
    await queue[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  });

  test('a subject waits once per stage, and comes once', async () => {
    await queue.add('enumerate', ['a', 'b', 'c'], 7);
    await queue.add('enumerate', ['b', 'c', 'd']);
    expect(await queue.open('enumerate')).toBe(4);
    const some = await queue.take('enumerate', 3);
    expect(some.map((job) => job.subject).sort()).toEqual(['a', 'b', 'c']);
    expect(some.find((job) => job.subject === 'a')?.run).toBe(7);
    // While one is worked on it is not queued a second time.
    await queue.add('enumerate', ['a']);
    expect(await queue.open('enumerate')).toBe(4);
    const rest = await queue.take('enumerate', 3);
    expect(rest.map((job) => job.subject)).toEqual(['d']);
    await queue.done([...some, ...rest]);
    expect(await queue.open('enumerate')).toBe(0);
    await queue.add('enumerate', ['a']);
    const again = await queue.take('enumerate', 5);
    expect(again).toHaveLength(1);
    await queue.done(again);
  });

  test('the first job of a catalogue may be queued in a transaction', async () => {
    await using own = await fresh();
    await using first = await openQueue(own, fail);
    await own.db.transaction((tx) => first.add('publish', ['site'], undefined, tx));
    expect(await first.open('publish')).toBe(1);
  });

  test('what waits is counted without reading what is done', async () => {
    const { db } = store;
    await queue.add(
      'enumerate',
      Array.from({ length: 5000 }, (_, at) => `done ${at}`),
    );
    await db.execute(sql`update pgboss.job set state = 'completed', completed_on = now() where name = 'enumerate'`);
    await queue.add('enumerate', ['waits']);
    await db.execute(sql`vacuum analyze pgboss.job_common`);
    const plan = (await db.execute(sql.raw(`explain ${COUNT_OPEN.replace('$1', "'enumerate'")}`))) as never as {
      readonly rows: readonly Readonly<Record<string, string>>[];
    };
    const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(lines).toMatch(/Index (Only )?Scan/);
    expect(lines).not.toContain('Seq Scan');
    expect(await queue.open('enumerate')).toBe(1);
    await queue.done(await queue.take('enumerate', 5));
  });

  test('given back, a job comes at once and has lost no try', async () => {
    await queue.add('classify', ['x']);
    for (let round = 0; round < 6; round++) {
      const [job] = await queue.take('classify', 1);
      expect(job).toMatchObject({ subject: 'x', tries: 0, last: false });
      await queue.giveBack([job!]);
    }
    await queue.done(await queue.take('classify', 1));
    expect(await queue.open('classify')).toBe(0);
  });

  test('a failed job waits, comes again, and at last lies with the dead letters', async () => {
    await queue.add('discover', ['bad']);
    for (let tries = 0; tries < 4; tries++) {
      let job: Awaited<ReturnType<Queue['take']>>[number] | undefined;
      for (let i = 0; i < 40 && !job; i++) {
        [job] = await queue.take('discover', 1);
        if (!job) await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(job, `try ${tries}`).toBeDefined();
      await queue.failed(job!, `no luck ${tries}`, 0);
      if (tries < 3) expect(await queue.open('discover')).toBe(1);
    }
    expect(await queue.open('discover')).toBe(0);
    const dead = { stage: 'discover', subject: 'bad', error: 'no luck 3', tries: 4 };
    expect(await queue.dead()).toMatchObject([dead]);
    expect(await queue.dead({ stage: 'discover', subject: 'bad' })).toMatchObject([dead]);
    expect(await queue.dead({ stage: 'enumerate' })).toEqual([]);
    expect(await queue.dead({ subject: 'good' })).toEqual([]);
  });

  test('a dead letter that is sent again has all its tries; one that is dropped is gone', async () => {
    const [letter] = await queue.dead();
    expect(await queue.revive([letter!])).toBe(1);
    expect(await queue.dead()).toEqual([]);
    const [again] = await queue.take('discover', 1);
    expect(again).toMatchObject({ subject: 'bad', tries: 0 });
    for (let job = again!; ; [job] = (await queue.take('discover', 1)) as [typeof job]) {
      if (job) await queue.failed(job, 'still none', 0);
      if (job?.last) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const dead = await queue.dead();
    expect(dead).toHaveLength(1);
    expect(await queue.drop(dead)).toBe(1);
    expect([await queue.dead(), await queue.open('discover')]).toEqual([[], 0]);
  });

  test('a worker that was given up ends nothing of the one that has its job now', async () => {
    await queue.add('enumerate', ['slow']);
    const [given] = await queue.take('enumerate', 1);
    // What pg-boss does to the jobs of a worker that says nothing any more.
    await queue.failed(given!, 'job heartbeat timeout', 0);
    let now: typeof given;
    while (!now) [now] = await queue.take('enumerate', 1);
    expect(now).toMatchObject({ subject: 'slow', tries: 1 });
    expect([...(await queue.alive([given!]))]).toEqual([]);
    await queue.done([given!]);
    await queue.failed(given!, 'too late');
    await queue.giveBack([given!]);
    expect([...(await queue.alive([now]))]).toEqual([now.id]);
    await queue.done([now], { told: 'by the right one' });
    expect(await queue.open('enumerate')).toBe(0);
  });

  test('what a run queued is told with what came of it, and what waited before becomes part of it', async () => {
    await queue.add('publish', ['old']);
    await queue.adopt('publish', 41);
    await queue.add('publish', [{ subject: 'first', priority: 9 }, 'last'], 41);
    const [first, ...rest] = [...(await queue.take('publish', 1)), ...(await queue.take('publish', 5))];
    expect(first).toMatchObject({ subject: 'first', run: 41 });
    expect(rest.map((job) => [job.subject, job.run]).sort()).toEqual([
      ['last', 41],
      ['old', 41],
    ]);
    await queue.done([first!], { pages: 3 });
    await queue.done(rest);
    expect((await queue.finished('publish', 41)).map(({ subject, output }) => [subject, output]).sort()).toEqual([
      ['first', { pages: 3 }],
      ['last', null],
      ['old', null],
    ]);
    expect(await queue.finished('publish', 42)).toEqual([]);
  });
});

test.skipIf(!postgresAnswers)(
  `however many keep the time, a night is begun once a minute at most${postgresAnswers ? '' : ' (skipped: no PostgreSQL answers)'}`,
  async () => {
    await using store = await freshPostgres();
    await using one = await openQueue(store, () => {}, { keepsTime: true });
    await using other = await openQueue(store, () => {}, { keepsTime: true });
    // Every second, as far as cron can say: the slots of pg-boss are minutes.
    await Promise.all([one.nightly('* * * * * *'), other.nightly('* * * * * *')]);
    while ((await one.open('night')) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    const nights = [...(await one.take('night', 5)), ...(await other.take('night', 5))];
    expect(nights.map(({ subject }) => subject)).toEqual(['night']);
    await one.done(nights);
  },
);
