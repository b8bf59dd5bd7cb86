import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNull } from 'drizzle-orm';
import { expect } from 'vitest';
import type { Summary } from '#pipeline/summary.ts';
import { openStore } from '#store/engine/open.ts';
import { sourceState } from '#store/listing/sources.ts';
import { server, sighting } from '#store/tables/servers.ts';
import { cli, startCli } from './cli.ts';
import { mcpRegistry, type RegistryEntry } from './mcp-registry.ts';
import { freshPostgres } from './stores.ts';

const LISTINGS = 1_500;
const PAGE = 100;

/** When to kill: once so many pages were asked for in that run, and so many milliseconds later. */
export interface Kill {
  readonly pages: number;
  readonly ms: number;
}

function entry(i: number, version: number): RegistryEntry {
  const name = `io.github.acme/server-${i}`;
  const packages = [{ registryType: 'npm', identifier: `@acme/server-${i}`, version: '1.0.0' }];
  const server = { name, version: '1.0.0', description: `version ${version}`, packages };
  return { server, updatedAt: new Date().toISOString() };
}

/**
 * Discovers a registry that changes all the time, and kills each run where it is told; then lets one come to its end.
 * Everything must be there as the registry has it now, each listing once, and a further run writes nothing.
 */
export async function discoverWithKills(database: 'embedded' | 'PostgreSQL', kills: readonly Kill[]): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'plimsoll-discover-crash-'));
  const store = database === 'PostgreSQL' ? await freshPostgres() : undefined;
  await using registry = await mcpRegistry(
    Array.from({ length: LISTINGS }, (_, i) => entry(i, 0)),
    { page: PAGE },
  );
  const env = {
    PLIMSOLL_HOME: home,
    PLIMSOLL_MCP_REGISTRY_URL: registry.url,
    ...(store && { DATABASE_URL: store.url }),
  };
  const args = ['discover', '--source', 'registry', '--json'];
  try {
    let killed = 0;
    for (const [round, { pages, ms }] of kills.entries()) {
      const before = registry.asked.length;
      const run = startCli(args, env);
      while (registry.asked.length < before + pages && run.child.exitCode === null) await sleep(5);
      await sleep(ms);
      run.child.kill('SIGKILL');
      const ended = await run.ended;
      expect(ended.code === 0 || ended.signal === 'SIGKILL', ended.err).toBe(true);
      if (ended.signal === 'SIGKILL') killed++;
      // What changes between two runs is what a watermark that ran ahead would miss.
      for (let i = round; i < registry.entries.length; i += 97) registry.entries[i] = entry(i, round + 1);
      registry.entries.push(entry(registry.entries.length, round + 1));
    }
    expect(killed).toBeGreaterThan(0);

    const last = await cli(args, env);
    expect(last.code, last.err).toBe(0);
    const again = await cli(args, env);
    expect((JSON.parse(again.out) as Summary).sources).toMatchObject([{ new: 0, changed: 0, rows: 0, error: null }]);

    await using opened = await openStore({ url: store?.url, home });
    const { db } = opened;
    const rows = await db.select().from(sighting).where(isNull(sighting.supersededAt));
    const wanted = registry.entries.map((one) => [one.server.name, one.server.description]);
    expect(rows.map(({ data }) => [data.name, data.description]).sort()).toEqual(wanted.sort());
    const servers = await db.select({ id: server.id }).from(server).where(isNull(server.mergedInto));
    expect(servers).toHaveLength(registry.entries.length);
    expect(new Set(rows.map(({ serverId }) => serverId)).size).toBe(registry.entries.length);
    expect((await sourceState(db, 'registry'))?.watermark).toBeInstanceOf(Date);
  } finally {
    await store?.[Symbol.asyncDispose]();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The most pages that a full run asks for. */
export const PAGES = LISTINGS / PAGE;
