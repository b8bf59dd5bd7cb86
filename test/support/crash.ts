import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNull } from 'drizzle-orm';
import { expect } from 'vitest';
import type { Summary } from '#pipeline/summary.ts';
import { openStore } from '#store/engine/open.ts';
import * as serverTables from '#store/tables/servers.ts';
import * as toolTables from '#store/tables/tools.ts';
import * as visitTables from '#store/tables/visits.ts';
import { cli, startCli } from './cli.ts';
import { mcpPackage } from './mcp-package.ts';
import type { NpmRegistry } from './npm-registry.ts';
import { freshPostgres } from './stores.ts';

/** How many servers the crawl is to find. */
export const SERVERS = 10;
const name = (i: number) => `@fixture/server-${i}`;

export function publishServers(registry: NpmRegistry): void {
  for (let i = 0; i < SERVERS; i++)
    registry.publish(
      mcpPackage(
        name(i),
        [
          { name: 'list_things', description: 'List things.' },
          { name: `delete_thing_${i}`, description: 'Delete a thing.' },
        ],
        { startMs: 400 },
      ),
    );
}

function visited(home: string): number {
  const log = join(home, 'plimsoll.log');
  return existsSync(log) ? readFileSync(log, 'utf8').split('"msg":"visited"').length - 1 : 0;
}

/**
 * Crawls, and kills each crawl in the middle: the nth once it has visited `kills[n]` servers more, or after that many
 * milliseconds where that is said. Then one crawl goes to its end, and everything must be there once.
 */
export async function crawlWithKills(
  registry: NpmRegistry,
  database: 'embedded' | 'PostgreSQL',
  kills: readonly ({ readonly visits: number } | { readonly ms: number })[],
): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'plimsoll-crash-'));
  // Else a crawler that is root stages elsewhere, and would leave that behind.
  chmodSync(home, 0o755);
  const server = database === 'PostgreSQL' ? await freshPostgres() : undefined;
  const env = {
    PLIMSOLL_HOME: home,
    PLIMSOLL_NPM_REGISTRY_URL: registry.url,
    PLIMSOLL_CONCURRENCY: '2',
    ...(server && { DATABASE_URL: server.url }),
  };
  const args = ['nightly', '--source', 'npm', '--limit', '0', '--json'];
  try {
    for (const kill of kills) {
      const before = visited(home);
      const run = startCli(args, env);
      if ('ms' in kill) await Promise.race([sleep(kill.ms), run.ended]);
      else while (visited(home) < before + kill.visits && run.child.exitCode === null) await sleep(20);
      run.child.kill('SIGKILL');
      const ended = await run.ended;
      // A run that came to its end before its time was up ended well; any other was killed.
      expect(ended.code === 0 || ended.signal === 'SIGKILL', ended.err).toBe(true);
    }

    const last = await cli(args, env);
    expect(last.code, last.err).toBe(0);
    const summary = JSON.parse(last.out) as Summary;
    const odd = summary.outcomes.filter(({ outcome }) => outcome !== 'listed' && outcome !== 'unchanged');
    expect(summary.tools, JSON.stringify(odd)).toMatchObject({ total: 2 * SERVERS, static: 0 });
    expect(summary.servers.listed + summary.servers.unchanged).toBe(SERVERS);
    expect(new Set(summary.outcomes.map((one) => one.server)).size).toBe(summary.outcomes.length);

    const again = JSON.parse((await cli(args, env)).out) as Summary;
    expect(again.servers).toEqual({ seen: SERVERS, listed: 0, wantsCredentials: 0, failed: 0, unchanged: SERVERS });
    expect(again.assessed).toBe(0);

    await using store = await openStore({ url: server?.url, home });
    const { db } = store;
    const servers = await db.select().from(serverTables.server);
    expect(servers.map((row) => row.id).sort()).toEqual(Array.from({ length: SERVERS }, (_, i) => `npm:${name(i)}`));
    // One visit each that listed: what a killed run had stored was not done again.
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
}
