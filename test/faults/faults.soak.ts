import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '#store/engine/server.ts';
import { run } from '#store/tables/runs.ts';
import { type Cluster, cluster, clusterSkips, diskSkips, noCluster, noDisk } from '../support/cluster.ts';
import { field } from '../support/field.ts';
import { random } from '../support/random.ts';
import { type Night, troubled } from '../support/trouble.ts';
import { crash, fill, JUMPING, openJobs, overlap, partition } from '../support/troubles.ts';
import { wire } from '../support/wire.ts';

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);
const KILLS = 10;
const SERVERS = 12;

let own: Cluster;
beforeAll(async () => {
  if (noCluster === undefined) own = await cluster();
});
afterAll(() => own?.[Symbol.asyncDispose]());

const isOver = async (night: Night) => (await openJobs(night)) === 0;

for (const seed of SEEDS)
  test.skipIf(noCluster !== undefined)(`${KILLS} kills at random moments, seed ${seed}${clusterSkips}`, async () => {
    const numbers = random(seed);
    const next = (most: number) => Math.floor(most * numbers.next().value);
    // Every fifth night whole: servers start in a sandbox, and pages are written.
    const whole = seed % 5 === 0;
    await troubled(await own.fresh(), { servers: SERVERS, workers: 3, whole }, async (night) => {
      for (let i = 0; i < KILLS; i++) {
        // From before a worker has opened the database to well into its work.
        await sleep(300 + next(5_000));
        await night.kill(1 + next(3));
      }
      expect(night.kills).toBe(KILLS);
    });
  });

for (const seed of SEEDS)
  test.skipIf(noCluster !== undefined)(`every other trouble in random order, seed ${seed}${clusterSkips}`, async () => {
    const numbers = random(1000 + seed);
    const next = (most: number) => Math.floor(most * numbers.next().value);
    const url = await own.fresh();
    await using cable = await wire(own.port);
    const far = { DATABASE_URL: url.replace(`:${own.port}/`, `:${cable.port}/`) };
    const env = (machine: number) => ({ ...(machine === 3 && far), ...(machine > 1 && JUMPING) });
    await troubled(url, { servers: SERVERS, workers: 3, env }, async (night) => {
      const troubles = [
        () => overlap(night),
        () => own.cut(),
        () => own.cut(),
        () => crash(own, () => sleep(next(3_000))),
        () => partition(night, 3, cable),
      ];
      await night.until(() => night.asked() > 0);
      while (troubles.length > 0) {
        await sleep(next(2_000));
        await troubles.splice(next(troubles.length), 1)[0]!();
      }
    });
  });

for (const seed of SEEDS)
  test.skipIf(noDisk !== undefined)(`a full disk, seed ${seed}${diskSkips}`, async () => {
    const numbers = random(2000 + seed);
    await using small = await cluster({ megabytes: 120 });
    await troubled(await small.fresh(), { servers: SERVERS, workers: 2 }, async (night) => {
      await night.until(() => night.field.logged(1, 'worker begins') > 0);
      await sleep(Math.floor(2_000 * numbers.next().value));
      const isFelt = () =>
        night.field.logged(1, 'the database is away') + night.field.logged(2, 'the database is away') > 0;
      await fill(small, () => night.until(async () => isFelt() || (await isOver(night).catch(() => false))));
    });
  });

test.skipIf(noCluster !== undefined)(
  `a night begins when it is time, once, though whoever kept the time is killed${clusterSkips}`,
  async () => {
    const url = await own.fresh();
    await using none = await field(0, { DATABASE_URL: url, PLIMSOLL_NIGHTLY: '* * * * *' });
    await using store = connect(url);
    // Nobody publishes, so that the first night stays and every later minute joins it.
    const worker = (machine: number) => none.start(machine, ['work', '--stages', 'classify', '--no-llm']);
    const workers = [worker(1), worker(2)];
    const nights = () => store.db.select().from(run);
    while ((await nights()).length === 0) await sleep(200);
    const keeper = none.logged(1, 'night begun') > 0 ? 0 : 1;
    workers[keeper]!.child.kill('SIGKILL');
    await workers[keeper]!.ended;
    const other = 2 - keeper;
    const before = none.logged(other, 'a night is under way: joined');
    while (none.logged(other, 'a night is under way: joined') < before + 2) await sleep(500);
    expect(await nights()).toHaveLength(1);
    workers[other - 1]!.child.kill('SIGTERM');
    expect((await workers[other - 1]!.ended).code).toBe(0);
  },
);
