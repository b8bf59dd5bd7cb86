import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { examineDatabase } from '#pipeline/examine-database.ts';
import { openQueue } from '#queue/open.ts';
import { takeLock } from '#store/engine/lock.ts';
import { openStore } from '#store/engine/open.ts';
import { recordPass } from '#store/listing/sources.ts';
import { raiseAlarm } from '#store/night/alarms.ts';
import { startRun } from '#store/night/runs.ts';
import { surroundings } from '#world.ts';
import { freshPostgres, postgresAnswers } from '../support/stores.ts';

const home = mkdtempSync(join(tmpdir(), 'plimsoll-doctor-'));
afterAll(() => rmSync(home, { recursive: true }));

const examine = async (env: Record<string, string>) => {
  const { findings } = await examineDatabase(
    surroundings({ PLIMSOLL_HOME: home, ...env }, new AbortController().signal),
  );
  return Object.fromEntries(findings.map((one) => [one.what, one]));
};

test('what is wrong with nights, queue and sources is read from the database', async () => {
  // On PostgreSQL where there is one: making an embedded database takes several seconds, and reading is the same.
  await using server = postgresAnswers ? await freshPostgres() : undefined;
  const env = server ? { DATABASE_URL: server.url } : {};
  const fresh = await examine(env);
  expect(Object.values(fresh).filter(({ ok }) => !ok)).toEqual([]);
  expect(Object.keys(fresh)).toEqual(
    expect.arrayContaining(['database', 'clock', 'queue', 'dead letters', 'last night']),
  );
  const hour = 3_600_000;
  const ago = (hours: number) => new Date(Date.now() - hours * hour);
  {
    await using store = await openStore({ url: env.DATABASE_URL, home });
    await using queue = await openQueue(store, () => {});
    await queue.add('enumerate', ['npm:a', 'npm:b']);
    await store.db.execute(`update pgboss.job set retry_limit = 0 where name = 'enumerate'`);
    const [job] = await queue.take('enumerate', 1);
    await queue.failed(job!, 'a bug');
    await store.db.execute(`update pgboss.job set start_after = now() - interval '2 hours' where name = 'enumerate'`);
    await startRun(store.db, 'nightly', {}, ago(30));
    await recordPass(store.db, 'npm', { began: ago(100), whole: true, listings: 900 });
    await recordPass(store.db, 'npm', {
      began: ago(1),
      whole: false,
      error: 'npm listed 3 servers where it had 900, which is not believed',
    });
    await raiseAlarm(store.db, { kind: 'source-halved', subject: 'npm', detail: 'half\u202e of it' }, ago(1));
  }
  const ill = await examine(env);
  expect(
    Object.values(ill)
      .filter(({ wrong }) => wrong)
      .map(({ what }) => what),
  ).toEqual(['queue', 'dead letters', 'last night', 'source npm', 'alarm source-halved']);
  expect(ill.queue).toMatchObject({ command: 'npm run plimsoll -- work --stages enumerate', since: expect.any(Date) });
  expect(ill['alarm source-halved']!.found).toBe('half\\u{202E} of it');
});

test('a database that is held, away or none of ours is a finding, without its password', async () => {
  const release = await takeLock(join(home, 'database.lock'));
  expect((await examine({})).database).toMatchObject({
    ok: false,
    needed: true,
    found: expect.stringContaining('in use by process'),
  });
  release();
  const { database } = await examine({ DATABASE_URL: 'postgres://app:hush4you@127.0.0.1:9/x' });
  expect(database).toMatchObject({ needed: true, command: 'pg_isready --dbname "$DATABASE_URL"' });
  expect(database!.found).not.toContain('hush4you');
});
