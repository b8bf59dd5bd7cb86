import { expect, test } from 'vitest';
import { queueDepths } from '#queue/depths.ts';
import { openQueue } from '#queue/open.ts';
import { onEveryDatabase } from '../support/stores.ts';

onEveryDatabase('how deep the queue is', (fresh) => {
  test('by stage and state, with dead letters, whoever put them there', async () => {
    await using store = await fresh();
    await using queue = await openQueue(store, () => {});
    const enumerate = async () => (await queueDepths(store.db)).find(({ stage }) => stage === 'enumerate');
    expect(await enumerate()).toEqual({ stage: 'enumerate', ready: 0, delayed: 0, active: 0, dead: 0 });
    await queue.add('enumerate', ['a', 'b', 'c', 'd']);
    const [a, b, c] = await queue.take('enumerate', 3);
    await queue.failed(a!, 'later', 600);
    await queue.done([c!]);
    expect(await enumerate()).toMatchObject({ ready: 1, delayed: 1, active: 1, dead: 0, oldest: expect.any(Date) });
    await queue.giveBack([b!]);
    // Its last try, without the waits between tries.
    await store.db.execute(`update pgboss.job set retry_limit = 0 where name = 'enumerate' and state = 'created'`);
    for (const job of await queue.take('enumerate', 10)) await queue.failed(job, 'a bug');
    expect(await enumerate()).toMatchObject({ ready: 0, delayed: 1, active: 0, dead: 2 });
  });
});
