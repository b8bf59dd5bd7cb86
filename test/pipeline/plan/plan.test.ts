import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { Missing } from '#core/errors.ts';
import { planNight } from '#pipeline/plan/plan.ts';
import { run } from '#store/tables/runs.ts';
import { alias, server } from '#store/tables/servers.ts';
import { freshPostgres, postgresAnswers } from '../../support/stores.ts';

const now = () => new Date('2026-11-21T02:00:00Z');
const plan = (env: Readonly<Record<string, string>>) =>
  planNight({ settings: readSettings(env), now }, { limit: 0, judge: true });

test.skipIf(!postgresAnswers)('a night is planned from what the catalogue knows, and nothing is written', async () => {
  await using store = await freshPostgres();
  const seen = { firstSeen: now(), lastSeen: now(), enumerateDue: now(), packages: [], remotes: [] };
  for (const [id, address] of [
    ['a', 'purl:pkg:npm/a'],
    ['b', 'purl:pkg:generic/b.mcpb'],
    ['c', 'remote:https://c.invalid/mcp'],
    ['d', 'purl:pkg:deb/d'],
  ] as const) {
    await store.db.insert(server).values({ id, slug: id, name: id, ...seen });
    const kind = address.startsWith('purl') ? 'purl' : 'remote';
    await store.db.insert(alias).values({ address, kind, key: id, serverId: id, since: now() });
  }
  const all = await plan({ DATABASE_URL: store.url!, PLIMSOLL_CONCURRENCY: '3' });
  expect(all).toMatchObject({
    servers: { new: { waiting: 3, taken: 3 } },
    visits: 3,
    judge: null,
    worker: { atOnce: 3 },
  });
  expect((await plan({ DATABASE_URL: store.url!, PLIMSOLL_REMOTES: 'leave' })).visits).toBe(2);
  expect((await plan({ DATABASE_URL: store.url!, PLIMSOLL_LLM_KEY: 'key' })).judge?.tools).toBe(36);
  expect(await store.db.$count(run)).toBe(0);
  expect(await store.db.$count(sql`pg_namespace where nspname = 'pgboss'`)).toBe(0);
});

test('where there is no catalogue, that is said and none is made', async () => {
  const home = mkdtempSync(join(tmpdir(), 'plimsoll-plan-'));
  await expect(plan({ PLIMSOLL_HOME: home })).rejects.toThrow(Missing);
  expect(existsSync(join(home, 'database'))).toBe(false);
  rmSync(home, { recursive: true });
});
