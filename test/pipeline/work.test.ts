import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openQueue } from '#queue/open.ts';
import { run } from '#store/tables/runs.ts';
import { expectWhole, field } from '../support/field.ts';
import { freshPostgres, postgresAnswers } from '../support/stores.ts';

const skips = postgresAnswers ? '' : ' (skipped: no PostgreSQL answers)';

test.skipIf(!postgresAnswers)(
  `a night is one, whoever begins it; a worker told to stop gives back what it has, and others end the night${skips}`,
  async () => {
    await using store = await freshPostgres();
    await using servers = await field(4, { DATABASE_URL: store.url });
    const spread = ['nightly', '--spread', '--source', 'npm', '--limit', '0', '--json'];
    const first = JSON.parse((await servers.run(1, spread)).out) as { readonly run: number };
    expect(JSON.parse((await servers.run(2, spread)).out)).toEqual({ run: first.run, begun: false });

    const leaving = servers.start(1, ['work', '--stages', 'discover,enumerate']);
    while (servers.logged(1, '"step":"enumerate"') === 0 && leaving.child.exitCode === null) await sleep(20);
    leaving.child.kill('SIGTERM');
    expect(await leaving.ended).toMatchObject({ code: 0, signal: null });
    await using queue = await openQueue(store, () => {});
    const left = await queue.take('enumerate', 10);
    expect(left.every(({ tries }) => tries === 0)).toBe(true);
    await queue.giveBack(left);

    const [judges, lists] = await Promise.all([
      servers.run(1, ['work', '--until-idle', '--stages', 'classify,publish', '--json']),
      servers.run(2, ['work', '--until-idle', '--stages', 'enumerate', '--json']),
    ]);
    expect(judges.code, judges.err).toBe(0);
    expect(lists.code, lists.err).toBe(0);
    await expectWhole(store.db, servers, 1);
    const [night] = await store.db.select().from(run);
    expect(night).toMatchObject({ id: first.run, job: 'nightly' });
    // One of the two ended the night, and said so.
    expect([judges.out, lists.out].filter(Boolean)).toHaveLength(1);
    const summary = JSON.parse(judges.out || lists.out) as NonNullable<typeof night>['summary'];
    expect(summary).toEqual(night!.summary);
    expect(summary).toMatchObject({
      servers: { seen: 4, listed: 4, failed: 0 },
      tools: { total: 8, static: 0 },
      sources: [{ source: 'npm', sightings: 4, new: 4 }],
      broken: [],
      assessed: 8,
    });
  },
);

test('the embedded database has one worker, which goes through a night by itself, and a second is told so', async () => {
  await using servers = await field(1, {});
  // Both machines are one here: the folder is what they would share.
  await servers.run(1, ['nightly', '--spread', '--source', 'npm']);
  const worker = servers.start(1, ['work', '--sandbox', 'none', '--json']);
  while (servers.logged(1, 'night ended') === 0 && worker.child.exitCode === null) await sleep(20);
  const second = await servers.run(1, ['work']);
  expect(second.code).toBe(3);
  expect(second.err).toContain('set DATABASE_URL to share a PostgreSQL server');
  worker.child.kill('SIGINT');
  const { code, out } = await worker.ended;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ servers: { seen: 1 }, tools: { total: 2, static: 2 }, broken: [] });
});

test('stages that are none are named', async () => {
  await using servers = await field(0, {});
  const wrong = await servers.run(1, ['work', '--stages', 'enumerate,clasify']);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain("not 'clasify'");
});
