import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, cluster, clusterSkips, diskSkips, noCluster, noDisk } from '../support/cluster.ts';
import { field } from '../support/field.ts';
import { random } from '../support/random.ts';
import { troubled } from '../support/trouble.ts';
import { crash, fill, JUMPING, overlap, partition } from '../support/troubles.ts';
import { wire } from '../support/wire.ts';

// Each by itself, at random and often: the soak.
let own: Cluster;
beforeAll(async () => {
  if (noCluster === undefined) own = await cluster();
});
afterAll(() => own?.[Symbol.asyncDispose]());

test.skipIf(noCluster !== undefined)(
  `a night comes to its end though a worker is killed, the clock of another jumps, PostgreSQL drops everybody, crashes, and cannot be reached from one of them${clusterSkips}`,
  async () => {
    const numbers = random(1);
    const url = await own.fresh();
    await using cable = await wire(own.port);
    const far = { DATABASE_URL: url.replace(`:${own.port}/`, `:${cable.port}/`), ...JUMPING };
    const env = (machine: number) => (machine === 2 ? far : {});
    await troubled(url, { servers: 6, workers: 2, env }, async (night) => {
      await night.until(() => night.asked() > 0);
      await night.kill(1);
      await overlap(night);
      await own.cut();
      await night.until(() => night.asked() > 1 + 2 * numbers.next().value);
      await crash(own, () => sleep(300));
      await partition(night, 2, cable);
      expect(night.kills).toBe(1);
    });
  },
);

test.skipIf(noDisk !== undefined)(
  `a night waits for a disk that is full, and goes on when it is not${diskSkips}`,
  async () => {
    await using small = await cluster({ megabytes: 120 });
    await troubled(await small.fresh(), { servers: 4, workers: 1 }, async (night) => {
      await night.until(() => night.field.logged(1, 'worker begins') > 0);
      const isFelt = () => night.field.logged(1, 'the database is away') > 0;
      await fill(small, () => night.until(isFelt));
      expect(isFelt()).toBe(true);
    });
  },
);

test.skipIf(noCluster !== undefined)(
  `a worker stops taking work, and says why, when a newer version has changed the schema${clusterSkips}`,
  async () => {
    const url = await own.fresh();
    await using one = await field(0, { DATABASE_URL: url });
    const worker = one.start(1, ['work', '--stages', 'discover']);
    while (one.logged(1, 'worker begins') === 0 && worker.child.exitCode === null) await sleep(20);
    // What adds to the schema harms nobody; that it did is written where every version looks.
    await own.ask(url, 'alter table run add column newer text');
    await own.ask(url, `insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 99999999999999)`);
    const ended = await worker.ended;
    expect(ended.code).toBe(3);
    expect(ended.err).toContain('newer Plimsoll');
  },
);
