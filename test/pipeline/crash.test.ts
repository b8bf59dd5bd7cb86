import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNull } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '#pipeline/summary.ts';
import { openStore } from '#store/open.ts';
import * as serverTables from '#store/tables/servers.ts';
import * as toolTables from '#store/tables/tools.ts';
import * as visitTables from '#store/tables/visits.ts';
import { cli, startCli } from '../support/cli.ts';
import { mcpPackage } from '../support/mcp-package.ts';
import { type NpmRegistry, npmRegistry } from '../support/npm-registry.ts';
import { freshPostgres, postgresAnswers } from '../support/stores.ts';

const SERVERS = 10;
const name = (i: number) => `@fixture/server-${i}`;

let registry: NpmRegistry;
beforeAll(async () => {
  registry = await npmRegistry();
  for (let i = 0; i < SERVERS; i++)
    registry.publish(mcpPackage(name(i), [{ name: 'list_things' }, { name: `delete_thing_${i}` }], { startMs: 400 }));
});
afterAll(() => registry.close());

function visited(home: string): number {
  const log = join(home, 'plimsoll.log');
  return existsSync(log) ? readFileSync(log, 'utf8').split('"msg":"visited"').length - 1 : 0;
}

describe.each([
  { database: 'embedded', skip: false },
  { database: 'PostgreSQL', skip: !postgresAnswers },
])('a crawl killed in the middle, on $database', ({ database, skip }) => {
  test.skipIf(skip)('loses nothing, doubles nothing, and is finished by the next', { timeout: 180_000 }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'plimsoll-crash-'));
    const server = database === 'PostgreSQL' ? await freshPostgres() : undefined;
    const env = {
      PLIMSOLL_HOME: home,
      PLIMSOLL_NPM_REGISTRY_URL: registry.url,
      PLIMSOLL_MCP_REGISTRY_URL: 'http://127.0.0.1:9',
      PLIMSOLL_CONCURRENCY: '2',
      ...(server && { DATABASE_URL: server.url }),
    };
    const args = ['nightly', '--source', 'npm', '--limit', '0', '--json'];
    try {
      const first = startCli(args, env);
      while (visited(home) < 3 && first.child.exitCode === null) await sleep(20);
      first.child.kill('SIGKILL');
      const killed = await first.ended;
      expect(killed.signal, killed.err).toBe('SIGKILL');

      const second = await cli(args, env);
      expect(second.code, second.err).toBe(0);
      const summary = JSON.parse(second.out) as Summary;
      expect(summary.tools).toMatchObject({ total: 2 * SERVERS, static: 0 });
      expect(summary.servers.listed + summary.servers.unchanged).toBe(SERVERS);
      expect(summary.servers.listed).toBeGreaterThan(0);
      expect(new Set(summary.outcomes.map((one) => one.server)).size).toBe(summary.outcomes.length);

      const third = JSON.parse((await cli(args, env)).out) as Summary;
      expect(third.servers).toEqual({ seen: SERVERS, listed: 0, wantsCredentials: 0, failed: 0, unchanged: SERVERS });
      expect(third.assessed).toBe(0);

      await using store = await openStore({ url: server?.url, home });
      const { db } = store;
      const servers = await db.select().from(serverTables.server);
      expect(servers.map((row) => row.id).sort()).toEqual(Array.from({ length: SERVERS }, (_, i) => `npm:${name(i)}`));
      // One visit each that listed: what the killed run had stored was not done again.
      const visits = await db.select().from(visitTables.enumeration);
      expect(visits.map((row) => row.serverId).sort()).toEqual(servers.map((row) => row.id).sort());
      const present = await db.select().from(toolTables.presence).where(isNull(toolTables.presence.goneAt));
      expect(present).toHaveLength(2 * SERVERS);
      // list_things stands once, among siblings that differ from server to server.
      expect(await db.select().from(toolTables.definition)).toHaveLength(SERVERS + 1);
      expect(await db.select().from(toolTables.assessment)).toHaveLength(2 * SERVERS);
    } finally {
      await server?.[Symbol.asyncDispose]();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
