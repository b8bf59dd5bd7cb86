import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine, openStore } from '#store/engine/open.ts';
import { cli, startCli } from '../support/cli.ts';
import { cluster, clusterSkips, diskSkips, noCluster, noDisk } from '../support/cluster.ts';
import { lost, values } from '../support/kept.ts';
import { random } from '../support/random.ts';
import { fillTables } from '../support/rows.ts';
import { emptyPostgres, freshPostgres, postgresAnswers } from '../support/stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-keeping-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed + 1);

describe.skipIf(!postgresAnswers)('a copy that is killed at any moment', () => {
  let source: Awaited<ReturnType<typeof freshPostgres>>;
  let whole: Awaited<ReturnType<typeof values>>;
  /** How long a copy takes that nobody kills. */
  const took = { server: 0, embedded: 0 };
  const settings = { PLIMSOLL_HOME: folder };
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    source = await freshPostgres();
    for (let set = 0; set < 100; set++) await fillTables(source.db, set);
    whole = await values(source);
    await using empty = await emptyPostgres();
    for (const [kind, to] of [
      ['server', empty.url],
      ['embedded', join(folder, 'timed')],
    ] as const) {
      const began = performance.now();
      expect((await cli(['db', 'copy', '--from', source.url, '--to', to], settings)).code).toBe(0);
      took[kind] = performance.now() - began;
    }
  });
  afterAll(() => source[Symbol.asyncDispose]());

  test.each(SEEDS)('leaves what nobody takes for whole, and starts over (seed %i)', async (seed) => {
    const kind = seed % 2 === 0 ? ('server' as const) : ('embedded' as const);
    const server = await emptyPostgres();
    const home = join(folder, `home-${seed}`);
    const to = kind === 'server' ? server.url : home;
    const open = () => openStore(kind === 'server' ? { url: server.url, home } : { home });
    try {
      const args = ['db', 'copy', '--from', source.url, '--to', to];
      const run = startCli(args, settings);
      await Promise.race([sleep(took[kind] * random(seed).next().value), run.ended]);
      run.child.kill('SIGKILL');
      const ended = await run.ended;
      // Not whole, or not begun, or through: never a part that passes for the whole.
      const opened = await open().catch((error: Error) => error);
      if (opened instanceof Error) expect(opened.message).toMatch(/is not whole/);
      else {
        const rows = await values(opened);
        expect(rows.size === 0 || lost(whole, rows).length === 0).toBe(true);
        await opened[Symbol.asyncDispose]();
      }
      if (ended.code === 0) return;
      const again = await cli(args, settings);
      expect(again.code === 0 || /not empty/.test(again.err), again.err).toBe(true);
      await using store = await open();
      expect(lost(whole, await values(store))).toEqual([]);
    } finally {
      await server[Symbol.asyncDispose]();
      rmSync(home, { recursive: true, force: true });
    }
  });
});

/** A catalogue of some 15 MB. */
async function large(): ReturnType<typeof freshPostgres> {
  const store = await freshPostgres();
  await store.db.execute(
    sql`insert into remembered select g::text, 'e', repeat(md5(g::text), 100), now() from generate_series(1, 5000) g`,
  );
  return store;
}

test.skipIf(noCluster !== undefined || !postgresAnswers)(
  `a server that crashes under a copy${clusterSkips}`,
  async () => {
    await using source = await large();
    await using there = await cluster();
    const to = await there.fresh();
    const args = ['db', 'copy', '--from', source.url, '--to', to];
    const run = startCli(args, { PLIMSOLL_HOME: folder });
    await once(run.child.stderr!, 'data');
    await there.stop('immediate');
    const ended = await run.ended;
    expect(ended.code, ended.err).toBe(3);
    expect(ended.err).toMatch(/cannot be used any more.*start the same command again/s);
    await there.start();
    await expect(openStore({ url: to, home: folder })).rejects.toThrow(/is not whole/);
    const again = await cli(args, { PLIMSOLL_HOME: folder });
    expect(again.code, again.err).toBe(0);
    await using store = await openStore({ url: to, home: folder });
    expect(lost(await values(source), await values(store))).toEqual([]);
  },
);

test.skipIf(noDisk !== undefined || !postgresAnswers)(`a disk that is full under a copy${diskSkips}`, async () => {
  await using source = await large();
  await source.db.execute(
    sql`insert into remembered select 'x' || url, etag, md5(url) || body, used_at from remembered`,
  );
  await source.db.execute(
    sql`update remembered set body = (select string_agg(md5(g::text || url), '') from generate_series(1, 500) g)`,
  );
  await using there = await cluster({ megabytes: 120 });
  const to = await there.fresh();
  const ended = await cli(['db', 'copy', '--from', source.url, '--to', to], { PLIMSOLL_HOME: folder });
  expect(ended.code, ended.err).toBe(3);
  expect(ended.err).toMatch(/No space left on device|cannot be used any more/);
  expect(ended.err.length).toBeLessThan(2000);
});

test('the embedded database that is killed while it is written to has every row that it was told of', async () => {
  const home = join(folder, 'killed');
  for (const seed of SEEDS.slice(0, 10)) {
    const script = join(import.meta.dirname, '../support/writes-on.ts');
    const child = spawn(process.execPath, [script, home], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = 0;
    child.stdout!.on('data', (text: Buffer) => (told = Number(text.toString().trim().split('\n').at(-1))));
    await once(child.stdout!, 'data');
    await sleep(500 * random(seed).next().value);
    child.kill('SIGKILL');
    await once(child, 'close');
    await using store = await openEngine(home);
    const rows = (await values(store)).get('fact')!.map(({ key }) => Number(key));
    expect(Math.max(...rows)).toBeGreaterThanOrEqual(told);
    expect(new Set(rows).size).toBe(Math.max(...rows));
  }
});
