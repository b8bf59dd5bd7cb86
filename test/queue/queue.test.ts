import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueue } from '#queue/open.ts';
import type { Queue } from '#queue/queue.ts';
import type { Store } from '#store/open.ts';
import { onEveryDatabase } from '../support/stores.ts';

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
    expect(await queue.dead()).toMatchObject([{ stage: 'discover', subject: 'bad', error: 'no luck 3' }]);
  });
});
